//! What the standard library makes and changes in place: vectors, slices, `std::mem`.

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Copy, Debug, Default)]
struct P {
    a: f64,
    b: [f64; 2],
}

#[derive(Differentiable, Clone, Debug, Default)]
struct Q {
    v: Vec<f64>,
    w: Vec<P>,
    a: [f64; 4],
}

mod vectors {
    use super::*;

    #[differentiable]
    fn repeated(x: f64, n: usize) -> f64 {
        let mut v = vec![x * x; n];
        for i in 0..n {
            v[i] *= i as f64 + x;
        }
        let mut s = x;
        for e in &v {
            s += e * s;
        }
        s
    }

    #[differentiable]
    fn listed(x: f64, y: f64) -> f64 {
        let v = vec![x, y, x * y, 2.0];
        let w = vec![v[0] * v[1], v[2] * v[3]];
        let one = vec![x];
        w[0] * w[1] + one[0]
    }

    #[differentiable]
    fn rows(x: f64, n: usize, m: usize) -> f64 {
        let mut a = vec![vec![x; m]; n];
        for i in 0..n {
            for j in 0..m {
                a[i][j] *= (i + 2 * j) as f64 * x;
            }
        }
        let mut s = 1.0;
        for row in &a {
            for e in row {
                s += e * s * 0.1;
            }
        }
        s
    }

    #[differentiable]
    fn structs(p: P, n: usize) -> f64 {
        let mut v = vec![p; n];
        for i in 0..n {
            v[i].a *= p.b[i % 2];
            v[i].b[0] = v[0].a;
        }
        let mut s = p.a;
        for q in &v {
            s += q.a * q.b[0] * s;
        }
        s
    }

    #[differentiable]
    fn pushes(x: f64, n: usize) -> f64 {
        let mut v = vec![x];
        for i in 0..n {
            let last = v[i];
            v.push(last * x + v[0]);
            v[0] *= 1.1;
        }
        let mut s = 0.0;
        for e in &v {
            s += e * e;
        }
        s
    }

    #[differentiable]
    fn from_nothing(x: f64, n: usize) -> f64 {
        let mut v = Vec::new();
        for i in 0..n {
            if i % 2 == 0 {
                v.push(x * i as f64);
            } else {
                v.push(v[i - 1] * x);
            }
        }
        let mut w: Vec<f64> = Vec::with_capacity(n);
        for e in &v {
            w.push(e * e + x);
        }
        let mut s = x;
        for e in &w {
            s *= e + 1.0;
        }
        s
    }

    #[differentiable]
    fn of_structs(p: P, n: usize) -> f64 {
        let mut v = vec![];
        for i in 0..n {
            v.push(P {
                a: p.a * i as f64,
                b: [p.b[1], p.a],
            });
        }
        v.push(p);
        v[0].a * v[n].b[0] + v[n / 2].b[1]
    }

    #[differentiable]
    fn copies(xs: &[f64], a: &[f64; 3]) -> f64 {
        let mut v = xs.to_vec();
        let mut w = a.to_vec();
        w[1] *= v[0];
        v[1] += w[1] * w[2];
        let mut u = v.to_vec();
        u[0] = 1.0;
        v[1] * w[0] + u[0] * u[1]
    }

    #[differentiable]
    fn field(x: f64, n: usize) -> f64 {
        let mut q = Q {
            v: vec![x; 2],
            w: vec![],
            a: [x; 4],
        };
        for i in 0..n {
            q.v.push(q.v[i] * x);
            q.w.push(P {
                a: q.v[i + 1],
                b: [x, 1.0],
            });
        }
        let mut s = x;
        for p in &q.w {
            s += p.a * p.b[0];
        }
        s * q.v[n] + q.a[1]
    }

    #[test]
    fn gradients() {
        let p = P { a: 0.7, b: [1.2, -0.4] };
        for n in 0..5 {
            check! {
                repeated(0.8, n);
                rows(0.8, n, 2);
                rows(0.8, 2, n);
                structs(p, n);
                pushes(0.8, n);
                from_nothing(0.8, n);
                of_structs(p, n);
                field(0.8, n);
            }
        }
        check! {
            listed(0.8, 1.5);
            copies(&[0.3, 0.7], &[0.9, -1.0, 2.0]);
        }
    }
}

mod slices {
    use super::*;

    #[differentiable]
    fn swaps(x: f64, y: f64, n: usize) -> f64 {
        let mut a = [x, y, x * y, 1.0];
        for i in 0..n {
            a.swap(i % 4, (i + 1) % 4);
            a[0] *= a[1];
            a.swap(i % 4, i % 4);
            a.swap(2, 0);
        }
        a[0] + a[1] * a[2] * x + a[3] * y
    }

    #[differentiable]
    fn sorted(xs: [f64; 5]) -> f64 {
        let mut a = xs;
        for i in 0..5 {
            for j in 0..4 - i {
                if a[j] > a[j + 1] {
                    a.swap(j, j + 1);
                }
            }
        }
        a[0] + 2.0 * a[1] + 3.0 * a[2] * a[3] + a[4]
    }

    #[differentiable]
    fn fills(x: f64, y: f64, n: usize) -> f64 {
        let mut v = vec![x; n];
        let mut a = [y; 3];
        a[1] = x;
        let before = a[1] * y;
        for i in 0..n {
            v[i] += a[i % 3];
            a.fill(v[i] * x);
            if i == 1 {
                v.fill(y);
            }
        }
        let mut s = before;
        for e in &v {
            s += e * a[0];
        }
        s
    }

    #[differentiable]
    fn copying(x: f64, y: f64) -> f64 {
        let source = [x * y, y, x];
        let mut a = [x, x, x];
        let mut v = vec![y; 3];
        let first = a[0] * v[1];
        a.copy_from_slice(&source);
        v.clone_from_slice(&a);
        v[0] *= 2.0;
        a.copy_from_slice(&v);
        first + a[0] * a[1] * a[2] + v[1]
    }

    #[differentiable]
    fn reversed(x: f64, n: usize) -> f64 {
        let mut v = vec![x; n];
        for i in 0..n {
            v[i] *= i as f64;
        }
        v.reverse();
        let mut a = [x, x * x, 1.0];
        a.reverse();
        let mut s = a[0] * a[2];
        for i in 0..n {
            s += v[i] * (i as f64) * a[1];
        }
        s
    }

    #[differentiable]
    fn parts(q: Q, x: f64) -> f64 {
        let mut q = q;
        q.a.swap(0, 3);
        q.v.swap(0, 1);
        let first = q.v[0];
        q.v.fill(x * first);
        q.a.reverse();
        q.w[0].b.swap(0, 1);
        let first = q.w[0].a;
        q.w[0].b.fill(first);
        q.a[0] * q.v[1] * q.w[0].b[1] + q.a[3]
    }

    #[differentiable]
    fn through_a_reference(xs: &mut Vec<f64>, x: f64) -> f64 {
        xs.push(x);
        let last = xs.len() - 1;
        xs.swap(0, last);
        let ys = &mut *xs;
        ys[1] *= x;
        ys.reverse();
        xs[0] * x + xs[1]
    }

    #[differentiable]
    fn uses(x: f64, y: f64) -> f64 {
        let mut v = vec![x, y];
        let r = through_a_reference(&mut v, x * y);
        r * v[0] + v[1] * v[2]
    }

    #[test]
    fn gradients() {
        for n in 0..6 {
            check! {
                swaps(0.8, 1.3, n);
                fills(0.8, 1.3, n);
                reversed(0.8, n);
            }
        }
        let q = Q {
            v: vec![0.3, 0.8],
            w: vec![P { a: 0.7, b: [1.2, -0.4] }],
            a: [0.1, 0.2, 0.3, 0.4],
        };
        check! {
            sorted([0.4, -0.3, 1.2, 0.9, 0.0]);
            copying(0.8, 1.3);
            parts(q.clone(), 0.6);
            uses(0.8, 1.3);
        }
    }
}

mod memory {
    use std::mem;

    use super::*;

    #[differentiable]
    fn swaps(x: f64, y: f64, n: usize) -> f64 {
        let mut a = x;
        let mut b = [y, x * y];
        let mut p = P { a: x, b };
        for _ in 0..n {
            mem::swap(&mut a, &mut b[0]);
            std::mem::swap(&mut p.b, &mut b);
            a *= y;
            mem::swap(&mut p.a, &mut p.b[1]);
        }
        a * b[0] + p.a * p.b[0] + b[1] * x
    }

    #[differentiable]
    fn replaces(x: f64, n: usize) -> f64 {
        let mut a = x;
        let mut p = P { a: x * x, b: [x, 1.0] };
        let mut s = 0.0;
        for i in 0..n {
            let old = mem::replace(&mut a, p.a * 0.5);
            s += old * i as f64;
            p.a = mem::replace(&mut p.b[0], old * x);
            let b = mem::take(&mut p.b);
            s += b[0] * b[1];
            p.b[i % 2] = s;
            let _ = mem::replace(&mut p.b, [a, s]);
        }
        let last = mem::take(&mut p);
        s * a + p.a + last.b[0] * last.a
    }

    #[differentiable]
    fn vectors(x: f64, n: usize) -> f64 {
        let mut old = vec![x; 3];
        let mut new = vec![0.0; 3];
        for _ in 0..n {
            for i in 0..3 {
                new[i] = old[i] * x + old[(i + 1) % 3] * 0.5 + i as f64;
            }
            mem::swap(&mut old, &mut new);
        }
        let taken = mem::take(&mut old);
        taken[0] * taken[1] + old.len() as f64 * x + new[2]
    }

    #[differentiable]
    fn parameters(a: &mut f64, b: &mut f64) -> f64 {
        mem::swap(a, b);
        *a *= 2.0;
        let old = mem::replace(b, *a * *a);
        old * *b
    }

    #[differentiable]
    fn uses(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x, y);
        parameters(&mut a, &mut b) * a + b
    }

    #[test]
    fn gradients() {
        for n in 0..5 {
            check! {
                swaps(0.8, 1.3, n);
                replaces(0.8, n);
                vectors(0.8, n);
            }
        }
        check! { uses(0.8, 1.3); }
    }
}

/// Closures that change what is outside of them.
mod closures {
    use super::*;

    #[differentiable]
    fn in_a_loop(x: f64, n: usize) -> f64 {
        let mut s = x;
        let mut p = P { a: x, b: [1.0, x] };
        let mut add = |dx: f64| {
            s += dx * x;
            p.b[1] *= s;
            s * s
        };
        let mut t = 0.0;
        for i in 0..n {
            t += add(0.1 * i as f64 + x);
        }
        while t < 5.0 {
            t += 1.0 + add(x);
        }
        t + s * p.b[1]
    }

    #[differentiable]
    fn one_in_another(x: f64, n: usize) -> f64 {
        let mut v = vec![x];
        let mut count = 0;
        let mut store = |y: f64| v.push(y * y);
        let mut both = |y: f64| {
            count += 1;
            store(y * x);
            store(y);
        };
        for i in 0..n {
            both(x + i as f64);
        }
        let mut s = count as f64 * x;
        for e in &v {
            s += e * e;
        }
        s
    }

    #[test]
    fn gradients() {
        for n in 0..5 {
            check! {
                in_a_loop(0.7, n);
                one_in_another(0.7, n);
            }
        }
    }
}
