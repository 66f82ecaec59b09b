//! Methods of `Option` and `Result` that take closures, or change what is wrong.

use tapeless::prelude::*;
use tapeless_tests::check;

#[differentiable]
fn map(x: f64, y: Option<f64>) -> f64 {
    y.map(|v| v * x).unwrap_or(x)
}

#[differentiable]
fn map_twice(x: f64, y: Option<f64>) -> f64 {
    let z = y.map(|v| (v * x, v)).map(|(a, b)| a * b + x);
    match z {
        Some(v) => v * v,
        None => x * x,
    }
}

#[differentiable]
fn and_then(x: f64, y: Option<f64>) -> f64 {
    y.and_then(|v| if v > 1.0 { Some(v * x) } else { None })
        .unwrap_or_else(|| x * x)
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn by_name(x: f64, y: Option<f64>) -> f64 {
    y.map(square).unwrap_or(x)
}

#[differentiable]
fn vectors(x: f64, y: &Option<Vec<f64>>) -> f64 {
    let doubled = y.as_ref().map(|v| vec![v[0] * x, v[1] * v[0]]);
    match doubled {
        Some(v) => v[0] + v[1] * x,
        None => x,
    }
}

#[differentiable]
fn given(x: f64, y: Option<f64>) -> Result<f64, String> {
    let v = y.ok_or("none".to_string())?;
    let w = y.ok_or_else(|| "none".to_owned())?;
    Ok(v * x * w)
}

#[differentiable]
fn root(x: f64) -> Result<f64, String> {
    if x < 0.0 {
        return Err("negative".to_string());
    }
    Ok(x.sqrt())
}

#[differentiable]
fn cube_of_root(x: f64) -> Result<f64, usize> {
    let b = root(x).map_err(|e| e.len())?;
    Ok(b * b * b)
}

#[differentiable]
fn mapped_result(x: f64) -> f64 {
    let r = root(x).map(|v| v * x).and_then(|v| root(v - 1.0));
    r.unwrap_or(x * 3.0)
}

#[differentiable]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut held: Option<f64> = None;
    let mut sum = x;
    for i in 0..n {
        held = held.map(|v| v * x + i as f64);
        if i == 1 {
            held = Some(sum);
        }
        sum += held.map(|v| v * v).unwrap_or(x) + given(x, held).unwrap_or(2.0 * x);
    }
    sum
}

#[differentiable]
fn errors(x: f64, y: Option<f64>) -> f64 {
    given(x, y).unwrap_or(x) + cube_of_root(x - 1.0).unwrap_or(0.5 * x)
}

#[test]
fn options() {
    for y in [Some(2.0), Some(0.5), None] {
        check! {
            map(1.3, y);
            map_twice(1.3, y);
            and_then(1.3, y);
            by_name(1.3, y);
            errors(1.3, y);
            errors(0.3, y);
        }
    }
    check! {
        vectors(1.3, &Some(vec![0.4, 0.6]));
        vectors(1.3, &None);
        mapped_result(1.3);
        mapped_result(0.3);
        mapped_result(-0.3);
    }
    for n in 0..5 {
        check! { in_a_loop(0.7, n); }
    }
}

mod kin {
    use tapeless::assert_gradient;
    use tapeless::prelude::*;

    #[differentiable]
    fn filtered(x: f64, y: Option<f64>) -> f64 {
        y.map(|v| v * x).filter(|v| *v > 0.1).unwrap_or_else(|| x.cos())
    }

    #[differentiable]
    fn defaults(x: f64, y: Option<f64>) -> f64 {
        y.and_then(|v| if v > 0.0 { Some(v.sqrt() * x) } else { None })
            .unwrap_or_default()
    }

    #[differentiable]
    fn others(x: f64, y: Option<f64>) -> f64 {
        let z = y.or(Some(x)).unwrap();
        z + y.map_or_else(|| x * x, |v| v * x) + y.or_else(|| Some(x.sin())).map_or(0.0, |v| v * v)
    }

    #[test]
    fn agree_with_differences() {
        for x in [0.7, -0.4] {
            for y in [Some(0.5), Some(-0.5), None] {
                assert_gradient!(filtered, x, y);
                assert_gradient!(defaults, x, y);
                assert_gradient!(others, x, y);
            }
        }
    }
}

/// Options that a condition makes.
mod conditions {
    use tapeless::assert_gradient;
    use tapeless::prelude::*;

    #[differentiable]
    fn some(x: f64, k: f64) -> f64 {
        (x > 1.0).then_some(x * k).unwrap_or(k) * x
    }

    #[differentiable]
    fn by_a_closure(x: f64, k: f64) -> f64 {
        match (x > 1.0).then(|| x * k) {
            Some(y) => y * y,
            None => k * k * x,
        }
    }

    #[differentiable]
    fn chained(x: f64, k: f64) -> f64 {
        let square = (k > 0.0 && x > 1.0).then(|| {
            let y = x * k;
            y * y
        });
        square.map(|y| y + k).unwrap_or_else(|| x * x)
    }

    /// The condition first, and the value in any case.
    #[differentiable]
    fn in_order(x: f64, mut k: f64) -> f64 {
        let option = ({
            k *= 2.0;
            x > 1.0
        })
        .then_some({
            k *= x;
            k
        });
        option.unwrap_or(0.5) * k
    }

    #[differentiable]
    fn of_orderings(x: f64, k: f64) -> f64 {
        let second = k.total_cmp(&x);
        if x.total_cmp(&k).then(second).is_lt() { x * k } else { x }
    }

    #[differentiable]
    fn of_numbers(x: f64, n: usize) -> f64 {
        let power = (n > 1).then_some(n * 2).unwrap_or(1);
        let factor = (n > 2).then(|| n + 1);
        x.powi(power as i32) * factor.map_or(1.0, |m| m as f64)
    }

    #[differentiable]
    fn asked(x: f64, k: f64) -> Option<f64> {
        let y = (x > 1.0).then_some(x * k)?;
        Some(y * y)
    }

    #[test]
    fn agree_with_differences() {
        for x in [0.8, 1.3] {
            for k in [0.7, -0.7, 1.7] {
                assert_gradient!(some, x, k);
                assert_gradient!(by_a_closure, x, k);
                assert_gradient!(chained, x, k);
                assert_gradient!(in_order, x, k);
                assert_gradient!(of_orderings, x, k);
            }
            for n in [0, 2, 3] {
                assert_gradient!(of_numbers, x, n);
            }
        }
        assert_eq!(asked::vjp(3.0, 2.0).1(Some(1.0)), (24.0, 36.0));
        assert_eq!(asked::vjp(0.5, 2.0).0, None);
    }
}
