//! What a template is made of.

use serde_json::Value;

#[derive(Debug, Clone)]
pub(super) enum Node {
    Text(String),
    Reference(Reference),
    If {
        /// Conditions in order, with what each stands for.
        branches: Vec<(Expression, Vec<Self>)>,
        otherwise: Vec<Self>,
    },
    Set {
        name: String,
        value: Expression,
    },
    Foreach {
        name: String,
        list: Expression,
        body: Vec<Self>,
    },
}

/// A reference in text.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    /// As it is written: what stays when it refers to nothing.
    pub(super) written: String,
    /// Written with `!`: nothing stays.
    pub(super) quiet: bool,
    pub(super) path: Path,
}

#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Property(String),
    Call(String, Vec<Expression>),
}

#[derive(Debug, Clone)]
pub(super) enum Expression {
    Literal(Value),
    Path(Path),
    List(Vec<Self>),
    /// A text in double quotes.
    Interpolated(Vec<Node>),
    Not(Box<Self>),
    /// Operands of one level, from left to right: a long one is not a deep one.
    Chain(Box<Self>, Vec<(Operator, Self)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Greater,
    Less,
    AtLeast,
    AtMost,
    Plus,
    Minus,
}
