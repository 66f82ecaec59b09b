//! The loops on every vector unit that the processor has: accuracy, special values, all small sizes.

mod figures;

use std::fmt::Debug;
use std::mem::MaybeUninit;
use std::vec;
use std::vec::Vec;

use super::reductions::{Largest, Sum, SumOf};
use super::rows::{
    AddRow, LabelLosses, LabelSlopes, LogSoftmaxPulled, Losses, Slopes, Softmax, SoftmaxPulled, SumRows, ToNormalized,
};
use super::slices::{Map, MapAdd, Zip, ZipAdd};
use super::*;

/// What loops are compiled for.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Best,
    Baseline,
    Fused,
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    Avx2,
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    Avx512,
}

impl Unit {
    /// All that this processor can run.
    fn all() -> Vec<Self> {
        #[cfg_attr(not(all(target_arch = "x86_64", feature = "std")), allow(unused_mut))]
        let mut all = vec![Self::Best, Self::Baseline, Self::Fused];
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        {
            use std::arch::is_x86_feature_detected;
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Self::Avx2);
            }
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
                all.push(Self::Avx512);
            }
        }
        all
    }

    fn run<L: Loop>(self, task: L) -> L::Output {
        match self {
            Self::Best => run(FEW, task),
            Self::Baseline => task.run::<false>(),
            Self::Fused => task.run::<true>(),
            // SAFETY: `all` has asked for the instructions.
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx2 => unsafe { on_avx2(task) },
            // SAFETY: the same.
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx512 => unsafe { on_avx512(task) },
        }
    }

    fn map<T: Real>(self, source: &[T], function: impl Each<T>) -> Vec<T> {
        let mut target = vec![T::ONE; source.len()];
        self.run(Map {
            source,
            target: slots(&mut target),
            function,
        });
        target
    }
}

/// How many numbers of the type lie between two, or a large number if one of them is NaN.
fn distance_64(found: f64, expected: f64) -> u64 {
    let ordered = |x: f64| {
        let bits = x.to_bits() as i64;
        if bits < 0 { i64::MIN - bits } else { bits }
    };
    match (found.is_nan(), expected.is_nan()) {
        (false, false) => ordered(found).abs_diff(ordered(expected)),
        (true, true) => 0,
        _ => u64::MAX,
    }
}

fn distance_32(found: f32, expected: f32) -> u32 {
    let ordered = |x: f32| {
        let bits = x.to_bits() as i32;
        if bits < 0 { i32::MIN - bits } else { bits }
    };
    match (found.is_nan(), expected.is_nan()) {
        (false, false) => ordered(found).abs_diff(ordered(expected)),
        (true, true) => 0,
        _ => u32::MAX,
    }
}

/// Values of `f64` against the figures.
fn check_figures(name: &str, function: impl Each<f64> + Copy, figures: &[(f64, f64)], tolerance: u64) {
    let points: Vec<f64> = figures.iter().map(|(x, _)| *x).collect();
    for unit in Unit::all() {
        for (found, (x, expected)) in unit.map(&points, function).into_iter().zip(figures) {
            let distance = distance_64(found, *expected);
            assert!(
                distance <= tolerance,
                "{name}({x}) on {unit:?} is {found}, not {expected}: {distance} numbers away"
            );
        }
    }
}

#[test]
fn doubles_are_within_units_in_the_last_place() {
    check_figures("exp", Exp, figures::EXP, 1);
    check_figures("exp_m1", ExpM1, figures::EXP_M1, 2);
    check_figures("ln", Ln, figures::LN, 1);
    check_figures("tanh", Tanh, figures::TANH, 2);
    check_figures("sigmoid", Sigmoid, figures::SIGMOID, 2);
    check_figures("softplus", Softplus, figures::SOFTPLUS, 2);
    check_figures("silu", Silu, figures::SILU, 2);
    check_figures("elu", Elu, figures::ELU, 2);
}

/// Values of `f32` for numbers all over the type, against those of the mathematics library in double precision.
fn check_singles(name: &str, function: impl Each<f32> + Copy, expected: impl Fn(f64) -> f64) {
    let points: Vec<f32> = (0..=u32::MAX).step_by(65_521).map(f32::from_bits).collect();
    for unit in Unit::all() {
        for (found, x) in unit.map(&points, function).into_iter().zip(&points) {
            let expected = expected(f64::from(*x)) as f32;
            assert!(
                distance_32(found, expected) <= 1,
                "{name}({x}) on {unit:?} is {found}, not {expected}"
            );
        }
    }
}

#[test]
fn singles_are_within_a_unit_in_the_last_place() {
    check_singles("exp", Exp, Real::exp);
    check_singles("exp_m1", ExpM1, Real::exp_m1);
    check_singles("ln", Ln, Real::ln);
    check_singles("tanh", Tanh, Real::tanh);
    check_singles("sigmoid", Sigmoid, Real::sigmoid);
    check_singles("softplus", Softplus, Real::softplus);
    check_singles("silu", Silu, Real::silu);
    check_singles("elu", Elu, Real::elu);
}

#[test]
fn doubles_agree_with_the_mathematics_library() {
    let points: Vec<f64> = (0..40_000).map(|i| (i as f64 - 20_000.0) * 0.0371).collect();
    let check = |name: &str, lanes: &dyn Fn(Unit) -> Vec<f64>, library: fn(f64) -> f64, tolerance| {
        for unit in Unit::all() {
            for (found, x) in lanes(unit).into_iter().zip(&points) {
                let expected = library(*x);
                let distance = distance_64(found, expected);
                assert!(
                    distance <= tolerance,
                    "{name}({x}) on {unit:?} is {found}, not {expected}"
                );
            }
        }
    };
    check("exp", &|unit| unit.map(&points, Exp), Real::exp, 1);
    check("exp_m1", &|unit| unit.map(&points, ExpM1), Real::exp_m1, 2);
    check("ln", &|unit| unit.map(&points, Ln), Real::ln, 1);
    check("tanh", &|unit| unit.map(&points, Tanh), Real::tanh, 3);
    check("sigmoid", &|unit| unit.map(&points, Sigmoid), Real::sigmoid, 2);
    check("softplus", &|unit| unit.map(&points, Softplus), Real::softplus, 2);
}

/// Special values of both types: point and value, compared with their signs.
fn check_special<T: Real>(name: &str, function: impl Each<T> + Copy, values: &[(f64, f64)]) {
    let points: Vec<T> = values.iter().map(|(x, _)| T::from_f64(*x)).collect();
    for unit in Unit::all() {
        for (found, (x, expected)) in unit.map(&points, function).into_iter().zip(values) {
            let found = found.to_f64();
            let same = found == *expected && found.is_sign_negative() == expected.is_sign_negative();
            assert!(
                same || found.is_nan() && expected.is_nan(),
                "{name}({x}) on {unit:?} is {found}, not {expected}"
            );
        }
    }
}

#[test]
fn special_values() {
    const INFINITY: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    macro_rules! special {
        ($($Name:ident: $($x:expr => $y:expr),*;)*) => {$(
            check_special::<f32>(stringify!($Name), $Name, &[$(($x, $y)),*]);
            check_special::<f64>(stringify!($Name), $Name, &[$(($x, $y)),*]);
        )*};
    }
    special! {
        Exp: 0.0 => 1.0, -0.0 => 1.0, INFINITY => INFINITY, -INFINITY => 0.0, NAN => NAN, 1e30 => INFINITY, -1e30 => 0.0;
        ExpM1: 0.0 => 0.0, -0.0 => -0.0, INFINITY => INFINITY, -INFINITY => -1.0, NAN => NAN, 1e30 => INFINITY, -1e30 => -1.0;
        Ln: 1.0 => 0.0, 0.0 => -INFINITY, -0.0 => -INFINITY, INFINITY => INFINITY, -INFINITY => NAN, -1.0 => NAN, NAN => NAN;
        Tanh: 0.0 => 0.0, -0.0 => -0.0, INFINITY => 1.0, -INFINITY => -1.0, NAN => NAN, 1e30 => 1.0, -1e30 => -1.0;
        Sigmoid: 0.0 => 0.5, -0.0 => 0.5, INFINITY => 1.0, -INFINITY => 0.0, NAN => NAN, 1e30 => 1.0, -1e30 => 0.0;
        Softplus: INFINITY => INFINITY, -INFINITY => 0.0, NAN => NAN, -1e30 => 0.0;
        Elu: 0.0 => 0.0, -0.0 => -0.0, 2.5 => 2.5, INFINITY => INFINITY, -INFINITY => -1.0, NAN => NAN;
        Silu: 0.0 => 0.0, -0.0 => -0.0, INFINITY => INFINITY, -INFINITY => 0.0, NAN => NAN;
    }
}

/// Numbers that differ from each other, exact in both types.
fn numbers<T: Real>(count: usize, seed: usize) -> Vec<T> {
    let number = |i| ((i * 37 + seed * 101) % 29) as f64 / 8.0 - 1.75;
    (0..count).map(|i| T::from_f64(number(i))).collect()
}

/// What a loop does to a target that lies between guards: these must stay as they are.
fn guarded<T: Real>(start: &[T], work: impl FnOnce(&mut [T])) -> Vec<T> {
    const GUARD: usize = 67;
    let mut all = vec![T::from_f64(12345.0); start.len() + 2 * GUARD];
    all[GUARD..][..start.len()].copy_from_slice(start);
    work(&mut all[GUARD..][..start.len()]);
    let (before, rest) = all.split_at(GUARD);
    let (target, behind) = rest.split_at(start.len());
    assert!(
        before.iter().chain(behind).all(|x| *x == T::from_f64(12345.0)),
        "a guard was changed"
    );
    target.to_vec()
}

fn check_slices<T: Real>() {
    let double = |x: T| x + x;
    let mixed = |x: T, y: T| x * y - y;
    for unit in Unit::all() {
        for count in 0..150 {
            let (left, right, start) = (numbers::<T>(count, 1), numbers::<T>(count, 2), numbers::<T>(count, 3));
            let (left, right) = (&left[..], &right[..]);
            let expected = |value: &dyn Fn(usize) -> T| (0..count).map(value).collect::<Vec<T>>();
            let found = guarded(&start, |target| {
                let (source, target) = (left, slots(target));
                unit.run(Map {
                    source,
                    target,
                    function: double,
                });
            });
            assert_eq!(found, expected(&|i| double(left[i])), "{unit:?} {count}");
            let found = guarded(&start, |target| {
                unit.run(MapAdd {
                    source: left,
                    target,
                    function: double,
                });
            });
            assert_eq!(found, expected(&|i| start[i] + double(left[i])), "{unit:?} {count}");
            let found = guarded(&start, |target| {
                let target = slots(target);
                unit.run(Zip {
                    left,
                    right,
                    target,
                    function: mixed,
                });
            });
            assert_eq!(found, expected(&|i| mixed(left[i], right[i])), "{unit:?} {count}");
            let found = guarded(&start, |target| {
                unit.run(ZipAdd {
                    left,
                    right,
                    target,
                    function: mixed,
                });
            });
            assert_eq!(
                found,
                expected(&|i| start[i] + mixed(left[i], right[i])),
                "{unit:?} {count}"
            );

            // Sums of eighths, or of sixty-fourths, are exact.
            let in_order = |value: &dyn Fn(usize) -> T| (0..count).map(value).fold(T::ZERO, |sum, x| sum + x);
            assert_eq!(unit.run(Sum(left)), in_order(&|i| left[i]), "{unit:?} {count}");
            let function = mixed;
            let found = unit.run(SumOf { left, right, function });
            assert_eq!(found, in_order(&|i| mixed(left[i], right[i])), "{unit:?} {count}");
            let largest = left.iter().fold(-T::INFINITY, |largest, x| largest.max(*x));
            assert_eq!(unit.run(Largest(left)), largest, "{unit:?} {count}");
        }
    }
}

#[test]
fn slices_of_every_small_length() {
    check_slices::<f32>();
    check_slices::<f64>();
}

#[test]
fn the_largest_number_is_found_among_nan() {
    for unit in Unit::all() {
        for count in 1..70 {
            for place in 0..count {
                let mut slice = vec![f64::NAN; count];
                slice[place] = -3.0;
                assert_eq!(unit.run(Largest(&slice)), -3.0, "{unit:?} {count} {place}");
            }
        }
    }
}

/// Rows, and what is expected of them in double precision.
struct Rows<T, const M: usize> {
    rows: Vec<[T; M]>,
    exact: Vec<[f64; M]>,
}

impl<T: Real, const M: usize> Rows<T, M> {
    fn new(count: usize, seed: usize) -> Self {
        let flat = numbers::<T>(count * M, seed);
        let rows: Vec<[T; M]> = (0..count).map(|i| std::array::from_fn(|j| flat[i * M + j])).collect();
        let exact = rows.iter().map(|row| row.map(T::to_f64)).collect();
        Self { rows, exact }
    }
}

fn sum<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> f64 {
    numbers.into_iter().sum()
}

/// ln Σ eˣ.
fn log_sum_exp<const M: usize>(row: &[f64; M]) -> f64 {
    Real::ln(sum(&row.map(Real::exp)))
}

fn softmax_of<const M: usize>(row: &[f64; M]) -> [f64; M] {
    let normalizer = log_sum_exp(row);
    row.map(|x| Real::exp(x - normalizer))
}

#[track_caller]
fn close<T: Real, const M: usize>(found: &[[T; M]], expected: &[[f64; M]], what: impl Debug) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.as_flattened().iter().zip(expected.as_flattened()) {
        let tolerance = 100.0 * T::EPSILON.to_f64() * (1.0 + expected.abs());
        assert!(
            (found.to_f64() - expected).abs() <= tolerance,
            "{what:?}: {found} {expected}"
        );
    }
}

fn each<const M: usize>(rows: &[[f64; M]], value: impl Fn(usize, &[f64; M]) -> [f64; M]) -> Vec<[f64; M]> {
    rows.iter().enumerate().map(|(i, row)| value(i, row)).collect()
}

fn check_rows<T: Real, const M: usize>(counts: &[usize]) {
    for (unit, count) in Unit::all()
        .into_iter()
        .flat_map(|unit| counts.iter().map(move |count| (unit, *count)))
    {
        let what = (unit, count, M);
        let x = Rows::<T, M>::new(count, 1);
        let bars = Rows::<T, M>::new(count, 2);
        let factor = T::from_f64(0.75);
        let changed = |change: &dyn Fn(&mut [[T; M]])| {
            let mut rows = x.rows.clone();
            change(&mut rows);
            rows
        };

        let found = changed(&|rows| unit.run(Softmax(rows)));
        close(&found, &each(&x.exact, |_, row| softmax_of(row)), what);

        let found = changed(&|rows| unit.run(ToNormalized { rows, factor }));
        let expected = each(&x.exact, |_, row| row.map(|x| 0.75 * (x - log_sum_exp(row))));
        close(&found, &expected, what);

        let found = changed(&|rows| unit.run(SoftmaxPulled { rows, bars: &bars.rows }));
        let expected = each(&x.exact, |i, y| {
            let bars = &bars.exact[i];
            let mean: f64 = y.iter().zip(bars).map(|(y, bar)| y * bar).sum();
            std::array::from_fn(|j| y[j] * (bars[j] - mean))
        });
        close(&found, &expected, what);

        let found = changed(&|rows| unit.run(LogSoftmaxPulled { rows, bars: &bars.rows }));
        let expected = each(&x.exact, |i, y| {
            let bars = &bars.exact[i];
            std::array::from_fn(|j| bars[j] - Real::exp(y[j]) * sum(bars))
        });
        close(&found, &expected, what);

        let found = changed(&|rows| {
            unit.run(Slopes {
                rows,
                targets: &bars.rows,
                factor,
            })
        });
        let expected = each(&x.exact, |i, row| {
            let (softmax, targets) = (softmax_of(row), &bars.exact[i]);
            std::array::from_fn(|j| 0.75 * (softmax[j] * sum(targets) - targets[j]))
        });
        close(&found, &expected, what);

        let found = unit.run(Losses {
            scores: &x.rows,
            targets: &bars.rows,
        });
        let expected = each(&x.exact, |i, row| {
            std::array::from_fn(|j| bars.exact[i][j] * (log_sum_exp(row) - row[j]))
        });
        close(&[[found]], &[[sum(expected.as_flattened())]], what);

        if M > 0 {
            let labels: Vec<usize> = (0..count).map(|i| i * 7 % M).collect();
            let found = unit.run(LabelLosses {
                scores: &x.rows,
                labels: &labels,
            });
            let expected = (0..count)
                .map(|i| log_sum_exp(&x.exact[i]) - x.exact[i][labels[i]])
                .sum();
            close(&[[found]], &[[expected]], what);

            let found = changed(&|rows| {
                unit.run(LabelSlopes {
                    rows,
                    labels: &labels,
                    factor,
                })
            });
            let expected = each(&x.exact, |i, row| {
                let softmax = softmax_of(row);
                std::array::from_fn(|j| 0.75 * (softmax[j] - if j == labels[i] { 1.0 } else { 0.0 }))
            });
            close(&found, &expected, what);
        }

        for add in [false, true] {
            let mut target = [T::ONE; M];
            unit.run(SumRows {
                rows: &x.rows,
                target: &mut target,
                add,
            });
            let start = if add { 1.0 } else { 0.0 };
            let expected = std::array::from_fn(|j| start + x.exact.iter().map(|row| row[j]).sum::<f64>());
            close(&[target], &[expected], what);
        }

        let row: [T; M] = std::array::from_fn(|j| T::from_usize(j));
        let mut target = vec![[MaybeUninit::new(T::ONE); M]; count];
        unit.run(AddRow {
            rows: &x.rows,
            row: &row,
            target: &mut target,
        });
        // SAFETY: all elements were initialised.
        let found: Vec<[T; M]> = target
            .iter()
            .map(|row| row.map(|x| unsafe { x.assume_init() }))
            .collect();
        close(
            &found,
            &each(&x.exact, |_, row| std::array::from_fn(|j| row[j] + j as f64)),
            what,
        );
    }
}

#[test]
fn rows_of_small_and_large_matrices() {
    // Each width is compiled for each vector unit: few of them, around the widths of vectors and blocks.
    let counts = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 25, 33, 300];
    check_rows::<f32, 1>(&counts);
    check_rows::<f32, 3>(&counts);
    check_rows::<f64, 10>(&counts);
    check_rows::<f32, 17>(&counts);
    check_rows::<f32, 65>(&counts);
    check_rows::<f64, 257>(&[0, 1, 3]);
}

#[test]
fn softmax_does_not_overflow() {
    for unit in Unit::all() {
        let mut rows = [[1e4_f32, 1e4, -1e4, f32::NEG_INFINITY], [f32::NAN, 0.0, 0.0, 0.0]];
        unit.run(Softmax(&mut rows));
        assert_eq!(rows[0], [0.5, 0.5, 0.0, 0.0], "{unit:?}");
        assert!(rows[1].iter().all(|x| x.is_nan()), "{unit:?}");
    }
}
