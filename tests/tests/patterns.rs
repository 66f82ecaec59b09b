//! Patterns over active values: structs, tuples, arrays and options taken apart by `let`, `match`, `if let` and `let … else`.

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Copy, Debug)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Differentiable, Clone, Debug)]
struct Heavy {
    weights: HeapMatrix<2, 2, f64>,
    bias: f64,
    pair: (f64, f64),
}

#[differentiable]
fn on_reference(p: &Point) -> f64 {
    match p {
        Point { x, y } if *x > *y => *x * y,
        Point { x, .. } => x * x,
    }
}

#[differentiable]
fn on_value_with_binding(p: Point) -> f64 {
    match p {
        whole @ Point { x, .. } if x > 0.0 => whole.y * x,
        Point { x: a, y: b } => a - b * b,
    }
}

#[differentiable]
fn on_tuple_of_references(p: &Point, q: &Point, flag: bool) -> f64 {
    let (a, b) = match (flag, p, q) {
        (true, Point { x, .. }, other) => (*x, other.y),
        (false, one, Point { y, .. }) => (one.y, *y),
    };
    a * b + a
}

#[differentiable]
fn option(x: f64, y: Option<f64>) -> f64 {
    match y {
        Some(y) if y > 10.0 => y,
        Some(y) => x * y,
        None => x,
    }
}

#[differentiable]
fn option_by_reference(x: f64, y: &Option<f64>) -> f64 {
    if let Some(y) = y { x * y * y } else { x }
}

#[differentiable]
fn option_or_return(x: f64, y: Option<f64>) -> f64 {
    let Some(z) = y else { return x * x };
    let w = z * x;
    w * z
}

#[differentiable]
fn option_of_matrix(x: Option<HeapMatrix<2, 2, f64>>, scale: f64) -> f64 {
    if let Some(x) = x {
        let y = &x * &x;
        return y.sum() * scale;
    }
    scale
}

#[differentiable]
fn option_of_pair(x: Option<(f64, Point)>) -> f64 {
    match x {
        Some((a, Point { x, y })) => a * x + y * y * a,
        None => 0.0,
    }
}

#[differentiable]
fn nested_option(x: Option<Option<f64>>) -> f64 {
    match x {
        Some(Some(x)) => x * x,
        Some(None) => 1.0,
        None => 2.0,
    }
}

#[differentiable]
fn half_if_positive(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x * x / 2.0) } else { None }
}

#[differentiable]
fn option_from_a_call(x: f64) -> f64 {
    if let Some(y) = half_if_positive(x) { y * x } else { -x }
}

#[differentiable]
fn chain(x: f64, y: Option<f64>, k: Option<usize>) -> f64 {
    let mut n = k;
    if let Some(7) = n {
        n = None;
    }
    if x > 0.5
        && let Some(n) = n
        && let Some(y) = y
        && y < 5.0
    {
        x * y * n as f64
    } else if let Some(n) = n {
        x + n as f64
    } else {
        x * x
    }
}

#[differentiable]
fn late_initialised(x: f64, flag: bool) -> f64 {
    let a;
    let b;
    if flag {
        a = x * 2.0;
        b = a * x;
    } else {
        b = x.exp();
        a = 1.0;
    }
    a * b
}

#[differentiable]
fn partly_moved(h: Heavy) -> f64 {
    let w = h.weights;
    let s = h.bias * h.pair.1;
    let p = h.pair;
    (&w * &w).sum() * s + p.0
}

#[differentiable]
fn dereferenced_borrow(x: f64) -> f64 {
    let y = x * 3.0;
    let r = &y;
    x + *(&(x * 2.0)) * *r + *&y
}

#[differentiable]
fn closure_with_types(x: f64) -> f64 {
    let square = |s: f64| -> f64 { s * s };
    square(x) + square(x + 1.0)
}

#[differentiable]
fn renamed_in_condition(x: f64, k: Option<f64>) -> f64 {
    let mut y = k;
    let z = y;
    if x > 1.0 {
        y = Some(x * 2.0);
    }
    if let Some(y) = y {
        if let Some(z) = z { x * y * z } else { x * y }
    } else {
        x
    }
}

#[derive(Differentiable, Clone, Copy, Debug)]
struct Sized {
    x: f64,
    n: usize,
}

#[differentiable]
fn integer_of_a_struct(p: Sized) -> f64 {
    p.x * (p.n % 2 + 1) as f64
}

#[differentiable]
fn integer_by_pattern(Sized { x, n }: Sized) -> f64 {
    let k = 2 * n + 1;
    let m = k.min(4).max(n);
    x * k as f64 + x * x * m as f64 / (n.pow(2) + 1) as f64
}

#[differentiable]
fn takes_an_option(x: f64, n: Option<usize>) -> f64 {
    match n {
        Some(n) => x * n as f64,
        None => x * x,
    }
}

#[differentiable]
fn passes_none(x: f64) -> f64 {
    takes_an_option(x, None) * takes_an_option(x, Some(3))
}

#[differentiable]
fn negated_after_overwriting(mut t: f64, v: f64) -> f64 {
    let u = t * v;
    t = 0.5;
    -t * u - t
}

#[differentiable]
fn late_constant(x: f64) -> f64 {
    let r;
    r = 0.5;
    x * r
}

const K: f64 = 5.0;

#[differentiable]
fn items_of_inner_blocks(x: f64) -> f64 {
    let a = {
        const K: f64 = 2.0;
        const L: f64 = K * 3.0;
        fn twice(x: f64) -> f64 {
            2.0 * x * K
        }
        x * K + L + twice(L)
    };
    let b = {
        use core::f64::consts::PI as K;
        x * K
    };
    a * b * K
}

#[differentiable]
fn moved_into_a_closure(x: f64) -> f64 {
    let mut c = x;
    c = c * 2.0;
    let f = move |y: f64| c.max(y);
    c = 1.0;
    f(x) * c
}

#[test]
fn gradients_agree_with_differences() {
    let (p, q) = (Point { x: 2.0, y: 1.0 }, Point { x: -0.5, y: 3.0 });
    let heavy = Heavy {
        weights: HeapMatrix::from_rows([[0.1, 0.2], [0.3, 0.4]]),
        bias: 0.7,
        pair: (1.1, 1.3),
    };
    check! {
        on_reference(&p); on_reference(&q);
        on_value_with_binding(p); on_value_with_binding(q);
        on_tuple_of_references(&p, &q, true); on_tuple_of_references(&p, &q, false);
        option(2.0, Some(3.0)); option(2.0, Some(30.0)); option(2.0, None);
        option_by_reference(2.0, &Some(3.0)); option_by_reference(2.0, &None);
        option_or_return(2.0, Some(3.0)); option_or_return(2.0, None);
        option_of_matrix(Some(heavy.weights.clone()), 2.0); option_of_matrix(None, 2.0);
        option_of_pair(Some((2.0, p))); option_of_pair(None);
        nested_option(Some(Some(3.0))); nested_option(Some(None)); nested_option(None);
        option_from_a_call(2.0); option_from_a_call(-2.0);
        chain(1.0, Some(2.0), Some(3)); chain(1.0, Some(6.0), Some(3)); chain(1.0, None, Some(7)); chain(0.2, None, None);
        late_initialised(0.7, true); late_initialised(0.7, false);
        partly_moved(heavy.clone());
        dereferenced_borrow(0.7);
        integer_of_a_struct(Sized { x: 1.5, n: 3 });
        integer_by_pattern(Sized { x: 1.5, n: 3 });
        passes_none(1.5);
        negated_after_overwriting(1.5, 0.7);
        late_constant(1.5);
        made_by_a_macro(1.5);
        items_of_inner_blocks(1.5);
        moved_into_a_closure(1.5);
        closure_with_types(0.7);
        renamed_in_condition(2.0, Some(3.0)); renamed_in_condition(0.5, Some(3.0)); renamed_in_condition(0.5, None);
        renamed_in_condition(2.0, None);
    }
}

mod references {
    use super::*;

    #[differentiable]
    fn handed_to_a_closure(like: (f64, f64)) -> f64 {
        let x = &like.1;
        let t = (|bar: f64, p: &f64| *p * bar)(like.0, x);
        t * 2.0
    }

    #[differentiable]
    fn borrowed_in_a_closure(#[no_diff] mut arm: (f64, f64), s: f64) -> f64 {
        arm = (arm.1, arm.0);
        let a = move |z: usize| s * (&arm.0) * z as f64;
        a(2)
    }

    #[differentiable]
    fn returned_from_a_cast(x: f64, y: f64) -> f64 {
        let k = (if y > 1.0 { x } else { return y * y }) as i32;
        x * k as f64
    }

    #[test]
    fn agree_with_differences() {
        check! {
            handed_to_a_closure((1.5, 0.7));
            borrowed_in_a_closure((1.5, 0.7), 0.3);
            returned_from_a_cast(2.4, 0.3); returned_from_a_cast(2.4, 1.3);
        }
    }
}

macro_rules! from_an_expression {
    ($name:ident($x:ident) = $value:expr) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            1.0 * ($value + $value)
        }
    };
}
from_an_expression!(made_by_a_macro(x) = x * x + 1.0);

mod inactive_parts {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Scaled {
        x: f64,
        #[no_diff]
        s: f64,
    }

    #[derive(Clone, Copy, Debug)]
    enum Kind {
        A,
        B,
    }

    #[differentiable]
    fn by_kind(x: f64, #[no_diff] kind: Kind) -> f64 {
        match kind {
            Kind::A => x,
            Kind::B => x * x,
        }
    }

    // rustc notices that the assignment does nothing.
    #[allow(dead_code)]
    #[differentiable]
    fn kind_overwritten(x: f64, #[no_diff] mut kind: Kind) -> f64 {
        kind = kind;
        by_kind(x, kind) * x
    }

    #[differentiable]
    fn twice_in_one_operation(p: Scaled) -> f64 {
        p.x * (p.s * p.s) + p.s.max(p.s) * p.x
    }

    #[differentiable]
    fn pattern_over_overwritten(mut s: f64, #[no_diff] y: f64) -> f64 {
        let t = s;
        s = y.asinh();
        let [a, b] = [y, s];
        if b > 0.0 { b * t } else { a * t }
    }

    #[differentiable]
    fn block_that_writes(x: f64, mut c: (f64, f64)) -> f64 {
        let mut b = x;
        b = {
            c = (c.1, b);
            -0.1
        };
        b * c.0 + c.1
    }

    #[differentiable]
    fn reference_to_a_closure(s: &f64, a: f64) -> f64 {
        let z = |p: &f64| *p * 0.9;
        z(s) * a
    }

    #[test]
    fn agree_with_differences() {
        check! {
            kind_overwritten(1.5, Kind::A); kind_overwritten(1.5, Kind::B);
            twice_in_one_operation(Scaled { x: 1.5, s: 0.7 });
            pattern_over_overwritten(1.5, 0.7); pattern_over_overwritten(1.5, -0.7);
            block_that_writes(1.5, (0.3, 0.4));
            reference_to_a_closure(&1.5, 0.7);
        }
    }
}

/// What a pattern has bound, of parameters by reference, in conditions that run again.
mod looked_through_references {
    use super::*;

    #[differentiable]
    fn looked_through(shape: f64, (a, ..): &(f64, f64)) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        while k < 3 {
            k += 1;
            if 1.5_f64 <= (*a) {
                continue;
            }
            s *= a;
        }
        s
    }
    #[derive(Differentiable, Clone, Debug)]
    struct S {
        a: f64,
        b: [f64; 2],
    }
    #[differentiable]
    fn by_a_reference_pattern(shape: f64, &(a, ..): &(f64, f64)) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        while k < 3 {
            k += 1;
            if 1.5_f64 <= a {
                continue;
            }
            s *= a;
        }
        s
    }
    #[differentiable]
    fn in_a_let(shape: f64, p: &(f64, f64)) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        let (a, b) = p;
        while k < 3 {
            k += 1;
            if 1.5_f64 <= *a {
                continue;
            }
            s *= a * *b;
        }
        s
    }
    #[differentiable]
    fn let_by_a_reference_pattern(shape: f64, p: &(f64, f64)) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        let &(a, b) = p;
        while k < 3 {
            k += 1;
            if 1.5_f64 <= a {
                continue;
            }
            s *= a * b;
        }
        s
    }
    #[differentiable]
    fn of_what_is_behind(shape: f64, p: &(f64, f64)) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        let (a, b) = *p;
        while k < 3 {
            k += 1;
            if 1.5_f64 <= a {
                continue;
            }
            s *= a * b;
        }
        s
    }
    #[differentiable]
    fn structs(shape: f64, S { a, b: [c, _] }: &S) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        while k < 3 {
            k += 1;
            if 1.5_f64 <= *a || *c > 3.0 {
                continue;
            }
            s *= a * c;
        }
        s
    }
    #[differentiable]
    fn nested(shape: f64, (S { a, .. }, n): &(S, usize)) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        while k < *n {
            k += 1;
            if 1.5_f64 <= *a {
                continue;
            }
            s *= a;
        }
        s
    }
    #[differentiable]
    fn of_elements(shape: f64, p: &[(f64, f64); 2]) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        let (a, b) = p[0];
        let (c, d) = &p[1];
        while k < 3 {
            k += 1;
            if 1.5_f64 <= a || *c > 7.0 {
                continue;
            }
            s *= a * c * d + b;
        }
        s
    }

    #[differentiable]
    fn in_a_match(shape: f64, p: &Option<(f64, f64)>) -> f64 {
        let mut s = shape;
        let mut k = 0_usize;
        while k < 3 {
            k += 1;
            match p {
                Some((a, _)) if 1.5_f64 <= *a => continue,
                Some((a, b)) => s *= a * *b,
                None => s *= s,
            }
        }
        s
    }

    #[test]
    fn agree_with_differences() {
        let s = S { a: 0.8, b: [1.2, 0.4] };
        check! {
            looked_through(1.5, &(0.7, 0.2)); looked_through(1.5, &(1.7, 0.2));
            by_a_reference_pattern(1.5, &(0.7, 0.2)); by_a_reference_pattern(1.5, &(1.7, 0.2));
            in_a_let(1.5, &(0.7, 0.2)); in_a_let(1.5, &(1.7, 0.2));
            let_by_a_reference_pattern(1.5, &(0.7, 0.2)); let_by_a_reference_pattern(1.5, &(1.7, 0.2));
            of_what_is_behind(1.5, &(0.7, 0.2)); of_what_is_behind(1.5, &(1.7, 0.2));
            structs(1.5, &s);
            nested(1.5, &(s.clone(), 2));
            of_elements(1.5, &[(0.7, 0.2), (0.3, 1.1)]);
            in_a_match(0.5, &Some((0.7, 0.2))); in_a_match(0.5, &Some((1.7, 0.2))); in_a_match(0.5, &None);
        }
    }
}

/// `let … else` that binds references.
mod let_else {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Held {
        option: Option<f64>,
        factor: f64,
    }

    #[derive(Differentiable, Clone, Debug)]
    enum Shape {
        Disc(f64),
        Box { width: f64, height: f64 },
    }

    #[differentiable(forward)]
    fn of_a_parameter(option: &Option<f64>, p: f64) -> f64 {
        let Some(q) = option else { return p };
        *q * p
    }

    #[differentiable(forward)]
    fn of_a_field(held: &Held, p: f64) -> f64 {
        let Some(q) = &held.option else {
            return p * held.factor;
        };
        q * p
    }

    #[differentiable(forward)]
    fn by_as_ref(held: &Held, p: f64) -> f64 {
        let Some(q) = held.option.as_ref() else { return p };
        let twice = match held.option.as_ref() {
            Some(again) => again * q,
            None => 1.0,
        };
        if let Some(third) = held.option.as_ref() {
            twice * third * p
        } else {
            twice
        }
    }

    #[differentiable(forward)]
    fn of_a_variable(x: f64, p: f64) -> f64 {
        let option = if x > 0.0 { Some(x * p) } else { None };
        let Some(q) = &option else { return p };
        *q * p
    }

    #[differentiable(forward)]
    fn of_a_slice(x: &[f64], p: f64) -> f64 {
        let [a, b] = x else { return p };
        a * p * *b
    }

    #[differentiable(forward)]
    fn of_a_pair(option: &Option<(f64, f64)>, p: f64) -> f64 {
        let Some((a, b)) = option else { return p };
        *a * p * b
    }

    #[differentiable(forward)]
    fn of_an_enum(shape: &Shape, p: f64) -> f64 {
        let Shape::Box { width, height } = shape else {
            let Shape::Disc(radius) = shape else { return 0.0 };
            return radius * radius * p;
        };
        *width * p * height
    }

    #[differentiable(forward)]
    fn one_after_another(held: &Held, option: &Option<f64>, p: f64) -> f64 {
        let Some(q) = &held.option else { return p };
        let mut k = p;
        let Some(r) = option else { return *q * k };
        k *= r;
        let (Some(a), Some(b)) = (option, &held.option) else {
            return 1.0;
        };
        k *= a;
        k * q + a * b
    }

    #[differentiable]
    fn in_a_loop(shapes: &[Shape], p: f64) -> f64 {
        let mut t = 0.0;
        for i in 0..shapes.len() {
            let Shape::Box { width, height } = &shapes[i] else {
                continue;
            };
            t += *width * p * height;
            if t > 3.0 {
                break;
            }
            t *= p;
        }
        t * p
    }

    #[differentiable]
    fn leaves_a_loop(option: &Option<f64>, p: f64) -> f64 {
        let mut s = 0.0;
        for _ in 0..3 {
            let Some(q) = option else { break };
            s += *q * p;
            if s > 2.0 {
                continue;
            }
            s *= p;
        }
        s + p
    }

    #[differentiable]
    fn in_an_expression(option: &Option<f64>, p: f64) -> f64 {
        let mut k = p;
        let s = 'found: {
            let Some(q) = option else { break 'found k };
            k *= q;
            k + q
        };
        s * k
    }

    #[test]
    fn agree_with_differences() {
        let held = Held {
            option: Some(0.7),
            factor: 1.2,
        };
        let empty = Held {
            option: None,
            factor: 1.2,
        };
        let shapes = [
            Shape::Disc(0.4),
            Shape::Box {
                width: 0.8,
                height: 1.5,
            },
            Shape::Box {
                width: 2.8,
                height: 1.5,
            },
            Shape::Box {
                width: 0.3,
                height: 0.5,
            },
        ];
        for option in [Some(0.7), None] {
            check! {
                of_a_parameter(&option, 1.3);
                leaves_a_loop(&option, 1.3);
                in_an_expression(&option, 1.3);
                one_after_another(&held, &option, 1.3);
                one_after_another(&empty, &option, 1.3);
                of_a_pair(&option.map(|a| (a, 0.4)), 1.3);
            }
        }
        for held in [&held, &empty] {
            check! { of_a_field(held, 1.3); by_as_ref(held, 1.3); }
        }
        check! {
            of_a_variable(0.6, 1.3); of_a_variable(-0.6, 1.3);
            of_a_slice(&[0.5, 0.6], 1.3); of_a_slice(&[0.5, 0.6, 0.7], 1.3);
            of_an_enum(&shapes[0], 1.3); of_an_enum(&shapes[1], 1.3);
            in_a_loop(&shapes, 1.3);
        }
    }

    #[test]
    fn along_directions() {
        assert_eq!(of_a_parameter::jvp(&Some(2.0), 3.0, &Some(1.0), 0.5).1, 4.0);
        assert_eq!(of_a_parameter::hvp(&Some(2.0), 3.0, &Some(1.0), 0.5), (Some(0.5), 1.0));
        assert_eq!(of_a_slice::jvp(&[2.0, 3.0], 5.0, &vec![1.0, 0.0], 0.0).1, 15.0);
        assert_eq!(of_a_variable::jvp(2.0, 3.0, 1.0, 1.0).1, 9.0 + 12.0);
    }
}
