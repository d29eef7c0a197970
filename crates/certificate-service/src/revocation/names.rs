//! Which lists of revoked certificates there are, in memory.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pms_database::certificates::list_crl_keys;
use pms_database::{Connection, DbError};
use tokio::sync::Mutex;

use super::issuing_keys::{all, key_id};
use crate::vault::Vault;

/// How long a name that is unknown stays so without another look.
const FRESH: Duration = Duration::from_secs(1);

/// The names of the lists that there are, or may be. Any client may request any name:
/// unknown ones cost one look at the database a second, however many they are.
#[derive(Default)]
pub(super) struct Names(Mutex<Known>);

#[derive(Default)]
struct Known {
    names: HashSet<String>,
    /// When they were read.
    read: Option<Instant>,
}

impl Names {
    /// Whether there is, or may be, a list of this name.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) async fn has(&self, vault: &Arc<Vault>, name: &str) -> Result<bool, DbError> {
        let mut known = self.0.lock().await;
        let is_fresh = known.read.is_some_and(|at| at.elapsed() < FRESH);
        if !known.names.contains(name) && !is_fresh {
            let within = Arc::clone(vault);
            let read = move |conn: &mut Connection| {
                let keys = all(&within, conn)?;
                let keys = keys.iter().map(|key| key_id(&key.certificate));
                Ok(keys.chain(list_crl_keys(conn)?).collect())
            };
            known.names = vault.db.read(read).await?;
            known.read = Some(Instant::now());
        }
        Ok(known.names.contains(name))
    }
}
