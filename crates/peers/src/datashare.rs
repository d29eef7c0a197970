//! The data share (contract integrations.md §2).
//!
//! `POST /v1/datashare/create/{policyId}/{subscriberId}` takes the file `file`
//! of a form and answers with the address of the share;
//! `GET /v1/datashare/get/{policyId}/{subscriberId}/{key}` gives the file to
//! every client that knows that address, for some minutes and a few times. What
//! goes wrong is answered with HTTP 200, in `errors`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::multipart::{Part, is_form, parts};
use crate::{Incoming, Needs, Newest, Work, header, stamp};

/// Its create endpoint, without policy and subscriber.
pub const PATH: &str = "/v1/datashare/create";
/// The role that may make shares.
const ROLE: &str = "CREATE_SHARE";
/// The signature of a share: nothing is signed here.
const SIGNATURE: &str = "unsigned";

/// How long and how often the shares of a policy can be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// `validForInMinutes`.
    pub minutes: u32,
    /// `transactionsAllowed`.
    pub downloads: u32,
}

/// Those of the default rows.
impl Default for Terms {
    fn default() -> Self {
        Self {
            minutes: 30,
            downloads: 2,
        }
    }
}

/// One share that was made. Derives no `Debug`: who knows the address can
/// download.
#[derive(Clone, PartialEq, Eq)]
pub struct Share {
    /// Where it can be downloaded.
    pub url: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The policy that it was made under.
    pub policy_id: String,
    /// The subscriber that may read it.
    pub subscriber_id: String,
    /// What was shared.
    pub content: Vec<u8>,
    /// Downloads that are left.
    pub downloads: u32,
    key: String,
    ends: DateTime<Utc>,
}

/// The shares that were made, and the policies that they can be made under.
pub struct Shares {
    made: Newest<Share>,
    policies: Mutex<BTreeMap<(String, String), Terms>>,
}

/// Knows the policy and the subscriber of the default rows.
impl Default for Shares {
    fn default() -> Self {
        let shares = Self {
            made: Newest::default(),
            policies: Mutex::default(),
        };
        shares.allow(
            "mpolicy-default-cert",
            "mpartner-default-cert",
            Terms::default(),
        );
        shares
    }
}

impl Shares {
    /// The shares, oldest first.
    pub fn made(&self) -> Vec<Share> {
        self.made.all()
    }

    /// How many there are.
    pub fn amount(&self) -> usize {
        self.made.len()
    }

    /// Shares with the subscriber under the policy from now on.
    pub fn allow(&self, policy_id: &str, subscriber_id: &str, terms: Terms) {
        let key = (policy_id.to_owned(), subscriber_id.to_owned());
        self.policies().insert(key, terms);
    }

    /// Shares with the subscriber under the policy no longer.
    pub fn forbid(&self, policy_id: &str, subscriber_id: &str) {
        let key = (policy_id.to_owned(), subscriber_id.to_owned());
        self.policies().remove(&key);
    }

    fn policies(&self) -> MutexGuard<'_, BTreeMap<(String, String), Terms>> {
        self.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn create(
        &self,
        incoming: &Incoming<'_>,
        policy_id: &str,
        subscriber_id: &str,
    ) -> HttpResponse {
        let kind = header(incoming.request, "content-type");
        if !kind.as_deref().is_some_and(is_form) {
            return HttpResponse::UnsupportedMediaType().finish();
        }
        let parts = parts(kind.as_deref(), incoming.body).unwrap_or_default();
        let is_file =
            |part: &Part| part.name == "file" && part.file_name.is_some() && !part.value.is_empty();
        let Some(file) = parts.into_iter().find(is_file) else {
            return refused(incoming, "DAT-SER-003", "File is not provided or empty");
        };
        let pair = (policy_id.to_owned(), subscriber_id.to_owned());
        let Some(terms) = self.policies().get(&pair).copied() else {
            let message = "Exception while fetching policy details";
            return refused(incoming, "DAT-SER-007", message);
        };
        let key = Uuid::new_v4().simple().to_string();
        let pair_path = incoming.path.strip_prefix(PATH).unwrap_or_default();
        let url = format!("{}/v1/datashare/get{pair_path}/{key}", incoming.base);
        let share = Share {
            url: url.clone(),
            at: incoming.now,
            policy_id: pair.0,
            subscriber_id: pair.1,
            content: file.value,
            downloads: terms.downloads,
            key,
            ends: incoming.now + TimeDelta::minutes(terms.minutes.into()),
        };
        let bytes = share.content.len();
        self.made.push(share, bytes);
        HttpResponse::Ok().json(json!({
            "id": "mosip.data.share", "version": "v1.0",
            "responsetime": stamp(incoming.now),
            "dataShare": {
                "url": url, "validForInMinutes": terms.minutes,
                "transactionsAllowed": terms.downloads, "policyId": policy_id,
                "subscriberId": subscriber_id, "signature": SIGNATURE,
            },
            "errors": null,
        }))
    }

    fn get(&self, incoming: &Incoming<'_>, wanted: [&str; 3]) -> HttpResponse {
        let taken = self.made.find_map(|share| {
            let named = [&share.policy_id, &share.subscriber_id, &share.key];
            (named == wanted).then(|| share.take(incoming.now))
        });
        match taken {
            Some(Some(content)) => HttpResponse::Ok()
                .content_type("application/octet-stream")
                .insert_header(("Signature", SIGNATURE))
                .body(content),
            Some(None) => refused(incoming, "DAT-SER-006", "Data share Usage Expired"),
            None => refused(incoming, "DAT-SER-006", "Data share not found"),
        }
    }
}

impl Share {
    /// Its content, unless it is too late or was asked for too often.
    fn take(&mut self, now: DateTime<Utc>) -> Option<Vec<u8>> {
        if self.ends <= now {
            return None;
        }
        self.downloads = self.downloads.checked_sub(1)?;
        Some(self.content.clone())
    }
}

impl Work for Shares {
    fn needs(&self, _method: &Method, path: &str) -> Needs {
        let open = path.starts_with("/v1/datashare/get/");
        Needs {
            token: !open,
            role: (!open).then_some(ROLE),
            bearer: !open,
        }
    }

    fn answer(&self, incoming: &Incoming<'_>) -> HttpResponse {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let segments: Vec<String> = incoming.path.split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let method = incoming.request.method();
        match *segments {
            ["", "v1", "datashare", "create", policy_id, subscriber_id] => {
                if method != Method::POST {
                    return HttpResponse::MethodNotAllowed().finish();
                }
                self.create(incoming, policy_id, subscriber_id)
            }
            ["", "v1", "datashare", "get", policy_id, subscriber_id, key] => {
                if method != Method::GET {
                    return HttpResponse::MethodNotAllowed().finish();
                }
                self.get(incoming, [policy_id, subscriber_id, key])
            }
            _ => HttpResponse::NotFound().finish(),
        }
    }
}

fn refused(incoming: &Incoming<'_>, code: &str, message: &str) -> HttpResponse {
    HttpResponse::Ok().json(refusal(code, message, incoming.now))
}

/// An answer of a data share that refuses.
pub fn refusal(code: &str, message: &str, at: DateTime<Utc>) -> Value {
    json!({
        "id": "mosip.data.share", "version": "v1.0",
        "responsetime": stamp(at), "dataShare": null,
        "errors": [{ "errorCode": code, "message": message }],
    })
}
