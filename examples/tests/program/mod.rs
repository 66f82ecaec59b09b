//! The programs of the examples, to be run in tests.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The folder of the programs that cargo has built beside this one.
fn folder() -> PathBuf {
    let test = env::current_exe().expect("a test knows its own program");
    let profile = test.ancestors().nth(2).expect("a test lies two folders deep");
    profile.join("examples")
}

/// The program of an example. `cargo test` has built it, unless only some targets were asked for.
pub(crate) fn program(name: &str) -> PathBuf {
    let program = folder().join(name).with_extension(env::consts::EXE_EXTENSION);
    if !program.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--package", env!("CARGO_PKG_NAME"), "--example", name]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().is_ok_and(|status| status.success()), "{build:?} failed");
    }
    program
}
