//! Derivatives along directions, and Hessians times vectors, of functions that write to what they are handed.

use tapeless::prelude::*;

fn assert_close(left: f64, right: f64, tolerance: f64) {
    assert!(
        (left - right).abs() <= tolerance * (1.0 + right.abs()),
        "{left} instead of {right}"
    );
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Body {
    x: f64,
    v: f64,
    #[no_diff]
    steps: usize,
}

#[differentiable(forward)]
impl Body {
    fn step(&mut self, dt: f64, stiffness: f64) {
        self.v -= dt * stiffness * self.x.sin();
        self.x += dt * self.v;
        self.steps += 1;
    }

    fn kick(&mut self, by: f64) -> f64 {
        let before = self.v;
        self.v *= by;
        before * self.v
    }

    fn energy(&self) -> f64 {
        self.v * self.v + self.x * self.x
    }

    fn count(&self) -> usize {
        self.steps
    }

    fn bounce(&mut self, n: usize) -> f64 {
        if n == 0 {
            return self.x;
        }
        self.v *= self.x;
        self.bounce(n - 1) * self.v
    }
}

#[differentiable(forward)]
fn advance(body: &mut Body, dt: f64) -> f64 {
    body.step(dt, 2.0);
    body.x * body.kick(dt)
}

#[differentiable(forward)]
fn scale(xs: &mut [f64], k: f64) {
    for x in xs.iter_mut() {
        *x *= k * *x;
    }
}

#[differentiable(forward)]
fn replace(x: &mut f64, y: f64) -> f64 {
    let old = *x;
    *x = y * y;
    old * y
}

#[differentiable(forward)]
fn runs(x: f64, v: f64, k: f64, n: usize) -> f64 {
    let mut body = Body { x, v, steps: 0 };
    let mut sum = 0.0;
    for _ in 0..n {
        body.step(0.1, k);
        sum += body.kick(k) * body.count() as f64;
    }
    let last = advance(&mut body, k * 0.1);
    sum * body.energy() + last + body.bounce(n)
}

#[differentiable(forward)]
fn scaled(xs: &[f64; 3], k: f64) -> f64 {
    let mut a = xs.to_vec();
    scale(&mut a, k);
    let mut v = vec![k; 2];
    scale(&mut v, a[0]);
    let mut y = a[1];
    let old = replace(&mut y, v[0] * a[2]);
    let mut pair = (y, old);
    let other = replace(&mut pair.1, k);
    pair.0 * pair.1 * v[1] + other
}

#[test]
fn calls_agree() {
    for n in 0..4 {
        assert_hvp!(runs, 0.7, 0.4, 1.2, n; 0.3, -0.6, 0.5);
    }
    assert_hvp!(scaled, &[0.7, 0.4, 1.1], 1.2; &[0.3, -0.6, 0.9], 0.5);
}

#[test]
fn the_tangent_of_what_is_written_to_follows() {
    let (mut x, mut dx) = (3.0, 0.5);
    let (value, dot) = replace::jvp(&mut x, 2.0, &mut dx, 0.25);
    assert_eq!((value, dot), (6.0, 0.5 * 2.0 + 3.0 * 0.25));
    assert_eq!((x, dx), (4.0, 2.0 * 2.0 * 0.25));

    let (mut xs, mut dxs) = (vec![1.0, 2.0], vec![0.5, -1.0]);
    scale::jvp(&mut xs, 3.0, &mut dxs, 0.0);
    assert_eq!((xs, dxs), (vec![3.0, 12.0], vec![3.0, -12.0]));
    let (mut xs, mut dxs) = ([1.0, 2.0], [0.5, -1.0]);
    let ((), ()) = scale::jvp(&mut xs, 3.0, &mut dxs, 1.0);
    assert_eq!((xs, dxs), ([3.0, 12.0], [4.0, -8.0]));
    let nothing: &mut [f64] = &mut [];
    scale::jvp(nothing, 3.0, &mut [], 1.0);
}

#[test]
fn methods_agree_with_their_pullbacks() {
    let start = Body {
        x: 0.7,
        v: 0.4,
        steps: 2,
    };
    let along = BodyTangent { x: 0.3, v: -0.6 };
    let (mut body, mut dot) = (start, along.clone());
    let ((), ()) = body.step_jvp(0.1, 2.0, &mut dot, 0.2, 0.5);
    let mut primal = start;
    primal.step(0.1, 2.0);
    assert_eq!(body, primal);
    let cotangent = BodyTangent { x: 1.3, v: -0.8 };
    let mut again = start;
    let ((), pullback) = again.step_vjp(0.1, 2.0);
    let (own, dt, stiffness) = pullback((), cotangent.clone());
    let right = own.inner_product(&along) + dt * 0.2 + stiffness * 0.5;
    assert_close(dot.inner_product(&cotangent), right, 1e-12);

    // The Hessian of the result, and what is left behind.
    let gradient = |h: f64| {
        let mut body = Body {
            x: start.x + 0.3 * h,
            v: start.v - 0.6 * h,
            ..start
        };
        advance::grad(&mut body, 0.2 + 0.5 * h)
    };
    let mut body = start;
    let (own, dt) = advance::hvp(&mut body, 0.2, &along, 0.5);
    let ((own_1, dt_1), (own_0, dt_0)) = (gradient(1e-5), gradient(-1e-5));
    assert_close(own.x, (own_1.x - own_0.x) / 2e-5, 1e-8);
    assert_close(own.v, (own_1.v - own_0.v) / 2e-5, 1e-8);
    assert_close(dt, (dt_1 - dt_0) / 2e-5, 1e-8);
    let mut primal = start;
    advance(&mut primal, 0.2);
    assert_eq!(body, primal);

    let mut body = start;
    let (value, dot) = body.kick_jvp(2.0, &mut along.clone(), 0.5);
    let mut again = start;
    let gradient = again.kick_grad(2.0);
    assert_eq!(value, start.v * start.v * 2.0);
    assert_close(dot, gradient.0.inner_product(&along) + gradient.1 * 0.5, 1e-12);
}

/// A part of a struct that has been put together anew is handed to a function that writes to it and gives an array.
mod a_field_written_to {
    use tapeless::prelude::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Pair {
        x: f64,
        y: f64,
    }

    #[differentiable(forward)]
    fn square(y: &mut f64) -> [f64; 2] {
        *y *= *y;
        [*y * 2.0, 1.0]
    }

    #[differentiable(forward)]
    fn written(mut pair: Pair, n: i32) -> Pair {
        if n == 0 {
            return pair;
        }
        pair = Pair { x: pair.x, y: pair.x };
        let k = square(&mut pair.y)[0];
        Pair { x: k, y: pair.y * k }
    }

    #[test]
    fn agrees_with_what_it_is() {
        // (x, y) to (2 x², 2 x⁴), and as it is.
        let (pair, along) = (Pair { x: 3.0, y: 5.0 }, PairTangent { x: 1.0, y: 1.0 });
        let (value, tangent) = written::jvp(pair, 1, along.clone());
        assert_eq!(value, Pair { x: 18.0, y: 162.0 });
        assert_eq!(tangent, PairTangent { x: 12.0, y: 216.0 });
        assert_eq!(written::jvp(pair, 0, along.clone()).1, along);
        let (_, many) = written::jvp_many::<2>(pair, 1, [along.clone(), along]);
        assert_eq!(many[1], tangent);
    }

    #[differentiable(forward)]
    fn scalar(x: f64) -> f64 {
        let Pair { x: a, y: b } = written(Pair { x, y: 1.0 }, 1);
        a * x + b
    }

    #[test]
    fn twice() {
        // 2 x³ + 2 x⁴
        assert_eq!(scalar::grad(3.0), 6.0 * 9.0 + 8.0 * 27.0);
        assert_eq!(scalar::hvp(3.0, 1.0), 12.0 * 3.0 + 24.0 * 9.0);
    }
}

/// A reference handed on beside one to a temporary: what is written there is lost, so the call must be for the former.
mod beside_a_temporary {
    use super::*;

    #[differentiable(forward)]
    fn product_with(w: &mut f64, z: &mut [f64; 2]) {
        *w *= z[0] * z[1];
        z[0] = 0.0;
    }

    #[differentiable(forward)]
    fn handed_on(w: &mut f64, b: f64) {
        if b > 0.0 {
            product_with(w, &mut [1.5, b]);
        }
        *w += b;
    }

    #[differentiable(forward)]
    fn doubled(w: &mut f64, by: f64) -> f64 {
        *w *= by;
        *w + by
    }

    /// What the one call shows of `doubled` holds for the other.
    #[differentiable(forward)]
    fn for_its_effect_and_its_value(w: &mut f64, b: f64) -> f64 {
        doubled(w, b);
        let sum = doubled(w, 2.0);
        *w *= sum;
        *w
    }

    #[differentiable(forward)]
    fn f(x: f64, b: f64) -> f64 {
        let mut w = x * x;
        handed_on(&mut w, b);
        for_its_effect_and_its_value(&mut w, b) * w
    }

    #[test]
    fn agree() {
        for b in [-0.5, 0.7] {
            assert_gradient!(f, 1.2, b);
            assert_hvp!(f, 1.2, b; 0.3, -0.7);
        }
    }
}

/// A part of a value is changed in an arm that returns, and the value used in the code behind the others.
mod changed_on_the_way_out {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Row {
        y: f64,
        v: [f64; 2],
    }

    #[differentiable(forward)]
    fn quotient(a: Row, b: Row) -> Row {
        Row { y: a.y / b.y, v: a.v }
    }

    #[differentiable(forward)]
    fn f(row: Row, c: f64) -> Row {
        quotient(
            row,
            match c {
                ..0.0 => row,
                0.0..1.0 => Row { y: row.v[0], v: row.v },
                _ => return Row { y: c, ..row },
            },
        )
    }

    #[differentiable(forward)]
    fn scalar(x: f64, c: f64) -> f64 {
        let row = f(Row { y: x, v: [x * x, 1.0] }, c);
        row.y * row.v[0]
    }

    #[test]
    fn agree() {
        for c in [-0.5, 0.5, 1.5] {
            assert_gradient!(scalar, 1.2, c);
            assert_hvp!(scalar, 1.2, c; 0.3, -0.7);
            let (_, [x, c_slope]) = scalar::jvp_many(1.2, c, [1.0, 0.0], [0.0, 1.0]);
            assert_eq!(
                (x, c_slope),
                (scalar::jvp(1.2, c, 1.0, 0.0).1, scalar::jvp(1.2, c, 0.0, 1.0).1)
            );
        }
    }
}
