//! Forward mode, methods that write, vectors that change their length, and functions that call each other in turns: variables used
//! twice, overwritten, shadowed and unused, in loops inside branches and in callees.

use tapeless::prelude::*;

#[derive(Differentiable, Clone, Debug)]
struct Mass {
    x: [f64; 2],
    v: [f64; 2],
}

#[differentiable(forward)]
impl Mass {
    /// Steps in place, and gives the energy; `unused` is not used.
    fn step(&mut self, dt: f64, unused: f64) -> f64 {
        let _ = unused;
        let mut e = 0.0;
        for i in 0..2 {
            let a = -self.x[i];
            let v = self.v[i] + dt * a;
            let v = v * (1.0 - 0.1 * dt);
            self.v[i] = v;
            self.x[i] += dt * v;
            e += v * v + self.x[i] * self.x[i];
        }
        e
    }
    fn length2(&self) -> f64 {
        self.x[0] * self.x[0] + self.x[1] * self.x[1] + self.v[0] * self.v[1]
    }
}

/// Used twice, overwritten, shadowed, unused; in a loop inside a branch; in a callee.
#[differentiable(forward)]
fn ride(x: f64, y: f64, n: usize) -> f64 {
    let mut m = Mass { x: [x, y], v: [y, x] };
    let mut s = x * x;
    if x > 0.0 {
        for k in 0..n {
            let s0 = s;
            let s = m.step(0.1, y) + s0 * 0.5;
            if k % 2 == 0 {
                continue;
            }
            m.x[0] = s * 0.01;
        }
        s += m.length2() * m.length2();
    } else {
        s = y;
    }
    let m = Mass { x: [s, s], ..m };
    m.length2() + s
}

#[differentiable]
fn stack(xs: &[f64], n: usize) -> f64 {
    let mut v: Vec<f64> = Vec::new();
    let mut t = 0.0;
    if n > 1 {
        for i in 0..n {
            v.push(xs[i % xs.len()] * 2.0);
            v.push(xs[0] * xs[0]);
            if i % 2 == 1 {
                let a = v.pop().unwrap();
                let a = a * v.pop().unwrap_or(0.0);
                v.insert(0, a.sin());
                v[0] = v[0] * a;
            }
            if v.len() > 4 {
                let w = v.remove(1);
                t += w * w;
                v.truncate(3);
            }
        }
    }
    let unused = v.clone();
    let _ = unused;
    v.resize(5, xs[1]);
    t + v.iter().sum::<f64>() + v[4] * v[0] + helper(&v, n)
}

#[differentiable]
fn helper(v: &[f64], n: usize) -> f64 {
    let mut w = v.to_vec();
    w.extend_from_slice(v);
    let mut s = 0.0;
    for _ in 0..n {
        if let Some(x) = w.pop() {
            s = s * 0.5 + x * x;
        }
    }
    s
}

#[differentiable(recursive)]
fn ping(x: f64, y: f64, n: u32) -> f64 {
    let x = x * y;
    if n == 0 {
        return x;
    }
    let mut s = x;
    for k in 0..2 {
        s += pong(s, x, n - 1) * (k as f64 + 0.5);
        s *= 0.5;
    }
    s
}
#[differentiable]
fn pong(x: f64, y: f64, n: u32) -> f64 {
    if n == 0 {
        y.sin()
    } else {
        let x = x + ping(x, y, n - 1);
        x * y
    }
}

#[test]
fn together() {
    for (x, y) in [(0.7, -0.4), (-0.3, 0.6), (1.1, 0.2)] {
        for n in [0, 1, 2, 5] {
            assert_gradient!(ride, x, y, n);
            assert_hvp!(ride, x, y, n; 0.4, -0.9);
            let (gx, gy) = ride::grad(x, y, n);
            let (_, many) = ride::jvp_many(x, y, n, [1.0, 0.0, 2.0], [0.0, 1.0, -1.0]);
            for (a, b) in many.iter().zip([gx, gy, 2.0 * gx - gy]) {
                assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} {b}");
            }
            assert_gradient!(stack, &[x, y, 0.3, 0.9], n);
            if n < 4 {
                assert_gradient!(ping, x, y, n as u32);
            }
        }
    }
}
