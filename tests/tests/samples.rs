//! One list of functions with everything that the language has, and every check for all of them: gradients against central
//! differences; derivatives along directions against pullbacks; Hessians times vectors against differences of gradients; the
//! same bits however many states of a loop are saved (in double precision); in single and in double precision. Lints do not look
//! at them: that would take as long as to compile them.
//!
//! To add one: a function `fn name(x: &[$T; 4], n: usize) -> $T` in `samples/control_flow.rs` or `samples/data.rs`, and its name
//! in the list at the end of that file. It should be smooth, and of the size of one, for the arguments below.
#![cfg(not(clippy))]
#![allow(dead_code, unused_macros)]

use tapeless::prelude::*;

#[macro_use]
#[path = "samples/control_flow.rs"]
mod control_flow;
#[macro_use]
#[path = "samples/data.rs"]
mod data;

/// Where the functions are looked at.
const POINTS: [[f64; 4]; 3] = [
    [0.7, 0.4, 0.93, 0.61],
    [0.37, 1.13, 0.45, 0.83],
    [1.19, -0.31, 0.57, 0.23],
];
const DIRECTION: [f64; 4] = [0.3, -0.7, 0.5, 0.9];
const COUNTS: [usize; 5] = [0, 1, 2, 3, 7];
/// Loops longer than what any schedule saves.
#[cfg(debug_assertions)]
const LONGER: [usize; 4] = [0, 4, 9, 40];

/// The functions of one list, in one precision and with one set of options.
macro_rules! instance {
    ($name:ident, $list:ident, $T:ident, $($options:tt)*) => {
        pub mod $name {
            use tapeless::prelude::*;
            $list!($T, $($options)*);
        }
    };
}

/// The same with sets of options, and in both precisions. Optimised code takes long to compile, and has only what matters there.
macro_rules! instances {
    ($double:ident, $single:ident, $list:ident, $($way:ident $checkpoints:tt),*) => {
        mod $double {
            instance!(forward, $list, f64, forward);
            $(
                #[cfg(debug_assertions)]
                instance!($way, $list, f64, checkpoints = $checkpoints);
            )*
        }
        mod $single {
            instance!(forward, $list, f32, forward);
        }
    };
}

instances!(control_flow_double, control_flow_single, control_flow, one 1, two 2, three 3, eight 8, all all);
instances!(data_double, data_single, data, two 2, all all);

/// What goes wrong shows where: the last line that was printed.
macro_rules! derivatives_agree {
    ($module:ident $T:ident $($name:ident)*) => {
        for (x, n) in POINTS.iter().flat_map(|x| COUNTS.map(|n| (x, n))) {
            let (x, v) = (x.map(|x| x as $T), DIRECTION.map(|v| v as $T));
            $({
                use $module::forward::$name;
                println!("{} {x:?} {n}", stringify!($name));
                assert_gradient!($name, &x, n);
                assert_hvp!($name, &x, n; &v);

                let value = $name(&x, n);
                let (y, dot) = $name::jvp(&x, n, &v);
                let (same, pullback) = $name::vjp(&x, n);
                assert_eq!((y, same, $name::value_and_grad(&x, n).0), (value, value, value), "values");
                let seed = 1.7;
                let (left, right) = (dot * seed, pullback(seed).inner_product(&v) as $T);
                let allowed = 64.0 * <$T>::EPSILON * left.abs().max(1.0);
                assert!((left - right).abs() <= allowed, "jvp {left}, vjp {right}");
                let (y, [first, second]) = $name::jvp_many(&x, n, &[v, x]);
                assert_eq!((y, first), (value, dot), "two directions at once");
                assert_eq!(second, $name::jvp(&x, n, &x).1, "the second of two directions");
            })*
        }
    };
}

/// Value and gradient with one set of options, as text, which tells any two numbers apart.
macro_rules! bits {
    ($module:ident $way:ident $name:ident $x:ident $n:ident) => {
        (
            format!("{:?}", $module::$way::$name::value_and_grad(&$x, $n)),
            format!("{:?}", $module::$way::$name::vjp(&$x, $n).1(1.0)),
        )
    };
}

/// The numbers in what is printed.
#[cfg(debug_assertions)]
fn numbers(text: &str) -> impl Iterator<Item = f64> {
    let numbers = text.split(", ");
    numbers.map(|number| number.trim_matches(['(', ')', '[', ']']).parse().unwrap())
}

macro_rules! checkpoints_agree {
    ($module:ident [$($way:ident)*] $($name:ident)*) => {
        for (x, n) in POINTS.iter().flat_map(|x| LONGER.map(|n| (x, n))) {
            let x = *x;
            checkpoints_agree!(@each $module [$($way)*] x n $($name)*);
        }
    };
    (@each $module:ident $ways:tt $x:ident $n:ident $($name:ident)*) => {
        $({
            println!("{} {:?} {}", stringify!($name), $x, $n);
            let expected = bits!($module forward $name $x $n);
            checkpoints_agree!(@one $module $ways $x $n $name expected);
        })*
    };
    (@one $module:ident [$($way:ident)*] $x:ident $n:ident $name:ident $expected:ident) => {
        $({
            let (both, pulled_back) = bits!($module $way $name $x $n);
            // Calls of a function that calls itself and keeps all of its loops go forward and back at once: the terms are added
            // up in another order.
            if stringify!($name $way) == "recursive all" {
                let found = numbers(&both).chain(numbers(&pulled_back));
                for (found, expected) in found.zip(numbers(&$expected.0).chain(numbers(&$expected.1))) {
                    assert!((found - expected).abs() <= 1e-14 * expected.abs(), "{found} {expected}");
                }
            } else {
                assert_eq!((both, pulled_back), $expected, stringify!($way));
            }
        })*
    };
}

#[test]
fn control_flow_in_double_precision() {
    control_flow_samples!(derivatives_agree!(control_flow_double f64));
}

#[test]
fn control_flow_in_single_precision() {
    control_flow_samples!(derivatives_agree!(control_flow_single f32));
}

#[test]
fn data_in_double_precision() {
    data_samples!(derivatives_agree!(data_double f64));
}

#[test]
fn data_in_single_precision() {
    data_samples!(derivatives_agree!(data_single f32));
}

#[cfg(debug_assertions)]
#[test]
fn control_flow_with_each_number_of_checkpoints() {
    control_flow_samples!(checkpoints_agree!(control_flow_double [one two three eight all]));
}

#[cfg(debug_assertions)]
#[test]
fn data_with_each_number_of_checkpoints() {
    data_samples!(checkpoints_agree!(data_double [two all]));
}
