//! Structs that borrow.

use super::Model;
use tapeless::prelude::*;

/// With everything generic.
#[differentiable]
pub fn generic<'m, 'n, const H: usize, T>(model: &'m Model<'n, H, T>, x: &'m Matrix<1, 2, T>) -> T
where
    T: Real,
{
    let hidden = (x * &model.weights).tanh();
    hidden.sum() * model.bias[H - 1]
}

/// A struct with a lifetime, by value.
#[differentiable]
pub fn struct_by_value<'n>(model: Model<'n, 2, f64>, x: f64) -> f64 {
    model.weights.sum() * x + model.bias[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree() {
        let name = String::from("a name");
        let model = Model {
            weights: Matrix::from_rows([[0.1, 0.2], [0.3, 0.4]]),
            bias: [0.5, 0.6],
            scale: None,
            name: &name,
        };
        assert_gradient!(generic, &model, &Matrix::from_rows([[1.0, 2.0]]));
        assert_gradient!(struct_by_value, model.clone(), 2.0);
    }
}
