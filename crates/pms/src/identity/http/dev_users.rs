//! `POST /auth/realms/mosip/dev/users`: registers a user with any roles, for demonstrations.
//!
//! Only JSON is taken, so that a page of another origin can't send it without asking first,
//! which is never answered.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use crate::identity::Identity;
use crate::identity::login::RegisterError;
use crate::identity::registration::{NewUser, Problem};

/// Registers a user; what is left out gets a value that the portal can work with.
pub(super) async fn create_user(
    identity: Data<Identity>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    if request.content_type() != "application/json" {
        let text = "Content-Type must be application/json";
        return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, text);
    }
    let new: NewUser = match serde_json::from_slice(&body) {
        Ok(new) => new,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match identity.0.register(new.with_defaults()).await {
        Ok(user) => HttpResponse::Created().json(json!({
            "id": user.id,
            "username": user.username,
            "email": user.profile.email,
            "partnerType": user.profile.partner_type,
            "roles": user.roles,
        })),
        Err(RegisterError::Invalid(problems)) => fields(StatusCode::BAD_REQUEST, &problems),
        Err(RegisterError::Taken(problem)) => fields(StatusCode::CONFLICT, &[problem]),
        Err(RegisterError::Full) => refusal(
            StatusCode::INSUFFICIENT_STORAGE,
            "No more users can be registered",
        ),
        Err(RegisterError::Failed(error)) => {
            tracing::error!(%error, "a user can't be registered");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "See the log")
        }
    }
}

fn refusal(status: StatusCode, text: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({"error": text}))
}

fn fields(status: StatusCode, problems: &[Problem]) -> HttpResponse {
    let fields: Map<String, Value> = problems
        .iter()
        .map(|p| (p.field.to_owned(), Value::from(p.text)))
        .collect();
    HttpResponse::build(status).json(json!({"error": "Invalid fields", "fields": fields}))
}
