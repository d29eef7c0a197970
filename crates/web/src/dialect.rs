//! The envelopes of the wire: one per route, said once, in the route table.

mod answers;

pub use answers::{envelope_time, v1_error};
use chrono::{DateTime, Utc};
use pms_domain::{BusinessError, ErrorDef};

use crate::body::Envelope;

/// How a route's requests and answers are wrapped.
#[derive(Debug, Clone, Copy)]
pub enum Dialect {
    /// Envelope of the older endpoints (contract envelope-and-search.md §4.1, §4.2).
    V1 {
        /// What the answer's `id` and `version` say.
        ids: Ids,
        /// Whether `requesttime` must be today (contract envelope-and-search.md §3.3).
        dated: bool,
        /// `id` and `version` of a business error, where they are not the service's
        /// (contract envelope-and-search.md §6.1).
        error_ids: Option<(&'static str, &'static str)>,
    },
    /// Envelope of the newer endpoints (contract envelope-and-search.md §4.3).
    V2 {
        /// Operation id: `id` of every answer, required `id` of a request.
        operation: &'static str,
        /// Stands for anything unexpected.
        fallback: ErrorDef,
        /// Whether a body is expected, and so checked (contract envelope-and-search.md §3.4).
        checked: bool,
        /// Whether a missing `request` gives the policy service's problem document.
        strict_body: bool,
    },
    /// Envelope of the key manager (contract keymanager.md §1).
    KeyManager,
    /// The handler builds the whole response: redirects, files, pages.
    Raw,
}

/// The `id` and `version` of a V1 success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// Both null.
    Null,
    /// Those of the request.
    Echo,
    /// Always these.
    Fixed(&'static str, &'static str),
}

/// The plain V1 envelope: `id` and `version` null.
pub const V1: Dialect = Dialect::V1 {
    ids: Ids::Null,
    dated: false,
    error_ids: None,
};

/// A newer read endpoint with operation id and its "error while …" code.
pub const fn v2(operation: &'static str, fallback: ErrorDef) -> Dialect {
    Dialect::V2 {
        operation,
        fallback,
        checked: false,
        strict_body: false,
    }
}

/// A newer write endpoint: [`v2`] with the envelope checks of contract envelope-and-search.md §3.4.
pub const fn v2_checked(operation: &'static str, fallback: ErrorDef) -> Dialect {
    Dialect::V2 {
        operation,
        fallback,
        checked: true,
        strict_body: false,
    }
}

const INVALID_ID: ErrorDef = ErrorDef::new("PMS_REQUEST_ERROR_002", "Invalid Request Id");
const INVALID_VERSION: ErrorDef =
    ErrorDef::new("PMS_REQUEST_ERROR_003", "Request version is invalid");
const INVALID_TIME: ErrorDef = ErrorDef::new("PMS_REQUEST_ERROR_004", "Invalid request time");
const INVALID_BODY: ErrorDef = ErrorDef::new("PMS_REQUEST_ERROR_005", "Request body is invalid");
const NOT_TODAY: ErrorDef = ErrorDef::new(
    "PMS_REQUEST_ERROR_006",
    "Request date should be current date",
);

impl Dialect {
    /// Answers with the `id` and `version` of the request.
    #[must_use]
    pub const fn echo(self) -> Self {
        self.with_ids(Ids::Echo)
    }

    /// Answers always with this `id` and `version`.
    #[must_use]
    pub const fn named(self, id: &'static str, version: &'static str) -> Self {
        self.with_ids(Ids::Fixed(id, version))
    }

    /// Demands a `requesttime` of today.
    #[must_use]
    pub const fn dated(self) -> Self {
        match self {
            Self::V1 { ids, error_ids, .. } => Self::V1 {
                ids,
                dated: true,
                error_ids,
            },
            other => other,
        }
    }

    /// Answers business errors with this `id` and `version`.
    #[must_use]
    pub const fn errors_named(self, id: &'static str, version: &'static str) -> Self {
        match self {
            Self::V1 { ids, dated, .. } => Self::V1 {
                ids,
                dated,
                error_ids: Some((id, version)),
            },
            other => other,
        }
    }

    /// Answers a missing `request` with the problem document `Validation failure`.
    #[must_use]
    pub const fn strict_body(self) -> Self {
        match self {
            Self::V2 {
                operation,
                fallback,
                checked,
                ..
            } => Self::V2 {
                operation,
                fallback,
                checked,
                strict_body: true,
            },
            other => other,
        }
    }

    const fn with_ids(self, ids: Ids) -> Self {
        match self {
            Self::V1 {
                dated, error_ids, ..
            } => Self::V1 {
                ids,
                dated,
                error_ids,
            },
            other => other,
        }
    }

    /// The envelope member that holds the request's time.
    pub const fn time_member(self) -> &'static str {
        match self {
            Self::V2 { .. } => "requestTime",
            _ => "requesttime",
        }
    }

    /// The checks that come after the role and before the use case.
    ///
    /// # Errors
    /// The first broken one.
    pub fn check(self, envelope: &Envelope, now: DateTime<Utc>) -> Result<(), BusinessError> {
        match self {
            Self::V1 { dated: true, .. } => today(envelope, now),
            Self::V2 {
                operation,
                checked: true,
                ..
            } => {
                if envelope.id.as_deref() != Some(operation) {
                    return Err(INVALID_ID.into());
                }
                today(envelope, now)?;
                if envelope.version.as_deref() != Some("1.0") {
                    return Err(INVALID_VERSION.into());
                }
                if !envelope.has_request {
                    return Err(INVALID_BODY.into());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Envelope {
    /// Refuses a request that is not of today, for endpoints that look at the time
    /// after rules of their own. The time may stand under either spelling.
    ///
    /// # Errors
    /// `PMS_REQUEST_ERROR_004` without a time, `PMS_REQUEST_ERROR_006` of another day.
    pub fn must_be_of_today(&self, now: DateTime<Utc>) -> Result<(), BusinessError> {
        of_day(self.time.or(self.misspelled_time), now)
    }
}

fn today(envelope: &Envelope, now: DateTime<Utc>) -> Result<(), BusinessError> {
    of_day(envelope.time, now)
}

fn of_day(time: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), BusinessError> {
    match time {
        None => Err(INVALID_TIME.into()),
        Some(time) if time.date_naive() != now.date_naive() => Err(NOT_TODAY.into()),
        Some(_) => Ok(()),
    }
}
