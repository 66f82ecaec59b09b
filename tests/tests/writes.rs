//! Writes to parts of variables: elements, fields, entries.

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Copy, Debug)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Differentiable, Clone, Copy, Debug)]
struct Body {
    position: Point,
    velocity: [f64; 2],
    count: usize,
}

#[differentiable]
fn array_elements(x: f64, y: f64) -> f64 {
    let mut a = [x, y, x * y];
    a[0] = a[1] * a[2];
    a[1] *= a[0];
    a[2] = a[0] + a[1];
    a[0] = 3.0;
    a[0] * a[1] + a[2]
}

#[differentiable]
fn element_in_branch(a: [f64; 3], i: usize) -> f64 {
    let mut b = a;
    if i > 0 {
        b[i] = b[i - 1] * a[i];
    } else {
        b[2] += a[0] * b[0];
    }
    b[0] * b[1] * b[2] + a[i]
}

#[differentiable]
fn tuple_fields(x: f64, y: f64) -> f64 {
    let mut t = (x, (y, x * y));
    t.0 = t.1.0 * t.1.1;
    t.1.1 += t.0;
    t.1 = (t.1.1, t.0 * 2.0);
    t.0 * t.1.0 + t.1.1
}

#[differentiable]
fn struct_fields(mut body: Body, dt: f64) -> f64 {
    body.position.x += body.velocity[0] * dt;
    body.velocity[1] -= body.position.x * dt;
    body.position.y = body.position.y * body.velocity[1] + body.position.x;
    body.count += 1;
    body.position.x * body.position.y * body.count as f64
}

#[differentiable]
fn copy_before(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let b = a;
    a[0] = a[1] * x;
    let c = a;
    a[1] = 5.0 * a[0];
    a[0] * b[0] + c[1] * a[1] + b[1] * c[0]
}

#[differentiable]
fn from_constants(x: f64) -> f64 {
    let mut a = [0.0; 4];
    a[1] = x;
    a[2] = a[1] * a[1] + a[0];
    a[3] = a[2] * x;
    a[1] = 0.0;
    a[0] + a[1] + a[2] * a[3]
}

#[differentiable]
fn cumulative(x: &[f64; 5]) -> f64 {
    let mut sums = [0.0; 5];
    sums[0] = x[0];
    for i in 1..5 {
        sums[i] = sums[i - 1] * 0.5 + x[i].sin();
    }
    let mut total = 0.0;
    for s in &sums {
        total += s * s;
    }
    total
}

#[differentiable]
fn scaled_in_place(x: &[f64; 4], factor: f64) -> f64 {
    let mut y = *x;
    for i in 0..4 {
        y[i] *= factor;
        y[i] += y[(i + 1) % 4] * x[i];
    }
    y[0] * y[1] + y[2] / y[3]
}

#[differentiable]
fn stencil(u: &[f64; 6], steps: usize) -> f64 {
    let mut now = *u;
    for _ in 0..steps {
        let mut next = now;
        for i in 1..5 {
            next[i] = now[i] + 0.1 * (now[i - 1] - 2.0 * now[i] + now[i + 1]) * now[i];
        }
        now = next;
    }
    now[1] * now[2] + now[3] - now[4]
}

#[differentiable]
fn elimination(a: &[[f64; 3]; 3], b: &[f64; 3]) -> f64 {
    let mut m = *a;
    let mut x = *b;
    for k in 0..3 {
        for i in (k + 1)..3 {
            let factor = m[i][k] / m[k][k];
            for j in k..3 {
                m[i][j] -= factor * m[k][j];
            }
            x[i] -= factor * x[k];
        }
    }
    for k in (0..3).rev() {
        for j in (k + 1)..3 {
            x[k] -= m[k][j] * x[j];
        }
        x[k] /= m[k][k];
    }
    x[0] + 2.0 * x[1] * x[2]
}

#[differentiable]
fn product(a: &[[f64; 2]; 2], b: &[[f64; 2]; 2]) -> f64 {
    let mut c = *b;
    for i in 0..2 {
        for j in 0..2 {
            c[i][j] = 0.0;
            for k in 0..2 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c[0][0] * c[1][1] - c[0][1] * c[1][0]
}

#[differentiable]
fn matrix_entries(x: f64, n: usize) -> f64 {
    let mut m: Matrix<2, 3, f64> = Matrix::zeros();
    for k in 0..n {
        m[(k % 2, k % 3)] += x * k as f64;
        m[(0, 0)] *= x;
    }
    m.norm_squared()
}

#[differentiable]
fn heap_entries(m: HeapMatrix<2, 2, f64>, x: f64) -> f64 {
    let mut n = m;
    n[(0, 1)] = x * n[(1, 1)];
    n[(1, 1)] = n[(0, 1)] + n[(0, 0)];
    (&n * &n).sum()
}

#[differentiable]
fn captured_by_a_move_closure(x: f64) -> f64 {
    let mut a = [x, 2.0 * x];
    let f = move |s: f64| a[0] * s + a[1];
    a[0] = 7.0 * x * x;
    f(x) + a[0]
}

#[differentiable]
fn fibonacci(x: f64, n: usize) -> f64 {
    let (mut a, mut b) = (x, x * x);
    for _ in 0..n {
        (a, b) = (b, a + b * x);
    }
    a * b
}

#[test]
fn gradients_agree_with_differences() {
    let body = Body {
        position: Point { x: 0.3, y: 0.4 },
        velocity: [1.1, -0.7],
        count: 2,
    };
    let a = [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.2, 0.3, 5.0]];
    check! {
        array_elements(1.2, 0.7);
        element_in_branch([1.1, 1.2, 1.3], 0); element_in_branch([1.1, 1.2, 1.3], 1); element_in_branch([1.1, 1.2, 1.3], 2);
        tuple_fields(1.2, 0.7);
        struct_fields(body, 0.1);
        copy_before(1.2, 0.7);
        from_constants(1.2);
        cumulative(&[0.1, 0.2, 0.3, 0.4, 0.5]);
        scaled_in_place(&[0.1, 0.2, 0.3, 0.4], 1.7);
        stencil(&[0.1, 0.5, 0.3, 0.4, 0.9, 0.2], 0); stencil(&[0.1, 0.5, 0.3, 0.4, 0.9, 0.2], 3);
        elimination(&a, &[1.0, 2.0, 3.0]);
        product(&[[0.1, 0.2], [0.3, 0.4]], &[[1.1, -0.2], [0.7, 0.5]]);
        matrix_entries(1.2, 5);
        heap_entries(HeapMatrix::from_rows([[0.1, 0.2], [0.3, 0.4]]), 1.2);
        captured_by_a_move_closure(1.2);
        fibonacci(0.7, 4);
    }
}
