//! A function with a forward mode calls methods that write to their receivers and have none.

use tapeless::prelude::*;

#[derive(Clone, Differentiable)]
struct Particle {
    position: f64,
}

#[differentiable]
impl Particle {
    fn step(&mut self, factor: f64) {
        self.position *= factor;
    }

    fn bounce(&mut self, factor: f64) -> bool {
        self.position *= factor;
        factor > 1.0
    }
}

#[differentiable(forward)]
fn stepped(x: f64) -> f64 {
    let mut particle = Particle { position: x };
    particle.step(x);
    particle.position
}

#[differentiable(forward)]
fn bounced(x: f64) -> f64 {
    let mut particle = Particle { position: x };
    let bounced = particle.bounce(x);
    if bounced { particle.position } else { x }
}

#[differentiable(forward)]
fn by_path(x: f64) -> f64 {
    let mut particle = Particle { position: x };
    Particle::step(&mut particle, x);
    particle.position
}

fn main() {
    println!("{:?}", stepped::jvp(3.0, 1.0));
    println!("{:?}", bounced::jvp(3.0, 1.0));
    println!("{:?}", by_path::jvp(3.0, 1.0));
}
