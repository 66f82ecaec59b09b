//! Chunks of arrays, options, vectors, boxes and tuples: of their parts.

use super::Chunk;

impl Chunk for () {
    type Lane = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(&self, _: usize) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn set_lane(&mut self, _: usize, (): &()) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill_zero(&mut self) {}
}

impl<C: Chunk, const N: usize> Chunk for [C; N] {
    type Lane = [C::Lane; N];
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(&self, index: usize) -> Self::Lane {
        core::array::from_fn(|position| self[position].lane(index))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn set_lane(&mut self, index: usize, tangent: &Self::Lane) {
        for (part, tangent) in self.iter_mut().zip(tangent) {
            part.set_lane(index, tangent);
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill_zero(&mut self) {
        self.iter_mut().for_each(C::fill_zero);
    }
}

impl<C: Chunk> Chunk for Option<C> {
    type Lane = Option<C::Lane>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(&self, index: usize) -> Self::Lane {
        self.as_ref().map(|part| part.lane(index))
    }
    /// # Panics
    /// If there is something in one of the two alone.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn set_lane(&mut self, index: usize, tangent: &Self::Lane) {
        match (self, tangent) {
            (Some(part), Some(tangent)) => part.set_lane(index, tangent),
            (None, None) => {}
            _ => other_size(),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill_zero(&mut self) {
        self.iter_mut().for_each(C::fill_zero);
    }
}

#[cfg(feature = "alloc")]
impl<C: Chunk> Chunk for alloc::vec::Vec<C> {
    type Lane = alloc::vec::Vec<C::Lane>;
    fn lane(&self, index: usize) -> Self::Lane {
        self.iter().map(|part| part.lane(index)).collect()
    }
    /// # Panics
    /// If the tangent has another length.
    fn set_lane(&mut self, index: usize, tangent: &Self::Lane) {
        crate::differentiable::same_length(self.len(), tangent.len());
        for (part, tangent) in self.iter_mut().zip(tangent) {
            part.set_lane(index, tangent);
        }
    }
    fn fill_zero(&mut self) {
        self.iter_mut().for_each(C::fill_zero);
    }
}

#[cfg(feature = "alloc")]
impl<C: Chunk> Chunk for alloc::boxed::Box<C> {
    type Lane = alloc::boxed::Box<C::Lane>;
    fn lane(&self, index: usize) -> Self::Lane {
        alloc::boxed::Box::new((**self).lane(index))
    }
    fn set_lane(&mut self, index: usize, tangent: &Self::Lane) {
        (**self).set_lane(index, tangent);
    }
    fn fill_zero(&mut self) {
        (**self).fill_zero();
    }
}

macro_rules! tuples {
    ($(($($C:ident $position:tt),+))+) => {$(
        impl<$($C: Chunk),+> Chunk for ($($C,)+) {
            type Lane = ($($C::Lane,)+);
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn lane(&self, index: usize) -> Self::Lane {
                ($(self.$position.lane(index),)+)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn set_lane(&mut self, index: usize, tangent: &Self::Lane) {
                $(self.$position.set_lane(index, &tangent.$position);)+
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn fill_zero(&mut self) {
                $(self.$position.fill_zero();)+
            }
        }
    )+};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

fn other_size() -> ! {
    panic!("the tangent belongs to a value of another size or variant")
}
