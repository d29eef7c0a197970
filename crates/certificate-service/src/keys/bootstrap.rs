//! The first start, and every later one: all keys there, all keys open.

use chrono::{DateTime, Utc};
use pms_database::keys;
use pms_database::{Connection, DbError};

use super::{Keys, PMS, ROOT, current_base, current_master, make};

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

fn open_all(keys: &Keys, conn: &mut Connection) -> Result<(), DbError> {
    for row in keys::list_masters(conn)? {
        keys.open_master(&row)?;
    }
    for row in keys::list_base_keys(conn)? {
        keys.open_base(&row)?;
    }
    Ok(())
}
