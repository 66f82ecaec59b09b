//! Types whose cotangent moves as one piece.

/// The machinery of such a type, inside its `impl Differentiable`: a slot is an option, and nothing is taken apart.
macro_rules! one_piece {
    () => {
        type Slot = Option<Self::Tangent>;
        type Accumulator<'a> = $crate::accumulate::Accumulator<'a, Self::Tangent>;

        #[cfg_attr(not(debug_assertions), inline(always))]
        fn accumulator(slot: &mut Self::Slot) -> Self::Accumulator<'_> {
            $crate::accumulate::Accumulator::Slot(slot)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn overwrite(buffer: &mut Self::Tangent) -> Self::Accumulator<'_> {
            $crate::accumulate::Accumulator::Stale(buffer)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn add_to(tangent: &mut Self::Tangent) -> Self::Accumulator<'_> {
            $crate::accumulate::Accumulator::Live(tangent)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn seed(tangent: Self::Tangent) -> Self::Slot {
            Some(tangent)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn transfer(from: &Self::Accumulator<'_>, to: &mut Self::Accumulator<'_>) {
            use $crate::accumulate::Accumulate as _;
            if let Some(cotangent) = from.get() {
                to.contribute(
                    || cotangent.clone(),
                    |buffer| buffer.clone_from(cotangent),
                    |value| $crate::differentiable::Tangent::accumulate(value, cotangent),
                );
            }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn finish(accumulator: &mut Self::Accumulator<'_>, shape: &Self::Shape) {
            accumulator.finish(|| Self::zero(shape));
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn take(slot: Self::Slot, shape: &Self::Shape) -> Self::Tangent {
            slot.unwrap_or_else(|| Self::zero(shape))
        }
    };
}
pub(crate) use one_piece;
