//! `pms keys list`: which keys there are; never a secret.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use pms_database::keys::{self, KeyRow};
use pms_database::{Connection, DbError};

use super::KeySafe;
use crate::keys::{Policies, is_current, sealed_bytes};

/// Where the private half of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// A master key: it signs.
    Master,
    /// A base key: data is encrypted for it.
    Base,
    /// There is an alias and no key: an imported or damaged row.
    Missing,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Application.
    pub app_id: String,
    /// Reference, empty for the master key of the application.
    pub ref_id: String,
    /// Id of the alias.
    pub id: String,
    /// What it is.
    pub kind: KeyKind,
    /// Whether it is in use now.
    pub current: bool,
    /// When it was made (UTC).
    pub from: NaiveDateTime,
    /// When another one is used instead of it (UTC).
    pub current_until: NaiveDateTime,
    /// When its certificate ends (UTC).
    pub expires: NaiveDateTime,
    /// Which key encryption key seals it; `None` when that is unknown.
    pub kek_id: Option<String>,
}

/// All keys of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyList {
    /// By application and reference, newest first.
    pub keys: Vec<KeyLine>,
    /// Certificates of other domains, which hold no key of ours.
    pub other_domains: i64,
}

/// Lists the keys. Rows of base keys don't say which key encryption key seals
/// them: with `safe` it is tried.
///
/// # Errors
/// When a statement fails.
pub fn list(
    conn: &mut Connection,
    safe: Option<&KeySafe>,
    now: DateTime<Utc>,
) -> Result<KeyList, DbError> {
    let mut policies = HashMap::new();
    let mut lines = Vec::new();
    for row in keys::list_key_rows(conn)? {
        let app_id = &row.alias.app_id;
        if !policies.contains_key(app_id) {
            policies.insert(app_id.clone(), Policies::of(conn, app_id)?);
        }
        let days = policies
            .get(app_id)
            .map_or(0, |policies| policies.pre_expire_days(&row.alias.ref_id));
        lines.push(line(row, days, safe, now));
    }
    Ok(KeyList {
        keys: lines,
        other_domains: keys::count_other_domains(conn)?,
    })
}

fn line(row: KeyRow, days: u16, safe: Option<&KeySafe>, now: DateTime<Utc>) -> KeyLine {
    let kind = match (&row.master, &row.base) {
        (Some(_), _) => KeyKind::Master,
        (None, Some(_)) => KeyKind::Base,
        (None, None) => KeyKind::Missing,
    };
    let kek_id = kek_id(&row, safe);
    let alias = row.alias;
    KeyLine {
        kind,
        current: is_current(&alias, days, now),
        from: alias.key_gen_dtimes,
        current_until: alias.key_expire_dtimes - TimeDelta::days(i64::from(days)),
        expires: alias.key_expire_dtimes,
        kek_id,
        app_id: alias.app_id,
        ref_id: alias.ref_id,
        id: alias.id,
    }
}

fn kek_id(row: &KeyRow, safe: Option<&KeySafe>) -> Option<String> {
    if let Some(master) = &row.master {
        return Some(master.kek_id.clone());
    }
    let (safe, base) = (safe?, row.base.as_ref()?);
    let sealed = sealed_bytes(base).ok()?;
    let (_, kek_id) = safe.0.open_named(&base.id, &sealed).ok()?;
    Some(kek_id.to_owned())
}
