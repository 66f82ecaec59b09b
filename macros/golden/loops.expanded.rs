fn decayed(x: &[f64; 8], rate: f64) -> f64 {
    let mut sums = [0.0; 8];
    let mut sum = 0.0;
    for i in 0..8 {
        sum = sum * rate + x[i].sin();
        if sum > 4.0 {
            break;
        }
        sums[i] = sum;
    }
    sums[7] * sum
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
///The derivatives of the function [`decayed`](decayed()).
struct decayed {}
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
impl decayed {
    #[doc(hidden)]
    fn __used() {
        let _ = decayed;
    }
    #[doc(hidden)]
    pub const __DIFFERENTIABLE: bool = { true };
    ///The gradient of `decayed(x, rate)`.
    #[inline]
    #[must_use]
    pub fn grad(
        x: &[f64; 8],
        rate: f64,
    ) -> (<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent, f64)
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        Self::value_and_grad(x, rate).1
    }
    ///The value of `decayed(x, rate)` and its gradient.
    #[inline]
    #[must_use]
    pub fn value_and_grad(
        x: &[f64; 8],
        rate: f64,
    ) -> (f64, (<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent, f64))
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        let __x_shape = <[f64; 8] as ::tapeless::expansion::Differentiable>::shape(x);
        let __rate_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&rate);
        let mut __x_slot: <[f64; 8] as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let mut __rate_slot: <f64 as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
        let __result = decayed {}
            .__joint(
                x,
                rate,
                ::tapeless::expansion::Bar(
                    &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __seed,
                    ),
                ),
                ::tapeless::expansion::Bar(
                    &mut <[f64; 8] as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __x_slot,
                    ),
                ),
                ::tapeless::expansion::Bar(
                    &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __rate_slot,
                    ),
                ),
            );
        (
            __result,
            (
                <[f64; 8] as ::tapeless::expansion::Differentiable>::take(
                    __x_slot,
                    &__x_shape,
                ),
                <f64 as ::tapeless::expansion::Differentiable>::take(
                    __rate_slot,
                    &__rate_shape,
                ),
            ),
        )
    }
    ///The value of `decayed`; its gradient overwrites the buffers that follow the arguments, one for each differentiable parameter.
    #[inline]
    pub fn value_and_grad_into(
        x: &[f64; 8],
        rate: f64,
        __x_buffer: &mut <[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent,
        __rate_buffer: &mut f64,
    ) -> f64
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        let __x_shape = <[f64; 8] as ::tapeless::expansion::Differentiable>::shape(x);
        let __rate_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&rate);
        let mut __x_slot = <[f64; 8] as ::tapeless::expansion::Differentiable>::overwrite(
            __x_buffer,
        );
        let mut __rate_slot = <f64 as ::tapeless::expansion::Differentiable>::overwrite(
            __rate_buffer,
        );
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
        let __result = decayed {}
            .__joint(
                x,
                rate,
                ::tapeless::expansion::Bar(
                    &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                        &mut __seed,
                    ),
                ),
                ::tapeless::expansion::Bar(&mut __x_slot),
                ::tapeless::expansion::Bar(&mut __rate_slot),
            );
        <[f64; 8] as ::tapeless::expansion::Differentiable>::finish(
            &mut __x_slot,
            &__x_shape,
        );
        <f64 as ::tapeless::expansion::Differentiable>::finish(
            &mut __rate_slot,
            &__rate_shape,
        );
        __result
    }
    ///The value of `decayed`, and the function that pulls a cotangent of the result back to the differentiable parameters.
    #[inline]
    #[must_use]
    pub fn vjp(
        x: &[f64; 8],
        rate: f64,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            <f64 as ::tapeless::expansion::Differentiable>::Tangent,
        ) -> (<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent, f64),
    )
    where
        for<'__tapeless_clone> f64: ::core::clone::Clone,
    {
        let __x_shape = <[f64; 8] as ::tapeless::expansion::Differentiable>::shape(x);
        let __rate_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&rate);
        let (__result, __pullback, _) = decayed {}.__split(x, rate);
        let __value = ::core::clone::Clone::clone(&__result);
        (
            __value,
            move |__cotangent: <f64 as ::tapeless::expansion::Differentiable>::Tangent| {
                let mut __x_slot: <[f64; 8] as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
                let mut __rate_slot: <f64 as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
                let mut __seed = <f64 as ::tapeless::expansion::Differentiable>::seed(
                    __cotangent,
                );
                __pullback(
                    x,
                    ::tapeless::expansion::Unused,
                    &__result,
                    ::tapeless::expansion::Bar(
                        &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __seed,
                        ),
                    ),
                    ::tapeless::expansion::Bar(
                        &mut <[f64; 8] as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __x_slot,
                        ),
                    ),
                    ::tapeless::expansion::Bar(
                        &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __rate_slot,
                        ),
                    ),
                );
                (
                    <[f64; 8] as ::tapeless::expansion::Differentiable>::take(
                        __x_slot,
                        &__x_shape,
                    ),
                    <f64 as ::tapeless::expansion::Differentiable>::take(
                        __rate_slot,
                        &__rate_shape,
                    ),
                )
            },
        )
    }
    #[doc(hidden)]
    pub const __PARAMETERS: &'static [(&'static str, bool)] = &[
        ("x", true),
        ("rate", true),
    ];
    ///The computational graph of `decayed`.
    #[must_use]
    pub fn graph() -> &'static ::tapeless::graph::Graph {
        static GRAPH: ::tapeless::graph::Graph = ::tapeless::graph::Graph {
            name: "decayed",
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
                    name: "rate",
                    operation: ::tapeless::graph::Operation::Parameter,
                    source: "rate",
                    line: 1,
                    active: true,
                    region: 0usize,
                    inputs: &[],
                },
                ::tapeless::graph::Node {
                    name: "sums",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "[0.0; 8]",
                    line: 2,
                    active: false,
                    region: 0usize,
                    inputs: &[],
                },
                ::tapeless::graph::Node {
                    name: "sum",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "0.0",
                    line: 3,
                    active: false,
                    region: 0usize,
                    inputs: &[],
                },
                ::tapeless::graph::Node {
                    name: "sum_5",
                    operation: ::tapeless::graph::Operation::Join,
                    source: "sum",
                    line: 5,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 3usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sums_5",
                    operation: ::tapeless::graph::Operation::Join,
                    source: "sums",
                    line: 9,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 2usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "i",
                    operation: ::tapeless::graph::Operation::Opaque,
                    source: "i",
                    line: 4,
                    active: false,
                    region: 1usize,
                    inputs: &[],
                },
                ::tapeless::graph::Node {
                    name: "t_5",
                    operation: ::tapeless::graph::Operation::Primitive("mul"),
                    source: "sum * rate",
                    line: 5,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 4usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 1usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "t_6",
                    operation: ::tapeless::graph::Operation::Primitive("sin"),
                    source: "x[i].sin()",
                    line: 5,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 0usize,
                            part: "[i]",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sum_7",
                    operation: ::tapeless::graph::Operation::Primitive("add"),
                    source: "sum * rate + x[i].sin()",
                    line: 5,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 7usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 8usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sums_7",
                    operation: ::tapeless::graph::Operation::Copy,
                    source: "sums",
                    line: 9,
                    active: true,
                    region: 3usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 5usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 9usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sum_8",
                    operation: ::tapeless::graph::Operation::Join,
                    source: "sum",
                    line: 5,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 9usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 9usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 3usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "sums_8",
                    operation: ::tapeless::graph::Operation::Join,
                    source: "sums",
                    line: 9,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 5usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 10usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 2usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "t_8",
                    operation: ::tapeless::graph::Operation::Copy,
                    source: "sums[7]",
                    line: 11,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 12usize,
                            part: "[7]",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "t_9",
                    operation: ::tapeless::graph::Operation::Primitive("mul"),
                    source: "sums[7] * sum",
                    line: 11,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 13usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 11usize,
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
                    label: "for i in 0..8",
                    start: 4usize,
                },
                ::tapeless::graph::Region {
                    parent: ::core::option::Option::Some(1usize),
                    label: "if sum > 4.0: then",
                    start: 10usize,
                },
                ::tapeless::graph::Region {
                    parent: ::core::option::Option::Some(1usize),
                    label: "if sum > 4.0: else",
                    start: 10usize,
                },
            ],
            results: &[
                ::tapeless::graph::Input {
                    node: 14usize,
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
            ::tapeless::expansion::Differentiated,
        >,
        ::tapeless::expansion::Kind<
            ::tapeless::expansion::ByValue,
            ::tapeless::expansion::Differentiated,
        >,
    ) {
        (
            <::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::Differentiated,
            >>::new(),
            <::tapeless::expansion::Kind<
                ::tapeless::expansion::ByValue,
                ::tapeless::expansion::Differentiated,
            >>::new(),
        )
    }
    #[doc(hidden)]
    #[inline]
    pub fn __split(
        self,
        x: &[f64; 8],
        rate: f64,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            &[f64; 8],
            ::tapeless::expansion::Unused,
            &f64,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <[f64; 8] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
        ) + use<>,
        (
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::Differentiated,
            >,
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByValue,
                ::tapeless::expansion::Differentiated,
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
        let mut __sums_8_resets = <::tapeless::expansion::Resets<
            _,
        > as ::core::default::Default>::default();
        let sums = [0.0; 8];
        let __sums_like = sums.__like();
        let sum = 0.0;
        let mut sums_8 = sums;
        let mut sum_5 = sum;
        let (__loop_state, mut __loop_count) = (
            (::tapeless::expansion::Own(&sum_5).owned(),),
            0_usize,
        );
        for i in 0..8 {
            let ((sum_6, _, exit_2), _) = {
                {
                    let t_5 = sum_5.__moved() * rate.__operand();
                    let __t_5_like = t_5.__like();
                    let t_6 = x[i].sin();
                    let __t_6_like = t_6.__like();
                    let sum_7 = t_5.__moved() + t_6.__moved();
                    let __sum_7_like = sum_7.__like();
                    let (__arm_flow, __arm_kept) = if {
                        let sum = sum_7.__operand();
                        sum > 4.0
                    } {
                        let (__value, __kept) = {
                            {
                                let __out = (
                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                    (),
                                    true,
                                );
                                (__out, ())
                            }
                        };
                        (__value, ())
                    } else {
                        let (__value, __kept) = {
                            {
                                ::tapeless::expansion::leave(
                                    &sums_8[i],
                                    &mut __sums_8_resets,
                                );
                                sums_8[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                let __out = (
                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                    (),
                                    false,
                                );
                                (__out, ())
                            }
                        };
                        (__value, ())
                    };
                    (__arm_flow, ())
                }
            };
            sum_5 = sum_6;
            __loop_count += 1;
            if exit_2 {
                break;
            }
        }
        let sum_8 = sum_5;
        let __loop_kept = (__loop_count, __loop_state);
        let t_8 = ::tapeless::expansion::Own(&sums_8[7]).owned();
        let (__value,) = (t_8.__operand() * sum_8.__operand(),);
        let __value = (__value,);
        let __t_9_type = ::tapeless::expansion::type_of(&__value.0);
        let t_9 = __value.0;
        let result_1 = t_9.__moved();
        let sum_8 = sum_8.__record();
        (
            ::tapeless::expansion::same(result_1),
            move |
                x: &[f64; 8],
                _: ::tapeless::expansion::Unused,
                result_1: &f64,
                __result_1_bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                __x_bar: ::tapeless::expansion::Bar<
                    '_,
                    <[f64; 8] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                __rate_bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >|
            {
                let __result_1_bar = __result_1_bar.0;
                let __x_bar = __x_bar.0;
                let __rate_bar = __rate_bar.0;
                let mut __sums_8_resets = __sums_8_resets;
                let mut sums_8 = sums_8;
                let (__sum_8_slot, __sums_8_slot, __t_8_slot) = (
                    &mut sum_8.__like().slot(),
                    &mut sums_8.__like().slot(),
                    &mut t_8.__like().slot(),
                );
                let (__sum_8_bar, __sums_8_bar, __t_8_bar) = (
                    &mut sum_8.__like().accumulator(__sum_8_slot),
                    &mut sums_8.__like().accumulator(__sums_8_slot),
                    &mut t_8.__like().accumulator(__t_8_slot),
                );
                let (__actual, __actual_bar) = ::tapeless::expansion::actual_like(
                    __t_9_type,
                    &result_1.__like(),
                    &mut *__result_1_bar,
                );
                if let ::core::option::Option::Some(__bar) = __actual_bar.__cotangent() {
                    __actual
                        .__pullback2(
                            ::tapeless::expansion::ops::mul {},
                            t_8.__primal(),
                            sum_8.__primal(),
                            &*__bar,
                            &mut (*__t_8_bar),
                            &mut (*__sum_8_bar),
                        );
                }
                sums_8[7]
                    .__like()
                    .transfer(
                        &mut *(&mut (*__t_8_bar)).__lend(),
                        &mut *(&mut ::tapeless::expansion::element(
                            sums_8.__primal(),
                            &mut (*__sums_8_bar),
                            7,
                        ))
                            .__lend(),
                    );
                let mut __sum_8_carried = sum_8.__like().slot();
                sum_8
                    .__like()
                    .transfer(
                        &*__sum_8_bar,
                        &mut sum_8.__like().accumulator(&mut __sum_8_carried),
                    );
                {
                    let __loop_store = &mut ::tapeless::checkpoint::Store::<
                        _,
                        1,
                        4096usize,
                    >::new();
                    let __loop_states = &mut ::tapeless::checkpoint::Store::<
                        _,
                        4usize,
                        512usize,
                    >::new();
                    let (__count, __state) = __loop_kept;
                    if __count > 0 {
                        __loop_states.push((0, __state));
                    }
                    let __before = 0;
                    let mut __loop_plan = ::tapeless::checkpoint::Plan::new(
                        __loop_states,
                        __before,
                        __count,
                        __loop_store.capacity() - __loop_store.len(),
                        true,
                    );
                    let mut __loop_present = ::core::option::Option::None;
                    let mut __action = __loop_plan.first();
                    loop {
                        match __action {
                            ::tapeless::checkpoint::Action::Load(__state) => {
                                let (sum_5,) = __state;
                                __loop_present = ::core::option::Option::Some((sum_5,));
                            }
                            ::tapeless::checkpoint::Action::Save => {
                                let (mut sum_5,) = match __loop_present.take() {
                                    ::core::option::Option::Some(__state) => __state,
                                    ::core::option::Option::None => {
                                        ::core::unreachable!("a state has been loaded")
                                    }
                                };
                                __loop_plan
                                    .save((::tapeless::expansion::Own(&sum_5).owned(),));
                                __loop_present = ::core::option::Option::Some((sum_5,));
                            }
                            ::tapeless::checkpoint::Action::Advance(__range) => {
                                let (mut sum_5,) = match __loop_present.take() {
                                    ::core::option::Option::Some(__state) => __state,
                                    ::core::option::Option::None => {
                                        ::core::unreachable!("a state has been loaded")
                                    }
                                };
                                for __index in __range {
                                    let i = ::tapeless::expansion::item(0..8, __index);
                                    let ((sum_6, _, _), _) = {
                                        {
                                            let t_5 = sum_5.__moved() * rate.__operand();
                                            let __t_5_like = t_5.__like();
                                            let t_6 = x[i].sin();
                                            let __t_6_like = t_6.__like();
                                            let sum_7 = t_5.__moved() + t_6.__moved();
                                            let __sum_7_like = sum_7.__like();
                                            let (__arm_flow, __arm_kept) = if {
                                                let sum = sum_7.__operand();
                                                sum > 4.0
                                            } {
                                                let (__value, __kept) = {
                                                    {
                                                        let __out = (
                                                            ::tapeless::expansion::Own(&sum_7).owned(),
                                                            (),
                                                            true,
                                                        );
                                                        (__out, ())
                                                    }
                                                };
                                                (__value, ())
                                            } else {
                                                let (__value, __kept) = {
                                                    {
                                                        let __out = (
                                                            ::tapeless::expansion::Own(&sum_7).owned(),
                                                            (),
                                                            false,
                                                        );
                                                        (__out, ())
                                                    }
                                                };
                                                (__value, ())
                                            };
                                            (__arm_flow, ())
                                        }
                                    };
                                    sum_5 = sum_6;
                                }
                                __loop_present = ::core::option::Option::Some((sum_5,));
                            }
                            ::tapeless::checkpoint::Action::Record(__range) => {
                                let (mut sum_5,) = match __loop_present.take() {
                                    ::core::option::Option::Some(__state) => __state,
                                    ::core::option::Option::None => {
                                        ::core::unreachable!("a state has been loaded")
                                    }
                                };
                                let __length_2 = __loop_store.len();
                                for __index in __range {
                                    if __loop_store.len() > __length_2
                                        && !(__loop_store.has_room())
                                    {
                                        break;
                                    }
                                    let i = ::tapeless::expansion::item(0..8, __index);
                                    let ((sum_6, _, exit_2), __kept) = {
                                        {
                                            let t_5 = sum_5.__operand() * rate.__operand();
                                            let __t_5_like = t_5.__like();
                                            let t_6 = x[i].sin();
                                            let __t_6_like = t_6.__like();
                                            let sum_7 = t_5.__moved() + t_6.__moved();
                                            let __sum_7_like = sum_7.__like();
                                            let (__arm_flow, __arm_kept) = if {
                                                let sum = sum_7.__operand();
                                                sum > 4.0
                                            } {
                                                let (__value, __kept) = {
                                                    {
                                                        let __out = (
                                                            ::tapeless::expansion::Own(&sum_7).owned(),
                                                            (),
                                                            true,
                                                        );
                                                        (__out, ())
                                                    }
                                                };
                                                (__value, ::tapeless::expansion::Either::Left(__kept))
                                            } else {
                                                let (__value, __kept) = {
                                                    {
                                                        let __out = (
                                                            ::tapeless::expansion::Own(&sum_7).owned(),
                                                            (),
                                                            false,
                                                        );
                                                        (__out, ())
                                                    }
                                                };
                                                (__value, ::tapeless::expansion::Either::Right(__kept))
                                            };
                                            (
                                                __arm_flow,
                                                (__t_5_like, __t_6_like, __sum_7_like, __arm_kept),
                                            )
                                        }
                                    };
                                    __loop_store
                                        .push((
                                            __kept,
                                            (::tapeless::expansion::Own(&sum_5).owned(),),
                                        ));
                                    sum_5 = sum_6;
                                }
                                if !__loop_plan.recorded(__loop_store.len() - __length_2) {
                                    __loop_store.truncate(__length_2);
                                }
                                __loop_present = ::core::option::Option::Some((sum_5,));
                            }
                            ::tapeless::checkpoint::Action::Back(__range) => {
                                let __first = __range.start;
                                for __index in __range.rev() {
                                    let i = ::tapeless::expansion::item(0..8, __index);
                                    let __kept = __loop_store.pop();
                                    let (
                                        (__t_5_like, __t_6_like, __sum_7_like, __arm_kept),
                                        (sum_5,),
                                    ) = __kept;
                                    let mut __sum_6_slot = ::core::mem::take(
                                        &mut __sum_8_carried,
                                    );
                                    let __sum_6_bar = &mut sum_8
                                        .__like()
                                        .accumulator(&mut __sum_6_slot);
                                    let (__sum_5_slot, __t_5_slot, __t_6_slot, __sum_7_slot) = (
                                        &mut sum_5.__like().slot(),
                                        &mut __t_5_like.slot(),
                                        &mut __t_6_like.slot(),
                                        &mut __sum_7_like.slot(),
                                    );
                                    let (__sum_5_bar, __t_5_bar, __t_6_bar, __sum_7_bar) = (
                                        &mut sum_5.__like().accumulator(__sum_5_slot),
                                        &mut __t_5_like.accumulator(__t_5_slot),
                                        &mut __t_6_like.accumulator(__t_6_slot),
                                        &mut __sum_7_like.accumulator(__sum_7_slot),
                                    );
                                    match __arm_kept {
                                        ::tapeless::expansion::Either::Left(()) => {
                                            __sum_7_like
                                                .transfer(
                                                    &mut *(&mut (*__sum_6_bar)).__lend(),
                                                    &mut *(&mut (*__sum_7_bar)).__lend(),
                                                );
                                        }
                                        ::tapeless::expansion::Either::Right(()) => {
                                            __sum_7_like
                                                .transfer(
                                                    &mut *(&mut (*__sum_6_bar)).__lend(),
                                                    &mut *(&mut (*__sum_7_bar)).__lend(),
                                                );
                                            __sum_7_like
                                                .transfer(
                                                    &mut *(&mut ::tapeless::expansion::element(
                                                        sums_8.__primal(),
                                                        &mut (*__sums_8_bar),
                                                        *i.__primal(),
                                                    ))
                                                        .__lend(),
                                                    &mut *(&mut (*__sum_7_bar)).__lend(),
                                                );
                                            __sums_8_resets
                                                .reset(
                                                    &mut *(&mut ::tapeless::expansion::element(
                                                        sums_8.__primal(),
                                                        &mut (*__sums_8_bar),
                                                        *i.__primal(),
                                                    ))
                                                        .__lend(),
                                                );
                                        }
                                    }
                                    if let ::core::option::Option::Some(__bar) = __sum_7_bar
                                        .__cotangent()
                                    {
                                        ::core::clone::Clone::clone(&__sum_7_like)
                                            .__pullback2(
                                                ::tapeless::expansion::ops::add {},
                                                ::core::clone::Clone::clone(&__t_5_like),
                                                ::core::clone::Clone::clone(&__t_6_like),
                                                &*__bar,
                                                &mut (*__t_5_bar),
                                                &mut (*__t_6_bar),
                                            );
                                    }
                                    if let ::core::option::Option::Some(__bar) = __t_6_bar
                                        .__cotangent()
                                    {
                                        ::core::clone::Clone::clone(&__t_6_like)
                                            .__pullback1(
                                                ::tapeless::expansion::ops::sin {},
                                                x[*i.__primal()].__primal(),
                                                &*__bar,
                                                &mut ::tapeless::expansion::element(
                                                    x.__primal(),
                                                    &mut (*__x_bar),
                                                    *i.__primal(),
                                                ),
                                            );
                                    }
                                    if let ::core::option::Option::Some(__bar) = __t_5_bar
                                        .__cotangent()
                                    {
                                        ::core::clone::Clone::clone(&__t_5_like)
                                            .__pullback2(
                                                ::tapeless::expansion::ops::mul {},
                                                sum_5.__primal(),
                                                rate.__primal(),
                                                &*__bar,
                                                &mut (*__sum_5_bar),
                                                &mut (*__rate_bar),
                                            );
                                    }
                                    sum_8
                                        .__like()
                                        .transfer(
                                            &*__sum_5_bar,
                                            &mut sum_8.__like().accumulator(&mut __sum_8_carried),
                                        );
                                }
                                if __first == 0 {
                                    break;
                                }
                            }
                            ::tapeless::checkpoint::Action::Done => break,
                        }
                        __action = __loop_plan.next();
                    }
                }
            },
            (
                <::tapeless::expansion::Kind<
                    ::tapeless::expansion::ByReference,
                    ::tapeless::expansion::Differentiated,
                >>::new(),
                <::tapeless::expansion::Kind<
                    ::tapeless::expansion::ByValue,
                    ::tapeless::expansion::Differentiated,
                >>::new(),
            ),
        )
    }
    #[doc(hidden)]
    #[inline]
    pub fn __joint(
        self,
        x: &[f64; 8],
        rate: f64,
        __result_1_bar: ::tapeless::expansion::Bar<
            '_,
            <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
        __x_bar: ::tapeless::expansion::Bar<
            '_,
            <[f64; 8] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
        __rate_bar: ::tapeless::expansion::Bar<
            '_,
            <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
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
        let __rate_bar = __rate_bar.0;
        let mut __sums_8_resets = <::tapeless::expansion::Resets<
            _,
        > as ::core::default::Default>::default();
        let sums = [0.0; 8];
        let __sums_like = sums.__like();
        let sum = 0.0;
        let __loop_store = &mut ::tapeless::checkpoint::Store::<_, 1, 4096usize>::new();
        let __loop_states = &mut ::tapeless::checkpoint::Store::<
            _,
            4usize,
            512usize,
        >::new();
        let mut sums_8 = sums;
        let mut sum_5 = sum;
        let (mut __loop_recorded, mut __loop_count) = (0_usize, 0_usize);
        for i in 0..8 {
            if __loop_count == 0 {
                __loop_states.push((0, (::tapeless::expansion::Own(&sum_5).owned(),)));
            }
            let mut __records = __loop_recorded == __loop_count;
            if __records && !(__loop_store.has_spare_room()) {
                if __loop_count > 0 && __loop_states.has_room() {
                    __loop_states
                        .push((
                            __loop_count,
                            (::tapeless::expansion::Own(&sum_5).owned(),),
                        ));
                } else {
                    __loop_store.truncate(0);
                    __loop_recorded = 0;
                }
                __records = false;
            }
            let (sum_6, _, exit_2) = if __records {
                let ((sum_6, _, exit_2), __kept) = {
                    {
                        let t_5 = sum_5.__operand() * rate.__operand();
                        let __t_5_like = t_5.__like();
                        let t_6 = x[i].sin();
                        let __t_6_like = t_6.__like();
                        let sum_7 = t_5.__moved() + t_6.__moved();
                        let __sum_7_like = sum_7.__like();
                        let (__arm_flow, __arm_kept) = if {
                            let sum = sum_7.__operand();
                            sum > 4.0
                        } {
                            let (__value, __kept) = {
                                {
                                    let __out = (
                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                        (),
                                        true,
                                    );
                                    (__out, ())
                                }
                            };
                            (__value, ::tapeless::expansion::Either::Left(__kept))
                        } else {
                            let (__value, __kept) = {
                                {
                                    ::tapeless::expansion::leave(
                                        &sums_8[i],
                                        &mut __sums_8_resets,
                                    );
                                    sums_8[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                    let __out = (
                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                        (),
                                        false,
                                    );
                                    (__out, ())
                                }
                            };
                            (__value, ::tapeless::expansion::Either::Right(__kept))
                        };
                        (__arm_flow, (__t_5_like, __t_6_like, __sum_7_like, __arm_kept))
                    }
                };
                __loop_store
                    .push((__kept, (::tapeless::expansion::Own(&sum_5).owned(),)));
                __loop_recorded += 1;
                (sum_6, (), exit_2)
            } else {
                let ((sum_6, _, exit_2), _) = {
                    {
                        let t_5 = sum_5.__moved() * rate.__operand();
                        let __t_5_like = t_5.__like();
                        let t_6 = x[i].sin();
                        let __t_6_like = t_6.__like();
                        let sum_7 = t_5.__moved() + t_6.__moved();
                        let __sum_7_like = sum_7.__like();
                        let (__arm_flow, __arm_kept) = if {
                            let sum = sum_7.__operand();
                            sum > 4.0
                        } {
                            let (__value, __kept) = {
                                {
                                    let __out = (
                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                        (),
                                        true,
                                    );
                                    (__out, ())
                                }
                            };
                            (__value, ())
                        } else {
                            let (__value, __kept) = {
                                {
                                    ::tapeless::expansion::leave(
                                        &sums_8[i],
                                        &mut __sums_8_resets,
                                    );
                                    sums_8[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                    let __out = (
                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                        (),
                                        false,
                                    );
                                    (__out, ())
                                }
                            };
                            (__value, ())
                        };
                        (__arm_flow, ())
                    }
                };
                (sum_6, (), exit_2)
            };
            sum_5 = sum_6;
            __loop_count += 1;
            if exit_2 {
                break;
            }
        }
        let sum_8 = sum_5;
        let __loop_kept = (__loop_recorded, __loop_count);
        let t_8 = ::tapeless::expansion::Own(&sums_8[7]).owned();
        let (__value,) = (t_8.__operand() * sum_8.__operand(),);
        let __value = (__value,);
        let __t_9_type = ::tapeless::expansion::type_of(&__value.0);
        let t_9 = __value.0;
        let result_1 = t_9.__moved();
        let sum_8 = sum_8.__record();
        let __result = result_1;
        {
            let result_1 = &__result;
            let (__sum_8_slot, __sums_8_slot, __t_8_slot) = (
                &mut sum_8.__like().slot(),
                &mut sums_8.__like().slot(),
                &mut t_8.__like().slot(),
            );
            let (__sum_8_bar, __sums_8_bar, __t_8_bar) = (
                &mut sum_8.__like().accumulator(__sum_8_slot),
                &mut sums_8.__like().accumulator(__sums_8_slot),
                &mut t_8.__like().accumulator(__t_8_slot),
            );
            let (__actual, __actual_bar) = ::tapeless::expansion::actual_like(
                __t_9_type,
                &result_1.__like(),
                &mut *__result_1_bar,
            );
            if let ::core::option::Option::Some(__bar) = __actual_bar.__cotangent() {
                __actual
                    .__pullback2(
                        ::tapeless::expansion::ops::mul {},
                        t_8.__primal(),
                        sum_8.__primal(),
                        &*__bar,
                        &mut (*__t_8_bar),
                        &mut (*__sum_8_bar),
                    );
            }
            sums_8[7]
                .__like()
                .transfer(
                    &mut *(&mut (*__t_8_bar)).__lend(),
                    &mut *(&mut ::tapeless::expansion::element(
                        sums_8.__primal(),
                        &mut (*__sums_8_bar),
                        7,
                    ))
                        .__lend(),
                );
            let mut __sum_8_carried = sum_8.__like().slot();
            sum_8
                .__like()
                .transfer(
                    &*__sum_8_bar,
                    &mut sum_8.__like().accumulator(&mut __sum_8_carried),
                );
            {
                let (mut __before, __count) = __loop_kept;
                if __before < __count && __count > 2 * __before {
                    __loop_states.truncate(1);
                    __loop_store.truncate(0);
                    __before = 0;
                }
                let mut __loop_plan = ::tapeless::checkpoint::Plan::new(
                    __loop_states,
                    __before,
                    __count,
                    __loop_store.capacity() - __loop_store.len(),
                    true,
                );
                let mut __loop_present = ::core::option::Option::None;
                let mut __action = __loop_plan.first();
                loop {
                    match __action {
                        ::tapeless::checkpoint::Action::Load(__state) => {
                            let (sum_5,) = __state;
                            __loop_present = ::core::option::Option::Some((sum_5,));
                        }
                        ::tapeless::checkpoint::Action::Save => {
                            let (mut sum_5,) = match __loop_present.take() {
                                ::core::option::Option::Some(__state) => __state,
                                ::core::option::Option::None => {
                                    ::core::unreachable!("a state has been loaded")
                                }
                            };
                            __loop_plan
                                .save((::tapeless::expansion::Own(&sum_5).owned(),));
                            __loop_present = ::core::option::Option::Some((sum_5,));
                        }
                        ::tapeless::checkpoint::Action::Advance(__range) => {
                            let (mut sum_5,) = match __loop_present.take() {
                                ::core::option::Option::Some(__state) => __state,
                                ::core::option::Option::None => {
                                    ::core::unreachable!("a state has been loaded")
                                }
                            };
                            for __index in __range {
                                let i = ::tapeless::expansion::item(0..8, __index);
                                let ((sum_6, _, _), _) = {
                                    {
                                        let t_5 = sum_5.__moved() * rate.__operand();
                                        let __t_5_like = t_5.__like();
                                        let t_6 = x[i].sin();
                                        let __t_6_like = t_6.__like();
                                        let sum_7 = t_5.__moved() + t_6.__moved();
                                        let __sum_7_like = sum_7.__like();
                                        let (__arm_flow, __arm_kept) = if {
                                            let sum = sum_7.__operand();
                                            sum > 4.0
                                        } {
                                            let (__value, __kept) = {
                                                {
                                                    let __out = (
                                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                                        (),
                                                        true,
                                                    );
                                                    (__out, ())
                                                }
                                            };
                                            (__value, ())
                                        } else {
                                            let (__value, __kept) = {
                                                {
                                                    let __out = (
                                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                                        (),
                                                        false,
                                                    );
                                                    (__out, ())
                                                }
                                            };
                                            (__value, ())
                                        };
                                        (__arm_flow, ())
                                    }
                                };
                                sum_5 = sum_6;
                            }
                            __loop_present = ::core::option::Option::Some((sum_5,));
                        }
                        ::tapeless::checkpoint::Action::Record(__range) => {
                            let (mut sum_5,) = match __loop_present.take() {
                                ::core::option::Option::Some(__state) => __state,
                                ::core::option::Option::None => {
                                    ::core::unreachable!("a state has been loaded")
                                }
                            };
                            let __length_2 = __loop_store.len();
                            for __index in __range {
                                if __loop_store.len() > __length_2
                                    && !(__loop_store.has_room())
                                {
                                    break;
                                }
                                let i = ::tapeless::expansion::item(0..8, __index);
                                let ((sum_6, _, exit_2), __kept) = {
                                    {
                                        let t_5 = sum_5.__operand() * rate.__operand();
                                        let __t_5_like = t_5.__like();
                                        let t_6 = x[i].sin();
                                        let __t_6_like = t_6.__like();
                                        let sum_7 = t_5.__moved() + t_6.__moved();
                                        let __sum_7_like = sum_7.__like();
                                        let (__arm_flow, __arm_kept) = if {
                                            let sum = sum_7.__operand();
                                            sum > 4.0
                                        } {
                                            let (__value, __kept) = {
                                                {
                                                    let __out = (
                                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                                        (),
                                                        true,
                                                    );
                                                    (__out, ())
                                                }
                                            };
                                            (__value, ::tapeless::expansion::Either::Left(__kept))
                                        } else {
                                            let (__value, __kept) = {
                                                {
                                                    let __out = (
                                                        ::tapeless::expansion::Own(&sum_7).owned(),
                                                        (),
                                                        false,
                                                    );
                                                    (__out, ())
                                                }
                                            };
                                            (__value, ::tapeless::expansion::Either::Right(__kept))
                                        };
                                        (
                                            __arm_flow,
                                            (__t_5_like, __t_6_like, __sum_7_like, __arm_kept),
                                        )
                                    }
                                };
                                __loop_store
                                    .push((
                                        __kept,
                                        (::tapeless::expansion::Own(&sum_5).owned(),),
                                    ));
                                sum_5 = sum_6;
                            }
                            if !__loop_plan.recorded(__loop_store.len() - __length_2) {
                                __loop_store.truncate(__length_2);
                            }
                            __loop_present = ::core::option::Option::Some((sum_5,));
                        }
                        ::tapeless::checkpoint::Action::Back(__range) => {
                            let __first = __range.start;
                            for __index in __range.rev() {
                                let i = ::tapeless::expansion::item(0..8, __index);
                                let __kept = __loop_store.pop();
                                let (
                                    (__t_5_like, __t_6_like, __sum_7_like, __arm_kept),
                                    (sum_5,),
                                ) = __kept;
                                let mut __sum_6_slot = ::core::mem::take(
                                    &mut __sum_8_carried,
                                );
                                let __sum_6_bar = &mut sum_8
                                    .__like()
                                    .accumulator(&mut __sum_6_slot);
                                let (__sum_5_slot, __t_5_slot, __t_6_slot, __sum_7_slot) = (
                                    &mut sum_5.__like().slot(),
                                    &mut __t_5_like.slot(),
                                    &mut __t_6_like.slot(),
                                    &mut __sum_7_like.slot(),
                                );
                                let (__sum_5_bar, __t_5_bar, __t_6_bar, __sum_7_bar) = (
                                    &mut sum_5.__like().accumulator(__sum_5_slot),
                                    &mut __t_5_like.accumulator(__t_5_slot),
                                    &mut __t_6_like.accumulator(__t_6_slot),
                                    &mut __sum_7_like.accumulator(__sum_7_slot),
                                );
                                match __arm_kept {
                                    ::tapeless::expansion::Either::Left(()) => {
                                        __sum_7_like
                                            .transfer(
                                                &mut *(&mut (*__sum_6_bar)).__lend(),
                                                &mut *(&mut (*__sum_7_bar)).__lend(),
                                            );
                                    }
                                    ::tapeless::expansion::Either::Right(()) => {
                                        __sum_7_like
                                            .transfer(
                                                &mut *(&mut (*__sum_6_bar)).__lend(),
                                                &mut *(&mut (*__sum_7_bar)).__lend(),
                                            );
                                        __sum_7_like
                                            .transfer(
                                                &mut *(&mut ::tapeless::expansion::element(
                                                    sums_8.__primal(),
                                                    &mut (*__sums_8_bar),
                                                    *i.__primal(),
                                                ))
                                                    .__lend(),
                                                &mut *(&mut (*__sum_7_bar)).__lend(),
                                            );
                                        __sums_8_resets
                                            .reset(
                                                &mut *(&mut ::tapeless::expansion::element(
                                                    sums_8.__primal(),
                                                    &mut (*__sums_8_bar),
                                                    *i.__primal(),
                                                ))
                                                    .__lend(),
                                            );
                                    }
                                }
                                if let ::core::option::Option::Some(__bar) = __sum_7_bar
                                    .__cotangent()
                                {
                                    ::core::clone::Clone::clone(&__sum_7_like)
                                        .__pullback2(
                                            ::tapeless::expansion::ops::add {},
                                            ::core::clone::Clone::clone(&__t_5_like),
                                            ::core::clone::Clone::clone(&__t_6_like),
                                            &*__bar,
                                            &mut (*__t_5_bar),
                                            &mut (*__t_6_bar),
                                        );
                                }
                                if let ::core::option::Option::Some(__bar) = __t_6_bar
                                    .__cotangent()
                                {
                                    ::core::clone::Clone::clone(&__t_6_like)
                                        .__pullback1(
                                            ::tapeless::expansion::ops::sin {},
                                            x[*i.__primal()].__primal(),
                                            &*__bar,
                                            &mut ::tapeless::expansion::element(
                                                x.__primal(),
                                                &mut (*__x_bar),
                                                *i.__primal(),
                                            ),
                                        );
                                }
                                if let ::core::option::Option::Some(__bar) = __t_5_bar
                                    .__cotangent()
                                {
                                    ::core::clone::Clone::clone(&__t_5_like)
                                        .__pullback2(
                                            ::tapeless::expansion::ops::mul {},
                                            sum_5.__primal(),
                                            rate.__primal(),
                                            &*__bar,
                                            &mut (*__sum_5_bar),
                                            &mut (*__rate_bar),
                                        );
                                }
                                sum_8
                                    .__like()
                                    .transfer(
                                        &*__sum_5_bar,
                                        &mut sum_8.__like().accumulator(&mut __sum_8_carried),
                                    );
                            }
                            if __first == 0 {
                                break;
                            }
                        }
                        ::tapeless::checkpoint::Action::Done => break,
                    }
                    __action = __loop_plan.next();
                }
            }
        }
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
impl ::tapeless::expansion::Function for decayed {
    type Derivative = decayed;
    const DERIVATIVE: decayed = decayed {};
    fn graph() -> &'static ::tapeless::graph::Graph {
        <decayed>::graph()
    }
}
