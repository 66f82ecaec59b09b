//! Every lesson is run, and its words compared with those in `lessons/transcripts`; the tests in the lessons are run too.
//!
//! If a lesson is to say something else: `UPDATE_EXPECT=1 cargo test -p tapeless-examples --test lessons`, and read what
//! has changed.

// The programs themselves run on their own, see `transcripts`.
#![allow(dead_code)]

use std::process::Command;

use expect_test::expect_file;
use program::program;

mod program;

// The lessons, for the sake of their tests.
#[path = "../lessons/01_shopping.rs"]
mod lesson_01_shopping;
#[path = "../lessons/02_chain_rule.rs"]
mod lesson_02_chain_rule;
#[path = "../lessons/03_numerical_gradient.rs"]
mod lesson_03_numerical_gradient;
#[path = "../lessons/04_nodes.rs"]
mod lesson_04_nodes;
#[path = "../lessons/05_affine_layer.rs"]
mod lesson_05_affine_layer;
#[path = "../lessons/06_matrix_product.rs"]
mod lesson_06_matrix_product;
#[path = "../lessons/07_perceptron.rs"]
mod lesson_07_perceptron;
#[path = "../lessons/08_xor.rs"]
mod lesson_08_xor;
#[path = "../lessons/09_backpropagation.rs"]
mod lesson_09_backpropagation;
#[path = "../lessons/10_softmax.rs"]
mod lesson_10_softmax;
#[path = "../lessons/11_implicit.rs"]
mod lesson_11_implicit;

/// What a lesson says.
fn run(lesson: &str) -> String {
    let output = Command::new(program(lesson)).output().expect("a lesson can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a lesson speaks UTF-8")
}

macro_rules! transcripts {
    ($($name:ident,)*) => {$(
        #[test]
        fn $name() {
            let said = run(stringify!($name));
            expect_file![concat!("../lessons/transcripts/", stringify!($name), ".txt")].assert_eq(&said);
        }
    )*};
}

mod transcripts {
    use super::*;

    /// How many digits are read correctly after an epoch depends a little on the processor, which may sum in another order.
    #[test]
    fn lesson_09_backpropagation() {
        let said = run("lesson_09_backpropagation");
        let mut lines = said.lines();
        assert_eq!(
            lines.next(),
            Some("The four equations and the generated gradient agree: true")
        );
        let right = lines.last().and_then(|line| line.strip_prefix("epoch 30: "));
        let right = right.and_then(|line| line.strip_suffix(" of 355 held-out digits read correctly"));
        let right: u32 = right.expect("the last line tells how well it reads").parse().unwrap();
        assert!(right > 337, "{right} of 355 are less than 95 %");
    }

    transcripts! {
        lesson_01_shopping,
        lesson_02_chain_rule,
        lesson_03_numerical_gradient,
        lesson_04_nodes,
        lesson_05_affine_layer,
        lesson_06_matrix_product,
        lesson_07_perceptron,
        lesson_08_xor,
        lesson_10_softmax,
        lesson_11_implicit,
    }
}
