//! The code flow's request (RFC 6749 §4.1.1, RFC 7636) and its answers to the browser.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use url::Url;

use super::browser::session_cookie;
use super::form::Form;
use super::html;
use crate::identity::Identity;
use crate::identity::clients::{Client, Kind};
use crate::identity::codes::CodeGrant;
use crate::identity::sessions::Session;

/// Longest `state` or `nonce`.
const MAX_OPAQUE: usize = 2048;

/// A well-formed request to log a user in.
pub(super) struct LoginRequest {
    client: &'static Client,
    /// As it was sent; the token request must repeat it exactly.
    redirect_uri: String,
    target: Url,
    state: Option<String>,
    nonce: Option<String>,
    scope: String,
    challenge: Option<String>,
    pub(super) prompt: Prompt,
}

/// Whether the user must, may or must not see the login page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prompt {
    /// Only without a login that is still good.
    IfNeeded,
    /// In any case.
    Always,
    /// Never: without a login the answer is an error.
    Never,
}

/// Why no user can be logged in this way.
pub(super) enum LoginError {
    /// It isn't certain where to send the browser; the user gets this text.
    Page(&'static str),
    /// The client gets this redirect.
    Redirect(Url),
}

impl LoginRequest {
    /// Reads the request's query.
    pub(super) fn parse(identity: &Identity, request: &HttpRequest) -> Result<Self, LoginError> {
        let query = Form::of_query(request)
            .map_err(|_unreadable| LoginError::Page("Its parameters can't be read."))?;
        let client = query
            .get("client_id")
            .and_then(Client::find)
            .ok_or(LoginError::Page("It names no client that is known here."))?;
        let redirect_uri = query.text("redirect_uri");
        let target = identity
            .0
            .addresses
            .redirect(&redirect_uri)
            .filter(|target| target.fragment().is_none())
            .ok_or(LoginError::Page("Its redirect_uri is not allowed."))?;
        let state = query.get("state").map(str::to_owned);
        let refuse = |error| LoginError::Redirect(error_target(&target, state.as_deref(), error));
        let (scope, challenge) = checked(client, &query).map_err(refuse)?;
        Ok(Self {
            client,
            redirect_uri,
            nonce: query.get("nonce").map(str::to_owned),
            scope,
            challenge,
            prompt: prompt(&query),
            state,
            target,
        })
    }

    /// Sends the browser back with a code, and gives it the login's cookie.
    pub(super) fn success(&self, identity: &Identity, session: &Session) -> HttpResponse {
        let provider = &identity.0;
        let grant = CodeGrant {
            client_id: self.client.id,
            redirect_uri: self.redirect_uri.clone(),
            scope: self.scope.clone(),
            nonce: self.nonce.clone(),
            challenge: self.challenge.clone(),
            session: session.id,
        };
        let code = provider.codes.give(grant, provider.tokens.clock.now());
        let mut target = self.target.clone();
        append(&mut target, "state", self.state.as_deref());
        append(&mut target, "session_state", Some(&session.id.to_string()));
        append(&mut target, "code", Some(&code));
        let mut response = redirect(&target);
        let cookie = session_cookie(&provider.addresses, session.cookie_value());
        if let Err(error) = response.add_cookie(&cookie) {
            tracing::error!(%error, "the login's cookie can't be set");
        }
        response
    }

    /// Sends the browser back without a login.
    pub(super) fn failure(&self, code: &'static str, text: &'static str) -> HttpResponse {
        redirect(&error_target(
            &self.target,
            self.state.as_deref(),
            (code, text),
        ))
    }
}

impl From<LoginError> for HttpResponse {
    fn from(refusal: LoginError) -> Self {
        match refusal {
            LoginError::Page(text) => {
                html::message(StatusCode::BAD_REQUEST, "This link is broken", text)
            }
            LoginError::Redirect(target) => redirect(&target),
        }
    }
}

/// Sends the browser elsewhere.
pub(super) fn redirect(target: &Url) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((LOCATION, target.as_str()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// Appends a parameter, if it has a value, behind those the address has already.
pub(super) fn append(target: &mut Url, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        target.query_pairs_mut().append_pair(name, value);
    }
}

fn error_target(target: &Url, state: Option<&str>, (code, text): ErrorTexts) -> Url {
    let mut target = target.clone();
    append(
        &mut target,
        "state",
        state.filter(|state| state.len() <= MAX_OPAQUE),
    );
    append(&mut target, "error", Some(code));
    append(&mut target, "error_description", Some(text));
    target
}

/// Values of `error` and `error_description`.
type ErrorTexts = (&'static str, &'static str);

/// Scope and PKCE challenge of the request, once everything else is found to be right.
fn checked(client: &Client, query: &Form) -> Result<(String, Option<String>), ErrorTexts> {
    if query.get("response_type") != Some("code") {
        return Err((
            "unsupported_response_type",
            "Only response_type=code is supported",
        ));
    }
    if !matches!(query.get("response_mode"), None | Some("query")) {
        return Err(("invalid_request", "Only response_mode=query is supported"));
    }
    if !client.code_grant {
        return Err((
            "unauthorized_client",
            "Client is not allowed to initiate browser login",
        ));
    }
    for name in ["state", "nonce"] {
        if query
            .get(name)
            .is_some_and(|value| value.len() > MAX_OPAQUE)
        {
            return Err(("invalid_request", "state or nonce is too long"));
        }
    }
    let scope = client
        .scope(&query.text("scope"))
        .ok_or(("invalid_scope", "The scope holds something unknown"))?;
    Ok((scope, challenge(client, query)?))
}

fn challenge(client: &Client, query: &Form) -> Result<Option<String>, ErrorTexts> {
    let Some(challenge) = query.get("code_challenge") else {
        return match client.kind {
            Kind::Confidential => Ok(None),
            Kind::Public => Err(("invalid_request", "Missing parameter: code_challenge")),
        };
    };
    if query.get("code_challenge_method") != Some("S256") {
        return Err((
            "invalid_request",
            "Only code_challenge_method=S256 is supported",
        ));
    }
    // A SHA-256 hash in base64 without padding has 43 characters.
    let well_formed = challenge.len() == 43
        && challenge
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if !well_formed {
        return Err(("invalid_request", "Invalid parameter: code_challenge"));
    }
    Ok(Some(challenge.to_owned()))
}

fn prompt(query: &Form) -> Prompt {
    match query.get("prompt") {
        Some("none") => Prompt::Never,
        Some("login") => Prompt::Always,
        _ => Prompt::IfNeeded,
    }
}
