//! The program `digits` as it is run from the command line.

mod program;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use program::program;

/// An empty folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tapeless-digits-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn digits(arguments: &[&str]) -> Output {
    Command::new(program("digits")).args(arguments).output().unwrap()
}

fn succeed(arguments: &[&str]) -> String {
    let output = digits(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The program fails, and says why.
fn fail(arguments: &[&str], why: &[&str]) {
    let output = digits(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    for why in why {
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
}

/// The width and height in the header of a PNG file.
fn png_size(path: &str) -> (u32, u32) {
    let bytes = fs::read(path).unwrap();
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn it_draws_saves_and_repeats_itself() {
    let folder = Folder::new("run");
    let (one, two) = (folder.path("one"), folder.path("two"));
    let run = |out: &str, seed: &str| {
        let arguments = ["--epochs", "2", "--batch", "20", "--seed", seed, "--out", out];
        succeed(&arguments)
    };
    let said = run(&one, "5");
    assert!(said.contains("1442 digits to learn from, 355 held out"), "{said}");
    assert_eq!(png_size(&format!("{one}/learning_curve.png")), (2400, 1200));
    assert_eq!(png_size(&format!("{one}/confusion_matrix.png")).0, 1620);
    assert!(png_size(&format!("{one}/mistakes.png")).0 > 2000);

    run(&two, "5");
    let weights = |out: &str| fs::read(format!("{out}/weights.safetensors")).unwrap();
    assert!(weights(&one) == weights(&two), "the same seed gives the same weights");
    run(&two, "6");
    assert!(weights(&one) != weights(&two), "another seed gives others");

    // Weights that were saved read the same digits.
    let read = succeed(&["--weights", &format!("{one}/weights.safetensors"), "--out", &two]);
    let result = |said: &str| {
        said.lines()
            .find(|line| line.contains("read correctly"))
            .map(str::to_string)
    };
    assert!(result(&said).is_some());
    assert_eq!(result(&said), result(&read));
}

#[test]
fn mistakes_in_the_data_are_named() {
    let folder = Folder::new("data");
    let file = folder.path("digits.csv");
    let out = folder.path("out");
    let arguments = ["--data", &file, "--out", &out];
    fail(&arguments, &["cannot read", "digits.csv"]);
    let line = format!("{}7\n", "0,".repeat(64));
    fs::write(&file, line.repeat(9) + "0,5,ink").unwrap();
    fail(
        &arguments,
        &["digits.csv: line 10, column 5: expected a whole number, found `ink`"],
    );
    fs::write(&file, line.repeat(9) + "0,5,13").unwrap();
    fail(&arguments, &["digits.csv: line 10, column 7: the line ends after 3"]);
    fs::write(&file, "").unwrap();
    fail(&arguments, &["line 1, column 1", "0 digits"]);
}

#[test]
fn invalid_options_are_explained() {
    fail(&["--epochs", "0"], &["--epochs", "0 is not in 1..=100000"]);
    fail(&["--batch", "65"], &["--batch", "65 is not in 1..=64"]);
    fail(&["--learning-rate", "NaN"], &["--learning-rate", "positive, finite"]);
    fail(&["--learning-rate", "-1"], &["--learning-rate", "positive, finite"]);
}

#[test]
fn unusable_files_and_rates_are_explained() {
    let folder = Folder::new("files");
    let file = folder.path("weights");
    let out = folder.path("out");
    fs::write(&file, "0,5,13").unwrap();
    fail(&["--weights", &file, "--out", &out], &["not a safetensors file"]);
    fail(&["--out", &file], &["cannot make the folder"]);
    fail(
        &["--learning-rate", "1e30", "--out", &out],
        &["no longer finite in epoch 1", "too large"],
    );
}
