//! Clusters: the squared distances of points to the nearest of several centroids, and the step that Newton's method takes.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, flattened, read, rows, unknown};

/// The sum, over all points, of the square of the distance to the nearest centroid. Points and centroids are given by
/// `dimension` coordinates each, one after another.
#[differentiable(forward, wrt(centroids))]
pub fn cost(points: &[f64], centroids: &[f64], dimension: usize) -> f64 {
    let mut sum = 0.0;
    for point in points.chunks(dimension) {
        let mut least = f64::INFINITY;
        for centroid in centroids.chunks(dimension) {
            let mut square = 0.0;
            for (x, mean) in point.iter().zip(centroid) {
                square += (x - mean) * (x - mean);
            }
            if square < least {
                least = square;
            }
        }
        sum += least;
    }
    sum
}

#[derive(Deserialize)]
struct Input {
    points: Vec<Vec<f64>>,
    centroids: Vec<Vec<f64>>,
}

/// Serves `cost` and `dir`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (input, repetitions) = read::<Input>(input)?;
    let dimension = input.centroids.first().map_or(0, Vec::len);
    if dimension == 0 {
        return Err("there is no centroid, or it has no coordinates".to_owned());
    }
    let points = flattened("points", &input.points, dimension)?;
    let centroids = flattened("centroids", &input.centroids, dimension)?;
    match function {
        "cost" => repetitions.evaluate(|| cost(&points, &centroids, dimension)),
        "dir" => {
            // The Hessian is diagonal: times a vector of ones, it is its diagonal.
            let ones = vec![1.0; centroids.len()];
            let mut direction = Vec::new();
            let durations = repetitions.measure(|| {
                let (gradient, diagonal) = cost::grad_and_hvp(&points, &centroids, dimension, &ones);
                direction = gradient;
                for (slope, curvature) in direction.iter_mut().zip(diagonal) {
                    *slope /= curvature;
                }
            });
            Evaluation::new(&rows(&direction, input.centroids.len()), durations)
        }
        _ => unknown(function),
    }
}
