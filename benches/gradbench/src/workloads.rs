//! Random inputs of the shapes that the suite has.

use serde_json::{Value, json};

/// Random numbers: splitmix64.
pub struct Random(pub u64);

impl Random {
    /// A whole number from 0 to `end`, without it.
    pub fn below(&mut self, end: usize) -> usize {
        (self.uniform() * end as f64) as usize
    }

    /// From 0 to 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From −1 to 1.
    pub fn signed(&mut self) -> f64 {
        2.0 * self.uniform() - 1.0
    }

    /// So many numbers from −1 to 1.
    pub fn vector(&mut self, len: usize) -> Vec<f64> {
        (0..len).map(|_| self.signed()).collect()
    }

    /// The same in rows.
    pub fn rows(&mut self, count: usize, width: usize) -> Vec<Vec<f64>> {
        (0..count).map(|_| self.vector(width)).collect()
    }
}

/// Cameras, points and observations, all alike.
pub fn ba(random: &mut Random, n: usize, m: usize, p: usize) -> Value {
    let mut cam = random.vector(11);
    cam[6] *= 100.0;
    json!({
        "n": n, "m": m, "p": p, "cam": cam, "x": [random.signed(), random.signed(), 3.0 + random.uniform()],
        "w": random.signed(), "feat": random.vector(2),
    })
}

/// A square matrix.
pub fn det(random: &mut Random, ell: usize) -> Value {
    json!({"A": random.vector(ell * ell), "ell": ell})
}

/// Points and a mixture: the dimension, distributions, points, and what is added to the prior's degrees of freedom.
pub fn gmm(random: &mut Random, [d, k, n, m]: [usize; 4], gamma: f64) -> Value {
    json!({
        "d": d, "k": k, "n": n, "m": m, "gamma": gamma,
        "x": random.rows(n, d),
        "alpha": random.vector(k),
        "mu": random.rows(k, d),
        "q": random.rows(k, d),
        "l": random.rows(k, d * (d - 1) / 2),
    })
}

/// A hand of the skeleton that the suite has, at random.
pub fn ht(random: &mut Random, vertices: usize, targets: usize, complicated: bool) -> Value {
    let bones = 22;
    let parents: Vec<i64> = (0..bones)
        .map(|bone| match bone {
            0 => -1,
            21 => 0,
            bone if bone % 4 == 1 => 0,
            bone => bone - 1,
        })
        .collect();
    let mut transforms = || -> Vec<Vec<Vec<f64>>> {
        (0..bones)
            .map(|_| {
                let mut rows = random.rows(3, 4);
                rows.push(vec![0.0, 0.0, 0.0, 1.0]);
                rows
            })
            .collect()
    };
    let (relatives, absolutes) = (transforms(), transforms());
    let triangles: Vec<Vec<usize>> = (0..3)
        .map(|_| (0..3).map(|_| random.below(vertices)).collect())
        .collect();
    let among = if complicated { triangles.len() } else { vertices };
    let correspondences: Vec<usize> = (0..targets).map(|_| random.below(among)).collect();
    let us = if complicated {
        random.rows(targets, 2)
    } else {
        Vec::new()
    };
    json!({
        "theta": random.vector(26),
        "us": us,
        "data": {
            "correspondences": correspondences,
            "points": random.rows(targets, 3),
            "model": {
                "bone_count": bones,
                "bone_names": vec!["bone"; bones as usize],
                "parents": parents,
                "base_relatives": relatives,
                "inverse_base_absolutes": absolutes,
                "base_positions": random.rows(vertices, 3).into_iter().map(|mut row| { row.push(1.0); row }).collect::<Vec<_>>(),
                "weights": random.rows(vertices, bones as usize),
                "triangles": triangles,
                "is_mirrored": random.below(2) == 1,
            },
        },
    })
}

/// Points, the last of which are the centroids.
pub fn kmeans(random: &mut Random, k: usize, n: usize, d: usize) -> Value {
    let points = random.rows(n, d);
    json!({"points": points, "centroids": points[n - k..]})
}

/// So many coefficients, so many places.
pub fn llsq(random: &mut Random, m: usize, n: usize) -> Value {
    json!({"x": random.vector(m), "n": n})
}

/// So many numbers.
pub fn lse(random: &mut Random, n: usize) -> Value {
    json!({"x": random.vector(n)})
}

/// So many layers, bits of a character, and characters.
pub fn lstm(random: &mut Random, l: usize, b: usize, c: usize) -> Value {
    let bits: Vec<Vec<f64>> = (0..c)
        .map(|_| (0..b).map(|_| random.below(2) as f64).collect())
        .collect();
    json!({
        "main_params": random.rows(2 * l, 4 * b),
        "extra_params": random.rows(3, b),
        "state": random.rows(2 * l, b),
        "sequence": bits,
    })
}

/// So many components and steps.
pub fn ode(random: &mut Random, n: usize, s: usize) -> Value {
    json!({"x": random.vector(n), "s": s})
}
