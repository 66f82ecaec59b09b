//! Parts of slices and vectors: written to by references and calls, put in order, taken apart by patterns, and iterated over by name.
//! The gradients agree with central differences.

use tapeless::assert_gradient;
use tapeless::prelude::*;

const X: [f64; 4] = [0.3, -0.7, 1.2, 0.5];

macro_rules! agree {
    ($($function:ident)*) => {$(
        assert_gradient!($function, &X[..], 0.8);
        assert_gradient!($function, &X[..], -1.25);
    )*};
}

#[differentiable]
fn scale(v: &mut [f64], k: f64) {
    for x in v.iter_mut() {
        *x *= k;
    }
}

mod written {
    use super::*;

    #[differentiable]
    fn by_call(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        scale(&mut v[1..3], k);
        scale(&mut v[..], k);
        scale(&mut v[2..=2], k);
        v.iter().sum()
    }

    #[differentiable]
    fn of_an_array(x: &[f64], k: f64) -> f64 {
        let mut a = [x[0], k, x[2] * x[3]];
        scale(&mut a[..], k);
        scale(&mut a[1..], x[1]);
        a[0] * a[1] + a[2]
    }

    #[differentiable]
    fn by_reference(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut from = 1;
        let part = &mut v[from..];
        from += 1;
        part[0] = k * part[1];
        part[from] += part[0];
        part[1..].iter_mut().for_each(|e| *e += k);
        v[0] * v[1] + v[2] * v[3]
    }

    #[differentiable]
    fn halves(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        {
            let (a, rest) = v.split_at_mut(1);
            let (b, c) = rest.split_at_mut(1);
            a[0] += b[0] * c[1];
            c[0] = a[0] * k;
            scale(b, k);
        }
        let (_, right) = v.split_at_mut(2);
        scale(right, 2.0);
        v.iter().product()
    }

    #[differentiable]
    fn rows(x: &[f64], k: f64) -> f64 {
        let mut m = vec![x.to_vec(), x.to_vec()];
        scale(&mut m[0], k);
        let (a, b) = m.split_at_mut(1);
        a[0][1] = b[0][0];
        m[0][1] * m[1][2] + m[0][3]
    }

    #[differentiable]
    fn chunks(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        for row in v.chunks_mut(3) {
            for x in row.iter_mut() {
                *x *= k;
            }
            row[0] += 1.0;
        }
        for (i, pair) in v.chunks_exact_mut(2).enumerate() {
            scale(pair, k + i as f64);
        }
        for (pair, y) in v.chunks_mut(2).zip(x) {
            pair[0] *= y;
        }
        'pairs: for pair in v.chunks_mut(2) {
            for e in pair {
                *e += k;
                if *e > 100.0 {
                    break 'pairs;
                }
            }
        }
        v.iter().product()
    }

    #[differentiable]
    fn copied_and_filled(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        v[1..3].copy_from_slice(&x[..2]);
        v[3..].fill(k);
        v[..2].swap(0, 1);
        v[1..].reverse();
        v[0] * v[1] + v[2] * v[3]
    }

    #[differentiable]
    fn ends(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        if let Some(last) = v.last_mut() {
            *last *= k;
        }
        *v.first_mut().unwrap() += k;
        if let Some(e) = v.get_mut(2) {
            *e = e.sin();
        } else {
            v[0] = 1.0;
        }
        if let Some(e) = v.get_mut(9) {
            *e = 0.0;
        } else {
            v[1] *= 2.0;
        }
        let mut none: Vec<f64> = Vec::new();
        if let Some(first) = none.first_mut() {
            *first = k;
        }
        v.iter().product()
    }

    /// Gaussian elimination, row by row.
    #[differentiable]
    fn eliminated(x: &[f64], k: f64) -> f64 {
        let n = 2;
        let mut m = x.to_vec();
        m[0] += 3.0;
        for pivot in 0..n {
            let (above, below) = m.split_at_mut((pivot + 1) * n);
            let row = &above[pivot * n..];
            for other in below.chunks_mut(n) {
                let factor = other[pivot] / row[pivot];
                for j in pivot..n {
                    other[j] -= factor * row[j];
                }
            }
        }
        m[0] * m[3] * k
    }

    #[differentiable]
    fn quick(v: &mut [f64]) {
        if v.len() <= 1 {
            return;
        }
        let p = v[v.len() / 2];
        let (mut i, mut j) = (0_usize, v.len() - 1);
        loop {
            while v[i] < p {
                i += 1;
            }
            while v[j] > p {
                j -= 1;
            }
            if i >= j {
                break;
            }
            v.swap(i, j);
            i += 1;
            j -= 1;
        }
        let (left, right) = v.split_at_mut(i);
        quick(left);
        quick(right);
    }

    #[differentiable]
    fn sorted_quickly(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        quick(&mut v);
        v.iter().enumerate().map(|(i, v)| v * v * i as f64).sum::<f64>() * k
    }

    #[test]
    fn agree_with_differences() {
        agree!(by_call of_an_array by_reference halves rows chunks copied_and_filled ends sorted_quickly eliminated);
    }

    #[differentiable]
    fn beyond(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        v[..2][3] = 1.0;
        v[0]
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn a_write_beyond_the_part_panics_as_in_the_function() {
        let _ = beyond::grad(&X);
    }
}

mod in_order {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Weighted {
        weight: f64,
        id: usize,
    }

    #[differentiable]
    fn median(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        v.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let n = v.len();
        if n % 2 == 0 {
            0.5 * (v[n / 2 - 1] + v[n / 2]) * k
        } else {
            v[n / 2] * v[0]
        }
    }

    #[differentiable]
    fn by_path(x: &[f64], k: f64) -> f64 {
        let mut v: Vec<f64> = x.iter().map(|x| x * x * k).collect();
        v.sort_unstable_by(f64::total_cmp);
        v[1..].sort_by(|a, b| b.total_cmp(a));
        v.iter().enumerate().map(|(i, v)| v * i as f64).sum()
    }

    #[differentiable]
    fn by_distance(x: &[f64], k: f64) -> f64 {
        let mut v: Vec<Weighted> = x
            .iter()
            .enumerate()
            .map(|(i, x)| Weighted { weight: *x, id: 7 - i })
            .collect();
        v.sort_by_key(|w| w.id);
        v.sort_by(|a, b| (a.weight - k).abs().total_cmp(&(b.weight - k).abs()));
        v[0].weight * v[1].weight * k
    }

    #[differentiable]
    fn in_loops(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        for i in 0..4 {
            v.sort_by(|a, b| a.total_cmp(b));
            v[0] = v[0].sin() + v[1] * 2.0 + i as f64;
            v.retain(|x| *x < 9.0);
            v.push(k);
        }
        v.iter().map(|v| v * v).sum()
    }

    #[differentiable]
    fn in_place(v: &mut [f64]) {
        v.sort_by(|a, b| b.total_cmp(a));
        v[0] *= 2.0;
    }

    #[differentiable]
    fn through_a_reference(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        in_place(&mut v);
        v[0] * v[1] + v[3] * k
    }

    #[differentiable]
    fn kept(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        v.retain(|v| *v * k > 0.0);
        if v.is_empty() {
            k
        } else {
            v[0] * v[v.len() - 1] * v.len() as f64
        }
    }

    #[test]
    fn agree_with_differences() {
        agree!(median by_path by_distance in_loops through_a_reference kept);
        assert_gradient!(median, &X[..3], 0.5);
        assert_gradient!(kept, &X[..0], 0.5);
    }
}

mod patterns {
    use super::*;

    #[differentiable]
    fn rest(x: &[f64]) -> f64 {
        match x {
            [] => 0.0,
            [a] => *a,
            [a, b] => a * b,
            [a, rest @ ..] => a + self::rest(rest) * 2.0,
        }
    }

    #[differentiable]
    fn middle(x: &[f64], k: f64) -> f64 {
        match x {
            [a, middle @ .., z] if k > 0.0 => a * z * k + middle.iter().sum::<f64>() + middle.len() as f64 * k,
            [head @ .., _] => head.iter().sum::<f64>() * k,
            [] => k,
        }
    }

    #[differentiable]
    fn last_of_part(x: &[f64], k: f64) -> f64 {
        let (a, b) = x.split_at(x.len().min(1));
        if let [first, .., last] = b {
            first * last + a.iter().product::<f64>() * k
        } else {
            k
        }
    }

    #[differentiable]
    fn of_array(x: [f64; 4]) -> f64 {
        let [a, .., z] = x;
        a * z.sin()
    }

    #[differentiable]
    fn of_referred_array(x: &[f64; 4]) -> f64 {
        let [a, rest @ ..] = x;
        rest.iter().map(|r| r * a).sum::<f64>() + rest[2]
    }

    #[differentiable]
    fn or_else(x: &[(f64, f64)]) -> f64 {
        let [.., (a, b)] = x else { return 0.0 };
        a.sin() * b
    }

    #[derive(Differentiable, Clone, Debug)]
    enum Shape {
        Circle(f64),
        Ball(f64),
        Square { side: f64 },
        Cube { side: f64 },
        Line(f64, f64),
    }

    #[differentiable]
    fn size(s: &Shape, k: f64) -> f64 {
        match s {
            Shape::Circle(r) | Shape::Ball(r) if k > 0.5 => r * r * k,
            Shape::Square { side } | Shape::Cube { side } => {
                let t = side * k;
                t * t
            }
            Shape::Line(a, b) => a - b * k,
            Shape::Circle(q) | Shape::Ball(q) => q.sin(),
        }
    }

    #[differentiable]
    fn round(s: Shape) -> f64 {
        if let Shape::Circle(r) | Shape::Ball(r) | Shape::Line(r, _) = s {
            r * r
        } else {
            1.0
        }
    }

    #[test]
    fn agree_with_differences() {
        for n in 0..=4 {
            assert_gradient!(rest, &X[..n]);
            assert_gradient!(middle, &X[..n], 0.7);
            assert_gradient!(middle, &X[..n], -0.7);
            assert_gradient!(last_of_part, &X[..n], 0.7);
        }
        assert_gradient!(of_array, X);
        assert_gradient!(of_referred_array, &X);
        assert_gradient!(or_else, &[(0.3, 0.4), (0.5, 0.6)][..]);
        assert_gradient!(or_else, &[][..]);
        let shapes = [
            Shape::Circle(0.5),
            Shape::Ball(0.7),
            Shape::Square { side: 1.2 },
            Shape::Cube { side: 0.4 },
            Shape::Line(0.5, 0.2),
        ];
        for shape in shapes {
            assert_gradient!(size, &shape, 0.3);
            assert_gradient!(size, &shape, 0.8);
            assert_gradient!(round, shape);
        }
    }
}

mod named {
    use super::*;

    #[differentiable]
    fn used_twice(x: &[f64], k: f64) -> f64 {
        let squares = x.iter().map(|v| v * v);
        let sum: f64 = squares.clone().sum();
        squares.map(|v| v / sum * k).fold(-100.0, f64::max)
    }

    /// What an adapter is given is evaluated where the iterator is made.
    #[differentiable]
    fn evaluated_once(x: &[f64], k: f64) -> f64 {
        let mut n = 2;
        let few = x.iter().take(n).rev();
        n += 1;
        let pairs = few.zip(x.iter().skip(n - 2));
        let mut total = 0.0;
        for (a, b) in pairs {
            total += a * b * k;
        }
        total
    }

    #[differentiable]
    fn of_words(x: &[f64], k: f64) -> f64 {
        let words = ["a", "bc"];
        let lengths = words.iter().map(|word| word.len());
        let total: usize = lengths.sum();
        let shifted = x.iter().map(|v| v + k).filter(|v| *v > 0.0);
        shifted.clone().map(|v| v.ln()).sum::<f64>() + shifted.count() as f64 + total as f64 * k
    }

    #[differentiable]
    fn partitioned(x: &[f64], k: f64) -> f64 {
        let (positive, negative): (Vec<f64>, Vec<f64>) = x.iter().map(|v| v * k).partition(|v| *v > 0.0);
        positive.iter().sum::<f64>() * k - negative.iter().product::<f64>()
    }

    #[differentiable]
    fn unzipped(x: &[f64], k: f64) -> f64 {
        let (mut a, b): (Vec<f64>, Vec<f64>) = x.iter().map(|v| (v * k, v + k)).unzip();
        a.push(k);
        a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn agree_with_differences() {
        agree!(used_twice evaluated_once of_words partitioned unzipped);
    }
}

/// Parts written to in branches in loops, used twice, overwritten, shadowed, unused, and in callees.
mod adversarial {
    use super::*;

    #[differentiable]
    fn references(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        for i in 0..3 {
            if k > 0.0 {
                let s = &mut v[i..];
                s[0] *= s[0] * k;
                for j in 0..s.len() {
                    s[j] += s[0] * 0.1;
                }
            } else {
                let (a, b) = v.split_at_mut(i + 1);
                for (p, q) in a.iter_mut().zip(b.iter()) {
                    *p += q * k;
                }
                b[0] *= a[0];
            }
        }
        let v2 = v.clone();
        v[1] = k;
        v.iter().zip(&v2).map(|(a, b)| a * b).sum()
    }
    #[differentiable(checkpoints = 2)]
    fn checkpointed(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut t = 0.0;
        for n in 0..9 {
            for (i, c) in v.chunks_mut(2).enumerate() {
                if n % 2 == 0 {
                    c.swap(0, 1);
                    continue;
                }
                c[0] = c[1].sin() * k + i as f64;
                c.sort_by(|a, b| b.total_cmp(a));
            }
            v.sort_by(|a, b| a.total_cmp(b));
            t += v[0] * v[3];
            if t > 9.0 {
                break;
            }
            if let Some(l) = v.last_mut() {
                *l = *l * 0.9 + t * 0.01;
            }
        }
        t
    }
    #[differentiable]
    fn touched(v: &mut [f64], k: f64) -> f64 {
        let n = v.len();
        let r = &mut v[1..n - 1];
        let old = r[0];
        r[0] = k;
        r[0] *= old;
        r[0] + old
    }
    #[differentiable]
    fn calls(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let a = touched(&mut v[0..3], k);
        let b = touched(&mut v[1..], a) * touched(&mut v[..], a);
        let _ = touched(&mut v[..3], b);
        a * b + v.iter().product::<f64>() + v[2]
    }
    #[differentiable]
    fn iterators(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let it = x.iter().map(|a| a * k);
        let k = k * k;
        v.retain(|a| *a * k < 1.0);
        let it2 = it.clone().zip(v.iter());
        let mut t = 0.0;
        for (a, b) in it2 {
            if a > 0.0 {
                let t2 = t;
                let t = a * b;
                unused(&t2);
                if t > 0.1 {
                    continue;
                }
            }
            t += a * b * k;
        }
        t + it.sum::<f64>()
    }
    #[differentiable]
    fn unused(x: &f64) -> f64 {
        *x
    }

    #[test]
    fn agree_with_differences() {
        for k in [0.8, 0.2, -0.6] {
            assert_gradient!(tolerance = 1e-5; references, &X[..], k);
            assert_gradient!(tolerance = 1e-5; checkpointed, &X[..], k);
            assert_gradient!(tolerance = 1e-5; calls, &X[..], k);
            assert_gradient!(tolerance = 1e-5; iterators, &X[..], k);
        }
    }
}

mod elements_by_method {
    use tapeless::prelude::*;
    use tapeless_tests::modes_agree;

    #[derive(Differentiable, Clone, Debug)]
    struct Layer {
        weights: Vec<f64>,
        gain: f64,
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Stack {
        layers: Vec<Layer>,
    }

    #[differentiable(forward)]
    impl Stack {
        fn grow(&mut self, k: f64) {
            let top = self.layers.last_mut().unwrap();
            top.gain *= k;
            top.weights[0] += k;
            if let Some(bottom) = self.layers.first_mut() {
                bottom.gain += 1.0;
            }
        }
    }

    #[differentiable(forward)]
    fn named(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let last = v.last_mut().unwrap();
        *last *= k;
        let first = v.first_mut().expect("one");
        *first += k;
        v[0] * v[3]
    }

    #[differentiable(forward)]
    fn or_else(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let Some(last) = v.last_mut() else { return k };
        *last *= k;
        for i in 0..5 {
            let Some(element) = v.get_mut(i) else { break };
            *element += k;
        }
        v[0] * v[3] * v[1]
    }

    #[differentiable(forward)]
    fn of_a_field(x: &[f64], k: f64) -> f64 {
        let mut layer = Layer {
            weights: x.to_vec(),
            gain: k,
        };
        for i in 0..5 {
            if let Some(weight) = layer.weights.get_mut(i) {
                *weight *= layer.gain;
            }
        }
        *layer.weights.last_mut().unwrap() += k;
        layer.weights[1] * layer.weights[3]
    }

    #[differentiable(forward)]
    fn index_that_changes(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        let mut i = 1;
        let element = v.get_mut(i).unwrap();
        i += 1;
        *element *= k;
        *element += i as f64;
        v[1] * v[i]
    }

    #[differentiable(forward)]
    fn of_structs(x: &[f64], k: f64) -> f64 {
        let layer = |weights, gain| Layer { weights, gain };
        let mut stack = Stack {
            layers: vec![layer(x.to_vec(), k), layer(vec![k], x[0])],
        };
        stack.grow(k);
        stack.grow(x[1]);
        stack.layers[1].gain * stack.layers[1].weights[0] * stack.layers[0].gain
    }

    modes_agree! { named or_else of_a_field index_that_changes of_structs }
}
