//! The rules of matrices: operators, products, reductions, losses, shapes. Each against central differences, in
//! `f32` and `f64`, inline, on the heap and mixed, with either operand constant; into a fresh cotangent, over a buffer
//! that is not clean, and added to what is there.
//!
//! Without lints, which would take longer than the test: those of generated code are tried in `users/strict` and in the other tests.

#![cfg(not(clippy))]
// The same source serves matrices that can be copied and others; an operand that stands twice is a case of its own.
#![allow(clippy::clone_on_copy, clippy::op_ref, clippy::eq_op)]

use tapeless::check::compare;
use tapeless::prelude::*;

/// A value without a pattern.
trait Example {
    fn example(seed: usize) -> Self;
}

/// Numbers between -2 and 2, none near 0.
fn number(index: usize) -> f64 {
    let number = (index * 7919 % 1009) as f64 / 280.0 - 1.8;
    if number.abs() < 0.1 { number + 0.3 } else { number }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Example for Matrix<N, M, T, S> {
    fn example(seed: usize) -> Self {
        Construct::from_fn(|i, j| T::from_f64(number(i * 31 + j * 17 + seed * 57)))
    }
}

impl Example for f32 {
    fn example(seed: usize) -> Self {
        number(seed) as f32
    }
}

impl Example for f64 {
    fn example(seed: usize) -> Self {
        number(seed)
    }
}

/// A tangent that is not clean.
fn dirty<T: Tangent>(mut tangent: T) -> T {
    for leaf in 0..tangent.leaf_count() {
        for index in 0..tangent.leaf(leaf).len() {
            tangent.leaf_mut(leaf).set(index, f64::NAN);
        }
    }
    tangent
}

/// Checks functions, given as `name(parameter buffer: type, …)`.
macro_rules! check {
    ($($name:ident($($x:ident $x_bar:ident: $X:ty),*);)*) => {$(
        {
            $(let $x: $X = Example::example(stringify!($x).bytes().map(usize::from).sum());)*
            assert_gradient!($name, $(&$x),*);

            let expected = $name::grad($(&$x),*);
            $(let mut $x_bar = dirty($x.zero_tangent());)*
            let value = $name::value_and_grad_into($(&$x,)* $(&mut $x_bar),*);
            assert_eq!(value, $name($(&$x),*));
            assert_eq!(expected, ($($x_bar),*), "{} over a buffer", stringify!($name));

            #[differentiable]
            fn twice($($x: &$X),*) -> Float {
                let first = $name($($x),*);
                let second = $name($($x),*);
                first + second
            }
            let mut doubled = expected;
            doubled.scale(2.0);
            compare(&twice::grad($(&$x),*), &doubled, 1e-5).unwrap();
            $(let mut $x_bar = dirty($x.zero_tangent());)*
            twice::value_and_grad_into($(&$x,)* $(&mut $x_bar),*);
            compare(&($($x_bar),*), &doubled, 1e-5).unwrap();
        }
    )*};
}

/// Repeats a module for every pair of storages, with both scalars in each: `A` is the type of a left operand, `B` of a right one.
macro_rules! everywhere {
    ($name:ident $body:tt) => {
        mod $name {
            use super::*;
            everywhere!(@one f32_inline, f32, Inline, Inline, $body);
            everywhere!(@one f64_heap, f64, Heap, Heap, $body);
            everywhere!(@one f32_heap_and_inline, f32, Heap, Inline, $body);
            everywhere!(@one f64_inline_and_heap, f64, Inline, Heap, $body);
        }
    };
    (@one $module:ident, $float:ident, $First:ident, $Second:ident, { $($body:tt)* }) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;
            type Float = $float;
            type A<const N: usize, const M: usize> = Matrix<N, M, $float, $First>;
            #[allow(dead_code)]
            type B<const N: usize, const M: usize> = Matrix<N, M, $float, $Second>;
            $($body)*
        }
    };
}

everywhere! { operators {
    #[differentiable]
    fn sum(x: &A<2, 3>, y: &B<2, 3>, w: &B<2, 3>) -> Float {
        (x + y).dot(w)
    }
    #[differentiable]
    fn difference(x: &A<2, 3>, y: &B<2, 3>, w: &B<2, 3>) -> Float {
        (x - y).dot(w)
    }
    #[differentiable]
    fn negative(x: &A<2, 3>, w: &B<2, 3>) -> Float {
        (-x).dot(w)
    }
    #[differentiable]
    fn plus_scalar(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        (x + *s).dot(w) + (*s + x).norm_squared()
    }
    #[differentiable]
    fn minus_scalar(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        (x - *s).dot(w) + (*s - x).norm_squared()
    }
    #[differentiable]
    fn times_scalar(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        (x * *s).dot(w) + (*s * x).norm_squared()
    }
    #[differentiable]
    fn over_scalar(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        (x / *s).dot(w) + (*s / x).norm_squared()
    }
    #[differentiable]
    fn constants(x: &A<2, 3>, w: &B<2, 3>) -> Float {
        (2.0 * x + x * 3.0 - x / 4.0 + 5.0 / x + (x - 1.0) - (1.0 - x)).dot(w)
    }
    #[differentiable]
    fn constant_matrices(s: &Float) -> Float {
        let ones: A<2, 3> = Construct::filled(1.5);
        (*s * &ones + &ones * *s - *s / &ones + &ones / *s + (&ones - *s)).norm_squared()
    }
    #[differentiable]
    fn by_value(x: &A<2, 3>, y: &B<2, 3>, w: &B<2, 3>) -> Float {
        (x.clone() + y.clone() - w.clone()).dot(w.clone())
    }
    #[differentiable]
    fn in_place(x: &A<2, 3>, y: &B<2, 3>, s: &Float) -> Float {
        let mut z = x.clone();
        z += y;
        z *= *s;
        z -= x;
        z /= *s + 3.0;
        z += *s;
        z -= 2.0 * *s;
        z.norm_squared()
    }
    #[differentiable]
    fn same_operand(x: &A<2, 3>) -> Float {
        (x + x).dot(x - x + x) + x.hadamard(x).sum() + x.dot(x)
    }
    #[differentiable]
    fn hadamard(x: &A<2, 3>, y: &B<2, 3>, w: &B<2, 3>) -> Float {
        x.hadamard(y).dot(w)
    }
    #[differentiable(wrt(x))]
    fn hadamard_left(x: &A<2, 3>, y: &B<2, 3>, w: &B<2, 3>) -> Float {
        x.hadamard(y).dot(w)
    }
    #[differentiable(wrt(y))]
    fn hadamard_right(x: &A<2, 3>, y: &B<2, 3>, w: &B<2, 3>) -> Float {
        x.hadamard(y).dot(w)
    }
    #[differentiable(wrt(w))]
    fn dot_right(x: &A<2, 3>, w: &B<2, 3>) -> Float {
        x.dot(w)
    }

    #[test]
    fn agree_with_differences() {
        check! {
            sum(x dx: A<2, 3>, y dy: B<2, 3>, w dw: B<2, 3>);
            difference(x dx: A<2, 3>, y dy: B<2, 3>, w dw: B<2, 3>);
            negative(x dx: A<2, 3>, w dw: B<2, 3>);
            plus_scalar(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            minus_scalar(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            times_scalar(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            over_scalar(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            constants(x dx: A<2, 3>, w dw: B<2, 3>);
            constant_matrices(s ds: Float);
            by_value(x dx: A<2, 3>, y dy: B<2, 3>, w dw: B<2, 3>);
            in_place(x dx: A<2, 3>, y dy: B<2, 3>, s ds: Float);
            same_operand(x dx: A<2, 3>);
            hadamard(x dx: A<2, 3>, y dy: B<2, 3>, w dw: B<2, 3>);
        }
        let (x, y, w): (A<2, 3>, B<2, 3>, B<2, 3>) = (Example::example(1), Example::example(2), Example::example(3));
        assert_gradient!(hadamard_left, &x, &y, &w);
        assert_gradient!(hadamard_right, &x, &y, &w);
        assert_gradient!(dot_right, &x, &w);
    }
} }

everywhere! { products {
    #[differentiable]
    fn small(x: &A<2, 3>, y: &B<3, 4>, w: &B<2, 4>) -> Float {
        (x * y).dot(w)
    }
    #[differentiable]
    fn large(x: &A<9, 11>, y: &B<11, 13>, w: &B<9, 13>) -> Float {
        (x * y).dot(w)
    }
    #[differentiable]
    fn row_and_column(x: &A<1, 5>, y: &B<5, 1>) -> Float {
        (x * y)[(0, 0)] + (y * x).norm_squared()
    }
    #[differentiable]
    fn square(x: &A<3, 3>, w: &B<3, 3>) -> Float {
        (x * x).dot(w)
    }
    #[differentiable]
    fn gram(x: &A<3, 2>, w: &B<2, 2>) -> Float {
        (x.transpose() * x).dot(w)
    }
    #[differentiable]
    fn chain(x: &A<2, 3>, y: &B<3, 3>) -> Float {
        (x * y * y).norm_squared()
    }
    #[differentiable(wrt(x))]
    fn left(x: &A<2, 3>, y: &B<3, 4>) -> Float {
        (x * y).norm_squared()
    }
    #[differentiable(wrt(y))]
    fn right(x: &A<2, 3>, y: &B<3, 4>) -> Float {
        (x * y).norm_squared()
    }
    #[differentiable(wrt(x))]
    fn large_left(x: &A<9, 11>, y: &B<11, 13>) -> Float {
        (x * y).norm_squared()
    }
    #[differentiable(wrt(y))]
    fn large_right(x: &A<9, 11>, y: &B<11, 13>) -> Float {
        (x * y).norm_squared()
    }

    #[test]
    fn agree_with_differences() {
        check! {
            small(x dx: A<2, 3>, y dy: B<3, 4>, w dw: B<2, 4>);
            large(x dx: A<9, 11>, y dy: B<11, 13>, w dw: B<9, 13>);
            row_and_column(x dx: A<1, 5>, y dy: B<5, 1>);
            square(x dx: A<3, 3>, w dw: B<3, 3>);
            gram(x dx: A<3, 2>, w dw: B<2, 2>);
            chain(x dx: A<2, 3>, y dy: B<3, 3>);
        }
        let (x, y): (A<2, 3>, B<3, 4>) = (Example::example(1), Example::example(2));
        assert_gradient!(left, &x, &y);
        assert_gradient!(right, &x, &y);
        let (x, y): (A<9, 11>, B<11, 13>) = (Example::example(1), Example::example(2));
        assert_gradient!(large_left, &x, &y);
        assert_gradient!(large_right, &x, &y);
    }
} }

everywhere! { reductions {
    #[differentiable]
    fn sum(x: &A<3, 4>) -> Float {
        x.sum() * x.sum()
    }
    #[differentiable]
    fn mean(x: &A<3, 4>) -> Float {
        x.mean() * x.mean()
    }
    #[differentiable]
    fn sum_rows(x: &A<3, 4>, w: &B<1, 4>) -> Float {
        x.sum_rows().dot(w)
    }
    #[differentiable]
    fn sum_columns(x: &A<3, 4>, w: &B<3, 1>) -> Float {
        x.sum_columns().dot(w)
    }
    #[differentiable]
    fn trace(x: &A<3, 3>) -> Float {
        x.trace() * x.trace()
    }
    #[differentiable]
    fn extrema(x: &A<3, 4>) -> Float {
        x.max() * x.min() + x.max()
    }
    #[differentiable]
    fn norm(x: &A<3, 4>) -> Float {
        x.norm() * 1.5
    }
    #[differentiable]
    fn norm_squared(x: &A<3, 4>) -> Float {
        x.norm_squared() * 1.5
    }
    #[differentiable]
    fn dot(x: &A<3, 4>, y: &B<3, 4>) -> Float {
        x.dot(y) * 1.5
    }
    #[differentiable]
    fn add_row(x: &A<3, 4>, y: &B<1, 4>, w: &B<3, 4>) -> Float {
        x.add_row(y).dot(w)
    }

    #[test]
    fn agree_with_differences() {
        check! {
            sum(x dx: A<3, 4>);
            mean(x dx: A<3, 4>);
            sum_rows(x dx: A<3, 4>, w dw: B<1, 4>);
            sum_columns(x dx: A<3, 4>, w dw: B<3, 1>);
            trace(x dx: A<3, 3>);
            extrema(x dx: A<3, 4>);
            norm(x dx: A<3, 4>);
            norm_squared(x dx: A<3, 4>);
            dot(x dx: A<3, 4>, y dy: B<3, 4>);
            add_row(x dx: A<3, 4>, y dy: B<1, 4>, w dw: B<3, 4>);
        }
    }

    #[differentiable]
    fn largest(x: &A<2, 2>) -> Float {
        x.max()
    }
    #[differentiable]
    fn smallest(x: &A<2, 2>) -> Float {
        x.min()
    }

    #[test]
    fn at_a_tie_the_first_gets_all() {
        let x: A<2, 2> = Construct::from_rows([[1.0, 3.0], [3.0, 1.0]]);
        assert_eq!(largest::grad(&x), Matrix::<2, 2, Float>::from_rows([[0.0, 1.0], [0.0, 0.0]]));
        assert_eq!(smallest::grad(&x), Matrix::<2, 2, Float>::from_rows([[1.0, 0.0], [0.0, 0.0]]));
        // Zeros tie whatever their sign.
        let x: A<2, 2> = Construct::from_rows([[-0.0, 0.0], [0.0, -0.0]]);
        assert_eq!(largest::grad(&x), Matrix::<2, 2, Float>::from_rows([[1.0, 0.0], [0.0, 0.0]]));
        assert_eq!(smallest::grad(&x), Matrix::<2, 2, Float>::from_rows([[1.0, 0.0], [0.0, 0.0]]));
        let x: A<2, 2> = Construct::filled(Float::INFINITY);
        assert_eq!(largest::grad(&x), Matrix::<2, 2, Float>::from_rows([[1.0, 0.0], [0.0, 0.0]]));
    }

    #[test]
    fn nan_is_never_the_extremum() {
        let x: A<2, 2> = Construct::from_rows([[Float::NAN, 1.0], [2.0, Float::NAN]]);
        assert_eq!((x.max(), x.min()), (2.0, 1.0));
        assert_eq!(largest::grad(&x), Matrix::<2, 2, Float>::from_rows([[0.0, 0.0], [1.0, 0.0]]));
        assert_eq!(smallest::grad(&x), Matrix::<2, 2, Float>::from_rows([[0.0, 1.0], [0.0, 0.0]]));
    }

    #[test]
    fn the_norm_neither_overflows_nor_vanishes() {
        #[differentiable]
        fn length(x: &A<1, 2>) -> Float {
            x.norm()
        }
        let powers = [Float::MIN_POSITIVE, Float::MIN_POSITIVE.sqrt(), 1.0, Float::MAX.sqrt(), Float::MAX / 16.0];
        for power in powers {
            let x: A<1, 2> = Construct::from_rows([[3.0 * power, -4.0 * power]]);
            let (length, slope) = length::value_and_grad(&x);
            assert!((length / power - 5.0).abs() < 1e-5, "{length} of {x}");
            compare(&slope, &Construct::from_rows([[0.6, -0.8]]), 1e-6).unwrap();
        }
        let x: A<1, 2> = Construct::from_rows([[Float::INFINITY, 1.0]]);
        assert_eq!(x.norm(), Float::INFINITY);
        let x: A<1, 2> = Construct::from_rows([[Float::NAN, 0.0]]);
        assert!(x.norm().is_nan());
        let x: A<1, 2> = Construct::from_rows([[Float::NAN, Float::INFINITY]]);
        assert!(x.norm().is_nan());
    }

    #[test]
    fn the_norm_at_zero_has_derivative_zero() {
        let x: A<3, 4> = Construct::zeros();
        assert_eq!(norm::grad(&x), Matrix::<3, 4, Float>::zeros());
        let mut buffer: A<3, 4> = Construct::filled(Float::NAN);
        norm::value_and_grad_into(&x, &mut buffer);
        assert_eq!(buffer, Matrix::<3, 4, Float>::zeros());
    }
} }

everywhere! { losses {
    #[differentiable]
    fn softmax(x: &A<3, 4>, w: &B<3, 4>) -> Float {
        x.softmax().dot(w)
    }
    #[differentiable]
    fn log_softmax(x: &A<3, 4>, w: &B<3, 4>) -> Float {
        x.log_softmax().dot(w)
    }
    #[differentiable]
    fn mean_squared_error(x: &A<3, 4>, y: &B<3, 4>) -> Float {
        x.mean_squared_error(y) * 1.5
    }
    #[differentiable]
    fn against_rows(x: &A<3, 4>, y: &B<3, 4>) -> Float {
        x.softmax_cross_entropy(y) * 1.5
    }
    #[differentiable]
    fn against_labels(x: &A<3, 4>) -> Float {
        let labels = [2, 0, 3];
        x.softmax_cross_entropy(&labels) * 1.5
    }
    #[differentiable]
    fn against_given_labels(x: &A<3, 4>, labels: [usize; 3]) -> Float {
        x.softmax_cross_entropy(labels) * 1.5
    }

    #[test]
    fn agree_with_differences() {
        check! {
            softmax(x dx: A<3, 4>, w dw: B<3, 4>);
            log_softmax(x dx: A<3, 4>, w dw: B<3, 4>);
            mean_squared_error(x dx: A<3, 4>, y dy: B<3, 4>);
            against_rows(x dx: A<3, 4>, y dy: B<3, 4>);
            against_labels(x dx: A<3, 4>);
        }
        let x: A<3, 4> = Example::example(1);
        assert_gradient!(against_given_labels, &x, [2, 0, 3]);
        // A label is a row with a one.
        let rows: B<3, 4> = Construct::from_fn(|i, j| if j == [2, 0, 3][i] { 1.0 } else { 0.0 });
        compare(&against_labels::grad(&x), &against_rows::grad(&x, &rows).0, 1e-6).unwrap();
        assert!((against_labels(&x) - against_rows(&x, &rows)).abs() < 1e-5);
    }

    #[test]
    fn large_scores_do_not_overflow() {
        let x: A<3, 4> = Construct::from_fn(|i, j| 1e4 * (i + j) as Float - 2e4);
        let w: B<3, 4> = Construct::filled(1.0);
        assert_eq!(x.softmax().sum(), 3.0);
        assert!(softmax::grad(&x, &w).0.iter().all(|x| *x == 0.0));
        assert!(log_softmax::grad(&x, &w).0.iter().all(|x| x.is_finite()));
        // Right with all its weight, and wrong by 1e4 and more.
        let (loss, gradient) = against_given_labels::value_and_grad(&x, [3, 3, 0]);
        assert!((loss - 1.5e4).abs() < 1.0, "{loss}");
        let expected: A<3, 4> =
            Construct::from_rows([[0.0; 4], [0.0; 4], [-0.5, 0.0, 0.0, 0.5]]);
        assert_eq!(gradient, expected);
    }

    #[test]
    fn a_class_that_is_ruled_out_gets_nothing() {
        let x: A<1, 3> = Construct::from_rows([[0.0, 0.0, -Float::INFINITY]]);
        #[differentiable]
        fn loss(x: &A<1, 3>) -> Float {
            x.softmax_cross_entropy(&[0])
        }
        assert_eq!(loss::grad(&x), Matrix::<1, 3, Float>::from_rows([[-0.5, 0.5, 0.0]]));
    }
} }

everywhere! { shapes {
    #[differentiable]
    fn transpose(x: &A<3, 4>, w: &B<4, 3>) -> Float {
        x.transpose().dot(w)
    }
    #[differentiable]
    fn hcat(x: &A<2, 3>, y: &B<2, 2>, w: &B<2, 5>) -> Float {
        let joined: Matrix<2, 5, Float, _> = x.hcat(y);
        joined.dot(w)
    }
    #[differentiable]
    fn hcat_large(x: &A<2, 3>, y: &B<2, 2>, w: &B<2, 5>) -> Float {
        let joined: Matrix<2, 5, Float, _> = x.hcat_large(y);
        joined.dot(w)
    }
    #[differentiable]
    fn vcat(x: &A<3, 2>, y: &B<2, 2>, w: &B<5, 2>) -> Float {
        let joined: Matrix<5, 2, Float, _> = x.vcat(y);
        joined.dot(w)
    }
    #[differentiable]
    fn vcat_large(x: &A<3, 2>, y: &B<2, 2>, w: &B<5, 2>) -> Float {
        let joined: Matrix<5, 2, Float, _> = x.vcat_large(y);
        joined.dot(w)
    }
    #[differentiable]
    fn reshape(x: &A<3, 4>, w: &B<2, 6>) -> Float {
        let other: A<2, 6> = x.reshape();
        other.dot(w)
    }
    #[differentiable]
    fn reshape_large(x: &A<3, 4>, w: &B<2, 6>) -> Float {
        x.reshape_large::<2, 6>().dot(w)
    }
    #[differentiable]
    fn block(x: &A<3, 4>, w: &B<2, 2>) -> Float {
        x.block::<2, 2>(1, 2).dot(w) + x.block::<2, 2>(0, 1).norm_squared()
    }
    #[differentiable]
    fn block_large(x: &A<3, 4>, w: &B<2, 2>) -> Float {
        x.block_large::<2, 2>(1, 2).dot(w)
    }
    #[differentiable]
    fn row_and_column(x: &A<3, 4>, w: &B<1, 4>) -> Float {
        x.row(2).dot(w) + x.column(1).norm_squared() * x.row(0).sum()
    }
    #[differentiable]
    fn elements(x: &A<3, 4>) -> Float {
        x[(0, 1)] * x[(2, 3)] + x[(0, 1)]
    }
    #[differentiable]
    fn storages(x: &A<3, 4>, w: &B<3, 4>) -> Float {
        x.to_heap().dot(w) + x.to_inline().norm_squared()
    }
    #[differentiable]
    fn from_numbers(s: &Float, t: &Float, w: &B<2, 2>) -> Float {
        let rows = Matrix::from_rows([[*s, *t], [*t * *s, 1.0]]);
        let alike = Matrix::<2, 2, Float>::filled(*s * *t);
        rows.dot(w) + alike.dot(w)
    }

    #[test]
    fn agree_with_differences() {
        check! {
            transpose(x dx: A<3, 4>, w dw: B<4, 3>);
            hcat(x dx: A<2, 3>, y dy: B<2, 2>, w dw: B<2, 5>);
            hcat_large(x dx: A<2, 3>, y dy: B<2, 2>, w dw: B<2, 5>);
            vcat(x dx: A<3, 2>, y dy: B<2, 2>, w dw: B<5, 2>);
            vcat_large(x dx: A<3, 2>, y dy: B<2, 2>, w dw: B<5, 2>);
            reshape(x dx: A<3, 4>, w dw: B<2, 6>);
            reshape_large(x dx: A<3, 4>, w dw: B<2, 6>);
            block(x dx: A<3, 4>, w dw: B<2, 2>);
            block_large(x dx: A<3, 4>, w dw: B<2, 2>);
            row_and_column(x dx: A<3, 4>, w dw: B<1, 4>);
            elements(x dx: A<3, 4>);
            storages(x dx: A<3, 4>, w dw: B<3, 4>);
            from_numbers(s ds: Float, t dt: Float, w dw: B<2, 2>);
        }
    }
} }

everywhere! { with_scalars {
    #[differentiable]
    fn powi(x: &A<2, 3>, w: &B<2, 3>) -> Float {
        x.powi(3).dot(w) + x.powi(-2).sum()
    }
    #[differentiable]
    fn powf(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        (x.abs() + 0.5).powf(*s).dot(w)
    }
    #[differentiable]
    fn log(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        (x.abs() + 0.5).log(s.abs() + 1.5).dot(w)
    }
    #[differentiable]
    fn leaky_relu(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        x.leaky_relu(*s).dot(w)
    }
    #[differentiable]
    fn clamp(x: &A<2, 3>, s: &Float, w: &B<2, 3>) -> Float {
        x.clamp(-0.5 * s.abs(), 0.3 * s.abs()).dot(w)
    }
    #[differentiable]
    fn clamp_to_constants(x: &A<2, 3>, w: &B<2, 3>) -> Float {
        x.clamp(-0.5, 0.75).dot(w)
    }

    #[test]
    fn agree_with_differences() {
        check! {
            powi(x dx: A<2, 3>, w dw: B<2, 3>);
            powf(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            log(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            leaky_relu(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            clamp(x dx: A<2, 3>, s ds: Float, w dw: B<2, 3>);
            clamp_to_constants(x dx: A<2, 3>, w dw: B<2, 3>);
        }
    }

    /// The conventions are those of scalars, element by element.
    #[test]
    fn edges() {
        #[differentiable]
        fn powers(x: &A<1, 3>, p: Float) -> Float {
            x.powf(p).sum()
        }
        #[differentiable]
        fn squares(x: &A<1, 3>) -> Float {
            (x.powi(0) + x.powi(1) + x.powi(2)).sum()
        }
        #[differentiable]
        fn clamped(x: &A<1, 3>, low: Float, high: Float) -> Float {
            x.clamp(low, high).sum()
        }
        #[differentiable]
        fn leaky(x: &A<1, 3>, slope: Float) -> Float {
            x.leaky_relu(slope).sum()
        }
        type Row = Matrix<1, 3, Float>;
        let x: A<1, 3> = Construct::from_rows([[0.0, 1.0, -0.0]]);
        let (dx, dp) = powers::grad(&x, 0.0);
        assert_eq!((dx.to_inline(), dp), (Row::zeros(), 0.0));
        let (dx, dp) = powers::grad(&x, 1.0);
        assert_eq!((dx.to_inline(), dp), (Row::ones(), 0.0));
        assert_eq!(squares::grad(&x), Row::from_rows([[1.0, 3.0, 1.0]]));
        let (dx, below, above) = clamped::grad(&x, 0.0, 1.0);
        assert_eq!((dx.to_inline(), below, above), (Row::filled(0.5), 1.0, 0.5));
        let (dx, slope) = leaky::grad(&x, 0.25);
        assert_eq!((dx.to_inline(), slope), (Row::from_rows([[0.25, 1.0, 0.25]]), 0.0));
    }
} }

mod empty {
    use super::*;

    type None3 = Matrix<0, 3, f64>;

    #[differentiable]
    fn reductions(x: &None3) -> f64 {
        x.sum() + x.norm() + x.norm_squared() + x.dot(x) + x.sum_rows().sum() + x.sum_columns().sum()
    }

    #[differentiable]
    fn empty_inside(x: &Matrix<2, 0, f64>, y: &None3, s: f64) -> f64 {
        (x * y + s).sum()
    }

    #[test]
    fn matrices_without_elements_have_sums_of_zero() {
        let x = None3::zeros();
        assert_eq!(reductions::value_and_grad(&x), (0.0, x));
        assert_eq!((x.max(), x.min()), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(x.mean().is_nan());
        let (value, (_, _, ds)) = empty_inside::value_and_grad(&Matrix::zeros(), &x, 1.5);
        assert_eq!((value, ds), (9.0, 6.0));
        assert_eq!(x.softmax(), x);
    }
}
