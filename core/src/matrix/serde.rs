//! Matrices written and read by the crate `serde` (feature `serde`), as a sequence of rows.

use core::fmt::{self, Display, Formatter};
use core::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};

use super::{Matrix, Storage};
use crate::scalar::Real;

/// A sequence of rows, each a sequence of numbers: `[[1.0, 2.0], [3.0, 4.0]]`.
///
/// ```
/// use tapeless::prelude::*;
/// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(serde_json::to_string(&m)?, "[[1.0,2.0],[3.0,4.0]]");
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<const N: usize, const M: usize, T: Real + Serialize, S: Storage> Serialize for Matrix<N, M, T, S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let mut sequence = serializer.serialize_seq(Some(N))?;
        for row in self.rows() {
            sequence.serialize_element(row.as_slice())?;
        }
        sequence.end()
    }
}

/// From a sequence of rows. Rows of another number or length than the matrix has are an error that names both shapes.
///
/// ```
/// use tapeless::prelude::*;
/// let m: HeapMatrix<2, 2> = serde_json::from_str("[[1.0, 2.0], [3.0, 4.0]]")?;
/// assert_eq!(m[(1, 0)], 3.0);
///
/// let error = serde_json::from_str::<Matrix<2, 2>>("[[1, 2, 3]]").unwrap_err();
/// assert!(error.to_string().starts_with("expected a 2 × 2 matrix, found 1 × 3"));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de, const N: usize, const M: usize, T: Real + Deserialize<'de>, S: Storage> Deserialize<'de>
    for Matrix<N, M, T, S>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Rows(PhantomData))
    }
}

/// Reads a matrix.
struct Rows<X>(PhantomData<X>);

impl<'de, const N: usize, const M: usize, T: Real + Deserialize<'de>, S: Storage> Visitor<'de>
    for Rows<Matrix<N, M, T, S>>
{
    type Value = Matrix<N, M, T, S>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "a {N} × {M} matrix as a sequence of {N} rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Self::Value, A::Error> {
        let mut matrix = Matrix::zeroed();
        let mut found = Found::default();
        // The rows are read to the last, and so are their elements, to be able to say what shape was found.
        for row in matrix.array_mut() {
            match rows.next_element_seed(Row(row))? {
                Some(length) => found.row(length),
                None => break,
            }
        }
        if found.rows == N {
            while let Some(length) = rows.next_element_seed(Row::<T>(&mut []))? {
                found.row(length);
            }
        }
        if found.rows == N && found.ragged.is_none() && found.columns.is_none_or(|columns| columns == M) {
            return Ok(matrix);
        }
        Err(A::Error::custom(format_args!(
            "expected a {N} × {M} matrix, found {found}"
        )))
    }
}

/// The shape of what has been read.
#[derive(Default)]
struct Found {
    rows: usize,
    /// The length of the first row.
    columns: Option<usize>,
    /// The first row of another length than the first, and its length.
    ragged: Option<(usize, usize)>,
}

impl Found {
    fn row(&mut self, length: usize) {
        let columns = *self.columns.get_or_insert(length);
        if length != columns && self.ragged.is_none() {
            self.ragged = Some((self.rows, length));
        }
        self.rows += 1;
    }
}

impl Display for Found {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let rows = self.rows;
        match (self.columns, self.ragged) {
            (None, _) => f.write_str("no rows"),
            (Some(columns), None) => write!(f, "{rows} × {columns}"),
            (Some(columns), Some((row, length))) => {
                write!(
                    f,
                    "{rows} rows of different lengths: row 0 has {columns} elements, row {row} has {length}"
                )
            }
        }
    }
}

/// Reads a row into a slice and says how long the row is, which may be longer than the slice.
struct Row<'r, T>(&'r mut [T]);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Row<'_, T> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Row<'_, T> {
    type Value = usize;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a row of a matrix as a sequence of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<usize, A::Error> {
        let mut length = 0;
        for target in self.0 {
            match elements.next_element()? {
                Some(element) => *target = element,
                None => return Ok(length),
            }
            length += 1;
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use core::fmt::Debug;
    use std::string::ToString;

    use serde::{Deserialize, Serialize};

    use crate::{Construct, Inline, Matrix, Real, Storage};

    fn survives<T: Real + Serialize + for<'de> Deserialize<'de>, S: Storage>() {
        let m: Matrix<3, 2, T, S> = Construct::from_fn(|i, j| T::from_f64(0.1) + T::from_usize(10 * i + j));
        let text = serde_json::to_string(&m).unwrap();
        assert_eq!(serde_json::from_str::<Matrix<3, 2, T, S>>(&text).unwrap(), m);
        let value = serde_json::to_value(&m).unwrap();
        assert_eq!(serde_json::from_value::<Matrix<3, 2, T, S>>(value).unwrap(), m);
    }

    #[test]
    fn a_matrix_survives_writing_and_reading() {
        survives::<f32, Inline>();
        survives::<f64, Inline>();
        #[cfg(feature = "alloc")]
        survives::<f32, crate::Heap>();
        #[cfg(feature = "alloc")]
        survives::<f64, crate::Heap>();
        let empty: Matrix<0, 3> = Matrix::zeros();
        assert_eq!(serde_json::to_string(&empty).unwrap(), "[]");
        assert_eq!(serde_json::from_str::<Matrix<0, 3>>("[]").unwrap(), empty);
    }

    #[track_caller]
    fn refused<M: for<'de> Deserialize<'de> + Debug>(text: &str, expected: &str) {
        let error = serde_json::from_str::<M>(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn another_shape_is_an_error_that_names_both() {
        refused::<Matrix<2, 2>>("[[1, 2]]", "expected a 2 × 2 matrix, found 1 × 2");
        refused::<Matrix<2, 2>>("[[1, 2], [3, 4], [5, 6]]", "expected a 2 × 2 matrix, found 3 × 2");
        refused::<Matrix<2, 2>>("[[1], [2]]", "expected a 2 × 2 matrix, found 2 × 1");
        refused::<Matrix<2, 2>>("[[1, 2, 3], [4, 5, 6]]", "expected a 2 × 2 matrix, found 2 × 3");
        refused::<Matrix<2, 2>>("[]", "expected a 2 × 2 matrix, found no rows");
        refused::<Matrix<2, 2>>(
            "[[1, 2], [3]]",
            "expected a 2 × 2 matrix, found 2 rows of different lengths: row 0 has 2 elements, row 1 has 1",
        );
        refused::<Matrix<2, 2>>(
            "[[1, 2, 3], [3, 4]]",
            "expected a 2 × 2 matrix, found 2 rows of different lengths: row 0 has 3 elements, row 1 has 2",
        );
    }

    #[test]
    fn something_else_is_an_error_that_says_what_is_expected() {
        refused::<Matrix<2, 2>>(
            "3",
            "invalid type: integer `3`, expected a 2 × 2 matrix as a sequence of 2 rows",
        );
        refused::<Matrix<2, 2>>(
            "[1, 2]",
            "invalid type: integer `1`, expected a row of a matrix as a sequence of numbers",
        );
        refused::<Matrix<1, 1>>(r#"[["one"]]"#, "invalid type: string \"one\", expected f32");
    }
}
