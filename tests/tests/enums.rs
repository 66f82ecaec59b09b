//! Enums with differentiable contents: in patterns, put together, in structs, slices and loops.

use tapeless::prelude::*;

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Shape {
    Disc {
        r: f64,
    },
    Rect(f64, f64),
    Labelled(#[no_diff] String, f64),
    Nested {
        #[no_diff]
        times: usize,
        inner: [f64; 2],
    },
    Point,
}

#[differentiable]
fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Disc { r } => 3.0 * r * r,
        Shape::Rect(a, b) => a * b,
        Shape::Labelled(name, k) => k.sin() * name.len() as f64,
        Shape::Nested { times, inner: [a, b] } => a * b * *times as f64,
        Shape::Point => 0.0,
    }
}

#[differentiable]
impl Shape {
    fn scaled(&self, k: f64) -> Shape {
        match self {
            Self::Disc { r } => Self::Disc { r: r * k },
            Shape::Rect(a, b) => Shape::Rect(a * k, b * k),
            other => other.clone(),
        }
    }

    fn size(&self, k: f64) -> f64 {
        area(&self.scaled(k))
    }
}

#[differentiable]
fn size(shape: &Shape, k: f64) -> f64 {
    shape.size(k) * k
}

#[differentiable]
fn total(shapes: &[Shape], k: f64) -> f64 {
    let mut sum = 0.0;
    for shape in shapes {
        sum += shape.size(k) * sum.cos();
    }
    sum
}

#[differentiable]
fn chosen(x: f64, y: f64, n: usize) -> f64 {
    let mut shape = if x > y {
        Shape::Disc { r: x }
    } else {
        Shape::Rect(x, y * y)
    };
    for _ in 0..n {
        shape = match shape {
            Shape::Disc { r } if r > 2.0 => Shape::Rect(r, y),
            Shape::Disc { r } => Shape::Disc { r: r * y },
            Shape::Rect(a, b) => Shape::Disc { r: a - b * b },
            other => other,
        };
    }
    if let Shape::Rect(a, b) = &shape {
        return a * b;
    }
    area(&shape)
}

#[derive(Clone, Debug, Differentiable)]
enum Activation<T: Real> {
    Relu,
    Leaky(T),
    Affine { a: T, b: T },
}

#[differentiable]
fn activate<T: Real>(activation: &Activation<T>, x: T) -> T {
    match activation {
        Activation::Relu => x.relu(),
        Activation::Leaky(slope) => x * *slope,
        Activation::Affine { a, b } => *a * x + *b,
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Scene {
    shapes: Vec<Shape>,
    bias: f64,
    main: Shape,
}

#[differentiable]
fn scene(scene: &Scene) -> f64 {
    scene.bias * area(&scene.main) + total(&scene.shapes, scene.bias)
}

#[differentiable]
fn payload(option: Option<f64>, x: f64) -> f64 {
    match option {
        Some(v) if v > 0.0 => v * x,
        Some(v) => -v,
        None => x,
    }
}

fn shapes() -> Vec<Shape> {
    vec![
        Shape::Disc { r: 1.5 },
        Shape::Rect(0.7, 1.3),
        Shape::Labelled("abc".to_owned(), 0.4),
        Shape::Nested {
            times: 2,
            inner: [0.3, 0.9],
        },
        Shape::Point,
    ]
}

#[test]
fn gradients_agree_with_differences() {
    for shape in &shapes() {
        assert_gradient!(area, shape);
        assert_gradient!(size, shape, 1.2);
        let scene_of = Scene {
            shapes: shapes(),
            bias: 0.6,
            main: shape.clone(),
        };
        assert_gradient!(scene, &scene_of);
    }
    assert_gradient!(total, &shapes(), 0.8);
    assert_gradient!(total, &[], 0.8);
    for n in 0..5 {
        assert_gradient!(chosen, 1.4, 0.7, n);
        assert_gradient!(chosen, 0.4, 0.7, n);
        assert_gradient!(chosen, 2.4, 1.1, n);
    }
    for activation in [
        Activation::Relu,
        Activation::Leaky(0.3),
        Activation::Affine { a: 0.5, b: 2.0 },
    ] {
        assert_gradient!(activate, &activation, 0.9);
    }
    assert_gradient!(payload, Some(2.0), 3.0);
    assert_gradient!(payload, Some(-2.0), 3.0);
    assert_gradient!(payload, None, 3.0);
}

#[test]
fn a_tangent_has_the_variant_of_its_value() {
    assert_eq!(area::grad(&Shape::Disc { r: 2.0 }), ShapeTangent::Disc { r: 12.0 });
    assert_eq!(area::grad(&Shape::Rect(2.0, 3.0)), ShapeTangent::Rect(3.0, 2.0));
    assert_eq!(area::grad(&Shape::Point), ShapeTangent::Point);
    assert_eq!(
        area::grad(&Shape::Labelled("ab".to_owned(), 0.0)),
        ShapeTangent::Labelled(2.0)
    );
    let (_, (shape, k)) = Shape::Disc { r: 2.0 }.size_value_and_grad(3.0);
    assert_eq!((shape, k), (ShapeTangent::Disc { r: 108.0 }, 72.0));
}

#[test]
fn an_enum_can_be_advanced() {
    let mut shape = Shape::Rect(2.0, 3.0);
    shape.advance(&ShapeTangent::Rect(0.5, -1.0));
    assert_eq!(shape, Shape::Rect(2.5, 2.0));
    assert_eq!(shape.zero_tangent(), ShapeTangent::Rect(0.0, 0.0));
}

#[test]
#[should_panic(expected = "another size or variant")]
fn an_enum_cannot_be_advanced_by_another_variants_tangent() {
    let mut tangent = ShapeTangent::Rect(0.5, -1.0);
    tangent.accumulate(&ShapeTangent::Point);
}

/// Variants with numbers beside what differentiates, in every mode.
mod numbered {
    use tapeless::prelude::*;
    use tapeless_tests::modes_agree;

    #[derive(Differentiable, Clone, Copy, Debug)]
    enum Part {
        Inner(f64, usize),
        Outer { size: f64, many: bool, n: usize },
    }

    #[differentiable(forward)]
    fn grown(part: Part, k: f64) -> Part {
        match part {
            Part::Inner(v, n) => Part::Inner(v * k, n),
            Part::Outer { size, many, n } => Part::Outer {
                size: size + k,
                many,
                n,
            },
        }
    }

    #[differentiable(forward)]
    fn extent_of(part: &Part, k: f64) -> f64 {
        match part {
            Part::Inner(v, n) => v * *n as f64,
            Part::Outer { size, many: true, .. } => size * k,
            Part::Outer { size, n, .. } => size * size * *n as f64,
        }
    }

    #[differentiable(forward)]
    fn handed_on(x: &[f64], k: f64) -> f64 {
        match grown(Part::Inner(x[0], 3), k) {
            Part::Inner(v, n) => v * n as f64,
            Part::Outer { size, .. } => size * k,
        }
    }

    #[differentiable(forward)]
    fn in_a_loop(x: &[f64], k: f64) -> f64 {
        let mut part = Part::Inner(x[0], 2);
        let mut s = k;
        for v in x {
            part = match part {
                Part::Inner(a, n) if n > 1 => Part::Inner(a * v + s, n - 1),
                Part::Inner(a, n) => Part::Outer {
                    size: a * k,
                    many: false,
                    n: n + 1,
                },
                Part::Outer { size, n, .. } => Part::Outer {
                    size: size * v,
                    many: n > 1,
                    n,
                },
            };
            s += extent_of(&part, *v) * extent_of(&grown(part, k), s);
        }
        s
    }

    modes_agree! { handed_on in_a_loop }
}
