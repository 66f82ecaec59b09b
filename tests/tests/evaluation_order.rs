//! Arguments that write to what other arguments, or the place that is written to, are indexed by: values are those of the functions, and
//! gradients agree with central differences.

use tapeless::assert_gradient;
use tapeless::prelude::*;

const X: [f64; 4] = [0.3, -0.7, 1.2, 0.5];

/// Compares values and gradients.
macro_rules! agree {
    ($($function:ident)*) => {$(
        let value = $function(&X, 0.8);
        assert!($function::value_and_grad(&X, 0.8).0 == value, "{}", stringify!($function));
        assert_gradient!($function, &X[..], 0.8);
    )*};
}

mod calls {
    use super::*;

    #[differentiable]
    fn doubled(element: &mut f64, position: &mut usize) -> f64 {
        *element *= 2.0;
        *position += 1;
        *element
    }

    #[differentiable]
    fn scaled(element: &mut f64, k: usize) {
        *element *= k as f64;
    }

    #[differentiable]
    fn scaled_last(k: usize, element: &mut f64) {
        *element *= k as f64;
    }

    #[differentiable]
    fn counted(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut position = 0;
        let mut total = 0.0;
        while position < 3 {
            total += doubled(&mut v[position], &mut position) * k;
        }
        total * v[0] + v[1] * v[2]
    }

    #[differentiable]
    fn written_behind(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 1;
        scaled(&mut v[i], {
            i += 1;
            i
        });
        v[0] * k + v[1] * v[2] * v[3]
    }

    #[differentiable]
    fn written_before(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 1;
        scaled_last(
            {
                i += 1;
                i
            },
            &mut v[i],
        );
        v[0] * k + v[1] * v[2] * v[3]
    }

    #[differentiable]
    fn first_of(part: &mut [f64], position: &mut usize) -> f64 {
        part[0] *= 2.0;
        *position += 1;
        part[0]
    }

    #[differentiable]
    fn parts(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut position = 0;
        let mut total = 0.0;
        while position < 3 {
            total += first_of(&mut v[position..position + 2], &mut position) * k;
        }
        total * v[0] + v[1] * v[2]
    }

    #[test]
    fn agree_with_differences() {
        agree!(counted written_behind written_before parts);
    }
}

mod methods {
    use super::*;

    #[differentiable]
    fn pushed(x: &[f64], k: f64) -> f64 {
        let mut v = vec![x.to_vec(), x.to_vec(), x.to_vec()];
        let mut i = 0;
        v[i].push({
            i += 1;
            i as f64 * k
        });
        v[{
            i += 1;
            i
        }]
        .push(k * k);
        v[0].len() as f64 * v[0][v[0].len() - 1] + v[1][3] + v[2][v[2].len() - 1]
    }

    #[differentiable]
    fn swapped(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 0;
        v.swap(i, {
            i += 1;
            i + 1
        });
        v[0] * k + v[1] * v[2] * v[2] * v[3]
    }

    #[differentiable]
    fn filled(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 2;
        v[..i].fill({
            i -= 1;
            k
        });
        v[i..].copy_from_slice({
            i += 1;
            &x[..3]
        });
        v[0] * v[1] * v[2] * v[3] * i as f64
    }

    #[differentiable]
    fn replaced(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 0;
        let old = std::mem::replace(&mut v[i], {
            i += 1;
            k
        });
        old * v[0] + v[i] * v[2] * v[2] * v[3]
    }

    #[test]
    fn agree_with_differences() {
        agree!(pushed swapped filled replaced);
    }
}

mod assignments {
    use super::*;

    #[differentiable]
    fn right_first(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 1;
        v[i] = {
            i += 1;
            i as f64 * k
        };
        v[0] * k + v[1] * v[2] * v[3]
    }

    #[differentiable]
    fn from_left_to_right(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 0;
        (v[i], i) = (k * k, i + 1);
        (i, v[i]) = (i + 1, k);
        v[0] * 2.0 + v[1] * 3.0 + v[2] * 5.0 * i as f64
    }

    #[differentiable]
    fn operands(x: &[f64], k: f64) -> f64 {
        let mut i = 0;
        let y = x[i] * {
            i += 1;
            k
        } + x[i];
        y * k
    }

    #[test]
    fn agree_with_differences() {
        agree!(right_first from_left_to_right operands);
    }
}
