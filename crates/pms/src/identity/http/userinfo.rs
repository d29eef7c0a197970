//! `GET|POST /protocol/openid-connect/userinfo`

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use uuid::Uuid;

use super::oauth_error::OAuthError;
use crate::identity::Identity;
use crate::identity::claims::Person;

/// The user that a token is about.
#[derive(Serialize)]
struct UserInfo<'a> {
    sub: Uuid,
    #[serde(flatten)]
    person: Person<'a>,
}

/// Answers for the access token of the `Authorization` header.
pub(super) async fn userinfo(
    identity: Data<Identity>,
    request: HttpRequest,
) -> Result<HttpResponse, OAuthError> {
    let provider = &identity.0;
    let claims = bearer(&request)
        .and_then(|token| provider.tokens.read_access(token))
        .filter(|claims| {
            !claims
                .sid
                .is_some_and(|sid| provider.sessions.was_ended(sid))
        })
        .ok_or_else(OAuthError::invalid_token)?;
    let user = provider.users.by_id(claims.sub);
    let person = match &user {
        Some(user) => Person::of_user(user),
        None => Person::named(&claims.preferred_username),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(UserInfo {
            sub: claims.sub,
            person,
        }))
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}
