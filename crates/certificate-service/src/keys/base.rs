//! Base keys and certificates of other domains: what data is encrypted with.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use pms_database::keys::{self, KeyAlias};
use pms_database::{Connection, DbError};
use pms_pki::{Certificate, errors, reading};

use super::current::{current, is_other_domain};
use super::master::current_master;
use super::{Keys, OwnKey, Policies, ROOT, make};
use crate::errors::{OrDbError as _, refused};

/// Why no base key is made.
const EXPIRED_OTHER_DOMAIN: &str = "other domains, partner Certificate expired";

/// The key behind an application and reference.
pub(crate) enum BaseKey {
    /// Ours.
    Own(Arc<OwnKey>),
    /// Another party's: only the certificate is known.
    OtherDomain(Box<Certificate>),
}

impl BaseKey {
    /// Its certificate.
    pub(crate) fn certificate(&self) -> &Certificate {
        match self {
            Self::Own(key) => &key.certificate,
            Self::OtherDomain(certificate) => certificate,
        }
    }
}

/// The current base key, made when there is none: only in a transaction.
///
/// # Errors
/// `KER-KMS-003` when several are current, `KER-KMS-016` when none may be made,
/// `KER-KMS-002` and `KER-KMS-012` when the application has no keys.
pub(crate) fn current_base(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<BaseKey, DbError> {
    if let Some(key) = find_base(keys, conn, (app_id, ref_id), now)? {
        return Ok(key);
    }
    if let Some(why) = forbidden(app_id) {
        return Err(refused(errors::NEW_KEY_FORBIDDEN.filled(why)));
    }
    // The master's lock comes first, everywhere.
    let master = current_master(keys, conn, app_id, now)?;
    keys::lock(conn, app_id, ref_id)?;
    if let Some(key) = find_base(keys, conn, (app_id, ref_id), now)? {
        return Ok(key);
    }
    make::base(keys, conn, (app_id, ref_id), &master, now).map(BaseKey::Own)
}

/// The keys of ours whose certificates have these SHA-256, in their order. All
/// of them are looked up at once: a caller may name thousands that don't exist.
///
/// Each is refused with `KER-KMS-025` for an unknown thumbprint, `KER-KMS-023`
/// for an ambiguous one, `KER-KMS-024` for one of another application or
/// reference, `KER-KMS-018` for a key that another domain holds.
///
/// # Errors
/// When the thumbprints can't be looked up.
pub(crate) fn by_thumbprints(
    keys: &Keys,
    conn: &mut Connection,
    name: (&str, &str),
    thumbprints: &[[u8; 32]],
) -> Result<Vec<Result<Arc<OwnKey>, DbError>>, DbError> {
    let wanted: Vec<String> = thumbprints.iter().map(hex::encode_upper).collect();
    let mut known: HashMap<String, Vec<KeyAlias>> = HashMap::new();
    for alias in keys::aliases_by_thumbprints(conn, &wanted)? {
        let thumbprint = alias.cert_thumbprint.clone().unwrap_or_default();
        known.entry(thumbprint).or_default().push(alias);
    }
    let aliases = |thumbprint: &String| known.get(thumbprint).map_or(&[][..], Vec::as_slice);
    Ok(wanted
        .iter()
        .map(|thumbprint| own_among(keys, conn, name, aliases(thumbprint)))
        .collect())
}

/// The key of ours among the aliases that have the same thumbprint.
fn own_among(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    aliases: &[KeyAlias],
) -> Result<Arc<OwnKey>, DbError> {
    let mut fitting = aliases
        .iter()
        .filter(|alias| alias.app_id == app_id && (ref_id.is_empty() || alias.ref_id == ref_id));
    let alias = fitting.next();
    if fitting.next().is_some() {
        return Err(refused(errors::THUMBPRINT_AMBIGUOUS));
    }
    let Some(alias) = alias else {
        let known = !aliases.is_empty();
        let error = if known {
            errors::THUMBPRINT_OF_OTHER_KEY
        } else {
            errors::THUMBPRINT_UNKNOWN
        };
        return Err(refused(error));
    };
    match behind(keys, conn, alias) {
        Ok(BaseKey::Own(key)) => Ok(key),
        Ok(BaseKey::OtherDomain(_)) => Err(refused(errors::OTHER_DOMAIN_DECRYPTION)),
        Err(DbError::Internal(fault)) => {
            Err(DbError::Internal(format!("key {}: {fault}", alias.id)))
        }
        Err(other) => Err(other),
    }
}

/// The current base key, if there is one.
///
/// # Errors
/// `KER-KMS-003` when several are current, `KER-KMS-016` when there was one
/// that another domain held.
pub(crate) fn find_base(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Option<BaseKey>, DbError> {
    let days = Policies::of(conn, app_id)?.pre_expire_days(ref_id);
    let aliases = keys::aliases(conn, app_id, ref_id)?;
    if let Some(alias) = current(&aliases, days, now).or_failure()? {
        return behind(keys, conn, alias).map(Some);
    }
    for alias in &aliases {
        let row = keys::find_stored(conn, &alias.id)?;
        if row.as_ref().is_some_and(is_other_domain) {
            return Err(refused(
                errors::NEW_KEY_FORBIDDEN.filled(EXPIRED_OTHER_DOMAIN),
            ));
        }
    }
    Ok(None)
}

/// Applications without base keys of ours.
fn forbidden(app_id: &str) -> Option<&'static str> {
    match app_id {
        ROOT => Some("Root Key"),
        "KERNEL" => Some("Kernel App Id"),
        "PARTNER" => Some("Partner App Id"),
        _ => None,
    }
}

fn behind(keys: &Keys, conn: &mut Connection, alias: &KeyAlias) -> Result<BaseKey, DbError> {
    if let Some(key) = keys.opened(alias) {
        return Ok(BaseKey::Own(key));
    }
    if let Some(row) = keys::find_stored(conn, &alias.id)? {
        if is_other_domain(&row) {
            let certificate = reading::read_certificate(&row.certificate_data);
            return Ok(BaseKey::OtherDomain(Box::new(certificate.or_failure()?)));
        }
        return keys.open_base(&row).map(BaseKey::Own);
    }
    let row = keys::find_master(conn, &alias.id)?
        .ok_or_else(|| refused(errors::CERTIFICATE_NOT_STORED))?;
    keys.open_master(&row).map(BaseKey::Own)
}
