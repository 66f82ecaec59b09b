//! Methods of one's own that have names of the standard library's.

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Debug)]
struct Grid {
    values: Vec<f64>,
}

#[differentiable]
impl Grid {
    fn get(&self, i: usize) -> f64 {
        self.values[i]
    }
    fn first(&self) -> f64 {
        self.get(0)
    }
    fn last(&self) -> f64 {
        self.get(self.values.len() - 1) * self.first()
    }
    fn map(&self, k: f64) -> Grid {
        Grid {
            values: vec![self.values[0] * k, self.values[1] + k],
        }
    }
    fn set(&mut self, i: usize, x: f64) {
        self.values[i] = x;
    }
    fn fill(&mut self, x: f64) {
        for i in 0..self.values.len() {
            self.set(i, x * i as f64);
        }
    }
}

#[derive(Differentiable, Clone, Debug)]
struct Mean {
    count: f64,
    mean: f64,
}

#[differentiable]
impl Mean {
    fn new(start: f64) -> Mean {
        Mean {
            count: 1.0,
            mean: start,
        }
    }
    fn push(&mut self, x: f64) {
        self.count += 1.0;
        self.mean += (x - self.mean) / self.count;
    }
    fn insert(&mut self, x: f64) -> f64 {
        self.push(x);
        self.push(x * x);
        self.mean
    }
    fn clear(&mut self) {
        self.mean = 0.0;
    }
    fn reverse(&mut self) {
        self.mean = -self.mean;
    }
    fn swap(&mut self, a: f64, b: f64) {
        self.mean = self.mean * a + b;
    }
}

#[differentiable]
trait Half {
    fn half(self) -> f64;
}

#[differentiable]
impl Half for f64 {
    fn half(self) -> f64 {
        self * 0.5
    }
}

/// Another name for a vector stays one.
type Row = Vec<f64>;
type Order = Vec<usize>;

#[differentiable]
fn read(grid: &Grid) -> f64 {
    let doubled: Grid = grid.map(2.0);
    grid.get(1) * grid.get(2) * grid.first() + grid.last() * doubled.first()
}

#[differentiable]
fn read_in_a_loop(grid: &Grid, n: usize) -> f64 {
    let mut product = 1.0;
    for i in 0..n {
        product *= grid.get(i) + product;
    }
    product
}

#[differentiable]
fn filled(x: f64) -> f64 {
    let mut grid = Grid { values: vec![x; 3] };
    let before = grid.get(1);
    grid.fill(x * x);
    grid.set(0, before);
    grid.last() * grid.first()
}

#[differentiable]
fn running_mean(x: &[f64]) -> f64 {
    let mut mean = Mean { count: 0.0, mean: 0.0 };
    for &v in x {
        mean.push(v);
        mean.push(v * mean.mean);
    }
    mean.mean
}

#[differentiable]
fn others(x: f64) -> f64 {
    let mut mean = Mean::new(x);
    let inserted = mean.insert(x * x);
    mean.reverse();
    mean.swap(x, 2.0);
    let before = mean.mean;
    mean.clear();
    mean.push(x);
    before * mean.mean * inserted
}

#[differentiable]
fn of_a_chain(x: &[f64]) -> f64 {
    x.iter().product::<f64>().half() + x.iter().map(|v| v * v).sum::<f64>().half()
}

#[differentiable]
fn other_names(row: &Row, order: &Order, x: f64) -> f64 {
    let first = *row.first().unwrap();
    let mut more: Row = row.clone();
    more.push(x * first);
    more.swap(0, 1);
    let last = match row.get(1) {
        Some(v) => *v,
        None => x,
    };
    let k = *order.get(0).unwrap();
    more[k] * more[0] * last * row.get(1).copied().unwrap_or(x)
}

#[test]
fn own_names() {
    let grid = Grid {
        values: vec![1.2, 3.0, 0.4],
    };
    check! {
        read(&grid);
        read_in_a_loop(&grid, 3);
        filled(1.3);
        running_mean(&[1.2, 3.0, 0.4]);
        running_mean(&[]);
        others(1.3);
        of_a_chain(&[1.2, 3.0, 0.4]);
        of_a_chain(&[]);
        other_names(&vec![1.2, 0.7], &vec![2, 1], 0.3);
    }
}

mod like_generated_ones {
    use tapeless::prelude::*;
    use tapeless_tests::modes_agree;

    #[differentiable(forward)]
    fn product(__0: f64, __1: f64) -> f64 {
        __0 * __1
    }

    #[differentiable(forward)]
    fn numbered(x: &[f64], k: f64) -> f64 {
        let __0 = x[0];
        let __x_bar = k;
        let __ = x[1];
        let ___1 = k;
        __0 * __x_bar * __ * ___1 * product(__0, __)
    }

    modes_agree! { numbered }
}
