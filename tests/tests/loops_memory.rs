//! Loops of any length are differentiated in constant memory: nothing is allocated, and a small stack is enough.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use tapeless::prelude::*;

/// The system's allocator, with a count of the requests of each thread.
struct Counting;

thread_local! {
    static REQUESTS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every request is handed to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        REQUESTS.set(REQUESTS.get() + 1);
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        REQUESTS.set(REQUESTS.get() + 1);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often the work asks for memory.
fn allocations<R>(work: impl FnOnce() -> R) -> usize {
    let before = REQUESTS.get();
    drop(black_box(work()));
    REQUESTS.get() - before
}

/// Runs on a thread with the stack that Rust's threads have by default, whatever the environment says.
fn on_a_small_stack<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    const STACK: usize = 2 << 20;
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(work)
        .expect("a thread starts");
    thread.join().expect("the work does not panic")
}

#[differentiable]
fn pendulum(angle: f64, velocity: f64, gravity: f64, steps: usize) -> f64 {
    let dt = 1e-5;
    let (mut angle, mut velocity) = (angle, velocity);
    for _ in 0..steps {
        velocity -= dt * gravity * angle.sin();
        angle += dt * velocity;
    }
    angle
}

/// The pendulum's gradient in forward mode, by hand: one run for each of the three directions.
fn pendulum_forward(angle: f64, velocity: f64, gravity: f64, steps: usize) -> [f64; 3] {
    let dt = 1e-5;
    [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)].map(|(angle_dot, velocity_dot, gravity_dot)| {
        let (mut angle, mut velocity, mut angle_dot, mut velocity_dot) = (angle, velocity, angle_dot, velocity_dot);
        for _ in 0..steps {
            velocity_dot -= dt * (gravity_dot * angle.sin() + gravity * angle.cos() * angle_dot);
            velocity -= dt * gravity * angle.sin();
            angle_dot += dt * velocity_dot;
            angle += dt * velocity;
        }
        angle_dot
    })
}

#[test]
fn a_million_steps_need_no_allocation_and_little_stack() {
    const STEPS: usize = 1_000_000;
    let (count, (value, gradient)) = on_a_small_stack(|| {
        let run = || pendulum::value_and_grad(0.5, 0.1, 9.81, STEPS);
        (allocations(run), run())
    });
    assert_eq!(count, 0);
    assert_eq!(value.to_bits(), pendulum(0.5, 0.1, 9.81, STEPS).to_bits());
    let expected = pendulum_forward(0.5, 0.1, 9.81, STEPS);
    for (found, expected) in [gradient.0, gradient.1, gradient.2].into_iter().zip(expected) {
        assert!(
            (found - expected).abs() < 1e-9 * expected.abs().max(1.0),
            "{found} instead of {expected}"
        );
    }
}

#[differentiable]
fn large_state(x: &[f64; 1000], rate: f64, steps: usize) -> f64 {
    let mut state = *x;
    for i in 0..steps {
        let k = i % 999;
        state[k + 1] = (state[k] * rate).sin() + state[k + 1] * 0.5;
    }
    let mut sum = 0.0;
    for value in state {
        sum += value * value;
    }
    sum
}

#[test]
fn large_states_fit_a_small_stack() {
    let (count, gradient) = on_a_small_stack(|| {
        let x = std::array::from_fn(|i| (i as f64 * 0.1).cos());
        let run = || large_state::grad(&x, 0.9, 3000);
        (allocations(run), run())
    });
    assert_eq!(count, 0);
    let x: [f64; 1000] = std::array::from_fn(|i| (i as f64 * 0.1).cos());
    let step = 1e-6;
    let difference = (large_state(&x, 0.9 + step, 3000) - large_state(&x, 0.9 - step, 3000)) / (2.0 * step);
    assert!(
        (gradient.1 - difference).abs() < 1e-6 * difference.abs(),
        "{} instead of {difference}",
        gradient.1
    );
}

#[differentiable]
fn nested(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        let mut z = y;
        while z < 3.0 {
            z = z * 1.25 + 0.1 * x;
            if z > 2.9 {
                break;
            }
            for _ in 0..i % 5 {
                z += 0.01 * y;
            }
        }
        y = 0.3 * (y * z).sin() + 0.4;
    }
    y
}

#[differentiable]
fn carries_an_option(x: f64, n: usize) -> f64 {
    let mut held: Option<f64> = None;
    let mut y = x;
    for i in 0..n {
        held = match held {
            Some(z) if i % 7 == 0 => {
                y = (y + z).sin();
                None
            }
            Some(z) => Some(z * 0.9 + y * 0.1),
            None => Some(y * x),
        };
    }
    if let Some(z) = held { z * y } else { y }
}

#[test]
fn nested_loops_and_options_need_no_allocation() {
    for n in [0, 1, 10, 100, 1000] {
        assert_eq!(allocations(|| nested::value_and_grad(0.3, n)), 0);
        assert_eq!(allocations(|| nested::vjp(0.3, n).1(1.0)), 0);
        assert_eq!(allocations(|| carries_an_option::value_and_grad(0.3, n)), 0);
        assert_gradient!(nested, 0.3, n.min(20));
        assert_gradient!(carries_an_option, 0.3, n);
    }
}

/// Three loops inside each other that write to an array in place, and too many iterations for all to be recorded.
#[differentiable]
fn relaxation(x: &[[f64; 6]; 6], rate: f64, sweeps: usize) -> f64 {
    let mut u = *x;
    for _ in 0..sweeps {
        for i in 1..5 {
            for j in 1..5 {
                u[i][j] += rate * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1] - 4.0 * u[i][j]).sin();
            }
        }
    }
    let mut sum = 0.0;
    for i in 0..6 {
        for j in 0..6 {
            sum += u[i][j] * u[i][j];
        }
    }
    sum
}

#[test]
fn writes_in_place_need_no_allocation_and_little_stack() {
    let x = std::array::from_fn(|i| std::array::from_fn(|j| ((i * 6 + j) as f64 * 0.3).sin()));
    for sweeps in [0, 1, 10, 500] {
        let (count, (_, rate_bar)) = on_a_small_stack(move || {
            let run = || relaxation::grad(&x, 0.1, sweeps);
            let split = allocations(|| relaxation::vjp(&x, 0.1, sweeps).1(1.0));
            (allocations(run) + split, run())
        });
        assert_eq!(count, 0);
        let step = 1e-6;
        let difference = (relaxation(&x, 0.1 + step, sweeps) - relaxation(&x, 0.1 - step, sweeps)) / (2.0 * step);
        assert!(
            (rate_bar - difference).abs() <= 1e-6 * difference.abs().max(1.0),
            "{rate_bar} {difference}"
        );
    }
}

/// The loops of all calls are on the stack together.
#[differentiable]
fn deep(x: f64, depth: usize) -> f64 {
    let mut y = x;
    for i in 0..depth % 7 {
        y = (0.5 * y + 0.1 * x * i as f64).sin();
    }
    if depth == 0 { y } else { 0.5 * y + deep(y, depth - 1) }
}

#[test]
fn loops_in_deep_recursion_fit_a_small_stack() {
    let (value, gradient) = on_a_small_stack(|| deep::value_and_grad(0.3, 60));
    assert_eq!(value.to_bits(), deep(0.3, 60).to_bits());
    let step = 1e-6;
    let difference = (deep(0.3 + step, 60) - deep(0.3 - step, 60)) / (2.0 * step);
    assert!(
        (gradient - difference).abs() <= 1e-6 * difference.abs().max(1.0),
        "{gradient} {difference}"
    );
}
