//! Loops over slices, compiled for each vector unit, and the elementary functions that such loops are made of.
//!
//! A function without branches and calls, in a loop, becomes vector instructions. Which ones, the processor decides at run
//! time, so that a plain `cargo build --release` uses all that it has.

mod elementary;
mod reductions;
mod rows;
mod slices;

pub(crate) use elementary::Lanes;
pub(crate) use elementary::{Elu, Exp, ExpM1, Ln, Sigmoid, Silu, Softplus, Tanh};
pub(crate) use reductions::{max, sum, sum_of};
pub(crate) use rows::{
    add_row, label_losses, label_slopes, log_softmax, log_softmax_pulled, losses, slopes, softmax, softmax_pulled,
    sum_rows,
};
pub(crate) use slices::{Each, Pair, map, map_add, slots, zip, zip_add};

use crate::scalar::Real;

/// A loop. It must be `#[cfg_attr(not(debug_assertions), inline(always))]`, and so must what it calls: only then is it compiled for a vector unit.
pub(crate) trait Loop {
    /// What it computes.
    type Output;
    /// Runs it; `FUSED` if the processor multiplies and adds in one instruction.
    fn run<const FUSED: bool>(self) -> Self::Output;
}

/// Loops over fewer elements are not worth asking the processor what it has.
const FEW: usize = 16;

/// Runs a loop over so many elements on the best vector unit that the processor has.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn run<L: Loop>(elements: usize, task: L) -> L::Output {
    if elements < FEW {
        return task.run::<BASELINE_FUSED>();
    }
    run_on_best(task)
}

/// Whether every processor that the program is compiled for multiplies and adds in one instruction.
const BASELINE_FUSED: bool = cfg!(all(target_arch = "aarch64", feature = "std"));

#[inline]
fn run_on_best<L: Loop>(task: L) -> L::Output {
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    {
        use std::arch::is_x86_feature_detected;
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the processor has these instructions.
            return unsafe { on_avx512(task) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has these instructions.
            return unsafe { on_avx2(task) };
        }
    }
    task.run::<BASELINE_FUSED>()
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[target_feature(enable = "avx2,fma")]
unsafe fn on_avx2<L: Loop>(task: L) -> L::Output {
    task.run::<true>()
}

/// # Safety
/// The processor must have AVX-512 F and VL.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[target_feature(enable = "avx512f,avx512vl,fma")]
unsafe fn on_avx512<L: Loop>(task: L) -> L::Output {
    task.run::<true>()
}

/// `a * b + c`, rounded once if the processor does so in one instruction.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn multiply_add<const FUSED: bool, T: Real>(a: T, b: T, c: T) -> T {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

#[cfg(test)]
mod tests;
