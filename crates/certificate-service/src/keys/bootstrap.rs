//! The first start, and every later one: all keys there, all keys open.

use chrono::{DateTime, Utc};
use pms_database::keys;
use pms_database::{Connection, DbError};

use super::{Keys, PMS, Policies, ROOT, current_base, current_master, make};

/// Makes the keys that are missing, in one transaction under their locks, and
/// opens all private keys. Replicas that start together wait for each other.
///
/// `data_key` is the application and reference of the key for personal data.
///
/// # Errors
/// When a stored key can't be opened with the key encryption key.
pub(crate) fn prepare(
    keys: &Keys,
    conn: &mut Connection,
    data_key: (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    // Before anything is made: a wrong key encryption key must show here.
    open_all(keys, conn)?;
    let mut applications = vec![ROOT, PMS];
    if !applications.contains(&data_key.0) {
        applications.push(data_key.0);
    }
    for app_id in applications {
        keys::lock(conn, app_id, "")?;
        if keys::aliases(conn, app_id, "")?.is_empty() {
            let subject = keys.subject.for_master_key(app_id, "");
            make::signing(keys, conn, (app_id, ""), subject, now)?;
        } else {
            current_master(keys, conn, app_id, now)?;
        }
    }
    if !data_key.1.is_empty() {
        current_base(keys, conn, data_key, now)?;
    }
    Ok(())
}

/// Makes the key of an application and reference, unless there ever was one:
/// the master key without a reference or for `KERNEL`, `SIGN`, a base key else.
/// Tells whether it was made.
///
/// # Errors
/// `KER-KMS-002` when no keys may be made for the application, and those of a
/// base key.
pub(crate) fn make_once(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    keys::lock(conn, app_id, "")?;
    if !ref_id.is_empty() {
        keys::lock(conn, app_id, ref_id)?;
    }
    if !keys::aliases(conn, app_id, ref_id)?.is_empty() {
        return Ok(false);
    }
    if signs((app_id, ref_id)) {
        let subject = keys.subject.for_master_key(app_id, ref_id);
        make::signing(keys, conn, (app_id, ref_id), subject, now)?;
    } else {
        current_base(keys, conn, (app_id, ref_id), now)?;
    }
    Ok(true)
}

/// The keys of other modules that `applications` names (`APP` or `APP:REF`), those
/// that sign first.
pub(crate) fn listed(applications: &[String]) -> Vec<(String, String)> {
    let names = applications.iter();
    let names = names.map(|name| name.split_once(':').unwrap_or((name, "")));
    let mut names: Vec<_> = names
        .map(|(app_id, ref_id)| (app_id.to_owned(), ref_id.to_owned()))
        .collect();
    names.sort_by_key(|(app_id, ref_id)| !signs((app_id, ref_id)));
    names
}

/// Makes a listed key, once. One that can't be made is left out with a warning: a
/// deployment's list may name more than this key manager serves, such as
/// `KERNEL:IDENTITY_CACHE`, a symmetric key of other modules. Call it in a
/// transaction of its own: a replica that starts at the same time then waits for one
/// key, and not for all of them, which takes longer than a statement may.
///
/// # Errors
/// When the database can't be used.
pub(crate) fn make_listed(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let may_be_made = Policies::of(conn, app_id)?.master_days();
    match may_be_made.and_then(|_days| make_once(keys, conn, (app_id, ref_id), now)) {
        Ok(_made) => Ok(()),
        Err(DbError::Rejected(refusal)) => {
            tracing::warn!(
                app_id,
                ref_id,
                code = refusal.code(),
                "key_manager.applications names a key that can't be made"
            );
            Ok(())
        }
        Err(fault) => Err(fault),
    }
}

/// Whether the key of this name signs: the master key of an application, or
/// `KERNEL`, `SIGN`.
fn signs((app_id, ref_id): (&str, &str)) -> bool {
    ref_id.is_empty() || (app_id, ref_id) == ("KERNEL", "SIGN")
}

fn open_all(keys: &Keys, conn: &mut Connection) -> Result<(), DbError> {
    for row in keys::list_masters(conn)? {
        keys.open_master(&row)?;
    }
    for row in keys::list_base_keys(conn)? {
        keys.open_base(&row)?;
    }
    Ok(())
}
