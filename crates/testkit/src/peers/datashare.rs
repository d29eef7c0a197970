//! A data share (integrations contract §2.1).

use std::sync::Mutex;

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::multipart::parts;
use super::stand_in::{Asked, StandIn, Work, faulty, header};

/// One share that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Where it can be downloaded.
    pub url: String,
    /// What was shared.
    pub content: String,
}

#[derive(Default)]
struct Shares(Mutex<Vec<Share>>);

/// A data share on a free port of loopback.
pub struct DatasharePeer {
    stand_in: StandIn<Shares>,
}

impl DatasharePeer {
    /// Starts without shares.
    pub fn start() -> Self {
        Self {
            stand_in: StandIn::start(Shares::default()),
        }
    }

    /// Its create endpoint, without policy and subscriber.
    pub fn url(&self) -> String {
        self.stand_in.url("/v1/datashare/create")
    }

    /// The shares that were made, oldest first.
    pub fn shares(&self) -> Vec<Share> {
        self.stand_in.shared.work.0.lock().unwrap().clone()
    }
}

faulty!(DatasharePeer);

/// An answer of a data share that refuses.
pub fn refusal(code: &str, message: &str) -> Value {
    json!({
        "id": "mosip.data.share", "version": "v1.0",
        "responsetime": "2026-11-24T10:00:00.000Z", "dataShare": null,
        "errors": [{ "errorCode": code, "message": message }],
    })
}

impl Work for Shares {
    const ROLE: Option<&'static str> = Some("CREATE_SHARE");
    const BEARER: bool = true;

    fn answer(&self, asked: &Asked<'_>) -> HttpResponse {
        let path = asked.request.path();
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let ["v1", "datashare", "create", policy, subscriber] = segments.as_slice() else {
            return HttpResponse::NotFound().finish();
        };
        let content_type = header(asked.request, "content-type");
        let parts = parts(content_type.as_deref(), asked.body).unwrap_or_default();
        let named = |name: &str| parts.iter().find(|part| part.name == name);
        let text = |name: &str| named(name).map(|part| part.value.as_str());
        let file = named("file").filter(|file| {
            file.file_name.as_deref() == Some("certsChain")
                && file.content_type.as_deref() == Some("application/octet-stream")
                && !file.value.is_empty()
        });
        let Some(file) = file else {
            let answer = refusal("DAT-SER-003", "File is not provided or empty");
            return HttpResponse::Ok().json(answer);
        };
        if text("name") != Some("certsChain") || text("filename") != Some("certsChain") {
            return HttpResponse::BadRequest().finish();
        }
        let mut shares = self.0.lock().unwrap();
        let number = shares.len() + 1;
        let url =
            format!("http://datashare.test/v1/datashare/get/{policy}/{subscriber}/share-{number}");
        shares.push(Share {
            url: url.clone(),
            content: file.value.clone(),
        });
        HttpResponse::Ok().json(json!({
            "id": "mosip.data.share", "version": "v1.0",
            "responsetime": "2026-11-24T10:00:00.000Z",
            "dataShare": {
                "url": url, "validForInMinutes": 30, "transactionsAllowed": 2,
                "policyId": policy, "subscriberId": subscriber, "signature": "s",
            },
            "errors": null,
        }))
    }
}
