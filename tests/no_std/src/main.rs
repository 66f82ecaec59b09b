//! Trains XOR without a standard library and without an allocator: that this program links is the proof.
//!
//! The exit code is the number of the four cases that the trained network gets wrong.
#![no_std]
#![no_main]

use core::ffi::{c_char, c_int};
use core::panic::PanicInfo;

use tapeless::prelude::*;

/// Two inputs, eight hidden units, one output.
#[derive(Differentiable, Clone, Debug)]
struct Mlp {
    w1: Matrix<2, 8>,
    b1: Matrix<1, 8>,
    w2: Matrix<8, 1>,
    b2: Matrix<1, 1>,
}

#[differentiable]
fn predict(mlp: &Mlp, #[no_diff] x: &Matrix<4, 2>) -> Matrix<4, 1> {
    let hidden = (x * &mlp.w1).add_row(&mlp.b1).tanh();
    (hidden * &mlp.w2).add_row(&mlp.b2).sigmoid()
}

#[differentiable]
fn loss(mlp: &Mlp, #[no_diff] x: &Matrix<4, 2>, #[no_diff] targets: &Matrix<4, 1>) -> f32 {
    predict(mlp, x).mean_squared_error(targets)
}

/// Trains, and counts the cases that are wrong afterwards.
fn train() -> c_int {
    let x = Matrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let targets = Matrix::from_rows([[0.0], [1.0], [1.0], [0.0]]);
    let mut mlp = Mlp {
        w1: Matrix::from_fn(|i, j| ((i * 7 + j * 13) % 17) as f32 * 0.1 - 0.8),
        b1: Matrix::zeros(),
        w2: Matrix::from_fn(|i, _| ((i * 5) % 11) as f32 * 0.1 - 0.5),
        b2: Matrix::zeros(),
    };
    let mut gradient = mlp.zero_tangent();
    for _ in 0..2000 {
        loss::value_and_grad_into(&mlp, &x, &targets, &mut gradient);
        gradient.scale(-2.0);
        mlp.advance(&gradient);
    }
    let predictions = predict(&mlp, &x);
    let wrong = predictions
        .iter()
        .zip(targets.iter())
        .filter(|(y, t)| (**y - **t).abs() > 0.1);
    wrong.count() as c_int
}

// The C library starts the program, and gives `memcpy` and its like; nothing else of it is used.
#[link(name = "c")]
unsafe extern "C" {}

/// Where the C library starts the program.
// SAFETY: the C library's `main` has this name and this signature, and no other item here has the name.
#[unsafe(no_mangle)]
extern "C" fn main(_: c_int, _: *const *const c_char) -> c_int {
    train()
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
