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
        let (__result, __pullback, _) = decayed {}.__split(x, rate);
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
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
        let (__result, __pullback, _) = decayed {}.__split(x, rate);
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
        __pullback(
            x,
            ::tapeless::expansion::Unused,
            &__result,
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
        use ::tapeless::expansion::{Rule1 as _, Rule2 as _, Rule3 as _};
        use ::tapeless::expansion::methods::{
            CloneOwned as _, Cotangent as _, LendSelf as _, Moved as _, Operand as _,
            Parted as _, Payload as _, Primal as _, Push as _, Receiver as _,
            Record as _, RecordReference as _,
        };
        let sums = [0.0; 8];
        let sum = 0.0;
        let mut sum_5 = sum;
        let mut sums_5 = sums;
        let __loop_state = (::tapeless::expansion::Own(&sum_5).owned(),);
        let mut __loop_count = 0_usize;
        for i in 0..8 {
            let ((sum_6, sums_6, exit_2), _) = {
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
                                    ::tapeless::expansion::Own(&sums_5).owned(),
                                    true,
                                );
                                (__out, ())
                            }
                        };
                        (__value, ())
                    } else {
                        let (__value, __kept) = {
                            {
                                let sums_7 = {
                                    let mut __place = ::tapeless::expansion::Own(&sums_5)
                                        .owned();
                                    __place[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                    __place
                                };
                                let __out = (
                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                    sums_7,
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
            sums_5 = sums_6;
            __loop_count += 1;
            if exit_2 {
                break;
            }
        }
        let sum_8 = sum_5;
        let sums_8 = sums_5;
        let __loop_kept = (__loop_count, __loop_state);
        let t_8 = ::tapeless::expansion::Own(&sums_8[7]).owned();
        let (__value,) = (t_8.__operand() * sum_8.__operand(),);
        let __value = (__value,);
        let __t_9_type = ::tapeless::expansion::type_of(&__value.0);
        let t_9 = __value.0;
        let result_1 = t_9.__moved();
        let sum_8 = sum_8.__record();
        let sums_8 = sums_8.__record();
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
                let __sum_8_slot = &mut sum_8.__like().slot();
                let __sum_8_bar = &mut sum_8.__like().accumulator(__sum_8_slot);
                let __sums_8_slot = &mut sums_8.__like().slot();
                let __sums_8_bar = &mut sums_8.__like().accumulator(__sums_8_slot);
                let __t_8_slot = &mut t_8.__like().slot();
                let __t_8_bar = &mut t_8.__like().accumulator(__t_8_slot);
                let (__actual, __actual_bar) = ::tapeless::expansion::actual(
                    __t_9_type,
                    result_1.__primal(),
                    &mut *__result_1_bar,
                );
                if let ::core::option::Option::Some(__bar) = __actual_bar.__cotangent() {
                    __actual
                        .__like()
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
                            &sums_8.__like(),
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
                let mut __sums_8_carried = sums_8.__like().slot();
                sums_8
                    .__like()
                    .transfer(
                        &*__sums_8_bar,
                        &mut sums_8.__like().accumulator(&mut __sums_8_carried),
                    );
                {
                    let (__count, __state) = __loop_kept;
                    ::tapeless::checkpoint::reverse(
                        __count,
                        __state,
                        |__index: usize, (sum_5,)| {
                            let sums_5 = ::tapeless::expansion::Own(sums_8.__primal())
                                .owned();
                            let i = ::tapeless::expansion::item(0..8, __index);
                            let ((sum_6, sums_6, _), _) = {
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
                                                    ::tapeless::expansion::Own(&sums_5).owned(),
                                                    true,
                                                );
                                                (__out, ())
                                            }
                                        };
                                        (__value, ())
                                    } else {
                                        let (__value, __kept) = {
                                            {
                                                let sums_7 = {
                                                    let mut __place = ::tapeless::expansion::Own(&sums_5)
                                                        .owned();
                                                    __place[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                                    __place
                                                };
                                                let __out = (
                                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                                    sums_7,
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
                            (sum_6,)
                        },
                        |__index: usize, (sum_5,)| {
                            let sums_5 = ::tapeless::expansion::Own(sums_8.__primal())
                                .owned();
                            let i = ::tapeless::expansion::item(0..8, __index);
                            let ((sum_6, sums_6, _), __kept) = {
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
                                                    ::tapeless::expansion::Own(&sums_5).owned(),
                                                    true,
                                                );
                                                (__out, ())
                                            }
                                        };
                                        (__value, ::tapeless::expansion::Either::Left(__kept))
                                    } else {
                                        let (__value, __kept) = {
                                            {
                                                let sums_7 = {
                                                    let mut __place = ::tapeless::expansion::Own(&sums_5)
                                                        .owned();
                                                    __place[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                                    __place
                                                };
                                                let __out = (
                                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                                    sums_7,
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
                            let (__t_5_like, __t_6_like, __sum_7_like, __arm_kept) = __kept;
                            let mut __sum_6_slot = ::core::mem::take(
                                &mut __sum_8_carried,
                            );
                            let __sum_6_bar = &mut sum_8
                                .__like()
                                .accumulator(&mut __sum_6_slot);
                            let mut __sums_6_slot = ::core::mem::take(
                                &mut __sums_8_carried,
                            );
                            let __sums_6_bar = &mut sums_8
                                .__like()
                                .accumulator(&mut __sums_6_slot);
                            let __sum_5_slot = &mut sum_5.__like().slot();
                            let __sum_5_bar = &mut sum_5
                                .__like()
                                .accumulator(__sum_5_slot);
                            let __sums_5_slot = &mut sums_5.__like().slot();
                            let __sums_5_bar = &mut sums_5
                                .__like()
                                .accumulator(__sums_5_slot);
                            let __t_5_slot = &mut __t_5_like.slot();
                            let __t_5_bar = &mut __t_5_like.accumulator(__t_5_slot);
                            let __t_6_slot = &mut __t_6_like.slot();
                            let __t_6_bar = &mut __t_6_like.accumulator(__t_6_slot);
                            let __sum_7_slot = &mut __sum_7_like.slot();
                            let __sum_7_bar = &mut __sum_7_like
                                .accumulator(__sum_7_slot);
                            match __arm_kept {
                                ::tapeless::expansion::Either::Left(()) => {
                                    __sum_7_like
                                        .transfer(
                                            &mut *(&mut (*__sum_6_bar)).__lend(),
                                            &mut *(&mut (*__sum_7_bar)).__lend(),
                                        );
                                    sums_5
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*__sums_6_bar)).__lend(),
                                            &mut *(&mut (*__sums_5_bar)).__lend(),
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
                                                &sums_6.__like(),
                                                &mut (*__sums_6_bar),
                                                *i.__primal(),
                                            ))
                                                .__lend(),
                                            &mut *(&mut (*__sum_7_bar)).__lend(),
                                        );
                                    ::tapeless::expansion::InactiveAccumulator::forget(
                                        &mut *(&mut ::tapeless::expansion::element(
                                            &sums_6.__like(),
                                            &mut (*__sums_6_bar),
                                            *i.__primal(),
                                        ))
                                            .__lend(),
                                    );
                                    sums_5
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*__sums_6_bar)).__lend(),
                                            &mut *(&mut (*__sums_5_bar)).__lend(),
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
                                            &x.__like(),
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
                            sums_8
                                .__like()
                                .transfer(
                                    &*__sums_5_bar,
                                    &mut sums_8.__like().accumulator(&mut __sums_8_carried),
                                );
                        },
                    );
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
    pub fn __split_tangent<__Mode: ::tapeless::expansion::Mode>(
        self,
        __mode: __Mode,
        x: &[f64; 8],
        rate: f64,
        __x_dot: ::core::option::Option<
            &<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent,
        >,
        __rate_dot: ::core::option::Option<
            <f64 as ::tapeless::expansion::Differentiable>::Tangent,
        >,
    ) -> (
        (f64, <f64 as ::tapeless::expansion::Differentiable>::Tangent),
        impl ::core::ops::FnOnce(
            &[f64; 8],
            ::tapeless::expansion::Unused,
            ::core::option::Option<
                &<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent,
            >,
            ::tapeless::expansion::Unused,
            &(f64, <f64 as ::tapeless::expansion::Differentiable>::Tangent),
            ::tapeless::expansion::Bar<
                '_,
                (
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                    <<f64 as ::tapeless::expansion::Differentiable>::Tangent as ::tapeless::expansion::Differentiable>::Accumulator<
                        '_,
                    >,
                ),
            >,
            ::tapeless::expansion::Bar<
                '_,
                <[f64; 8] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent as ::tapeless::expansion::Differentiable>::Accumulator<
                    '_,
                >,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <<f64 as ::tapeless::expansion::Differentiable>::Tangent as ::tapeless::expansion::Differentiable>::Accumulator<
                    '_,
                >,
            >,
        ) + use<__Mode>,
        (
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::Differentiated,
            >,
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByValue,
                ::tapeless::expansion::Differentiated,
            >,
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
        let ____x_dot_zero;
        let __x_dot = match __x_dot {
            ::core::option::Option::Some(__x_dot) => __x_dot,
            ::core::option::Option::None => {
                ____x_dot_zero = <[f64; 8] as ::tapeless::expansion::Differentiable>::zero_tangent(
                    x,
                );
                &____x_dot_zero
            }
        };
        let __rate_dot = match __rate_dot {
            ::core::option::Option::Some(__rate_dot) => __rate_dot,
            ::core::option::Option::None => {
                <f64 as ::tapeless::expansion::Differentiable>::zero_tangent(&rate)
            }
        };
        use ::tapeless::expansion::{Rule1 as _, Rule2 as _, Rule3 as _};
        use ::tapeless::expansion::methods::{
            CloneOwned as _, Cotangent as _, LendSelf as _, Moved as _, Operand as _,
            Parted as _, Payload as _, Primal as _, Push as _, Receiver as _,
            Record as _, RecordReference as _,
        };
        let sums = [0.0; 8];
        let sum = 0.0;
        let __sum_5_dot = sum.__zero();
        let __sums_5_dot = sums.__zero();
        let mut sum_5 = ::tapeless::expansion::Own(&sum).owned();
        let mut sums_5 = ::tapeless::expansion::Own(&sums).owned();
        let mut __sum_5_dot_1 = __sum_5_dot;
        let mut __sums_5_dot_1 = __sums_5_dot;
        let __loop_state = (
            ::tapeless::expansion::Own(&sum_5).owned(),
            ::core::clone::Clone::clone(&__sum_5_dot_1),
            ::core::clone::Clone::clone(&__sums_5_dot_1),
        );
        let mut __loop_count = 0_usize;
        for i in 0..8 {
            let ((sum_6, sums_6, __sum_6_dot, __sums_6_dot, exit_2), _) = {
                {
                    let t_5 = sum_5.__operand() * rate.__operand();
                    let __t_5_like = t_5.__like();
                    let __t_5_dot = t_5
                        .__push2(
                            ::tapeless::expansion::ops::mul {},
                            sum_5.__primal(),
                            &__sum_5_dot_1,
                            rate.__primal(),
                            &__rate_dot,
                        );
                    let ____t_5_dot_like = ::tapeless::expansion::Like::of(&__t_5_dot);
                    let t_6 = x[i].sin();
                    let __t_6_like = t_6.__like();
                    let __t_6_dot = t_6
                        .__push1(
                            ::tapeless::expansion::ops::sin {},
                            x[i].__primal(),
                            &(*__x_dot)[i],
                        );
                    let ____t_6_dot_like = ::tapeless::expansion::Like::of(&__t_6_dot);
                    let sum_7 = t_5.__operand() + t_6.__operand();
                    let __sum_7_like = sum_7.__like();
                    let __sum_7_dot = sum_7
                        .__push2(
                            ::tapeless::expansion::ops::add {},
                            t_5.__primal(),
                            &__t_5_dot,
                            t_6.__primal(),
                            &__t_6_dot,
                        );
                    let ____sum_7_dot_like = ::tapeless::expansion::Like::of(
                        &__sum_7_dot,
                    );
                    let (__arm_flow, __arm_kept) = if {
                        let sum = sum_7.__operand();
                        sum > 4.0
                    } {
                        let (__value, __kept) = {
                            {
                                let __out = (
                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                    ::tapeless::expansion::Own(&sums_5).owned(),
                                    ::core::clone::Clone::clone(&__sum_7_dot),
                                    ::core::clone::Clone::clone(&__sums_5_dot_1),
                                    true,
                                );
                                (__out, ())
                            }
                        };
                        (__value, ())
                    } else {
                        let (__value, __kept) = {
                            {
                                let sums_7 = {
                                    let mut __place = ::tapeless::expansion::Own(&sums_5)
                                        .owned();
                                    __place[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                    __place
                                };
                                let __sums_7_dot = {
                                    let mut __place = ::core::clone::Clone::clone(
                                        &__sums_5_dot_1,
                                    );
                                    let __value = ::core::clone::Clone::clone(&__sum_7_dot);
                                    ::tapeless::expansion::written(
                                        &mut __place[i],
                                        |__part| ::tapeless::expansion::Put::put(__part, __value),
                                    );
                                    __place
                                };
                                let __out = (
                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                    sums_7,
                                    ::core::clone::Clone::clone(&__sum_7_dot),
                                    __sums_7_dot,
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
            sums_5 = sums_6;
            __sum_5_dot_1 = __sum_6_dot;
            __sums_5_dot_1 = __sums_6_dot;
            __loop_count += 1;
            if exit_2 {
                break;
            }
        }
        let sum_8 = sum_5;
        let sums_8 = sums_5;
        let __sum_8_dot = __sum_5_dot_1;
        let __sums_8_dot = __sums_5_dot_1;
        let __loop_kept = (__loop_count, __loop_state);
        let t_8 = ::tapeless::expansion::Own(&sums_8[7]).owned();
        let __t_8_dot = ::core::clone::Clone::clone(&__sums_8_dot[7]);
        let t_9 = t_8.__operand() * sum_8.__operand();
        let __t_9_like = t_9.__like();
        let __t_9_dot = t_9
            .__push2(
                ::tapeless::expansion::ops::mul {},
                t_8.__primal(),
                &__t_8_dot,
                sum_8.__primal(),
                &__sum_8_dot,
            );
        let ____t_9_dot_like = ::tapeless::expansion::Like::of(&__t_9_dot);
        let __result_1_pair = (t_9.__moved(), __t_9_dot);
        let __result_1_pair_1 = __result_1_pair;
        let sum_8 = sum_8.__record();
        let sums_8 = sums_8.__record();
        let __sum_8_dot = __sum_8_dot.__record();
        let __sums_8_dot = __sums_8_dot.__record();
        (
            ::tapeless::expansion::same(__result_1_pair_1),
            move |
                x: &[f64; 8],
                _: ::tapeless::expansion::Unused,
                __x_dot: ::core::option::Option<
                    &<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent,
                >,
                _: ::tapeless::expansion::Unused,
                __result_1_pair_1: &(
                    f64,
                    <f64 as ::tapeless::expansion::Differentiable>::Tangent,
                ),
                ____result_1_pair_1_bar: ::tapeless::expansion::Bar<
                    '_,
                    (
                        <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                        <<f64 as ::tapeless::expansion::Differentiable>::Tangent as ::tapeless::expansion::Differentiable>::Accumulator<
                            '_,
                        >,
                    ),
                >,
                __x_bar: ::tapeless::expansion::Bar<
                    '_,
                    <[f64; 8] as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                __rate_bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                ____x_dot_bar: ::tapeless::expansion::Bar<
                    '_,
                    <<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent as ::tapeless::expansion::Differentiable>::Accumulator<
                        '_,
                    >,
                >,
                ____rate_dot_bar: ::tapeless::expansion::Bar<
                    '_,
                    <<f64 as ::tapeless::expansion::Differentiable>::Tangent as ::tapeless::expansion::Differentiable>::Accumulator<
                        '_,
                    >,
                >|
            {
                let ____result_1_pair_1_bar = ____result_1_pair_1_bar.0;
                let __x_bar = __x_bar.0;
                let __rate_bar = __rate_bar.0;
                let ____x_dot_bar = ____x_dot_bar.0;
                let ____rate_dot_bar = ____rate_dot_bar.0;
                let ____x_dot_zero;
                let __x_dot = match __x_dot {
                    ::core::option::Option::Some(__x_dot) => __x_dot,
                    ::core::option::Option::None => {
                        ____x_dot_zero = <[f64; 8] as ::tapeless::expansion::Differentiable>::zero_tangent(
                            x,
                        );
                        &____x_dot_zero
                    }
                };
                let __sum_8_slot = &mut sum_8.__like().slot();
                let __sum_8_bar = &mut sum_8.__like().accumulator(__sum_8_slot);
                let __sums_8_slot = &mut sums_8.__like().slot();
                let __sums_8_bar = &mut sums_8.__like().accumulator(__sums_8_slot);
                let ____sum_8_dot_slot = &mut __sum_8_dot.__like().slot();
                let ____sum_8_dot_bar = &mut __sum_8_dot
                    .__like()
                    .accumulator(____sum_8_dot_slot);
                let ____sums_8_dot_slot = &mut __sums_8_dot.__like().slot();
                let ____sums_8_dot_bar = &mut __sums_8_dot
                    .__like()
                    .accumulator(____sums_8_dot_slot);
                let __t_8_slot = &mut t_8.__like().slot();
                let __t_8_bar = &mut t_8.__like().accumulator(__t_8_slot);
                let ____t_8_dot_slot = &mut __t_8_dot.__like().slot();
                let ____t_8_dot_bar = &mut __t_8_dot
                    .__like()
                    .accumulator(____t_8_dot_slot);
                let __t_9_slot = &mut __t_9_like.slot();
                let __t_9_bar = &mut __t_9_like.accumulator(__t_9_slot);
                let ____t_9_dot_slot = &mut ____t_9_dot_like.slot();
                let ____t_9_dot_bar = &mut ____t_9_dot_like
                    .accumulator(____t_9_dot_slot);
                __t_9_like
                    .transfer(
                        &mut *(&mut (*____result_1_pair_1_bar).0).__lend(),
                        &mut *(&mut (*__t_9_bar)).__lend(),
                    );
                ____t_9_dot_like
                    .transfer(
                        &mut *(&mut (*____result_1_pair_1_bar).1).__lend(),
                        &mut *(&mut (*____t_9_dot_bar)).__lend(),
                    );
                if let ::core::option::Option::Some(__bar) = ____t_9_dot_bar
                    .__cotangent()
                {
                    let mut __sink_0 = ::tapeless::expansion::Sink::new(&t_8.__like());
                    let mut __sink_1 = ::tapeless::expansion::Sink::new(&sum_8.__like());
                    __t_9_like
                        .dual()
                        .__pullback2(
                            ::tapeless::expansion::ops::mul {},
                            &t_8.__primal().__zipped(&__t_8_dot),
                            &sum_8.__primal().__zipped(&__sum_8_dot),
                            &::tapeless::expansion::lifted(&__t_9_like, &*__bar),
                            &mut __sink_0,
                            &mut __sink_1,
                        );
                    __sink_0.flow(&mut (*__t_8_bar), &mut (*____t_8_dot_bar));
                    __sink_1.flow(&mut (*__sum_8_bar), &mut (*____sum_8_dot_bar));
                }
                if let ::core::option::Option::Some(__bar) = __t_9_bar.__cotangent() {
                    ::core::clone::Clone::clone(&__t_9_like)
                        .__pullback2(
                            ::tapeless::expansion::ops::mul {},
                            t_8.__primal(),
                            sum_8.__primal(),
                            &*__bar,
                            &mut (*__t_8_bar),
                            &mut (*__sum_8_bar),
                        );
                }
                __t_8_dot
                    .__like()
                    .transfer(
                        &mut *(&mut (*____t_8_dot_bar)).__lend(),
                        &mut *(&mut ::tapeless::expansion::element(
                            &__sums_8_dot.__like(),
                            &mut (*____sums_8_dot_bar),
                            7,
                        ))
                            .__lend(),
                    );
                sums_8[7]
                    .__like()
                    .transfer(
                        &mut *(&mut (*__t_8_bar)).__lend(),
                        &mut *(&mut ::tapeless::expansion::element(
                            &sums_8.__like(),
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
                let mut __sums_8_carried = sums_8.__like().slot();
                sums_8
                    .__like()
                    .transfer(
                        &*__sums_8_bar,
                        &mut sums_8.__like().accumulator(&mut __sums_8_carried),
                    );
                let mut ____sum_8_dot_carried = __sum_8_dot.__like().slot();
                __sum_8_dot
                    .__like()
                    .transfer(
                        &*____sum_8_dot_bar,
                        &mut __sum_8_dot.__like().accumulator(&mut ____sum_8_dot_carried),
                    );
                let mut ____sums_8_dot_carried = __sums_8_dot.__like().slot();
                __sums_8_dot
                    .__like()
                    .transfer(
                        &*____sums_8_dot_bar,
                        &mut __sums_8_dot
                            .__like()
                            .accumulator(&mut ____sums_8_dot_carried),
                    );
                {
                    let (__count, __state) = __loop_kept;
                    ::tapeless::checkpoint::reverse(
                        __count,
                        __state,
                        |__index: usize, (sum_5, __sum_5_dot_1, __sums_5_dot_1)| {
                            let sums_5 = ::tapeless::expansion::Own(sums_8.__primal())
                                .owned();
                            let i = ::tapeless::expansion::item(0..8, __index);
                            let ((sum_6, sums_6, __sum_6_dot, __sums_6_dot, _), _) = {
                                {
                                    let t_5 = sum_5.__operand() * rate.__operand();
                                    let __t_5_like = t_5.__like();
                                    let __t_5_dot = t_5
                                        .__push2(
                                            ::tapeless::expansion::ops::mul {},
                                            sum_5.__primal(),
                                            &__sum_5_dot_1,
                                            rate.__primal(),
                                            &__rate_dot,
                                        );
                                    let ____t_5_dot_like = ::tapeless::expansion::Like::of(
                                        &__t_5_dot,
                                    );
                                    let t_6 = x[i].sin();
                                    let __t_6_like = t_6.__like();
                                    let __t_6_dot = t_6
                                        .__push1(
                                            ::tapeless::expansion::ops::sin {},
                                            x[i].__primal(),
                                            &(*__x_dot)[i],
                                        );
                                    let ____t_6_dot_like = ::tapeless::expansion::Like::of(
                                        &__t_6_dot,
                                    );
                                    let sum_7 = t_5.__operand() + t_6.__operand();
                                    let __sum_7_like = sum_7.__like();
                                    let __sum_7_dot = sum_7
                                        .__push2(
                                            ::tapeless::expansion::ops::add {},
                                            t_5.__primal(),
                                            &__t_5_dot,
                                            t_6.__primal(),
                                            &__t_6_dot,
                                        );
                                    let ____sum_7_dot_like = ::tapeless::expansion::Like::of(
                                        &__sum_7_dot,
                                    );
                                    let (__arm_flow, __arm_kept) = if {
                                        let sum = sum_7.__operand();
                                        sum > 4.0
                                    } {
                                        let (__value, __kept) = {
                                            {
                                                let __out = (
                                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                                    ::tapeless::expansion::Own(&sums_5).owned(),
                                                    ::core::clone::Clone::clone(&__sum_7_dot),
                                                    ::core::clone::Clone::clone(&__sums_5_dot_1),
                                                    true,
                                                );
                                                (__out, ())
                                            }
                                        };
                                        (__value, ())
                                    } else {
                                        let (__value, __kept) = {
                                            {
                                                let sums_7 = {
                                                    let mut __place = ::tapeless::expansion::Own(&sums_5)
                                                        .owned();
                                                    __place[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                                    __place
                                                };
                                                let __sums_7_dot = {
                                                    let mut __place = ::core::clone::Clone::clone(
                                                        &__sums_5_dot_1,
                                                    );
                                                    let __value = ::core::clone::Clone::clone(&__sum_7_dot);
                                                    ::tapeless::expansion::written(
                                                        &mut __place[i],
                                                        |__part| ::tapeless::expansion::Put::put(__part, __value),
                                                    );
                                                    __place
                                                };
                                                let __out = (
                                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                                    sums_7,
                                                    ::core::clone::Clone::clone(&__sum_7_dot),
                                                    __sums_7_dot,
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
                            (sum_6, __sum_6_dot, __sums_6_dot)
                        },
                        |__index: usize, (sum_5, __sum_5_dot_1, __sums_5_dot_1)| {
                            let sums_5 = ::tapeless::expansion::Own(sums_8.__primal())
                                .owned();
                            let i = ::tapeless::expansion::item(0..8, __index);
                            let (
                                (sum_6, sums_6, __sum_6_dot, __sums_6_dot, _),
                                __kept,
                            ) = {
                                {
                                    let t_5 = sum_5.__operand() * rate.__operand();
                                    let __t_5_like = t_5.__like();
                                    let __t_5_dot = t_5
                                        .__push2(
                                            ::tapeless::expansion::ops::mul {},
                                            sum_5.__primal(),
                                            &__sum_5_dot_1,
                                            rate.__primal(),
                                            &__rate_dot,
                                        );
                                    let ____t_5_dot_like = ::tapeless::expansion::Like::of(
                                        &__t_5_dot,
                                    );
                                    let t_6 = x[i].sin();
                                    let __t_6_like = t_6.__like();
                                    let __t_6_dot = t_6
                                        .__push1(
                                            ::tapeless::expansion::ops::sin {},
                                            x[i].__primal(),
                                            &(*__x_dot)[i],
                                        );
                                    let ____t_6_dot_like = ::tapeless::expansion::Like::of(
                                        &__t_6_dot,
                                    );
                                    let sum_7 = t_5.__operand() + t_6.__operand();
                                    let __sum_7_like = sum_7.__like();
                                    let __sum_7_dot = sum_7
                                        .__push2(
                                            ::tapeless::expansion::ops::add {},
                                            t_5.__primal(),
                                            &__t_5_dot,
                                            t_6.__primal(),
                                            &__t_6_dot,
                                        );
                                    let ____sum_7_dot_like = ::tapeless::expansion::Like::of(
                                        &__sum_7_dot,
                                    );
                                    let (__arm_flow, __arm_kept) = if {
                                        let sum = sum_7.__operand();
                                        sum > 4.0
                                    } {
                                        let (__value, __kept) = {
                                            {
                                                let __out = (
                                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                                    ::tapeless::expansion::Own(&sums_5).owned(),
                                                    ::core::clone::Clone::clone(&__sum_7_dot),
                                                    ::core::clone::Clone::clone(&__sums_5_dot_1),
                                                    true,
                                                );
                                                (__out, ())
                                            }
                                        };
                                        (__value, ::tapeless::expansion::Either::Left(__kept))
                                    } else {
                                        let (__value, __kept) = {
                                            {
                                                let sums_7 = {
                                                    let mut __place = ::tapeless::expansion::Own(&sums_5)
                                                        .owned();
                                                    __place[i] = ::tapeless::expansion::Own(&sum_7).owned();
                                                    __place
                                                };
                                                let __sums_7_dot = {
                                                    let mut __place = ::core::clone::Clone::clone(
                                                        &__sums_5_dot_1,
                                                    );
                                                    let __value = ::core::clone::Clone::clone(&__sum_7_dot);
                                                    ::tapeless::expansion::written(
                                                        &mut __place[i],
                                                        |__part| ::tapeless::expansion::Put::put(__part, __value),
                                                    );
                                                    __place
                                                };
                                                let __out = (
                                                    ::tapeless::expansion::Own(&sum_7).owned(),
                                                    sums_7,
                                                    ::core::clone::Clone::clone(&__sum_7_dot),
                                                    __sums_7_dot,
                                                    false,
                                                );
                                                (__out, ())
                                            }
                                        };
                                        (__value, ::tapeless::expansion::Either::Right(__kept))
                                    };
                                    (
                                        __arm_flow,
                                        (
                                            __t_5_like,
                                            ____t_5_dot_like,
                                            __t_6_like,
                                            ____t_6_dot_like,
                                            __sum_7_like,
                                            ____sum_7_dot_like,
                                            __arm_kept,
                                        ),
                                    )
                                }
                            };
                            let (
                                __t_5_like,
                                ____t_5_dot_like,
                                __t_6_like,
                                ____t_6_dot_like,
                                __sum_7_like,
                                ____sum_7_dot_like,
                                __arm_kept,
                            ) = __kept;
                            let mut __sum_6_slot = ::core::mem::take(
                                &mut __sum_8_carried,
                            );
                            let __sum_6_bar = &mut sum_8
                                .__like()
                                .accumulator(&mut __sum_6_slot);
                            let mut __sums_6_slot = ::core::mem::take(
                                &mut __sums_8_carried,
                            );
                            let __sums_6_bar = &mut sums_8
                                .__like()
                                .accumulator(&mut __sums_6_slot);
                            let mut ____sum_6_dot_slot = ::core::mem::take(
                                &mut ____sum_8_dot_carried,
                            );
                            let ____sum_6_dot_bar = &mut __sum_8_dot
                                .__like()
                                .accumulator(&mut ____sum_6_dot_slot);
                            let mut ____sums_6_dot_slot = ::core::mem::take(
                                &mut ____sums_8_dot_carried,
                            );
                            let ____sums_6_dot_bar = &mut __sums_8_dot
                                .__like()
                                .accumulator(&mut ____sums_6_dot_slot);
                            let __sum_5_slot = &mut sum_5.__like().slot();
                            let __sum_5_bar = &mut sum_5
                                .__like()
                                .accumulator(__sum_5_slot);
                            let __sums_5_slot = &mut sums_5.__like().slot();
                            let __sums_5_bar = &mut sums_5
                                .__like()
                                .accumulator(__sums_5_slot);
                            let ____sum_5_dot_1_slot = &mut __sum_5_dot_1
                                .__like()
                                .slot();
                            let ____sum_5_dot_1_bar = &mut __sum_5_dot_1
                                .__like()
                                .accumulator(____sum_5_dot_1_slot);
                            let ____sums_5_dot_1_slot = &mut __sums_5_dot_1
                                .__like()
                                .slot();
                            let ____sums_5_dot_1_bar = &mut __sums_5_dot_1
                                .__like()
                                .accumulator(____sums_5_dot_1_slot);
                            let __t_5_slot = &mut __t_5_like.slot();
                            let __t_5_bar = &mut __t_5_like.accumulator(__t_5_slot);
                            let ____t_5_dot_slot = &mut ____t_5_dot_like.slot();
                            let ____t_5_dot_bar = &mut ____t_5_dot_like
                                .accumulator(____t_5_dot_slot);
                            let __t_6_slot = &mut __t_6_like.slot();
                            let __t_6_bar = &mut __t_6_like.accumulator(__t_6_slot);
                            let ____t_6_dot_slot = &mut ____t_6_dot_like.slot();
                            let ____t_6_dot_bar = &mut ____t_6_dot_like
                                .accumulator(____t_6_dot_slot);
                            let __sum_7_slot = &mut __sum_7_like.slot();
                            let __sum_7_bar = &mut __sum_7_like
                                .accumulator(__sum_7_slot);
                            let ____sum_7_dot_slot = &mut ____sum_7_dot_like.slot();
                            let ____sum_7_dot_bar = &mut ____sum_7_dot_like
                                .accumulator(____sum_7_dot_slot);
                            match __arm_kept {
                                ::tapeless::expansion::Either::Left(()) => {
                                    __sum_7_like
                                        .transfer(
                                            &mut *(&mut (*__sum_6_bar)).__lend(),
                                            &mut *(&mut (*__sum_7_bar)).__lend(),
                                        );
                                    sums_5
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*__sums_6_bar)).__lend(),
                                            &mut *(&mut (*__sums_5_bar)).__lend(),
                                        );
                                    __sum_6_dot
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*____sum_6_dot_bar)).__lend(),
                                            &mut *(&mut (*____sum_7_dot_bar)).__lend(),
                                        );
                                    __sums_6_dot
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*____sums_6_dot_bar)).__lend(),
                                            &mut *(&mut (*____sums_5_dot_1_bar)).__lend(),
                                        );
                                }
                                ::tapeless::expansion::Either::Right(()) => {
                                    __sum_7_like
                                        .transfer(
                                            &mut *(&mut (*__sum_6_bar)).__lend(),
                                            &mut *(&mut (*__sum_7_bar)).__lend(),
                                        );
                                    __sum_6_dot
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*____sum_6_dot_bar)).__lend(),
                                            &mut *(&mut (*____sum_7_dot_bar)).__lend(),
                                        );
                                    __sums_6_dot[*i.__primal()]
                                        .__like()
                                        .transfer(
                                            &mut *(&mut ::tapeless::expansion::element(
                                                &__sums_6_dot.__like(),
                                                &mut (*____sums_6_dot_bar),
                                                *i.__primal(),
                                            ))
                                                .__lend(),
                                            &mut *(&mut (*____sum_7_dot_bar)).__lend(),
                                        );
                                    ::tapeless::expansion::InactiveAccumulator::forget(
                                        &mut ::tapeless::expansion::element(
                                            &__sums_6_dot.__like(),
                                            &mut (*____sums_6_dot_bar),
                                            *i.__primal(),
                                        ),
                                    );
                                    __sums_6_dot
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*____sums_6_dot_bar)).__lend(),
                                            &mut *(&mut (*____sums_5_dot_1_bar)).__lend(),
                                        );
                                    __sum_7_like
                                        .transfer(
                                            &mut *(&mut ::tapeless::expansion::element(
                                                &sums_6.__like(),
                                                &mut (*__sums_6_bar),
                                                *i.__primal(),
                                            ))
                                                .__lend(),
                                            &mut *(&mut (*__sum_7_bar)).__lend(),
                                        );
                                    ::tapeless::expansion::InactiveAccumulator::forget(
                                        &mut *(&mut ::tapeless::expansion::element(
                                            &sums_6.__like(),
                                            &mut (*__sums_6_bar),
                                            *i.__primal(),
                                        ))
                                            .__lend(),
                                    );
                                    sums_5
                                        .__like()
                                        .transfer(
                                            &mut *(&mut (*__sums_6_bar)).__lend(),
                                            &mut *(&mut (*__sums_5_bar)).__lend(),
                                        );
                                }
                            }
                            if let ::core::option::Option::Some(__bar) = ____sum_7_dot_bar
                                .__cotangent()
                            {
                                let mut __sink_0 = ::tapeless::expansion::Sink::new(
                                    &::core::clone::Clone::clone(&__t_5_like),
                                );
                                let mut __sink_1 = ::tapeless::expansion::Sink::new(
                                    &::core::clone::Clone::clone(&__t_6_like),
                                );
                                __sum_7_like
                                    .dual()
                                    .__pullback2(
                                        ::tapeless::expansion::ops::add {},
                                        ::core::clone::Clone::clone(&__t_5_like).dual(),
                                        ::core::clone::Clone::clone(&__t_6_like).dual(),
                                        &::tapeless::expansion::lifted(&__sum_7_like, &*__bar),
                                        &mut __sink_0,
                                        &mut __sink_1,
                                    );
                                __sink_0.flow(&mut (*__t_5_bar), &mut (*____t_5_dot_bar));
                                __sink_1.flow(&mut (*__t_6_bar), &mut (*____t_6_dot_bar));
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
                            if let ::core::option::Option::Some(__bar) = ____t_6_dot_bar
                                .__cotangent()
                            {
                                let mut __sink_0 = ::tapeless::expansion::Sink::new(
                                    &x[*i.__primal()].__like(),
                                );
                                __t_6_like
                                    .dual()
                                    .__pullback1(
                                        ::tapeless::expansion::ops::sin {},
                                        &x[*i.__primal()]
                                            .__primal()
                                            .__zipped(&(*__x_dot)[*i.__primal()]),
                                        &::tapeless::expansion::lifted(&__t_6_like, &*__bar),
                                        &mut __sink_0,
                                    );
                                __sink_0
                                    .flow(
                                        &mut ::tapeless::expansion::element(
                                            &x.__like(),
                                            &mut (*__x_bar),
                                            *i.__primal(),
                                        ),
                                        &mut ::tapeless::expansion::element(
                                            &(*__x_dot).__like(),
                                            &mut (*____x_dot_bar),
                                            *i.__primal(),
                                        ),
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
                                            &x.__like(),
                                            &mut (*__x_bar),
                                            *i.__primal(),
                                        ),
                                    );
                            }
                            if let ::core::option::Option::Some(__bar) = ____t_5_dot_bar
                                .__cotangent()
                            {
                                let mut __sink_0 = ::tapeless::expansion::Sink::new(
                                    &sum_5.__like(),
                                );
                                let mut __sink_1 = ::tapeless::expansion::Sink::new(
                                    &rate.__like(),
                                );
                                __t_5_like
                                    .dual()
                                    .__pullback2(
                                        ::tapeless::expansion::ops::mul {},
                                        &sum_5.__primal().__zipped(&__sum_5_dot_1),
                                        &rate.__primal().__zipped(&__rate_dot),
                                        &::tapeless::expansion::lifted(&__t_5_like, &*__bar),
                                        &mut __sink_0,
                                        &mut __sink_1,
                                    );
                                __sink_0
                                    .flow(&mut (*__sum_5_bar), &mut (*____sum_5_dot_1_bar));
                                __sink_1.flow(&mut (*__rate_bar), &mut (*____rate_dot_bar));
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
                            sums_8
                                .__like()
                                .transfer(
                                    &*__sums_5_bar,
                                    &mut sums_8.__like().accumulator(&mut __sums_8_carried),
                                );
                            __sum_8_dot
                                .__like()
                                .transfer(
                                    &*____sum_5_dot_1_bar,
                                    &mut __sum_8_dot
                                        .__like()
                                        .accumulator(&mut ____sum_8_dot_carried),
                                );
                            __sums_8_dot
                                .__like()
                                .transfer(
                                    &*____sums_5_dot_1_bar,
                                    &mut __sums_8_dot
                                        .__like()
                                        .accumulator(&mut ____sums_8_dot_carried),
                                );
                        },
                    );
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
    ///The value of `decayed(x, rate)` and its derivative along the tangents that follow the arguments.
    #[inline]
    #[must_use]
    pub fn jvp(
        x: &[f64; 8],
        rate: f64,
        x_dot: &<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent,
        rate_dot: f64,
    ) -> (f64, <f64 as ::tapeless::expansion::Differentiable>::Tangent) {
        let (__pair, _, _) = decayed {}
            .__split_tangent(
                ::tapeless::expansion::Along,
                x,
                rate,
                ::core::option::Option::Some(x_dot),
                ::core::option::Option::Some(rate_dot),
            );
        __pair
    }
    ///The Hessian of `decayed(x, rate)` times the tangents that follow the arguments.
    #[inline]
    #[must_use]
    pub fn hvp(
        x: &[f64; 8],
        rate: f64,
        x_dot: &<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent,
        rate_dot: f64,
    ) -> (<[f64; 8] as ::tapeless::expansion::Differentiable>::Tangent, f64)
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        let __x_shape = <[f64; 8] as ::tapeless::expansion::Differentiable>::shape(x);
        let __rate_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&rate);
        let mut __x_slot: <[f64; 8] as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let mut __rate_slot: <f64 as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let (__pair, __pullback, _) = decayed {}
            .__split_tangent(
                ::tapeless::expansion::Twice,
                x,
                rate,
                ::core::option::Option::Some(x_dot),
                ::core::option::Option::Some(rate_dot),
            );
        let mut __seed = ::tapeless::expansion::ScalarResult::second_order(&__pair);
        __pullback(
            x,
            ::tapeless::expansion::Unused,
            ::core::option::Option::Some(x_dot),
            ::tapeless::expansion::Unused,
            &__pair,
            ::tapeless::expansion::Bar(
                &mut ::tapeless::expansion::accumulator_of(&__pair, &mut __seed),
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
            ::tapeless::expansion::Bar(&mut ::tapeless::expansion::inactive()),
            ::tapeless::expansion::Bar(&mut ::tapeless::expansion::inactive()),
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
