//! `pms keys rotate`: every private key under the present key encryption key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDateTime;
use pms_database::keys::{self, Ending, exclusively};
use pms_database::{Connection, DbError, Stamp};
use pms_pki::Pkcs8;

use super::{KeySafe, SYSTEM};
use crate::errors::OrDbError as _;
use crate::kek::Sealer;
use crate::keys::sealed_bytes;

/// How many keys were sealed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resealed {
    /// Sealed again.
    pub changed: usize,
    /// Sealed with the present key before.
    pub already: usize,
}

/// What [`rotate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The id of the key encryption key that seals everything now.
    pub kek_id: String,
    /// Master keys.
    pub masters: Resealed,
    /// Base keys.
    pub bases: Resealed,
}

/// Seals every private key with the first key encryption key, in one
/// transaction, and opens each of them again before it commits.
///
/// Services can go on reading keys; making one waits. What is interrupted
/// changed nothing, and what is done twice changes nothing more.
///
/// # Errors
/// One line when a key was sealed with neither of the two keys; nothing is
/// changed then.
pub fn rotate(
    conn: &mut Connection,
    safe: &KeySafe,
    now: NaiveDateTime,
) -> Result<Rotation, DbError> {
    let sealer = &safe.0;
    exclusively(conn, Ending::Commit, |conn| {
        let masters = masters(conn, sealer)?;
        let bases = bases(conn, sealer, &Stamp::new(SYSTEM, now))?;
        check(conn, sealer)?;
        Ok(Rotation {
            kek_id: sealer.id().to_owned(),
            masters,
            bases,
        })
    })
}

fn masters(conn: &mut Connection, sealer: &Sealer) -> Result<Resealed, DbError> {
    let mut done = Resealed::default();
    for row in keys::list_masters(conn)? {
        let opened = sealer.open_named(&row.id, &row.private_key);
        let (key, kek_id) = opened.map_err(|_fault| lost(&row.id, Some(&row.kek_id), sealer))?;
        if kek_id == sealer.id() && row.kek_id == kek_id {
            done.already += 1;
            continue;
        }
        let sealed = sealed_again(sealer, &row.id, &key)?;
        keys::reseal_master(conn, &row.id, sealer.id(), &sealed)?;
        done.changed += 1;
    }
    Ok(done)
}

/// Their rows don't say which key sealed them: both are tried.
fn bases(conn: &mut Connection, sealer: &Sealer, stamp: &Stamp) -> Result<Resealed, DbError> {
    let mut done = Resealed::default();
    for row in keys::list_base_keys(conn)? {
        let sealed = sealed_bytes(&row)?;
        let opened = sealer.open_named(&row.id, &sealed);
        let (key, kek_id) = opened.map_err(|_fault| lost(&row.id, None, sealer))?;
        if kek_id == sealer.id() {
            done.already += 1;
            continue;
        }
        let sealed = sealed_again(sealer, &row.id, &key)?;
        keys::reseal_base(conn, &row.id, &STANDARD.encode(sealed), stamp)?;
        done.changed += 1;
    }
    Ok(done)
}

fn sealed_again(sealer: &Sealer, id: &str, key: &Pkcs8) -> Result<Vec<u8>, DbError> {
    let sealed = sealer.seal(id, key).or_failure()?;
    match sealer.open_named(id, &sealed) {
        Ok((opened, kek_id)) if kek_id == sealer.id() && opened.expose() == key.expose() => {
            Ok(sealed)
        }
        _ => Err(DbError::Internal(format!(
            "private key {id} does not open again; nothing was changed"
        ))),
    }
}

/// Reads everything back as the commit will leave it.
fn check(conn: &mut Connection, sealer: &Sealer) -> Result<(), DbError> {
    let opens = |id: &str, sealed: &[u8]| match sealer.open_named(id, sealed) {
        Ok((_, kek_id)) if kek_id == sealer.id() => Ok(()),
        _ => Err(DbError::Internal(format!(
            "private key {id} does not open as it was stored; nothing was changed"
        ))),
    };
    for row in keys::list_masters(conn)? {
        opens(&row.id, &row.private_key)?;
    }
    for row in keys::list_base_keys(conn)? {
        opens(&row.id, &sealed_bytes(&row)?)?;
    }
    Ok(())
}

fn lost(id: &str, kek_id: Option<&str>, sealer: &Sealer) -> DbError {
    let with = kek_id.map_or_else(String::new, |kek_id| format!(" (it names {kek_id})"));
    let known = match sealer.second_id() {
        Some(second) => format!(
            "neither with key_manager.kek ({}) nor with key_manager.second_kek ({second})",
            sealer.id()
        ),
        None => format!(
            "not with key_manager.kek ({}), and key_manager.second_kek is not set",
            sealer.id()
        ),
    };
    DbError::Internal(format!(
        "private key {id} was encrypted {known}{with}; nothing was changed"
    ))
}
