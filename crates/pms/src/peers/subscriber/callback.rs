//! `GET` and `POST /dev/subscriber/callback/{topic}`: what the hub asks and brings

use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::hmac;
use serde::Deserialize;
use serde_json::Value;

use super::{PoisonError, Subscriber, topic};

/// Longest challenge that is repeated.
const MAX_CHALLENGE: usize = 256;

/// The hub's question (W3C WebSub §5.3).
#[derive(Deserialize)]
pub(in crate::peers) struct Intent {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.topic")]
    topic: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
}

/// Confirms that we want to subscribe to the topic.
pub(in crate::peers) async fn confirm_intent(
    subscriber: Data<Subscriber>,
    name: Path<String>,
    intent: Query<Intent>,
) -> HttpResponse {
    let meant = topic(&name).filter(|topic| {
        intent.mode == "subscribe"
            && intent.topic == topic.name()
            && intent.challenge.len() <= MAX_CHALLENGE
    });
    let Some(topic) = meant else {
        return HttpResponse::NotFound().finish();
    };
    let confirmed = subscriber.0.confirmed.lock();
    confirmed
        .unwrap_or_else(PoisonError::into_inner)
        .insert(topic.name(), true);
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(intent.challenge.clone())
}

/// Takes an event that the hub signed with our secret.
pub(in crate::peers) async fn take_event(
    subscriber: Data<Subscriber>,
    name: Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let Some(topic) = topic(&name) else {
        return HttpResponse::NotFound().finish();
    };
    if !is_signed(&subscriber, &request, &body) {
        tracing::warn!(topic = topic.name(), "an event without a good signature");
        return HttpResponse::Unauthorized().finish();
    }
    let Ok(payload) = serde_json::from_slice::<Value>(&body) else {
        return HttpResponse::BadRequest().finish();
    };
    let address = payload.pointer("/event/data/certChainDatashareUrl");
    let address = address.and_then(Value::as_str).map(str::to_owned);
    let number = subscriber.keep(topic, payload, body.len());
    if let Some(address) = address {
        let subscriber = Subscriber::clone(&subscriber);
        // The hub must not wait for it.
        tokio::spawn(async move { subscriber.download(number, &address).await });
    }
    HttpResponse::Ok().finish()
}

fn is_signed(subscriber: &Subscriber, request: &HttpRequest, body: &[u8]) -> bool {
    let header = request.headers().get("x-hub-signature");
    let tag = header
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("sha256="))
        .and_then(|digits| hex::decode(digits).ok());
    let key = hmac::Key::new(hmac::HMAC_SHA256, subscriber.0.secret.as_bytes());
    tag.is_some_and(|tag| hmac::verify(&key, body, &tag).is_ok())
}
