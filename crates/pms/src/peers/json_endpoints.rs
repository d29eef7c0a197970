//! The pages' contents as JSON: lists with the newest first, of at most
//! `limit` entries (50 unless said, never more than 200).

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{Data, Path, Query};
use chrono::{DateTime, SecondsFormat, Utc};
use pms_peers::datashare::{Share, Terms};
use pms_peers::notifier::Mail;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::faults::Place;
use super::module::Module;
use super::subscriber::Subscriber;
use super::{Peers, masking, pages};

/// Entries of an answer unless asked for another number, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// How many entries are wanted.
#[derive(Deserialize)]
pub(super) struct Range {
    limit: Option<usize>,
}

/// Which audit records are wanted.
#[derive(Deserialize)]
pub(super) struct AuditFilter {
    limit: Option<usize>,
    /// A part of the event's id.
    event: Option<String>,
    /// A part of the user's name.
    user: Option<String>,
}

/// An answer that is not kept.
pub(super) fn json(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .json(body)
}

/// `GET /dev.json`: what runs, and how much there is of what.
pub(super) async fn overview(peers: Data<Peers>) -> HttpResponse {
    let stand_ins = peers.stand_ins();
    let modules = Module::ALL.map(|module| {
        json!({
            "name": module.name(),
            "title": module.title(),
            "setting": module.setting(),
            "address": module.address(peers.base()),
            "used": peers.uses(module),
            "requests": stand_ins.requests(module),
            "fault": peers.switches().of(Place::Module(module)),
        })
    });
    let subscriber = peers.subscriber();
    let topics = subscriber.map(Subscriber::topics);
    let topics: Vec<Value> = topics
        .into_iter()
        .flatten()
        .map(|(topic, confirmed)| json!({ "topic": topic, "confirmed": confirmed }))
        .collect();
    json(&json!({
        "counters": {
            "mails": stand_ins.notifier().amount(),
            "audits": stand_ins.audits().amount(),
            "shares": stand_ins.shares().amount(),
            "clients": stand_ins.esignet().amount(),
            "received": subscriber.map_or(0, Subscriber::count),
        },
        "peers": modules,
        "subscriber": { "hub": subscriber.is_some(), "topics": topics },
    }))
}

/// `GET /dev/subscriber.json`
pub(super) async fn list_received(peers: Data<Peers>, range: Query<Range>) -> HttpResponse {
    let limit = bounded(range.limit);
    let received = peers.subscriber().map(|all| all.newest(limit));
    json(&received.unwrap_or_default())
}

/// `GET /dev/mails.json`
pub(super) async fn list_mails(peers: Data<Peers>, range: Query<Range>) -> HttpResponse {
    let mails = peers.stand_ins().notifier().mails();
    let shown = newest(mails, range.limit).map(|mail| {
        json!({
            "id": mail_id(&mail),
            "at": millis(mail.at),
            "to": mail.to,
            "cc": mail.cc,
            "subject": mail.subject,
            "content": mail.content,
            "attachments": mail.attachments,
        })
    });
    json(&shown.collect::<Vec<_>>())
}

/// `GET /dev/mails/{id}`: the text of one mail, for a frame.
pub(super) async fn show_mail(peers: Data<Peers>, id: Path<String>) -> HttpResponse {
    let mails = peers.stand_ins().notifier().mails();
    match mails.iter().find(|mail| mail_id(mail) == *id) {
        Some(mail) => pages::sandboxed(&mail.content),
        None => HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("There is no such mail.\n"),
    }
}

/// A name for a mail that stays the same while it is kept.
fn mail_id(mail: &Mail) -> String {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    context.update(&mail.at.timestamp_micros().to_be_bytes());
    for text in mail.to.iter().chain([&mail.subject, &mail.content]) {
        context.update(text.as_bytes());
        context.update(&[0]);
    }
    hex::encode(context.finish()).chars().take(16).collect()
}

/// `GET /dev/audits.json`
pub(super) async fn list_audits(peers: Data<Peers>, filter: Query<AuditFilter>) -> HttpResponse {
    let holds = |record: &Value, member: &str, part: &Option<String>| {
        let text = record.get(member).and_then(Value::as_str);
        let text = text.unwrap_or_default().to_lowercase();
        part.as_ref()
            .is_none_or(|part| text.contains(&part.to_lowercase()))
    };
    let mut records = peers.stand_ins().audits().records();
    records.retain(|record| {
        holds(record, "eventId", &filter.event) && holds(record, "sessionUserId", &filter.user)
    });
    json(&newest(records, filter.limit).collect::<Vec<_>>())
}

/// `GET /dev/datashare.json`
pub(super) async fn list_shares(peers: Data<Peers>, range: Query<Range>) -> HttpResponse {
    let shares = peers.stand_ins().shares().made();
    let shown: Vec<_> = newest(shares, range.limit)
        .map(|share| shown_share(&share))
        .collect();
    json(&shown)
}

fn shown_share(share: &Share) -> Value {
    let allowed = Terms::default().downloads;
    json!({
        "at": millis(share.at),
        "url": masking::address(&share.url),
        "policyId": share.policy_id,
        "subscriberId": share.subscriber_id,
        "bytes": share.content.len(),
        "downloads": allowed.saturating_sub(share.downloads),
        "allowed": allowed,
    })
}

/// `GET /dev/esignet.json`
pub(super) async fn list_clients(peers: Data<Peers>, range: Query<Range>) -> HttpResponse {
    let clients = peers.stand_ins().esignet().clients();
    json(&newest(clients, range.limit).collect::<Vec<_>>())
}

fn bounded(limit: Option<usize>) -> usize {
    limit.unwrap_or(USUAL).min(MOST)
}

/// The last ones first.
fn newest<T>(all: Vec<T>, limit: Option<usize>) -> impl Iterator<Item = T> {
    all.into_iter().rev().take(bounded(limit))
}

fn millis(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
