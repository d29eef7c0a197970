//! One transaction that has the key tables to itself.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::DbError;
use crate::locks::{self, Lock};

/// How a transaction ends that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What it wrote stays.
    Commit,
    /// It was a rehearsal: nothing of it stays.
    RollBack,
}

/// Why a transaction is rolled back.
enum Rollback<T> {
    Failed(DbError),
    Rehearsed(T),
}

impl<T> From<diesel::result::Error> for Rollback<T> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs `work` in one transaction while no other transaction makes or changes keys, key
/// policies or certificates of authorities; all of them can still be read.
///
/// # Errors
/// What `work` answers; when another transaction holds a table for half a minute.
pub fn exclusively<T>(
    conn: &mut PgConnection,
    ending: Ending,
    work: impl FnOnce(&mut PgConnection) -> Result<T, DbError>,
) -> Result<T, DbError> {
    const PATIENCE: &str = "SET LOCAL lock_timeout = '30s'";
    const LOCK: &str = "LOCK TABLE keymgr.key_policy_def, keymgr.master_key, keymgr.key_store, \
        keymgr.key_alias, keymgr.ca_cert_store IN SHARE ROW EXCLUSIVE MODE";
    let outcome = conn.transaction(|conn| {
        conn.batch_execute(PATIENCE)?;
        // First, since those who make keys write the tables in no common order:
        // no other change may be half done when they are locked.
        locks::hold(conn, Lock::KeyTables)?;
        conn.batch_execute(LOCK)?;
        let value = work(conn).map_err(Rollback::Failed)?;
        match ending {
            Ending::Commit => Ok(value),
            Ending::RollBack => Err(Rollback::Rehearsed(value)),
        }
    });
    match outcome {
        Ok(value) | Err(Rollback::Rehearsed(value)) => Ok(value),
        Err(Rollback::Failed(failure)) => Err(failure),
    }
}
