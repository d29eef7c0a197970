//! The envelopes of the wire: one per route, said once, in the route table.

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, SecondsFormat, Utc};
use pms_domain::{ErrorDef, Rejection, WireError};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::body::{Echo, Envelope};
use crate::refusal::{JSON, Refusal};
use crate::service::Flavour;

/// How a route's requests and answers are wrapped.
#[derive(Debug, Clone, Copy)]
pub enum Dialect {
    /// Envelope of the older endpoints (§4.1, §4.2).
    V1 {
        /// What the answer's `id` and `version` say.
        ids: Ids,
        /// Whether `requesttime` must be today (§3.3).
        dated: bool,
    },
    /// Envelope of the newer endpoints (§4.3).
    V2 {
        /// Operation id: `id` of every answer, required `id` of a request.
        operation: &'static str,
        /// Stands for anything unexpected.
        fallback: ErrorDef,
        /// Whether a body is expected, and so checked (§3.4).
        checked: bool,
        /// Whether a missing `request` gives the policy service's problem document.
        strict_body: bool,
    },
    /// Envelope of the key manager contract (its §1).
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

/// A newer write endpoint: [`v2`] with the envelope checks of §3.4.
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
            Self::V1 { ids, .. } => Self::V1 { ids, dated: true },
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
            Self::V1 { dated, .. } => Self::V1 { ids, dated },
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
    pub fn check(self, envelope: &Envelope, now: DateTime<Utc>) -> Result<(), Rejection> {
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

    /// A success.
    pub fn success(
        self,
        flavour: &Flavour,
        request: &HttpRequest,
        response: &RawValue,
        now: DateTime<Utc>,
    ) -> HttpResponse {
        let at = envelope_time(now);
        match self {
            Self::V1 { ids, .. } => {
                let envelope = Envelope::of(request);
                let (id, version) = match ids {
                    Ids::Null => (None, None),
                    Ids::Echo => (envelope.id.as_deref(), envelope.version.as_deref()),
                    Ids::Fixed(id, version) => (Some(id), Some(version)),
                };
                if flavour.metadata_on_success {
                    json(&V1Full {
                        id,
                        version,
                        responsetime: &at,
                        metadata: (),
                        response,
                        errors: [],
                    })
                } else {
                    json(&V1Short {
                        id,
                        version,
                        responsetime: &at,
                        response,
                        errors: [],
                    })
                }
            }
            Self::V2 { operation, .. } => json(&V2Answer {
                id: operation,
                version: "1.0",
                response_time: &at,
                metadata: (),
                response: Some(response),
                errors: &[],
            }),
            Self::KeyManager => {
                let envelope = Envelope::of(request);
                json(&KmAnswer {
                    id: envelope.id.as_deref(),
                    version: envelope.version.as_deref(),
                    responsetime: &at,
                    metadata: (),
                    response: Some(response),
                    errors: None,
                })
            }
            Self::Raw => json(&response),
        }
    }

    /// A business error.
    pub fn rejection(
        self,
        flavour: &Flavour,
        request: &HttpRequest,
        rejection: &Rejection,
        now: DateTime<Utc>,
    ) -> HttpResponse {
        let at = envelope_time(now);
        let errors = rejection.errors();
        match self {
            Self::V2 { operation, .. } => json(&V2Answer {
                id: operation,
                version: "1.0",
                response_time: &at,
                metadata: (),
                response: None,
                errors,
            }),
            Self::KeyManager => {
                let (id, version) = Echo::of(request);
                json(&KmAnswer {
                    id: id.as_deref(),
                    version: version.as_deref(),
                    responsetime: &at,
                    metadata: (),
                    response: None,
                    errors: Some(errors),
                })
            }
            Self::V1 { .. } | Self::Raw => v1_error(flavour, errors, now),
        }
    }

    /// A fault that the client learns nothing about.
    pub fn unexpected(
        self,
        flavour: &Flavour,
        request: &HttpRequest,
        now: DateTime<Utc>,
    ) -> HttpResponse {
        match self {
            Self::V2 { fallback, .. } => self.rejection(flavour, request, &fallback.into(), now),
            Self::KeyManager => {
                let rejection = Rejection::single("KER-KMS-500", "Internal server error");
                let mut answer = self.rejection(flavour, request, &rejection, now);
                *answer.status_mut() = actix_web::http::StatusCode::INTERNAL_SERVER_ERROR;
                answer
            }
            Self::V1 { .. } | Self::Raw => {
                // Unexpected errors name no service (§6.6).
                let rejection = Rejection::from(flavour.neutral);
                v1_body(None, None, rejection.errors(), now)
            }
        }
    }

    /// A request that never reached its use case.
    pub fn refusal(
        self,
        flavour: &Flavour,
        request: &HttpRequest,
        refusal: &Refusal,
        now: DateTime<Utc>,
    ) -> HttpResponse {
        let message = match (self, refusal) {
            (Self::KeyManager, Refusal::Field { path, rule }) => format!("{path} {rule}"),
            (Self::KeyManager, Refusal::Problem { status, detail }) if status.as_u16() == 400 => {
                detail.to_string()
            }
            _ => return refusal.answer(request.path(), now),
        };
        self.rejection(
            flavour,
            request,
            &Rejection::single("KER-KMS-005", message),
            now,
        )
    }
}

fn today(envelope: &Envelope, now: DateTime<Utc>) -> Result<(), Rejection> {
    match envelope.time {
        None => Err(INVALID_TIME.into()),
        Some(time) if time.date_naive() != now.date_naive() => Err(NOT_TODAY.into()),
        Some(_) => Ok(()),
    }
}

/// The V1 error of a service, whatever the route's dialect.
pub fn v1_error(flavour: &Flavour, errors: &[WireError], now: DateTime<Utc>) -> HttpResponse {
    let (id, version) = flavour.error_ids.unzip();
    v1_body(id, version, errors, now)
}

fn v1_body(
    id: Option<&str>,
    version: Option<&str>,
    errors: &[WireError],
    now: DateTime<Utc>,
) -> HttpResponse {
    json(&V1Error {
        id,
        version,
        responsetime: &envelope_time(now),
        metadata: (),
        response: (),
        errors,
    })
}

/// `2025-07-11T13:45:37.123Z`.
pub fn envelope_time(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn json(answer: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(answer) {
        Ok(body) => HttpResponse::Ok().content_type(JSON).body(body),
        Err(error) => {
            tracing::error!(%error, "an answer can't be written as JSON");
            HttpResponse::InternalServerError().finish()
        }
    }
}

#[derive(Serialize)]
struct V1Full<'a> {
    id: Option<&'a str>,
    version: Option<&'a str>,
    responsetime: &'a str,
    metadata: (),
    response: &'a RawValue,
    errors: [(); 0],
}

#[derive(Serialize)]
struct V1Short<'a> {
    id: Option<&'a str>,
    version: Option<&'a str>,
    responsetime: &'a str,
    response: &'a RawValue,
    errors: [(); 0],
}

#[derive(Serialize)]
struct V1Error<'a> {
    id: Option<&'a str>,
    version: Option<&'a str>,
    responsetime: &'a str,
    metadata: (),
    response: (),
    errors: &'a [WireError],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct V2Answer<'a> {
    id: &'a str,
    version: &'a str,
    response_time: &'a str,
    metadata: (),
    response: Option<&'a RawValue>,
    errors: &'a [WireError],
}

#[derive(Serialize)]
struct KmAnswer<'a> {
    id: Option<&'a str>,
    version: Option<&'a str>,
    responsetime: &'a str,
    metadata: (),
    response: Option<&'a RawValue>,
    errors: Option<&'a [WireError]>,
}
