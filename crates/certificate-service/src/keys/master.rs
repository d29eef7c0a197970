//! Master keys: finding the current one, and replacing one that gets old.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use pms_database::keys::{self, KeyAlias};
use pms_database::{Connection, DbError};
use pms_pki::errors;
use pms_pki::issue::Subject;
use pms_pki::trust::{BarredIssuers, TrustStore};

use super::current::current;
use super::{Keys, OwnKey, PMS, Policies, make};
use crate::errors::{OrDbError as _, refused};

/// The current master key of an application; see [`current_signing`].
///
/// # Errors
/// As [`current_signing`].
pub(crate) fn current_master(
    keys: &Keys,
    conn: &mut Connection,
    app_id: &str,
    now: DateTime<Utc>,
) -> Result<Arc<OwnKey>, DbError> {
    current_signing(keys, conn, (app_id, ""), now).map(|(_, key)| key)
}

/// The current key that signs for an application and reference. One that gets
/// old is replaced, which keeps its name; one that never was is not made.
///
/// # Errors
/// `KER-KMS-012` when there never was one, `KER-KMS-003` when several are
/// current, `KER-KMS-011` when a new one can't be signed.
pub(crate) fn current_signing(
    keys: &Keys,
    conn: &mut Connection,
    name: (&str, &str),
    now: DateTime<Utc>,
) -> Result<(KeyAlias, Arc<OwnKey>), DbError> {
    if let Some(found) = find_signing(keys, conn, name, now)? {
        return Ok(found);
    }
    keys::lock(conn, name.0, name.1)?;
    if let Some(found) = find_signing(keys, conn, name, now)? {
        return Ok(found);
    }
    let aliases = keys::aliases(conn, name.0, name.1)?;
    let oldest = aliases
        .last()
        .ok_or_else(|| refused(errors::KEYS_NOT_GENERATED))?;
    let subject = Subject::of(open(keys, conn, oldest)?.certificate.subject());
    make::signing(keys, conn, name, subject, now)?;
    let made = find_signing(keys, conn, name, now)?;
    made.ok_or_else(|| refused(errors::NO_UNIQUE_ALIAS))
}

/// The current key that signs for an application and reference, if there is
/// one, with its alias.
///
/// # Errors
/// `KER-KMS-003` when several are current.
pub(crate) fn find_signing(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Option<(KeyAlias, Arc<OwnKey>)>, DbError> {
    let days = Policies::of(conn, app_id)?.pre_expire_days(ref_id);
    let aliases = keys::aliases(conn, app_id, ref_id)?;
    let alias = current(&aliases, days, now).or_failure()?;
    alias
        .map(|alias| Ok((alias.clone(), open(keys, conn, alias)?)))
        .transpose()
}

/// Every master key that an application ever had and whose private half is
/// here, newest first, each with every certificate that it had.
///
/// # Errors
/// When one can't be opened.
pub(crate) fn generations(
    keys: &Keys,
    conn: &mut Connection,
    app_id: &str,
) -> Result<Vec<Arc<OwnKey>>, DbError> {
    let mut found = Vec::new();
    for alias in keys::aliases(conn, app_id, "")? {
        if let Some(key) = keys.opened(&alias) {
            found.push(key);
        } else if let Some(row) = keys::find_master(conn, &alias.id)? {
            found.push(keys.open_master(&row)?);
        }
    }
    Ok(found)
}

/// The keys that ever signed certificates of partners, as far as they are known:
/// those that are here, and those of an imported key manager that `trust` holds a
/// certificate of.
///
/// # Errors
/// When one can't be opened.
pub(crate) fn issuing_keys(
    keys: &Keys,
    conn: &mut Connection,
    trust: &TrustStore,
) -> Result<BarredIssuers, DbError> {
    let here = generations(keys, conn, PMS)?;
    let is_here = |alias: &KeyAlias| here.iter().any(|key| key.id == alias.id);
    let aliases = keys::aliases(conn, PMS, "")?.into_iter();
    let elsewhere: HashSet<String> = aliases
        .filter(|alias| !is_here(alias))
        .filter_map(|alias| Some(alias.cert_thumbprint?.to_uppercase()))
        .collect();
    let members = trust.members().iter().map(|member| member.certificate());
    let known = members
        .filter(|_| !elsewhere.is_empty())
        .filter(|one| elsewhere.contains(&one.key_thumbprint()));
    let here = here.iter().map(|key| &key.certificate);
    Ok(BarredIssuers::with_keys_of(here.chain(known)))
}

pub(super) fn open(
    keys: &Keys,
    conn: &mut Connection,
    alias: &KeyAlias,
) -> Result<Arc<OwnKey>, DbError> {
    if let Some(key) = keys.opened(alias) {
        return Ok(key);
    }
    let row = keys::find_master(conn, &alias.id)?.ok_or_else(|| {
        DbError::Internal(format!(
            "the private key of {} {} is not here",
            alias.app_id, alias.id
        ))
    })?;
    keys.open_master(&row)
}
