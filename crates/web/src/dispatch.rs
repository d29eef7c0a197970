//! From a matched route to its response, and the answers of unmatched ones.

mod allow;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use actix_web::dev::{Path, Payload, Url};
use actix_web::guard::{self, GuardContext};
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{
    FromRequest, Handler, HttpMessage, HttpRequest, HttpResponse, Resource, Responder,
};
use percent_encoding::percent_decode_str;
use pms_domain::path::id_spelled_by;

use self::allow::{Allowed, not_allowed};
use crate::body::{Envelope, refusal_of_nul};
use crate::dialect::Dialect;
use crate::edge::Edge;
use crate::error::ApiError;
use crate::http_error::{HttpError, problem};
use crate::negotiation::takes_json;
use crate::route::{Answer as _, Answered, Descriptor, Route, UseCase, Who};

/// The actix resource of one row. The method is a guard of the resource, not of
/// a route inside it, so that a literal path with another method does not hide
/// the parameter path behind it.
pub(crate) fn resource(route: &Descriptor) -> Resource {
    let method = route.method.clone();
    let name = format!("{method} {}", route.path);
    web::resource(route.path.as_str())
        .name(&name)
        .guard(guard::fn_guard(move |context: &GuardContext<'_>| {
            let sent = &context.head().method;
            *sent == method || (*sent == Method::HEAD && method == Method::GET)
        }))
}

/// Puts the ids that a path spells in base64url in place of their spelling, so
/// that handlers see ids alone.
pub(crate) fn spell_out(path: &mut Path<Url>) {
    let spelled = |value: &str| {
        // The router leaves some encodings as they are; extractors decode them.
        let value = percent_decode_str(value).decode_utf8_lossy();
        id_spelled_by(&value).map(|id| id.replace('%', "%25"))
    };
    if !path.iter().any(|(_, value)| spelled(value).is_some()) {
        return;
    }
    let parameters: Vec<(String, String)> = path
        .iter()
        .map(|(name, value)| {
            let value = spelled(value).unwrap_or_else(|| value.to_owned());
            (name.to_owned(), value)
        })
        .collect();
    path.reset();
    for (name, value) in parameters {
        path.add_static(name, value);
    }
}

/// [`answer`] within the time that a request may take; its database closures end
/// with it.
pub(crate) async fn serve<W, A, H>(
    route: &Rc<Descriptor>,
    handler: &H,
    request: &HttpRequest,
    payload: Payload,
) -> HttpResponse
where
    W: Who,
    A: FromRequest,
    H: UseCase<W, A>,
{
    let edge = Edge::of(request);
    if edge.is_elsewhere(&route.path, request) {
        return not_found(request.clone()).await;
    }
    let _running = edge.running().begin(route);
    let limit = edge.request_timeout();
    let answer = answer::<W, A, H>(route, handler, request, payload);
    pms_database::deadline::within(limit, answer)
        .await
        .unwrap_or_else(|_elapsed| {
            tracing::warn!(?limit, "the request took too long");
            busy(request.path())
        })
}

/// Arguments → role → envelope → use case → answer (contract envelope-and-search.md §2).
async fn answer<W, A, H>(
    route: &Rc<Descriptor>,
    handler: &H,
    request: &HttpRequest,
    mut payload: Payload,
) -> HttpResponse
where
    W: Who,
    A: FromRequest,
    H: UseCase<W, A>,
{
    let edge = Edge::of(request);
    request.extensions_mut().insert(Rc::clone(route));
    if !matches!(route.dialect, Dialect::Raw)
        && let Err(refusal) = takes_json(request.headers())
    {
        return refusal.answer(request.path(), edge.now());
    }
    let args = match A::from_request(request, &mut payload).await {
        Ok(args) => args,
        Err(error) => {
            let error: actix_web::Error = error.into();
            let refusal = error
                .as_error::<HttpError>()
                .cloned()
                .unwrap_or(HttpError::UNREADABLE);
            return route
                .dialect
                .refusal(route.style, request, &refusal, edge.now());
        }
    };
    let who = match W::admit(route, request) {
        Ok(who) => who,
        Err(response) => return *response,
    };
    if let Err(rejection) = route.dialect.check(&Envelope::of(request), edge.now()) {
        return route
            .dialect
            .rejection(route.style, request, &rejection, edge.now());
    }
    match handler.run(who, args).await {
        Ok(response) => match response.into_answered() {
            Ok(Answered::Data(data)) => {
                route
                    .dialect
                    .success(route.style, request, &data, edge.now())
            }
            Ok(Answered::Whole(response)) => response,
            Err(error) => failure(route, request, &ApiError::unexpected(error)),
        },
        Err(error) => failure(route, request, &error),
    }
}

fn failure(route: &Descriptor, request: &HttpRequest, error: &ApiError) -> HttpResponse {
    let now = Edge::of(request).now();
    match error {
        ApiError::Rejected(rejection) => {
            tracing::debug!(code = rejection.code(), "refused");
            route
                .dialect
                .rejection(route.style, request, rejection, now)
        }
        ApiError::RejectedEarly(rejection) => {
            tracing::debug!(code = rejection.code(), "refused");
            crate::dialect::v1_error(route.style, rejection.errors(), now)
        }
        ApiError::Refused(refusal) => route.dialect.refusal(route.style, request, refusal, now),
        ApiError::Forbidden(why) => {
            tracing::warn!(why, "forbidden");
            crate::auth::forbidden(route, request)
        }
        ApiError::Denied(status, error) => {
            tracing::warn!(code = error.code, "denied");
            crate::auth::denied(route, request, *status, (error.code, error.message))
        }
        ApiError::Nul => {
            let refusal = refusal_of_nul(request);
            route.dialect.refusal(route.style, request, &refusal, now)
        }
        ApiError::Busy(why) => {
            tracing::warn!(why, "too busy");
            busy(request.path())
        }
        ApiError::NoAnswer(why) => {
            tracing::warn!(why, "a request without an answer");
            route.dialect.unexpected(route.style, request, now)
        }
        ApiError::Unexpected(cause) => {
            tracing::error!(cause, "unexpected failure");
            route.dialect.unexpected(route.style, request, now)
        }
    }
}

/// 503: try again in a moment.
pub fn busy(path: &str) -> HttpResponse {
    problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "The service is busy, try again.",
        path,
    )
    .header(header::RETRY_AFTER, "2")
    .finish_body()
}

/// Mounts `routes`, literals before parameters, then the answers for known
/// paths with another method.
pub fn mount(app: &mut ServiceConfig, routes: &[Route]) {
    let mut ordered: Vec<&Descriptor> = Vec::new();
    let mut sorted: Vec<&Route> = routes.iter().collect();
    sorted.sort_by_key(|route| specificity(&route.descriptor.path));
    for route in sorted {
        route.register(app);
        ordered.push(&route.descriptor);
    }
    let mut seen = Vec::new();
    for row in &ordered {
        let path = row.path.as_str();
        if seen.contains(&path) {
            continue;
        }
        seen.push(path);
        let allowed = Rc::new(Allowed::of(path, &ordered));
        app.service(web::resource(path).to(move |request: HttpRequest| {
            let answer = not_allowed(&request, &allowed.at(request.match_info().as_str()));
            async move { answer }
        }));
    }
}

/// Sorts `/a/b` before `/a/{x}` before `/{y}/b`, and tails last.
fn specificity(path: &str) -> Vec<u8> {
    path.split('/')
        .map(|segment| match segment {
            segment if segment.contains(":.*") => 2,
            segment if segment.contains('{') => 1,
            _ => 0,
        })
        .collect()
}

/// A page outside the route table: answers GET and HEAD, refuses the rest.
pub fn page<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let read = guard::Any(guard::Get()).or(guard::Head());
    web::resource(path)
        .route(web::route().guard(read).to(handler))
        .default_service(web::to(async |request: HttpRequest| {
            not_allowed(&request, "GET,HEAD,OPTIONS")
        }))
}

/// 404 for anything no route matches.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    let path = request.path();
    let below = |prefix: &'static str| path.strip_prefix(prefix)?.strip_prefix('/');
    let mut services = crate::service::ALL.iter();
    let shown = services
        .find_map(|service| below(service.own))
        .unwrap_or_else(|| path.trim_start_matches('/'));
    problem(
        StatusCode::NOT_FOUND,
        &format!("No static resource {shown}."),
        path,
    )
    .finish_body()
}
