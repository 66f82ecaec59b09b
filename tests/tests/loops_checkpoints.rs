//! How many states of a loop are saved makes no difference to its gradient, to the last bit.
#![allow(clippy::needless_range_loop)]

use tapeless::prelude::*;

/// The same function with 1, 2, 3 and 8 places for states, with the standard ones, and with every iteration on the heap.
macro_rules! each_way {
    ($module:ident, fn $name:ident($($parameter:ident: $type:ty),*) -> f64 $body:block) => {
        mod $module {
            macro_rules! way {
                ($way:ident, $attribute:meta) => {
                    pub mod $way {
                        use tapeless::prelude::*;
                        #[$attribute]
                        pub fn $name($($parameter: $type),*) -> f64 $body
                    }
                };
            }
            way!(standard, differentiable);
            way!(one, differentiable(checkpoints = 1));
            way!(two, differentiable(checkpoints = 2));
            way!(three, differentiable(checkpoints = 3));
            way!(eight, differentiable(checkpoints = 8));
            way!(all, differentiable(checkpoints = all));

            #[allow(dead_code)]
            pub fn check($($parameter: $type),*) {
                let expected = standard::$name::value_and_grad($($parameter),*);
                let bits = format!("{expected:?}");
                for (way, found) in [
                    ("one", one::$name::value_and_grad($($parameter),*)),
                    ("two", two::$name::value_and_grad($($parameter),*)),
                    ("three", three::$name::value_and_grad($($parameter),*)),
                    ("eight", eight::$name::value_and_grad($($parameter),*)),
                    ("all", all::$name::value_and_grad($($parameter),*)),
                ] {
                    // Debug output tells any two numbers apart.
                    assert_eq!(format!("{found:?}"), bits, "{} {way}", stringify!($name));
                }
                let expected = format!("{:?}", standard::$name::vjp($($parameter),*).1(1.0));
                for (way, found) in [
                    ("one", one::$name::vjp($($parameter),*).1(1.0)),
                    ("two", two::$name::vjp($($parameter),*).1(1.0)),
                    ("three", three::$name::vjp($($parameter),*).1(1.0)),
                    ("eight", eight::$name::vjp($($parameter),*).1(1.0)),
                    ("all", all::$name::vjp($($parameter),*).1(1.0)),
                ] {
                    assert_eq!(format!("{found:?}"), expected, "{} {way} vjp", stringify!($name));
                }
            }
        }
    };
}

each_way!(
    scalar,
    fn logistic(rate: f64, x: f64, n: usize) -> f64 {
        let mut x = x;
        for _ in 0..n {
            x = rate * x * (1.0 - x);
        }
        x
    }
);

each_way!(
    arrays,
    fn relaxed(x: &[f64; 4], n: usize) -> f64 {
        let mut v = *x;
        let mut s = 0.1;
        for i in 0..n {
            for j in 0..4 {
                v[j] = v[j] * 0.9 + 0.1 * v[(j + 1) % 4] * s;
                if v[j] > 0.8 {
                    v[j] *= 0.5;
                    continue;
                }
                for k in 0..(i + j) % 3 {
                    s = (s + v[k]).sin();
                }
            }
            v[i % 4] += s * 0.1;
        }
        v[0] * v[1] + v[2] * v[3] + s
    }
);

each_way!(
    sums,
    fn weighted(x: &[f64; 4], n: usize) -> f64 {
        let mut sum = 0.0;
        for i in 0..n {
            let mut t = x[i % 4];
            for j in 0..i % 5 {
                t = t * x[j % 4] + (t * 0.3).tanh();
            }
            sum += t * t / (1.0 + x[0] * x[0]);
        }
        0.5 * sum
    }
);

each_way!(
    whiles,
    fn grown(x: f64, limit: f64) -> f64 {
        let mut y = x;
        let mut total = 0.0;
        while y < limit {
            let mut z = 1.0;
            loop {
                z = 0.5 * (z + y / z);
                if (z * z - y).abs() < 1e-9 {
                    break;
                }
            }
            y = y * 1.01 + 0.01 * z;
            total += z;
        }
        total * y
    }
);

#[test]
fn gradients_are_the_same_to_the_last_bit() {
    for n in [0, 1, 2, 3, 8, 9, 30, 100] {
        arrays::check(&[0.3, 0.9, -0.4, 0.7], n);
        sums::check(&[0.3, 0.9, -0.4, 0.7], n);
        scalar::check(3.3, 0.4, n);
    }
    for n in [680, 2048, 2049, 2050, 4500] {
        scalar::check(3.3, 0.4, n);
    }
    arrays::check(&[0.3, 0.9, -0.4, 0.7], 300);
    whiles::check(0.3, 0.2);
    whiles::check(0.3, 5.0);
}

/// Vectors in the state: what was saved and not used is given back.
#[differentiable(checkpoints = 2)]
fn owned(x: f64, n: usize) -> f64 {
    let mut rows = vec![vec![x, 1.0], vec![0.5, x]];
    let mut s = x;
    for i in 0..n {
        rows[i % 2][1] = rows[(i + 1) % 2][0] * s;
        let mut scratch = vec![s; 3];
        for j in 0..3 {
            scratch[j] = scratch[j] * rows[0][j % 2] + 0.1;
        }
        rows[1][0] = rows[1][0] * 0.9 + scratch[2] * 0.1;
        s = s * 0.9 + 0.1 * scratch[0];
    }
    s * rows[0][1] + rows[1][1] * rows[1][0]
}

#[test]
fn states_may_own_memory() {
    for n in [0, 1, 2, 5, 40, 300] {
        assert_gradient!(owned, 0.4, n);
    }
}

/// A method, and the block's argument.
#[derive(Differentiable, Clone, Debug)]
struct Decay {
    rate: f64,
}

#[differentiable(checkpoints = 3)]
impl Decay {
    fn after(&self, x: f64, n: usize) -> f64 {
        let mut x = x;
        for _ in 0..n {
            x = x - self.rate * x * x;
        }
        x
    }
}

#[test]
fn methods_have_joint_mode_and_checkpoints_too() {
    let decay = Decay { rate: 0.1 };
    let (value, (tangent, x_bar)) = decay.after_value_and_grad(0.7, 5000);
    assert_eq!(value, decay.after(0.7, 5000));
    let (_, pullback) = decay.after_vjp(0.7, 5000);
    let (other, other_bar) = pullback(1.0);
    assert_eq!((tangent.rate, x_bar), (other.rate, other_bar));
    let step = 1e-6;
    let difference = (decay.after(0.7 + step, 5000) - decay.after(0.7 - step, 5000)) / (2.0 * step);
    assert!((x_bar - difference).abs() < 1e-9);
}
