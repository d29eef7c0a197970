//! Why a database closure did not give a value.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use pms_domain::{BusinessError, ErrorDef};

/// Outcome of a database closure that gave no value.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The business rules say no; the transaction was rolled back.
    #[error("refused: {0}")]
    Rejected(BusinessError),
    /// No connection became free in time: the caller should try again later.
    #[error("the database is busy: {0}")]
    Busy(&'static str),
    /// The time of the request is over; nothing was changed.
    #[error("the time of the request is over")]
    OutOfTime,
    /// PostgreSQL can't be reached.
    #[error("no connection to the database: {0}")]
    Connection(String),
    /// A statement failed.
    #[error("a statement failed: {0}")]
    Query(DieselError),
    /// Stored data or a result is not what the code can work with.
    #[error("{0}")]
    Internal(String),
}

/// A broken unique or foreign key, for code that must branch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation<'a> {
    /// A unique constraint or index, by name.
    Unique(&'a str),
    /// A foreign key constraint, by name.
    ForeignKey(&'a str),
}

impl DbError {
    /// Which constraint this failure is about, if it is about one.
    pub fn violation(&self) -> Option<Violation<'_>> {
        let Self::Query(error) = self else {
            return None;
        };
        violation(error)
    }

    /// Whether the connection may be the reason. A refusal of the business
    /// rules says nothing about it; anything else might.
    pub(crate) fn doubts_the_connection(&self) -> bool {
        !matches!(self, Self::Rejected(_) | Self::Busy(_) | Self::OutOfTime)
    }

    /// Whether a statement was refused for a text with the character NUL, which
    /// no column can hold.
    pub fn is_about_nul(&self) -> bool {
        let Self::Query(DieselError::DatabaseError(_, info)) = self else {
            return false;
        };
        // diesel has no kind for SQLSTATE 22021, so the server's text decides, of
        // which every language has these two.
        let text = info.message();
        text.contains("UTF8") && text.contains("0x00")
    }

    /// Whether there was no time: for a connection, for a statement, or left of the
    /// request.
    pub fn is_want_of_time(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::OutOfTime) || self.is_timeout()
    }

    /// Whether the database gave up on a statement that took too long.
    pub fn is_timeout(&self) -> bool {
        let Self::Query(DieselError::DatabaseError(_, info)) = self else {
            return false;
        };
        // diesel has no kind for SQLSTATE 57014, so the server's text decides.
        info.message().contains("statement timeout") || info.message().contains("lock timeout")
    }
}

/// Which constraint a diesel error is about, if it is about one.
pub fn violation(error: &DieselError) -> Option<Violation<'_>> {
    let DieselError::DatabaseError(kind, info) = error else {
        return None;
    };
    let name = info.constraint_name().unwrap_or_default();
    match kind {
        DatabaseErrorKind::UniqueViolation => Some(Violation::Unique(name)),
        DatabaseErrorKind::ForeignKeyViolation => Some(Violation::ForeignKey(name)),
        _ => None,
    }
}

impl From<DieselError> for DbError {
    fn from(error: DieselError) -> Self {
        if let DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, info) = &error {
            return Self::Connection(info.message().to_owned());
        }
        Self::Query(error)
    }
}

impl From<BusinessError> for DbError {
    fn from(rejection: BusinessError) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<ErrorDef> for DbError {
    fn from(def: ErrorDef) -> Self {
        Self::Rejected(def.into())
    }
}
