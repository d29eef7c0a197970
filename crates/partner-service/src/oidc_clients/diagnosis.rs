//! What a diagnosis of a client says.

use pms_database::outbox::admin::Entry;
use pms_integrations::esignet::ClientRecord;
use pms_web::wire::ZuluDateTime;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::get::Client;
use super::key;

/// What is known of a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// Client id.
    pub client_id: String,
    /// What is stored here.
    pub stored: Client,
    /// What eSignet says.
    pub esignet: EsignetSays,
    /// Updates that eSignet is given from the queue, the newest first.
    pub updates: Vec<QueuedUpdate>,
    /// What keeps the client from working; empty when nothing is known.
    pub problems: Vec<Problem>,
}

/// What eSignet says about a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EsignetSays {
    /// `found`, `missing`, `untold` by an eSignet that does not show its clients, or
    /// `unreachable`.
    pub answer: &'static str,
    /// The same in words.
    pub text: &'static str,
    /// Its own record, without private members of the key.
    #[schema(value_type = Option<Object>)]
    pub client: Option<Value>,
}

/// An update in the queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuedUpdate {
    /// Its id, for `pms outbox`.
    pub id: String,
    /// `pending`, `delivered`, `dead` or `skipped`.
    pub status: String,
    /// Tries so far.
    pub attempts: i32,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was queued.
    pub queued_at: ZuluDateTime,
}

/// Something that keeps a client from working.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// For programs, such as `partner-inactive`.
    pub code: &'static str,
    /// For people.
    pub text: String,
}

impl From<ClientRecord> for EsignetSays {
    fn from(record: ClientRecord) -> Self {
        let (answer, text) = match &record {
            ClientRecord::Found(_) => ("found", "eSignet tells its own record."),
            ClientRecord::Missing => ("missing", "eSignet says that it has no such client."),
            ClientRecord::NotOffered => (
                "untold",
                "This eSignet does not offer to tell a client: there is no such call at \
                 esignet.client_read_url. Its record can be seen in its own database alone.",
            ),
            ClientRecord::NoAddress => (
                "untold",
                "eSignet was not asked: neither esignet.url nor esignet.client_read_url is set.",
            ),
            ClientRecord::Unreachable | ClientRecord::Refused => {
                ("unreachable", "eSignet can't be reached, or refuses us.")
            }
        };
        let client = match record {
            ClientRecord::Found(client) => Some(without_private_key(client)),
            _ => None,
        };
        Self {
            answer,
            text,
            client,
        }
    }
}

/// The reference forwarded private members of keys to eSignet, which may tell them.
fn without_private_key(mut client: Value) -> Value {
    match client.get_mut("publicKey") {
        Some(Value::Object(members)) => {
            key::make_public(members);
        }
        Some(Value::String(text)) => *text = key::shown(std::mem::take(text)),
        _ => {}
    }
    client
}

impl From<Entry> for QueuedUpdate {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            status: entry.status,
            attempts: entry.attempts,
            last_error: entry.last_error,
            queued_at: entry.created_at.into(),
        }
    }
}
