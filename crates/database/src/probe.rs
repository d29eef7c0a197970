//! A connection of its own that finds out whether the database answers, however busy
//! the pool is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::writes::Writes;

/// Questions on their way at once. The second one gets a connection of its own,
/// so that one that hangs for good does not make a database look away that has
/// moved to another server.
const AT_ONCE: usize = 2;

/// Asks the database whether it is there. Clones share the connection.
#[derive(Clone)]
pub(crate) struct Probe {
    url: SecretString,
    slots: Arc<Semaphore>,
    kept: Arc<Mutex<Option<Kept>>>,
    writes: Arc<Writes>,
}

struct Kept {
    conn: PgConnection,
    generation: u64,
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Bool)]
    read_only: bool,
}

impl Probe {
    pub(crate) fn new(url: SecretString, writes: Arc<Writes>) -> Self {
        Self {
            url,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            kept: Arc::default(),
            writes,
        }
    }

    /// Whether the database answers within `limit`.
    pub(crate) async fn answers(&self, limit: Duration) -> bool {
        let answer = async {
            let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else {
                return false;
            };
            let probe = self.clone();
            let question = tokio::task::spawn_blocking(move || {
                let answer = probe.ask();
                drop(slot);
                answer.is_ok()
            });
            question.await.unwrap_or(false)
        };
        tokio::time::timeout(limit, answer).await.unwrap_or(false)
    }

    fn ask(&self) -> Result<(), Box<dyn std::error::Error>> {
        let generation = self.writes.generation();
        let kept = self.kept().take();
        let kept = kept.filter(|kept| kept.generation == generation);
        let mut kept = match kept {
            Some(kept) => kept,
            None => self.open(generation)?,
        };
        let mode: Mode = diesel::sql_query(
            "SELECT current_setting('transaction_read_only')::boolean AS read_only",
        )
        .get_result(&mut kept.conn)?;
        self.writes.found(mode.read_only);
        // A session keeps the settings that it began with: only a new one sees
        // that the database takes writes again.
        if !mode.read_only {
            *self.kept() = Some(kept);
        }
        Ok(())
    }

    fn open(&self, generation: u64) -> Result<Kept, Box<dyn std::error::Error>> {
        let mut conn = PgConnection::establish(self.url.expose_secret())?;
        conn.batch_execute("SET statement_timeout = 2000")?;
        Ok(Kept { conn, generation })
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
