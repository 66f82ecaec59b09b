//! The trained weights in a file, in the safetensors format: a header with the name, type and shape of each matrix,
//! then the numbers. Other programs read it too.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use tapeless::prelude::*;

use crate::model::Mlp;

/// A file of weights cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WeightsError {
    /// The file cannot be written.
    #[error("cannot write the weights to {}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    /// The file cannot be read.
    #[error("cannot read the weights in {}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// The file does not hold the weights of this network.
    #[error("{} does not hold the weights of this network", path.display())]
    Malformed { path: PathBuf, source: Mismatch },
}

/// A file does not hold the weights of this network.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Mismatch {
    /// It is not in the format, or damaged.
    #[error("it is not a safetensors file, or a damaged one: {0}")]
    Format(SafeTensorError),
    /// A matrix is missing.
    #[error("it has no `{0}`")]
    Missing(&'static str),
    /// A matrix has another shape.
    #[error("`{name}` is of shape {found:?}, not {expected:?}")]
    Shape {
        name: &'static str,
        found: Vec<usize>,
        expected: [usize; 2],
    },
    /// A matrix has another type of numbers.
    #[error("`{name}` has numbers of type {found}, not F32")]
    Type { name: &'static str, found: Dtype },
    /// A number is not finite.
    #[error("`{name}` has {found} in row {row}, column {column}, counted from 1")]
    NotFinite {
        name: &'static str,
        found: f32,
        row: usize,
        column: usize,
    },
    /// There is something else in the file.
    #[error("it has a matrix `{0}`, which this network does not have")]
    Unknown(String),
}

/// Writes the weights of a network.
pub(crate) fn save(mlp: &Mlp, path: &Path) -> Result<(), WeightsError> {
    fs::write(path, to_bytes(mlp)).map_err(|source| WeightsError::Unwritable {
        path: path.to_path_buf(),
        source,
    })
}

/// Reads the weights of a network, and checks that the file holds just those.
pub(crate) fn load(path: &Path) -> Result<Mlp, WeightsError> {
    let bytes = fs::read(path).map_err(|source| WeightsError::Unreadable {
        path: path.to_path_buf(),
        source,
    })?;
    from_bytes(&bytes).map_err(|source| WeightsError::Malformed {
        path: path.to_path_buf(),
        source,
    })
}

fn to_bytes(mlp: &Mlp) -> Vec<u8> {
    let matrices = [
        ("w1", mlp.w1.shape(), little_endian(&mlp.w1)),
        ("b1", mlp.b1.shape(), little_endian(&mlp.b1)),
        ("w2", mlp.w2.shape(), little_endian(&mlp.w2)),
        ("b2", mlp.b2.shape(), little_endian(&mlp.b2)),
    ];
    let views = matrices.iter().map(|(name, (rows, columns), bytes)| {
        let view = TensorView::new(Dtype::F32, vec![*rows, *columns], bytes);
        (*name, view.expect("a matrix has as many numbers as its shape says"))
    });
    let about = HashMap::from([("network".to_string(), "tapeless digits, 64-64-10".to_string())]);
    safetensors::serialize(views, Some(about)).expect("a few small matrices fit the format")
}

fn from_bytes(bytes: &[u8]) -> Result<Mlp, Mismatch> {
    let tensors = SafeTensors::deserialize(bytes).map_err(Mismatch::Format)?;
    let mlp = Mlp {
        w1: matrix(&tensors, "w1")?,
        b1: matrix(&tensors, "b1")?,
        w2: matrix(&tensors, "w2")?,
        b2: matrix(&tensors, "b2")?,
    };
    match tensors
        .names()
        .into_iter()
        .find(|name| !["w1", "b1", "w2", "b2"].contains(name))
    {
        Some(name) => Err(Mismatch::Unknown(name.into())),
        None => Ok(mlp),
    }
}

fn little_endian<const N: usize, const M: usize>(matrix: &Matrix<N, M>) -> Vec<u8> {
    matrix.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn matrix<const N: usize, const M: usize>(
    tensors: &SafeTensors<'_>,
    name: &'static str,
) -> Result<Matrix<N, M>, Mismatch> {
    let tensor = tensors.tensor(name).map_err(|_| Mismatch::Missing(name))?;
    if tensor.dtype() != Dtype::F32 {
        return Err(Mismatch::Type {
            name,
            found: tensor.dtype(),
        });
    }
    if tensor.shape() != [N, M] {
        return Err(Mismatch::Shape {
            name,
            found: tensor.shape().to_vec(),
            expected: [N, M],
        });
    }
    let (numbers, _) = tensor.data().as_chunks();
    let matrix = Matrix::from_fn(|row, column| f32::from_le_bytes(numbers[row * M + column]));
    match matrix.iter().position(|number| !number.is_finite()) {
        Some(index) => Err(Mismatch::NotFinite {
            name,
            found: matrix.as_slice()[index],
            row: index / M + 1,
            column: index % M + 1,
        }),
        None => Ok(matrix),
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::Xoshiro256PlusPlus;

    use super::*;

    fn network() -> Mlp {
        Mlp::random(&mut Xoshiro256PlusPlus::seed_from_u64(5))
    }

    /// What is wrong with a file of other matrices than the network's: names, types, rows and columns.
    fn mismatch(matrices: &[(&str, Dtype, [usize; 2])]) -> String {
        let data = vec![0; 8 * 64 * 64];
        let views = matrices.iter().map(|(name, dtype, shape)| {
            let bytes = &data[..shape[0] * shape[1] * dtype.bitsize() / 8];
            (*name, TensorView::new(*dtype, shape.to_vec(), bytes).unwrap())
        });
        let bytes = safetensors::serialize(views, None).unwrap();
        from_bytes(&bytes).unwrap_err().to_string()
    }

    const W1: (&str, Dtype, [usize; 2]) = ("w1", Dtype::F32, [64, 64]);
    const B1: (&str, Dtype, [usize; 2]) = ("b1", Dtype::F32, [1, 64]);
    const W2: (&str, Dtype, [usize; 2]) = ("w2", Dtype::F32, [64, 10]);
    const B2: (&str, Dtype, [usize; 2]) = ("b2", Dtype::F32, [1, 10]);

    #[test]
    fn what_is_written_is_read() {
        let mlp = network();
        assert_eq!(from_bytes(&to_bytes(&mlp)).unwrap(), mlp);
    }

    #[test]
    fn files_go_forth_and_back() {
        let path = std::env::temp_dir().join(format!("tapeless-weights-{}.safetensors", std::process::id()));
        let mlp = network();
        save(&mlp, &path).unwrap();
        let read = load(&path);
        fs::remove_file(&path).unwrap();
        assert_eq!(read.unwrap(), mlp);
        assert!(matches!(load(&path), Err(WeightsError::Unreadable { .. })));
    }

    #[test]
    fn the_matrices_must_be_those_of_the_network() {
        assert_eq!(mismatch(&[W1, B1, B2]), "it has no `w2`");
        assert_eq!(
            mismatch(&[W1, B1, ("w2", Dtype::F32, [10, 64]), B2]),
            "`w2` is of shape [10, 64], not [64, 10]"
        );
        assert_eq!(
            mismatch(&[("w1", Dtype::F64, [64, 64]), B1, W2, B2]),
            "`w1` has numbers of type F64, not F32"
        );
        assert_eq!(
            mismatch(&[W1, B1, W2, B2, ("w3", Dtype::F32, [1, 1])]),
            "it has a matrix `w3`, which this network does not have"
        );
    }

    #[test]
    fn damaged_files_are_refused() {
        let bytes = to_bytes(&network());
        for damaged in [
            &bytes[..0],
            &bytes[..7],
            &bytes[..100],
            &bytes[..bytes.len() - 1],
            b"0,0,5,13",
        ] {
            assert!(matches!(from_bytes(damaged), Err(Mismatch::Format(_))));
        }
    }

    #[test]
    fn weights_are_finite() {
        let mut mlp = network();
        mlp.w2[(3, 7)] = f32::NAN;
        assert_eq!(
            from_bytes(&to_bytes(&mlp)).unwrap_err().to_string(),
            "`w2` has NaN in row 4, column 8, counted from 1"
        );
    }
}
