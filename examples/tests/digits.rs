//! The tests in the files of the example `digits`.

// The program itself is tested in `digits_end_to_end`.
#![allow(dead_code)]

#[path = "../digits/cli.rs"]
mod cli;
#[path = "../digits/model.rs"]
mod model;
#[path = "../digits/pictures/mod.rs"]
mod pictures;
#[path = "../digits/training.rs"]
mod training;
#[path = "../digits/weights.rs"]
mod weights;
