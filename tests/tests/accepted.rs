//! Ordinary functions that the compiler has to accept as they are written.

use tapeless::prelude::*;

// ----- names of what is behind a reference, in iterations that are run again

#[differentiable]
fn named_behind_reference(x: f64, y: f64, a: &f64) -> f64 {
    let p = *a;
    let mut s = x;
    let mut k = 0_usize;
    while k < 3 {
        k += 1;
        let r: f64 = if s > 0.5 { p } else { y };
        s = s.sin() * r + x;
    }
    s
}

#[differentiable]
fn named_part_behind_reference(x: f64, pair: &(f64, f64), n: usize) -> f64 {
    let (p, q) = (pair.0, pair.1);
    let whole = *pair;
    let mut s = x;
    for i in 0..n {
        let r: f64 = if i % 2 == 0 { p } else { whole.1 };
        s = (s * r).cos() + q;
    }
    s
}

#[test]
fn names_of_what_is_behind_a_reference() {
    assert_gradient!(named_behind_reference, 0.7, 1.3, &0.9);
    assert_gradient!(named_behind_reference, -0.7, 1.3, &0.9);
    for n in [0, 1, 4] {
        assert_gradient!(named_part_behind_reference, 0.7, &(1.3, -0.4), n);
    }
}

// ----- adapters whose closures capture what has been written to

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
enum Shape {
    Disc { r: f64 },
    Rectangle { s: f64, t: f64 },
}

#[differentiable]
fn area(shape: Shape) -> f64 {
    match shape {
        Shape::Disc { r } => r * r,
        Shape::Rectangle { s, t } => s * t,
    }
}

#[differentiable]
fn captured_in_braces(a: &f64) -> f64 {
    let mut s = (0.5_f64, 2.0_f64);
    s.1 = f64::from(3_i32);
    (0_usize..4)
        .filter(|i| area(Shape::Disc { r: s.1 }) > s.0 && *i != 2)
        .map(|i| i as f64 * a.sin())
        .fold(1.0, |all, item| all * s.1 + item)
}

// A field and a variable of one name.
#[differentiable]
fn captured_under_the_name_of_a_field(x: f64) -> f64 {
    let mut s = 1.0_f64;
    s += 0.5;
    let t = 2.0_f64;
    (0_usize..3)
        .filter(|i| area(Shape::Rectangle { s: t * { s }, t }) > *i as f64)
        .map(|i| i as f64 * x * x)
        .sum::<f64>()
}

#[test]
fn adapters_capture_what_was_written() {
    assert_eq!(captured_in_braces(&0.7), captured_in_braces::value_and_grad(&0.7).0);
    assert_gradient!(captured_in_braces, &0.7);
    assert_gradient!(captured_under_the_name_of_a_field, 0.7);
}

// ----- types written of what is taken apart at once

#[differentiable]
fn typed_parts(x: f64) -> f64 {
    let (a, b): (f64, f64) = { (x, 1.0) };
    let both = (a, (|(y, w): (f64, f64)| w - w * y)((x, 1.0)));
    let [c, d]: [f64; 2] = [x.sin(), 2.0];
    both.0 * both.1 + b.powi(2) * c * d.sqrt()
}

#[test]
fn types_of_what_is_taken_apart() {
    assert_gradient!(typed_parts, 0.7);
}

// ----- errors

#[derive(Clone, Debug, PartialEq)]
enum Wrong {
    Code(usize),
    Named { n: i32, name: String },
}

#[differentiable]
fn checked(x: f64) -> Result<f64, usize> {
    if x > 0.0 { Ok(x * x) } else { Err(3) }
}

#[differentiable]
fn refused(x: f64) -> Result<f64, Wrong> {
    if x > 0.0 {
        return Ok(x.exp());
    }
    if x > -1.0 {
        Err(Wrong::Code(2))
    } else {
        let name = String::from("far");
        Err(Wrong::Named { n: 3, name })
    }
}

#[differentiable]
fn error_as_a_number(x: f64) -> f64 {
    match checked(x) {
        Ok(y) => y,
        Err(code) => x * (code as f64),
    }
}

#[differentiable]
fn errors_in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = 1.0;
    for i in 0..n {
        s += match checked(x - i as f64) {
            Ok(y) => y * s,
            Err(mut code) if code > 2 => {
                code += i;
                s * x.powi(code as i32)
            }
            Err(_) => x,
        };
    }
    s
}

#[differentiable]
fn errors_taken_apart(x: f64) -> f64 {
    let a = match refused(x) {
        Ok(y) => y * y,
        Err(Wrong::Code(n)) => x * n as f64,
        Err(Wrong::Named { n, ref name }) => x.powi(n) * name.len() as f64,
    };
    let n = match checked(x) {
        Ok(_) => 1,
        Err(code) => code,
    };
    let Err(Wrong::Code(k)) = refused(x) else {
        return a * n as f64;
    };
    a * k as f64
}

#[differentiable]
fn errors_handed_on(x: f64) -> Result<f64, Wrong> {
    let y = match refused(x) {
        Ok(y) => y * x,
        Err(wrong) => return Err(wrong),
    };
    Ok(y * y)
}

#[differentiable]
fn no_error(x: f64) -> f64 {
    match errors_handed_on(x) {
        Ok(y) => y,
        Err(Wrong::Named { name, .. }) => x * name.len() as f64,
        Err(wrong) => {
            if wrong == Wrong::Code(2) {
                x * x * x
            } else {
                x
            }
        }
    }
}

#[test]
fn errors_are_values() {
    for x in [0.7, -0.5, -1.5] {
        assert_gradient!(error_as_a_number, x);
        assert_gradient!(errors_taken_apart, x);
        assert_gradient!(no_error, x);
        for n in [0, 1, 3] {
            assert_gradient!(errors_in_a_loop, x, n);
        }
    }
    assert_eq!(errors_handed_on::vjp(-0.5).0, Err(Wrong::Code(2)));
}

// ----- one slice of several

#[differentiable]
fn one_of_two(a: &[f64], b: &[f64], c: bool) -> f64 {
    let v = if c { a } else { b };
    v[0] * v[1] + v.iter().map(|x| x.sin()).sum::<f64>()
}

#[differentiable]
fn one_of_several(a: &[f64], b: &[f64], n: usize, k: f64) -> f64 {
    let first = match n {
        0 => a,
        1 => &b[1..],
        2 => {
            if k > 0.0 {
                &a[..2]
            } else {
                b
            }
        }
        _ => return k * k,
    };
    let second = if n == 1 { first } else { b };
    first[0] * second[1] * k
}

#[differentiable]
fn one_in_each_iteration(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 1.0;
    for i in 0..a.len() {
        let v = if i % 2 == 0 { a } else { b };
        s = s.sin() + v[i] * v[0] * s;
    }
    s
}

#[differentiable]
fn on_one_of_two(a: &[f64], b: &[f64], x: f64) -> f64 {
    let v = if x > 0.0 { a } else { b };
    if v.is_empty() {
        return x;
    }
    one_of_two(v, b, x > 1.0) * x
}

#[test]
fn one_slice_of_several() {
    let (a, b) = (&[0.5, -1.2, 2.0][..], &[1.5, 0.3, -0.4][..]);
    for c in [true, false] {
        assert_gradient!(one_of_two, a, b, c);
    }
    for n in 0..4 {
        assert_gradient!(one_of_several, a, b, n, 0.8);
        assert_gradient!(one_of_several, a, b, n, -0.8);
    }
    assert_gradient!(one_in_each_iteration, a, b);
    assert_gradient!(one_in_each_iteration, &[][..], b);
    for x in [-0.5, 0.5, 1.5] {
        assert_gradient!(on_one_of_two, a, b, x);
    }
    assert_gradient!(on_one_of_two, &[][..], b, 0.5);
}
