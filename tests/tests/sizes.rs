//! Elements that change their size or their variant.

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Debug)]
struct Bucket {
    items: Vec<f64>,
    weight: f64,
    count: usize,
}

#[derive(Differentiable, Clone, Copy, Debug)]
enum Shape {
    Point,
    Disc(f64),
    Box { width: f64, height: f64 },
}

#[differentiable]
fn pushed_twice(x: f64) -> f64 {
    let mut rows = vec![vec![]; 2];
    rows[0].push(x);
    rows[0].push(x * x);
    rows[0][1] * rows[0][0]
}

#[differentiable]
fn replaced_by_a_longer_one(x: f64) -> f64 {
    let mut rows = vec![vec![x; 2]; 2];
    let before = rows[0][1] * rows[1][0];
    rows[0] = vec![x * x; 3];
    rows[0][2] * before
}

#[differentiable]
fn replaced_by_a_shorter_one(x: f64) -> f64 {
    let mut rows = [vec![x, x * x, 2.0 * x], vec![x]];
    let before = rows[0][2] * rows[1][0];
    rows[0] = vec![before];
    rows[1] = Vec::new();
    rows[0][0] * x + rows[1].len() as f64
}

#[differentiable]
fn fields_of_elements(x: f64) -> f64 {
    let empty = Bucket {
        items: vec![],
        weight: x,
        count: 0,
    };
    let mut buckets = vec![empty; 2];
    for i in 0..5 {
        buckets[i % 2].items.push(x * i as f64);
        buckets[i % 2].weight *= x;
        buckets[i % 2].count += 1;
    }
    buckets[0].items[1] * buckets[1].items[1] * buckets[0].weight + buckets[1].count as f64 * x
}

#[differentiable]
fn append(row: &mut Vec<f64>, x: f64) -> f64 {
    row.push(x);
    row[0] * x
}

#[differentiable]
fn handed_over(x: f64) -> f64 {
    let mut rows = vec![vec![], vec![x]];
    let a = append(&mut rows[0], x);
    let b = append(&mut rows[0], x * x);
    a * b + rows[0][0] * rows[0][1]
}

#[differentiable]
fn swapped(x: f64) -> f64 {
    let mut rows = [vec![x], vec![x, x * x]];
    rows.swap(0, 1);
    rows[0][1] * rows[1][0]
}

#[differentiable]
fn taken(x: f64) -> f64 {
    let mut rows = [vec![x], vec![x, x * x]];
    let row = std::mem::take(&mut rows[1]);
    rows[0] = row;
    rows[0][1] * x
}

#[differentiable]
fn each_in_place(x: f64) -> f64 {
    let mut rows = [vec![x], vec![x, x]];
    for row in rows.iter_mut() {
        row.push(x * x);
    }
    rows[0][1] * rows[1][2]
}

#[differentiable]
fn by_reference(x: f64) -> f64 {
    let mut rows = [vec![x], vec![x, x]];
    {
        let row = &mut rows[0];
        row.push(x * x);
        row.push(x);
    }
    rows[0][1] * rows[1][1] * rows[0][2]
}

#[differentiable]
fn ragged(rows: &Vec<Vec<f64>>, k: f64) -> f64 {
    let mut m = rows.clone();
    m.swap(0, 2);
    let first = m[0][2] * m[2][0];
    m.reverse();
    m[1] = vec![k; 5];
    first * m[0][0] * m[2][1] + m[1][4]
}

#[differentiable]
fn of_a_parameter(rows: &mut Vec<Vec<f64>>, k: f64) -> f64 {
    let y = rows[0][0];
    rows[0].push(k);
    rows[0].push(k * y);
    rows[1] = vec![k, k * y];
    rows[0][1] * rows[1][1] * y
}

#[differentiable]
fn through_a_parameter(rows: &Vec<Vec<f64>>, k: f64) -> f64 {
    let mut rows = rows.clone();
    let y = of_a_parameter(&mut rows, k);
    y + rows[0][2] * rows[1][0] * rows[2][1]
}

#[differentiable]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut rows = vec![vec![x]; 3];
    let mut y = x;
    for i in 0..n {
        rows[i % 3] = vec![y * rows[(i + 1) % 3][0]; 1 + i % 4];
        y = (y * rows[i % 3][i % 4]).sin() + x;
    }
    y * rows[0][0]
}

#[differentiable(checkpoints = 2)]
fn in_a_loop_with_few_places(x: f64, n: usize) -> f64 {
    let mut rows = vec![vec![x]; 3];
    let mut y = x;
    for i in 0..n {
        rows[i % 3] = vec![y * rows[(i + 1) % 3][0]; 1 + i % 4];
        y = (y * rows[i % 3][i % 4]).sin() + x;
    }
    y * rows[0][0]
}

#[differentiable(checkpoints = all)]
fn in_a_loop_all_kept(x: f64, n: usize) -> f64 {
    let mut rows = vec![vec![x]; 3];
    let mut y = x;
    for i in 0..n {
        rows[i % 3] = vec![y * rows[(i + 1) % 3][0]; 1 + i % 4];
        y = (y * rows[i % 3][i % 4]).sin() + x;
    }
    y * rows[0][0]
}

#[differentiable]
fn written_and_not_read(x: f64, n: usize) -> f64 {
    let mut rows = vec![vec![x]; 3];
    for i in 0..n {
        rows[i % 3] = vec![x * i as f64; 2 + i];
    }
    rows[(n + 2) % 3][n] * rows[0][0]
}

#[differentiable]
fn in_loops_in_loops(x: f64, n: usize) -> f64 {
    let mut rows = vec![vec![]; 2];
    let mut s = 0.0;
    for i in 0..n {
        let mut k = 0;
        while k < i {
            rows[k % 2].push(s + x * k as f64);
            if k == 3 {
                rows[0] = vec![x; 2];
                break;
            }
            k += 1;
        }
        for row in &rows {
            for v in row {
                s += v * x;
            }
        }
        if s > 1e6 {
            return s;
        }
    }
    s
}

#[differentiable]
fn in_a_branch(x: f64, longer: bool) -> f64 {
    let mut rows = vec![vec![x], vec![x * x]];
    if longer {
        rows[0] = vec![x, x * x, x];
    } else {
        rows[1].push(x);
        clear_with(&mut rows[0], x);
    }
    rows[0][rows[0].len() - 1] * rows[1][rows[1].len() - 1]
}

#[differentiable]
fn clear_with(row: &mut Vec<f64>, x: f64) {
    *row = vec![x, x];
}

#[differentiable]
fn another_variant(x: f64) -> f64 {
    let mut shapes = [Shape::Disc(x); 3];
    shapes[1] = Shape::Box {
        width: x,
        height: x * x,
    };
    shapes[2] = Shape::Point;
    let mut area = 0.0;
    for shape in &shapes {
        area += match shape {
            Shape::Point => x,
            Shape::Disc(r) => r * r,
            Shape::Box { width, height } => width * height,
        };
    }
    area
}

#[differentiable]
fn each_another_variant(x: f64) -> f64 {
    let mut shapes = [Shape::Box { width: x, height: x }, Shape::Point];
    for shape in shapes.iter_mut() {
        *shape = Shape::Disc(x * x);
    }
    match (shapes[0], shapes[1]) {
        (Shape::Disc(a), Shape::Disc(b)) => a * b,
        _ => 0.0,
    }
}

#[differentiable]
fn variants_in_turn(x: f64, n: usize) -> f64 {
    let mut shapes = vec![Shape::Point; 2];
    for i in 0..n {
        let next = match shapes[i % 2] {
            Shape::Point => Shape::Disc(x),
            Shape::Disc(r) => Shape::Box {
                width: r * x,
                height: x,
            },
            Shape::Box { width, height } => Shape::Disc(width * height),
        };
        shapes[(i + 1) % 2] = next;
    }
    match shapes[n % 2] {
        Shape::Point => x,
        Shape::Disc(r) => r * r,
        Shape::Box { width, height } => width * height,
    }
}

#[differentiable]
fn options(x: f64, n: usize) -> f64 {
    let mut cells = [None; 3];
    for i in 0..n {
        cells[i % 3] = if i % 2 == 0 { Some(x * i as f64) } else { None };
    }
    let mut s = x;
    for i in 0..3 {
        if let Some(v) = cells[i] {
            s *= v + x;
        }
    }
    s
}

#[differentiable]
fn nothing_flows(x: f64, take: bool) -> f64 {
    let mut rows = vec![vec![x], vec![x]];
    rows[0] = vec![x * x; 3];
    rows[1] = vec![x, x * x, x, x];
    if take { rows[1][3] * rows[0][2] } else { x }
}

#[differentiable]
fn rows_of_rows(x: f64) -> f64 {
    let mut cube = vec![vec![vec![x]; 2]; 2];
    cube[0][1] = vec![x * x; 2];
    cube[1] = vec![vec![x; 3]; 3];
    let last = x * cube[0][1][1];
    cube[1][2].push(last);
    cube[1][2][3] * cube[0][0][0]
}

#[test]
fn vectors_in_vectors() {
    let rows = vec![vec![1.5], vec![2.0, 3.0], vec![0.5, 0.7, 0.9]];
    check! {
        pushed_twice(1.3);
        replaced_by_a_longer_one(1.3);
        replaced_by_a_shorter_one(1.3);
        fields_of_elements(1.3);
        handed_over(1.3);
        swapped(1.3);
        taken(1.3);
        each_in_place(1.3);
        by_reference(1.3);
        ragged(&rows, 0.3);
        through_a_parameter(&rows, 0.3);
        in_a_branch(1.3, true);
        in_a_branch(1.3, false);
        nothing_flows(1.3, true);
        nothing_flows(1.3, false);
        rows_of_rows(1.3);
    }
}

#[test]
fn loops() {
    for n in [0, 1, 2, 7, 40, 300] {
        check! {
            in_a_loop(0.7, n);
            in_a_loop_with_few_places(0.7, n);
            in_a_loop_all_kept(0.7, n);
        }
        assert_eq!(in_a_loop::grad(0.7, n), in_a_loop_with_few_places::grad(0.7, n));
        assert_eq!(in_a_loop::grad(0.7, n), in_a_loop_all_kept::grad(0.7, n));
    }
    for n in [3, 4, 9] {
        check! { written_and_not_read(1.3, n); }
    }
    for n in 0..7 {
        check! {
            in_loops_in_loops(0.3, n);
            variants_in_turn(1.3, n);
            options(1.3, n);
        }
    }
}

#[test]
fn variants() {
    check! {
        another_variant(1.3);
        each_another_variant(1.3);
    }
}
