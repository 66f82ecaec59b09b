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

/// Types whose methods are called like a slice's, an option's, or an iterator's, and mean something else.
mod other_meanings {
    use std::collections::BTreeMap;
    use std::ops::{Index, IndexMut};

    use tapeless::prelude::*;
    use tapeless_tests::modes_agree;

    #[derive(Differentiable, Clone, Debug)]
    struct Tensor {
        values: Vec<f64>,
        scale: f64,
    }

    #[differentiable(forward)]
    impl Tensor {
        fn flatten(&self) -> Vec<f64> {
            vec![self.values[0] * self.scale, self.values[1]]
        }
        fn zip(&self, other: &Tensor) -> f64 {
            self.scale * other.scale * self.values[1]
        }
        fn ok(&self) -> f64 {
            self.scale * 2.0
        }
        fn concat(&self) -> f64 {
            self.scale * self.scale
        }
    }

    /// Settings whose index counts from the end, unlike their `as_slice`, `first`, and `get`.
    #[derive(Clone, Debug)]
    struct Settings {
        values: Vec<f64>,
    }

    impl Settings {
        fn get(&self, i: usize) -> Option<&f64> {
            self.values.get(i)
        }
        fn first(&self) -> Option<&f64> {
            self.values.first()
        }
        fn last(&self) -> Option<&f64> {
            self.values.last()
        }
        fn as_slice(&self) -> &[f64] {
            &self.values
        }
        fn iter(&self) -> std::slice::Iter<'_, f64> {
            self.values.iter()
        }
    }

    impl Index<usize> for Settings {
        type Output = f64;
        fn index(&self, i: usize) -> &f64 {
            &self.values[self.values.len() - 1 - i]
        }
    }

    impl IndexMut<usize> for Settings {
        fn index_mut(&mut self, i: usize) -> &mut f64 {
            let last = self.values.len() - 1;
            &mut self.values[last - i]
        }
    }

    fn settings() -> Settings {
        Settings {
            values: vec![1.0, 2.0, 4.0],
        }
    }

    #[differentiable(forward)]
    fn of_a_tensor(x: &[f64], k: f64) -> f64 {
        let tensor = Tensor {
            values: x.to_vec(),
            scale: k,
        };
        let flat = tensor.flatten();
        flat[0] * flat[1] + tensor.zip(&tensor) * tensor.ok() * tensor.concat()
    }

    #[differentiable(forward)]
    fn of_a_slice_of_settings(x: &[f64], k: f64) -> f64 {
        let settings = settings();
        let sum: f64 = settings.as_slice().iter().sum();
        x[0] * k * settings.as_slice()[0] + sum * x[1] * k
    }

    #[differentiable(forward)]
    fn of_an_index(x: &[f64], k: f64) -> f64 {
        let mut settings = settings();
        settings[0] = 5.0;
        settings[1] += 2.0;
        let first = settings.first();
        let item = settings.get(2);
        x[0] * k * settings.last().unwrap() + first.unwrap() * x[1] * settings[2] + item.unwrap() * settings[0] * k
    }

    #[differentiable(forward)]
    fn of_an_iterator(x: &[f64], k: f64) -> f64 {
        let settings = settings();
        let mut items = settings.iter();
        let mut product = k;
        while let Some(item) = items.next() {
            product = product * item + x[0];
        }
        for item in settings.iter() {
            product += item * x[1] * k;
        }
        product
    }

    #[differentiable(forward)]
    fn of_a_map(x: &[f64], k: f64) -> f64 {
        let map: BTreeMap<usize, f64> = [(0, 2.0), (1, 3.0)].into_iter().collect();
        let top = map.iter().max_by(|a, b| a.1.total_cmp(b.1));
        let (i, value) = top.unwrap();
        x[*i] * k * value
    }

    #[differentiable(forward)]
    fn of_texts(x: &[f64], k: f64) -> f64 {
        let text = "ab";
        let both = [text, "cd"].concat();
        let rest = text[1..].to_owned();
        let names = [both.clone(), rest.clone(), "longest".to_string()];
        let longest = names.iter().max_by_key(|name| name.len());
        x[0] * k * both.len() as f64 + rest.len() as f64 * x[1] * longest.unwrap().len() as f64
    }

    modes_agree! { of_a_tensor of_a_slice_of_settings of_an_index of_an_iterator of_a_map of_texts }
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
