//! Dual numbers are real numbers as far as the library's own code is concerned.

use core::cmp::Ordering;
use core::fmt::{Display, Formatter, LowerExp, Result};
use core::iter::{Product, Sum};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

use super::Dual;
use crate::accumulate::{Accumulate as _, ScalarAccumulator, ScalarSlot};
use crate::chunk::Partials;
use crate::differentiable::{Differentiable, Leaf, LeafMut, Tangent};
use crate::given::Like;
use crate::lanes::Lanes;
use crate::matrix::kernel::{self, Task};
use crate::rules::{self as ops, ConstantSlope, Elementary, Rule2, Rule3};
use crate::scalar::Real;

impl<T: Real, const K: usize> Dual<T, K> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn new(value: T, partials: [T; K]) -> Self {
        Self {
            value,
            partials: Partials(partials),
        }
    }

    /// A number that does not change.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn constant(value: T) -> Self {
        Self::new(value, [T::ZERO; K])
    }

    /// A function of one number, by the slope that its rule gives.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope<Op: ConstantSlope>(self, value: T) -> Self {
        Self::new(
            value,
            self.partials.0.map(|partial| Op::pull(partial).unwrap_or(T::ZERO)),
        )
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
        Self::new(value, sum(self.pushed(left), other.pushed(right)))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn along<'a>(self, slot: &'a mut ScalarSlot<T>) -> ScalarAccumulator<'a, T> {
        if self.partials.0.iter().all(|partial| *partial == T::ZERO) {
            ScalarAccumulator::Inactive
        } else {
            ScalarAccumulator::Slot(slot)
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn pushed(self, slope: ScalarSlot<T>) -> [T; K] {
        let slope = slope.take();
        self.partials
            .0
            .map(|partial| if partial == T::ZERO { T::ZERO } else { slope * partial })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn times(self, other: Self) -> Self {
        Self::with(self.value * other.value, |k| {
            self.partials.0[k] * other.value + self.value * other.partials.0[k]
        })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn by(self, other: Self) -> Self {
        let quotient = self.value / other.value;
        Self::with(quotient, |k| {
            (self.partials.0[k] - quotient * other.partials.0[k]) / other.value
        })
    }

    /// Each of the partial derivatives, by its position.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with(value: T, partial: impl Fn(usize) -> T) -> Self {
        Self::new(value, core::array::from_fn(partial))
    }
}

/// The sums of partial derivatives.
#[cfg_attr(not(debug_assertions), inline(always))]
fn sum<T: Real, const K: usize>(left: [T; K], right: [T; K]) -> [T; K] {
    core::array::from_fn(|k| left[k] + right[k])
}

impl<T: Real, const K: usize> Default for Dual<T, K> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<T: PartialEq, const K: usize> PartialEq for Dual<T, K> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: PartialOrd, const K: usize> PartialOrd for Dual<T, K> {
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

impl<T: Display, const K: usize> Display for Dual<T, K> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} + (", self.value)?;
        for (index, partial) in self.partials.0.iter().enumerate() {
            write!(f, "{}{partial}", if index > 0 { ", " } else { "" })?;
        }
        f.write_str(") ε")
    }
}

impl<T: LowerExp, const K: usize> LowerExp for Dual<T, K> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{:e} + (", self.value)?;
        for (index, partial) in self.partials.0.iter().enumerate() {
            write!(f, "{}{partial:e}", if index > 0 { ", " } else { "" })?;
        }
        f.write_str(") ε")
    }
}

impl<T: Real, const K: usize> Add for Dual<T, K> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(self, other: Self) -> Self {
        Self::new(self.value + other.value, sum(self.partials.0, other.partials.0))
    }
}

impl<T: Real, const K: usize> Sub for Dual<T, K> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sub(self, other: Self) -> Self {
        Self::with(self.value - other.value, |k| self.partials.0[k] - other.partials.0[k])
    }
}

impl<T: Real, const K: usize> Mul for Dual<T, K> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul(self, other: Self) -> Self {
        self.times(other)
    }
}

impl<T: Real, const K: usize> Div for Dual<T, K> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn div(self, other: Self) -> Self {
        self.by(other)
    }
}

impl<T: Real, const K: usize> Rem for Dual<T, K> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rem(self, other: Self) -> Self {
        let y = self.value % other.value;
        self.binary(other, y, |a, b, a_bar, b_bar| {
            (&y).__pullback2(ops::rem {}, a, b, &T::ONE, a_bar, b_bar);
        })
    }
}

impl<T: Real, const K: usize> Neg for Dual<T, K> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neg(self) -> Self {
        Self::new(-self.value, self.partials.0.map(|partial| -partial))
    }
}

macro_rules! assigning {
    ($($Trait:ident $method:ident $operator:tt;)*) => {$(
        impl<T: Real, const K: usize> $Trait for Dual<T, K> {
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

impl<T: Real, const K: usize> Sum for Dual<T, K> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, |sum, number| sum + number)
    }
}

impl<T: Real, const K: usize> Product for Dual<T, K> {
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
                Self::with(self.value.$x(), |k| ops::$x::pull(self.value, self.partials.0[k]))
            }
        )*
        $(
            #[inline]
            fn $y(self) -> Self {
                let y = self.value.$y();
                Self::with(y, |k| ops::$y::pull(y, self.partials.0[k]))
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

impl<T: Real, const K: usize> Real for Dual<T, K> {
    const ZERO: Self = Self {
        value: T::ZERO,
        partials: Partials::ZERO,
    };
    const ONE: Self = Self {
        value: T::ONE,
        partials: Partials::ZERO,
    };
    const PI: Self = Self {
        value: T::PI,
        partials: Partials::ZERO,
    };
    const EPSILON: Self = Self {
        value: T::EPSILON,
        partials: Partials::ZERO,
    };
    const MIN_POSITIVE: Self = Self {
        value: T::MIN_POSITIVE,
        partials: Partials::ZERO,
    };
    const INFINITY: Self = Self {
        value: T::INFINITY,
        partials: Partials::ZERO,
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
        Self::with(self.value.powi(exponent), |k| {
            ops::through_powi(self.value, exponent, self.partials.0[k])
        })
    }
    #[inline]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.value.sin_cos();
        (
            Self::with(sin, |k| cos * self.partials.0[k]),
            Self::with(cos, |k| -sin * self.partials.0[k]),
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        Self::with(self.value.mul_add(factor.value, summand.value), |k| {
            self.partials.0[k] * factor.value + self.value * factor.partials.0[k] + summand.partials.0[k]
        })
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
        Self::new(value, sum(sum(self.pushed(x), low.pushed(below)), high.pushed(above)))
    }
    #[inline]
    fn trigamma(self) -> Self {
        let slope = self.value.tetragamma();
        Self::with(self.value.trigamma(), |k| slope * self.partials.0[k])
    }
    /// No rule asks for the next derivative: nothing is differentiated three times.
    fn tetragamma(self) -> Self {
        Self::new(self.value.tetragamma(), [T::from_f64(f64::NAN); K])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add_constant(self, constant: Self) -> Self {
        Self::new(self.value + constant.value, self.partials.0)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_add(self, other: Self) -> Self {
        Self::new(self.value + other.value, other.partials.0)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sub_constant(self, constant: Self) -> Self {
        Self::new(self.value - constant.value, self.partials.0)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_sub(self, other: Self) -> Self {
        Self::with(self.value - other.value, |k| -other.partials.0[k])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_constant(self, constant: Self) -> Self {
        Self::with(self.value * constant.value, |k| self.partials.0[k] * constant.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_mul(self, other: Self) -> Self {
        Self::with(self.value * other.value, |k| self.value * other.partials.0[k])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn div_constant(self, constant: Self) -> Self {
        Self::with(self.value / constant.value, |k| self.partials.0[k] / constant.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_div(self, other: Self) -> Self {
        let quotient = self.value / other.value;
        Self::with(quotient, |k| -quotient * other.partials.0[k] / other.value)
    }
    fn chunk_of<const J: usize>(partials: &Partials<Self, J>) -> &Self::Chunk<J> {
        partials
    }
    fn chunk_of_mut<const J: usize>(partials: &mut Partials<Self, J>) -> &mut Self::Chunk<J> {
        partials
    }
    fn partials_of<const J: usize>(chunk: &Self::Chunk<J>) -> &Partials<Self, J> {
        chunk
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

impl<T: Real, const K: usize> Lanes for Dual<T, K> {
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

impl<T: Real, const K: usize> Differentiable for Dual<T, K> {
    type Tangent = Self;
    type Shape = ();
    type Slot = ScalarSlot<Self>;
    type Accumulator<'a> = ScalarAccumulator<'a, Self>;
    type Chunk<const J: usize> = Partials<Self, J>;

    fn zero_chunk<const J: usize>(&self) -> Partials<Self, J> {
        Partials::ZERO
    }
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

impl<T: Real, const K: usize> Tangent for Dual<T, K> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn accumulate(&mut self, other: &Self) {
        *self += *other;
    }
}
