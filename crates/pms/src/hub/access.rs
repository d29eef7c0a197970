//! Callers that may publish and subscribe.

use actix_web::HttpRequest;
use actix_web::http::header::COOKIE;

use super::State;

/// What a caller wants to do with a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Register the topic, or publish an event.
    Publish,
    /// Subscribe to it, or end a subscription.
    Subscribe,
}

/// Why a caller may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessError {
    /// No token, or none that is good.
    Unauthorized,
    /// The token lacks the role.
    Forbidden,
}

/// Checks the token of the cookie `Authorization` for the topic's role.
pub(super) fn check(
    state: &State,
    request: &HttpRequest,
    action: Action,
    topic: &str,
) -> Result<(), AccessError> {
    let roles = token_of(request)
        .filter(|token| state.shown.see(token))
        .and_then(|token| state.tokens.roles_of(token))
        .ok_or(AccessError::Unauthorized)?;
    let verb = match action {
        Action::Publish => "PUBLISH",
        Action::Subscribe => "SUBSCRIBE",
    };
    let needed = format!("{verb}_{topic}_GENERAL");
    if roles.contains(&needed) {
        Ok(())
    } else {
        Err(AccessError::Forbidden)
    }
}

/// The last token of the cookie headers.
fn token_of(request: &HttpRequest) -> Option<&str> {
    let headers = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|header| header.to_str().ok());
    headers
        .flat_map(|header| header.split(';'))
        .filter_map(|cookie| cookie.trim().strip_prefix("Authorization="))
        .filter(|value| value.split('.').count() == 3)
        .last()
}
