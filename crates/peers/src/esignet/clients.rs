//! Registered clients.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::public_key;

/// Members that never change.
const FIXED: [&str; 3] = ["clientId", "publicKey", "relyingPartyId"];
/// Members that an update sets, besides the status.
const CHANGEABLE: [&str; 8] = [
    "clientName",
    "clientNameLangMap",
    "logoUri",
    "redirectUris",
    "grantTypes",
    "userClaims",
    "authContextRefs",
    "clientAuthMethods",
];

/// A registered client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Counted from 1.
    pub number: u64,
    /// Its id.
    pub client_id: String,
    /// When it was registered.
    pub received_at: DateTime<Utc>,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// The known members of the request that registered it, as later ones
    /// changed them.
    pub client: Map<String, Value>,
    #[serde(skip)]
    pub(super) key: String,
}

impl Client {
    pub(super) fn new(number: u64, request: &Map<String, Value>, at: DateTime<Utc>) -> Self {
        let known = FIXED.iter().chain(&CHANGEABLE);
        let known =
            known.filter_map(|name| Some(((*name).to_owned(), request.get(*name)?.clone())));
        Self {
            number,
            client_id: text(request, "clientId"),
            received_at: at,
            status: "ACTIVE".to_owned(),
            client: known.collect(),
            key: public_key::identity(request.get("publicKey")),
        }
    }

    /// An update never changes whose the client is, or its key.
    pub(super) fn change(&mut self, request: &Map<String, Value>) {
        self.status = text(request, "status");
        for name in CHANGEABLE {
            if let Some(value) = request.get(name) {
                self.client.insert(name.to_owned(), value.clone());
            }
        }
    }

    /// The record as a read of it answers it.
    pub(super) fn record(&self) -> Value {
        let mut record = self.client.clone();
        record.insert("status".to_owned(), json!(self.status));
        // These are not given back.
        record.remove("authContextRefs");
        Value::Object(record)
    }

    pub(super) fn answer(&self) -> Value {
        json!({ "clientId": self.client_id, "status": self.status })
    }
}

fn text(request: &Map<String, Value>, name: &str) -> String {
    let text = request.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
