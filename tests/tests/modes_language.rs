//! Derivatives along directions, and Hessians times vectors, of functions with everything that the language has.

use tapeless::prelude::*;

mod enums {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    enum Shape {
        Disc {
            radius: f64,
        },
        Box(f64, f64),
        Ring {
            inner: f64,
            #[no_diff]
            turns: i32,
            outer: f64,
        },
        Nothing,
    }

    #[differentiable(forward)]
    fn area(shape: &Shape, scale: f64) -> f64 {
        match shape {
            Shape::Disc { radius } => radius * radius * scale,
            Shape::Box(a, b) => a * b * scale * scale,
            Shape::Ring { inner, turns, outer } => (outer * outer - inner * inner) * (*turns as f64) * scale.sin(),
            Shape::Nothing => scale * scale,
        }
    }

    #[differentiable(forward)]
    fn built(x: f64, y: f64, which: usize) -> f64 {
        let mut shape = match which {
            0 => Shape::Disc { radius: x * y },
            1 => Shape::Box(x.sin(), 2.0),
            2 => Shape::Ring {
                inner: x,
                turns: 3,
                outer: y * y,
            },
            _ => Shape::Nothing,
        };
        if x > 1.0 {
            shape = Shape::Box(x * x, y);
        }
        area(&shape, x + y) * x
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    enum Event<T> {
        Push(T),
        Turn { by: T, twice: bool },
    }

    #[differentiable(forward)]
    fn played<T: Real>(events: &[Event<T>; 3], x: T) -> T {
        let mut state = x;
        for i in 0..3 {
            state = match events[i] {
                Event::Push(f) => state * f + x,
                Event::Turn { by, twice } => {
                    if twice {
                        (state * by * by).sin()
                    } else {
                        (state * by).cos()
                    }
                }
            };
        }
        state
    }

    #[test]
    fn agree() {
        assert_hvp!(area, &Shape::Disc { radius: 1.5 }, 0.7; &ShapeTangent::Disc { radius: 0.3 }, -0.5);
        assert_hvp!(area, &Shape::Box(1.5, 0.4), 0.7; &ShapeTangent::Box(0.3, 1.1), -0.5);
        assert_hvp!(
            area, &Shape::Ring { inner: 0.5, turns: 3, outer: 1.5 }, 0.7;
            &ShapeTangent::Ring { inner: 0.3, outer: -0.8 }, -0.5
        );
        assert_hvp!(area, &Shape::Nothing, 0.7; &ShapeTangent::Nothing, -0.5);
        for which in 0..4 {
            assert_hvp!(built, 0.8, 1.3, which; 0.3, -0.5);
        }
        assert_hvp!(built, 1.8, 1.3, 0; 0.3, -0.5);
        let events = [
            Event::Push(0.4),
            Event::Turn { by: 0.8, twice: true },
            Event::Turn { by: 1.1, twice: false },
        ];
        let along = [
            EventTangent::Push(0.3),
            EventTangent::Turn { by: -0.8 },
            EventTangent::Turn { by: 0.6 },
        ];
        assert_hvp!(played, &events, 0.9; &along, -0.5);
    }
}

mod boxes {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    enum Expr {
        Constant(f64),
        Variable,
        Sum(Box<Expr>, Box<Expr>),
        Product(Box<Expr>, Box<Expr>),
    }

    #[differentiable(forward)]
    fn value(expr: &Expr, x: f64) -> f64 {
        match expr {
            Expr::Constant(c) => *c,
            Expr::Variable => x,
            Expr::Sum(a, b) => value(a, x) + value(b, x),
            Expr::Product(a, b) => value(a, x) * value(b, x),
        }
    }

    #[derive(Differentiable, Clone, Debug)]
    struct List {
        head: f64,
        tail: Option<Box<List>>,
    }

    #[differentiable(forward)]
    fn total(list: &List, k: f64) -> f64 {
        let rest = match &list.tail {
            Some(tail) => total(tail, k),
            None => 0.0,
        };
        list.head * k + rest * rest
    }

    #[test]
    fn agree() {
        let sum = || Box::new(Expr::Sum(Box::new(Expr::Constant(0.7)), Box::new(Expr::Variable)));
        let expr = Expr::Product(sum(), Box::new(Expr::Product(sum(), Box::new(Expr::Variable))));
        let along = value::grad(&expr, 0.4).0;
        assert_hvp!(value, &expr, 0.4; &along, -0.6);
        let end = List { head: 0.8, tail: None };
        let list = List {
            head: 0.3,
            tail: Some(Box::new(List {
                head: -0.4,
                tail: Some(Box::new(end)),
            })),
        };
        let along = total::grad(&list, 0.9).0;
        assert_hvp!(total, &list, 0.9; &along, -0.6);
    }
}

mod options {
    use super::*;

    #[differentiable(forward)]
    fn mapped(x: f64, y: Option<f64>) -> f64 {
        let z = y.map(|y| y * x).unwrap_or(x * x);
        let w = if z > 0.5 { Some((z, x)) } else { None };
        match w {
            Some((a, b)) => a * a * b,
            None => z.sin() * x,
        }
    }

    #[differentiable(forward)]
    fn root(x: f64) -> Option<f64> {
        if x < 0.0 {
            return None;
        }
        Some(x.sqrt() * x)
    }

    #[differentiable(forward)]
    fn both(x: f64, y: f64) -> Option<f64> {
        let a = root(x)?;
        let b = root(y * a)?;
        Some(a * b)
    }

    #[differentiable(forward)]
    fn result(x: f64) -> Result<f64, String> {
        if x < 0.0 {
            return Err("negative".to_owned());
        }
        Ok(x.sqrt() * x)
    }

    #[differentiable(forward)]
    fn settled(x: f64, y: f64) -> f64 {
        let a = both(x, y).unwrap_or(x * y);
        let b = match result(y) {
            Ok(b) => b * x,
            Err(_) => x,
        };
        a * a * b
    }

    #[test]
    fn agree() {
        assert_hvp!(mapped, 0.8, Some(1.3); 0.3, Some(-0.5));
        assert_hvp!(mapped, 0.8, Some(0.3); 0.3, Some(-0.5));
        assert_hvp!(mapped, 0.8, None; 0.3, None::<f64>);
        assert_hvp!(settled, 0.8, 1.2; 0.3, 0.7);
        assert_hvp!(settled, 0.8, -1.2; 0.3, 0.7);
        let (value, dot) = both::jvp(0.8, 1.2, 1.0, 0.0);
        assert_eq!(value, both(0.8, 1.2));
        assert!(dot.is_some());
        assert_eq!(both::jvp(-0.8, 1.2, 1.0, 0.0), (None, None));
    }
}

mod vectors {
    use super::*;

    #[differentiable(forward)]
    fn repeated(x: f64, n: usize) -> f64 {
        let mut v = vec![x * x; n];
        for i in 1..n {
            v[i] *= v[i - 1];
        }
        v[n - 1]
    }

    #[differentiable(forward)]
    fn pushed(x: f64, y: f64, n: usize) -> f64 {
        let mut v = Vec::new();
        v.push(x);
        v.push(1.0);
        for i in 0..n {
            v.push(v[i] * y);
        }
        let mut s = 0.0;
        for e in &v {
            s += e * e;
        }
        s
    }

    #[differentiable(forward)]
    fn copied(xs: &[f64], y: f64) -> f64 {
        let mut v = xs.to_vec();
        v[0] *= y * v[1];
        let mut w = xs[1..].to_vec();
        w[0] *= v[0];
        v[0] * v[1] * w[0]
    }

    #[differentiable(forward)]
    fn total(xs: &[f64]) -> f64 {
        let mut s = 0.0;
        for x in xs {
            s += x * x * x;
        }
        s
    }

    #[differentiable(forward)]
    fn slices(a: [f64; 4], v: &[f64], x: f64) -> f64 {
        let b = [x, x * x];
        let w = vec![x; 3];
        total(&a) * x + total(&a[1..3]) * total(v) + total(&v[1..]) * total(&b) + total(&w)
    }

    #[differentiable(forward)]
    fn chains(xs: &[f64], ys: &[f64], k: f64) -> f64 {
        let dot: f64 = xs.iter().zip(ys).map(|(x, y)| x * y * k).sum();
        let scaled: Vec<f64> = xs.iter().map(|x| x * dot).collect();
        let product: f64 = scaled.iter().take(2).product();
        let most = scaled.iter().copied().fold(f64::MIN, f64::max);
        product
            + most * k
            + xs.windows(2).map(|w| w[0] * w[1]).sum::<f64>()
            + ys.chunks(2).map(|c| c[0] * k).sum::<f64>()
    }

    #[differentiable(forward)]
    fn squares(xs: &[f64], k: f64) -> Vec<f64> {
        let mut out = Vec::with_capacity(xs.len());
        for x in xs {
            out.push(x * x * k);
        }
        out
    }

    #[differentiable(forward)]
    fn nested(xs: &[f64], k: f64) -> f64 {
        let mut rows = vec![vec![0.0; 2]; xs.len()];
        for i in 0..xs.len() {
            rows[i][i % 2] = xs[i] * k;
            rows[i][(i + 1) % 2] += k;
        }
        let flat = squares(&rows[0], k);
        let mut s = flat[0];
        for row in &rows {
            s += row[0] * row[1];
        }
        s
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Point {
        x: f64,
        #[no_diff]
        weight: f64,
        y: f64,
    }

    #[differentiable(forward)]
    fn spread(points: &[Point], k: f64) -> f64 {
        let mut s = 0.0;
        for p in points {
            s += p.weight * (p.x * p.y * k).sin();
        }
        s
    }

    #[differentiable(forward)]
    fn points(points: &[Point], k: f64) -> f64 {
        let moved = [
            Point {
                x: k,
                weight: 2.0,
                y: k * k,
            },
            points[0],
        ];
        let mut all = points.to_vec();
        all[0].x *= k;
        all.push(moved[0]);
        spread(points, k) * spread(&moved, 2.0) + spread(&all[1..], k * k) + spread(&[], k) * all[0].x
    }

    #[test]
    fn slices_of_structs() {
        let start = vec![
            Point {
                x: 0.4,
                weight: 0.5,
                y: 1.1,
            },
            Point {
                x: -0.4,
                weight: 1.5,
                y: 0.7,
            },
        ];
        let along = vec![PointTangent { x: 0.3, y: -0.6 }, PointTangent { x: 0.8, y: 0.2 }];
        assert_hvp!(points, &start, 0.9; &along, 0.4);
        assert_hvp!(spread, &start, 0.9; &along, 0.4);
    }

    #[test]
    fn agree() {
        for n in [1, 2, 4] {
            assert_hvp!(repeated, 0.8, n; 0.3);
            assert_hvp!(pushed, 0.8, 1.2, n; 0.3, -0.7);
        }
        assert_hvp!(pushed, 0.8, 1.2, 0; 0.3, -0.7);
        assert_hvp!(copied, &vec![0.8, 1.2, 0.4], 1.1; &vec![0.3, -0.7, 0.4], 0.2);
        assert_hvp!(slices, [0.8, 1.2, 0.4, 0.3], &vec![1.1, 0.2], 0.9; [0.3, -0.7, 0.4, 1.0], &vec![0.2, -0.3], 0.6);
        assert_hvp!(chains, &vec![0.8, 1.2, 0.4], &vec![0.5, 0.2, 1.4], 1.1; &vec![0.3, -0.7, 0.4], &vec![0.4, 0.1, -0.6], 0.2);
        assert_hvp!(nested, &vec![0.8, 1.2, 0.4], 1.1; &vec![0.3, -0.7, 0.4], 0.2);
    }
}

mod references {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct State {
        x: f64,
        v: [f64; 2],
        #[no_diff]
        n: usize,
    }

    #[differentiable(forward)]
    fn through(s: State, k: f64) -> f64 {
        let mut s = s;
        let p = &mut s.x;
        *p *= k;
        *p += s.v[0];
        for v in s.v.iter_mut() {
            *v *= k * k;
        }
        let old = std::mem::replace(&mut s.x, k);
        std::mem::swap(&mut s.x, &mut s.v[0]);
        s.v.swap(0, 1);
        s.n += 1;
        old * s.x * s.v[0] * s.v[1] + s.n as f64
    }

    #[test]
    fn agree() {
        let s = State {
            x: 0.7,
            v: [0.4, 1.2],
            n: 2,
        };
        assert_hvp!(through, s, 1.1; StateTangent { x: 0.3, v: [-0.5, 0.6] }, 0.4);
    }
}
