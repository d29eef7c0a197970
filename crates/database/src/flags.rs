//! Conditions on flags that may be unknown, without parameters.
//!
//! For a statement that is kept prepared PostgreSQL may plan once for all parameters. Of
//! `is_deleted IS DISTINCT FROM $1` it then only knows that the column has few values,
//! expects no row at all, and reads a small table from end to end, or loops over a large
//! one. Of `is_deleted IS NOT TRUE` it knows the share of rows from its statistics, and
//! a partial index can have the same text in its predicate.

use diesel::expression::Expression;
use diesel::sql_types::{Bool, Nullable};

// Neither is ever NULL. Their type says that they may be, like that of any condition on
// such a flag: searches keep conditions of one type.
diesel::postfix_operator!(IsNotTrue, " IS NOT TRUE", Nullable<Bool>);
diesel::postfix_operator!(IsTrue, " IS TRUE", Nullable<Bool>);

/// Conditions on a flag that may be unknown, such as `is_deleted`, which is null in rows
/// of older versions.
#[expect(
    clippy::wrong_self_convention,
    reason = "diesel names its conditions so"
)]
pub(crate) trait Flag: Expression<SqlType = Nullable<Bool>> + Sized {
    /// Whether the flag is not set, or unknown.
    fn is_not_true(self) -> IsNotTrue<Self> {
        IsNotTrue::new(self)
    }

    /// Whether the flag is set.
    fn is_true(self) -> IsTrue<Self> {
        IsTrue::new(self)
    }
}

impl<E: Expression<SqlType = Nullable<Bool>>> Flag for E {}
