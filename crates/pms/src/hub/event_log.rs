//! The events published last.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde::ser::Serializer;
use serde_json::value::RawValue;

/// Bytes that all events may take together.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A published event. It has no `Debug` form: the payload holds secrets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    /// Grows with each event, also over restarts, and is a safe integer for JavaScript.
    pub(super) seq: i64,
    /// `event.id` of the payload, if it has one.
    pub(super) event_id: Option<String>,
    pub(super) topic: String,
    #[serde(serialize_with = "in_millis")]
    pub(super) received_at: DateTime<Utc>,
    /// Exactly as it was published.
    pub(super) payload: Box<RawValue>,
}

fn in_millis<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// A bounded list of events, oldest first.
pub(super) struct EventLog {
    max_events: usize,
    entries: Mutex<Entries>,
}

struct Entries {
    last_seq: i64,
    bytes: usize,
    events: VecDeque<Arc<Event>>,
}

impl EventLog {
    /// An empty log. Numbers begin at the time of the start in milliseconds, so that a subscriber
    /// who polls over a restart misses nothing.
    pub(super) fn new(max_events: usize, started: DateTime<Utc>) -> Self {
        let last_seq = started.timestamp_millis();
        let entries = Entries {
            last_seq,
            bytes: 0,
            events: VecDeque::new(),
        };
        Self {
            max_events: max_events.max(1),
            entries: Mutex::new(entries),
        }
    }

    /// Adds an event; the oldest make room for it.
    pub(super) fn append(
        &self,
        topic: &str,
        payload: Box<RawValue>,
        received_at: DateTime<Utc>,
    ) -> Arc<Event> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.last_seq = entries.last_seq.saturating_add(1);
        entries.bytes = entries.bytes.saturating_add(payload.get().len());
        let event = Arc::new(Event {
            seq: entries.last_seq,
            event_id: event_id(&payload),
            topic: topic.to_owned(),
            received_at,
            payload,
        });
        entries.events.push_back(Arc::clone(&event));
        while entries.events.len() > self.max_events || entries.bytes > MAX_BYTES {
            let Some(oldest) = entries.events.pop_front() else {
                break;
            };
            entries.bytes = entries.bytes.saturating_sub(oldest.payload.get().len());
        }
        event
    }

    /// At most `limit` events with a number greater than `seq`, oldest first.
    pub(super) fn after(&self, seq: i64, limit: usize) -> Vec<Arc<Event>> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = entries.events.partition_point(|event| event.seq <= seq);
        entries
            .events
            .iter()
            .skip(begin)
            .take(limit)
            .cloned()
            .collect()
    }
}

fn event_id(payload: &RawValue) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Envelope {
        event: Inner,
    }
    #[derive(serde::Deserialize)]
    struct Inner {
        id: String,
    }
    serde_json::from_str::<Envelope>(payload.get())
        .ok()
        .map(|envelope| envelope.event.id)
}
