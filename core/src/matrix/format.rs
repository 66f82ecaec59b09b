//! Matrices as text.

use core::fmt::{self, Debug, Display, Formatter, Write};

use super::{Matrix, Storage};
use crate::scalar::Real;

/// Larger matrices are shown with their middle left out.
const SHOWN: usize = 12;

/// `Matrix<2, 3>[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]`; with `{:#?}`, a row a line. Large matrices are abridged.
impl<const N: usize, const M: usize, T: Real, S: Storage> Debug for Matrix<N, M, T, S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Matrix<{N}, {M}>")?;
        let rows = Abridged {
            length: N,
            item: |i: usize, f: &mut Formatter<'_>| {
                let element = |j: usize, f: &mut Formatter<'_>| write!(f, "{:?}", self.array()[i][j]);
                // A row stays on one line.
                write!(
                    f,
                    "{}",
                    Abridged {
                        length: M,
                        item: element
                    }
                )
            },
        };
        if !f.alternate() {
            return write!(f, "{rows}");
        }
        writeln!(f, "[")?;
        for i in shown(N) {
            match i {
                Some(i) => {
                    f.write_str("    ")?;
                    (rows.item)(i, f)?;
                    f.write_str(",\n")?;
                }
                None => f.write_str("    …\n")?,
            }
        }
        f.write_char(']')
    }
}

/// A list in brackets whose middle may be left out.
struct Abridged<F> {
    length: usize,
    item: F,
}

impl<F: Fn(usize, &mut Formatter<'_>) -> fmt::Result> Display for Abridged<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('[')?;
        for (position, index) in shown(self.length).enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            match index {
                Some(index) => (self.item)(index, f)?,
                None => f.write_char('…')?,
            }
        }
        f.write_char(']')
    }
}

/// The indices that are shown; `None` for those that are left out.
fn shown(length: usize) -> impl Iterator<Item = Option<usize>> {
    let (head, tail) = if length > SHOWN {
        (SHOWN / 2, length - SHOWN / 2)
    } else {
        (length, length)
    };
    let gap = (length > SHOWN).then_some(None);
    (0..head).map(Some).chain(gap).chain((tail..length).map(Some))
}

/// A row a line, in columns. A precision, as in `{:.2}`, applies to each element. Large matrices are abridged.
impl<const N: usize, const M: usize, T: Real, S: Storage> Display for Matrix<N, M, T, S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = shown(N)
            .flatten()
            .flat_map(|i| shown(M).flatten().map(move |j| self.array()[i][j]))
            .map(|x| width_of(x, f.precision()))
            .max()
            .unwrap_or(0);
        for (position, i) in shown(N).enumerate() {
            if position > 0 {
                f.write_char('\n')?;
            }
            let Some(i) = i else {
                f.write_str("  …")?;
                continue;
            };
            f.write_char('[')?;
            for (position, j) in shown(M).enumerate() {
                if position > 0 {
                    f.write_char(' ')?;
                }
                match (j.map(|j| self.array()[i][j]), f.precision()) {
                    (None, _) => f.write_char('…')?,
                    (Some(x), Some(precision)) => write!(f, "{x:width$.precision$}")?,
                    (Some(x), None) => write!(f, "{x:width$}")?,
                }
            }
            f.write_char(']')?;
        }
        Ok(())
    }
}

/// The number of characters of a number.
fn width_of<T: Real>(x: T, precision: Option<usize>) -> usize {
    let mut counter = Counter(0);
    let written = match precision {
        Some(precision) => write!(counter, "{x:.precision$}"),
        None => write!(counter, "{x}"),
    };
    written.map_or(0, |()| counter.0)
}

struct Counter(usize);

impl Write for Counter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.chars().count();
        Ok(())
    }
}
