//! `GET /dev/events` and `GET /dev/events.json`

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use actix_web::web::{Data, Query};
use serde::Deserialize;
use uuid::Uuid;

use super::Hub;

/// Events in one answer unless asked for fewer.
const MAX_EVENTS: usize = 200;

const PAGE: &str = include_str!("events.html");

/// Which events are wanted.
#[derive(Deserialize)]
pub(super) struct Range {
    /// Only events with a greater number; 0 for all that are kept.
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

/// The events behind number `after`, oldest first: a list of
/// `{"seq","eventId","topic","receivedAt","payload"}`. To follow the hub, ask again with the
/// last `seq`.
pub(super) async fn list_events(hub: Data<Hub>, range: Query<Range>) -> HttpResponse {
    let limit = range.limit.unwrap_or(MAX_EVENTS).min(MAX_EVENTS);
    let events = hub.0.log.after(range.after, limit);
    let list: Vec<_> = events.iter().map(AsRef::as_ref).collect();
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(list)
}

/// A page that follows the hub.
pub(super) async fn show_events() -> HttpResponse {
    let nonce = Uuid::new_v4().simple().to_string();
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; \
         connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .body(PAGE.replace("{nonce}", &nonce))
}
