//! A program without a standard library and without an allocator links, runs and trains XOR.
//!
//! Cargo unites the features that all members of a workspace ask of a dependency, so that in `cargo test --workspace`
//! tapeless has its allocator. Hence the program is built by a cargo of its own, which sees that one package; workspace,
//! lock file and dependencies are the same.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::{Command, Output};

/// Where the workspace is.
fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds the program; gives the folder it is in.
fn build() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no_std");
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace())
        .args(["build", "--package", "tapeless-no-std", "--features", "program"])
        .args(["--profile", "no-std", "--locked", "--offline"])
        .arg("--target-dir")
        .arg(&target)
        .output()
        .expect("cargo starts");
    assert_success("cargo build", &output);
    target.join("no-std")
}

#[track_caller]
fn assert_success(what: &str, output: &Output) {
    assert!(
        output.status.success(),
        "{what}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_program_without_an_allocator_trains() {
    let program = build().join("xor");
    let output = Command::new(program).output().expect("the program starts");
    assert_eq!(
        output.status.code(),
        Some(0),
        "the exit code counts the cases that the network gets wrong"
    );
}
