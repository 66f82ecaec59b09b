//! Bundle adjustment: where cameras see points, against where they were observed. The Jacobian is sparse: a row depends on one camera, one
//! point and one weight.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, expect_len, read, repeated, unknown};

/// A camera.
#[derive(Differentiable, Clone, Copy, Debug)]
pub struct Camera {
    /// Axis times angle.
    pub rotation: [f64; 3],
    /// Where it stands.
    pub centre: [f64; 3],
    /// The focal length.
    pub focal: f64,
    /// The principal point.
    pub principal: [f64; 2],
    /// The coefficients of the radial distortion.
    pub distortion: [f64; 2],
}

#[differentiable]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[differentiable]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Rotated about an axis by an angle, the length of `r`.
#[differentiable]
fn rotated(r: &[f64; 3], a: &[f64; 3]) -> [f64; 3] {
    let square = dot(r, r);
    if square == 0.0 {
        let c = cross(r, a);
        return [a[0] + c[0], a[1] + c[1], a[2] + c[2]];
    }
    let angle = square.sqrt();
    let (sin, cos) = angle.sin_cos();
    let k = [r[0] / angle, r[1] / angle, r[2] / angle];
    let c = cross(&k, a);
    let along = dot(&k, a) * (1.0 - cos);
    [
        a[0] * cos + c[0] * sin + k[0] * along,
        a[1] * cos + c[1] * sin + k[1] * along,
        a[2] * cos + c[2] * sin + k[2] * along,
    ]
}

/// How far from the `feature` the camera sees the point.
#[differentiable(wrt(camera, point, weight))]
pub fn reprojection_error(camera: &Camera, point: &[f64; 3], weight: f64, feature: &[f64; 2]) -> [f64; 2] {
    let from_centre = [
        point[0] - camera.centre[0],
        point[1] - camera.centre[1],
        point[2] - camera.centre[2],
    ];
    let b = rotated(&camera.rotation, &from_centre);
    let (x, y) = (b[0] / b[2], b[1] / b[2]);
    let q = x * x + y * y;
    let l = 1.0 + camera.distortion[0] * q + camera.distortion[1] * q * q;
    [
        weight * (x * l * camera.focal + camera.principal[0] - feature[0]),
        weight * (y * l * camera.focal + camera.principal[1] - feature[1]),
    ]
}

/// Keeps the weight near one.
#[differentiable]
pub fn weight_error(weight: f64) -> f64 {
    1.0 - weight * weight
}

/// Cameras, points, and which camera sees which point where.
struct Scene {
    cameras: Vec<Camera>,
    points: Vec<[f64; 3]>,
    observations: Vec<Observation>,
}

/// One point, seen by one camera.
#[derive(Clone)]
struct Observation {
    camera: usize,
    point: usize,
    weight: f64,
    feature: [f64; 2],
}

/// The errors, or their Jacobian.
struct Residuals {
    reprojection: Vec<[f64; 2]>,
    weight: Vec<f64>,
}

impl Scene {
    fn residuals(&self, residuals: &mut Residuals) {
        for (observation, error) in self.observations.iter().zip(&mut residuals.reprojection) {
            let Observation { camera, point, weight, feature } = observation;
            *error = reprojection_error(&self.cameras[*camera], &self.points[*point], *weight, feature);
        }
        for (observation, error) in self.observations.iter().zip(&mut residuals.weight) {
            *error = weight_error(observation.weight);
        }
    }

    /// Writes all of the Jacobian, by one pullback for each row of a block.
    fn jacobian(&self, jacobian: &mut Sparse) {
        jacobian.clear();
        let first_point = CAMERA * self.cameras.len();
        let first_weight = first_point + POINT * self.points.len();
        for (i, observation) in self.observations.iter().enumerate() {
            let Observation { camera, point, weight, feature } = observation;
            for seed in [[1.0, 0.0], [0.0, 1.0]] {
                let (_, pullback) =
                    reprojection_error::vjp(&self.cameras[*camera], &self.points[*point], *weight, feature);
                let (d_camera, d_point, d_weight) = pullback(seed);
                jacobian.extend(CAMERA * camera, d_camera.rotation);
                jacobian.extend(CAMERA * camera + 3, d_camera.centre);
                jacobian.extend(CAMERA * camera + 6, [d_camera.focal]);
                jacobian.extend(CAMERA * camera + 7, d_camera.principal);
                jacobian.extend(CAMERA * camera + 9, d_camera.distortion);
                jacobian.extend(first_point + POINT * point, d_point);
                jacobian.extend(first_weight + i, [d_weight]);
                jacobian.end_row();
            }
        }
        for (i, observation) in self.observations.iter().enumerate() {
            jacobian.extend(first_weight + i, [weight_error::grad(observation.weight)]);
            jacobian.end_row();
        }
    }
}

/// Parameters of a camera.
const CAMERA: usize = 11;
/// Coordinates of a point.
const POINT: usize = 3;

/// A sparse matrix, by compressed rows.
struct Sparse {
    rows: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

impl Sparse {
    fn with_capacity(rows: usize, entries: usize) -> Result<Self, String> {
        Ok(Self {
            rows: repeated(0, rows + 1)?,
            columns: repeated(0, entries)?,
            values: repeated(0.0, entries)?,
        })
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.rows.push(0);
        self.columns.clear();
        self.values.clear();
    }

    /// Appends entries to the last row, from a column on.
    fn extend<const N: usize>(&mut self, column: usize, values: [f64; N]) {
        self.columns.extend((0..N).map(|i| (column + i) as u32));
        self.values.extend(values);
    }

    fn end_row(&mut self) {
        self.rows.push(self.values.len());
    }
}

#[derive(Deserialize)]
struct Input {
    n: usize,
    m: usize,
    p: usize,
    cam: Vec<f64>,
    x: Vec<f64>,
    w: f64,
    feat: Vec<f64>,
}

impl TryFrom<Input> for Scene {
    type Error = String;

    fn try_from(input: Input) -> Result<Self, String> {
        let Input { n, m, p, cam, x, w, feat } = input;
        if n == 0 || m == 0 || p == 0 {
            return Err("`n`, `m` and `p` must be positive".to_owned());
        }
        // What is not written down would be the sum, which may not fit a number.
        let columns = CAMERA as u128 * n as u128 + POINT as u128 * m as u128 + p as u128;
        if u32::try_from(columns).is_err() {
            return Err("the sizes are too large".to_owned());
        }
        expect_len("cam", cam.len(), CAMERA)?;
        expect_len("x", x.len(), POINT)?;
        expect_len("feat", feat.len(), 2)?;
        let camera = Camera {
            rotation: [cam[0], cam[1], cam[2]],
            centre: [cam[3], cam[4], cam[5]],
            focal: cam[6],
            principal: [cam[7], cam[8]],
            distortion: [cam[9], cam[10]],
        };
        let mut observations = repeated(
            Observation {
                camera: 0,
                point: 0,
                weight: w,
                feature: [feat[0], feat[1]],
            },
            p,
        )?;
        for (i, observation) in observations.iter_mut().enumerate() {
            observation.camera = i % n;
            observation.point = i % m;
        }
        Ok(Self {
            cameras: repeated(camera, n)?,
            points: repeated([x[0], x[1], x[2]], m)?,
            observations,
        })
    }
}

/// The errors of the first observation, and how many there are.
#[derive(Serialize)]
struct Objective {
    reproj_error: Reprojection,
    w_err: Weight,
}

#[derive(Serialize)]
struct Reprojection {
    elements: [f64; 2],
    repeated: usize,
}

#[derive(Serialize)]
struct Weight {
    element: f64,
    repeated: usize,
}

/// The beginning and the end of each array of a sparse matrix.
#[derive(Serialize)]
struct Jacobian {
    rows: Vec<usize>,
    cols: Vec<u32>,
    vals: Vec<f64>,
}

fn ends<T: Copy>(all: &[T]) -> Vec<T> {
    all.iter().take(30).chain(all.last()).copied().collect()
}

/// Serves `objective` and `jacobian`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (input, repetitions) = read::<Input>(input)?;
    let scene = Scene::try_from(input)?;
    let count = scene.observations.len();
    match function {
        "objective" => {
            let mut residuals = Residuals {
                reprojection: repeated([0.0; 2], count)?,
                weight: repeated(0.0, count)?,
            };
            let durations = repetitions.measure(|| scene.residuals(&mut residuals));
            let output = Objective {
                reproj_error: Reprojection {
                    elements: residuals.reprojection[0],
                    repeated: count,
                },
                w_err: Weight {
                    element: residuals.weight[0],
                    repeated: count,
                },
            };
            Evaluation::new(&output, durations)
        }
        "jacobian" => {
            let mut jacobian = Sparse::with_capacity(3 * count, (2 * (CAMERA + POINT + 1) + 1) * count)?;
            let durations = repetitions.measure(|| scene.jacobian(&mut jacobian));
            let output = Jacobian {
                rows: ends(&jacobian.rows),
                cols: ends(&jacobian.columns),
                vals: ends(&jacobian.values),
            };
            Evaluation::new(&output, durations)
        }
        _ => unknown(function),
    }
}
