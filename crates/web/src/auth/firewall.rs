//! The first two checks of every request: path encoding, then the token.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};

use super::caller::failed;
use super::token::carried;
use crate::body::Envelope;
use crate::edge::Edge;
use crate::refusal::problem;
use crate::service::ALL;

/// Middleware: refuses paths that could mean two things, then demands a valid
/// token on every path of the services that is not listed as public.
///
/// # Errors
/// Only what the inner service fails with.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let path = request.uri().path().to_owned();
    let Some(rest) = below_a_service(&path) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    if !is_login(rest) && is_ambiguous(&path) {
        let answer =
            problem(StatusCode::BAD_REQUEST, "Failed to read request", &path).finish_body();
        return Ok(request.into_response(answer).map_into_right_body());
    }
    if is_public(rest) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let edge = Edge::of(request.request());
    let token = match carried(request.headers()) {
        Some(raw) => edge.verifier().verify(raw, edge.now()).await,
        None => None,
    };
    let Some(token) = token else {
        let answer = failed(
            StatusCode::UNAUTHORIZED,
            ("KER-ATH-401", "Authentication Failed"),
            &Envelope::default(),
            &edge,
        );
        return Ok(request.into_response(answer).map_into_right_body());
    };
    tracing::Span::current().record("user", token.user_id.as_str());
    request.extensions_mut().insert(token);
    Ok(next.call(request).await?.map_into_left_body())
}

/// The path below a service's prefix; `None` for everything else, such as the
/// development pages of the all-in-one process.
fn below_a_service(path: &str) -> Option<&str> {
    ALL.iter()
        .flat_map(|service| [service.base, service.own])
        .find_map(|prefix| path.strip_prefix(prefix))
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_login(rest: &str) -> bool {
    rest.starts_with("/login/") || rest.starts_with("/login-redirect/")
}

/// The explicit list of paths that need no token (auth contract §1).
fn is_public(rest: &str) -> bool {
    is_login(rest)
        || rest.starts_with("/actuator/")
        || rest == "/v3/api-docs"
        || rest.starts_with("/v3/api-docs/")
        || rest == "/swagger-ui.html"
        || rest == "/swagger-ui"
        || rest.starts_with("/swagger-ui/")
        || rest.starts_with("/crl/")
}

/// Encodings that proxies and routers read differently (envelope contract §1).
fn is_ambiguous(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.contains("//")
        || lower.contains(';')
        || lower.contains('\\')
        || lower.bytes().any(|byte| byte.is_ascii_control())
        || ["%3b", "%2f", "%5c", "%25", "%00", "%0a", "%0d", "%2e"]
            .iter()
            .any(|encoding| lower.contains(encoding))
        || lower
            .split('/')
            .any(|segment| segment == "." || segment == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_paths_are_public() {
        for path in [
            "/actuator/health",
            "/v3/api-docs",
            "/login/v2/aHR0",
            "/swagger-ui/index.html",
        ] {
            assert!(is_public(path), "{path}");
        }
        for path in [
            "/partners/login/x",
            "/v3/api-docsx",
            "/actuatorx",
            "/policies/callback/x",
        ] {
            assert!(!is_public(path), "{path}");
        }
    }

    #[test]
    fn paths_with_two_readings_are_refused() {
        for path in [
            "/a//b",
            "/a/%2e%2e/b",
            "/a;x=1",
            "/a/%2Fb",
            "/a/../b",
            "/a/%00",
        ] {
            assert!(is_ambiguous(path), "{path}");
        }
        assert!(!is_ambiguous("/policies/active/group/my%20group.v1"));
    }
}
