use tapeless::prelude::*;

#[derive(Differentiable, Clone)]
struct State {
    x: f64,
}

impl State {
    fn double(&mut self) {
        self.x *= 2.0;
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    let mut state = State { x };
    State::double(&mut state);
    state.x
}

fn main() {}
