//! The static description of the program's computational graph.

use std::collections::HashMap;

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use crate::ir::signature::Signature;
use crate::ir::{
    Branch, Callee, Construct, End, Extent, Form, Head, Id, Iterations, Let, Loop, Op, Opaque, Operand, Place, Program,
    Projection, Region, Statement, text,
};

/// The function `graph`.
// Output: pub fn graph() -> &'static Graph { static GRAPH: Graph = …; &GRAPH }
pub(crate) fn graph(signature: &Signature, program: &Program) -> TokenStream {
    let krate = &signature.krate;
    let mut builder = Builder {
        krate,
        program,
        nodes: Vec::new(),
        regions: vec![quote!(#krate::graph::Region {
            parent: ::core::option::Option::None,
            label: "",
            start: 0,
        })],
        results: Vec::new(),
        ends: Vec::new(),
        numbers: HashMap::new(),
    };
    for id in &program.parameters {
        builder.node(*id, &quote!(Parameter), &[], 0);
    }
    builder.region(&program.body, 0, &mut Vec::new());
    let name = signature.name.to_string();
    let Builder {
        nodes,
        regions,
        results,
        ..
    } = builder;
    function(signature, &name, &program.items, &nodes, &regions, &results)
}

/// The graph of a function whose rule was written by hand.
pub(crate) fn rule(signature: &Signature, name: &str) -> TokenStream {
    let krate = &signature.krate;
    let regions = [quote!(#krate::graph::Region { parent: ::core::option::Option::None, label: "", start: 0 })];
    let line = Extent::at(signature.name.span()).first.start().line;
    let line = Literal::u32_unsuffixed(u32::try_from(line).unwrap_or_default());
    let mut nodes: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| {
            let (name, active) = (parameter.name.to_string(), parameter.active);
            quote!(#krate::graph::Node {
                name: #name,
                operation: #krate::graph::Operation::Parameter,
                source: #name,
                line: #line,
                active: #active,
                region: 0,
                inputs: &[],
            })
        })
        .collect();
    let inputs = (0..nodes.len()).map(|node| quote!(#krate::graph::Input { node: #node, part: "" }));
    let inputs = quote!(&[#(#inputs),*]);
    let last = nodes.len();
    nodes.push(quote!(#krate::graph::Node {
        name: "result",
        operation: #krate::graph::Operation::Rule(#name),
        source: #name,
        line: #line,
        active: true,
        region: 0,
        inputs: #inputs,
    }));
    let results = [quote!(#krate::graph::Input { node: #last, part: "" })];
    function(signature, name, &TokenStream::new(), &nodes, &regions, &results)
}

fn function(
    signature: &Signature,
    name: &str,
    items: &TokenStream,
    nodes: &[TokenStream],
    regions: &[TokenStream],
    results: &[TokenStream],
) -> TokenStream {
    let krate = &signature.krate;
    let documentation = format!("The computational graph of `{name}`.");
    let (function, visibility) = (signature.named("graph"), signature.function_visibility());
    quote! {
        #[doc = #documentation]
        #[must_use]
        #visibility fn #function() -> &'static #krate::graph::Graph {
            #items
            static GRAPH: #krate::graph::Graph = #krate::graph::Graph {
                name: #name,
                nodes: &[#(#nodes),*],
                regions: &[#(#regions),*],
                results: &[#(#results),*],
            };
            &GRAPH
        }
    }
}

struct Builder<'p> {
    krate: &'p TokenStream,
    program: &'p Program,
    nodes: Vec<TokenStream>,
    regions: Vec<TokenStream>,
    results: Vec<TokenStream>,
    /// For each loop around, the edges that join in what it carries.
    ends: Vec<Vec<Vec<TokenStream>>>,
    numbers: HashMap<Id, usize>,
}

impl Builder<'_> {
    fn node(&mut self, id: Id, operation: &TokenStream, inputs: &[TokenStream], region: usize) {
        let krate = self.krate;
        let value = self.program.value(id);
        let (name, source, active) = (value.name.to_string(), &value.text, value.active);
        let line = Literal::u32_unsuffixed(u32::try_from(value.extent.first.start().line).unwrap_or_default());
        self.numbers.insert(id, self.nodes.len());
        self.nodes.push(quote!(#krate::graph::Node {
            name: #name,
            operation: #krate::graph::Operation::#operation,
            source: #source,
            line: #line,
            active: #active,
            region: #region,
            inputs: &[#(#inputs),*],
        }));
    }

    /// The edge from an operand; none from a constant.
    fn input(&self, operand: &Operand) -> Option<TokenStream> {
        self.edge(operand.place()?)
    }

    fn edge(&self, place: &Place) -> Option<TokenStream> {
        let krate = self.krate;
        let place = self.program.underlying(place);
        let node = self.numbers.get(&place.root)?;
        let part: String = place
            .projections
            .iter()
            .map(|projection| self.part(projection))
            .collect();
        Some(quote!(#krate::graph::Input { node: #node, part: #part }))
    }

    fn part(&self, projection: &Projection) -> String {
        match projection {
            Projection::Field(member) => format!(".{}", text(member)),
            Projection::Element(position) => format!("[{}]", text(position)),
            Projection::Index(index) => format!("[{}]", self.program.operand_text(index)),
            Projection::Slice(bounds) => format!("[{}]", self.program.bounds_text(bounds)),
            Projection::Dereference(_) => String::new(),
            Projection::Payload => ".Some".to_owned(),
            Projection::Part(part) => format!(".{}", part.name),
        }
    }

    fn inputs(&self, operands: &[Operand]) -> Vec<TokenStream> {
        operands.iter().filter_map(|operand| self.input(operand)).collect()
    }

    fn mentioned(&self, code: &Opaque) -> Vec<TokenStream> {
        code.mentions
            .iter()
            .filter_map(|(_, id)| self.edge(&Place::whole(*id)))
            .collect()
    }

    /// The region's nodes. `yielded` collects, for each result of the enclosing branch, the edges that join in it.
    fn region(&mut self, region: &Region, number: usize, yielded: &mut Vec<Vec<TokenStream>>) {
        for statement in &region.statements {
            self.statement(statement, number);
        }
        match &region.end {
            End::Yield(operands) => {
                yielded.resize_with(operands.len().max(yielded.len()), Vec::new);
                for (edges, operand) in yielded.iter_mut().zip(operands) {
                    edges.extend(self.input(operand));
                }
            }
            End::Next(operands) => {
                if let Some(ends) = self.ends.last_mut() {
                    ends.resize_with(operands.len().max(ends.len()), Vec::new);
                }
                for (index, operand) in operands.iter().enumerate() {
                    let edge = self.input(operand);
                    if let Some(ends) = self.ends.last_mut() {
                        ends[index].extend(edge);
                    }
                }
            }
            End::Leave(operand) => {
                let edge = self.input(operand);
                self.results.extend(edge);
            }
            End::Diverge => {}
            End::Split(branch, rest) => {
                self.branch(branch, number, None);
                self.region(rest, number, yielded);
            }
            End::Tail(branch) => self.branch(branch, number, Some(yielded)),
        }
    }

    fn statement(&mut self, statement: &Statement, region: usize) {
        match statement {
            Statement::Let(step) => self.operation(step, region),
            Statement::Bind(_) => {}
            Statement::Verbatim(verbatim) => {
                let inputs = self.mentioned(&verbatim.code);
                let written = verbatim.writes.iter().map(|write| write.after);
                for id in verbatim.defines.iter().copied().chain(written) {
                    self.node(id, &quote!(Opaque), &inputs, region);
                }
            }
            Statement::Branch(branch) => self.branch(branch, region, None),
            Statement::Loop(inner) => self.iteration(inner, region),
        }
    }

    /// The body as a region. What is carried joins what was there before with what an iteration hands on.
    fn iteration(&mut self, inner: &Loop, region: usize) {
        let krate = self.krate;
        let label = self.program.iterations_text(&inner.iterations);
        let (number, start) = (self.regions.len(), self.nodes.len());
        self.regions.push(quote!(#krate::graph::Region {
            parent: ::core::option::Option::Some(#region),
            label: #label,
            start: #start,
        }));
        for carried in &inner.carried {
            let edges: Vec<_> = self.input(&carried.before).into_iter().collect();
            self.node(carried.start, &quote!(Join), &edges, number);
        }
        if let Iterations::Each { items, bindings, .. } = &inner.iterations {
            let edges = self.mentioned(items);
            for id in bindings {
                self.node(*id, &quote!(Opaque), &edges, number);
            }
        }
        self.ends.push(Vec::new());
        self.region(&inner.body, number, &mut Vec::new());
        let ends = self.ends.pop().unwrap_or_default();
        for (index, carried) in inner.carried.iter().enumerate() {
            let mut edges = ends.get(index).cloned().unwrap_or_default();
            edges.extend(self.input(&carried.before));
            self.node(carried.after, &quote!(Join), &edges, region);
        }
    }

    fn operation(&mut self, step: &Let, region: usize) {
        let inputs = self.inputs(&step.operands);
        match &step.op {
            Op::Primitive { name, .. } => self.node(step.value, &quote!(Primitive(#name)), &inputs, region),
            Op::Call(callee) if self.program.value(step.value).active => {
                let call = self.call(callee);
                self.node(step.value, &call, &inputs, region);
            }
            Op::Call(_) | Op::CallTangent(_) | Op::Push { .. } | Op::Zero | Op::Tangent => {
                self.node(step.value, &quote!(Opaque), &inputs, region)
            }
            Op::Construct(construct) => {
                let what = what(construct);
                self.node(step.value, &quote!(Construct(#what)), &inputs, region);
            }
            Op::Copy(_) | Op::Update(_) => self.node(step.value, &quote!(Copy), &inputs, region),
            Op::Opaque { code, writes, .. } => {
                let inputs = self.mentioned(code);
                self.node(step.value, &quote!(Opaque), &inputs, region);
                for write in writes {
                    self.node(write.after, &quote!(Opaque), &inputs, region);
                }
            }
        }
    }

    fn call(&self, callee: &Callee) -> TokenStream {
        let krate = self.krate;
        let Callee { import, name, form, .. } = callee;
        let function = text(import);
        if !matches!(form, Form::Function) {
            return quote!(Call { function: #function, graph: #krate::expansion::no_graph });
        }
        let import = quote_spanned!(name.span()=> use #import as __callee;);
        quote!(Call {
            function: #function,
            graph: {
                fn __graph() -> &'static #krate::graph::Graph {
                    // What the name means if it has no derivative, which the call reports.
                    use #krate::expansion::Missing as __callee;
                    {
                        #import
                        use #krate::expansion::graphs::{Known as _, Unknown as _};
                        (&#krate::expansion::GraphOf::<__callee>::new()).graph()
                    }
                }
                __graph
            },
        })
    }

    /// The arms as regions, and the results as joins. At the end of a region, the arms yield for the region.
    fn branch(&mut self, branch: &Branch, region: usize, outer: Option<&mut Vec<Vec<TokenStream>>>) {
        let krate = self.krate;
        let mut own = Vec::new();
        let yielded = match outer {
            Some(outer) => outer,
            None => &mut own,
        };
        for (index, arm) in branch.arms.iter().enumerate() {
            let label = self.label(branch, index);
            let (number, start) = (self.regions.len(), self.nodes.len());
            self.regions.push(quote!(#krate::graph::Region {
                parent: ::core::option::Option::Some(#region),
                label: #label,
                start: #start,
            }));
            for id in &arm.bindings {
                if !self.program.value(*id).active {
                    self.node(*id, &quote!(Opaque), &[], number);
                }
            }
            self.region(&arm.region, number, yielded);
        }
        for (position, id) in branch.results.iter().enumerate() {
            let edges = own.get(position).cloned().unwrap_or_default();
            self.node(*id, &quote!(Join), &edges, region);
        }
    }

    fn label(&self, branch: &Branch, index: usize) -> String {
        match &branch.head {
            Head::If(condition) => {
                let arm = if index == 0 { "then" } else { "else" };
                format!("if {}: {arm}", text(&condition.tokens))
            }
            head => {
                let arm = &branch.arms[index];
                let guard = arm.guard.iter().map(|guard| format!(" if {}", text(&guard.tokens)));
                let guard: String = guard.collect();
                format!(
                    "match {}: {}{guard}",
                    self.program.scrutinee_text(head),
                    text(&arm.pattern)
                )
            }
        }
    }
}

fn what(construct: &Construct) -> String {
    match construct {
        Construct::Tuple => "tuple".to_owned(),
        Construct::Array | Construct::Repeat(_) | Construct::RepeatVec(_) => "array".to_owned(),
        Construct::TupleStruct(path) | Construct::Struct { path, .. } => text(path),
    }
}
