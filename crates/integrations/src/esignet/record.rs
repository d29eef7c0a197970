//! What eSignet says about a client, for those who look for a fault.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::addresses::below;
use super::answers::whole_of;
use super::{Esignet, INVALID_CLIENT_ID};
use crate::observer::Peer;

/// What eSignet says about a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientRecord {
    /// Its own record, as it answers it.
    Found(Value),
    /// It has no such client.
    Missing,
    /// There is no such call at the address.
    NotOffered,
    /// There is no address to ask at, `esignet.client_read_url`.
    NoAddress,
    /// It refuses to tell us, as servers do that don't know the call.
    Refused,
    /// It can't be reached.
    Unreachable,
}

/// Whose a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The partner's that was asked about.
    Partner,
    /// Another's.
    Another,
    /// eSignet does not say.
    Untold,
}

impl ClientRecord {
    /// Whether the client is this partner's.
    pub fn owner(&self, partner_id: &str) -> Owner {
        match self.relying_party() {
            Some(owner) if owner == partner_id => Owner::Partner,
            Some(_) => Owner::Another,
            None => Owner::Untold,
        }
    }

    /// Whether eSignet says that people can sign in with the client.
    pub fn is_active(&self) -> bool {
        let Self::Found(record) = self else {
            return false;
        };
        let status = record.get("status").and_then(Value::as_str);
        status.is_some_and(|status| status.eq_ignore_ascii_case("ACTIVE"))
    }

    /// The relying party whose the client is, where eSignet tells it.
    pub fn relying_party(&self) -> Option<&str> {
        match self {
            Self::Found(record) => record.get("relyingPartyId")?.as_str(),
            _ => None,
        }
    }
}

impl Esignet {
    /// Asks eSignet for a client. The contract has no such call, and servers differ in
    /// whether they offer one, and where.
    pub async fn record(&self, client_id: &str) -> ClientRecord {
        let Some(url) = below(&self.addresses.read, client_id) else {
            return ClientRecord::NoAddress;
        };
        // With a breaker of its own: a read that hangs must not keep registrations away.
        let records = self.peer.part(Peer::EsignetRecords);
        let asked = self.ask(&records, Method::GET, Some(url), None::<&()>);
        let Ok(answer) = asked.await else {
            return ClientRecord::Unreachable;
        };
        let status = answer.status();
        let Ok(body) = whole_of(answer).await else {
            return ClientRecord::Unreachable;
        };
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                return ClientRecord::NotOffered;
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return ClientRecord::Refused,
            status if !status.is_success() => return ClientRecord::Unreachable,
            _ => {}
        }
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        match body.get("response") {
            Some(client) if client.is_object() => ClientRecord::Found(client.clone()),
            // Other codes may be about the call, which the server does not know.
            _ if names_missing(&body) => ClientRecord::Missing,
            _ => ClientRecord::NotOffered,
        }
    }
}

/// Whether an answer says that there is no such client.
fn names_missing(body: &Value) -> bool {
    let errors = body.get("errors").and_then(Value::as_array);
    errors.is_some_and(|errors| {
        let mut codes = errors.iter().filter_map(|error| error.get("errorCode"));
        codes.any(|code| code == INVALID_CLIENT_ID)
    })
}
