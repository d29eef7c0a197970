//! `hub.mode=register` and `hub.mode=publish`

use actix_web::http::StatusCode;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde_json::value::RawValue;

use super::access::{self, Action};
use super::requests::{Denied, Fields, accepted, denied};
use super::{Registration, State};

/// Registers a topic. Doing it again is denied, but with status 200, as the reference does.
pub(super) fn register(
    state: &State,
    request: &HttpRequest,
    fields: &Fields,
) -> Result<HttpResponse, Denied> {
    let topic = fields.topic()?;
    access::check(state, request, Action::Publish, topic)?;
    match state.register(topic) {
        Registration::New => Ok(accepted(StatusCode::OK)),
        Registration::Known => Err(denied(
            StatusCode::OK,
            "Topic has already registered with the Hub",
        )),
        Registration::Full => Err(denied(StatusCode::INSUFFICIENT_STORAGE, "Too many topics")),
    }
}

/// Keeps an event and queues it for the topic's subscribers. An unknown topic is registered.
pub(super) fn publish(
    state: &State,
    request: &HttpRequest,
    fields: &Fields,
    body: &[u8],
) -> Result<HttpResponse, Denied> {
    let topic = fields.topic()?;
    access::check(state, request, Action::Publish, topic)?;
    if request.content_type() != "application/json" {
        let reason = "An event's Content-Type is application/json";
        return Err(denied(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    // The error would quote the payload, which holds secrets.
    let payload: Box<RawValue> = serde_json::from_slice(body)
        .map_err(|_error| denied(StatusCode::BAD_REQUEST, "The event is not JSON"))?;
    if state.register(topic) == Registration::Full {
        return Err(denied(StatusCode::INSUFFICIENT_STORAGE, "Too many topics"));
    }
    let event = state.log.append(topic, payload, state.clock.now());
    state.subscriptions.queue(&event, state.clock.now());
    Ok(accepted(StatusCode::ACCEPTED))
}
