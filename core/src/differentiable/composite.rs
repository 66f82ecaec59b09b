//! Arrays, options, vectors, boxes and tuples of differentiable values.

use super::{Differentiable, Leaf, LeafMut, Tangent, one_piece};
use crate::accumulate::reset::ResetTo;
use crate::accumulate::{InactiveAccumulator, Lend};

/// The leaves of a slice, one element after the other.
fn leaf_count<X: Differentiable>(slice: &[X]) -> usize {
    match X::leaf_of_slice(slice) {
        Some(_) => 1,
        None => slice.iter().map(X::leaf_count).sum(),
    }
}

fn leaf<X: Differentiable>(slice: &[X], mut index: usize) -> Leaf<'_> {
    if let Some(leaf) = X::leaf_of_slice(slice) {
        assert_eq!(index, 0, "adjacent scalars are a single leaf");
        return leaf;
    }
    for element in slice {
        let count = element.leaf_count();
        if index < count {
            return element.leaf(index);
        }
        index -= count;
    }
    no_leaf()
}

fn leaf_mut<X: Differentiable>(slice: &mut [X], mut index: usize) -> LeafMut<'_> {
    if X::leaf_of_slice(slice).is_some() {
        assert_eq!(index, 0, "adjacent scalars are a single leaf");
        return X::leaf_of_slice_mut(slice).unwrap_or_else(|| no_leaf());
    }
    for element in slice {
        let count = element.leaf_count();
        if index < count {
            return element.leaf_mut(index);
        }
        index -= count;
    }
    no_leaf()
}

fn no_leaf() -> ! {
    panic!("no leaf has this index: the tangent belongs to a value of another size or variant")
}

impl<X: Differentiable, const N: usize> Differentiable for [X; N] {
    type Tangent = [X::Tangent; N];
    type Shape = [X::Shape; N];
    one_piece!();
    type Chunk<const K: usize> = [X::Chunk<K>; N];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K> {
        core::array::from_fn(|index| self[index].zero_chunk())
    }

    fn leaf_count(&self) -> usize {
        leaf_count(self)
    }
    fn leaf(&self, index: usize) -> Leaf<'_> {
        leaf(self, index)
    }
    fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
        leaf_mut(self, index)
    }
    fn leaf_of_slice(slice: &[Self]) -> Option<Leaf<'_>> {
        X::leaf_of_slice(slice.as_flattened())
    }
    fn leaf_of_slice_mut(slice: &mut [Self]) -> Option<LeafMut<'_>> {
        X::leaf_of_slice_mut(slice.as_flattened_mut())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shape(&self) -> Self::Shape {
        self.each_ref().map(X::shape)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero(shape: &Self::Shape) -> Self::Tangent {
        shape.each_ref().map(X::zero)
    }
}

impl<X: Tangent, const N: usize> Tangent for [X; N] {
    #[inline]
    fn accumulate(&mut self, other: &Self) {
        self.iter_mut()
            .zip(other)
            .for_each(|(left, right)| left.accumulate(right));
    }
}

impl<X: Differentiable> Differentiable for Option<X> {
    type Tangent = Option<X::Tangent>;
    type Shape = Option<X::Shape>;
    one_piece!();
    type Chunk<const K: usize> = Option<X::Chunk<K>>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K> {
        self.as_ref().map(X::zero_chunk)
    }

    fn leaf_count(&self) -> usize {
        leaf_count(self.as_slice())
    }
    fn leaf(&self, index: usize) -> Leaf<'_> {
        leaf(self.as_slice(), index)
    }
    fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
        leaf_mut(self.as_mut_slice(), index)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shape(&self) -> Self::Shape {
        self.as_ref().map(X::shape)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero(shape: &Self::Shape) -> Self::Tangent {
        shape.as_ref().map(X::zero)
    }
}

impl<X: Tangent> Tangent for Option<X> {}

/// The tangent of an `Ok` is a `Some`, that of an `Err` is `None`.
impl<X: Differentiable, E> Differentiable for Result<X, E> {
    type Tangent = Option<X::Tangent>;
    type Shape = Option<X::Shape>;
    one_piece!();
    type Chunk<const K: usize> = Option<X::Chunk<K>>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K> {
        self.as_ref().ok().map(X::zero_chunk)
    }

    fn leaf_count(&self) -> usize {
        self.as_ref().map_or(0, X::leaf_count)
    }
    fn leaf(&self, index: usize) -> Leaf<'_> {
        match self {
            Ok(value) => value.leaf(index),
            Err(_) => no_leaf(),
        }
    }
    fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
        match self {
            Ok(value) => value.leaf_mut(index),
            Err(_) => no_leaf(),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shape(&self) -> Self::Shape {
        self.as_ref().ok().map(X::shape)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero(shape: &Self::Shape) -> Self::Tangent {
        shape.as_ref().map(X::zero)
    }
}

#[cfg(feature = "alloc")]
mod heap {
    use super::*;
    use crate::accumulate::slices::SliceAccumulator;
    use alloc::boxed::Box;
    use alloc::vec::Vec;

    impl<X: Differentiable> Differentiable for Vec<X> {
        type Tangent = Vec<X::Tangent>;
        type Shape = Vec<X::Shape>;
        one_piece!();
        type Chunk<const K: usize> = Vec<X::Chunk<K>>;

        fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K> {
            self.iter().map(X::zero_chunk).collect()
        }

        fn leaf_count(&self) -> usize {
            leaf_count(self)
        }
        fn leaf(&self, index: usize) -> Leaf<'_> {
            leaf(self, index)
        }
        fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
            leaf_mut(self, index)
        }
        fn shape(&self) -> Self::Shape {
            self.iter().map(X::shape).collect()
        }
        fn zero(shape: &Self::Shape) -> Self::Tangent {
            shape.iter().map(X::zero).collect()
        }
    }

    impl<X: Tangent> Tangent for Vec<X> {}

    /// A slice is a parameter by reference. Its tangent owns what it holds.
    impl<X: Differentiable> Differentiable for [X] {
        type Tangent = Vec<X::Tangent>;
        type Shape = Vec<X::Shape>;
        type Slot = Option<Vec<X::Tangent>>;
        type Accumulator<'a> = SliceAccumulator<'a, X::Tangent>;
        type Chunk<const K: usize> = Vec<X::Chunk<K>>;

        fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K> {
            self.iter().map(X::zero_chunk).collect()
        }

        fn leaf_count(&self) -> usize {
            leaf_count(self)
        }
        fn leaf(&self, index: usize) -> Leaf<'_> {
            leaf(self, index)
        }
        fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
            leaf_mut(self, index)
        }
        fn shape(&self) -> Self::Shape {
            self.iter().map(X::shape).collect()
        }
        fn zero(shape: &Self::Shape) -> Self::Tangent {
            shape.iter().map(X::zero).collect()
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn accumulator(slot: &mut Self::Slot) -> Self::Accumulator<'_> {
            SliceAccumulator::Slot(slot)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn overwrite(buffer: &mut Self::Tangent) -> Self::Accumulator<'_> {
            SliceAccumulator::Stale(buffer)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn add_to(tangent: &mut Self::Tangent) -> Self::Accumulator<'_> {
            SliceAccumulator::Live(tangent)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn seed(tangent: Self::Tangent) -> Self::Slot {
            Some(tangent)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn transfer(from: &Self::Accumulator<'_>, to: &mut Self::Accumulator<'_>) {
            from.transfer(to);
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn finish(accumulator: &mut Self::Accumulator<'_>, shape: &Self::Shape) {
            accumulator.finish::<X>(shape);
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn take(slot: Self::Slot, shape: &Self::Shape) -> Self::Tangent {
            slot.unwrap_or_else(|| Self::zero(shape))
        }
    }

    impl<X: Differentiable> Differentiable for Box<X> {
        type Tangent = Box<X::Tangent>;
        type Shape = X::Shape;
        one_piece!();
        type Chunk<const K: usize> = Box<X::Chunk<K>>;

        fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K> {
            Box::new((**self).zero_chunk())
        }

        fn leaf_count(&self) -> usize {
            (**self).leaf_count()
        }
        fn leaf(&self, index: usize) -> Leaf<'_> {
            (**self).leaf(index)
        }
        fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
            (**self).leaf_mut(index)
        }
        fn shape(&self) -> Self::Shape {
            (**self).shape()
        }
        fn zero(shape: &Self::Shape) -> Self::Tangent {
            Box::new(X::zero(shape))
        }
    }

    impl<X: Tangent> Tangent for Box<X> {}
}

macro_rules! tuples {
    ($(($($X:ident $T:ident $position:tt),+))+) => {$(
        impl<$($X: Differentiable),+> Differentiable for ($($X,)+) {
            type Tangent = ($($X::Tangent,)+);
            type Shape = ($($X::Shape,)+);
            type Slot = ($($X::Slot,)+);
            type Accumulator<'a> = ($($X::Accumulator<'a>,)+);
            type Chunk<const WIDTH: usize> = ($($X::Chunk<WIDTH>,)+);

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zero_chunk<const WIDTH: usize>(&self) -> Self::Chunk<WIDTH> {
                ($(self.$position.zero_chunk(),)+)
            }

            fn leaf_count(&self) -> usize {
                0 $(+ self.$position.leaf_count())+
            }
            fn leaf(&self, mut index: usize) -> Leaf<'_> {
                $(
                    let count = self.$position.leaf_count();
                    if index < count {
                        return self.$position.leaf(index);
                    }
                    index -= count;
                )+
                let _ = index;
                no_leaf()
            }
            fn leaf_mut(&mut self, mut index: usize) -> LeafMut<'_> {
                $(
                    let count = self.$position.leaf_count();
                    if index < count {
                        return self.$position.leaf_mut(index);
                    }
                    index -= count;
                )+
                let _ = index;
                no_leaf()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn shape(&self) -> Self::Shape {
                ($(self.$position.shape(),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zero(shape: &Self::Shape) -> Self::Tangent {
                ($($X::zero(&shape.$position),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn accumulator(slot: &mut Self::Slot) -> Self::Accumulator<'_> {
                ($($X::accumulator(&mut slot.$position),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn overwrite(buffer: &mut Self::Tangent) -> Self::Accumulator<'_> {
                ($($X::overwrite(&mut buffer.$position),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn add_to(tangent: &mut Self::Tangent) -> Self::Accumulator<'_> {
                ($($X::add_to(&mut tangent.$position),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn seed(tangent: Self::Tangent) -> Self::Slot {
                ($($X::seed(tangent.$position),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn transfer(from: &Self::Accumulator<'_>, to: &mut Self::Accumulator<'_>) {
                $($X::transfer(&from.$position, &mut to.$position);)+
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn finish(accumulator: &mut Self::Accumulator<'_>, shape: &Self::Shape) {
                $($X::finish(&mut accumulator.$position, &shape.$position);)+
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn take(slot: Self::Slot, shape: &Self::Shape) -> Self::Tangent {
                ($($X::take(slot.$position, &shape.$position),)+)
            }
        }

        impl<$($X: Tangent),+> Tangent for ($($X,)+) {}

        impl<$($X: InactiveAccumulator),+> InactiveAccumulator for ($($X,)+) {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn inactive() -> Self {
                ($($X::inactive(),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn forget(&mut self) {
                $(self.$position.forget();)+
            }
        }

        impl<$($X: ResetTo<$T>, $T),+> ResetTo<($($T,)+)> for ($($X,)+) {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn reset(&mut self, zero: ($($T,)+)) {
                $(self.$position.reset(zero.$position);)+
            }
        }

        impl<$($X),+> Lend for ($($X,)+) {
            type Lent<'b> = &'b mut Self where Self: 'b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn lend(&mut self) -> &mut Self {
                self
            }
        }
    )+};
}

tuples! {
    (A TA 0)
    (A TA 0, B TB 1)
    (A TA 0, B TB 1, C TC 2)
    (A TA 0, B TB 1, C TC 2, D TD 3)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4, F TF 5)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4, F TF 5, G TG 6)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4, F TF 5, G TG 6, H TH 7)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4, F TF 5, G TG 6, H TH 7, I TI 8)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4, F TF 5, G TG 6, H TH 7, I TI 8, J TJ 9)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4, F TF 5, G TG 6, H TH 7, I TI 8, J TJ 9, K TK 10)
    (A TA 0, B TB 1, C TC 2, D TD 3, E TE 4, F TF 5, G TG 6, H TH 7, I TI 8, J TJ 9, K TK 10, L TL 11)
}

impl Lend for () {
    type Lent<'b> = &'b mut ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend(&mut self) -> &mut () {
        self
    }
}
