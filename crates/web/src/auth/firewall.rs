//! The first two checks of every request: path encoding, then the token.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use percent_encoding::percent_decode_str;
use pms_domain::path::is_ambiguous;

use super::caller::failed;
use super::token::carried;
use crate::edge::Edge;
use crate::http_error::problem;
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
    // No text that is stored or searched for holds this character, and the
    // database takes it for a fault.
    let nul = request
        .uri()
        .query()
        .is_some_and(|query| query.contains("%00"));
    let kind = match PathKind::of(&path) {
        PathKind::Below(_) if nul => PathKind::Ambiguous,
        kind => kind,
    };
    let rest = match kind {
        PathKind::Ambiguous => {
            let answer =
                problem(StatusCode::BAD_REQUEST, "Failed to read request", &path).finish_body();
            return Ok(request.into_response(answer).map_into_right_body());
        }
        PathKind::Elsewhere => None,
        PathKind::Below(rest) => Some(rest),
    };
    if rest.is_none_or(is_public) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let edge = Edge::of(request.request());
    let token = match carried(request.headers()) {
        Some(raw) => edge.verifier().verify(raw, edge.now()).await,
        None => None,
    };
    let Some(token) = token else {
        if is_page(request.method(), &path) {
            return Ok(next.call(request).await?.map_into_left_body());
        }
        let answer = failed(
            StatusCode::UNAUTHORIZED,
            ("KER-ATH-401", "Authentication Failed"),
            (None, None),
            &edge,
        );
        return Ok(request.into_response(answer).map_into_right_body());
    };
    tracing::Span::current().record("req.user", token.user_id.as_str());
    request.extensions_mut().insert(token);
    Ok(next.call(request).await?.map_into_left_body())
}

/// Where a path leads, before it is routed.
enum PathKind<'a> {
    /// Nothing of the services: the development pages of the all-in-one process.
    Elsewhere,
    /// A path that others may read in another way.
    Ambiguous,
    /// A path below a service's prefix.
    Below(&'a str),
}

impl<'a> PathKind<'a> {
    fn of(path: &'a str) -> Self {
        match below_a_service(path) {
            Some(rest) if is_login(rest) || !is_ambiguous(path) => Self::Below(rest),
            Some(_) => Self::Ambiguous,
            // The router decodes a path before it matches: an encoded prefix would
            // pass by this check and still reach its route.
            None if below_a_service(&percent_decode_str(path).decode_utf8_lossy()).is_some() => {
                Self::Ambiguous
            }
            None => Self::Elsewhere,
        }
    }
}

fn below_a_service(path: &str) -> Option<&str> {
    ALL.iter()
        .flat_map(|service| [service.base, service.own])
        .find_map(|prefix| path.strip_prefix(prefix))
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a path belongs to one of the services.
pub(crate) fn is_below_a_service(path: &str) -> bool {
    below_a_service(path).is_some()
}

fn is_login(rest: &str) -> bool {
    rest.starts_with("/login/") || rest.starts_with("/login-redirect/")
}

/// Endpoints that need a token but tell people themselves that there is none
/// (contract auth.md §5.3 and §5.4).
const PAGES: [&str; 2] = [
    "/v1/partnermanager/authorize/admin/validateToken",
    "/v1/partnermanager/logout/user",
];

fn is_page(method: &Method, path: &str) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && PAGES.contains(&path)
}

/// The explicit list of paths that need no token (contract auth.md §1).
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
    fn pages_are_two_paths_and_are_read_only() {
        assert!(is_page(&Method::GET, "/v1/partnermanager/logout/user"));
        assert!(is_page(&Method::HEAD, "/v1/partnermanager/logout/user"));
        assert!(!is_page(&Method::POST, "/v1/partnermanager/logout/user"));
        for path in [
            "/v1/policymanager/logout/user",
            "/v1/partnermanager/logout/user/x",
            "/v1/partnermanager/logout",
        ] {
            assert!(!is_page(&Method::GET, path), "{path}");
        }
    }

    #[test]
    fn an_encoded_or_similar_prefix_is_never_taken_for_the_services_own() {
        for path in [
            "/v1/partnermanage%72/partners",
            "/%761/policymanager",
            "/v1%2Fpartnermanager/partners",
            "/v1/keymanage%72/x",
        ] {
            assert!(matches!(PathKind::of(path), PathKind::Ambiguous), "{path}");
        }
        for path in [
            "/v1/partnermanagerX/partners",
            "/V1/partnermanager/x",
            "/",
            "*",
            "/dev",
        ] {
            assert!(matches!(PathKind::of(path), PathKind::Elsewhere), "{path}");
        }
        assert!(matches!(
            PathKind::of("/v1/partnermanager"),
            PathKind::Below("")
        ));
    }
}
