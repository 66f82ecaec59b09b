//! The programs: a typed subset of Rust as a syntax tree.
//!
//! Every type is `Copy`, so moves need no care; every integer stays small. Names are strings: shadowing is part of what
//! is tested.

/// A whole program. The last function is the one that is differentiated from outside; the others are called by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The seed that it was generated from.
    pub seed: u64,
    /// The structs, each made of scalars and of those before it.
    pub structs: Vec<Struct>,
    /// The enums with differentiable contents.
    pub enums: Vec<Enum>,
    /// Constants of the module.
    pub constants: Vec<(String, f64)>,
    /// The functions, each calling only those before it.
    pub functions: Vec<Function>,
    /// Which of the derivatives is called.
    pub entry: Entry,
}

impl Program {
    /// Is differentiated by forward mode, if there are scalars to be differentiated with respect to, by value or by shared reference.
    pub fn go_forward(&mut self) {
        let mut parameters = self.main().parameters.iter();
        let fits = |ty: &Type| !matches!(ty, Type::Mutable(_)) && *ty.referent() != Type::Maybe;
        if parameters.all(|parameter| fits(&parameter.ty)) && self.main().parameters.iter().any(Parameter::is_active) {
            self.entry = Entry::JvpMany;
        }
    }

    /// The function that is differentiated from outside.
    #[must_use]
    pub fn main(&self) -> &Function {
        &self.functions[self.functions.len() - 1]
    }

    /// The struct with this name.
    #[must_use]
    pub fn structure(&self, name: &str) -> Option<&Struct> {
        self.structs.iter().find(|structure| structure.name == name)
    }

    /// The enum with this name.
    #[must_use]
    pub fn enumeration(&self, name: &str) -> Option<&Enum> {
        self.enums.iter().find(|enumeration| enumeration.name == name)
    }
}

/// The ways to a derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `f::value_and_grad(…)`; the result is a scalar.
    ValueAndGrad,
    /// `f::value_and_grad_into(…, &mut …)` over buffers that hold something else; the result is a scalar.
    ValueAndGradInto,
    /// `f::vjp(…)`, with any result.
    Vjp,
    /// `f::jvp_many(…)` along all directions, with any result.
    JvpMany,
}

/// A struct. All its fields are named, or none is and they are called `0`, `1`, ….
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// Its name.
    pub name: String,
    /// True for `struct S(…);`.
    pub positional: bool,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// True if marked `#[no_diff]`.
    pub no_diff: bool,
}

/// An enum, with a tangent.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// Its variants, named by path: `Shape::Disc`. One without fields is printed without braces.
    pub variants: Vec<Struct>,
}

/// A differentiable function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The struct that it is a method of; then the first parameter is `self`.
    pub owner: Option<String>,
    /// What the attribute says about checkpoints, if anything: a number or `all`.
    pub checkpoints: Option<&'static str>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The type of its result.
    pub result: Type,
    /// Its body.
    pub body: Block,
}

/// An operator that structs may have.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The method.
    pub method: &'static str,
    /// The trait.
    pub trait_: &'static str,
    /// The operator.
    pub operator: &'static str,
}

/// The operators that structs may have. A function with an owner and such a name is one.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: "add",
        trait_: "Add",
        operator: "+",
    },
    Operation {
        method: "sub",
        trait_: "Sub",
        operator: "-",
    },
    Operation {
        method: "mul",
        trait_: "Mul",
        operator: "*",
    },
    Operation {
        method: "div",
        trait_: "Div",
        operator: "/",
    },
];

/// The operator with this method.
#[must_use]
pub fn operation(method: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.method == method)
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// What it binds.
    pub pattern: Pattern,
    /// Its type; [`Type::Reference`] if it is passed by reference.
    pub ty: Type,
    /// True if marked `#[no_diff]`.
    pub no_diff: bool,
}

impl Parameter {
    /// True if the function is differentiated with respect to it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.no_diff && !self.ty.is_discrete()
    }
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `f64`
    Real,
    /// `usize`
    Usize,
    /// `i32`
    I32,
    /// `bool`
    Bool,
    /// `()`
    Unit,
    /// `[T; N]`
    Array(Box<Type>, usize),
    /// `(T, U)`
    Tuple(Vec<Type>),
    /// One of the program's structs, by name.
    Struct(String),
    /// The enum `Kind { Linear, Power(i32), Scaled { factor: f64 } }`, which has no tangent.
    Kind,
    /// `Option<usize>`
    Choice,
    /// `Option<f64>`
    Maybe,
    /// `&T`
    Reference(Box<Type>),
    /// `&mut T`, of parameters.
    Mutable(Box<Type>),
    /// One of the program's enums, by name.
    Enum(String),
}

impl Type {
    /// True if the type as written has no tangent.
    #[must_use]
    pub fn is_discrete(&self) -> bool {
        match self {
            Self::Usize | Self::I32 | Self::Bool | Self::Unit | Self::Choice => true,
            Self::Real | Self::Struct(_) | Self::Enum(_) | Self::Kind | Self::Maybe => false,
            Self::Array(element, _) | Self::Reference(element) | Self::Mutable(element) => element.is_discrete(),
            Self::Tuple(elements) => elements.iter().all(Self::is_discrete),
        }
    }

    /// The type behind the references.
    #[must_use]
    pub fn referent(&self) -> &Self {
        match self {
            Self::Reference(inner) | Self::Mutable(inner) => inner.referent(),
            ty => ty,
        }
    }
}

/// Statements and perhaps a value, in braces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
    /// The value, if it has one.
    pub value: Option<Box<Expr>>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `let pattern: ty = init else { otherwise };`
    Let {
        /// What it binds.
        pattern: Pattern,
        /// The type, if written.
        ty: Option<Type>,
        /// The value; none for `let x;`.
        init: Option<Expr>,
        /// The block that leaves if the pattern does not match.
        otherwise: Option<Block>,
    },
    /// `place = value;`, or with an operator `place += value;`. The place may be a tuple of places.
    Assign {
        /// What is written to.
        place: Expr,
        /// The operator, if compound.
        operator: Option<Operator>,
        /// The value.
        value: Expr,
    },
    /// `const NAME: f64 = value;`
    Constant(String, f64),
    /// `let name = |…| …;`
    Closure {
        /// The variable.
        name: String,
        /// The closure.
        closure: Closure,
    },
    /// An expression for its effect.
    Expr(Expr),
    /// `assert!(condition);`
    Assert(Expr),
}

/// A closure, of typed parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// True for `move`.
    pub moves: bool,
    /// The parameters.
    pub parameters: Vec<(Pattern, Type)>,
    /// The type of the result, if written; then the body is a block.
    pub result: Option<Type>,
    /// The body.
    pub body: Box<Expr>,
}

/// A pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// `_`
    Wild,
    /// `name`, `mut name` or `ref name`.
    Name {
        /// The variable.
        name: String,
        /// True for `mut`.
        mutable: bool,
        /// True for `ref`.
        by_reference: bool,
    },
    /// `name @ pattern`
    At(String, Box<Pattern>),
    /// `(a, b)`, with `..` at the end if true.
    Tuple(Vec<Pattern>, bool),
    /// `[a, b]`, with `..` at the end if true.
    Array(Vec<Pattern>, bool),
    /// `S { x, y: pattern }`, with `..` at the end if true.
    Struct(String, Vec<(String, Pattern)>, bool),
    /// `S(a, b)`
    TupleStruct(String, Vec<Pattern>),
    /// `None`, `Kind::Linear`
    Path(String),
    /// `&pattern`
    Reference(Box<Pattern>),
    /// `3`
    Int(i64),
    /// `2..=5`
    IntRange(i64, i64),
    /// `true`
    Bool(bool),
    /// `low..high`, either end may be open.
    RealRange(Option<f64>, Option<f64>),
    /// `a | b`
    Or(Vec<Pattern>),
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `2.5`, or `2.5_f64` if true.
    Real(f64, bool),
    /// An integer, with a suffix if its type is given.
    Int(i64, Option<Type>),
    /// `true`
    Bool(bool),
    /// `()`
    Unit,
    /// A variable or constant.
    Variable(String),
    /// A path to something without arguments, such as `Kind::Linear`.
    Path(String),
    /// `base.name`
    Field(Box<Expr>, String),
    /// `base[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `&base`
    Borrow(Box<Expr>),
    /// `&mut base`
    BorrowMut(Box<Expr>),
    /// `*base`
    Dereference(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `!x`
    Not(Box<Expr>),
    /// `a + b`
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `a < b`
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `a && b`, or `a || b` if false.
    Logic(bool, Box<Expr>, Box<Expr>),
    /// `receiver.name(arguments)`
    Method(String, Box<Expr>, Vec<Expr>),
    /// `f64::name(arguments)`
    Associated(String, Vec<Expr>),
    /// `x as ty`
    Cast(Box<Expr>, Type),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `[a, b]`
    Array(Vec<Expr>),
    /// `[a; n]`
    Repeat(Box<Expr>, usize),
    /// `S { x: a, ..rest }`
    Struct(String, Vec<(String, Expr)>, Option<Box<Expr>>),
    /// `S(a, b)`, `Some(a)`, `Kind::Power(n)`
    TupleStruct(String, Vec<Expr>),
    /// `f(a, b)`, of a function of the program or of `std::mem`.
    Call(String, Vec<Expr>),
    /// `a.f(b)`, of a method of the program. The receiver is the first argument, borrowed as the method wants it.
    CallMethod(String, Vec<Expr>),
    /// `items.sum::<f64>()`
    Chain(Items, End),
    /// `c(a, b)`, of a closure in a variable.
    CallClosure(String, Vec<Expr>),
    /// `(|p| body)(a)`
    CallInPlace(Closure, Vec<Expr>),
    /// `stop_gradient(x)`
    StopGradient(Box<Expr>),
    /// `{ … }`, perhaps with a label.
    Block(Option<String>, Block),
    /// `if condition { … } else { … }`
    If(Box<Expr>, Block, Option<Block>),
    /// `if let pattern = scrutinee { … } else { … }`
    IfLet(Pattern, Box<Expr>, Block, Option<Block>),
    /// `match scrutinee { … }`
    Match(Box<Expr>, Vec<Arm>),
    /// `for name in low..high { … }`, or `low..=high` if true.
    For(Option<String>, String, Box<Expr>, Box<Expr>, bool, Block),
    /// `for pattern in items { … }`
    ForEach(Option<String>, Pattern, Items, Block),
    /// `while let pattern = scrutinee { … }`
    WhileLet(Option<String>, Pattern, Box<Expr>, Block),
    /// `while condition { … }`
    While(Option<String>, Box<Expr>, Block),
    /// `loop { … }`
    Loop(Option<String>, Block),
    /// `return x`
    Return(Box<Expr>),
    /// `break 'label x`
    Break(Option<String>, Option<Box<Expr>>),
    /// `continue 'label`
    Continue(Option<String>),
}

/// What becomes of the items of a chain.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// `sum::<f64>()`
    Sum,
    /// `product::<f64>()`
    Product,
    /// `fold(init, |a, item| …)`
    Fold(Box<Expr>, Closure),
}

/// What a `for` or a chain takes its items from.
#[derive(Clone, Debug, PartialEq)]
pub enum Items {
    /// `array`, or `&array`
    Array(Box<Expr>),
    /// `array.iter()`
    Iter(Box<Expr>),
    /// `items.enumerate()`
    Enumerate(Box<Items>),
    /// `items.zip(others)`
    Zip(Box<Items>, Box<Items>),
    /// `items.rev()`
    Rev(Box<Items>),
    /// `(low..high)`
    Range(Box<Expr>, Box<Expr>),
    /// `items.map(|item| …)`
    Map(Box<Items>, Closure),
    /// `items.filter(|item| …)`
    Filter(Box<Items>, Closure),
    /// `items.take(n)`
    Take(Box<Items>, usize),
    /// `items.skip(n)`
    Skip(Box<Items>, usize),
}

impl Items {
    /// The arrays, and the ends of ranges.
    pub fn arrays(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::Array(array) | Self::Iter(array) => vec![array],
            Self::Range(low, high) => vec![low, high],
            Self::Enumerate(items)
            | Self::Rev(items)
            | Self::Map(items, _)
            | Self::Filter(items, _)
            | Self::Take(items, _)
            | Self::Skip(items, _) => items.arrays(),
            Self::Zip(left, right) => left.arrays().into_iter().chain(right.arrays()).collect(),
        }
    }

    /// The closures.
    pub fn closures(&mut self) -> Vec<&mut Closure> {
        match self {
            Self::Array(_) | Self::Iter(_) | Self::Range(..) => Vec::new(),
            Self::Enumerate(items) | Self::Rev(items) | Self::Take(items, _) | Self::Skip(items, _) => items.closures(),
            Self::Map(items, closure) | Self::Filter(items, closure) => {
                items.closures().into_iter().chain([closure]).collect()
            }
            Self::Zip(left, right) => left.closures().into_iter().chain(right.closures()).collect(),
        }
    }

    /// What the last adapter was put on.
    #[must_use]
    pub fn before(&self) -> Option<&Self> {
        match self {
            Self::Array(_) | Self::Iter(_) | Self::Range(..) => None,
            Self::Enumerate(items)
            | Self::Rev(items)
            | Self::Map(items, _)
            | Self::Filter(items, _)
            | Self::Take(items, _)
            | Self::Skip(items, _)
            | Self::Zip(items, _) => Some(items),
        }
    }
}

/// An arm of a `match`.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// The pattern.
    pub pattern: Pattern,
    /// The guard, if it has one.
    pub guard: Option<Expr>,
    /// The body.
    pub body: Expr,
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}
