//! Answers in a route's dialect.

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, SecondsFormat, Utc};
use pms_domain::{BusinessError, WireError};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Dialect, Ids};
use crate::body::{Echo, Envelope};
use crate::http_error::{HttpError, JSON};
use crate::service::EnvelopeStyle;

impl Dialect {
    /// A success.
    pub fn success(
        self,
        style: &EnvelopeStyle,
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
                if style.metadata_on_success {
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
        style: &EnvelopeStyle,
        request: &HttpRequest,
        rejection: &BusinessError,
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
            Self::V1 { .. } | Self::Raw => v1_error(style, errors, now),
        }
    }

    /// A fault that the client learns nothing about.
    pub fn unexpected(
        self,
        style: &EnvelopeStyle,
        request: &HttpRequest,
        now: DateTime<Utc>,
    ) -> HttpResponse {
        match self {
            Self::V2 { fallback, .. } => self.rejection(style, request, &fallback.into(), now),
            Self::KeyManager => {
                let rejection = BusinessError::single("KER-KMS-500", "Internal server error");
                let mut answer = self.rejection(style, request, &rejection, now);
                *answer.status_mut() = actix_web::http::StatusCode::INTERNAL_SERVER_ERROR;
                answer
            }
            Self::V1 { .. } | Self::Raw => {
                // Unexpected errors name no service (contract envelope-and-search.md §6.6).
                let rejection = BusinessError::from(style.neutral);
                v1_body(None, None, rejection.errors(), now)
            }
        }
    }

    /// A request that never reached its use case.
    pub fn refusal(
        self,
        style: &EnvelopeStyle,
        request: &HttpRequest,
        refusal: &HttpError,
        now: DateTime<Utc>,
    ) -> HttpResponse {
        let message = match (self, refusal) {
            (Self::KeyManager, HttpError::Field { path, rule }) => format!("{path} {rule}"),
            (Self::KeyManager, HttpError::Problem { status, detail }) if status.as_u16() == 400 => {
                detail.to_string()
            }
            _ => return refusal.answer(request.path(), now),
        };
        self.rejection(
            style,
            request,
            &BusinessError::single("KER-KMS-005", message),
            now,
        )
    }
}

/// The V1 error of a service, whatever the route's dialect.
pub fn v1_error(style: &EnvelopeStyle, errors: &[WireError], now: DateTime<Utc>) -> HttpResponse {
    let (id, version) = style.error_ids.unzip();
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
