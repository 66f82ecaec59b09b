//! Names that generated code has for itself, and what `macro_rules!` macros pass on.

pub mod variables {
    use tapeless::prelude::*;

    #[differentiable]
    pub fn parameters(__x_bar: f64, t_1: f64, __operand: f64) -> f64 {
        let __value = __x_bar * t_1;
        let t_2 = __value + __operand;
        let __pullback = t_2.sin();
        let __kept = __pullback * t_1;
        __kept * __value
    }

    #[differentiable]
    pub fn more_parameters(__seed: f64, __slot: f64, x: f64, x_bar: f64, __x_slot: f64, __x_shape: f64) -> f64 {
        let y_bar = x * x_bar;
        let __out = __seed * __slot;
        if __out > 0.0 {
            let __arm_flow = y_bar * __out;
            return __arm_flow;
        }
        __x_slot * __x_shape + y_bar
    }

    #[differentiable]
    pub fn buffers(x: f64, __x_buffer: f64, __cotangent: f64) -> f64 {
        x * __x_buffer + __cotangent * x
    }
}

pub mod generics {
    use tapeless::prelude::*;

    #[differentiable]
    pub fn lifetimes<'scalar, '__scalar, '__clone>(x: &'scalar f64, y: &'__scalar f64, z: &'__clone f64) -> f64 {
        x * y * z
    }

    #[differentiable]
    pub fn scale<T: Real>(scale: T, x: T) -> T {
        scale * x
    }
}

pub mod macros {
    use tapeless::prelude::*;

    macro_rules! of_expression {
        ($name:ident($($parameter:ident: $ty:ty),*) = $value:expr) => {
            #[differentiable]
            pub fn $name($($parameter: $ty),*) -> f64 {
                // A variable of the macro's own: not the user's `t`.
                let t = 2.0;
                let value = $value;
                value * t
            }
        };
    }

    of_expression!(uses_t(t: f64, u: f64) = t * u + t);
    of_expression!(block(a: f64, b: &[f64; 2]) = {
        let t = a * b[0];
        if t > 0.0 { t * b[1] } else { a }
    });

    macro_rules! whole_item {
        ($item:item) => {
            #[differentiable]
            $item
        };
    }
    whole_item! {
        pub fn passed(x: f64) -> f64 {
            x * x
        }
    }
}

pub mod groups {
    use tapeless::prelude::*;

    macro_rules! line {
        ($name:ident, $slope:expr) => {
            #[differentiable]
            pub fn $name(x: f64) -> f64 {
                $slope * x
            }
        };
    }
    line!(three, 2.0 + 1.0);

    macro_rules! inactive {
        ($name:ident, $number:expr) => {
            #[differentiable]
            pub fn $name(x: f64) -> f64 {
                let n = 2 * $number;
                f64::from($number * 2 + n) * x
            }
        };
    }
    inactive!(twelve, 1 + 2);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tapeless::assert_gradient;

    #[test]
    fn gradients_agree_with_differences() {
        assert_gradient!(variables::parameters, 0.5, 0.7, 0.9);
        assert_gradient!(variables::more_parameters, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5);
        assert_gradient!(variables::more_parameters, 0.5, -0.7, 0.9, 1.1, 1.3, 1.5);
        assert_gradient!(variables::buffers, 0.5, 0.7, 0.9);
        assert_gradient!(generics::lifetimes, &0.5, &0.7, &0.9);
        assert_gradient!(generics::scale, 0.5, 0.7);
        assert_gradient!(macros::uses_t, 0.5, 0.7);
        assert_gradient!(macros::block, 0.5, &[0.7, 0.9]);
        assert_gradient!(macros::passed, 0.5);
        assert_eq!(groups::three(10.0), 30.0);
        assert_eq!(groups::three::grad(10.0), 3.0);
        assert_eq!(groups::twelve(10.0), 120.0);
        assert_eq!(groups::twelve::grad(10.0), 12.0);
    }
}
