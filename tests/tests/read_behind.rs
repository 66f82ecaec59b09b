//! Vectors that loops write to, and that are read behind the loop, in front of it, or inside: many iterations, so that there is
//! no room for what all of them leave, and parts of the loops are run again.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

const LONG: usize = 2200;

macro_rules! functions {
    ($name:ident $($option:tt)*) => {
        mod $name {
            use super::*;

            #[differentiable(forward $($option)*)]
            fn behind(x: &[f64], k: f64) -> f64 {
                let mut rows = vec![0.0; LONG];
                for c in 0..LONG / 4 {
                    for j in 0..4 {
                        rows[4 * c + j] = x[j] * k + c as f64 / 1e3;
                    }
                }
                let mut s = 0.0;
                for i in 0..LONG {
                    s += rows[i] * rows[i] / 1e3;
                }
                s
            }

            #[differentiable(forward $($option)*)]
            fn added_to(x: &[f64], k: f64) -> f64 {
                let mut sums = [0.5; 4];
                for c in 0..LONG {
                    for j in 0..3 {
                        sums[(c + j) % 4] += x[j] * k / 1e3;
                    }
                }
                sums[0] * sums[1] * sums[2] + sums[3] * sums[3]
            }

            #[differentiable(forward $($option)*)]
            fn in_front(x: &[f64], k: f64) -> f64 {
                let mut v = x.to_vec();
                let before = v[0] * v[1] * v[2];
                for c in 0..LONG {
                    v[c % 3] = x[(c + 1) % 4] * k;
                }
                before + v[0] * v[1] * v[2]
            }

            /// The rules read these elements where they are, so that they must be there again.
            #[differentiable(forward $($option)*)]
            fn in_front_by_reference(x: &[f64], k: f64) -> f64 {
                let mut v = x.to_vec();
                v[3] *= k;
                let mut before = 0.0;
                for y in v.iter() {
                    before += y * y;
                }
                for c in 0..LONG {
                    v[c % 4] = x[(c + 1) % 4] * k * (1.0 + c as f64 / 1e4);
                }
                before * v[0] * v[1]
            }

            #[differentiable(forward $($option)*)]
            fn in_every_round_by_reference(x: &[f64], k: f64) -> f64 {
                let mut v = x.to_vec();
                let mut s = 0.5;
                for round in 0..30 {
                    for y in v.iter() {
                        s += y * y * 0.01;
                    }
                    for c in 0..LONG / 10 {
                        v[c % 3] = x[(c + round) % 4] * k * s;
                    }
                    for y in v.iter() {
                        s += y.sin() * 0.01;
                    }
                }
                s * v[1]
            }

            #[differentiable(forward $($option)*)]
            fn inside_the_outer_one(x: &[f64], k: f64) -> f64 {
                let mut v = vec![1.0; 4];
                let mut s = 0.0;
                for round in 0..40 {
                    for c in 0..LONG / 20 {
                        v[c % 3] = x[(c + round) % 4] * k;
                    }
                    s += v[0] * v[1] * v[3];
                    v[3] = s * 0.01;
                }
                s + v[3]
            }

            #[differentiable(forward $($option)*)]
            fn one_loop_after_the_other(x: &[f64], k: f64) -> f64 {
                let mut v = vec![0.0; LONG];
                for i in 0..LONG {
                    v[i] = x[i % 4] * k;
                }
                for i in 0..LONG {
                    v[i] = v[i] * v[i];
                }
                for i in 0..LONG {
                    v[i] *= 0.5;
                }
                let mut s = 0.0;
                for i in 0..LONG {
                    s += v[i] * v[LONG - 1 - i] / 1e3;
                }
                s
            }

            #[differentiable(forward $($option)*)]
            fn from_the_one_before(x: &[f64], k: f64) -> f64 {
                let mut v = vec![0.1; LONG];
                for i in 1..LONG {
                    v[i] = v[i - 1] * 0.9 + x[i % 4] * k;
                }
                v[LONG - 1] * v[LONG / 2]
            }

            #[differentiable(forward $($option)*)]
            fn squared_from_the_one_before(x: &[f64], k: f64) -> f64 {
                let mut v = vec![0.1; LONG];
                for i in 1..LONG {
                    v[i] = v[i - 1] * v[i - 1] * 0.1 + x[i % 4] * k * 0.1;
                }
                v[LONG - 1] * v[LONG / 2]
            }

            #[differentiable(forward $($option)*)]
            fn on_a_branch(x: &[f64], k: f64) -> f64 {
                let mut v = vec![0.5; 4];
                let mut w = vec![0.5; 4];
                for i in 0..LONG {
                    if x[i % 4] * k > 0.3 {
                        v[i % 4] = x[i % 4] * (i % 7) as f64 * k;
                    } else if v[(i + 1) % 4] > 0.4 {
                        w[i % 4] = x[(i + 1) % 4];
                    }
                }
                v[0] * v[1] * w[2] + v[3] * w[3] * v[2]
            }

            #[differentiable(forward $($option)*)]
            fn a_condition_that_looks(x: &[f64], k: f64) -> f64 {
                let mut v = vec![0.5; 4];
                let mut i = 0;
                while v[i % 4] < 1e6 && i < LONG {
                    v[(i + 1) % 4] = x[i % 4] * k + (i % 3) as f64;
                    i += 1;
                }
                v[0] * v[1] + v[2] * v[3]
            }

            #[differentiable(forward $($option)*)]
            fn of_many_sizes(x: &[f64], k: f64) -> f64 {
                let mut rows = vec![vec![x[0]]; 4];
                for i in 0..LONG / 4 {
                    rows[i % 4] = vec![x[i % 4] * k; 1 + i % 3];
                }
                let mut s = 0.0;
                for row in &rows {
                    for (j, y) in row.iter().enumerate() {
                        s += y * y * (j + 1) as f64;
                    }
                }
                s
            }

            #[differentiable(forward $($option)*)]
            fn two_of_one_struct(x: &[f64], k: f64) -> f64 {
                let mut both = Both { written: vec![0.0; 4], read: vec![1.0; 4] };
                for i in 0..LONG {
                    both.written[i % 4] = x[i % 4] * k;
                    both.read[i % 4] = both.read[(i + 1) % 4] * both.read[i % 4] * 0.5 + x[i % 4] * 0.3;
                }
                both.written[0] * both.written[1] * both.read[2] * both.read[3]
            }

            #[differentiable(forward $($option)*)]
            fn through_a_parameter(x: &[f64], k: f64) -> f64 {
                let mut v = vec![0.5; 4];
                spread(&mut v, x, k);
                let first = v[0] * v[1];
                spread(&mut v, &[k, x[3], k * k], x[2]);
                first * v[1] * v[2] * v[3]
            }

            #[differentiable(forward $($option)*)]
            fn spread(v: &mut [f64], x: &[f64], k: f64) {
                for i in 0..LONG {
                    v[i % 3] = x[i % x.len()] * k;
                }
            }

            #[differentiable(forward $($option)*)]
            fn scratch_in_each_round(x: &[f64], k: f64) -> f64 {
                let mut s = 1.0;
                for round in 0..LONG / 10 {
                    let mut scratch = [0.0; 4];
                    for i in 0..40 {
                        scratch[i % 4] = x[(i + round) % 4] * s;
                    }
                    s = 0.5 * (scratch[0] * scratch[1] * k).sin() + scratch[2] * 0.1 + 1.0;
                }
                s
            }

            modes_agree!(behind added_to in_front in_front_by_reference in_every_round_by_reference inside_the_outer_one one_loop_after_the_other from_the_one_before squared_from_the_one_before on_a_branch a_condition_that_looks of_many_sizes two_of_one_struct through_a_parameter scratch_in_each_round);
        }
    };
}

#[derive(Differentiable, Clone, Debug)]
struct Both {
    written: Vec<f64>,
    read: Vec<f64>,
}

functions!(plain);
functions!(one_checkpoint, checkpoints = 1);
