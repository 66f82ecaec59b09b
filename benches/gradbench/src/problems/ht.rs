//! Hand tracking: the vertices of a hand, moved by its skeleton, against points that were measured.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, expect_len, flattened, read, unknown};

/// An affine map, by rows.
type Transform = [[f64; 4]; 4];

/// Parameters of a pose: a rotation, a translation, and four angles for each finger.
const POSE: usize = 26;

/// How many of them the Jacobian's columns are computed for at once.
const WIDTH: usize = 13;

/// a b.
#[differentiable(forward)]
fn product(a: &Transform, b: &Transform) -> Transform {
    let mut c = [[0.0; 4]; 4];
    for i in 0..4 {
        for j in 0..4 {
            c[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j] + a[i][3] * b[3][j];
        }
    }
    c
}

/// The rotation about the x axis by the first angle, then the y axis by the third, then the z axis by the second.
#[differentiable(forward)]
fn joint(angles: &[f64; 3]) -> Transform {
    let (sin_x, cos_x) = angles[0].sin_cos();
    let (sin_z, cos_z) = angles[1].sin_cos();
    let (sin_y, cos_y) = angles[2].sin_cos();
    [
        [cos_z * cos_y, cos_z * sin_y * sin_x - sin_z * cos_x, cos_z * sin_y * cos_x + sin_z * sin_x, 0.0],
        [sin_z * cos_y, sin_z * sin_y * sin_x + cos_z * cos_x, sin_z * sin_y * cos_x - cos_z * sin_x, 0.0],
        [-sin_y, cos_y * sin_x, cos_y * cos_x, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
}

/// The rotation about an axis by an angle, the length of the axis.
#[differentiable(forward)]
fn rotation(axis: &[f64; 3]) -> [[f64; 3]; 3] {
    let angle = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).sqrt();
    if angle < 1e-4 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let (x, y, z) = (axis[0] / angle, axis[1] / angle, axis[2] / angle);
    let (s, c) = angle.sin_cos();
    [
        [x * x + (1.0 - x * x) * c, x * y * (1.0 - c) - z * s, x * z * (1.0 - c) + y * s],
        [x * y * (1.0 - c) + z * s, y * y + (1.0 - y * y) * c, y * z * (1.0 - c) - x * s],
        [x * z * (1.0 - c) - y * s, z * y * (1.0 - c) + x * s, z * z + (1.0 - z * z) * c],
    ]
}

/// A hand at rest.
#[derive(Clone, Debug)]
pub struct Model {
    /// Of each bone, those before its parent's children: none for a root.
    parents: Vec<Option<usize>>,
    base_relatives: Vec<Transform>,
    inverse_base_absolutes: Vec<Transform>,
    base_positions: Vec<[f64; 4]>,
    /// Of each bone, for one vertex after another.
    weights: Vec<f64>,
    mirrored: bool,
}

/// The map of each bone from its place at rest to that in a pose.
#[differentiable(forward, wrt(theta))]
fn skeleton(theta: &[f64; POSE], model: &Model) -> Vec<Transform> {
    let bones = model.parents.len();
    let mut angles = vec![[0.0; 3]; bones];
    for finger in 0..5 {
        let (bone, first) = (4 * finger + 2, 4 * finger + 6);
        angles[bone] = [theta[first], theta[first + 1], 0.0];
        angles[bone + 1] = [theta[first + 2], 0.0, 0.0];
        angles[bone + 2] = [theta[first + 3], 0.0, 0.0];
    }
    let mut absolutes = vec![[[0.0; 4]; 4]; bones];
    for bone in 0..bones {
        let relative = product(&model.base_relatives[bone], &joint(&angles[bone]));
        absolutes[bone] = match model.parents[bone] {
            Some(parent) => product(&absolutes[parent], &relative),
            None => relative,
        };
    }
    let mut transforms = vec![[[0.0; 4]; 4]; bones];
    for bone in 0..bones {
        transforms[bone] = product(&absolutes[bone], &model.inverse_base_absolutes[bone]);
    }
    transforms
}

/// Where a pose takes the vertices.
#[differentiable(forward, wrt(theta))]
fn positions(theta: &[f64; POSE], model: &Model) -> Vec<[f64; 3]> {
    let transforms = skeleton(theta, model);
    let r = rotation(&[theta[0], theta[1], theta[2]]);
    let bones = transforms.len();
    let mut positions = vec![[0.0; 3]; model.base_positions.len()];
    for (v, base) in model.base_positions.iter().enumerate() {
        let (mut x, mut y, mut z) = (0.0, 0.0, 0.0);
        for (bone, t) in transforms.iter().enumerate() {
            let weight = model.weights[v * bones + bone];
            x += weight * (t[0][0] * base[0] + t[0][1] * base[1] + t[0][2] * base[2] + t[0][3] * base[3]);
            y += weight * (t[1][0] * base[0] + t[1][1] * base[1] + t[1][2] * base[2] + t[1][3] * base[3]);
            z += weight * (t[2][0] * base[0] + t[2][1] * base[1] + t[2][2] * base[2] + t[2][3] * base[3]);
        }
        if model.mirrored {
            x = -x;
        }
        positions[v] = [
            r[0][0] * x + r[0][1] * y + r[0][2] * z + theta[3],
            r[1][0] * x + r[1][1] * y + r[1][2] * z + theta[4],
            r[2][0] * x + r[2][1] * y + r[2][2] * z + theta[5],
        ];
    }
    positions
}

/// The point of a triangle that has these coordinates in it.
#[differentiable(forward)]
fn in_triangle(us: &[f64; 2], corners: &[[f64; 3]; 3]) -> [f64; 3] {
    let [a, b, c] = corners;
    let [u, v] = us;
    let w = 1.0 - u - v;
    [
        u * a[0] + v * b[0] + w * c[0],
        u * a[1] + v * b[1] + w * c[1],
        u * a[2] + v * b[2] + w * c[2],
    ]
}

/// From a point of the hand to where it was measured.
#[differentiable(forward, wrt(position))]
fn error(position: &[f64; 3], measured: &[f64; 3]) -> [f64; 3] {
    [
        measured[0] - position[0],
        measured[1] - position[1],
        measured[2] - position[2],
    ]
}

/// The same for a point of a triangle.
#[differentiable(forward, wrt(us, corners))]
fn error_in_triangle(us: &[f64; 2], corners: &[[f64; 3]; 3], measured: &[f64; 3]) -> [f64; 3] {
    error(&in_triangle(us, corners), measured)
}

/// A hand, its pose, and points that were measured.
struct Tracking {
    theta: [f64; POSE],
    model: Model,
    targets: Vec<Target>,
}

/// A measured point, and what is to be there.
struct Target {
    measured: [f64; 3],
    place: Place,
}

/// A place on the surface of a hand.
enum Place {
    Vertex(usize),
    Triangle { corners: [usize; 3], us: [f64; 2] },
}

impl Tracking {
    fn errors(&self, errors: &mut [[f64; 3]]) {
        let positions = positions(&self.theta, &self.model);
        for (Target { measured, place }, result) in self.targets.iter().zip(errors) {
            *result = match place {
                Place::Vertex(vertex) => error(&positions[*vertex], measured),
                Place::Triangle { corners, us } => {
                    error_in_triangle(us, &corners.map(|vertex| positions[vertex]), measured)
                }
            };
        }
    }

    /// Writes the Jacobian, three rows for each target: what its own coordinates do, then what the pose does. Sweeps forward, each
    /// along several parameters of the pose.
    fn jacobian(&self, jacobian: &mut [[Vec<f64>; 3]]) {
        for first in (0..POSE).step_by(WIDTH) {
            let directions: [[f64; POSE]; WIDTH] =
                std::array::from_fn(|lane| std::array::from_fn(|parameter| f64::from(u8::from(parameter == first + lane))));
            let (positions, moved) = positions::jvp_many(&self.theta, &self.model, &directions);
            for (Target { measured, place }, rows) in self.targets.iter().zip(&mut *jacobian) {
                let pose = rows[0].len() - POSE;
                let derivatives = match place {
                    Place::Vertex(vertex) => {
                        let moved = moved.each_ref().map(|moved| moved[*vertex]);
                        error::jvp_many(&positions[*vertex], measured, &moved).1
                    }
                    Place::Triangle { corners, us } => {
                        let at = corners.map(|vertex| positions[vertex]);
                        if first == 0 {
                            let own = [[1.0, 0.0], [0.0, 1.0]];
                            let (_, along) = error_in_triangle::jvp_many(us, &at, measured, &own, &[[[0.0; 3]; 3]; 2]);
                            write(rows, 0, &along);
                        }
                        let moved = moved.each_ref().map(|moved| corners.map(|vertex| moved[vertex]));
                        error_in_triangle::jvp_many(us, &at, measured, &[[0.0; 2]; WIDTH], &moved).1
                    }
                };
                write(rows, pose + first, &derivatives[..WIDTH.min(POSE - first)]);
            }
        }
    }
}

/// Writes columns of three rows.
fn write(rows: &mut [Vec<f64>; 3], first: usize, columns: &[[f64; 3]]) {
    for (lane, values) in columns.iter().enumerate() {
        for (row, value) in rows.iter_mut().zip(values) {
            row[first + lane] = *value;
        }
    }
}

#[derive(Deserialize)]
struct Input {
    theta: Vec<f64>,
    us: Vec<[f64; 2]>,
    data: InputData,
}

#[derive(Deserialize)]
struct InputData {
    correspondences: Vec<usize>,
    points: Vec<[f64; 3]>,
    model: InputModel,
}

#[derive(Deserialize)]
struct InputModel {
    bone_count: usize,
    parents: Vec<i64>,
    base_relatives: Vec<Transform>,
    inverse_base_absolutes: Vec<Transform>,
    base_positions: Vec<[f64; 4]>,
    weights: Vec<Vec<f64>>,
    triangles: Vec<[usize; 3]>,
    is_mirrored: bool,
}

/// The last bone that an angle of a pose moves, and those before it.
const MOVED_BONES: usize = 21;

impl TryFrom<InputModel> for Model {
    type Error = String;

    fn try_from(input: InputModel) -> Result<Self, String> {
        let bones = input.bone_count;
        if bones < MOVED_BONES {
            return Err(format!("a hand has at least {MOVED_BONES} bones"));
        }
        expect_len("parents", input.parents.len(), bones)?;
        expect_len("base_relatives", input.base_relatives.len(), bones)?;
        expect_len("inverse_base_absolutes", input.inverse_base_absolutes.len(), bones)?;
        expect_len("weights", input.weights.len(), input.base_positions.len())?;
        let parent = |(bone, parent): (usize, &i64)| match usize::try_from(*parent) {
            Ok(parent) if parent < bone => Ok(Some(parent)),
            Err(_) if *parent == -1 => Ok(None),
            _ => Err(format!("bone {bone} does not come after its parent {parent}")),
        };
        Ok(Self {
            parents: input.parents.iter().enumerate().map(parent).collect::<Result<_, _>>()?,
            base_relatives: input.base_relatives,
            inverse_base_absolutes: input.inverse_base_absolutes,
            base_positions: input.base_positions,
            weights: flattened("weights", &input.weights, bones)?,
            mirrored: input.is_mirrored,
        })
    }
}

impl TryFrom<Input> for Tracking {
    type Error = String;

    fn try_from(Input { theta, us, data }: Input) -> Result<Self, String> {
        let InputData { correspondences, points, mut model } = data;
        let triangles = std::mem::take(&mut model.triangles);
        let theta = <[f64; POSE]>::try_from(theta).map_err(|theta| format!("`theta` has {} elements instead of {POSE}", theta.len()))?;
        expect_len("correspondences", correspondences.len(), points.len())?;
        if !us.is_empty() {
            expect_len("us", us.len(), points.len())?;
        }
        let model = Model::try_from(model)?;
        let vertices = model.base_positions.len();
        let mut targets = Vec::with_capacity(points.len());
        for (i, (measured, index)) in points.into_iter().zip(correspondences).enumerate() {
            let place = match us.get(i) {
                None => Place::Vertex(existing(index, vertices)?),
                Some(us) => {
                    let corners = *triangles.get(index).ok_or_else(|| format!("there is no triangle {index}"))?;
                    for corner in corners {
                        existing(corner, vertices)?;
                    }
                    Place::Triangle { corners, us: *us }
                }
            };
            targets.push(Target { measured, place });
        }
        Ok(Self { theta, model, targets })
    }
}

/// A vertex, if there is one of this number.
fn existing(vertex: usize, vertices: usize) -> Result<usize, String> {
    if vertex < vertices { Ok(vertex) } else { Err(format!("there is no vertex {vertex}")) }
}

/// Serves `objective` and `jacobian`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (input, repetitions) = read::<Input>(input)?;
    let tracking = Tracking::try_from(input)?;
    match function {
        "objective" => {
            let mut errors = vec![[0.0; 3]; tracking.targets.len()];
            let durations = repetitions.measure(|| tracking.errors(&mut errors));
            Evaluation::new(&errors.concat(), durations)
        }
        "jacobian" => {
            let width = |target: &Target| match target.place {
                Place::Vertex(_) => POSE,
                Place::Triangle { .. } => POSE + 2,
            };
            let mut jacobian: Vec<[Vec<f64>; 3]> = tracking
                .targets
                .iter()
                .map(|target| std::array::from_fn(|_| vec![0.0; width(target)]))
                .collect();
            let durations = repetitions.measure(|| tracking.jacobian(&mut jacobian));
            Evaluation::new(&jacobian.as_flattened(), durations)
        }
        _ => unknown(function),
    }
}
