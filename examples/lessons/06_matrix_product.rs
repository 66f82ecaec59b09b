//! Lesson 6: the product of matrices, Y = X W, by hand.
//!
//! Forward: y[i][j] = Σₖ x[i][k] w[k][j].
//!
//! So x[i][k] has a part in all y[i][j] of its row, each time with the factor w[k][j]; and w[k][j] in all y[i][j] of its
//! column, with the factor x[i][k]:
//!
//! - dX[i][k] = Σⱼ dY[i][j] w[k][j], which is dX = dY Wᵀ
//! - dW[k][j] = Σᵢ x[i][k] dY[i][j], which is dW = Xᵀ dY
//!
//! One need not remember which of them is transposed, and on which side: only one way do the shapes fit. Here they are
//! part of the types, so that the others do not even compile.

use tapeless::prelude::*;

type X = Matrix<2, 3>;
type W = Matrix<3, 2>;
type Y = Matrix<2, 2>;

#[differentiable]
fn product(x: &X, w: &W) -> Y {
    x * w
}

/// The gradients element by element, as above.
fn by_hand(x: &X, w: &W, y_bar: &Y) -> (X, W) {
    let (mut x_bar, mut w_bar) = (X::zeros(), W::zeros());
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..3 {
                x_bar[(i, k)] += y_bar[(i, j)] * w[(k, j)];
                w_bar[(k, j)] += x[(i, k)] * y_bar[(i, j)];
            }
        }
    }
    (x_bar, w_bar)
}

/// The gradients as products of matrices.
fn by_matrices(x: &X, w: &W, y_bar: &Y) -> (X, W) {
    (y_bar * w.transpose(), x.transpose() * y_bar)
}

fn main() {
    let x = X::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let w = W::from_rows([[1.0, -1.0], [0.0, 2.0], [3.0, 1.0]]);
    let y_bar = Y::from_rows([[1.0, 2.0], [3.0, -1.0]]);
    let (y, pullback) = product::vjp(&x, &w);
    println!("Y = X W =\n{y}");
    println!("dY =\n{y_bar}");
    let (x_bar, w_bar) = by_hand(&x, &w, &y_bar);
    println!("By hand: dX =\n{x_bar}\ndW =\n{w_bar}");
    let (x_bar, w_bar) = by_matrices(&x, &w, &y_bar);
    println!("dY Wᵀ =\n{x_bar}\nXᵀ dY =\n{w_bar}");
    let (x_bar, w_bar) = pullback(y_bar);
    println!("Generated: dX =\n{x_bar}\ndW =\n{w_bar}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_agree() {
        let x = X::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        let w = W::from_rows([[1.0, -1.0], [0.0, 2.0], [3.0, 1.0]]);
        let y_bar = Y::from_rows([[1.0, 2.0], [3.0, -1.0]]);
        let (y, pullback) = product::vjp(&x, &w);
        assert_eq!(y.to_rows(), [[10.0, 6.0], [22.0, 12.0]]);
        let (x_bar, w_bar) = pullback(y_bar);
        assert_eq!(x_bar.to_rows(), [[-1.0, 4.0, 5.0], [4.0, -2.0, 8.0]]);
        assert_eq!(w_bar.to_rows(), [[13.0, -2.0], [17.0, -1.0], [21.0, 0.0]]);
        assert_eq!((x_bar, w_bar), by_hand(&x, &w, &y_bar));
        assert_eq!((x_bar, w_bar), by_matrices(&x, &w, &y_bar));
    }
}
