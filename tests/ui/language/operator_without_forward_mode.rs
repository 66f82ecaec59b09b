use std::ops::{Add, AddAssign, Mul, Neg};

use tapeless::prelude::*;

#[derive(Differentiable, Clone, Copy)]
struct Vector {
    x: f64,
    y: f64,
}

#[differentiable]
impl Mul<f64> for Vector {
    type Output = Vector;
    fn mul(self, factor: f64) -> Vector {
        Vector {
            x: self.x * factor,
            y: self.y * factor,
        }
    }
}

#[differentiable]
impl Neg for Vector {
    type Output = Vector;
    fn neg(self) -> Vector {
        Vector { x: -self.x, y: -self.y }
    }
}

#[differentiable]
impl AddAssign for Vector {
    fn add_assign(&mut self, other: Vector) {
        self.x += other.x;
        self.y += other.y;
    }
}

// It has no derivative at all.
impl Add for Vector {
    type Output = Vector;
    fn add(self, other: Vector) -> Vector {
        Vector {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }
}

#[differentiable(forward)]
fn scaled(x: f64, k: f64) -> f64 {
    let v = Vector { x, y: k };
    let w = v * k;
    w.x * w.y
}

#[differentiable(forward)]
fn negative(x: f64, k: f64) -> f64 {
    let v = Vector { x, y: k };
    let w = -v;
    w.x * w.y
}

#[differentiable(forward)]
fn moved(x: f64, k: f64) -> f64 {
    let mut v = Vector { x, y: k };
    v += v;
    v.x * v.y
}

#[differentiable(forward)]
fn sum(x: f64, k: f64) -> f64 {
    let v = Vector { x, y: k };
    let w = v + v;
    w.x * w.y
}

// In reverse, these are fine.
#[differentiable]
fn backwards(x: f64, k: f64) -> f64 {
    let v = Vector { x, y: k } * k;
    v.x * v.y
}

fn main() {}
