//! The intermediate representation: three-address code in static single assignment with structured control flow.
//!
//! A function is a region: a list of statements and an end. Each active operation of the user's source is one statement
//! that gives one value a name; what touches no derivative stays as the user's own tokens, in statements and operands
//! called opaque. A variable that is assigned anew is a new value each time; where branches meet, a value joins
//! theirs. The reverse pass turns a program into an [`adjoint`] program over the same values.
//!
//! This module is the ground floor: it knows neither `syn` nor how code is emitted.

pub(crate) mod adjoint;
mod display;
pub(crate) mod primitives;
pub(crate) mod signature;
mod text;
pub(crate) mod verify;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
pub(crate) use text::text;

/// A value of the program, an index into [`Program::values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id(pub(crate) usize);

/// A function as the passes see it.
#[derive(Debug)]
pub(crate) struct Program {
    /// Every value, in the order of creation. A value is defined once: by a parameter, a statement or a branch.
    pub(crate) values: Vec<Value>,
    /// The values that are tangents of others; none but in what the forward transform makes.
    pub(crate) tangents: BTreeSet<Id>,
    /// The values that are pairs of a value and its tangent: what calls with tangents give.
    pub(crate) pairs: BTreeSet<Id>,
    /// The values that the function returns as a whole, whose tangents are made from them.
    pub(crate) returned: BTreeSet<Id>,
    /// The results of operations that may be ones of the user's own types.
    pub(crate) own: BTreeSet<Id>,
    /// The values of the parameters, in the order of the signature.
    pub(crate) parameters: Vec<Id>,
    /// The function's result, which every end that leaves defines.
    pub(crate) result: Id,
    /// The function's body. Control does not go on behind it.
    pub(crate) body: Region,
    /// Functions, constants and imports declared inside the body, as the user wrote them.
    pub(crate) items: TokenStream,
}

impl Program {
    pub(crate) fn value(&self, id: Id) -> &Value {
        &self.values[id.0]
    }

    /// The place with its root, if that is a view, replaced by what it is a view of.
    pub(crate) fn underlying(&self, place: &Place) -> Place {
        match &self.value(place.root).kind {
            ValueKind::View { place: inner, .. } => {
                let mut projections = inner.projections.clone();
                projections.extend(place.projections.iter().cloned());
                Place {
                    root: inner.root,
                    projections,
                }
            }
            _ => place.clone(),
        }
    }

    /// True if the place is a tangent, or inside one.
    pub(crate) fn is_tangent(&self, place: &Place) -> bool {
        let second =
            || matches!(place.projections.first(), Some(Projection::Field(member)) if member.to_string() == "1");
        self.tangents.contains(&place.root) || (self.pairs.contains(&place.root) && second())
    }

    /// True if what the operand holds depends on a parameter that is differentiated.
    pub(crate) fn is_active(&self, operand: &Operand) -> bool {
        operand.place().is_some_and(|place| self.value(place.root).active)
    }
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// The variable that holds it in the generated forward code. Unique in the program.
    pub(crate) name: Ident,
    /// Where it stands in the source.
    pub(crate) extent: Extent,
    /// The source text that computes it.
    pub(crate) text: String,
    /// True if the user gave it no name.
    pub(crate) temporary: bool,
    /// True if it is the result of an operation to which the user gave a type.
    pub(crate) ascribed: bool,
    /// True if it depends on a parameter that is differentiated.
    pub(crate) varies: bool,
    /// The same, narrowed by the activity pass to what the result depends on.
    pub(crate) active: bool,
    pub(crate) kind: ValueKind,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum ValueKind {
    /// A parameter, by reference or by value.
    Parameter { by_reference: bool },
    /// The result of an operation: an owned value.
    Result,
    /// What the user's own tokens computed; it may be a reference. Never active.
    Opaque,
    /// The same, where the variable is a reference to what the user's variable is: what a pattern bound of a value that is only
    /// looked at. Never active.
    Behind,
    /// The result of a branch: one of the arms' values.
    Joined,
    /// What a carried variable holds at the start or the end of an iteration.
    Carried,
    /// Another name for a place inside another value. The place's root is not itself a view.
    View { place: Place, view: View },
}

/// What the variable of a view holds in the generated forward code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// What the user's own pattern bound.
    Bound,
    /// A reference, as the user wrote it.
    Borrowed,
    /// A reference where the user wrote a value: it stands for the place behind it.
    Named,
}

/// The first and the last token of a piece of source. An expression that generated code builds between these two spans
/// has the same span as the user's, so that identical errors merge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) first: Span,
    pub(crate) last: Span,
}

impl Extent {
    /// The extent of a non-empty run of tokens.
    pub(crate) fn of(tokens: &TokenStream) -> Self {
        let mut trees = tokens.clone().into_iter();
        let first = trees.next();
        let last = trees.last().or_else(|| first.clone());
        Self {
            first: first.map_or_else(Span::call_site, |tree| match tree {
                TokenTree::Group(group) => group.span_open(),
                tree => tree.span(),
            }),
            last: last.map_or_else(Span::call_site, |tree| match tree {
                TokenTree::Group(group) => group.span_close(),
                tree => tree.span(),
            }),
        }
    }

    /// The extent of a single token.
    pub(crate) fn at(span: Span) -> Self {
        Self {
            first: span,
            last: span,
        }
    }
}

/// Statements, and how control goes on after them.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) statements: Vec<Statement>,
    pub(crate) end: End,
}

/// How control goes on at the end of a region.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// The region's values, one for each result of the branch that it is an arm of.
    Yield(Vec<Operand>),
    /// The function returns this.
    Leave(Operand),
    /// The iteration of the loop around is over: what its carried variables hold now, and, if the loop has an exit flag,
    /// whether this was the last one.
    Next(Vec<Operand>),
    /// The last statement, such as `panic!`, never ends.
    Diverge,
    /// A branch some of whose arms leave; the rest runs after those that do not.
    Split(Box<Branch>, Box<Region>),
    /// A branch whose arms' ends are the region's own. It has no results.
    Tail(Box<Branch>),
}

#[derive(Clone, Debug)]
pub(crate) enum Statement {
    Let(Let),
    Bind(Bind),
    Verbatim(Verbatim),
    Branch(Branch),
    Loop(Box<Loop>),
}

/// An operation, and the value that it defines.
#[derive(Clone, Debug)]
pub(crate) struct Let {
    pub(crate) value: Id,
    pub(crate) op: Op,
    /// In the order of the rule; see [`Op`] for their number.
    pub(crate) operands: Vec<Operand>,
    /// The type the user wrote for it, if any.
    pub(crate) ascription: Option<TokenStream>,
}

/// A pattern taking a place apart. Its bindings are views.
#[derive(Clone, Debug)]
pub(crate) struct Bind {
    /// The pattern, with a type if the user wrote one.
    pub(crate) pattern: TokenStream,
    pub(crate) source: Operand,
    pub(crate) bindings: Vec<Id>,
    /// True if the pattern is a name for the source's place; see [`View::Named`].
    pub(crate) named: bool,
}

/// The user's own statement. It touches no derivative.
#[derive(Clone, Debug)]
pub(crate) struct Verbatim {
    pub(crate) code: Opaque,
    /// Variables that it may write to: in which value it finds each, and which value holds it afterwards.
    pub(crate) writes: Vec<Write>,
    /// Values that it defines by a pattern of its own.
    pub(crate) defines: Vec<Id>,
}

/// A variable that opaque code may write to.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) variable: Ident,
    pub(crate) before: Id,
    pub(crate) after: Id,
}

/// A conditional. Exactly one arm runs.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    /// Unique in the program; names what the forward sweep keeps of the arm that ran.
    pub(crate) number: usize,
    pub(crate) head: Head,
    /// For an `if`, the two branches; for a `match`, its arms.
    pub(crate) arms: Vec<Arm>,
    /// One value for each operand that an arm yields.
    pub(crate) results: Vec<Id>,
}

/// A loop. What an iteration needs of the one before is carried from one to the next.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    /// Unique in the program, also among the branches.
    pub(crate) number: usize,
    pub(crate) iterations: Iterations,
    pub(crate) carried: Vec<Carried>,
    /// Whether an iteration was the last one, if the body can say so.
    pub(crate) exit: Option<Id>,
    /// Every end of it is an [`End::Next`], or diverges.
    pub(crate) body: Region,
}

impl Loop {
    /// What the pattern of its items binds.
    pub(crate) fn bindings(&self) -> &[Id] {
        match &self.iterations {
            Iterations::Each { bindings, .. } => bindings,
            Iterations::Forever => &[],
        }
    }

    /// What an iteration hands on: the operands of its [`End::Next`].
    pub(crate) fn handed_on(&self) -> Vec<Id> {
        self.carried
            .iter()
            .map(|carried| carried.end)
            .chain(self.exit)
            .collect()
    }
}

/// A variable that is carried through a loop.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    /// What it holds before the loop.
    pub(crate) before: Operand,
    /// What it holds when an iteration begins.
    pub(crate) start: Id,
    /// What it holds when an iteration ends.
    pub(crate) end: Id,
    /// What it holds behind the loop.
    pub(crate) after: Id,
}

#[derive(Clone, Debug)]
pub(crate) enum Iterations {
    /// Until the body says that it was the last one.
    Forever,
    /// One for each item of an iterator that touches no derivative. The expression is evaluated anew in the reverse sweep.
    Each {
        items: Opaque,
        pattern: TokenStream,
        bindings: Vec<Id>,
    },
}

#[derive(Clone, Debug)]
pub(crate) enum Head {
    /// The condition, which may contain `let` patterns.
    If(Opaque),
    /// The scrutinee.
    Match(Operand),
    /// A tuple of scrutinees, each of which its part of the pattern takes apart.
    MatchTuple(Vec<Operand>),
}

#[derive(Clone, Debug)]
pub(crate) struct Arm {
    /// The pattern of a `match` arm.
    pub(crate) pattern: TokenStream,
    pub(crate) guard: Option<Opaque>,
    /// The values that the pattern binds: views of the scrutinee, or opaque.
    pub(crate) bindings: Vec<Id>,
    pub(crate) region: Region,
}

/// What a statement computes.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// A primitive that has a rule, by the rule's name.
    Primitive { name: String, syntax: Syntax },
    /// A call of a differentiable function. Operands: its arguments.
    Call(Callee),
    /// A value put together. Operands: its parts.
    Construct(Construct),
    /// A copy, clone or move of the one operand.
    Copy(Syntax),
    /// A value in which the part at the end of this path has been overwritten. Operands: the value before, and the part.
    Update(Vec<Projection>),
    /// The tangent of the result of a primitive. Operands: the result, the primitive's operands, and the tangents of those that
    /// are active.
    Push {
        name: String,
        active: Vec<bool>,
        syntax: Syntax,
    },
    /// The tangent of the one operand, which does not vary: zero.
    Zero,
    /// The tangent of a field. Operands: the field, and where its tangent is, if it has one.
    Tangent,
    /// A call of a differentiable function with tangents: a pair of the value and its tangent. Operands: its arguments, then the
    /// tangents of all of them, [`OperandKind::Unit`] for none.
    CallTangent(Callee),
    /// The user's own tokens, of which no derivative is taken. No operands.
    Opaque {
        code: Opaque,
        writes: Vec<Write>,
        check: Check,
    },
}

/// What the compiler is to make sure of, so that no derivative is lost in opaque code.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check {
    /// Nothing: nothing active is mentioned, or the user stopped the gradient.
    Nothing,
    /// The result is piecewise constant.
    Discrete,
    /// The result of a method without a derivative is piecewise constant. The method, for the message's place.
    Method(Span),
}

/// How the user wrote a primitive, so that its forward statement is the same tokens.
#[derive(Clone, Debug)]
pub(crate) enum Syntax {
    /// `a + b`: the operator.
    Infix(TokenStream),
    /// `a += b`: the operator.
    Compound(TokenStream),
    /// `-a`: the operator.
    Prefix(TokenStream),
    /// `a.dot(b)`: from the dot to the turbofish.
    Method {
        dot: TokenStream,
        method: Ident,
        turbofish: TokenStream,
    },
    /// `a.push(b)`, which changes `a`.
    Change { dot: TokenStream, method: Ident },
    /// `f64::max(a, b)`: the path.
    Function(TokenStream),
    /// `a as f64`: the keyword and the type.
    Cast(TokenStream),
    /// Just the operand.
    Plain,
}

/// A function that is called by a path, or a method.
#[derive(Clone, Debug)]
pub(crate) struct Callee {
    /// The path as an expression, with generic arguments.
    pub(crate) expression: TokenStream,
    /// The path without generic arguments, as one imports it.
    pub(crate) import: TokenStream,
    /// The generic arguments of its last segment.
    pub(crate) turbofish: TokenStream,
    /// The last segment.
    pub(crate) name: Ident,
    /// The parentheses around the arguments.
    pub(crate) parentheses: Span,
    pub(crate) form: Form,
    /// True for a method that is called on the receiver of the method that calls it, whatever that holds now.
    pub(crate) on_own: bool,
    /// True for a method whose result takes the place of its receiver, which it may take by value.
    pub(crate) replacing: bool,
    /// The operands that are handed over by mutable reference. If there are any, the call gives a tuple: the function's
    /// result, and what it leaves in each of them.
    pub(crate) written: Vec<usize>,
}

impl Callee {
    /// True if the path is the name of a function beside the one that calls it.
    pub(crate) fn is_path_to(&self, name: &Ident) -> bool {
        let path: Vec<_> = self.import.clone().into_iter().map(|token| token.to_string()).collect();
        let name = name.to_string();
        path == [name.clone()] || path == ["self".to_owned(), ":".to_owned(), ":".to_owned(), name]
    }
}

/// How a function is called.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// `f(a, b)`
    Function,
    /// `a.f(b)`: the dot. The receiver is the first operand.
    Method(TokenStream),
    /// `a.f(b)`, a method that may change its receiver.
    Update(TokenStream),
    /// `Type::f(a, b)`: the path up to the last segment.
    Associated(TokenStream),
}

/// How a value is put together.
#[derive(Clone, Debug)]
pub(crate) enum Construct {
    Tuple,
    Array,
    /// `[x; N]`: one operand; the length.
    Repeat(TokenStream),
    /// `vec![x; n]`: the element and the length; the macro.
    RepeatVec(TokenStream),
    /// `Path(a, b)`.
    TupleStruct(TokenStream),
    /// `Path { a, b, ..rest }`: the path and the field names; the rest, if any, is the last operand.
    Struct {
        path: TokenStream,
        fields: Vec<TokenStream>,
        rest: bool,
    },
}

impl Construct {
    /// The projection by which the part with this index is reached in the whole; `None` for the rest of a struct.
    pub(crate) fn part(&self, index: usize) -> Option<Projection> {
        let position = || {
            let literal = proc_macro2::Literal::usize_unsuffixed(index);
            TokenStream::from(TokenTree::Literal(literal))
        };
        match self {
            Self::TupleStruct(path) if is_payload(path) => Some(Projection::Payload),
            Self::TupleStruct(path) => Some(match variant(path) {
                Some(variant) => Projection::Part(Part::new(&variant, &index)),
                None => Projection::Field(position()),
            }),
            Self::Tuple => Some(Projection::Field(position())),
            Self::Array => Some(Projection::Element(position())),
            Self::Repeat(_) | Self::RepeatVec(..) => None,
            Self::Struct { path, fields, .. } => {
                let member = fields.get(index)?;
                Some(match variant(path) {
                    Some(variant) => Projection::Part(Part::new(&variant, member)),
                    None => Projection::Field(member.clone()),
                })
            }
        }
    }
}

/// An operand, with its place in the source.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    pub(crate) kind: OperandKind,
    pub(crate) extent: Extent,
}

#[derive(Clone, Debug)]
pub(crate) enum OperandKind {
    /// A value or a part of one.
    Place(Place),
    /// A literal or a path to a constant: tokens that can be written again anywhere.
    Constant(TokenStream),
    /// `&place`.
    Borrow(TokenStream, Place),
    /// No value: `()`.
    Unit,
}

impl Operand {
    /// The place that is read, borrowed or not.
    pub(crate) fn place(&self) -> Option<&Place> {
        match &self.kind {
            OperandKind::Place(place) | OperandKind::Borrow(_, place) => Some(place),
            OperandKind::Constant(_) | OperandKind::Unit => None,
        }
    }

    /// True for `&mut place`: a call writes to the value, which nothing has read by then.
    pub(crate) fn is_mutable_reference(&self) -> bool {
        let is_mut = |tree: TokenTree| matches!(tree, TokenTree::Ident(name) if name == "mut");
        matches!(&self.kind, OperandKind::Borrow(ampersand, _) if ampersand.clone().into_iter().any(is_mut))
    }

    /// The value, if the operand is the whole of it and not a reference to it.
    pub(crate) fn whole(&self) -> Option<Id> {
        match &self.kind {
            OperandKind::Place(place) if place.projections.is_empty() => Some(place.root),
            _ => None,
        }
    }
}

/// A value or a part of one.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) root: Id,
    pub(crate) projections: Vec<Projection>,
}

impl Place {
    pub(crate) fn whole(root: Id) -> Self {
        Self {
            root,
            projections: Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Projection {
    /// `.name` or `.0`.
    Field(TokenStream),
    /// `[index]`, the index being a value or a constant.
    Index(Box<Operand>),
    /// `[position]` with a literal position.
    Element(TokenStream),
    /// `[start..end]`, or with `..=`; either end may be missing.
    Slice(Box<Bounds>),
    /// `*`.
    Dereference(TokenStream),
    /// What is inside a `Some` or an `Ok`.
    Payload,
    /// A field of a variant of an enum.
    Part(Part),
}

/// A field of a variant of an enum. The macro sees only how a pattern or an expression names the variant, so that a key
/// made of the names of variant and field stands for it; `#[derive(Differentiable)]` knows it by the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// `Variant.field`
    pub(crate) name: String,
    pub(crate) key: u64,
}

impl Part {
    pub(crate) fn new(variant: &Ident, member: &impl ToString) -> Self {
        let plain = |name: String| name.trim_start_matches("r#").to_owned();
        let name = format!("{}.{}", plain(variant.to_string()), plain(member.to_string()));
        // FNV-1a, Fowler, Noll, Vo 1991.
        let key = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { name, key }
    }
}

/// The variant that the tokens of a path name, as far as they show: `Enum::Variant`, other than those of `Option` and `Result`.
pub(crate) fn variant(path: &TokenStream) -> Option<Ident> {
    let mut depth = 0;
    let names: Vec<_> = path
        .clone()
        .into_iter()
        .filter_map(|tree| match tree {
            // The types that it is generic over are not part of it.
            TokenTree::Punct(punct) => {
                depth += i32::from(punct.as_char() == '<') - i32::from(punct.as_char() == '>');
                None
            }
            TokenTree::Ident(name) if depth == 0 => Some(name),
            _ => None,
        })
        .collect();
    let [.., ty, last] = &names[..] else { return None };
    let is_type = |name: &Ident| name.to_string().starts_with(char::is_uppercase);
    let known = matches!(last.to_string().as_str(), "Some" | "None" | "Ok" | "Err");
    (is_type(ty) && is_type(last) && !known).then(|| last.clone())
}

/// The ends of a slice: values or constants.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) start: Option<Operand>,
    pub(crate) end: Option<Operand>,
    /// `..` or `..=`.
    pub(crate) limits: TokenStream,
}

impl Projection {
    /// The values that say which part is meant.
    pub(crate) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::Index(index) => vec![index],
            Self::Slice(bounds) => bounds.start.iter().chain(&bounds.end).collect(),
            Self::Field(_) | Self::Element(_) | Self::Dereference(_) | Self::Payload | Self::Part(_) => Vec::new(),
        }
    }
}

/// The user's own tokens, and the variables of the program that they mention.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opaque {
    pub(crate) tokens: TokenStream,
    /// The name as it stands in the tokens, and the value that it means there.
    pub(crate) mentions: Vec<(Ident, Id)>,
}

impl Region {
    /// True if control can go on behind the region.
    pub(crate) fn falls(&self) -> bool {
        match &self.end {
            End::Yield(_) => true,
            End::Leave(_) | End::Next(_) | End::Diverge => false,
            End::Split(_, rest) => rest.falls(),
            End::Tail(branch) => branch.arms.iter().any(|arm| arm.region.falls()),
        }
    }

    /// True if control can leave the function, or the iteration of the loop around, from inside the region.
    pub(crate) fn leaves(&self) -> bool {
        match &self.end {
            End::Leave(_) | End::Next(_) => true,
            End::Yield(_) | End::Diverge => false,
            End::Split(branch, rest) => rest.leaves() || branch.arms.iter().any(|arm| arm.region.leaves()),
            End::Tail(branch) => branch.arms.iter().any(|arm| arm.region.leaves()),
        }
    }

    /// Sets what the region yields, if control reaches its end.
    pub(crate) fn yield_at_end(&mut self, operands: Vec<Operand>) {
        match &mut self.end {
            End::Yield(values) => *values = operands,
            End::Leave(_) | End::Next(_) | End::Diverge => {}
            End::Split(_, rest) => rest.yield_at_end(operands),
            End::Tail(branch) => branch
                .arms
                .iter_mut()
                .for_each(|arm| arm.region.yield_at_end(operands.clone())),
        }
    }
}

/// True for the path of `Some`.
pub(crate) fn is_payload(path: &TokenStream) -> bool {
    let last = path.clone().into_iter().last();
    matches!(last, Some(TokenTree::Ident(name)) if name == "Some" || name == "Ok")
}

/// An identifier, raw or not.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(name, span),
    }
}

/// The number by which generated code, which knows no types, names a field of a tangent: its position, or a hash of its name
/// (FNV-1a) above all positions.
pub(crate) fn part_key(member: &TokenStream) -> proc_macro2::Literal {
    let member = member.to_string();
    let member = member.trim_start_matches("r#");
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let named = || member.bytes().fold(0xcbf2_9ce4_8422_2325, hash) | 1 << 63;
    proc_macro2::Literal::u64_suffixed(member.parse().unwrap_or_else(|_| named()))
}
