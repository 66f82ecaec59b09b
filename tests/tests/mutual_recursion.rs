//! Functions that call each other in turns.

use tapeless::prelude::*;
use tapeless_tests::check;

#[differentiable(recursive)]
fn even(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { odd(x * x, n - 1) }
}

#[differentiable]
fn odd(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { even(x + 1.0, n - 1) * x }
}

// ----- a tree of expressions, sums of which are a function of their own

#[derive(Differentiable, Clone)]
enum Expression {
    Constant(f64),
    Sum(Vec<Expression>),
    Product(Box<Expression>, Box<Expression>),
}

#[differentiable(recursive)]
fn value(expression: &Expression, x: f64) -> f64 {
    match expression {
        Expression::Constant(c) => *c * x,
        Expression::Sum(terms) => sum(terms, x),
        Expression::Product(a, b) => value(a, x) * value(b, x.sin()),
    }
}

#[differentiable]
fn sum(terms: &[Expression], x: f64) -> f64 {
    let mut s = 0.0;
    for term in terms {
        s += value(term, x * x);
    }
    s
}

// ----- three of them, in several circles

#[differentiable(recursive)]
fn first(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { second(x * x, n - 1) }
}

#[differentiable(recursive)]
fn second(x: f64, n: u32) -> f64 {
    if n == 0 { x.exp() } else { third(x.sin(), n - 1) }
}

#[differentiable]
fn third(x: f64, n: u32) -> f64 {
    if n == 0 {
        2.0
    } else {
        first(x + x, n - 1) + second(x, n - 1) * x
    }
}

// ----- in modules, generic, on active conditions

mod inner {
    use tapeless::prelude::*;

    #[differentiable(recursive)]
    pub fn inside(x: f64, n: u32) -> f64 {
        if n == 0 { x } else { super::outside(x * x, n - 1) }
    }
}

#[differentiable]
fn outside(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { inner::inside(x + 1.0, n - 1) }
}

#[differentiable(recursive)]
fn generic<T: Real>(generic: T, n: u32) -> T {
    if n == 0 {
        generic
    } else {
        other::<T>(generic * generic, n - 1)
    }
}

#[differentiable]
fn other<T: Real>(x: T, n: u32) -> T {
    if n == 0 { x } else { self::generic(x + x, n - 1) * x }
}

#[differentiable(recursive)]
fn grow(x: f64) -> f64 {
    if x > 10.0 { x.ln() } else { shrink(x * 3.0) }
}

#[differentiable]
fn shrink(x: f64) -> f64 {
    if x > 20.0 { x.sqrt() } else { grow(x * 0.8) }
}

// ----- what is written to

#[differentiable(recursive)]
fn scale(x: &mut [f64; 2], n: u32) {
    if n > 0 {
        x[0] *= x[1];
        shift(x, n - 1);
    }
}

#[differentiable]
fn shift(x: &mut [f64; 2], n: u32) {
    if n > 0 {
        x[1] += x[0] * x[0];
        scale(x, n - 1);
    }
}

#[differentiable]
fn written(x: f64, y: f64, n: u32) -> f64 {
    let mut v = [x, y];
    scale(&mut v, n);
    v[0] * v[1]
}

#[differentiable(recursive)]
fn sorted(x: &mut [f64], n: u32) {
    for i in 1..x.len() {
        if x[i - 1] > x[i] {
            x.swap(i - 1, i);
        }
    }
    if n > 0 {
        again(x, n);
    }
}

#[differentiable]
fn again(x: &mut [f64], n: u32) {
    x[0] *= 2.0;
    sorted(x, n - 1);
}

// ----- methods

#[derive(Differentiable, Clone)]
struct Parser {
    k: f64,
}

#[differentiable(recursive)]
impl Parser {
    fn expression(&self, x: f64, n: u32) -> f64 {
        if n == 0 { x } else { self.term(x * self.k, n - 1) + x }
    }
    fn term(&self, x: f64, n: u32) -> f64 {
        if n == 0 {
            x * x
        } else {
            self.expression(x, n - 1) * self.expression(x.sin(), n - 1)
        }
    }
    fn up(&mut self, x: f64, n: u32) -> f64 {
        if n > 0 {
            self.k *= x;
            self.down(x, n - 1)
        } else {
            self.k
        }
    }
    fn down(&mut self, x: f64, n: u32) -> f64 {
        if n > 0 {
            self.k += x;
            self.up(x, n - 1)
        } else {
            self.k * x
        }
    }
    fn there(self, x: f64, n: u32) -> f64 {
        if n > 0 {
            Parser { k: self.k * x }.back(x, n - 1)
        } else {
            self.k
        }
    }
    fn back(self, x: f64, n: u32) -> f64 {
        if n > 0 { self.there(x * 1.5, n - 1) } else { x }
    }
}

#[differentiable]
fn methods(k: f64, x: f64, n: u32) -> f64 {
    let mut parser = Parser { k };
    let y = parser.expression(x, n) + parser.up(x, n);
    y * parser.k * parser.there(x, n)
}

// ----- on other values

#[differentiable(recursive)]
impl Expression {
    fn of(&self, x: f64) -> f64 {
        match self {
            Expression::Constant(c) => *c * x,
            Expression::Sum(terms) => {
                let mut s = 0.0;
                for term in terms {
                    s += term.of(x * x);
                }
                s
            }
            Expression::Product(a, b) => a.of(x) * b.of(x.sin()),
        }
    }
}

#[derive(Differentiable, Clone)]
struct Tree {
    v: f64,
    children: Vec<Tree>,
}

#[differentiable(recursive)]
impl Tree {
    fn total(&self, x: f64) -> f64 {
        let mut s = self.v * x;
        for child in &self.children {
            s += child.total(x * 0.5);
        }
        s
    }
    fn squares(&self) -> f64 {
        self.v * self.v + self.children.iter().map(|child| child.squares()).sum::<f64>()
    }
}

#[differentiable]
fn of_a_tree(x: f64) -> f64 {
    let leaf = |v| Tree {
        v,
        children: Vec::new(),
    };
    let tree = Tree {
        v: x,
        children: vec![leaf(x * x), leaf(2.0)],
    };
    tree.total(x) * tree.squares()
}

#[differentiable]
fn of_an_expression(expression: &Expression, x: f64) -> f64 {
    expression.of(x) * x
}

// ----- itself

#[differentiable(recursive)]
fn itself(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { itself(x * x, n - 1) * x }
}

#[differentiable(checkpoints = all)]
fn in_a_loop(x: f64, n: usize) -> f64 {
    if n == 0 {
        return x;
    }
    let mut s = 0.0;
    for i in 0..n {
        s += x * in_a_loop(x * 0.5, i);
    }
    s
}

#[differentiable(checkpoints = all)]
fn after_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s = (s * x + i as f64).sin();
    }
    if n > 0 { s * after_a_loop(s, n - 1) } else { s }
}

#[test]
fn functions() {
    for n in 0..5 {
        check! { even(0.5, n); }
        check! { odd(0.5, n); }
        check! { first(0.5, n); }
        check! { third(0.5, n); }
        check! { outside(0.5, n); }
        assert_gradient!(inner::inside, 0.5, n);
        check! { generic(0.5, n); }
        check! { other(0.5, n); }
        check! { written(0.5, 0.8, n); }
        check! { methods(0.5, 0.8, n); }
        check! { itself(0.8, n); }
        check! { in_a_loop(0.8, n as usize); }
        check! { after_a_loop(0.8, n as usize); }
    }
    check! { grow(0.7); }
    check! { shrink(0.7); }
}

#[test]
fn trees() {
    let constant = |c| Box::new(Expression::Constant(c));
    let product = Expression::Product(constant(3.0), Box::new(Expression::Sum(vec![*constant(1.5)])));
    let tree = Expression::Sum(vec![Expression::Constant(2.0), product, Expression::Sum(vec![])]);
    assert_gradient!(value, &tree, 0.7);
    assert_gradient!(of_an_expression, &tree, 0.7);
    assert_gradient!(of_a_tree, 0.7);
    assert_gradient!(sum, &[tree], 0.7);
    assert_gradient!(sum, &[], 0.7);
}

#[test]
fn slices() {
    let mut x = [3.0, 1.0, 2.0];
    let ((), pullback) = sorted::vjp(&mut x, 1);
    assert_eq!(pullback((), vec![1.0, 10.0, 100.0]), [100.0, 2.0, 10.0]);
    assert_eq!(x, [2.0, 2.0, 3.0]);
}
