fn chained(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}
#[automatically_derived]
#[allow(
    warnings,
    unused,
    nonstandard_style,
    rust_2018_idioms,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    impl_trait_redundant_captures,
    unreachable_pub,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    let_underscore_drop,
    explicit_outlives_requirements,
    variant_size_differences,
    deprecated,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
///The derivatives of the function [`chained`](chained()).
struct chained {}
#[automatically_derived]
#[allow(
    warnings,
    unused,
    nonstandard_style,
    rust_2018_idioms,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    impl_trait_redundant_captures,
    unreachable_pub,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    let_underscore_drop,
    explicit_outlives_requirements,
    variant_size_differences,
    deprecated,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
impl chained {
    #[doc(hidden)]
    fn __used() {
        let _ = chained;
    }
    #[doc(hidden)]
    pub const __DIFFERENTIABLE: bool = { true };
    ///The gradient of `chained(x, y)`.
    #[inline]
    #[must_use]
    pub fn grad(
        x: &[f64],
        y: &[f64],
    ) -> (
        <[f64] as ::tapeless::expansion::Differentiable>::Tangent,
        <[f64] as ::tapeless::expansion::Differentiable>::Tangent,
    )
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        Self::value_and_grad(x, y).1
    }
    ///The value of `chained(x, y)` and its gradient.
    #[inline]
    #[must_use]
    pub fn value_and_grad(
        x: &[f64],
        y: &[f64],
    ) -> (
        f64,
        (
            <[f64] as ::tapeless::expansion::Differentiable>::Tangent,
            <[f64] as ::tapeless::expansion::Differentiable>::Tangent,
        ),
    )
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        let __x_shape = <[f64] as ::tapeless::expansion::Differentiable>::shape(x);
        let __y_shape = <[f64] as ::tapeless::expansion::Differentiable>::shape(y);
        let mut __x_slot: <[f64] as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let mut __y_slot: <[f64] as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
        let __result = chained {}
            .__joint(
                x,
                y,
                ::tapeless::expansion::Bar(
                    &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __seed,
                    ),
                ),
                ::tapeless::expansion::Bar(
                    &mut <[f64] as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __x_slot,
                    ),
                ),
                ::tapeless::expansion::Bar(
                    &mut <[f64] as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __y_slot,
                    ),
                ),
            );
        (
            __result,
            (
                <[f64] as ::tapeless::expansion::Differentiable>::take(
                    __x_slot,
                    &__x_shape,
                ),
                <[f64] as ::tapeless::expansion::Differentiable>::take(
                    __y_slot,
                    &__y_shape,
                ),
            ),
        )
    }
    ///The value of `chained`; its gradient overwrites the buffers that follow the arguments, one for each differentiable parameter.
    #[inline]
    pub fn value_and_grad_into(
        x: &[f64],
        y: &[f64],
        __x_buffer: &mut [f64],
        __y_buffer: &mut [f64],
    ) -> f64
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        let __x_shape = <[f64] as ::tapeless::expansion::Differentiable>::shape(x);
        let __y_shape = <[f64] as ::tapeless::expansion::Differentiable>::shape(y);
        let mut __x_slot = ::tapeless::expansion::overwrite_slice(__x_buffer, x);
        let mut __y_slot = ::tapeless::expansion::overwrite_slice(__y_buffer, y);
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
        let __result = chained {}
            .__joint(
                x,
                y,
                ::tapeless::expansion::Bar(
                    &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __seed,
                    ),
                ),
                ::tapeless::expansion::Bar(&mut __x_slot),
                ::tapeless::expansion::Bar(&mut __y_slot),
            );
        <[f64] as ::tapeless::expansion::Differentiable>::finish(
            &mut __x_slot,
            &__x_shape,
        );
        <[f64] as ::tapeless::expansion::Differentiable>::finish(
            &mut __y_slot,
            &__y_shape,
        );
        __result
    }
    ///The value of `chained`, and the function that pulls a cotangent of the result back to the differentiable parameters.
    #[inline]
    #[must_use]
    pub fn vjp(
        x: &[f64],
        y: &[f64],
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            <f64 as ::tapeless::expansion::Differentiable>::Tangent,
        ) -> (
                <[f64] as ::tapeless::expansion::Differentiable>::Tangent,
                <[f64] as ::tapeless::expansion::Differentiable>::Tangent,
            ),
    )
    where
        for<'__tapeless_clone> f64: ::core::clone::Clone,
    {
        let __x_shape = <[f64] as ::tapeless::expansion::Differentiable>::shape(x);
        let __y_shape = <[f64] as ::tapeless::expansion::Differentiable>::shape(y);
        let (__result, __pullback, _) = chained {}.__split(x, y);
        let __value = ::core::clone::Clone::clone(&__result);
        (
            __value,
            move |__cotangent: <f64 as ::tapeless::expansion::Differentiable>::Tangent| {
                let mut __x_slot: <[f64] as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
                let mut __y_slot: <[f64] as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
                let mut __seed = <f64 as ::tapeless::expansion::Differentiable>::seed(
                    __cotangent,
                );
                __pullback(
                    x,
                    y,
                    &__result,
                    ::tapeless::expansion::Bar(
                        &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __seed,
                        ),
                    ),
                    ::tapeless::expansion::Bar(
                        &mut <[f64] as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __x_slot,
                        ),
                    ),
                    ::tapeless::expansion::Bar(
                        &mut <[f64] as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __y_slot,
                        ),
                    ),
                );
                (
                    <[f64] as ::tapeless::expansion::Differentiable>::take(
                        __x_slot,
                        &__x_shape,
                    ),
                    <[f64] as ::tapeless::expansion::Differentiable>::take(
                        __y_slot,
                        &__y_shape,
                    ),
                )
            },
        )
    }
    #[doc(hidden)]
    pub const __PARAMETERS: &'static [(&'static str, bool)] = &[
        ("x", true),
        ("y", true),
    ];
    ///The computational graph of `chained`.
    #[must_use]
    pub fn graph() -> &'static ::tapeless::graph::Graph {
        static GRAPH: ::tapeless::graph::Graph = ::tapeless::graph::Graph {
            name: "chained",
            nodes: &[
                ::tapeless::graph::Node {
                    name: "x",
                    operation: ::tapeless::graph::Operation::Parameter,
                    source: "x",
                    line: 1,
                    active: true,
                    region: 0usize,
                    inputs: &[],
                },
                ::tapeless::graph::Node {
                    name: "y",
                    operation: ::tapeless::graph::Operation::Parameter,
                    source: "y",
                    line: 1,
                    active: true,
                    region: 0usize,
                    inputs: &[],
                },
                ::tapeless::graph::Node {
                    name: "length_1",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "x.len()",
                    line: 2,
                    active: false,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 0usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "length_2",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "y.len()",
                    line: 2,
                    active: false,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 1usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "length_3",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "::core::cmp::Ord::min(x, y)",
                    line: 1,
                    active: false,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 2usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 3usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sum_1",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "-0.0f64",
                    line: 1,
                    active: false,
                    region: 0usize,
                    inputs: &[],
                },
                ::tapeless::graph::Node {
                    name: "sum_1_5",
                    operation: ::tapeless::graph::Operation::Join,
                    source: "sum_1",
                    line: 2,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 5usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "index_1",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "index_1",
                    line: 1,
                    active: false,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 4usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "t_6",
                    operation: ::tapeless::graph::Operation::Primitive("mul"),
                    source: "x * y",
                    line: 2,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 0usize,
                            part: "[index_1]",
                        },
                        ::tapeless::graph::Input {
                            node: 1usize,
                            part: "[index_1]",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sum_1_7",
                    operation: ::tapeless::graph::Operation::Primitive("add"),
                    source: "sum + { let x = &x[index_1]; let y = &y[index_1]; x * y }",
                    line: 2,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 6usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 8usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sum_1_8",
                    operation: ::tapeless::graph::Operation::Join,
                    source: "sum_1",
                    line: 2,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 9usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 5usize,
                            part: "",
                        },
                    ],
                },
            ],
            regions: &[
                ::tapeless::graph::Region {
                    parent: ::core::option::Option::None,
                    label: "",
                    start: 0,
                },
                ::tapeless::graph::Region {
                    parent: ::core::option::Option::Some(0usize),
                    label: "for index_1 in 0_usize..length_3",
                    start: 6usize,
                },
            ],
            results: &[
                ::tapeless::graph::Input {
                    node: 10usize,
                    part: "",
                },
            ],
        };
        &GRAPH
    }
    #[doc(hidden)]
    #[inline]
    pub fn __kinds(
        &self,
    ) -> (
        ::tapeless::expansion::Kind<
            ::tapeless::expansion::ByReference,
            ::tapeless::expansion::DifferentiatedSlice,
        >,
        ::tapeless::expansion::Kind<
            ::tapeless::expansion::ByReference,
            ::tapeless::expansion::DifferentiatedSlice,
        >,
    ) {
        (
            <::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::DifferentiatedSlice,
            >>::new(),
            <::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::DifferentiatedSlice,
            >>::new(),
        )
    }
    #[doc(hidden)]
    #[inline]
    pub fn __split(
        self,
        x: &[f64],
        y: &[f64],
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            &[f64],
            &[f64],
            &f64,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <[f64] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <[f64] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
        ) + use<>,
        (
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::DifferentiatedSlice,
            >,
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::DifferentiatedSlice,
            >,
        ),
    ) {
        use ::tapeless::expansion::items::{
            CloneAgain as _, ElementsAgain as _, SliceAgain as _,
        };
        use ::tapeless::expansion::{
            LeaveNothing as _, Rule1 as _, Rule2 as _, Rule3 as _,
        };
        use ::tapeless::expansion::methods::{
            Arranged as _, BlankByDefault as _, BlankByFunction as _, BlankOfZeros as _,
            Cotangent as _, Defaulted as _, LendSelf as _, Maker as _, Moved as _,
            Operand as _, OptionChanges as _, OptionTangents as _, OwnCotangent as _,
            OwnOperator as _, Parted as _, Payload as _, Primal as _, Push as _,
            PushChunk as _, Receiver as _, Record as _, RecordReference as _,
            Referent as _, Rewrap as _, VectorChanges as _, VectorTangents as _,
        };
        let source_1 = &x;
        let length_1 = ::tapeless::expansion::discrete(source_1.len());
        let source_2 = &y;
        let length_2 = ::tapeless::expansion::discrete({
            let source_2 = (*source_2).__operand();
            source_2.len()
        });
        let length_3 = ::core::cmp::Ord::min(length_1, length_2);
        let sum_1 = -0.0f64;
        let mut sum_1_5 = sum_1;
        let mut __loop_count = 0_usize;
        for index_1 in 0_usize..length_3 {
            let ((sum_1_6,), _) = {
                {
                    let x_1 = &source_1[index_1];
                    let y_1 = &(*source_2)[index_1];
                    let t_6 = x_1.__operand() * y_1.__operand();
                    let __t_6_like = t_6.__like();
                    let sum_1_7 = sum_1_5.__moved() + t_6.__moved();
                    let __out = (sum_1_7,);
                    (__out, ())
                }
            };
            sum_1_5 = sum_1_6;
            __loop_count += 1;
        }
        let sum_1_8 = sum_1_5;
        let __loop_kept = __loop_count;
        let result_1 = sum_1_8;
        let length_3 = length_3.__record();
        (
            ::tapeless::expansion::same(result_1),
            move |
                x: &[f64],
                y: &[f64],
                result_1: &f64,
                __result_1_bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                __x_bar: ::tapeless::expansion::Bar<
                    '_,
                    <[f64] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                __y_bar: ::tapeless::expansion::Bar<
                    '_,
                    <[f64] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >|
            {
                let __result_1_bar = __result_1_bar.0;
                let __x_bar = __x_bar.0;
                let __y_bar = __y_bar.0;
                let __x_given = __x_bar;
                let __x_bar = &mut ::core::mem::replace(
                    &mut *__x_given,
                    ::tapeless::expansion::InactiveAccumulator::inactive(),
                );
                let __y_given = __y_bar;
                let __y_bar = &mut ::core::mem::replace(
                    &mut *__y_given,
                    ::tapeless::expansion::InactiveAccumulator::inactive(),
                );
                let mut __sum_1_8_carried = result_1.__like().slot();
                result_1
                    .__like()
                    .transfer(
                        &*__result_1_bar,
                        &mut result_1.__like().accumulator(&mut __sum_1_8_carried),
                    );
                {
                    if ::tapeless::expansion::InactiveAccumulator::may_have_flowed(
                        &result_1.__like().accumulator(&mut __sum_1_8_carried),
                    ) {
                        let __count = __loop_kept;
                        for __index in (0..__count).rev() {
                            let sum_1_5 = ::tapeless::expansion::Own(result_1.__primal())
                                .owned();
                            let index_1 = ::tapeless::expansion::item(
                                0_usize..length_3,
                                __index,
                            );
                            let __sum_1_5_like = sum_1_5.__like();
                            let ((sum_1_6,), __kept) = {
                                {
                                    let x_1 = &(&x)[index_1];
                                    let y_1 = &(y)[index_1];
                                    let t_6 = x_1.__operand() * y_1.__operand();
                                    let __t_6_like = t_6.__like();
                                    let sum_1_7 = sum_1_5.__moved() + t_6.__moved();
                                    let __out = (sum_1_7,);
                                    (__out, (__t_6_like,))
                                }
                            };
                            let __sum_1_6_like = sum_1_6.__like();
                            let __kept = (__kept, (__sum_1_5_like, __sum_1_6_like));
                            let ((__t_6_like,), (__sum_1_5_like, __sum_1_6_like)) = __kept;
                            let mut __sum_1_6_slot = ::core::mem::take(
                                &mut __sum_1_8_carried,
                            );
                            let __sum_1_6_bar = &mut result_1
                                .__like()
                                .accumulator(&mut __sum_1_6_slot);
                            let (__sum_1_5_slot, __t_6_slot) = (
                                &mut __sum_1_5_like.slot(),
                                &mut __t_6_like.slot(),
                            );
                            let (__sum_1_5_bar, __t_6_bar) = (
                                &mut __sum_1_5_like.accumulator(__sum_1_5_slot),
                                &mut __t_6_like.accumulator(__t_6_slot),
                            );
                            if let ::core::option::Option::Some(__bar) = __sum_1_6_bar
                                .__cotangent()
                            {
                                ::core::clone::Clone::clone(&__sum_1_6_like)
                                    .__pullback2(
                                        ::tapeless::expansion::ops::add {},
                                        ::core::clone::Clone::clone(&__sum_1_5_like),
                                        ::core::clone::Clone::clone(&__t_6_like),
                                        &*__bar,
                                        &mut (*__sum_1_5_bar),
                                        &mut (*__t_6_bar),
                                    );
                            }
                            if let ::core::option::Option::Some(__bar) = __t_6_bar
                                .__cotangent()
                            {
                                ::core::clone::Clone::clone(&__t_6_like)
                                    .__pullback2(
                                        ::tapeless::expansion::ops::mul {},
                                        x[*index_1.__primal()].__primal(),
                                        y[*index_1.__primal()].__primal(),
                                        &*__bar,
                                        &mut ::tapeless::expansion::element(
                                            x.__primal(),
                                            &mut (*__x_bar),
                                            *index_1.__primal(),
                                        ),
                                        &mut ::tapeless::expansion::element(
                                            y.__primal(),
                                            &mut (*__y_bar),
                                            *index_1.__primal(),
                                        ),
                                    );
                            }
                            result_1
                                .__like()
                                .transfer(
                                    &*__sum_1_5_bar,
                                    &mut result_1.__like().accumulator(&mut __sum_1_8_carried),
                                );
                        }
                    }
                }
                *__x_given = ::core::mem::replace(
                    &mut *__x_bar,
                    ::tapeless::expansion::InactiveAccumulator::inactive(),
                );
                *__y_given = ::core::mem::replace(
                    &mut *__y_bar,
                    ::tapeless::expansion::InactiveAccumulator::inactive(),
                );
            },
            (
                <::tapeless::expansion::Kind<
                    ::tapeless::expansion::ByReference,
                    ::tapeless::expansion::DifferentiatedSlice,
                >>::new(),
                <::tapeless::expansion::Kind<
                    ::tapeless::expansion::ByReference,
                    ::tapeless::expansion::DifferentiatedSlice,
                >>::new(),
            ),
        )
    }
    #[doc(hidden)]
    #[inline]
    pub fn __joint(
        self,
        x: &[f64],
        y: &[f64],
        __result_1_bar: ::tapeless::expansion::Bar<
            '_,
            <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
        __x_bar: ::tapeless::expansion::Bar<
            '_,
            <[f64] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
        __y_bar: ::tapeless::expansion::Bar<
            '_,
            <[f64] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
    ) -> f64 {
        use ::tapeless::expansion::items::{
            CloneAgain as _, ElementsAgain as _, SliceAgain as _,
        };
        use ::tapeless::expansion::{
            LeaveNothing as _, Rule1 as _, Rule2 as _, Rule3 as _,
        };
        use ::tapeless::expansion::methods::{
            Arranged as _, BlankByDefault as _, BlankByFunction as _, BlankOfZeros as _,
            Cotangent as _, Defaulted as _, LendSelf as _, Maker as _, Moved as _,
            Operand as _, OptionChanges as _, OptionTangents as _, OwnCotangent as _,
            OwnOperator as _, Parted as _, Payload as _, Primal as _, Push as _,
            PushChunk as _, Receiver as _, Record as _, RecordReference as _,
            Referent as _, Rewrap as _, VectorChanges as _, VectorTangents as _,
        };
        let __result_1_bar = __result_1_bar.0;
        let __x_bar = __x_bar.0;
        let __y_bar = __y_bar.0;
        let __x_given = __x_bar;
        let __x_bar = &mut ::core::mem::replace(
            &mut *__x_given,
            ::tapeless::expansion::InactiveAccumulator::inactive(),
        );
        let __y_given = __y_bar;
        let __y_bar = &mut ::core::mem::replace(
            &mut *__y_given,
            ::tapeless::expansion::InactiveAccumulator::inactive(),
        );
        let source_1 = &x;
        let length_1 = ::tapeless::expansion::discrete(source_1.len());
        let source_2 = &y;
        let length_2 = ::tapeless::expansion::discrete({
            let source_2 = (*source_2).__operand();
            source_2.len()
        });
        let length_3 = ::core::cmp::Ord::min(length_1, length_2);
        let sum_1 = -0.0f64;
        let (mut __sum_1_8_carried, sum_1_8, __result) = {
            let mut sum_1_5 = ::tapeless::expansion::Own(&sum_1).owned();
            if ::tapeless::expansion::never() {
                for index_1 in 0_usize..length_3 {
                    let ((sum_1_6,), _) = {
                        {
                            let x_1 = &source_1[index_1];
                            let y_1 = &(*source_2)[index_1];
                            let t_6 = x_1.__operand() * y_1.__operand();
                            let __t_6_like = t_6.__like();
                            let sum_1_7 = sum_1_5.__operand() + t_6.__operand();
                            let __out = (sum_1_7,);
                            (__out, ())
                        }
                    };
                    sum_1_5 = sum_1_6;
                }
            }
            let sum_1_8 = sum_1_5;
            let __result = sum_1_8;
            {
                let result_1 = &__result;
                let mut __sum_1_8_carried = result_1.__like().slot();
                result_1
                    .__like()
                    .transfer(
                        &*__result_1_bar,
                        &mut result_1.__like().accumulator(&mut __sum_1_8_carried),
                    );
                (__sum_1_8_carried, sum_1_8, __result)
            }
        };
        let result_1 = &__result;
        let mut sum_1_5 = sum_1;
        for index_1 in 0_usize..length_3 {
            let __sum_1_5_like = sum_1_5.__like();
            let ((sum_1_6,), __kept) = {
                {
                    let x_1 = &source_1[index_1];
                    let y_1 = &(*source_2)[index_1];
                    let t_6 = x_1.__operand() * y_1.__operand();
                    let __t_6_like = t_6.__like();
                    let sum_1_7 = sum_1_5.__moved() + t_6.__moved();
                    let __out = (sum_1_7,);
                    (__out, (__t_6_like,))
                }
            };
            let __sum_1_6_like = sum_1_6.__like();
            {
                let __kept = (__kept, (__sum_1_5_like, __sum_1_6_like));
                let ((__t_6_like,), (__sum_1_5_like, __sum_1_6_like)) = __kept;
                let mut __sum_1_6_slot = ::core::mem::take(&mut __sum_1_8_carried);
                let __sum_1_6_bar = &mut result_1
                    .__like()
                    .accumulator(&mut __sum_1_6_slot);
                let (__sum_1_5_slot, __t_6_slot) = (
                    &mut __sum_1_5_like.slot(),
                    &mut __t_6_like.slot(),
                );
                let (__sum_1_5_bar, __t_6_bar) = (
                    &mut __sum_1_5_like.accumulator(__sum_1_5_slot),
                    &mut __t_6_like.accumulator(__t_6_slot),
                );
                if let ::core::option::Option::Some(__bar) = __sum_1_6_bar.__cotangent()
                {
                    ::core::clone::Clone::clone(&__sum_1_6_like)
                        .__pullback2(
                            ::tapeless::expansion::ops::add {},
                            ::core::clone::Clone::clone(&__sum_1_5_like),
                            ::core::clone::Clone::clone(&__t_6_like),
                            &*__bar,
                            &mut (*__sum_1_5_bar),
                            &mut (*__t_6_bar),
                        );
                }
                if let ::core::option::Option::Some(__bar) = __t_6_bar.__cotangent() {
                    ::core::clone::Clone::clone(&__t_6_like)
                        .__pullback2(
                            ::tapeless::expansion::ops::mul {},
                            x[*index_1.__primal()].__primal(),
                            y[*index_1.__primal()].__primal(),
                            &*__bar,
                            &mut ::tapeless::expansion::element(
                                x.__primal(),
                                &mut (*__x_bar),
                                *index_1.__primal(),
                            ),
                            &mut ::tapeless::expansion::element(
                                y.__primal(),
                                &mut (*__y_bar),
                                *index_1.__primal(),
                            ),
                        );
                }
                result_1
                    .__like()
                    .transfer(
                        &*__sum_1_5_bar,
                        &mut result_1.__like().accumulator(&mut __sum_1_8_carried),
                    );
            }
            sum_1_5 = sum_1_6;
        }
        let sum_1_8 = sum_1_5;
        let result_1 = sum_1_8;
        let length_3 = length_3.__record();
        let __result = result_1;
        {
            let result_1 = &__result;
        }
        *__x_given = ::core::mem::replace(
            &mut *__x_bar,
            ::tapeless::expansion::InactiveAccumulator::inactive(),
        );
        *__y_given = ::core::mem::replace(
            &mut *__y_bar,
            ::tapeless::expansion::InactiveAccumulator::inactive(),
        );
        ::tapeless::expansion::same(__result)
    }
}
#[automatically_derived]
#[allow(
    warnings,
    unused,
    nonstandard_style,
    rust_2018_idioms,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    impl_trait_redundant_captures,
    unreachable_pub,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    let_underscore_drop,
    explicit_outlives_requirements,
    variant_size_differences,
    deprecated,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
impl ::tapeless::expansion::Function for chained {
    type Derivative = chained;
    const DERIVATIVE: chained = chained {};
    fn graph() -> &'static ::tapeless::graph::Graph {
        <chained>::graph()
    }
}
