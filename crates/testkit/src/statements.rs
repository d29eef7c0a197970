//! The statements that reach a database, seen from the client.

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// Statements by the address of their database, of all connections.
static SEEN: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

thread_local! {
    /// Where this thread connected last.
    static CONNECTED_TO: RefCell<String> = const { RefCell::new(String::new()) };
}

struct Watcher {
    url: String,
}

impl Default for Watcher {
    /// The pool puts a watch of its own on a new connection, and this one behind it.
    fn default() -> Self {
        let url = CONNECTED_TO.with_borrow(Clone::clone);
        Self { url }
    }
}

impl Instrumentation for Watcher {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.clone_into(&mut self.url);
                CONNECTED_TO.with_borrow_mut(|last| url.clone_into(last));
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push((self.url.clone(), query.to_string()));
            }
            _ => {}
        }
    }
}

/// Watches the connections that are opened from now on.
pub fn watch() {
    set_default_instrumentation(|| Some(Box::<Watcher>::default())).unwrap();
}

/// Statements of the service in a database so far; its connections alone carry a name.
/// What the pool says to new and to long idle connections doesn't count.
pub fn of_service(database_url: &str) -> Vec<String> {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    seen.iter()
        .filter(|(url, _)| url.starts_with(database_url) && url.contains("application_name=test"))
        .map(|(_, query)| query.clone())
        .filter(|query| !query.starts_with("SET ") && !query.starts_with("SELECT 1"))
        .collect()
}
