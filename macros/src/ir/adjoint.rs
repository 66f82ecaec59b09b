//! The adjoint program: what the reverse sweep does, in order.

use proc_macro2::TokenStream;

use super::{Id, Operand, Place};

/// The reverse sweep over a region.
#[derive(Clone, Debug, Default)]
pub(crate) struct Adjoint {
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Makes an empty accumulator for the value.
    Declare(Id),
    /// Applies the rule of a primitive.
    Rule(Rule),
    /// Applies the rule of a primitive that pushes tangents forward.
    Push(PushRule),
    /// Calls the pullback that the call of a differentiable function gave.
    Pullback(Pullback),
    /// Adds what has flowed into one place to another.
    Transfer { from: Place, to: Place },
    /// Nothing more flows out of this place.
    Silence(Place),
    /// Forgets what has flowed into a place.
    Forget(Place),
    /// Undoes the write to a part of a variable by which this value came about, if what it overwrote is still needed.
    Undo(Place),
    /// Adds what has flowed into each element of an array to one place.
    Gather { from: Id, to: Place },
    /// Goes back through the arm that ran.
    Branch(AdjointBranch),
    /// Goes back through the iterations of a loop.
    Loop(AdjointLoop),
}

/// The rule of a primitive.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) result: Id,
    /// True if the rule reads the result's value.
    pub(crate) reads_result: bool,
    pub(crate) operands: Vec<RuleOperand>,
    /// True if the operation may be one of the user's own types: which rule it has, the forward sweep has found out.
    pub(crate) own: bool,
    /// The user's token for the operation.
    pub(crate) at: TokenStream,
}

/// The rule of a primitive that pushes tangents forward: that of the primitive itself, on dual numbers.
#[derive(Clone, Debug)]
pub(crate) struct PushRule {
    /// The primitive's rule.
    pub(crate) name: String,
    /// The tangent of the primitive's result.
    pub(crate) tangent: Id,
    /// The primitive's result.
    pub(crate) result: Operand,
    /// True if the rule reads the result's value.
    pub(crate) reads_result: bool,
    pub(crate) operands: Vec<PushOperand>,
    /// True if it may be an operation of the user's own types.
    pub(crate) own: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct PushOperand {
    pub(crate) operand: Operand,
    /// Its tangent, if it varies.
    pub(crate) tangent: Option<Operand>,
    /// True if the rule reads the operand's value.
    pub(crate) reads: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct RuleOperand {
    pub(crate) operand: Operand,
    /// True if the rule reads the operand's value.
    pub(crate) reads: bool,
    pub(crate) target: Target,
}

/// Where the cotangent of an operand goes.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Nowhere.
    Inactive,
    /// To the operand's own accumulator.
    Direct,
    /// To one of its own that is added afterwards, because another operand of the same operation occupies it.
    Detour,
}

/// The pullback of a call.
#[derive(Clone, Debug)]
pub(crate) struct Pullback {
    pub(crate) result: Id,
    pub(crate) arguments: Vec<(Operand, Target)>,
    /// The arguments that were handed over by mutable reference: the derivative takes their values.
    pub(crate) written: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct AdjointBranch {
    /// The branch's number, see [`super::Branch`].
    pub(crate) branch: usize,
    /// One for each arm that ends; `None` for one that diverges.
    pub(crate) arms: Vec<Option<Adjoint>>,
    /// The code behind a branch some of whose arms leave. It begins with the accumulators of the branch's results.
    pub(crate) rest: Option<Adjoint>,
}

#[derive(Clone, Debug)]
pub(crate) struct AdjointLoop {
    /// The loop's number, see [`super::Loop`].
    pub(crate) number: usize,
    /// One iteration. It begins with the accumulators of what the carried variables hold at its start.
    pub(crate) body: Adjoint,
}
