//! A user's crate whose own names are those of generated code, of the standard library, or of this library.
#![allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    dead_code,
    // What a user's crate may be warned of is the business of `strict`.
    clippy::all
)]

pub mod reserved;

/// Local variables and parameters that are called like generated ones.
pub mod variables {
    use tapeless::prelude::*;

    #[differentiable]
    pub fn function_names(grad: f64, vjp: f64, graph: f64, value_and_grad: f64) -> f64 {
        let split = grad * vjp;
        let __split = graph * value_and_grad;
        split + __split
    }

    #[differentiable]
    pub fn itself(itself: f64, x: f64) -> f64 {
        let y = itself * x;
        let itself = y * y;
        itself + x
    }

    #[differentiable]
    pub fn raw(r#match: f64, r#type: f64) -> f64 {
        let r#fn = r#match * r#type;
        r#fn * r#match
    }

    #[differentiable]
    pub fn unicode(größe: f64, Δx: f64) -> f64 {
        let ß = größe * Δx;
        ß.exp()
    }

    #[differentiable]
    pub fn rule_names(add: f64, mul: f64, sin: f64) -> f64 {
        let exp = add * mul;
        let sub = exp.sin() * sin;
        sub.exp() + add
    }
}

/// Differentiable functions that are called like generated ones.
pub mod functions {
    use ::tapeless::prelude::*;

    #[differentiable]
    pub fn grad(x: f64) -> f64 {
        vjp(x) * x
    }
    #[differentiable]
    pub fn vjp(x: f64) -> f64 {
        value_and_grad(x, x)
    }
    #[differentiable]
    pub fn value_and_grad(x: f64, y: f64) -> f64 {
        graph(x) * sin(y)
    }
    #[differentiable]
    pub fn graph(x: f64) -> f64 {
        x + 1.0
    }
    #[differentiable]
    pub fn sin(x: f64) -> f64 {
        x * 2.0
    }
    #[differentiable]
    pub fn core(x: f64) -> f64 {
        self::tapeless(x) * x
    }
    #[differentiable]
    pub fn tapeless(x: f64) -> f64 {
        x.sin()
    }
    #[differentiable]
    pub fn T(x: f64) -> f64 {
        x * x
    }
    #[differentiable]
    pub fn r#loop(x: f64) -> f64 {
        x * x
    }
}

/// Types and traits that hide those of the prelude.
pub mod types {
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct Box;
    pub struct Vec;
    pub struct String;
    pub trait Clone {}
    pub trait Copy {}
    pub trait Default {}
    pub trait FnOnce {}
    pub trait Into {}
    pub trait From {}
    pub trait Iterator {}
    pub trait Real {}
    pub trait Tangent {}
    pub trait Accumulate {}
    pub struct Matrix;
    pub struct Inline;
    pub struct Heap;
    pub struct Bar;
    pub struct Flow;
    pub struct Unused;
    pub struct Kind;
    pub struct Like;
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod tapeless {}
    pub fn drop() {}

    use ::tapeless::{Differentiable, derivative_of, differentiable};

    #[derive(Differentiable, ::core::clone::Clone, ::core::marker::Copy, Debug)]
    pub struct Point {
        pub x: f64,
        pub y: f64,
        #[no_diff]
        pub n: usize,
    }

    #[differentiable]
    pub fn hidden_prelude(p: &Point, z: f64, n: u8) -> f64 {
        let mut s = p.x * z;
        if s > 0.0 {
            s = s * p.y;
        } else if n > 3 {
            return z;
        }
        let f = |a: f64| a * z;
        let Point { x, y, .. } = *p;
        match n {
            0 => f(s) + x,
            _ => external(y),
        }
    }

    fn external(x: f64) -> f64 {
        x
    }

    #[derivative_of(external)]
    fn external_vjp(x: f64) -> (f64, impl ::core::ops::FnOnce(f64) -> f64) {
        (x, |bar| bar)
    }
}

/// Modules and types that are called like primitive types.
pub mod primitives {
    pub mod f64 {}
    pub mod f32 {}
    pub mod usize {}

    use tapeless::prelude::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub struct Pair(pub f64, pub f32);

    #[differentiable]
    pub fn scalars(x: f64, p: Pair, n: usize) -> f64 {
        if n > 2 { x * p.0 } else { x }
    }
}

/// Constants, statics and patterns.
pub mod constants {
    use tapeless::prelude::*;

    pub const x: i32 = 3;
    pub const t_1: f64 = 2.0;
    pub static s: f64 = 0.5;

    #[differentiable]
    pub fn global(a: f64, n: i32) -> f64 {
        let b = a * t_1 + s * a;
        match n {
            x => b * 3.0,
            _ => b,
        }
    }
}

/// Type parameters and constants that are called like those of generated code.
pub mod generics {
    use tapeless::prelude::*;

    #[differentiable]
    pub fn types<T: Real, S: Storage, const N: usize>(a: &Matrix<N, N, T, S>, b: T) -> T {
        a.trace() * b
    }

    #[differentiable]
    pub fn others<F: Real, A: Real>(f: F, a: A, b: A) -> F {
        let c = a * b;
        let _ = c;
        f * f
    }

    #[differentiable]
    pub fn impls<Impl: Real>(x: Impl, f: impl Fn(f64) -> f64) -> Impl {
        let _ = f(1.0);
        x * x
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub struct Of<T: Real, S: Real, const N: usize> {
        pub a: T,
        pub b: S,
        pub c: [T; N],
    }

    #[differentiable]
    pub fn of<T: Real, S: Real>(value: &Of<T, S, 2>) -> T {
        value.a * value.c[1]
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub struct Fields {
        pub shape: f64,
        pub zero: f64,
        pub tangent: f64,
        pub leaf: f64,
        pub index: f64,
        pub step: f64,
        pub value: f64,
        pub this: f64,
        pub __0: f64,
        pub accumulator: f64,
        pub slot: f64,
        pub r#type: f64,
    }

    #[differentiable]
    pub fn fields(f: Fields) -> f64 {
        f.shape * f.zero * f.tangent * f.leaf * f.index * f.step * f.value * f.this * f.__0 * f.accumulator * f.slot
            + f.r#type
    }
}

/// Methods of the user's own traits that are called like generated ones.
pub mod methods {
    use tapeless::prelude::*;

    pub trait Extra {
        fn __operand(&self) -> i32 {
            1
        }
        fn __record(&self) -> i32 {
            1
        }
        fn clone_owned(&self) -> i32 {
            1
        }
        fn add(&self, _: i32) -> i32 {
            1
        }
    }
    impl<T> Extra for T {}

    #[differentiable]
    pub fn with_trait_in_scope(x: f64, y: f64) -> f64 {
        let mut a = x * y;
        if a > 0.0 {
            a += x;
        }
        a * a
    }
}

/// Differentiable functions made by `macro_rules!`.
pub mod macros {
    use tapeless::prelude::*;

    macro_rules! polynomial {
        ($(#[$attribute:meta])* $name:ident, $x:ident, $($coefficient:expr),*) => {
            $(#[$attribute])*
            #[differentiable]
            pub fn $name($x: f64) -> f64 {
                let mut sum = 0.0;
                let mut power = 1.0;
                $(
                    sum += $coefficient * power;
                    power *= $x;
                )*
                sum + power * 0.0
            }
        };
    }

    polynomial!(
        /// A cubic.
        cubic, x, 1.0, 3.0, -1.0, 0.5
    );
    polynomial!(
        #[inline]
        sum,
        z,
        1.0,
        2.0
    );

    macro_rules! of_expression {
        ($name:ident($($parameter:ident: $ty:ty),*) = $value:expr) => {
            #[differentiable]
            pub fn $name($($parameter: $ty),*) -> f64 {
                let factor = 2.0;
                let value = $value;
                value * factor
            }
        };
    }

    of_expression!(uses_t(t: f64, u: f64) = t * u + t);
    of_expression!(block(a: f64, b: [f64; 2]) = {
        let t = a * b[0];
        if t > 0.0 { t * b[1] } else { a }
    });

    macro_rules! with_body {
        ($name:ident, $body:block, $pattern:pat => $x:ident, $ty:ty, $number:literal) => {
            #[differentiable]
            pub fn $name($pattern: $ty) -> f64 {
                let y = $body;
                y * $x * $number
            }
        };
    }
    with_body!(parts, { 2.0 * 3.0 }, (a, _) => a, (f64, f64), 4.0);

    macro_rules! sum_of {
        ($x:expr) => { $x };
        ($x:expr, $($rest:expr),+) => { $x + sum_of!($($rest),+) };
    }

    #[differentiable]
    pub fn macro_on_inactive(x: f64, n: i32) -> f64 {
        x * f64::from(sum_of!(n, 2, n * 3))
    }

    macro_rules! power {
        ($name:ident, $method:ident, $($argument:expr),*) => {
            #[differentiable]
            pub fn $name(x: f64) -> f64 { x.$method($($argument),*) * x }
        };
    }
    power!(cubed, powi, 2);
    power!(rooted, sqrt,);

    macro_rules! operator {
        ($name:ident, $operator:tt) => {
            #[differentiable]
            pub fn $name(x: f64, y: f64) -> f64 { x $operator y $operator 2.0 }
        };
    }
    operator!(plus, +);
    operator!(times, *);
    operator!(over, /);
}

/// Attributes, visibilities, places.
pub mod places {
    use tapeless::prelude::*;

    #[differentiable]
    #[inline(always)]
    #[must_use = "use it"]
    #[allow(clippy::let_and_return)]
    #[doc(alias = "other")]
    #[cfg(all())]
    pub(crate) fn attributes(x: f64) -> f64 {
        let y = x * x;
        y
    }

    #[cfg(any())]
    #[differentiable]
    fn absent(x: Missing) -> f64 {
        x
    }

    #[cfg(any())]
    #[derive(Differentiable)]
    struct Absent {
        x: Missing,
    }

    #[derive(Differentiable, Clone, Debug)]
    pub struct Conditional {
        pub x: f64,
        #[cfg(any())]
        pub y: Missing,
    }

    #[differentiable]
    #[deprecated = "old"]
    pub fn old(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    #[track_caller]
    pub fn attributes_of_statements(x: f64) -> f64 {
        #[allow(clippy::identity_op)]
        let y = x * 1.0;
        y
    }

    #[differentiable]
    pub const fn constant(x: f64, y: f64) -> f64 {
        x * y + x
    }

    #[differentiable]
    pub extern "C" fn foreign(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    pub fn nested(x: f64) -> f64 {
        const FACTOR: f64 = 2.0;
        struct Local {
            a: f64,
        }
        #[derive(Differentiable, Clone, Copy)]
        struct LocalPoint {
            a: f64,
        }
        enum Which {
            One,
        }
        mod inner {
            use tapeless::prelude::*;
            #[differentiable]
            pub fn cube(x: f64) -> f64 {
                x * x * x
            }
        }
        #[differentiable]
        fn local(p: LocalPoint) -> f64 {
            #[differentiable]
            fn deeper(x: f64) -> f64 {
                x * FACTOR
            }
            deeper(p.a) * p.a
        }
        fn plain(n: i32) -> i32 {
            n + 1
        }
        type Number = f64;
        let which = Which::One;
        let k: Number = match which {
            Which::One => f64::from(plain(1)),
        };
        local(LocalPoint { a: x }) * inner::cube(x) * k + Local { a: 1.0 }.a
    }

    pub fn in_a_plain_function(x: f64) -> f64 {
        #[derive(Differentiable, Clone, Copy)]
        struct P {
            a: f64,
        }
        #[differentiable]
        fn f(p: P) -> f64 {
            p.a * p.a
        }
        let gradient = || {
            #[differentiable]
            fn g(x: f64) -> f64 {
                x * 3.0
            }
            g::grad(x)
        };
        f::grad(P { a: x }).a + gradient()
    }

    pub struct Holder;

    impl Holder {
        pub fn gradient(x: f64) -> f64 {
            #[differentiable]
            fn f(x: f64) -> f64 {
                x * x
            }
            f::grad(x)
        }
    }

    pub mod privates {
        use tapeless::prelude::*;

        #[derive(Differentiable, Clone, Copy)]
        struct Private(f64);

        #[derive(Differentiable, Clone, Copy)]
        pub(in super::super) struct Restricted {
            pub(super) x: f64,
            y: f64,
        }

        #[differentiable]
        fn private(p: Private) -> f64 {
            p.0 * p.0
        }

        #[differentiable]
        pub(in super::super) fn restricted(p: Restricted, q: f64) -> f64 {
            p.x * p.y + private(Private(q))
        }

        pub(in super::super) fn make(x: f64, y: f64) -> Restricted {
            Restricted { x, y }
        }
    }

    pub mod reexported {
        pub use super::attributes_for_export as under_another_name;
    }

    #[differentiable]
    pub fn attributes_for_export(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    pub fn calls_reexported(x: f64) -> f64 {
        use super::places as here;
        reexported::under_another_name(x) * here::reexported::under_another_name(x)
    }

    #[differentiable]
    #[rustfmt::skip]
    pub fn where_clauses<'a, T, F, const N: usize>(x: &'a [T; N], f: F, g: &impl Fn(usize) -> usize) -> T
    where T: Real + 'a, F: Fn(usize) -> usize, [T; N]: Sized
    {
        x[f(0)] * x[g(0)]
    }

    #[differentiable]
    pub fn trailing(x: f64) -> f64 {
        return x * x;
    }

    #[differentiable]
    pub fn parenthesised(x: f64, y: f64) -> f64 {
        (x) * ({ y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tapeless::assert_gradient;

    #[test]
    fn gradients_agree_with_differences() {
        assert_gradient!(variables::function_names, 0.5, 0.7, 0.9, 1.1);
        assert_gradient!(variables::itself, 0.5, 0.7);
        assert_gradient!(variables::raw, 0.5, 0.7);
        assert_gradient!(variables::unicode, 0.5, 0.7);
        assert_gradient!(variables::rule_names, 0.5, 0.7, 0.9);
        assert_gradient!(functions::grad, 0.5);
        assert_gradient!(functions::core, 0.5);
        assert_gradient!(functions::T, 0.5);
        let p = types::Point { x: 0.5, y: 0.7, n: 1 };
        assert_gradient!(types::hidden_prelude, &p, 0.9, 0);
        assert_gradient!(types::hidden_prelude, &p, -0.9, 4);
        assert_gradient!(types::hidden_prelude, &p, 0.9, 1);
        assert_gradient!(primitives::scalars, 0.5, primitives::Pair(0.7, 0.9), 3);
        assert_gradient!(constants::global, 0.5, 3);
        assert_gradient!(constants::global, 0.5, 4);
        let m = tapeless::Matrix::from_rows([[0.5, 0.7], [0.9, 1.1]]);
        assert_gradient!(generics::types, &m, 0.5);
        assert_gradient!(methods::with_trait_in_scope, 0.5, 0.7);
        assert_gradient!(macros::cubic, 0.5);
        assert_gradient!(macros::sum, 0.5);
        assert_gradient!(macros::uses_t, 0.5, 0.7);
        assert_gradient!(macros::block, 0.5, [0.7, 0.9]);
        assert_gradient!(macros::macro_on_inactive, 0.5, 3);
        assert_gradient!(macros::parts, (0.5, 0.7));
        assert_gradient!(macros::cubed, 0.5);
        assert_gradient!(macros::rooted, 0.5);
        assert_gradient!(macros::plus, 0.5, 0.7);
        assert_gradient!(macros::times, 0.5, 0.7);
        assert_gradient!(macros::over, 0.5, 0.7);
        assert_gradient!(places::attributes, 0.5);
        assert_gradient!(places::attributes_of_statements, 0.5);
        assert_gradient!(places::constant, 0.5, 0.7);
        assert_gradient!(places::foreign, 0.5);
        assert_gradient!(places::nested, 0.5);
        assert_gradient!(places::privates::restricted, places::privates::make(0.5, 0.7), 0.9);
        assert_gradient!(places::calls_reexported, 0.5);
        assert_gradient!(places::trailing, 0.5);
        assert_gradient!(places::parenthesised, 0.5, 0.7);
        assert_eq!(places::in_a_plain_function(2.0), 7.0);
        assert_eq!(places::Holder::gradient(2.0), 4.0);
        assert_eq!(places::where_clauses::grad(&[1.0, 2.0], |_| 1, &|_| 0), [2.0, 1.0]);
    }
}
