//! Which client a request comes from.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::form::Form;
use super::oauth_error::OAuthError;
use crate::identity::Identity;
use crate::identity::clients::Client;

/// The client that sent the request, its secret checked: from the `Authorization` header
/// (`Basic`), else from the fields `client_id` and `client_secret`.
pub(super) fn client_of(
    identity: &Identity,
    request: &HttpRequest,
    form: &Form,
) -> Result<&'static Client, OAuthError> {
    let from_form = || Some((form.text("client_id"), form.text("client_secret")));
    let (id, secret) = basic(request)?
        .or_else(from_form)
        .ok_or_else(OAuthError::invalid_client)?;
    Client::find(&id)
        .filter(|client| client.accepts(Some(&secret), &identity.0.client_secret))
        .ok_or_else(OAuthError::invalid_client)
}

/// Id and secret of a `Basic` header, as they are; `None` when there is no such header.
fn basic(request: &HttpRequest) -> Result<Option<(String, String)>, OAuthError> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Ok(None);
    };
    let text = header.to_str().unwrap_or_default();
    let Some((scheme, credentials)) = text.split_once(' ') else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let pair = STANDARD
        .decode(credentials.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(OAuthError::invalid_client)?;
    let (id, secret) = pair
        .split_once(':')
        .ok_or_else(OAuthError::invalid_client)?;
    Ok(Some((id.to_owned(), secret.to_owned())))
}
