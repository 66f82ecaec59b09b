fn branchy(x: f64, y: f64) -> f64 {
    let mut s = x * y;
    if s > 0.0 {
        s = s * x;
    } else if y > 3.0 {
        return y;
    }
    s += x.exp();
    s
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
///The derivatives of the function [`branchy`](branchy()).
struct branchy {}
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
impl branchy {
    #[doc(hidden)]
    fn __used() {
        let _ = branchy;
    }
    #[doc(hidden)]
    pub const __DIFFERENTIABLE: bool = { true };
    ///The gradient of `branchy(x, y)`.
    #[inline]
    #[must_use]
    pub fn grad(x: f64, y: f64) -> (f64, f64)
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        Self::value_and_grad(x, y).1
    }
    ///The value of `branchy(x, y)` and its gradient.
    #[inline]
    #[must_use]
    pub fn value_and_grad(x: f64, y: f64) -> (f64, (f64, f64))
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        let __x_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&x);
        let __y_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&y);
        let mut __x_slot: <f64 as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let mut __y_slot: <f64 as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
        let (__result, __pullback, _) = branchy {}.__split(x, y);
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
        __pullback(
            ::tapeless::expansion::Unused,
            ::tapeless::expansion::Unused,
            &__result,
            ::tapeless::expansion::Bar(
                &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                    &mut __seed,
                ),
            ),
            ::tapeless::expansion::Bar(
                &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                    &mut __x_slot,
                ),
            ),
            ::tapeless::expansion::Bar(
                &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                    &mut __y_slot,
                ),
            ),
        );
        (
            __result,
            (
                <f64 as ::tapeless::expansion::Differentiable>::take(
                    __x_slot,
                    &__x_shape,
                ),
                <f64 as ::tapeless::expansion::Differentiable>::take(
                    __y_slot,
                    &__y_shape,
                ),
            ),
        )
    }
    ///The value of `branchy`; its gradient overwrites the buffers that follow the arguments, one for each differentiable parameter.
    #[inline]
    pub fn value_and_grad_into(
        x: f64,
        y: f64,
        __x_buffer: &mut f64,
        __y_buffer: &mut f64,
    ) -> f64
    where
        for<'__tapeless_scalar> f64: ::tapeless::expansion::ScalarResult,
    {
        let __x_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&x);
        let __y_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&y);
        let mut __x_slot = <f64 as ::tapeless::expansion::Differentiable>::overwrite(
            __x_buffer,
        );
        let mut __y_slot = <f64 as ::tapeless::expansion::Differentiable>::overwrite(
            __y_buffer,
        );
        let (__result, __pullback, _) = branchy {}.__split(x, y);
        let mut __seed = <f64 as ::tapeless::expansion::ScalarResult>::one();
        __pullback(
            ::tapeless::expansion::Unused,
            ::tapeless::expansion::Unused,
            &__result,
            ::tapeless::expansion::Bar(
                &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                    &mut __seed,
                ),
            ),
            ::tapeless::expansion::Bar(&mut __x_slot),
            ::tapeless::expansion::Bar(&mut __y_slot),
        );
        <f64 as ::tapeless::expansion::Differentiable>::finish(
            &mut __x_slot,
            &__x_shape,
        );
        <f64 as ::tapeless::expansion::Differentiable>::finish(
            &mut __y_slot,
            &__y_shape,
        );
        __result
    }
    ///The value of `branchy`, and the function that pulls a cotangent of the result back to the differentiable parameters.
    #[inline]
    #[must_use]
    pub fn vjp(
        x: f64,
        y: f64,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            <f64 as ::tapeless::expansion::Differentiable>::Tangent,
        ) -> (f64, f64),
    )
    where
        for<'__tapeless_clone> f64: ::core::clone::Clone,
    {
        let __x_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&x);
        let __y_shape = <f64 as ::tapeless::expansion::Differentiable>::shape(&y);
        let (__result, __pullback, _) = branchy {}.__split(x, y);
        let __value = ::core::clone::Clone::clone(&__result);
        (
            __value,
            move |__cotangent: <f64 as ::tapeless::expansion::Differentiable>::Tangent| {
                let mut __x_slot: <f64 as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
                let mut __y_slot: <f64 as ::tapeless::expansion::Differentiable>::Slot = ::core::default::Default::default();
                let mut __seed = <f64 as ::tapeless::expansion::Differentiable>::seed(
                    __cotangent,
                );
                __pullback(
                    ::tapeless::expansion::Unused,
                    ::tapeless::expansion::Unused,
                    &__result,
                    ::tapeless::expansion::Bar(
                        &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __seed,
                        ),
                    ),
                    ::tapeless::expansion::Bar(
                        &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __x_slot,
                        ),
                    ),
                    ::tapeless::expansion::Bar(
                        &mut <f64 as ::tapeless::expansion::Differentiable>::accumulator(
                            &mut __y_slot,
                        ),
                    ),
                );
                (
                    <f64 as ::tapeless::expansion::Differentiable>::take(
                        __x_slot,
                        &__x_shape,
                    ),
                    <f64 as ::tapeless::expansion::Differentiable>::take(
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
    ///The computational graph of `branchy`.
    #[must_use]
    pub fn graph() -> &'static ::tapeless::graph::Graph {
        static GRAPH: ::tapeless::graph::Graph = ::tapeless::graph::Graph {
            name: "branchy",
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
                    name: "s",
                    operation: ::tapeless::graph::Operation::Primitive("mul"),
                    source: "x * y",
                    line: 2,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 0usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 1usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "s_1",
                    operation: ::tapeless::graph::Operation::Primitive("mul"),
                    source: "s * x",
                    line: 4,
                    active: true,
                    region: 1usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 2usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 0usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "s_2",
                    operation: ::tapeless::graph::Operation::Join,
                    source: "s",
                    line: 4,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 3usize,
                            part: "",
                        },
                        ::tapeless::graph::Input {
                            node: 2usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "t_3",
                    operation: ::tapeless::graph::Operation::Primitive("exp"),
                    source: "x.exp()",
                    line: 8,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 0usize,
                            part: "",
                        },
                    ],
                },
                ::tapeless::graph::Node {
                    name: "s_3",
                    operation: ::tapeless::graph::Operation::Primitive("add"),
                    source: "s += x.exp()",
                    line: 8,
                    active: true,
                    region: 0usize,
                    inputs: &[
                        ::tapeless::graph::Input {
                            node: 4usize,
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
                    label: "if s > 0.0: then",
                    start: 3usize,
                },
                ::tapeless::graph::Region {
                    parent: ::core::option::Option::Some(0usize),
                    label: "if s > 0.0: else",
                    start: 4usize,
                },
                ::tapeless::graph::Region {
                    parent: ::core::option::Option::Some(2usize),
                    label: "if y > 3.0: then",
                    start: 4usize,
                },
                ::tapeless::graph::Region {
                    parent: ::core::option::Option::Some(2usize),
                    label: "if y > 3.0: else",
                    start: 4usize,
                },
            ],
            results: &[
                ::tapeless::graph::Input {
                    node: 1usize,
                    part: "",
                },
                ::tapeless::graph::Input {
                    node: 6usize,
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
            ::tapeless::expansion::ByValue,
            ::tapeless::expansion::Differentiated,
        >,
        ::tapeless::expansion::Kind<
            ::tapeless::expansion::ByValue,
            ::tapeless::expansion::Differentiated,
        >,
    ) {
        (
            <::tapeless::expansion::Kind<
                ::tapeless::expansion::ByValue,
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
        x: f64,
        y: f64,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            ::tapeless::expansion::Unused,
            ::tapeless::expansion::Unused,
            &f64,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
        ) + use<>,
        (
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByValue,
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
        let s = x.__operand() * y.__operand();
        let (__arm_flow, __arm_kept) = if s > 0.0 {
            let (__value, __kept) = {
                {
                    let s_1 = s.__operand() * x.__operand();
                    let __out = ::tapeless::expansion::Flow::Stay((s_1,));
                    (__out, ())
                }
            };
            (__value, ::tapeless::expansion::Either::Left(__kept))
        } else {
            let (__value, __kept) = {
                {
                    let (__arm_flow_1, __arm_kept_1) = if y > 3.0 {
                        let (__value, __kept) = {
                            {
                                let __out = ::tapeless::expansion::Flow::Leave(
                                    ::tapeless::expansion::Own(&y).owned(),
                                );
                                (__out, ())
                            }
                        };
                        (__value, ::tapeless::expansion::Either::Left(__kept))
                    } else {
                        let (__value, __kept) = {
                            {
                                let __out = ::tapeless::expansion::Flow::Stay((
                                    ::tapeless::expansion::Own(&s).owned(),
                                ));
                                (__out, ())
                            }
                        };
                        (__value, ::tapeless::expansion::Either::Right(__kept))
                    };
                    (__arm_flow_1, (__arm_kept_1,))
                }
            };
            (__value, ::tapeless::expansion::Either::Right(__kept))
        };
        let (__arm_flow, __arm_rest) = match __arm_flow {
            ::tapeless::expansion::Flow::Leave(__left) => {
                (__left, ::core::option::Option::None)
            }
            ::tapeless::expansion::Flow::Stay((s_2,)) => {
                let (__value, __kept) = {
                    let __s_2_like = s_2.__like();
                    let t_3 = x.exp();
                    let (__value,) = (
                        {
                            use ::tapeless::expansion::arguments::{
                                Fitting as _, Unfitting as _,
                            };
                            let mut __place = s_2;
                            let __right = t_3.__operand();
                            let __gate = (&&&::tapeless::expansion::Assigns::new(
                                ::tapeless::expansion::ops::add {},
                                &__place,
                                &__right,
                            ))
                                .fits();
                            __place += __right;
                            ::tapeless::expansion::gate(
                                    ::core::option::Option::Some(__gate),
                                    __place,
                                )
                                .__moved()
                        },
                    );
                    let __value = (__value,);
                    let __s_3_type = ::tapeless::expansion::type_of(&__value.0);
                    let s_3 = __value.0;
                    let __out = s_3;
                    (__out, (t_3, __s_2_like, __s_3_type))
                };
                (__value, ::core::option::Option::Some(__kept))
            }
        };
        let result_1 = __arm_flow;
        (
            ::tapeless::expansion::same(result_1),
            move |
                _: ::tapeless::expansion::Unused,
                _: ::tapeless::expansion::Unused,
                result_1: &f64,
                __result_1_bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                __x_bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                __y_bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >|
            {
                let __result_1_bar = __result_1_bar.0;
                let __x_bar = __x_bar.0;
                let __y_bar = __y_bar.0;
                let (__s_slot,) = (&mut s.__like().slot(),);
                let (__s_bar,) = (&mut s.__like().accumulator(__s_slot),);
                match __arm_rest {
                    ::core::option::Option::Some((t_3, __s_2_like, __s_3_type)) => {
                        let (__s_2_slot, __t_3_slot) = (
                            &mut __s_2_like.slot(),
                            &mut t_3.__like().slot(),
                        );
                        let (__s_2_bar, __t_3_bar) = (
                            &mut __s_2_like.accumulator(__s_2_slot),
                            &mut t_3.__like().accumulator(__t_3_slot),
                        );
                        let (__actual, __actual_bar) = ::tapeless::expansion::actual_like(
                            __s_3_type,
                            &result_1.__like(),
                            &mut *__result_1_bar,
                        );
                        if let ::core::option::Option::Some(__bar) = __actual_bar
                            .__cotangent()
                        {
                            __actual
                                .__pullback2(
                                    ::tapeless::expansion::ops::add {},
                                    ::core::clone::Clone::clone(&__s_2_like),
                                    t_3.__like(),
                                    &*__bar,
                                    &mut (*__s_2_bar),
                                    &mut (*__t_3_bar),
                                );
                        }
                        if let ::core::option::Option::Some(__bar) = __t_3_bar
                            .__cotangent()
                        {
                            t_3.__primal()
                                .__pullback1(
                                    ::tapeless::expansion::ops::exp {},
                                    x.__like(),
                                    &*__bar,
                                    &mut (*__x_bar),
                                );
                        }
                        match __arm_kept {
                            ::tapeless::expansion::Either::Left(()) => {
                                if let ::core::option::Option::Some(__bar) = __s_2_bar
                                    .__cotangent()
                                {
                                    ::core::clone::Clone::clone(&__s_2_like)
                                        .__pullback2(
                                            ::tapeless::expansion::ops::mul {},
                                            s.__primal(),
                                            x.__primal(),
                                            &*__bar,
                                            &mut (*__s_bar),
                                            &mut (*__x_bar),
                                        );
                                }
                            }
                            ::tapeless::expansion::Either::Right((__arm_kept_1,)) => {
                                match __arm_kept_1 {
                                    ::tapeless::expansion::Either::Right(()) => {
                                        s.__like()
                                            .transfer(
                                                &mut *(&mut (*__s_2_bar)).__lend(),
                                                &mut *(&mut (*__s_bar)).__lend(),
                                            );
                                    }
                                    _ => {
                                        ::core::unreachable!(
                                            "control has not left the arm that ran this way"
                                        )
                                    }
                                }
                            }
                        }
                    }
                    ::core::option::Option::None => {
                        match __arm_kept {
                            ::tapeless::expansion::Either::Right((__arm_kept_1,)) => {
                                match __arm_kept_1 {
                                    ::tapeless::expansion::Either::Left(()) => {
                                        y.__like()
                                            .transfer(
                                                &mut *(&mut (*__result_1_bar)).__lend(),
                                                &mut *(&mut (*__y_bar)).__lend(),
                                            );
                                    }
                                    _ => {
                                        ::core::unreachable!(
                                            "control has not left the arm that ran this way"
                                        )
                                    }
                                }
                            }
                            _ => {
                                ::core::unreachable!(
                                    "control has not left the arm that ran this way"
                                )
                            }
                        }
                    }
                }
                if let ::core::option::Option::Some(__bar) = __s_bar.__cotangent() {
                    s.__like()
                        .__pullback2(
                            ::tapeless::expansion::ops::mul {},
                            x.__primal(),
                            y.__primal(),
                            &*__bar,
                            &mut (*__x_bar),
                            &mut (*__y_bar),
                        );
                }
            },
            (
                <::tapeless::expansion::Kind<
                    ::tapeless::expansion::ByValue,
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
        x: f64,
        y: f64,
        __result_bar: ::tapeless::expansion::Bar<
            '_,
            <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
        __bar_0: ::tapeless::expansion::Bar<
            '_,
            <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
        __bar_1: ::tapeless::expansion::Bar<
            '_,
            <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
        >,
    ) -> f64 {
        let (__value, __pullback, _) = branchy {}.__split(x, y);
        __pullback(
            ::tapeless::expansion::Unused,
            ::tapeless::expansion::Unused,
            &__value,
            __result_bar,
            __bar_0,
            __bar_1,
        );
        __value
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
impl ::tapeless::expansion::Function for branchy {
    type Derivative = branchy;
    const DERIVATIVE: branchy = branchy {};
    fn graph() -> &'static ::tapeless::graph::Graph {
        <branchy>::graph()
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
impl ::core::clone::Clone for branchy {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clone(&self) -> Self {
        *self
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
impl ::core::marker::Copy for branchy {}
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
impl ::tapeless::Callable<(f64, f64)> for branchy {
    type Output = f64;
    #[inline]
    fn call(&self, (__0, __1): (f64, f64)) -> f64 {
        branchy(__0, __1)
    }
    #[inline]
    fn __call_split(
        &self,
        (__0, __1): (f64, f64),
        _: fn(&Self, (f64, f64)) -> f64,
    ) -> (
        f64,
        impl ::core::ops::FnOnce(
            &Self,
            ::tapeless::expansion::Unused,
            &f64,
            ::tapeless::expansion::Bar<
                '_,
                <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
            ::tapeless::expansion::Bar<'_, ::tapeless::expansion::Ignore>,
            ::tapeless::expansion::Bar<
                '_,
                <(f64, f64) as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
            >,
        ) + use<>,
        (
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByReference,
                ::tapeless::expansion::Ignored,
            >,
            ::tapeless::expansion::Kind<
                ::tapeless::expansion::ByValue,
                ::tapeless::expansion::Differentiated,
            >,
        ),
    ) {
        let (__value, __pullback, _) = branchy {}.__split(__0, __1);
        (
            __value,
            move |
                _: &Self,
                _: ::tapeless::expansion::Unused,
                __value: &f64,
                __bar: ::tapeless::expansion::Bar<
                    '_,
                    <f64 as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >,
                _: ::tapeless::expansion::Bar<'_, ::tapeless::expansion::Ignore>,
                __bars: ::tapeless::expansion::Bar<
                    '_,
                    <(
                        f64,
                        f64,
                    ) as ::tapeless::expansion::Differentiable>::Accumulator<'_>,
                >|
            {
                let __bars = __bars.0;
                __pullback(
                    ::tapeless::expansion::Unused,
                    ::tapeless::expansion::Unused,
                    __value,
                    __bar,
                    ::tapeless::expansion::Bar(&mut __bars.0),
                    ::tapeless::expansion::Bar(&mut __bars.1),
                )
            },
            (::tapeless::expansion::Kind::new(), ::tapeless::expansion::Kind::new()),
        )
    }
}
