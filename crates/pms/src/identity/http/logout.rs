//! `GET|POST /protocol/openid-connect/logout`

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::browser::{expired_session_cookie, session_of};
use super::client_auth::client_of;
use super::code_flow::{append, redirect};
use super::form::Form;
use super::html;
use super::oauth_error::OAuthError;
use crate::identity::Identity;

/// Ends the browser's login, then sends the browser to `post_logout_redirect_uri`.
///
/// There is no question in between, as with the Keycloak that the portal was made for.
pub(super) async fn log_out_browser(
    identity: Data<Identity>,
    request: HttpRequest,
) -> HttpResponse {
    let provider = &identity.0;
    let query = Form::of_query(&request).unwrap_or_default();
    let wanted = query
        .get("post_logout_redirect_uri")
        .or_else(|| query.get("redirect_uri"));
    let target = wanted.map(|text| provider.addresses.redirect(text));
    if let Some(None) = target {
        let text = "Its post_logout_redirect_uri is not allowed.";
        return html::message(StatusCode::BAD_REQUEST, "This link is broken", text);
    }
    if let Some(session) = session_of(&identity, &request) {
        provider.sessions.end(session.id);
    }
    let hint = query
        .get("id_token_hint")
        .and_then(|token| provider.tokens.read_id(token));
    if let Some(sid) = hint.and_then(|claims| claims.sid) {
        provider.sessions.end(sid);
    }
    let mut response = match target.flatten() {
        Some(mut target) => {
            append(&mut target, "state", query.get("state"));
            redirect(&target)
        }
        None => html::message(StatusCode::OK, "Logged out", "You are logged out."),
    };
    if let Err(error) = response.add_cookie(&expired_session_cookie(&provider.addresses)) {
        tracing::error!(%error, "the login's cookie can't be expired");
    }
    response
}

/// Ends the login behind a refresh token: 204.
pub(super) async fn log_out_client(
    identity: Data<Identity>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, OAuthError> {
    let provider = &identity.0;
    let form = Form::of_body(&request, &body)?;
    let client = client_of(&identity, &request, &form)?;
    let grant = provider
        .refresh
        .find(form.required("refresh_token")?)
        .filter(|grant| grant.client_id == client.id)
        .ok_or_else(|| OAuthError::invalid_grant("Invalid refresh token"))?;
    provider.sessions.end(grant.session);
    Ok(HttpResponse::NoContent().finish())
}
