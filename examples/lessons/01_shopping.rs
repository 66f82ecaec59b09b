//! Lesson 1: shopping, on a computational graph.
//!
//! Two donuts at 100 and three cupcakes at 150, and 10 % tax. What is to pay? And how much more would it be if a donut
//! cost a little more?
//!
//! ```text
//! donut   100 ─┐
//!              × ── 200 ─┐
//! donuts    2 ─┘         │
//!                        + ── 650 ─┐
//! cupcake 150 ─┐         │         × ── 715
//!              × ── 450 ─┘         │
//! cupcakes  3 ─┘         tax 1.1 ──┘
//! ```
//!
//! The values go through the graph from left to right. The derivatives go back from right to left: each node multiplies
//! what arrives from its right by its *local gradient*, for which it has to know nothing of the rest of the graph.

use tapeless::prelude::*;

/// The nodes of the graph.
#[differentiable]
fn multiply(a: f64, b: f64) -> f64 {
    a * b
}

#[differentiable]
fn add(a: f64, b: f64) -> f64 {
    a + b
}

/// The whole graph. The names of the variables are the names of its nodes.
#[differentiable]
fn buy(donut: f64, donuts: f64, cupcake: f64, cupcakes: f64, tax: f64) -> f64 {
    let sweet = donut * donuts;
    let creamy = cupcake * cupcakes;
    let net = sweet + creamy;
    net * tax
}

fn main() {
    let (donut, donuts, cupcake, cupcakes, tax) = (100.0, 2.0, 150.0, 3.0, 1.1);

    println!("Forward, with the local gradients of each node:");
    let sweet = multiply(donut, donuts);
    let creamy = multiply(cupcake, cupcakes);
    let net = add(sweet, creamy);
    let total = multiply(net, tax);
    println!(
        "  {donut} × {donuts} = {sweet}, local {:?}",
        multiply::grad(donut, donuts)
    );
    println!(
        "  {cupcake} × {cupcakes} = {creamy}, local {:?}",
        multiply::grad(cupcake, cupcakes)
    );
    println!("  {sweet} + {creamy} = {net}, local {:?}", add::grad(sweet, creamy));
    println!("  {net} × {tax} = {total:.0}, local {:?}", multiply::grad(net, tax));

    println!("Backward, beginning with 1 at the right end:");
    let (net_bar, tax_bar) = multiply::grad(net, tax);
    println!("  net {net_bar}, tax {tax_bar}");
    let (to_sweet, to_creamy) = add::grad(sweet, creamy);
    let (sweet_bar, creamy_bar) = (net_bar * to_sweet, net_bar * to_creamy);
    println!("  sweet {sweet_bar}, creamy {creamy_bar}");
    let (to_donut, to_donuts) = multiply::grad(donut, donuts);
    println!(
        "  donut {:.1}, donuts {:.0}",
        sweet_bar * to_donut,
        sweet_bar * to_donuts
    );
    let (to_cupcake, to_cupcakes) = multiply::grad(cupcake, cupcakes);
    println!(
        "  cupcake {:.1}, cupcakes {:.0}",
        creamy_bar * to_cupcake,
        creamy_bar * to_cupcakes
    );

    println!("All of it generated, in one call of `buy::value_and_grad`:");
    let (total, (donut, donuts, cupcake, cupcakes, tax)) = buy::value_and_grad(donut, donuts, cupcake, cupcakes, tax);
    println!("  to pay: {total:.0}");
    println!("  donut {donut:.1}, donuts {donuts:.0}, cupcake {cupcake:.1}, cupcakes {cupcakes:.0}, tax {tax:.0}");
    println!("A donut that costs 1 more makes {donut:.1} more to pay: two donuts, and the tax.");

    println!();
    println!("What the compiler saw, from `buy::graph()`:");
    println!("{}", buy::graph());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dearer_donut_costs_2_2() {
        let (total, gradient) = buy::value_and_grad(100.0, 2.0, 150.0, 3.0, 1.1);
        assert!((total - 715.0).abs() < 1e-9);
        let (donut, donuts, cupcake, cupcakes, tax) = gradient;
        for (found, expected) in [
            (donut, 2.2),
            (donuts, 110.0),
            (cupcake, 3.3),
            (cupcakes, 165.0),
            (tax, 650.0),
        ] {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn the_graph_has_nine_nodes() {
        let graph = buy::graph();
        let operations: Vec<_> = graph.nodes.iter().map(|node| node.operation.name()).collect();
        assert_eq!(operations[..5], ["parameter"; 5]);
        assert_eq!(operations[5..], ["mul", "mul", "add", "mul"]);
        assert!(graph.nodes.iter().all(|node| node.active));
        assert_eq!(graph.nodes[5].name, "sweet");
    }
}
