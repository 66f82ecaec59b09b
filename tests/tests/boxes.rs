//! What is in boxes, and types that contain themselves.

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Debug)]
enum Expression {
    Constant(f64),
    Variable,
    Sine(Box<Expression>),
    Product {
        left: Box<Expression>,
        right: Box<Expression>,
    },
}

#[differentiable]
impl Expression {
    fn of(&self, x: f64) -> f64 {
        match self {
            Expression::Constant(c) => *c,
            Expression::Variable => x,
            Expression::Sine(inner) => Self::of(inner, x).sin(),
            Expression::Product { left, right } => Self::of(left, x) * Self::of(right, x),
        }
    }
}

#[derive(Differentiable, Clone, Debug)]
struct Node {
    value: f64,
    next: Option<Box<Node>>,
}

#[derive(Differentiable, Clone, Debug)]
struct Tree {
    value: f64,
    children: Vec<Tree>,
}

#[derive(Differentiable, Clone, Debug)]
struct Pair {
    x: f64,
    y: [f64; 2],
}

#[differentiable]
impl Pair {
    fn product(&self, k: f64) -> f64 {
        self.x * self.y[0] * self.y[1] * k
    }
}

#[differentiable]
fn square(a: f64) -> f64 {
    a * a
}

#[differentiable]
fn number(b: &Box<f64>, x: f64) -> f64 {
    square(**b) * x
}

#[differentiable]
fn elements(b: &Box<[f64; 2]>, v: &Box<Vec<f64>>, x: f64) -> f64 {
    let mut s = b[0] * x * b[1];
    for i in 0..v.len() {
        s = s * v[i] + b[i % 2];
    }
    s
}

#[differentiable]
fn product(a: &[f64; 2]) -> f64 {
    a[0] * a[1]
}

#[differentiable]
fn handed_on(b: &Box<[f64; 2]>, x: f64) -> f64 {
    let first = product(b) * x;
    first + product(&**b) * product(b)
}

#[differentiable]
fn methods(b: &Box<Pair>, x: f64) -> f64 {
    let mut s = b.product(x);
    for _ in 0..2 {
        s = s * (**b).product(s) + x;
    }
    s
}

#[differentiable]
fn evaluate(e: &Expression, x: f64) -> f64 {
    match e {
        Expression::Constant(c) => *c * x,
        Expression::Variable => x,
        Expression::Sine(inner) => evaluate(inner, x).sin(),
        Expression::Product { left, right } => evaluate(&**left, x) * evaluate(right, x),
    }
}

#[differentiable]
fn by_method(e: &Expression, x: f64) -> f64 {
    e.of(x) * x
}

#[differentiable]
fn list(n: &Node) -> f64 {
    match &n.next {
        Some(next) => n.value * list(next) + n.value,
        None => n.value,
    }
}

#[differentiable]
fn tree(t: &Tree) -> f64 {
    let mut s = t.value * t.value;
    for child in &t.children {
        s += tree(child) * t.value;
    }
    s
}

#[test]
fn boxes() {
    let boxed = Box::new(Expression::Variable);
    let constant = Box::new(Expression::Constant(1.2));
    let sine = Box::new(Expression::Sine(constant));
    let product = Expression::Product {
        left: sine,
        right: Box::new(Expression::Sine(boxed)),
    };
    let last = Node { value: 2.0, next: None };
    let middle = Node {
        value: 0.7,
        next: Some(Box::new(last)),
    };
    let first = Node {
        value: 1.2,
        next: Some(Box::new(middle)),
    };
    let leaf = Tree {
        value: 0.3,
        children: vec![],
    };
    let branch = Tree {
        value: 0.9,
        children: vec![leaf.clone(), leaf.clone()],
    };
    let root = Tree {
        value: 1.2,
        children: vec![leaf, branch],
    };
    check! {
        number(&Box::new(1.2), 0.7);
        elements(&Box::new([1.2, 0.3]), &Box::new(vec![0.3, 0.6, 0.8]), 0.7);
        elements(&Box::new([1.2, 0.3]), &Box::new(vec![]), 0.7);
        handed_on(&Box::new([1.2, 0.3]), 0.7);
        methods(&Box::new(Pair { x: 0.3, y: [0.4, 0.5] }), 0.7);
        evaluate(&product, 0.7);
        by_method(&product, 0.7);
        list(&first);
        tree(&root);
    }
    let gradient = list::grad(&first);
    assert!(gradient.next.is_some_and(|next| next.next.is_some()));
}

mod fields {
    use tapeless::assert_gradient;
    use tapeless::prelude::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Node {
        value: f64,
        next: Option<Box<Node>>,
    }

    #[differentiable]
    fn sum(list: &Option<Box<Node>>) -> f64 {
        match list {
            None => 0.0,
            Some(node) => node.value * node.value + 0.5 * sum(&node.next),
        }
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Tree {
        weight: f64,
        left: Option<Box<Tree>>,
        right: Option<Box<Tree>>,
    }

    #[differentiable]
    fn total(tree: &Tree, x: f64) -> f64 {
        let mut t = tree.weight * x;
        if let Some(left) = &tree.left {
            t += total(left, x * 0.5) * left.weight;
        }
        t + tree.right.as_ref().map_or(0.3, |right| right.weight.sin() * t)
    }

    fn leaf(weight: f64) -> Option<Box<Tree>> {
        Some(Box::new(Tree {
            weight,
            left: None,
            right: None,
        }))
    }

    #[test]
    fn agree_with_differences() {
        let node = |value, next| Some(Box::new(Node { value, next }));
        assert_gradient!(sum, &node(1.5, node(2.5, None)));
        assert_gradient!(sum, &None);
        let left = Some(Box::new(Tree {
            weight: 1.5,
            left: leaf(0.8),
            right: leaf(-0.7),
        }));
        for right in [None, leaf(0.4)] {
            let left = left.clone();
            assert_gradient!(
                total,
                &Tree {
                    weight: 0.5,
                    left,
                    right
                },
                0.8
            );
        }
    }
}
