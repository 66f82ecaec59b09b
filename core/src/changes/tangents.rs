//! The same methods with tangents.
//!
//! All of them are linear, so that a tangent changes as its value does: by the same method once more. The pullback is that of
//! both.

/// Methods with tangents, made of methods without. What an argument is says what becomes of it: a `number` has no tangent and is
/// the same for the tangent, an `element` and a `slice` of elements have one.
// Input:  truncate: __truncate_update_tangent, __truncate_update(length: number) -> (), ();
// Output: fn __truncate_update_tangent(self, mode, length, self_dot, length_dot, …) -> (pair, impl FnOnce(…), kinds)
macro_rules! with_tangents {
    ($container:ident; $(
        $method:ident: $name:ident, $update:ident($($argument:ident: $kind:ident),*) -> $value:ty, $value_dot:ty;
    )*) => {
        $(with_tangents! { @names [$container $method $name $update ($value) ($value_dot)] [] $($argument $kind)* })*
    };
    // Each argument gets names of its own for what belongs to it: those of one expansion are not those of another.
    (@names $head:tt [$($done:tt)*] $argument:ident $kind:ident $($rest:ident)*) => {
        with_tangents! { @names $head [$($done)* ($argument $kind dot again dot_again bar dot_bar)] $($rest)* }
    };
    (@names
        [$container:ident $method:ident $name:ident $update:ident ($value:ty) ($value_dot:ty)]
        [$(($argument:ident $kind:ident $dot:ident $again:ident $dot_again:ident $bar:ident $dot_bar:ident))*]
    ) => {
        #[doc = concat!("`", stringify!($method), "` with tangents.")]
        #[inline]
        #[track_caller]
        fn $name<M: Mode>(
            self,
            _: M,
            $($argument: with_tangents!(@value $kind),)*
            own_dot: Option<&$container<Dot<Self>>>,
            $($dot: with_tangents!(@dot $kind),)*
            _: fn($container<Self::Element> $(, with_tangents!(@value $kind))*) -> (($value, $container<Self::Element>), Active),
        ) -> (
            (($value, $container<Self::Element>), ($value_dot, $container<Dot<Self>>)),
            impl FnOnce(
                Unused,
                $(with_tangents!(@again $kind),)*
                Unused,
                $(with_tangents!(@dot_again $kind),)*
                &(($value, $container<Self::Element>), ($value_dot, $container<Dot<Self>>)),
                Bar<'_, (
                    (<$value as Differentiable>::Accumulator<'_>, Accumulator<'_, $container<Dot<Self>>>),
                    (<$value_dot as Differentiable>::Accumulator<'_>, Accumulator<'_, $container<Dot<Self>>>),
                )>,
                Bar<'_, Accumulator<'_, $container<Dot<Self>>>>,
                $(with_tangents!(@bar $kind Self::Element),)*
                Bar<'_, Accumulator<'_, $container<Dot<Self>>>>,
                $(with_tangents!(@bar $kind Dot<Self>),)*
            ) + use<Self, M>,
            (
                Active,
                $(with_tangents!(@kind $kind),)*
                Active,
                $(with_tangents!(@kind $kind),)*
            ),
        )
        where
            Self::Element: Clone,
        {
            let own_dot = match own_dot {
                Some(dot) => dot.clone(),
                None => self.zero_tangent(),
            };
            $(with_tangents!(@given $kind $argument $dot);)*
            let (pair_dot, pullback_dot, _) = own_dot.$update($($dot,)* |own $(, $dot)*| own.$method($($dot),*));
            let (pair, pullback, _) = self.$update($($argument,)* |own $(, $argument)*| own.$method($($argument),*));
            let both = move |
                _: Unused,
                $($again: with_tangents!(@again $kind),)*
                _: Unused,
                $($dot_again: with_tangents!(@dot_again $kind),)*
                result: &(($value, $container<Self::Element>), ($value_dot, $container<Dot<Self>>)),
                result_bar: Bar<'_, (
                    (<$value as Differentiable>::Accumulator<'_>, Accumulator<'_, $container<Dot<Self>>>),
                    (<$value_dot as Differentiable>::Accumulator<'_>, Accumulator<'_, $container<Dot<Self>>>),
                )>,
                own_bar: Bar<'_, Accumulator<'_, $container<Dot<Self>>>>,
                $($bar: with_tangents!(@bar $kind Self::Element),)*
                own_dot_bar: Bar<'_, Accumulator<'_, $container<Dot<Self>>>>,
                $($dot_bar: with_tangents!(@bar $kind Dot<Self>),)*
            | {
                $(with_tangents!(@given_again $kind $again $dot_again);)*
                pullback(Unused, $($again,)* &result.0, Bar(&mut result_bar.0.0), own_bar $(, $bar)*);
                pullback_dot(Unused, $($dot_again,)* &result.1, Bar(&mut result_bar.0.1), own_dot_bar $(, $dot_bar)*);
            };
            (
                (pair, pair_dot),
                both,
                (
                    Kind::new(),
                    $(<with_tangents!(@kind $kind)>::new(),)*
                    Kind::new(),
                    $(<with_tangents!(@kind $kind)>::new(),)*
                ),
            )
        }
    };
    (@value number) => { usize };
    (@value element) => { Self::Element };
    (@value slice) => { &[Self::Element] };
    (@dot number) => { Unused };
    (@dot element) => { Option<&Dot<Self>> };
    (@dot slice) => { Option<&[Dot<Self>]> };
    (@again slice) => { &[Self::Element] };
    (@again $kind:ident) => { Unused };
    (@dot_again slice) => { Option<&[Dot<Self>]> };
    (@dot_again $kind:ident) => { Unused };
    (@bar number $of:ty) => { Bar<'_, Ignore> };
    (@bar element $of:ty) => { Bar<'_, <$of as Differentiable>::Accumulator<'_>> };
    (@bar slice $of:ty) => { Bar<'_, SliceAccumulator<'_, Dot<Self>>> };
    (@kind number) => { Number };
    (@kind element) => { Active };
    (@kind slice) => { Kind<ByReference, DifferentiatedSlice> };
    (@given number $argument:ident $dot:ident) => { let Unused = $dot; let $dot = $argument; };
    (@given element $argument:ident $dot:ident) => {
        let $dot = match $dot {
            Some(dot) => dot.clone(),
            None => $argument.zero_tangent(),
        };
    };
    (@given slice $argument:ident $dot:ident) => {
        let zeros;
        let $dot = match $dot {
            Some(dot) => dot,
            None => {
                zeros = $argument.zero_tangent();
                zeros.as_slice()
            }
        };
    };
    // A tangent that is not given is zero; for the pullback's slice only the number of its elements matters.
    (@given_again slice $again:ident $dot_again:ident) => {
        let zeros;
        let $dot_again = match $dot_again {
            Some(dot) => dot,
            None => {
                zeros = $again.zero_tangent();
                zeros.as_slice()
            }
        };
    };
    (@given_again $kind:ident $again:ident $dot_again:ident) => {};
}

pub(super) use with_tangents;
