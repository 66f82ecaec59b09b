//! Clusters: the squared distances of points to the nearest of several centroids.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, flattened, read, unknown};

/// The sum, over all points, of the square of the distance to the nearest centroid. Points and centroids are given by
/// `dimension` coordinates each, one after another.
#[differentiable(wrt(centroids))]
pub fn cost(points: &[f64], centroids: &[f64], dimension: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..points.len() / dimension {
        let mut least = f64::INFINITY;
        for c in 0..centroids.len() / dimension {
            let mut square = 0.0;
            for j in 0..dimension {
                let difference = points[i * dimension + j] - centroids[c * dimension + j];
                square += difference * difference;
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
        "dir" => Err("`dir` needs second derivatives, which are not served yet".to_owned()),
        _ => unknown(function),
    }
}
