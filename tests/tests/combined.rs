//! Constructs inside each other: loops in branches in loops, writes, early ends, closures, and calls of functions that do the same.

use tapeless::prelude::*;

#[derive(Differentiable, Clone, Copy, Debug)]
struct P {
    a: f64,
    b: [f64; 2],
}

#[differentiable]
fn callee(p: P, xs: &[f64; 3], n: usize) -> f64 {
    let mut q = p;
    let mut acc = 0.0;
    for i in 0..n {
        if i % 2 == 0 {
            for x in xs {
                let x = x * x;
                q.b[i % 2] = q.b[i % 2] * x + q.a;
                if q.b[0] > 3.0 {
                    q.a *= 0.5;
                    continue;
                }
                acc += x * q.a * q.a;
            }
        } else {
            q.a = xs[i % 3];
            acc = acc * acc * 0.1 + q.b[1];
        }
    }
    acc + q.a * q.b[0]
}

#[differentiable]
fn outer(mut p: P, xs: [f64; 3], n: usize) -> f64 {
    let unused = p.a * 3.0;
    let _ = unused;
    let mut total = 0.0;
    'l: for k in 0..n {
        let y = callee(p, &xs, k);
        p.a = y * 0.3 + p.a * p.a * 0.01;
        p.b = [p.b[1], p.b[0] + y * y * 0.01];
        if y > 8.0 {
            break 'l;
        }
        if let Some(z) = pick(p, k) {
            total += z * z * y;
        }
        total += callee(P { a: total * 0.01, ..p }, &xs, 2) * y;
    }
    total + p.a
}

#[differentiable]
fn pick(p: P, k: usize) -> Option<f64> {
    if k == 1 {
        return None;
    }
    let mut s = 0.0;
    for (i, v) in p.b.iter().enumerate() {
        s += v * (i as f64 + p.a);
    }
    Some(s)
}

#[differentiable]
fn alias(x: f64, n: usize) -> f64 {
    let mut a = [x, x * x, 1.0];
    for i in 0..n {
        let b = a;
        a[i % 3] = b[(i + 1) % 3] * a[(i + 2) % 3] + b[i % 3];
        a[(i + 1) % 3] *= a[i % 3];
        let c = if i > 1 { b } else { a };
        a[2] += c[0] * c[0];
        a[2] = a[2].sin();
    }
    let d = a;
    a[0] = 9.0;
    a[0] * a[1] + d[0] * d[2]
}

#[differentiable]
fn state_dependent(x: f64, y: f64) -> f64 {
    let mut s = x;
    let mut t = (y, x);
    loop {
        let old = t;
        t.0 = t.1 * s.sin();
        (t.1, s) = (old.0 + s, s * 1.1 + old.1 * 0.1);
        let r = loop {
            s += 0.3;
            if s > 2.0 {
                break t.0 * s;
            }
            if t.0 > 100.0 {
                return t.1;
            }
        };
        if r + s > 5.0 {
            break;
        }
    }
    s * t.0 + t.1 * t.1
}

#[differentiable]
fn closure_in_loop(x: f64, n: usize) -> f64 {
    let mut w = x;
    let mut y = 1.0;
    for i in 0..n {
        let f = |z: f64| z * w + x;
        y = f(y) + f(w);
        w = w * 0.5 + i as f64 * x;
        let x = y.cos();
        y += x;
    }
    y * w
}

#[test]
#[allow(clippy::float_cmp)]
fn gradients_agree_with_differences() {
    let p = P { a: 0.7, b: [0.4, 1.3] };
    for n in 0..6 {
        assert_gradient!(callee, p, &[0.5, 1.2, -0.8], n);
        assert_gradient!(outer, p, [0.5, 1.2, -0.8], n);
        assert_gradient!(alias, 0.8, n);
        assert_gradient!(closure_in_loop, 0.8, n);
        assert_eq!(
            outer::value_and_grad(p, [0.5, 1.2, -0.8], n).0,
            outer(p, [0.5, 1.2, -0.8], n)
        );
        assert_eq!(alias::value_and_grad(0.8, n).0, alias(0.8, n));
    }
    assert_gradient!(state_dependent, 0.3, 0.4);
    assert_gradient!(state_dependent, 1.3, -0.4);
}
