//! The handwritten digits: read from a file of comma-separated numbers, scaled, and split.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

/// The pixels of a digit: 8 rows of 8.
pub const PIXELS: usize = 64;
/// The pixels of a row of a digit.
pub const WIDTH: usize = 8;
/// The digits 0 to 9.
pub const CLASSES: usize = 10;

/// The file that comes with the examples.
pub const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");

/// The darkest pixel in a file.
const DARKEST: u8 = 16;
/// The numbers of a line: the pixels, then the label.
const NUMBERS: usize = PIXELS + 1;
/// One digit of so many in each class is held out.
const HELD_OUT: usize = 5;

/// A handwritten digit.
#[derive(Clone, Debug, PartialEq)]
pub struct Digit {
    /// The ink in each pixel, from 0 (none) to 1, row after row.
    pub pixels: [f32; PIXELS],
    /// Which digit it is, 0 to 9.
    pub label: usize,
}

/// Digits to learn from, and digits to be judged by, which a network must not see while it learns.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet {
    /// Four of five digits of each class.
    pub training: Vec<Digit>,
    /// Every fifth digit of each class, in the order of the file: the split is the same in every run.
    pub held_out: Vec<Digit>,
}

impl DataSet {
    /// Reads a file and splits it.
    ///
    /// The file has one digit a line: 64 pixels from 0 to 16, row after row, and the label from 0 to 9, separated by
    /// commas. It may be compressed with gzip.
    ///
    /// # Errors
    /// If the file cannot be read, or is malformed: then the error says in which line and column, and what is wrong.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let bytes = fs::read(path).map_err(|source| DataError::Unreadable {
            path: path.to_path_buf(),
            source,
        })?;
        Self::from_bytes(&bytes).map_err(|mistake| DataError::Malformed {
            path: path.to_path_buf(),
            mistake,
        })
    }

    /// Digits from the contents of a file, which may be compressed.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Mistake> {
        const GZIP: [u8; 2] = [0x1f, 0x8b];
        if !bytes.starts_with(&GZIP) {
            return Self::split(parse(text(bytes)?)?);
        }
        let mut unpacked = Vec::new();
        let outcome = GzDecoder::new(bytes).read_to_end(&mut unpacked);
        let text = text(&unpacked)?;
        match outcome {
            Ok(_) => Self::split(parse(text)?),
            Err(error) => Err(Mistake::at_the_end(text, Problem::Compression(error.to_string()))),
        }
    }

    /// Every fifth digit of each class is held out, whatever the seed of a run.
    fn split(digits: Vec<Digit>) -> Result<Self, Mistake> {
        let lines = digits.len();
        let mut seen = [0; CLASSES];
        let (held_out, training): (Vec<_>, Vec<_>) = digits.into_iter().partition(|digit| {
            seen[digit.label] += 1;
            seen[digit.label] % HELD_OUT == 0
        });
        if held_out.is_empty() {
            return Err(Mistake {
                line: lines + 1,
                column: 1,
                problem: Problem::TooFewDigits(lines),
            });
        }
        Ok(Self { training, held_out })
    }
}

/// The bytes as text.
fn text(bytes: &[u8]) -> Result<&str, Mistake> {
    str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        Mistake::at_the_end(&valid, Problem::NotText(bytes[error.valid_up_to()]))
    })
}

/// The digits of a file, in its order.
fn parse(text: &str) -> Result<Vec<Digit>, Mistake> {
    text.lines()
        .enumerate()
        .map(|(index, line)| parse_line(index + 1, line))
        .collect()
}

fn parse_line(number: usize, line: &str) -> Result<Digit, Mistake> {
    let mistake = |column, problem| Mistake {
        line: number,
        column,
        problem,
    };
    let mut values = [0; NUMBERS];
    let mut column = 1;
    let mut found = 0;
    for field in line.split(',') {
        let Some(value) = values.get_mut(found) else {
            return Err(mistake(column, Problem::TooManyNumbers));
        };
        let (what, largest) = match found {
            PIXELS => ("label", CLASSES as u8 - 1),
            _ => ("pixel", DARKEST),
        };
        *value = parse_number(field, what, largest).map_err(|problem| mistake(column, problem))?;
        column += field.chars().count() + 1;
        found += 1;
    }
    if found < NUMBERS {
        return Err(mistake(column - 1, Problem::TooFewNumbers(found)));
    }
    Ok(Digit {
        pixels: std::array::from_fn(|pixel| f32::from(values[pixel]) / f32::from(DARKEST)),
        label: usize::from(values[PIXELS]),
    })
}

fn parse_number(field: &str, what: &'static str, largest: u8) -> Result<u8, Problem> {
    if field.is_empty() || !field.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::NotANumber(field.into()));
    }
    match field.parse() {
        Ok(value) if value <= largest => Ok(value),
        _ => Err(Problem::TooLarge {
            what,
            found: field.into(),
            largest,
        }),
    }
}

/// A file of digits cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file can be read, but is not a file of digits.
    #[error("{}: {mistake}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        mistake: Mistake,
    },
}

/// Something in a file of digits is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct Mistake {
    /// The line, from 1; in a compressed file, of its contents.
    pub line: usize,
    /// The character of the line, from 1, at which the mistake begins.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl Mistake {
    /// A mistake just behind the end of a text.
    fn at_the_end(text: &str, problem: Problem) -> Self {
        let last = text.rsplit('\n').next().unwrap_or_default();
        Self {
            line: text.matches('\n').count() + 1,
            column: last.chars().count() + 1,
            problem,
        }
    }
}

/// What is wrong in a file of digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Something else stands where a number should.
    NotANumber(String),
    /// A pixel or a label is too large.
    TooLarge {
        /// Which of them.
        what: &'static str,
        /// The number in the file.
        found: String,
        /// The largest that is allowed.
        largest: u8,
    },
    /// A line ends after so many numbers.
    TooFewNumbers(usize),
    /// A line goes on after its label.
    TooManyNumbers,
    /// A byte is not part of a text in UTF-8.
    NotText(u8),
    /// The file cannot be unpacked further: it is truncated or damaged.
    Compression(String),
    /// The file has only so many digits: none would be held out.
    TooFewDigits(usize),
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber(found) if found.is_empty() => f.write_str("expected a whole number, found nothing"),
            Self::NotANumber(found) => write!(f, "expected a whole number, found `{found}`"),
            Self::TooLarge { what, found, largest } => {
                write!(f, "{found} is too large: a {what} is at most {largest}")
            }
            Self::TooFewNumbers(found) => write!(
                f,
                "the line ends after {found} of {NUMBERS} numbers ({PIXELS} pixels and a label)"
            ),
            Self::TooManyNumbers => write!(
                f,
                "the line goes on after {NUMBERS} numbers ({PIXELS} pixels and a label)"
            ),
            Self::NotText(byte) => write!(f, "the byte 0x{byte:02x} is not text"),
            Self::Compression(error) => write!(f, "the compressed file is truncated or damaged ({error})"),
            Self::TooFewDigits(found) => write!(
                f,
                "the file ends after {found} digits; at least {HELD_OUT} of one class are needed to hold one out"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// A line for a blank digit.
    fn line(label: usize) -> String {
        format!("{}{label}\n", "0,".repeat(PIXELS))
    }

    /// A well-formed file of ten digits.
    fn file() -> String {
        [line(3), line(7)].concat().repeat(5)
    }

    fn mistake(text: &str) -> (usize, usize, Problem) {
        let Mistake { line, column, problem } = DataSet::from_bytes(text.as_bytes()).unwrap_err();
        (line, column, problem)
    }

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_file_that_comes_along_has_1797_digits() {
        let data = DataSet::read(Path::new(FILE)).unwrap();
        assert_eq!((data.training.len(), data.held_out.len()), (1442, 355));
        let first = &data.training[0];
        assert_eq!(first.label, 0);
        assert_eq!(first.pixels[2..6], [5.0 / 16.0, 13.0 / 16.0, 9.0 / 16.0, 1.0 / 16.0]);
        let mut count = [0; CLASSES];
        for digit in data.training.iter().chain(&data.held_out) {
            count[digit.label] += 1;
            assert!(digit.pixels.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        }
        assert_eq!(count, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }

    #[test]
    fn every_fifth_digit_of_each_class_is_held_out() {
        let text: String = (0..25).map(|i| line(usize::from(i % 3 == 0))).collect();
        let data = DataSet::from_bytes(text.as_bytes()).unwrap();
        let labels: Vec<_> = data.held_out.iter().map(|digit| digit.label).collect();
        // Nine ones, at 0, 3, …, 24, and sixteen zeros.
        assert_eq!(labels, [0, 1, 0, 0]);
        assert_eq!(data.training.len(), 21);
        assert_eq!(data, DataSet::from_bytes(text.as_bytes()).unwrap());
    }

    #[test]
    fn line_ends_do_not_matter() {
        let data = DataSet::from_bytes(file().as_bytes()).unwrap();
        assert_eq!(
            data,
            DataSet::from_bytes(file().replace('\n', "\r\n").as_bytes()).unwrap()
        );
        assert_eq!(data, DataSet::from_bytes(file().trim_end().as_bytes()).unwrap());
        assert_eq!(data, DataSet::from_bytes(&packed(&file())).unwrap());
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = DataSet::read(Path::new("no/such/file.csv")).unwrap_err();
        assert!(matches!(error, DataError::Unreadable { .. }));
        assert!(error.to_string().contains("no/such/file.csv"), "{error}");
    }

    #[test]
    fn a_word_is_not_a_number() {
        let text = file() + &line(1).replacen("0,0,0,", "0,0,ink,", 1);
        assert_eq!(mistake(&text), (11, 5, Problem::NotANumber("ink".into())));
        let text = file() + &line(1).replacen("0,0,0,", "0,0,,", 1);
        assert_eq!(mistake(&text), (11, 5, Problem::NotANumber(String::new())));
        let text = file() + &line(1).replacen("0,0,0,", "0,-1,0,", 1);
        assert_eq!(mistake(&text), (11, 3, Problem::NotANumber("-1".into())));
        let text = file() + &line(1).replacen("0,0,0,", "12,0,0.5,", 1);
        assert_eq!(mistake(&text), (11, 6, Problem::NotANumber("0.5".into())));
    }

    #[test]
    fn columns_are_characters() {
        let text = file() + &line(1).replacen("0,0,0,", "0,ü,x,", 1);
        assert_eq!(mistake(&text), (11, 3, Problem::NotANumber("ü".into())));
    }

    #[test]
    fn pixels_and_labels_have_bounds() {
        let too_large = |what, found: &str, largest| Problem::TooLarge {
            what,
            found: found.into(),
            largest,
        };
        let text = file() + &line(1).replacen("0,0,", "0,17,", 1);
        assert_eq!(mistake(&text), (11, 3, too_large("pixel", "17", 16)));
        let text = file() + &line(1).replacen("0,0,", "0,99999,", 1);
        assert_eq!(mistake(&text), (11, 3, too_large("pixel", "99999", 16)));
        assert_eq!(mistake(&(file() + &line(10))), (11, 129, too_large("label", "10", 9)));
    }

    #[test]
    fn lines_have_65_numbers() {
        assert_eq!(mistake(&(file() + "0,5,13")), (11, 7, Problem::TooFewNumbers(3)));
        let text = file() + line(1).trim_end() + ",4\n";
        assert_eq!(mistake(&text), (11, 131, Problem::TooManyNumbers));
        let text = file() + "\n" + &line(1);
        assert_eq!(mistake(&text), (11, 1, Problem::NotANumber(String::new())));
    }

    #[test]
    fn a_file_is_text() {
        let mut bytes = file().into_bytes();
        bytes.extend([b'0', b',', 0xff]);
        let mistake = DataSet::from_bytes(&bytes).unwrap_err();
        assert_eq!((mistake.line, mistake.column), (11, 3));
        assert_eq!(mistake.problem, Problem::NotText(0xff));
    }

    #[test]
    fn a_file_has_digits() {
        assert_eq!(mistake(""), (1, 1, Problem::TooFewDigits(0)));
        assert_eq!(mistake(&line(3)), (2, 1, Problem::TooFewDigits(1)));
    }

    #[test]
    fn a_truncated_archive_is_not_taken_for_a_short_file() {
        let bytes = fs::read(FILE).unwrap();
        for length in [2, 100, bytes.len() / 2, bytes.len() - 1] {
            let mistake = DataSet::from_bytes(&bytes[..length]).unwrap_err();
            assert!(matches!(mistake.problem, Problem::Compression(_)), "{mistake}");
        }
        // All lines are there, but the checksum is not.
        let mistake = DataSet::from_bytes(&bytes[..bytes.len() - 4]).unwrap_err();
        assert_eq!((mistake.line, mistake.column), (1798, 1));
    }

    #[test]
    fn messages_name_line_and_column() {
        let mistake = DataSet::from_bytes((file() + "0,5,13").as_bytes()).unwrap_err();
        let error = DataError::Malformed {
            path: "digits.csv".into(),
            mistake,
        };
        assert_eq!(
            error.to_string(),
            "digits.csv: line 11, column 7: the line ends after 3 of 65 numbers (64 pixels and a label)"
        );
    }
}
