//! Writes the fixed batch of random programs for `tests/random.rs`.

use std::path::PathBuf;

use tapeless_random::batch;
use tapeless_random::print::Derivative;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let source = batch::source(&batch::fixed(), Derivative::Present);
    let directory = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets `OUT_DIR`"));
    let file = directory.join("random.rs");
    std::fs::write(&file, source.text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
