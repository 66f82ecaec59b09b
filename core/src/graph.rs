//! The computational graph of a differentiable function, as the compiler saw it: `f::graph()`.
//!
//! The graph is known at compile time; nothing of it is in a program that does not ask for it.
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[differentiable]
//! fn price(donut: f64, cupcake: f64, tax: f64) -> f64 {
//!     let donuts = 2.0 * donut;
//!     let cupcakes = 3.0 * cupcake;
//!     (donuts + cupcakes) * (1.0 + tax)
//! }
//!
//! let graph = price::graph();
//! assert_eq!(graph.nodes.iter().filter(|node| node.operation.name() == "mul").count(), 3);
//! println!("{graph}");           // as text
//! println!("{}", graph.to_dot()); // for Graphviz: dot -Tsvg
//! ```

use core::fmt::{self, Display, Formatter, Write};

/// A function's computational graph.
#[derive(Debug)]
pub struct Graph {
    /// The function's name.
    pub name: &'static str,
    /// Every value that the function computes, in the order of the source.
    pub nodes: &'static [Node],
    /// The regions that the nodes are in. The first is the function itself; the others are arms of branches.
    pub regions: &'static [Region],
    /// What the function returns; several if it returns early.
    pub results: &'static [Input],
}

/// A value.
#[derive(Debug)]
pub struct Node {
    /// The variable that holds it, or an invented name.
    pub name: &'static str,
    /// How it is computed.
    pub operation: Operation,
    /// The source text that computes it.
    pub source: &'static str,
    /// The line of the source.
    pub line: u32,
    /// True if it depends on a parameter that is differentiated, and the result on it: derivatives flow through it.
    pub active: bool,
    /// The region it is in.
    pub region: usize,
    /// The values it is computed from: the edges that end here.
    pub inputs: &'static [Input],
}

/// An edge: a value, or a part of one, that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// The number of the node that it comes from.
    pub node: usize,
    /// Which part of the value, such as `.x` or `[0]`; empty for the whole.
    pub part: &'static str,
}

/// How a value is computed.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    /// It is a parameter.
    Parameter,
    /// By a primitive that has a rule, see [`rules`](crate::rules).
    Primitive(&'static str),
    /// By a differentiable function.
    Call {
        /// The function's path.
        function: &'static str,
        /// The function's own graph.
        graph: fn() -> &'static Graph,
    },
    /// By a rule written by hand with `#[derivative_of]`.
    Rule(&'static str),
    /// It is put together from its inputs: a tuple, an array or a struct.
    Construct(&'static str),
    /// It is a copy of its input.
    Copy,
    /// By code through which no derivative flows.
    Opaque,
    /// It is one of its inputs: that of the arm that ran.
    Join,
}

/// The function, or an arm of a branch in it.
#[derive(Debug)]
pub struct Region {
    /// The region that it is in; none for the function.
    pub parent: Option<usize>,
    /// The condition and the arm, such as `if x > 0.0: then`.
    pub label: &'static str,
    /// How many nodes come before it.
    pub start: usize,
}

impl Operation {
    /// A short name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::Primitive(name) => name,
            Self::Call { function, .. } => function,
            Self::Rule(function) => function,
            Self::Construct(what) => what,
            Self::Copy => "copy",
            Self::Opaque => "opaque",
            Self::Join => "join",
        }
    }
}

impl Graph {
    /// The graph in the language of Graphviz. Arms of branches and called functions are boxes; what derivatives flow
    /// through is drawn in bold.
    #[must_use]
    pub fn to_dot(&self) -> Dot<'_> {
        Dot { graph: self }
    }

    /// True if derivatives flow to some result.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.results.iter().any(|input| self.nodes[input.node].active)
    }

    fn depth(&self, region: usize) -> usize {
        self.regions[region].parent.map_or(0, |parent| 1 + self.depth(parent))
    }

    fn write_input(&self, f: &mut Formatter<'_>, input: &Input) -> fmt::Result {
        write!(f, "{}{}", self.nodes[input.node].name, input.part)
    }

    fn write_inputs(&self, f: &mut Formatter<'_>, inputs: &[Input]) -> fmt::Result {
        for (position, input) in inputs.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            self.write_input(f, input)?;
        }
        Ok(())
    }

    fn write_node(&self, f: &mut Formatter<'_>, node: &Node) -> fmt::Result {
        let indent = 2 * (1 + self.depth(node.region));
        write!(f, "{:indent$}{}", "", node.name)?;
        match node.operation {
            Operation::Parameter => f.write_str(": parameter")?,
            operation => {
                write!(f, " = {}(", operation.name())?;
                self.write_inputs(f, node.inputs)?;
                f.write_char(')')?;
            }
        }
        f.write_str(if node.active { ", active" } else { ", inactive" })?;
        writeln!(f, ", line {}: {}", node.line, node.source)
    }
}

/// One line for each value, arms of branches indented.
impl Display for Graph {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "graph of {}", self.name)?;
        let mut shown = 1;
        for (number, node) in self.nodes.iter().enumerate() {
            while shown < self.regions.len() && self.regions[shown].start <= number {
                let indent = 2 * self.depth(shown);
                writeln!(f, "{:indent$}{}", "", self.regions[shown].label)?;
                shown += 1;
            }
            self.write_node(f, node)?;
        }
        for (number, region) in self.regions.iter().enumerate().skip(shown) {
            let indent = 2 * self.depth(number);
            writeln!(f, "{:indent$}{}", "", region.label)?;
        }
        f.write_str("  result: ")?;
        self.write_inputs(f, self.results)?;
        if !self.is_active() {
            f.write_str("\n  note: the result depends on no differentiated parameter")?;
        }
        Ok(())
    }
}

/// A graph in the language of Graphviz; see [`Graph::to_dot`].
#[derive(Clone, Copy, Debug)]
pub struct Dot<'g> {
    graph: &'g Graph,
}

impl Display for Dot<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "digraph {:?} {{", self.graph.name)?;
        writeln!(f, "  rankdir = LR;")?;
        writeln!(f, "  node [shape = box, style = rounded, fontname = \"sans-serif\"];")?;
        writeln!(f, "  edge [fontname = \"sans-serif\"];")?;
        let mut prefix = Prefix::default();
        self.function(f, self.graph, &mut prefix)?;
        write!(f, "}}")
    }
}

/// How deep the calls of a drawing go, so that a function that calls itself is drawn once.
#[derive(Clone, Copy, Default)]
struct Prefix {
    /// The calls so far, which number the nodes.
    calls: usize,
    depth: usize,
}

/// Called functions are drawn inside their callers up to this depth.
const DEPTH: usize = 3;

impl Dot<'_> {
    /// The nodes and edges of one function.
    fn function(&self, f: &mut Formatter<'_>, graph: &Graph, prefix: &mut Prefix) -> fmt::Result {
        let call = prefix.calls;
        self.region(f, graph, 0, call)?;
        for (number, node) in graph.nodes.iter().enumerate() {
            for input in node.inputs {
                let style = if node.active && graph.nodes[input.node].active {
                    "bold"
                } else {
                    "dashed"
                };
                writeln!(
                    f,
                    "  n{call}_{} -> n{call}_{number} [style = {style}, label = \"{}\"];",
                    input.node,
                    Escaped(input.part)
                )?;
            }
        }
        for (position, input) in graph.results.iter().enumerate() {
            writeln!(f, "  r{call}_{position} [label = \"result\", shape = plaintext];")?;
            writeln!(
                f,
                "  n{call}_{} -> r{call}_{position} [label = \"{}\"];",
                input.node,
                Escaped(input.part)
            )?;
        }
        for (number, node) in graph.nodes.iter().enumerate() {
            if let Operation::Call {
                function,
                graph: callee,
            } = node.operation
                && prefix.depth < DEPTH
            {
                prefix.calls += 1;
                let inner = prefix.calls;
                writeln!(f, "  subgraph cluster_c{inner} {{")?;
                writeln!(
                    f,
                    "  label = \"{} called for {}\";",
                    Escaped(function),
                    Escaped(node.name)
                )?;
                prefix.depth += 1;
                self.function(f, callee(), prefix)?;
                prefix.depth -= 1;
                writeln!(f, "  }}")?;
                writeln!(f, "  n{call}_{number} -> r{inner}_0 [style = dotted, dir = none];")?;
            }
        }
        Ok(())
    }

    /// The nodes of a region, with the regions inside it as boxes.
    fn region(&self, f: &mut Formatter<'_>, graph: &Graph, region: usize, call: usize) -> fmt::Result {
        for (number, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.region == region) {
            let width = if node.active { 2 } else { 1 };
            writeln!(
                f,
                "  n{call}_{number} [label = \"{}\\n{}\\nline {}: {}\", penwidth = {width}];",
                Escaped(node.name),
                Escaped(node.operation.name()),
                node.line,
                Escaped(node.source)
            )?;
        }
        for (number, inner) in graph.regions.iter().enumerate() {
            if inner.parent == Some(region) {
                writeln!(f, "  subgraph cluster_{call}_{number} {{")?;
                writeln!(f, "  label = \"{}\";", Escaped(inner.label))?;
                self.region(f, graph, number, call)?;
                writeln!(f, "  }}")?;
            }
        }
        Ok(())
    }
}

/// Text inside quotes.
struct Escaped(&'static str);

impl Display for Escaped {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if matches!(character, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        Ok(())
    }
}
