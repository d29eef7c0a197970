//! From a matched route to its response, and the answers of unmatched ones.

mod allow;
mod table;
#[cfg(test)]
mod tests;
mod unanswered;

use std::rc::Rc;

use actix_web::dev::{
    HttpServiceFactory, Payload, Service as _, ServiceRequest, ServiceResponse, fn_service,
};
use actix_web::guard;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{
    FromRequest, Handler, HttpMessage, HttpRequest, HttpResponse, Resource, Responder,
};
use percent_encoding::percent_decode_str;
use pms_domain::path::id_spelled_by;

pub(crate) use self::allow::not_allowed;
use self::table::Table;
pub(crate) use self::unanswered::{UNMATCHED, unanswered};
use crate::body::{Envelope, refusal_of_nul};
use crate::dialect::Dialect;
use crate::edge::Edge;
use crate::error::ApiError;
use crate::http_error::{HttpError, problem};
use crate::metrics::Observed;
use crate::negotiation::takes_json;
use crate::route::{Answer as _, Descriptor, Requested, Route, UseCase, Who};

/// The id that a path parameter spells in base64url, if it does.
fn spelled(value: &str) -> Option<String> {
    // The router leaves some encodings as they are; extractors decode them.
    let value = percent_decode_str(value).decode_utf8_lossy();
    id_spelled_by(&value).map(|id| id.replace('%', "%25"))
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
    let _running = edge.running().start(route);
    let limit = edge.request_timeout();
    let answer = answer::<W, A, H>(route, handler, request, payload);
    pms_database::deadline::within(limit, answer)
        .await
        .unwrap_or_else(|_elapsed| {
            pms_log::warn("the request took too long", &route.path, |line| {
                tracing::warn!(?limit, route = &*route.path, "{line}");
            });
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
        Ok(response) => response
            .answer(&Requested { route, request })
            .unwrap_or_else(|error| failure(route, request, &ApiError::unexpected(error))),
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
            pms_log::warn("too busy", why, |line| tracing::warn!(why, "{line}"));
            busy(request.path())
        }
        ApiError::NoAnswer(why) => {
            pms_log::warn("a request without an answer", why, |line| {
                tracing::warn!(why, "{line}");
            });
            route.dialect.unexpected(route.style, request, now)
        }
        ApiError::Logged(what) => {
            tracing::debug!(what, "a failure that was logged");
            route.dialect.unexpected(route.style, request, now)
        }
        ApiError::Unexpected(cause) => {
            pms_log::error("unexpected failure", cause, |line| {
                tracing::error!(cause, "{line}");
            });
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

/// Mounts `routes`, literals before parameters, then the answers for known paths
/// with another method, and 404 for all else. Services that were mounted before
/// take precedence.
pub fn mount<'a>(app: &mut ServiceConfig, routes: impl Iterator<Item = &'a Route>) {
    let table = Rc::new(Table::new(routes));
    app.app_data(Rc::clone(&table));
    app.default_service(fn_service(move |request: ServiceRequest| {
        let table = Rc::clone(&table);
        async move { Ok(look_up(&table, request).await) }
    }));
}

async fn look_up(table: &Table, mut request: ServiceRequest) -> ServiceResponse {
    let path = request.match_info().as_str();
    let Some((pattern, row)) = table.row(path, request.method()) else {
        let answer = match table.pattern(path) {
            Some(pattern) => {
                let answer = not_allowed(request.request(), &pattern.allowed.at(path));
                request
                    .extensions_mut()
                    .insert(Rc::clone(&pattern.observed));
                answer
            }
            None => not_found(request.request().clone()).await,
        };
        return request.into_response(answer);
    };
    pattern.capture(request.match_info_mut());
    request
        .extensions_mut()
        .insert(Rc::clone(&pattern.observed));
    let (request, payload) = request.into_parts();
    let answer = (row.handler)(request.clone(), payload).await;
    ServiceResponse::new(request, answer)
}

/// The series of a request: that of the row which answered it, else of the path that
/// it asked for.
pub(crate) fn observed(request: &HttpRequest) -> Rc<Observed> {
    if let Some(observed) = request.extensions().get::<Rc<Observed>>() {
        return Rc::clone(observed);
    }
    if let Some(pattern) = request.match_pattern() {
        return Rc::new(Observed::new(&pattern));
    }
    let table = request.app_data::<Rc<Table>>();
    let pattern = table.and_then(|table| table.pattern(request.match_info().as_str()));
    pattern.map_or_else(
        || Rc::new(Observed::new(UNMATCHED)),
        |pattern| Rc::clone(&pattern.observed),
    )
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

/// All paths below `prefix`, not that path itself, with any method. Its name in logs
/// and metrics is that of a resource `prefix/{tail:.*}`, which would be a regular
/// expression that every request is compared with.
pub fn below<F, Args>(prefix: &str, handler: F) -> impl HttpServiceFactory + use<F, Args>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let depth = prefix.matches('/').count();
    let observed = Rc::new(Observed::new(&format!("{prefix}/{{tail:.*}}")));
    web::scope(prefix)
        .guard(guard::fn_guard(move |context| {
            // Encoded slashes never come here: such paths are refused as ambiguous.
            context.head().uri.path().matches('/').count() > depth
        }))
        .wrap_fn(move |request, next| {
            request.extensions_mut().insert(Rc::clone(&observed));
            next.call(request)
        })
        .default_service(web::to(handler))
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
