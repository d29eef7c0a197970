//! `hub.mode=subscribe` and `hub.mode=unsubscribe` (W3C WebSub §5)

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use url::Url;

use super::State;
use super::access::{self, Action};
use super::delivery::{Secret, Target};
use super::intent::{Intent, Mode};
use super::requests::{Denied, Fields, accepted, denied};
use crate::identity::is_loopback;

/// How long a subscription lasts unless the subscriber says: ten days.
const DEFAULT_LEASE: i64 = 864_000;
/// How long it may last at most: thirty days.
const MAX_LEASE: i64 = 2_592_000;
/// Longest secret, as WebSub has it.
const MAX_SECRET: usize = 200;
/// Longest callback.
const MAX_CALLBACK: usize = 2048;

/// Accepts a subscription; it begins once the callback has confirmed its intent.
pub(super) fn subscribe(
    state: &Arc<State>,
    request: &HttpRequest,
    fields: &Fields,
) -> Result<HttpResponse, Denied> {
    let (topic, callback) = checked(state, request, fields)?;
    let secret = fields.get("hub.secret").map(str::to_owned);
    if secret
        .as_ref()
        .is_some_and(|secret| secret.len() >= MAX_SECRET)
    {
        return Err(denied(StatusCode::BAD_REQUEST, "hub.secret is too long"));
    }
    let lease = match fields.get("hub.lease_seconds").map(str::parse::<i64>) {
        None => DEFAULT_LEASE,
        Some(Ok(seconds)) if seconds > 0 => seconds.min(MAX_LEASE),
        Some(_) => {
            return Err(denied(
                StatusCode::BAD_REQUEST,
                "hub.lease_seconds is no number",
            ));
        }
    };
    let target = Target {
        topic: topic.to_owned(),
        callback,
        secret: Secret::new(secret),
    };
    let state = Arc::clone(state);
    confirm(
        Arc::clone(&state),
        Mode::Subscribe { lease },
        target,
        move |target| {
            let ends = state.clock.now() + TimeDelta::seconds(lease);
            state.subscriptions.add(target, ends, &state.deliverer);
        },
    )
}

/// Accepts the end of a subscription; it comes once the callback has confirmed its intent.
pub(super) fn unsubscribe(
    state: &Arc<State>,
    request: &HttpRequest,
    fields: &Fields,
) -> Result<HttpResponse, Denied> {
    let (topic, callback) = checked(state, request, fields)?;
    let target = Target {
        topic: topic.to_owned(),
        callback,
        secret: Secret::default(),
    };
    let state = Arc::clone(state);
    confirm(
        Arc::clone(&state),
        Mode::Unsubscribe,
        target,
        move |target| {
            state.subscriptions.remove(&target);
        },
    )
}

/// Topic and callback of a caller who may subscribe.
fn checked<'a>(
    state: &State,
    request: &HttpRequest,
    fields: &'a Fields,
) -> Result<(&'a str, Url), Denied> {
    let topic = fields.topic()?;
    access::check(state, request, Action::Subscribe, topic)?;
    let callback = fields
        .get("hub.callback")
        .filter(|text| text.len() <= MAX_CALLBACK)
        .and_then(|text| Url::parse(text).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| denied(StatusCode::BAD_REQUEST, "hub.callback is missing or no URL"))?;
    if !is_loopback(&callback) {
        let reason = "hub.callback must be on this machine";
        return Err(denied(StatusCode::FORBIDDEN, reason));
    }
    Ok((topic, callback))
}

/// Asks the callback in the background; runs `then` if it agrees.
fn confirm(
    state: Arc<State>,
    mode: Mode,
    target: Target,
    then: impl FnOnce(Target) + Send + 'static,
) -> Result<HttpResponse, Denied> {
    let slot = Arc::clone(&state.pending)
        .try_acquire_owned()
        .map_err(|_full| denied(StatusCode::SERVICE_UNAVAILABLE, "Too many requests at once"))?;
    tokio::spawn(async move {
        let _slot = slot;
        let intent = Intent::new(mode);
        match state.deliverer.ask(&target, &intent).await {
            Ok(()) => then(target),
            Err(reason) => tracing::warn!(
                topic = target.topic, callback = %target.callback, reason,
                "a callback didn't confirm its intent"
            ),
        }
    });
    Ok(accepted(StatusCode::ACCEPTED))
}
