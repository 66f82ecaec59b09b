//! Dual numbers are real numbers as far as the library's own code is concerned.

use core::cmp::Ordering;
use core::fmt::{Display, Formatter, LowerExp, Result};
use core::iter::{Product, Sum};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

use super::Dual;
use crate::accumulate::{Accumulate as _, ScalarAccumulator, ScalarSlot};
use crate::differentiable::{Differentiable, Leaf, LeafMut, Tangent};
use crate::given::Like;
use crate::lanes::Lanes;
use crate::matrix::kernel::{self, Task};
use crate::rules::{self as ops, ConstantSlope, Elementary, Rule2, Rule3};
use crate::scalar::Real;

impl<T: Real> Dual<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn new(value: T, tangent: T) -> Self {
        Self { value, tangent }
    }

    /// A number that does not change.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn constant(value: T) -> Self {
        Self::new(value, T::ZERO)
    }

    /// A function of one number, by the slope that its rule gives.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope<Op: ConstantSlope>(self, value: T) -> Self {
        Self::new(value, Op::pull(self.tangent).unwrap_or(T::ZERO))
    }

    /// A function of two numbers, by the slopes that its rule gives. A number that does not change has none: its slope may be
    /// infinite.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn binary(
        self,
        other: Self,
        value: T,
        rule: impl FnOnce(&T, &T, &mut ScalarAccumulator<'_, T>, &mut ScalarAccumulator<'_, T>),
    ) -> Self {
        let (mut left, mut right) = (ScalarSlot::default(), ScalarSlot::default());
        rule(
            &self.value,
            &other.value,
            &mut self.along(&mut left),
            &mut other.along(&mut right),
        );
        let tangent = self.pushed(left) + other.pushed(right);
        Self::new(value, tangent)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn along<'a>(self, slot: &'a mut ScalarSlot<T>) -> ScalarAccumulator<'a, T> {
        if self.tangent == T::ZERO {
            ScalarAccumulator::Inactive
        } else {
            ScalarAccumulator::Slot(slot)
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn pushed(self, slope: ScalarSlot<T>) -> T {
        if self.tangent == T::ZERO {
            T::ZERO
        } else {
            slope.take() * self.tangent
        }
    }
}

impl<T: PartialEq> PartialEq for Dual<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: PartialOrd> PartialOrd for Dual<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lt(&self, other: &Self) -> bool {
        self.value < other.value
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn le(&self, other: &Self) -> bool {
        self.value <= other.value
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gt(&self, other: &Self) -> bool {
        self.value > other.value
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ge(&self, other: &Self) -> bool {
        self.value >= other.value
    }
}

impl<T: Display> Display for Dual<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} + {} ε", self.value, self.tangent)
    }
}

impl<T: LowerExp> LowerExp for Dual<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{:e} + {:e} ε", self.value, self.tangent)
    }
}

impl<T: Real> Add for Dual<T> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(self, other: Self) -> Self {
        Self::new(self.value + other.value, self.tangent + other.tangent)
    }
}

impl<T: Real> Sub for Dual<T> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sub(self, other: Self) -> Self {
        Self::new(self.value - other.value, self.tangent - other.tangent)
    }
}

impl<T: Real> Mul for Dual<T> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul(self, other: Self) -> Self {
        Self::new(
            self.value * other.value,
            self.tangent * other.value + self.value * other.tangent,
        )
    }
}

impl<T: Real> Div for Dual<T> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn div(self, other: Self) -> Self {
        let quotient = self.value / other.value;
        Self::new(quotient, (self.tangent - quotient * other.tangent) / other.value)
    }
}

impl<T: Real> Rem for Dual<T> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rem(self, other: Self) -> Self {
        let y = self.value % other.value;
        self.binary(other, y, |a, b, a_bar, b_bar| {
            (&y).__pullback2(ops::rem {}, a, b, &T::ONE, a_bar, b_bar);
        })
    }
}

impl<T: Real> Neg for Dual<T> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neg(self) -> Self {
        Self::new(-self.value, -self.tangent)
    }
}

macro_rules! assigning {
    ($($Trait:ident $method:ident $operator:tt;)*) => {$(
        impl<T: Real> $Trait for Dual<T> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(&mut self, other: Self) {
                *self = *self $operator other;
            }
        }
    )*};
}

assigning! {
    AddAssign add_assign +;
    SubAssign sub_assign -;
    MulAssign mul_assign *;
    DivAssign div_assign /;
    RemAssign rem_assign %;
}

impl<T: Real> Sum for Dual<T> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, |sum, number| sum + number)
    }
}

impl<T: Real> Product for Dual<T> {
    fn product<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ONE, |product, number| product * number)
    }
}

/// The functions that the rules of the elementary functions give a slope for, by what the rule reads.
macro_rules! elementary {
    (operand { $($x:ident)* } result { $($y:ident)* } constant { $($c:ident)* }) => {
        $(
            #[inline]
            fn $x(self) -> Self {
                Self::new(self.value.$x(), ops::$x::pull(self.value, self.tangent))
            }
        )*
        $(
            #[inline]
            fn $y(self) -> Self {
                let y = self.value.$y();
                Self::new(y, ops::$y::pull(y, self.tangent))
            }
        )*
        $(
            #[inline]
            fn $c(self) -> Self {
                self.slope::<ops::$c>(self.value.$c())
            }
        )*
    };
}

/// Functions of two numbers, by what the rule is given of the result.
macro_rules! binary {
    (like { $($name:ident)* } result { $($name2:ident)* }) => {
        $(
            #[inline]
            fn $name(self, other: Self) -> Self {
                let y = self.value.$name(other.value);
                self.binary(other, y, |a, b, a_bar, b_bar| {
                    Like::of(&y).__pullback2(ops::$name {}, a, b, &T::ONE, a_bar, b_bar);
                })
            }
        )*
        $(
            #[inline]
            fn $name2(self, other: Self) -> Self {
                let y = self.value.$name2(other.value);
                self.binary(other, y, |a, b, a_bar, b_bar| {
                    (&y).__pullback2(ops::$name2 {}, a, b, &T::ONE, a_bar, b_bar);
                })
            }
        )*
    };
}

impl<T: Real> Real for Dual<T> {
    const ZERO: Self = Self {
        value: T::ZERO,
        tangent: T::ZERO,
    };
    const ONE: Self = Self {
        value: T::ONE,
        tangent: T::ZERO,
    };
    const PI: Self = Self {
        value: T::PI,
        tangent: T::ZERO,
    };
    const EPSILON: Self = Self {
        value: T::EPSILON,
        tangent: T::ZERO,
    };
    const MIN_POSITIVE: Self = Self {
        value: T::MIN_POSITIVE,
        tangent: T::ZERO,
    };
    const INFINITY: Self = Self {
        value: T::INFINITY,
        tangent: T::ZERO,
    };

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from_f64(value: f64) -> Self {
        Self::constant(T::from_f64(value))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn to_f64(self) -> f64 {
        self.value.to_f64()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_nan(self) -> bool {
        self.value.is_nan()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_finite(self) -> bool {
        self.value.is_finite()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_infinite(self) -> bool {
        self.value.is_infinite()
    }

    elementary! {
        operand {
            sin cos asin acos atan sinh cosh asinh acosh atanh ln ln_1p log2 log10 abs
            softplus gelu silu erf erfc ln_gamma digamma
        }
        result { tan tanh exp exp2 exp_m1 sqrt cbrt recip sigmoid relu elu }
        constant { signum floor ceil round round_ties_even trunc fract to_degrees to_radians }
    }

    binary! {
        like { atan2 max min leaky_relu copysign }
        result { powf log hypot rem_euclid }
    }

    #[inline]
    fn div_euclid(self, divisor: Self) -> Self {
        Self::constant(self.value.div_euclid(divisor.value))
    }
    #[inline]
    fn powi(self, exponent: i32) -> Self {
        Self::new(
            self.value.powi(exponent),
            ops::through_powi(self.value, exponent, self.tangent),
        )
    }
    #[inline]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.value.sin_cos();
        (Self::new(sin, cos * self.tangent), Self::new(cos, -sin * self.tangent))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        Self::new(
            self.value.mul_add(factor.value, summand.value),
            self.tangent * factor.value + self.value * factor.tangent + summand.tangent,
        )
    }
    #[inline]
    fn clamp(self, low: Self, high: Self) -> Self {
        let value = self.value.clamp(low.value, high.value);
        let mut slots = [ScalarSlot::default(); 3];
        let [x, below, above] = &mut slots;
        Like::of(&value).__pullback3(
            ops::clamp {},
            &self.value,
            &low.value,
            &high.value,
            &T::ONE,
            &mut self.along(x),
            &mut low.along(below),
            &mut high.along(above),
        );
        let [x, below, above] = slots;
        Self::new(value, self.pushed(x) + low.pushed(below) + high.pushed(above))
    }
    #[inline]
    fn trigamma(self) -> Self {
        Self::new(self.value.trigamma(), self.value.tetragamma() * self.tangent)
    }
    /// No rule asks for the next derivative: nothing is differentiated three times.
    fn tetragamma(self) -> Self {
        Self::new(self.value.tetragamma(), T::from_f64(f64::NAN))
    }

    fn matrix_product(task: &Task<Self>) {
        kernel::product_plain(task);
    }
    fn slice_leaf(_: &[Self]) -> Leaf<'_> {
        no_leaf()
    }
    fn slice_leaf_mut(_: &mut [Self]) -> LeafMut<'_> {
        no_leaf()
    }
}

fn no_leaf() -> ! {
    unreachable!("dual numbers live inside rules, where nothing asks for leaves")
}

impl<T: Real> Lanes for Dual<T> {
    const ROUNDED_ONCE: bool = false;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_exp<const FUSED: bool>(self) -> Self {
        self.exp()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_exp_m1<const FUSED: bool>(self) -> Self {
        self.exp_m1()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_ln<const FUSED: bool>(self) -> Self {
        self.ln()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_tanh<const FUSED: bool>(self) -> Self {
        self.tanh()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_sigmoid<const FUSED: bool>(self) -> Self {
        self.sigmoid()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_softplus<const FUSED: bool>(self) -> Self {
        self.softplus()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_elu<const FUSED: bool>(self) -> Self {
        self.elu()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane_silu<const FUSED: bool>(self) -> Self {
        self.silu()
    }
}

impl<T: Real> Differentiable for Dual<T> {
    type Tangent = Self;
    type Shape = ();
    type Slot = ScalarSlot<Self>;
    type Accumulator<'a> = ScalarAccumulator<'a, Self>;

    fn leaf_count(&self) -> usize {
        no_leaf()
    }
    fn leaf(&self, _: usize) -> Leaf<'_> {
        no_leaf()
    }
    fn leaf_mut(&mut self, _: usize) -> LeafMut<'_> {
        no_leaf()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shape(&self) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero((): &()) -> Self {
        Self::ZERO
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn accumulator(slot: &mut Self::Slot) -> Self::Accumulator<'_> {
        ScalarAccumulator::Slot(slot)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn overwrite(buffer: &mut Self) -> Self::Accumulator<'_> {
        ScalarAccumulator::overwrite(buffer)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add_to(tangent: &mut Self) -> Self::Accumulator<'_> {
        ScalarAccumulator::Place(tangent)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn seed(tangent: Self) -> Self::Slot {
        ScalarSlot::new(tangent)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn transfer(from: &Self::Accumulator<'_>, to: &mut Self::Accumulator<'_>) {
        if let Some(cotangent) = from.get() {
            to.add(*cotangent);
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn finish(accumulator: &mut Self::Accumulator<'_>, (): &()) {
        accumulator.finish();
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn take(slot: Self::Slot, (): &()) -> Self {
        slot.take()
    }
}

impl<T: Real> Tangent for Dual<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn accumulate(&mut self, other: &Self) {
        *self += *other;
    }
}
