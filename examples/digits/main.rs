//! .
#![allow(unreachable_pub, dead_code)]
mod model;
mod training;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use tapeless::prelude::*;
use model::*;
fn main() {
    let data = tapeless_examples::data::DataSet::read(tapeless_examples::data::FILE.as_ref()).unwrap();
    for (name, adam, lr, wd, epochs, weigh, decay, batch) in [
        ("sgd w", false, 0.2f32, 0.0f32, 30, true, false, 32),
        ("sgdm w", false, 0.1, 0.0, 40, true, true, 32),
        ("adam", true, 0.002, 0.0, 30, false, false, 32),
        ("adam w", true, 0.002, 0.0, 30, true, false, 32),
        ("adam decay", true, 0.003, 0.0, 30, false, true, 32),
        ("adamw .1 decay", true, 0.003, 0.1, 30, false, true, 32),
        ("adamw .3 decay", true, 0.003, 0.3, 30, false, true, 32),
        ("adamw 1 decay", true, 0.003, 1.0, 30, false, true, 32),
        ("adamw .3 nodecay", true, 0.003, 0.3, 40, false, false, 32),
        ("adamw 1. nodecay", true, 0.003, 1.0, 40, false, false, 32),
        ("adamw .3 nodecay", true, 0.005, 0.3, 40, false, false, 64),
        ("adamw 1. nodecay", true, 0.005, 1.0, 40, false, false, 64),
        ("adamw .3 decay", true, 0.005, 0.3, 40, false, true, 64),
        ("adamw .3 decay", true, 0.01, 0.3, 40, false, true, 64),
    ] {
    let mut res = vec![];
    for seed in 0..10 {
    let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut mlp = model::Mlp::random(&mut rng);
    let mut g = mlp.zero_tangent();
    let mut m = mlp.zero_tangent();
    let mut v = mlp.zero_tangent();
    let mut order: Vec<_> = data.training.iter().collect();
    let mut t = 0;
    let total = epochs * order.len().div_ceil(batch);
    for _ in 0..epochs {
        order.shuffle(&mut rng);
        for d in order.chunks(batch) {
            t += 1;
            let b = Batch::new(d.iter().copied());
            loss::value_and_grad_into(&mlp, &b.pixels, &b.targets, b.digits, &mut g);
            if weigh { g.scale(d.len() as f64 / batch as f64); }
            let lr = if decay { lr * 0.5 * (1.0 + (std::f32::consts::PI * t as f32 / total as f32).cos()) } else { lr };
            for l in 0..g.leaf_count() { for i in 0..g.leaf(l).len() {
                let gi = g.leaf(l).get(i);
                let mi = 0.9 * m.leaf(l).get(i) + if adam {0.1} else {1.0} * gi;
                m.leaf_mut(l).set(i, mi);
                let w = mlp.leaf(l).get(i);
                let step = if adam {
                let vi = 0.999 * v.leaf(l).get(i) + 0.001 * gi * gi;
                v.leaf_mut(l).set(i, vi);
                let mh = mi / (1.0 - 0.9f64.powi(t as i32)); let vh = vi / (1.0 - 0.999f64.powi(t as i32));
                mh / (vh.sqrt() + 1e-8) + wd as f64 * w } else { if name.starts_with("sgdm") { mi } else { gi } };
                mlp.leaf_mut(l).set(i, w - lr as f64 * step);
            } }
        }
    }
    res.push((training::score(&mlp, &data.held_out).accuracy * 1000.0).round() / 10.0);
    }
    println!("{name} {lr} {wd} {epochs} {batch}: {res:?}");
    }
}
