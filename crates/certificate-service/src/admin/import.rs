//! `pms keys import`: what another key manager has in its tables and in its
//! file of master keys.

mod authorities;
mod current;
mod keys;
mod keystore;
mod partners;
mod policies;
mod report;

use chrono::{DateTime, Utc};
use pms_database::keys::foreign::{Tables, snapshot};
use pms_database::keys::{Ending, exclusively};
use pms_database::{Connection, DbError, Stamp};

pub use keystore::Keystore;
pub use report::{ImportReport, Tally};

use super::{KeySafe, SYSTEM};
use crate::kek::Sealer;

/// What to import, and how.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The schema of the other key manager's tables: `keymgr`.
    pub schema: String,
    /// End keys of ours that serve what an imported key serves.
    pub replace_current: bool,
    /// Roll everything back at the end.
    pub dry_run: bool,
    /// The present.
    pub now: DateTime<Utc>,
}

/// One run.
struct Import<'a> {
    tables: Tables,
    keystore: &'a Keystore,
    sealer: &'a Sealer,
    options: &'a ImportOptions,
    report: ImportReport,
}

/// Copies policies, certificates and keys from `source` to `target`, private
/// keys sealed with the key encryption key of `safe`; all of it or nothing.
///
/// What is there already stays, so that a second run changes nothing. What
/// can't be imported is listed in the report.
///
/// # Errors
/// One line when the tables can't be read, or a key of ours serves what an
/// imported one serves and [`ImportOptions::replace_current`] is not set.
pub fn import(
    source: &mut Connection,
    target: &mut Connection,
    keystore: &Keystore,
    safe: &KeySafe,
    options: &ImportOptions,
) -> Result<ImportReport, DbError> {
    let ending = if options.dry_run {
        Ending::RollBack
    } else {
        Ending::Commit
    };
    snapshot(source, |source| {
        let run = Import {
            tables: Tables::inspect(source, &options.schema)?,
            keystore,
            sealer: &safe.0,
            options,
            report: ImportReport::default(),
        };
        exclusively(target, ending, |target| run.run(source, target))
    })
}

impl Import<'_> {
    fn run(
        mut self,
        source: &mut Connection,
        target: &mut Connection,
    ) -> Result<ImportReport, DbError> {
        // They decide which key is current.
        self.policies(source, target)?;
        let known = self.authorities(source, target)?;
        self.partners(source, target, &known)?;
        let imported = self.keys(source, target)?;
        self.end_current(target, &imported)?;
        self.check_roots(target, &imported)?;
        Ok(self.report)
    }

    /// Who made a row of the other key manager, and when.
    fn stamp(&self, by: Option<&String>, at: Option<chrono::NaiveDateTime>) -> Stamp {
        let by = by.map_or(SYSTEM, String::as_str);
        Stamp::new(by, at.unwrap_or_else(|| self.options.now.naive_utc()))
    }
}
