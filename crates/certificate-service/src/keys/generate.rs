//! Making keys that sign on request.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use pms_database::keys as rows;
use pms_database::{Connection, DbError};
use pms_pki::issue::Subject;

use super::current::{current, is_current};
use super::{Keys, OwnKey, Policies, make, master};
use crate::errors::OrDbError as _;

/// Which key to look up or to make.
pub(crate) struct KeyCommand {
    pub(crate) app_id: String,
    pub(crate) ref_id: String,
    /// The name in its certificate.
    pub(crate) subject: Subject,
    /// Replace a current one.
    pub(crate) force: bool,
}

impl Keys {
    /// The distinguished name that keys get, without the suffix that names the
    /// key.
    pub(crate) fn subject(&self) -> &Subject {
        &self.subject
    }
}

/// The current key, or a new one when there is none or the current one is to
/// be replaced. Those who want the same key at once wait for each other and get
/// one.
///
/// # Errors
/// `KER-KMS-003` when several are current and none is to be replaced,
/// `KER-KMS-011` when there is no ROOT key to sign a new one.
pub(crate) fn generate(
    keys: &Keys,
    conn: &mut Connection,
    command: &KeyCommand,
    now: DateTime<Utc>,
) -> Result<Arc<OwnKey>, DbError> {
    let name = (command.app_id.as_str(), command.ref_id.as_str());
    rows::lock(conn, name.0, name.1)?;
    let days = Policies::of(conn, name.0)?.pre_expire_days(name.1);
    let aliases = rows::aliases(conn, name.0, name.1)?;
    if command.force {
        let replaced = aliases.iter().filter(|one| is_current(one, days, now));
        make::end(conn, replaced, now)?;
    } else if let Some(alias) = current(&aliases, days, now).or_failure()? {
        return master::open(keys, conn, alias);
    }
    make::signing(keys, conn, name, command.subject.clone(), now)
}
