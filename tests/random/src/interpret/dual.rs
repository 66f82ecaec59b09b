//! Dual numbers, and the functions of one, two and three of them: value and slope, from the definitions.

/// A number and its derivative along the input that is being followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual {
    /// The number.
    pub value: f64,
    /// Its derivative.
    pub slope: f64,
}

/// The sides that a function chose between: what must not change if differences are to be comparable.
pub(crate) type Sides = Vec<i64>;

/// A number that depends on nothing.
#[must_use]
pub fn constant(value: f64) -> Dual {
    Dual { value, slope: 0.0 }
}

/// What a function of two gives: its value and its two partial derivatives.
type Partials = (f64, f64, f64);

/// The function's value, and its derivatives combined by the chain rule. A number that depends on nothing contributes
/// nothing, also where the derivative is infinite.
fn chain(value: f64, parts: &[(f64, f64)]) -> Dual {
    let slope = parts
        .iter()
        .filter(|(_, slope)| *slope != 0.0)
        .map(|(derivative, slope)| derivative * slope)
        .sum();
    Dual { value, slope }
}

/// The function called `name`, if there is one with that many arguments. `sides` is told of every kink passed by.
pub(crate) fn function(name: &str, arguments: &[Dual], sides: &mut Sides) -> Option<Dual> {
    match arguments {
        [x] => {
            let (value, derivative) = of_one(name, x.value, sides)?;
            Some(chain(value, &[(derivative, x.slope)]))
        }
        [x, y] => {
            let (value, to_x, to_y) = of_two(name, x.value, y.value, sides)?;
            Some(chain(value, &[(to_x, x.slope), (to_y, y.slope)]))
        }
        [x, y, z] => of_three(name, *x, *y, *z, sides),
        _ => None,
    }
}

/// `x` to the power of an integer. The derivative of a constant is 0, also at 0.
pub(crate) fn powi(x: Dual, n: i32) -> Dual {
    let derivative = if n == 0 {
        0.0
    } else {
        f64::from(n) * x.value.powi(n - 1)
    };
    chain(x.value.powi(n), &[(derivative, x.slope)])
}

/// Both at once.
pub(crate) fn sin_cos(x: Dual) -> (Dual, Dual) {
    let (sin, cos) = x.value.sin_cos();
    (chain(sin, &[(cos, x.slope)]), chain(cos, &[(-sin, x.slope)]))
}

/// The density of the standard normal distribution.
fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// The error function by its Maclaurin series, for the moderate arguments that programs have.
fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    // erf(x) = 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5…(2n+1)): all terms have one sign, so nothing cancels.
    let mut term = x;
    let mut sum = x;
    let mut n = 1.0;
    while term.abs() > sum.abs() * 1e-18 && n < 400.0 {
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        sum += term;
        n += 1.0;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Which side of 0, and 0 at it.
fn side(x: f64) -> i64 {
    if x > 0.0 {
        1
    } else if x < 0.0 {
        -1
    } else {
        0
    }
}

fn of_one(name: &str, x: f64, sides: &mut Sides) -> Option<(f64, f64)> {
    let normal = |x: f64| 0.5 * (1.0 + erf(x / std::f64::consts::SQRT_2));
    let mut jumps = |value: f64| {
        sides.push(value as i64);
        (value, 0.0)
    };
    Some(match name {
        "sin" => (x.sin(), x.cos()),
        "cos" => (x.cos(), -x.sin()),
        "tan" => (x.tan(), 1.0 / (x.cos() * x.cos())),
        "asin" => (x.asin(), 1.0 / (1.0 - x * x).sqrt()),
        "acos" => (x.acos(), -1.0 / (1.0 - x * x).sqrt()),
        "atan" => (x.atan(), 1.0 / (1.0 + x * x)),
        "sinh" => (x.sinh(), x.cosh()),
        "cosh" => (x.cosh(), x.sinh()),
        "tanh" => (x.tanh(), 1.0 / (x.cosh() * x.cosh())),
        "asinh" => (x.asinh(), 1.0 / (x * x + 1.0).sqrt()),
        "acosh" => (x.acosh(), 1.0 / (x * x - 1.0).sqrt()),
        "atanh" => (x.atanh(), 1.0 / (1.0 - x * x)),
        "exp" => (x.exp(), x.exp()),
        "exp2" => (x.exp2(), std::f64::consts::LN_2 * x.exp2()),
        "exp_m1" => (x.exp_m1(), x.exp()),
        "ln" => (x.ln(), 1.0 / x),
        "ln_1p" => (x.ln_1p(), 1.0 / (1.0 + x)),
        "log2" => (x.log2(), 1.0 / (x * 2.0_f64.ln())),
        "log10" => (x.log10(), 1.0 / (x * 10.0_f64.ln())),
        "sqrt" => (x.sqrt(), 0.5 / x.sqrt()),
        "cbrt" => (x.cbrt(), x.cbrt() / (3.0 * x)),
        "recip" => (x.recip(), -1.0 / (x * x)),
        "to_degrees" => (x.to_degrees(), 180.0 / std::f64::consts::PI),
        "to_radians" => (x.to_radians(), std::f64::consts::PI / 180.0),
        "abs" => {
            sides.push(side(x));
            (x.abs(), side(x) as f64)
        }
        "relu" => {
            sides.push(side(x));
            (if x > 0.0 { x } else { 0.0 }, if x > 0.0 { 1.0 } else { 0.0 })
        }
        "signum" => jumps(x.signum()),
        "floor" => jumps(x.floor()),
        "ceil" => jumps(x.ceil()),
        "round" => jumps(x.round()),
        "trunc" => jumps(x.trunc()),
        "fract" => {
            sides.push(x.trunc() as i64);
            (x.fract(), 1.0)
        }
        "sigmoid" => (logistic(x), logistic(x) * logistic(-x)),
        "softplus" => ((-x.abs()).exp().ln_1p() + if x > 0.0 { x } else { 0.0 }, logistic(x)),
        "silu" => (x * logistic(x), logistic(x) + x * logistic(x) * logistic(-x)),
        "erf" => (erf(x), std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp()),
        "gelu" => (x * normal(x), normal(x) + x * density(x)),
        _ => return None,
    })
}

/// Where the larger flows: all to it, half to each at a tie.
fn larger(a: f64, b: f64) -> (f64, f64) {
    if a > b {
        (1.0, 0.0)
    } else if a < b {
        (0.0, 1.0)
    } else {
        (0.5, 0.5)
    }
}

fn of_two(name: &str, a: f64, b: f64, sides: &mut Sides) -> Option<Partials> {
    let square = a * a + b * b;
    Some(match name {
        "add" => (a + b, 1.0, 1.0),
        "sub" => (a - b, 1.0, -1.0),
        "mul" => (a * b, b, a),
        "div" => (a / b, 1.0 / b, -a / (b * b)),
        "rem" => {
            let quotient = (a / b).trunc();
            sides.push(quotient as i64);
            (a % b, 1.0, -quotient)
        }
        "rem_euclid" => {
            let quotient = a.div_euclid(b);
            sides.push(quotient as i64);
            (a.rem_euclid(b), 1.0, -quotient)
        }
        "div_euclid" => {
            let quotient = a.div_euclid(b);
            sides.push(quotient as i64);
            (quotient, 0.0, 0.0)
        }
        "max" => {
            sides.push(side(a - b));
            let (to_a, to_b) = larger(a, b);
            (a.max(b), to_a, to_b)
        }
        "min" => {
            sides.push(side(a - b));
            let (to_b, to_a) = larger(a, b);
            (a.min(b), to_a, to_b)
        }
        "hypot" if square == 0.0 => {
            sides.push(0);
            (0.0, 0.0, 0.0)
        }
        "hypot" => (a.hypot(b), a / square.sqrt(), b / square.sqrt()),
        "atan2" if square == 0.0 => {
            sides.push(2);
            (a.atan2(b), 0.0, 0.0)
        }
        "atan2" => {
            // The jump by 2π on the negative half-line.
            sides.push(if b < 0.0 { side(a) } else { 2 });
            (a.atan2(b), b / square, -a / square)
        }
        "copysign" => {
            sides.extend([side(a), side(b)]);
            let flipped = if a.is_sign_negative() == b.is_sign_negative() {
                1.0
            } else {
                -1.0
            };
            (a.copysign(b), if a == 0.0 { 0.0 } else { flipped }, 0.0)
        }
        "powf" => {
            let y = a.powf(b);
            let to_a = if b == 0.0 { 0.0 } else { b * a.powf(b - 1.0) };
            let to_b = if a == 0.0 { 0.0 } else { y * a.ln() };
            (y, to_a, to_b)
        }
        "log" => (a.ln() / b.ln(), 1.0 / (a * b.ln()), -a.ln() / (b.ln() * b.ln() * b)),
        _ => return None,
    })
}

fn of_three(name: &str, x: Dual, y: Dual, z: Dual, sides: &mut Sides) -> Option<Dual> {
    match name {
        "mul_add" => Some(chain(
            x.value.mul_add(y.value, z.value),
            &[(y.value, x.slope), (x.value, y.slope), (1.0, z.slope)],
        )),
        "clamp" => {
            let raised = function("max", &[x, y], sides)?;
            function("min", &[raised, z], sides)
        }
        _ => None,
    }
}
