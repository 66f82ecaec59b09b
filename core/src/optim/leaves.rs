//! The walk over the scalars of parameters, their gradient, and what is remembered of each.

use crate::differentiable::{Differentiable, Leaf, LeafMut, precision_differs, same_length};
use crate::scalar::Real;

/// How a step changes a run of scalars, of which `K` numbers each are remembered.
pub(super) trait Update<const K: usize> {
    /// Changes the parameters and what is remembered. All slices have the same length.
    fn update<T: Real>(&self, parameters: &mut [T], gradient: &[T], remembered: [&mut [T]; K]);
}

/// Changes all parameters, in the precision of each.
///
/// # Panics
/// If the tangents belong to a value of another size or variant.
pub(super) fn update<P: Differentiable, const K: usize>(
    rule: &impl Update<K>,
    parameters: &mut P,
    gradient: &P::Tangent,
    mut remembered: [&mut P::Tangent; K],
) {
    let count = parameters.leaf_count();
    same_length(count, gradient.leaf_count());
    remembered
        .iter()
        .for_each(|tangent| same_length(count, tangent.leaf_count()));
    for index in 0..count {
        let remembered = remembered.each_mut().map(|tangent| tangent.leaf_mut(index));
        match (parameters.leaf_mut(index), gradient.leaf(index)) {
            (LeafMut::F32(parameters), Leaf::F32(gradient)) => {
                let remembered = remembered.map(|leaf| match leaf {
                    LeafMut::F32(slice) => slice,
                    LeafMut::F64(_) => precision_differs(),
                });
                of_one_length(rule, parameters, gradient, remembered);
            }
            (LeafMut::F64(parameters), Leaf::F64(gradient)) => {
                let remembered = remembered.map(|leaf| match leaf {
                    LeafMut::F64(slice) => slice,
                    LeafMut::F32(_) => precision_differs(),
                });
                of_one_length(rule, parameters, gradient, remembered);
            }
            _ => precision_differs(),
        }
    }
}

fn of_one_length<T: Real, const K: usize>(
    rule: &impl Update<K>,
    parameters: &mut [T],
    gradient: &[T],
    remembered: [&mut [T]; K],
) {
    same_length(parameters.len(), gradient.len());
    remembered
        .iter()
        .for_each(|slice| same_length(parameters.len(), slice.len()));
    rule.update(parameters, gradient, remembered);
}
