//! Answers in a route's dialect.

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use pms_domain::{BusinessError, WireError};
use serde::Serialize;

use super::{Dialect, Ids};
use crate::body::{Echo, Envelope};
use crate::edge::Edge;
use crate::http_error::{HttpError, JSON, zulu_date_time};
use crate::route::Requested;
use crate::service::EnvelopeStyle;

/// Most answers about one thing fit in as many bytes.
const USUAL_BODY: usize = 2048;

impl Dialect {
    /// A success, written once: the envelope around the data as it is serialised.
    ///
    /// # Errors
    /// When the data can't be written as JSON.
    pub fn success(
        self,
        requested: &Requested<'_>,
        data: &impl Serialize,
    ) -> serde_json::Result<HttpResponse> {
        let now = Edge::of(requested.request).now();
        let (head, tail) = self.frame(requested.route.style, requested.request, now)?;
        let mut body = Vec::with_capacity(USUAL_BODY);
        body.extend_from_slice(head.as_bytes());
        serde_json::to_writer(&mut body, data)?;
        body.extend_from_slice(tail.as_bytes());
        Ok(HttpResponse::Ok().content_type(JSON).body(body))
    }

    /// The envelope of a success: what stands before and after the value of its
    /// `response`. Lists are sent as they are read, between the two.
    pub(crate) fn frame(
        self,
        style: &EnvelopeStyle,
        request: &HttpRequest,
        now: DateTime<Utc>,
    ) -> serde_json::Result<(String, &'static str)> {
        let at = envelope_time(now);
        let envelope = Envelope::of(request);
        let echoed = (envelope.id.as_deref(), envelope.version.as_deref());
        let head = Head {
            responsetime: Some(&at),
            metadata: Some(()),
            ..Head::default()
        };
        let (head, tail) = match self {
            Self::V1 { ids, .. } => {
                let (id, version) = match ids {
                    Ids::Null => (None, None),
                    Ids::Echo => echoed,
                    Ids::Fixed(id, version) => (Some(id), Some(version)),
                };
                let metadata = style.metadata_on_success.then_some(());
                let head = Head {
                    id,
                    version,
                    metadata,
                    ..head
                };
                (head, ",\"errors\":[]}")
            }
            Self::V2 { operation, .. } => {
                let head = Head {
                    id: Some(operation),
                    version: Some("1.0"),
                    responsetime: None,
                    response_time: Some(&at),
                    ..head
                };
                (head, ",\"errors\":[]}")
            }
            Self::KeyManager => {
                let (id, version) = echoed;
                let head = Head {
                    id,
                    version,
                    ..head
                };
                (head, ",\"errors\":null}")
            }
            Self::Raw => return Ok((String::new(), "")),
        };
        let mut text = serde_json::to_string(&head)?;
        // The object stays open for the two members that follow.
        text.truncate(text.len() - 1);
        text.push_str(",\"response\":");
        Ok((text, tail))
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
            Self::V2 { operation, .. } => json(&V2Error {
                id: operation,
                version: "1.0",
                response_time: &at,
                metadata: (),
                response: (),
                errors,
            }),
            Self::KeyManager => {
                let (id, version) = Echo::of(request);
                json(&V1Error {
                    id: id.as_deref(),
                    version: version.as_deref(),
                    responsetime: &at,
                    metadata: (),
                    response: (),
                    errors,
                })
            }
            Self::V1 {
                error_ids: Some((id, version)),
                ..
            } => v1_body(Some(id), Some(version), errors, now),
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
        let messages = match (self, refusal) {
            (Self::KeyManager, HttpError::Field { path, rule, others }) => {
                let others = others.iter().map(|(path, rule)| format!("{path} {rule}"));
                std::iter::once(format!("{path} {rule}"))
                    .chain(others)
                    .collect()
            }
            (Self::KeyManager, HttpError::Problem { status, detail }) if status.as_u16() == 400 => {
                vec![detail.to_string()]
            }
            _ => return refusal.answer(request.path(), now),
        };
        let errors = messages.into_iter().map(|message: String| WireError {
            code: Some("KER-KMS-005".into()),
            message: Some(message.into()),
        });
        match BusinessError::several(errors.collect()) {
            Some(rejection) => self.rejection(style, request, &rejection, now),
            None => refusal.answer(request.path(), now),
        }
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
    zulu_date_time(now.naive_utc())
}

fn json(answer: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(answer) {
        Ok(body) => HttpResponse::Ok().content_type(JSON).body(body),
        Err(error) => unwritable(&error),
    }
}

fn unwritable(error: &serde_json::Error) -> HttpResponse {
    tracing::error!(%error, "an answer can't be written as JSON");
    HttpResponse::InternalServerError().finish()
}

/// The members of a success before `response`.
#[derive(Default, Serialize)]
struct Head<'a> {
    id: Option<&'a str>,
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    responsetime: Option<&'a str>,
    #[serde(rename = "responseTime", skip_serializing_if = "Option::is_none")]
    response_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<()>,
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
struct V2Error<'a> {
    id: &'a str,
    version: &'a str,
    response_time: &'a str,
    metadata: (),
    response: (),
    errors: &'a [WireError],
}
