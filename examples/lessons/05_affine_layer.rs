//! Lesson 5: the affine layer, Y = X W + b.
//!
//! Each row of X is a sample, each column of W a neuron. The bias b is one row, and is added to the row of every
//! sample. What is used several times on the way forward collects its gradients on the way back: the gradient of b is
//! the sum of the rows of the gradient of Y.

use tapeless::prelude::*;

/// Two samples of two numbers each, three neurons.
#[differentiable]
fn affine(x: &Matrix<2, 2>, w: &Matrix<2, 3>, b: &Matrix<1, 3>) -> Matrix<2, 3> {
    (x * w).add_row(b)
}

fn main() {
    let x = Matrix::from_rows([[0.0, 0.0], [1.0, 2.0]]);
    let w = Matrix::from_rows([[2.0, 4.0, 6.0], [4.0, 3.0, 2.0]]);
    let b = Matrix::from_rows([[1.0, 2.0, 3.0]]);
    println!("X W =\n{}", x * w);
    println!("b =\n{b}");

    // The result is not one number but six. Its pullback turns a gradient with respect to them into gradients with
    // respect to the arguments.
    let (y, pullback) = affine::vjp(&x, &w, &b);
    println!("X W + b =\n{y}");

    let y_bar = Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let (x_bar, w_bar, b_bar) = pullback(y_bar);
    println!("If the gradient of Y is\n{y_bar}");
    println!("then that of b is the sum of its rows,\n{b_bar}");
    println!("that of W is\n{w_bar}");
    println!("and that of X is\n{x_bar}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bias_collects_the_rows() {
        let x = Matrix::from_rows([[0.0, 0.0], [1.0, 2.0]]);
        let w = Matrix::from_rows([[2.0, 4.0, 6.0], [4.0, 3.0, 2.0]]);
        let b = Matrix::from_rows([[1.0, 2.0, 3.0]]);
        let (y, pullback) = affine::vjp(&x, &w, &b);
        assert_eq!(y.to_rows(), [[1.0, 2.0, 3.0], [11.0, 12.0, 13.0]]);
        let (x_bar, w_bar, b_bar) = pullback(Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
        assert_eq!(b_bar.to_rows(), [[5.0, 7.0, 9.0]]);
        assert_eq!(w_bar.to_rows(), [[4.0, 5.0, 6.0], [8.0, 10.0, 12.0]]);
        assert_eq!(x_bar.to_rows(), [[28.0, 16.0], [64.0, 43.0]]);
    }
}
