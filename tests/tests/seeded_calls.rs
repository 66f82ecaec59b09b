//! Calls that go forward and back at once, where the cotangent of their result is known before they are made: whatever becomes
//! of the result, the arguments, and the variables around.

use tapeless::{Differentiable, assert_gradient, differentiable};

/// Something with a loop in it.
#[differentiable]
fn wave(x: f64, k: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        s += (x * k * (i as f64 + 0.5)).sin();
    }
    s
}

#[differentiable]
fn norm_of(v: &[f64]) -> f64 {
    let mut s = 1.0;
    for x in v {
        s = s * 0.5 + x * x;
    }
    s
}

#[differentiable]
fn in_a_row(x: f64, k: f64) -> f64 {
    let y = wave(x, k);
    let z = x * k;
    let w = wave(z, y);
    2.0 * w - y * z + y / (1.0 + z * z) - y
}

#[differentiable]
fn used_twice(x: f64, k: f64) -> f64 {
    let y = wave(x, x);
    let twice = y + y - k * y;
    let y = twice - (-y);
    y / k + y
}

#[differentiable]
fn not_linear(x: f64, k: f64) -> f64 {
    let y = wave(x, k);
    let z = wave(k, x);
    // The cotangent of `z` is known, that of `y` is not.
    y * z + y.sin()
}

#[differentiable]
fn looked_at(x: f64, k: f64) -> f64 {
    let y = wave(x, k);
    if y > 0.5 { y * 2.0 } else { y * k }
}

#[differentiable]
fn overwritten(x: f64, v: &mut [f64]) -> f64 {
    let mut x = x;
    let y = norm_of(v) + x;
    v[0] *= x;
    x *= 3.0;
    let z = norm_of(v);
    v[1] = v[0] * v[0];
    y + z * x + v[1]
}

#[differentiable]
fn overwritten_around(x: f64, v: &[f64]) -> f64 {
    let mut v = v.to_vec();
    overwritten(x, &mut v) * 2.0 + v[0]
}

#[differentiable]
fn own_vector(x: f64, v: &[f64]) -> f64 {
    let mut w = v.to_vec();
    let before = norm_of(&w);
    w[1] = x * before;
    let between = norm_of(&w[1..]);
    w[0] = w[1] * w[0];
    before - between + norm_of(&w) * x
}

#[differentiable]
fn in_an_arm(x: f64, k: f64) -> f64 {
    let h = x * k;
    let s = if k > 0.0 {
        let g = h * h;
        let y = wave(g, h);
        k * y + g
    } else if k < -1.0 {
        wave(h, x) / k
    } else {
        h
    };
    s * x - h
}

#[differentiable]
fn behind_a_return(x: f64, k: f64) -> f64 {
    let y = wave(x, k);
    let h = x - k;
    if h > 1.0 {
        // `y` is not used.
        return h;
    }
    if h > 0.0 {
        return wave(h, x) + y;
    }
    h * wave(y, h)
}

#[differentiable]
fn sum_of_calls(x: f64, v: &[f64]) -> f64 {
    let h = x * x;
    let mut s = h;
    let mut t = 1.0;
    for &c in v {
        let g = h * c;
        let y = wave(g, h);
        s += y * g + c * wave(x, x);
        if c > 0.0 {
            continue;
        }
        t -= wave(g, g) / h;
    }
    s * h + t
}

#[differentiable]
fn alternating(x: f64, v: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut sign = 1.0;
    let mut count = 0;
    let mut k = 2.0;
    for &c in v {
        if count % 2 == 0 {
            s += sign * (x * c * k).sin();
            sign = -sign * k;
        } else {
            s -= wave(x, c) * k / sign * x;
        }
        k *= 1.5;
        count += 1;
    }
    s
}

#[differentiable]
fn elements(v: &[f64], indices: &[usize]) -> f64 {
    let mut s = 0.0;
    for &i in indices {
        let j = v.len() - 1 - i;
        s += wave(v[i], v[j]) - norm_of(&v[..i]) * v[j];
    }
    s
}

#[differentiable]
fn tree(v: &[f64], x: f64) -> f64 {
    if v.len() == 1 {
        return v[0] * x;
    }
    let middle = v.len() / 2;
    tree(&v[..middle], x * 0.5) - x * tree(&v[middle..], x)
}

#[differentiable]
fn even(v: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += v[i] * odd(v, n - 1);
    }
    s + 1.0
}

#[differentiable]
fn odd(v: &[f64], n: usize) -> f64 {
    if n == 0 { v[0] } else { v[n] - even(v, n - 1) }
}

#[differentiable]
fn names(__x_slots: f64, __y_seed: f64) -> f64 {
    let __y_known = __x_slots * __y_seed;
    let y = wave(__y_known, __y_seed);
    let __y_cotangent = 2.0;
    let __y_kinds = __x_slots;
    __y_cotangent * y * __y_kinds
}

#[differentiable]
fn narrow(x: f32, k: f32) -> f32 {
    #[differentiable]
    fn half(x: f32) -> f32 {
        x * 0.5 * x
    }
    3.0 * half(x) - half(k) / 7.0
}

#[derive(Clone, Differentiable)]
struct Gain {
    k: f64,
}

#[differentiable]
impl Gain {
    fn amplified(&self, x: f64) -> f64 {
        self.k * wave(x, self.k) - x
    }
}

#[differentiable]
fn by_method(x: f64, k: f64) -> f64 {
    let gain = Gain { k };
    gain.amplified(x) * 2.0
}

#[test]
fn gradients() {
    for (x, k) in [(0.7, 1.3), (-0.4, 0.9), (1.5, -0.3), (0.2, -1.7)] {
        assert_gradient!(in_a_row, x, k);
        assert_gradient!(used_twice, x, k);
        assert_gradient!(not_linear, x, k);
        assert_gradient!(looked_at, x, k);
        assert_gradient!(in_an_arm, x, k);
        assert_gradient!(behind_a_return, x, k);
        assert_gradient!(names, x, k);
        assert_gradient!(narrow, x as f32, k as f32);
        assert_gradient!(by_method, x, k);
        for v in [&[0.3, -0.2, 1.5][..], &[k, x], &[0.9, 0.8, -0.7, 0.6, x]] {
            assert_gradient!(overwritten_around, x, v);
            assert_gradient!(own_vector, x, v);
            assert_gradient!(sum_of_calls, x, v);
            assert_gradient!(alternating, x, v);
            assert_gradient!(tree, v, x);
            assert_gradient!(elements, v, &[1, 0, 1]);
            for n in 0..v.len() {
                assert_gradient!(even, v, n);
                assert_gradient!(odd, v, n);
            }
        }
        assert_gradient!(sum_of_calls, x, &[][..]);
        assert_gradient!(alternating, x, &[][..]);
    }
}

/// Where nothing flows back, nothing is multiplied by an infinite slope.
#[differentiable]
fn chosen(x: f64, c: f64) -> f64 {
    #[differentiable]
    fn root(x: f64) -> f64 {
        x.sqrt()
    }
    let y = root(x);
    (3.0 + c).max(1.0) + y * c
}

#[test]
fn edges() {
    assert_eq!(chosen::grad(4.0, 2.0), (0.5, 3.0));
    // As by hand: the slope is infinite.
    assert_eq!(chosen::grad(0.0, 2.0).0, f64::INFINITY);
    assert!(chosen::grad(0.0, 0.0).0.is_nan());
    assert!(chosen::grad(f64::NAN, 1.0).0.is_nan());
}

/// How often the leaves of the tree are evaluated.
mod counted {
    use std::cell::Cell;

    use tapeless::{derivative_of, differentiable};

    std::thread_local! {
        static LEAVES: Cell<usize> = const { Cell::new(0) };
    }

    fn leaf(x: f64) -> f64 {
        LEAVES.set(LEAVES.get() + 1);
        x
    }

    #[derivative_of(leaf)]
    fn leaf_rule(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
        (leaf(x), |y_bar| y_bar)
    }

    #[differentiable]
    fn sum(x: f64, depth: usize) -> f64 {
        if depth == 0 {
            return leaf(x);
        }
        sum(x * 0.5, depth - 1) + 2.0 * sum(x, depth - 1)
    }

    /// Each function is run once on the way, however deep the recursion is.
    #[test]
    fn nothing_is_run_twice() {
        let (value, gradient) = sum::value_and_grad(1.0, 10);
        assert_eq!(LEAVES.get(), 1 << 10);
        assert_eq!((value, gradient), (2.5_f64.powi(10), 2.5_f64.powi(10)));
    }
}
