//! Operators of the user's types, methods of vectors and options, references and iterators in forward and reverse mode: used twice,
//! overwritten, shadowed, unused, in loops, on branches, in callees, and with names like those of generated code.

use std::ops::{Add, Mul, MulAssign, Neg};

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
pub struct V {
    x: f64,
    y: f64,
}

#[differentiable(forward)]
impl Mul for V {
    type Output = V;
    fn mul(self, o: V) -> V {
        V {
            x: self.x * o.x - self.y * o.y,
            y: self.x * o.y + self.y * o.x,
        }
    }
}

#[differentiable(forward)]
impl Add for V {
    type Output = V;
    fn add(self, o: V) -> V {
        V {
            x: self.x + o.x,
            y: self.y + o.y * o.x,
        }
    }
}

#[differentiable(forward)]
impl MulAssign<f64> for V {
    fn mul_assign(&mut self, k: f64) {
        self.x *= k;
        self.y *= k * k;
    }
}

#[differentiable(forward)]
impl Neg for V {
    type Output = V;
    fn neg(self) -> V {
        V {
            x: -self.x * self.y,
            y: -self.y,
        }
    }
}

#[differentiable(forward)]
fn operators_shadow(x: &[f64], k: f64) -> f64 {
    let v = V { x: x[0], y: x[1] };
    let v = v * v;
    let _unused = v * v;
    let v = v + v;
    let k = v.x * k;
    k * v.y
}

#[differentiable(forward)]
fn operators_overwritten(x: &[f64], k: f64) -> f64 {
    let mut v = V { x: x[0], y: x[1] };
    let w = v * v;
    v = V { x: k, y: x[2] };
    let u = v * w;
    v = -u;
    v.x * w.y + u.x
}

#[differentiable(forward)]
fn operators_looperators_branch(x: &[f64], k: f64) -> f64 {
    let mut v = V { x: x[0], y: x[1] };
    for _ in 0..5 {
        if v.x > 0.2 {
            for j in 0..2 {
                v = v * V { x: k, y: x[j] };
                if v.y > 3.0 {
                    break;
                }
            }
        } else {
            v *= 1.5;
            let v = v * v;
            if v.x < -9.0 {
                return v.y;
            }
        }
    }
    v.x * v.y
}

#[differentiable(forward)]
fn operators_callee_inner(v: &mut V, w: V) -> V {
    let before = *v;
    *v = *v * w;
    v.x *= w.y;
    before + *v
}

#[differentiable(forward)]
fn operators_callee(x: &[f64], k: f64) -> f64 {
    let mut v = V { x: x[0], y: k };
    let mut s = V { x: 0.0, y: 1.0 };
    for i in 0..3 {
        s = s + operators_callee_inner(&mut v, V { x: x[i], y: k });
    }
    s.x * s.y + v.x
}

#[differentiable(forward)]
fn operators_unused_dot(x: &[f64], k: f64) -> f64 {
    let dot = V { x: x[0], y: k };
    let bar = dot * dot;
    let again = -bar;
    let own_dot = again;
    let __rule = own_dot * bar;
    __rule.x
}

#[differentiable(forward)]
fn operators_partial(x: &[f64], k: f64) -> f64 {
    let v = V { x: x[0], y: 2.0 };
    let w = V { x: 3.0, y: 4.0 };
    let a = w * v;
    let b = w * w;
    a.y * b.x * k
}

#[differentiable(forward)]
fn operators_elements(x: &[f64], k: f64) -> f64 {
    let mut a = [V { x: x[0], y: k }, V { x: x[1], y: x[2] }];
    a[0] = a[0] * a[1];
    a[1] = a[0] * a[0];
    a[0] *= k;
    let (p, q) = (a[0] + a[1], a[1] * a[0]);
    p.x * q.y
}

#[differentiable(forward)]
fn operators_closure(x: &[f64], k: f64) -> f64 {
    let w = V { x: k, y: x[1] };
    let f = |v: V| v * w;
    let a = f(V { x: x[0], y: x[2] });
    let b = f(a);
    b.x * a.y
}

#[differentiable(forward)]
fn operators_option(x: &[f64], k: f64) -> f64 {
    let o = (k > 0.0).then(|| V { x: x[0], y: k });
    let p = o.map(|v| v * v);
    match p {
        Some(v) => (v * v).x,
        None => 0.0,
    }
}

#[differentiable(forward)]
fn operators_fold(x: &[f64], k: f64) -> f64 {
    let s = x.iter().fold(V { x: 1.0, y: k }, |s, a| s * V { x: *a, y: k });
    s.x + s.y
}

#[differentiable(forward)]
fn vectors_shadowed(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.insert(0, k);
    let v2 = v.clone();
    let mut v = v;
    v.remove(1);
    let mut v = v;
    v.truncate(3);
    v[0] * v[1] * v2[2] * v2[0]
}

#[differentiable(forward)]
fn vectors_overwritten(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let a = v.pop().unwrap();
    v = vec![a, k];
    v.insert(1, a * k);
    let b = v.remove(0);
    v = x.to_vec();
    v.resize(6, b);
    v[5] * v[0] * v[4]
}

#[differentiable(forward)]
fn v_looperators_branch(x: &[f64], k: f64) -> f64 {
    let mut v = vec![k];
    let mut s = 0.0;
    for i in 0..4 {
        if x[i] > 0.0 {
            for _ in 0..2 {
                v.push(x[i] * s + k);
                if v.len() > 3 {
                    let a = v.remove(0);
                    s += a * a;
                    v.rotate_left(1);
                }
            }
        } else {
            v.extend_from_slice(&x[..2]);
            while v.len() > 2 {
                s += v.swap_remove(0) * k;
            }
        }
    }
    s + v.iter().sum::<f64>()
}

#[differentiable(forward)]
fn vectors_inner(v: &mut Vec<f64>, k: f64) -> f64 {
    v.push(k);
    v.insert(0, k * k);
    let a = v.remove(1);
    a * v[0]
}

#[differentiable(forward)]
fn vectors_in_a_call(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let a = vectors_inner(&mut v, k);
    let b = vectors_inner(&mut v, a);
    let t = v.split_off(3);
    a * b + t[0] * v[1]
}

#[derive(Differentiable, Clone, Debug)]
pub struct Q {
    items: Vec<f64>,
    last: Option<f64>,
}

#[differentiable(forward)]
impl Q {
    fn feed(&mut self, x: f64) -> f64 {
        self.items.push(x);
        let old = self.last.replace(x * x);
        if self.items.len() > 2 {
            self.items.remove(0) + old.unwrap_or(x)
        } else {
            old.unwrap_or(0.0)
        }
    }
    fn flush(&mut self) -> f64 {
        let l = self.last.take();
        let n = self.items.len();
        self.items.rotate_right(1);
        self.items.truncate(n - 1);
        l.unwrap_or(1.0) * self.items[0]
    }
}

#[differentiable(forward)]
fn vectors_in_fields(x: &[f64], k: f64) -> f64 {
    let mut q = Q {
        items: vec![],
        last: None,
    };
    let mut s = k;
    for a in x {
        s += q.feed(*a * k) * s;
    }
    s * q.flush()
}

#[differentiable(forward)]
fn vectors_of_vectors(x: &[f64], k: f64) -> f64 {
    let mut rows = vec![vec![k]; 2];
    for i in 0..4 {
        let r = i % 2;
        let other = rows[1 - r][0];
        rows[r].push(x[i] * other);
        if i == 1 {
            rows.insert(0, vec![x[0]]);
        }
        if i == 2 {
            let last = rows.pop().unwrap();
            rows[0].extend_from_slice(&last);
        }
    }
    rows.iter().flatten().map(|a| a * a).sum::<f64>()
}

#[differentiable(forward)]
fn options_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut o: Option<f64> = None;
    let mut s = 0.0;
    for a in x {
        if let Some(b) = o.take() {
            s += b * *a;
        }
        o = Some(*a * k);
        if *a < 0.0 {
            let c = o.replace(s);
            s -= c.unwrap();
        }
    }
    s * o.unwrap_or(k)
}

#[differentiable(forward)]
fn else_inner(o: &Option<(f64, f64)>, k: f64) -> f64 {
    let Some((a, b)) = o else { return k };
    let k = k * a;
    let Some((a, _)) = o else { return 0.0 };
    k * *a * b
}

#[differentiable(forward)]
fn else_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    let mut o: Option<(f64, f64)> = None;
    for i in 0..4 {
        if i > 0 {
            let Some((a, b)) = &o else {
                s += 1.0;
                o = Some((x[i], s));
                continue;
            };
            s = s * a + *b;
            o = if x[i] > 0.0 { Some((s, x[i])) } else { None };
        }
        s += else_inner(&o, k);
    }
    s
}

#[differentiable(forward)]
fn else_overwritten(x: &[f64], k: f64) -> f64 {
    let mut o = Some(x[0]);
    let Some(a) = &o else { return k };
    let b = *a * k;
    o = Some(b * x[1]);
    let Some(a) = &o else { return b };
    let r = *a * b;
    o = None;
    let Some(_) = &o else { return r * r };
    0.0
}

#[differentiable(forward)]
fn else_of_slices(x: &[f64], k: f64) -> f64 {
    let [first, .., last] = x else { return k };
    let [_, rest @ ..] = x else { return 1.0 };
    let mut s = *first * last;
    for r in rest {
        let (Some(p), Some(q)) = (&Some(*r), &(*r > 0.0).then_some(s)) else {
            s *= 2.0;
            continue;
        };
        s += p * q;
    }
    s * k
}

#[differentiable(forward)]
fn then_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for a in x {
        let o = (*a > 0.0).then(|| {
            let s = s * *a;
            s * s
        });
        let _unused = (*a > 1.0).then_some(s);
        s += o.unwrap_or(*a);
        if s > 1.0 {
            s = (k > 0.0).then_some(s * k).map_or(0.0, |v| v * *a);
        }
    }
    s
}

#[differentiable(forward)]
fn reversed(x: &[f64], k: f64) -> f64 {
    let mut t = k;
    let a: f64 = (0..6usize)
        .filter(|i| i % 2 == 0)
        .map(|i| {
            t *= x[i / 2];
            t + i as f64 * k
        })
        .rev()
        .map(|v| v * v)
        .sum();
    a * t
}

#[differentiable(forward)]
fn reversed_inclusive(x: &[f64], k: f64) -> f64 {
    (1..=3usize).map(|i| x[i] * k).rev().skip(1).fold(1.0, |a, b| a * b + k)
        + (1..=3usize)
            .map(|i| x[i] * k)
            .rev()
            .enumerate()
            .map(|(i, v)| v * i as f64 * v)
            .sum::<f64>()
}

#[differentiable(forward)]
fn reversed_twice(x: &[f64], k: f64) -> f64 {
    (0..3usize)
        .map(|i| x[i] * k)
        .rev()
        .rev()
        .step_by(2)
        .fold(1.0, |a, b| a * b + k)
        * (0..3usize)
            .map(|i| x[i])
            .rev()
            .zip(1..)
            .map(|(a, i)| a * i as f64)
            .sum::<f64>()
        * x.iter().map(|a| a * k).rev().take(2).sum::<f64>()
}

#[differentiable(forward)]
fn enums_by_reference(x: &[f64], k: f64) -> f64 {
    enums_inner(&E::A(x[0], k), k) + enums_inner(&E::B { v: x[1], n: 2 }, k)
}

#[derive(Differentiable, Clone, Copy, Debug)]
pub enum E {
    A(f64, f64),
    B { v: f64, n: usize },
    C,
}

#[differentiable(forward)]
fn enums_inner(e: &E, k: f64) -> f64 {
    let mut s = k;
    let mut i = 0;
    while i < 3 {
        i += 1;
        match e {
            E::A(a, _) if *a > 5.0 => continue,
            E::A(a, b) => {
                if *b > 3.0 {
                    break;
                }
                s *= a + b;
            }
            E::B { v, n } => {
                if i > *n {
                    continue;
                }
                s += v * s;
            }
            E::C => {}
        }
    }
    s
}

#[differentiable(forward)]
fn as_references(x: &[f64], k: f64) -> f64 {
    let n = Some(3usize);
    let o = Some(k * x[0]);
    let a = if let Some(&m) = n.as_ref() {
        x[1] * m as f64
    } else {
        0.0
    };
    let b = match o.as_ref() {
        Some(v) => *v * a,
        None => 1.0,
    };
    a * b
}

modes_agree!(operators_shadow operators_overwritten operators_looperators_branch operators_callee operators_unused_dot operators_partial operators_elements operators_closure operators_option operators_fold vectors_shadowed vectors_overwritten v_looperators_branch vectors_in_a_call vectors_in_fields vectors_of_vectors options_in_a_loop else_in_a_loop else_overwritten else_of_slices then_in_a_loop reversed reversed_inclusive reversed_twice enums_by_reference as_references);
