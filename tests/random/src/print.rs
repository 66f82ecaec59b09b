//! Programs as Rust source.
//!
//! The source with derivatives and the source without have the same lines, so that a warning of the first that the second
//! does not have is the macro's.

use std::fmt::Write as _;

use crate::program::{
    Arm, Block, Closure, Comparison, End, Entry, Enum, Expr, Function, Items, Operator, Pattern, Program, Statement,
    Struct, Type, operation,
};

/// Whether the attributes of `tapeless` are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivative {
    /// With `#[differentiable]`.
    Present,
    /// The primal alone; in place of attributes there are empty lines.
    Absent,
}

/// The items of a program.
#[must_use]
pub fn program(program: &Program, derivative: Derivative) -> String {
    let mut printer = Printer {
        text: String::new(),
        indent: 0,
        derivative,
        forward: program.entry == Entry::JvpMany,
    };
    if mentions_kind(program) {
        printer.kind();
    }
    for (name, value) in &program.constants {
        printer.line(&format!("const {name}: f64 = {};", real(*value)));
    }
    for structure in &program.structs {
        printer.structure(structure);
    }
    for enumeration in &program.enums {
        printer.enumeration(enumeration);
    }
    for function in &program.functions {
        printer.function(function);
    }
    printer.text
}

/// True if the program needs the enum `Kind`.
#[must_use]
pub fn mentions_kind(program: &Program) -> bool {
    let parameters = program.functions.iter().flat_map(|function| &function.parameters);
    let fields = program.structs.iter().flat_map(|structure| &structure.fields);
    parameters
        .map(|parameter| &parameter.ty)
        .chain(fields.map(|field| &field.ty))
        .any(|ty| *ty.referent() == Type::Kind)
}

/// A type.
#[must_use]
pub fn ty(ty: &Type) -> String {
    match ty {
        Type::Real => "f64".to_owned(),
        Type::Usize => "usize".to_owned(),
        Type::I32 => "i32".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Unit => "()".to_owned(),
        Type::Array(element, length) => format!("[{}; {length}]", self::ty(element)),
        Type::Tuple(elements) => tuple(elements.iter().map(self::ty).collect()),
        Type::Struct(name) | Type::Enum(name) => name.clone(),
        Type::Kind => "Kind".to_owned(),
        Type::Choice => "Option<usize>".to_owned(),
        Type::Maybe => "Option<f64>".to_owned(),
        Type::Reference(inner) => format!("&{}", self::ty(inner)),
        Type::Mutable(inner) => format!("&mut {}", self::ty(inner)),
    }
}

/// A number, exactly.
#[must_use]
pub fn real(value: f64) -> String {
    format!("{value:?}")
}

/// An expression on one line or several.
#[must_use]
pub fn expression(expr: &Expr) -> String {
    let mut printer = Printer {
        text: String::new(),
        indent: 0,
        derivative: Derivative::Absent,
        forward: false,
    };
    printer.expr(expr);
    printer.text
}

/// `(a, b)`, with a comma for a single element.
pub(crate) fn tuple(elements: Vec<String>) -> String {
    match &elements[..] {
        [single] => format!("({single},)"),
        elements => format!("({})", elements.join(", ")),
    }
}

struct Printer {
    text: String,
    indent: usize,
    derivative: Derivative,
    /// True if the functions have forward mode too.
    forward: bool,
}

impl Printer {
    fn line(&mut self, line: &str) {
        self.start();
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn start(&mut self) {
        self.text.push_str(&"    ".repeat(self.indent));
    }

    fn kind(&mut self) {
        self.line("#[derive(Clone, Copy, Debug, PartialEq)]");
        self.line("pub enum Kind {");
        self.line("    Linear,");
        self.line("    Power(i32),");
        self.line("    Scaled { factor: f64 },");
        self.line("}");
    }

    fn present(&self) -> bool {
        self.derivative == Derivative::Present
    }

    fn structure(&mut self, structure: &Struct) {
        let derive = if self.present() { "Differentiable, " } else { "" };
        self.line(&format!("#[derive({derive}Clone, Copy, Debug, PartialEq)]"));
        let (open, close) = if structure.positional { ("(", ");") } else { (" {", "}") };
        self.line(&format!("pub struct {}{open}", structure.name));
        self.indent += 1;
        for field in &structure.fields {
            let mark = if field.no_diff && self.present() {
                "#[no_diff] "
            } else {
                ""
            };
            let name = if structure.positional {
                String::new()
            } else {
                format!("{}: ", field.name)
            };
            self.line(&format!("{mark}pub {name}{},", ty(&field.ty)));
        }
        self.indent -= 1;
        self.line(close);
    }

    fn enumeration(&mut self, enumeration: &Enum) {
        let derive = if self.present() { "Differentiable, " } else { "" };
        self.line(&format!("#[derive({derive}Clone, Copy, Debug, PartialEq)]"));
        self.line(&format!("pub enum {} {{", enumeration.name));
        for variant in &enumeration.variants {
            let name = variant.name.rsplit("::").next().unwrap_or_default();
            let fields = variant.fields.iter();
            let fields: Vec<_> = if variant.positional {
                fields.map(|field| ty(&field.ty)).collect()
            } else {
                fields
                    .map(|field| format!("{}: {}", field.name, ty(&field.ty)))
                    .collect()
            };
            let fields = fields.join(", ");
            self.line(&match (variant.fields.is_empty(), variant.positional) {
                (true, _) => format!("    {name},"),
                (false, true) => format!("    {name}({fields}),"),
                (false, false) => format!("    {name} {{ {fields} }},"),
            });
        }
        self.line("}");
    }

    fn function(&mut self, function: &Function) {
        let forward = self.forward.then(|| "forward".to_owned());
        let checkpoints = function.checkpoints.map(|count| format!("checkpoints = {count}"));
        let arguments: Vec<_> = forward.into_iter().chain(checkpoints).collect();
        let attribute = match arguments.is_empty() {
            true => "#[differentiable]".to_owned(),
            false => format!("#[differentiable({})]", arguments.join(", ")),
        };
        self.line(if self.present() { &attribute } else { "" });
        let operation = function.owner.as_ref().and_then(|_| operation(&function.name));
        if let Some(owner) = &function.owner {
            match (operation, function.parameters.get(1)) {
                (Some(operation), Some(other)) => {
                    let (other, result) = (ty(&other.ty), ty(&function.result));
                    self.line(&format!("impl std::ops::{}<{other}> for {owner} {{", operation.trait_));
                    self.indent += 1;
                    self.line(&format!("type Output = {result};"));
                }
                _ => {
                    self.line(&format!("impl {owner} {{"));
                    self.indent += 1;
                }
            }
        }
        let parameters: Vec<_> = function
            .parameters
            .iter()
            .map(|parameter| {
                let mark = if parameter.no_diff && self.present() {
                    "#[no_diff] "
                } else {
                    ""
                };
                match (pattern(&parameter.pattern).as_str(), &parameter.ty) {
                    ("self", Type::Reference(_)) => format!("{mark}&self"),
                    ("self", Type::Mutable(_)) => format!("{mark}&mut self"),
                    (name @ ("self" | "mut self"), _) => format!("{mark}{name}"),
                    (pattern, of) => format!("{mark}{pattern}: {}", ty(of)),
                }
            })
            .collect();
        self.start();
        let visibility = if operation.is_some() { "" } else { "pub " };
        let _ = write!(
            self.text,
            "{visibility}fn {}({}) ",
            function.name,
            parameters.join(", "),
        );
        if function.result != Type::Unit {
            let _ = write!(self.text, "-> {} ", ty(&function.result));
        }
        self.block(&function.body);
        self.text.push('\n');
        if function.owner.is_some() {
            self.indent -= 1;
            self.line("}");
        }
    }

    /// A block in braces, from the current column on.
    fn block(&mut self, block: &Block) {
        if block.statements.is_empty() && block.value.is_none() {
            self.text.push_str("{}");
            return;
        }
        self.text.push_str("{\n");
        self.indent += 1;
        for statement in &block.statements {
            self.start();
            self.statement(statement);
            self.text.push('\n');
        }
        if let Some(value) = &block.value {
            self.start();
            self.tail(value);
            self.text.push('\n');
        }
        self.indent -= 1;
        self.start();
        self.text.push('}');
    }

    /// An expression at the start of a statement.
    fn tail(&mut self, expr: &Expr) {
        self.expr(expr);
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let {
                pattern: bound,
                ty: written,
                init,
                otherwise,
            } => {
                let _ = write!(self.text, "let {}", pattern(bound));
                if let Some(written) = written {
                    let _ = write!(self.text, ": {}", ty(written));
                }
                if let Some(init) = init {
                    self.text.push_str(" = ");
                    self.expr(init);
                }
                if let Some(otherwise) = otherwise {
                    self.text.push_str(" else ");
                    self.block(otherwise);
                }
                self.text.push(';');
            }
            Statement::Assign { place, operator, value } => {
                self.expr(place);
                let _ = write!(self.text, " {}= ", operator.map_or("", symbol));
                self.expr(value);
                self.text.push(';');
            }
            Statement::Constant(name, value) => {
                let _ = write!(self.text, "const {name}: f64 = {};", real(*value));
            }
            Statement::Closure { name, closure } => {
                let _ = write!(self.text, "let {name} = ");
                self.closure(closure);
                self.text.push(';');
            }
            Statement::Expr(expr) => {
                self.expr(expr);
                if !is_block_like(expr) {
                    self.text.push(';');
                }
            }
            Statement::Assert(condition) => {
                self.text.push_str("assert!(");
                self.expr(condition);
                self.text.push_str(");");
            }
        }
    }

    fn closure(&mut self, closure: &Closure) {
        let parameters: Vec<_> = closure
            .parameters
            .iter()
            .map(|(bound, annotated)| format!("{}: {}", pattern(bound), ty(annotated)))
            .collect();
        if closure.moves {
            self.text.push_str("move ");
        }
        let _ = write!(self.text, "|{}| ", parameters.join(", "));
        if let Some(result) = &closure.result {
            let _ = write!(self.text, "-> {} ", ty(result));
            if !matches!(&*closure.body, Expr::Block(None, _)) {
                self.text.push_str("{ ");
                self.expr(&closure.body);
                self.text.push_str(" }");
                return;
            }
        }
        self.expr(&closure.body);
    }

    /// A closure in a chain, which knows the types of its parameters.
    fn inferred(&mut self, closure: &Closure) {
        let parameters: Vec<_> = closure.parameters.iter().map(|(bound, _)| pattern(bound)).collect();
        let _ = write!(self.text, "|{}| ", parameters.join(", "));
        self.expr(&closure.body);
    }

    /// An operand: in parentheses unless it binds tighter than every operator.
    fn operand(&mut self, expr: &Expr) {
        if is_atom(expr) {
            self.expr(expr);
        } else {
            self.text.push('(');
            self.expr(expr);
            self.text.push(')');
        }
    }

    /// A condition or a scrutinee, where a struct literal would be taken for a block.
    fn head(&mut self, expr: &Expr) {
        let printed = expression(expr);
        if printed.contains('{') {
            self.text.push('(');
            self.expr(expr);
            self.text.push(')');
        } else {
            self.expr(expr);
        }
    }

    fn list(&mut self, exprs: &[Expr]) {
        for (index, expr) in exprs.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.expr(expr);
        }
    }

    fn label(&mut self, label: Option<&String>) {
        if let Some(label) = label {
            let _ = write!(self.text, "'{label}: ");
        }
    }

    fn otherwise(&mut self, otherwise: Option<&Block>) {
        let Some(block) = otherwise else { return };
        self.text.push_str(" else ");
        match (&block.statements[..], block.value.as_deref()) {
            ([], Some(nested @ (Expr::If(..) | Expr::IfLet(..))))
            | ([Statement::Expr(nested @ (Expr::If(..) | Expr::IfLet(..)))], None) => self.expr(nested),
            _ => self.block(block),
        }
    }

    fn infix(&mut self, left: &Expr, operator: &str, right: &Expr) {
        self.operand(left);
        let _ = write!(self.text, " {operator} ");
        self.operand(right);
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Real(value, suffix) => {
                let _ = write!(self.text, "{}{}", real(*value), if *suffix { "_f64" } else { "" });
            }
            Expr::Int(value, suffix) => {
                let _ = write!(self.text, "{value}");
                if let Some(suffix) = suffix {
                    let _ = write!(self.text, "_{}", ty(suffix));
                }
            }
            Expr::Bool(value) => {
                let _ = write!(self.text, "{value}");
            }
            Expr::Unit => self.text.push_str("()"),
            Expr::Variable(name) | Expr::Path(name) => self.text.push_str(name),
            Expr::Field(base, name) => {
                self.operand(base);
                let _ = write!(self.text, ".{name}");
            }
            Expr::Index(base, index) => {
                self.operand(base);
                self.text.push('[');
                self.expr(index);
                self.text.push(']');
            }
            Expr::Borrow(base) => self.prefix("&", base),
            Expr::BorrowMut(base) => self.prefix("&mut ", base),
            Expr::Dereference(base) => self.prefix("*", base),
            Expr::Negate(base) => self.prefix("-", base),
            Expr::Not(base) => self.prefix("!", base),
            Expr::Binary(operator, left, right) => self.infix(left, symbol(*operator), right),
            Expr::Compare(comparison, left, right) => self.infix(left, relation(*comparison), right),
            Expr::Logic(and, left, right) => self.infix(left, if *and { "&&" } else { "||" }, right),
            Expr::Method(name, receiver, arguments) => {
                self.operand(receiver);
                let _ = write!(self.text, ".{name}(");
                self.list(arguments);
                self.text.push(')');
            }
            Expr::Associated(name, arguments) => self.call(&format!("f64::{name}"), arguments),
            Expr::Cast(base, target) => {
                self.operand(base);
                let _ = write!(self.text, " as {}", ty(target));
            }
            Expr::Tuple(elements) => {
                self.text.push('(');
                self.list(elements);
                self.text.push_str(if elements.len() == 1 { ",)" } else { ")" });
            }
            Expr::Array(elements) => {
                self.text.push('[');
                self.list(elements);
                self.text.push(']');
            }
            Expr::Repeat(element, length) => {
                self.text.push('[');
                self.expr(element);
                let _ = write!(self.text, "; {length}]");
            }
            Expr::Struct(name, fields, rest) => self.struct_literal(name, fields, rest.as_deref()),
            Expr::TupleStruct(name, arguments) | Expr::Call(name, arguments) | Expr::CallClosure(name, arguments) => {
                self.call(name, arguments);
            }
            Expr::CallMethod(name, arguments) => {
                if let (Some(operation), [left, right]) = (operation(name), &arguments[..]) {
                    self.text.push('(');
                    self.operand(left);
                    let _ = write!(self.text, " {} ", operation.operator);
                    self.operand(right);
                    self.text.push(')');
                } else if let Some((receiver, arguments)) = arguments.split_first() {
                    match receiver {
                        Expr::Borrow(place) | Expr::BorrowMut(place) => self.operand(place),
                        place => self.operand(place),
                    }
                    self.call(&format!(".{name}"), arguments);
                }
            }
            Expr::Chain(items, end) => {
                self.items(items);
                match end {
                    End::Sum => self.text.push_str(".sum::<f64>()"),
                    End::Product => self.text.push_str(".product::<f64>()"),
                    End::Fold(init, closure) => {
                        self.text.push_str(".fold(");
                        self.expr(init);
                        self.text.push_str(", ");
                        self.inferred(closure);
                        self.text.push(')');
                    }
                }
            }
            Expr::CallInPlace(closure, arguments) => {
                self.text.push('(');
                self.closure(closure);
                self.text.push(')');
                self.call("", arguments);
            }
            Expr::StopGradient(inner) => self.call("stop_gradient", std::slice::from_ref(inner)),
            Expr::Block(label, block) => {
                self.label(label.as_ref());
                self.block(block);
            }
            Expr::If(condition, then, otherwise) => {
                self.text.push_str("if ");
                self.head(condition);
                self.text.push(' ');
                self.block(then);
                self.otherwise(otherwise.as_ref());
            }
            Expr::IfLet(bound, scrutinee, then, otherwise) => {
                let _ = write!(self.text, "if let {} = ", pattern(bound));
                self.head(scrutinee);
                self.text.push(' ');
                self.block(then);
                self.otherwise(otherwise.as_ref());
            }
            Expr::Match(scrutinee, arms) => {
                self.text.push_str("match ");
                self.head(scrutinee);
                self.text.push_str(" {\n");
                self.indent += 1;
                arms.iter().for_each(|arm| self.arm(arm));
                self.indent -= 1;
                self.start();
                self.text.push('}');
            }
            Expr::For(label, name, low, high, inclusive, body) => {
                self.label(label.as_ref());
                let _ = write!(self.text, "for {name} in ");
                self.operand(low);
                self.text.push_str(if *inclusive { "..=" } else { ".." });
                self.operand(high);
                self.text.push(' ');
                self.block(body);
            }
            Expr::ForEach(label, bound, items, body) => {
                self.label(label.as_ref());
                let _ = write!(self.text, "for {} in ", pattern(bound));
                self.items(items);
                self.text.push(' ');
                self.block(body);
            }
            Expr::WhileLet(label, bound, scrutinee, body) => {
                self.label(label.as_ref());
                let _ = write!(self.text, "while let {} = ", pattern(bound));
                self.head(scrutinee);
                self.text.push(' ');
                self.block(body);
            }
            Expr::While(label, condition, body) => {
                self.label(label.as_ref());
                self.text.push_str("while ");
                self.head(condition);
                self.text.push(' ');
                self.block(body);
            }
            Expr::Loop(label, body) => {
                self.label(label.as_ref());
                self.text.push_str("loop ");
                self.block(body);
            }
            Expr::Return(value) => {
                self.text.push_str("return ");
                self.expr(value);
            }
            Expr::Break(label, value) => {
                self.text.push_str("break");
                if let Some(label) = label {
                    let _ = write!(self.text, " '{label}");
                }
                if let Some(value) = value {
                    self.text.push(' ');
                    self.operand(value);
                }
            }
            Expr::Continue(label) => {
                self.text.push_str("continue");
                if let Some(label) = label {
                    let _ = write!(self.text, " '{label}");
                }
            }
        }
    }

    fn items(&mut self, items: &Items) {
        match items {
            Items::Array(array) => self.head(array),
            Items::Iter(array) => {
                self.operand(array);
                self.text.push_str(".iter()");
            }
            Items::Enumerate(items) => {
                self.items(items);
                self.text.push_str(".enumerate()");
            }
            Items::Zip(left, right) => {
                self.items(left);
                self.text.push_str(".zip(");
                self.items(right);
                self.text.push(')');
            }
            Items::Rev(items) => {
                self.items(items);
                self.text.push_str(".rev()");
            }
            Items::Range(low, high) => {
                self.text.push('(');
                self.operand(low);
                self.text.push_str("..");
                self.operand(high);
                self.text.push(')');
            }
            Items::Map(items, closure) => self.adapter(items, "map", closure),
            Items::Filter(items, closure) => self.adapter(items, "filter", closure),
            Items::Take(items, count) => {
                self.items(items);
                let _ = write!(self.text, ".take({count})");
            }
            Items::Skip(items, count) => {
                self.items(items);
                let _ = write!(self.text, ".skip({count})");
            }
        }
    }

    fn adapter(&mut self, items: &Items, name: &str, closure: &Closure) {
        self.items(items);
        let _ = write!(self.text, ".{name}(");
        self.inferred(closure);
        self.text.push(')');
    }

    fn prefix(&mut self, symbol: &str, base: &Expr) {
        self.text.push_str(symbol);
        self.operand(base);
    }

    fn call(&mut self, function: &str, arguments: &[Expr]) {
        let _ = write!(self.text, "{function}(");
        self.list(arguments);
        self.text.push(')');
    }

    fn struct_literal(&mut self, name: &str, fields: &[(String, Expr)], rest: Option<&Expr>) {
        let _ = write!(self.text, "{name} {{ ");
        for (index, (field, value)) in fields.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            if matches!(value, Expr::Variable(variable) if variable == field) {
                self.text.push_str(field);
            } else {
                let _ = write!(self.text, "{field}: ");
                self.expr(value);
            }
        }
        if let Some(rest) = rest {
            self.text.push_str(if fields.is_empty() { ".." } else { ", .." });
            self.expr(rest);
        }
        self.text.push_str(" }");
    }

    fn arm(&mut self, arm: &Arm) {
        self.start();
        self.text.push_str(&pattern(&arm.pattern));
        if let Some(guard) = &arm.guard {
            self.text.push_str(" if ");
            self.expr(guard);
        }
        self.text.push_str(" => ");
        self.expr(&arm.body);
        self.text.push_str(",\n");
    }
}

/// A pattern.
#[must_use]
pub fn pattern(bound: &Pattern) -> String {
    let list = |patterns: &[Pattern], rest: bool| {
        let mut printed: Vec<_> = patterns.iter().map(pattern).collect();
        if rest {
            printed.push("..".to_owned());
        }
        printed
    };
    match bound {
        Pattern::Wild => "_".to_owned(),
        Pattern::Name {
            name,
            mutable,
            by_reference,
        } => {
            let by_reference = if *by_reference { "ref " } else { "" };
            let mutable = if *mutable { "mut " } else { "" };
            format!("{by_reference}{mutable}{name}")
        }
        Pattern::At(name, inner) => match &**inner {
            Pattern::Or(_) => format!("{name} @ ({})", pattern(inner)),
            _ => format!("{name} @ {}", pattern(inner)),
        },
        Pattern::Tuple(elements, rest) => tuple(list(elements, *rest)),
        Pattern::Array(elements, rest) => format!("[{}]", list(elements, *rest).join(", ")),
        Pattern::Struct(name, fields, rest) => {
            let mut printed: Vec<_> = fields
                .iter()
                .map(|(field, inner)| {
                    let inner = pattern(inner);
                    if inner == *field {
                        inner
                    } else {
                        format!("{field}: {inner}")
                    }
                })
                .collect();
            if *rest {
                printed.push("..".to_owned());
            }
            format!("{name} {{ {} }}", printed.join(", "))
        }
        Pattern::TupleStruct(name, elements) => format!("{name}({})", list(elements, false).join(", ")),
        Pattern::Path(path) => path.clone(),
        // `&mut x` would be a pattern for a mutable reference.
        Pattern::Reference(inner) => match &**inner {
            Pattern::Name { mutable: true, .. } => format!("&({})", pattern(inner)),
            _ => format!("&{}", pattern(inner)),
        },
        Pattern::Int(value) => value.to_string(),
        Pattern::IntRange(low, high) => format!("{low}..={high}"),
        Pattern::Bool(value) => value.to_string(),
        Pattern::RealRange(low, high) => {
            let end = |value: &Option<f64>| value.map(real).unwrap_or_default();
            format!("{}..{}", end(low), end(high))
        }
        Pattern::Or(cases) => list(cases, false).join(" | "),
    }
}

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mul => "*",
        Operator::Div => "/",
        Operator::Rem => "%",
    }
}

fn relation(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
    }
}

/// True if the expression ends in a brace and needs no semicolon as a statement.
fn is_block_like(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Block(..)
            | Expr::If(..)
            | Expr::IfLet(..)
            | Expr::Match(..)
            | Expr::For(..)
            | Expr::ForEach(..)
            | Expr::WhileLet(..)
            | Expr::While(..)
            | Expr::Loop(..)
    )
}

/// True if the expression binds tighter than every operator.
fn is_atom(expr: &Expr) -> bool {
    match expr {
        Expr::Real(value, _) => *value >= 0.0 && value.is_sign_positive(),
        Expr::Int(value, _) => *value >= 0,
        Expr::Bool(_)
        | Expr::Unit
        | Expr::Variable(_)
        | Expr::Path(_)
        | Expr::Field(..)
        | Expr::Index(..)
        | Expr::Method(..)
        | Expr::Associated(..)
        | Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::Repeat(..)
        | Expr::TupleStruct(..)
        | Expr::Call(..)
        | Expr::CallMethod(..)
        | Expr::Chain(..)
        | Expr::CallClosure(..)
        | Expr::CallInPlace(..)
        | Expr::StopGradient(_) => true,
        _ => false,
    }
}
