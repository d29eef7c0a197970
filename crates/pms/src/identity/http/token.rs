//! `POST /protocol/openid-connect/token`

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::client_auth::client_of;
use super::form::Form;
use super::grants;
use super::oauth_error::OAuthError;
use crate::identity::Identity;

/// Exchanges a code, a password, a client's secret or a refresh token for tokens.
pub(super) async fn token(
    identity: Data<Identity>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, OAuthError> {
    let form = Form::of_body(&request, &body)?;
    let grant_type = form.required("grant_type")?;
    let client = client_of(&identity, &request, &form)?;
    let tokens = match grant_type {
        "authorization_code" => grants::by_code(&identity, client, &form)?,
        "password" => grants::by_password(&identity, client, &form).await?,
        "client_credentials" => grants::by_client(&identity, client, &form)?,
        "refresh_token" => grants::by_refresh(&identity, client, &form)?,
        _ => {
            let status = actix_web::http::StatusCode::BAD_REQUEST;
            let description = "Unsupported grant_type";
            return Err(OAuthError::new(
                status,
                "unsupported_grant_type",
                description,
            ));
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"))
        .json(tokens))
}
