//! How a use case fails.

use pms_database::Failure;
use pms_domain::{ErrorDef, Rejection};

use crate::refusal::Refusal;

/// How a use case fails; the route's dialect turns it into an answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A business rule says no: HTTP 200 with the codes.
    #[error("refused: {0}")]
    Rejected(Rejection),
    /// Refused before the operation began: on V2 routes the answer still has
    /// the V1 shape (feature flags and path patterns, contract envelope-and-search.md §6.7).
    #[error("refused early: {0}")]
    RejectedEarly(Rejection),
    /// The request itself is wrong in a way only the use case can see: HTTP 400.
    #[error("bad request: {0}")]
    Refused(Refusal),
    /// Too much work at once: HTTP 503 with `Retry-After`.
    #[error("busy: {0}")]
    Busy(&'static str),
    /// The request asks for what the contract has no code for: the neutral one,
    /// as for a fault, but nobody has anything to repair.
    #[error("no answer: {0}")]
    NoAnswer(&'static str),
    /// A fault of ours or of a peer: the neutral code; the cause only in the log.
    #[error("unexpected: {0}")]
    Unexpected(String),
}

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// Wraps any cause that the client must not see.
    pub fn unexpected(cause: impl std::fmt::Display) -> Self {
        Self::Unexpected(cause.to_string())
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rejected(rejection) => Self::Rejected(rejection),
            Failure::Busy(why) => Self::Busy(why),
            failure if failure.is_about_nul() => Self::NoAnswer("a text holds the character NUL"),
            other => Self::Unexpected(other.to_string()),
        }
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<ErrorDef> for ApiError {
    fn from(def: ErrorDef) -> Self {
        Self::Rejected(def.into())
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
