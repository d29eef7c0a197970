//! Which certificate of ours a token is to be checked with.

use chrono::{DateTime, Utc};
use pms_database::keys::{self as rows, KeyAlias};
use pms_database::{Connection, DbError};
use pms_pki::certificate::key_id;
use pms_pki::jws::Token;
use pms_pki::{Certificate, errors, reading};

use super::Policies;
use super::current::current;
use crate::errors::{OrDbError as _, refused};

/// The certificate of an application and reference that a token names, or the
/// current one when it names none. So tokens outlive the replacement of a key
/// that got old, but not of one that was revoked.
///
/// # Errors
/// `KER-KMS-012` when there is none, `KER-KMS-003` when several are current,
/// `KER-JWS-107` when the token names a key that was ended.
pub(crate) fn certificate_for(
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Certificate, DbError> {
    let days = Policies::of(conn, app_id)?.pre_expire_days(ref_id);
    let known = rows::with_certificates(conn, app_id, ref_id)?;
    let aliases: Vec<KeyAlias> = known.iter().map(|(alias, _)| alias.clone()).collect();
    let current = current(&aliases, days, now).or_failure()?;
    let pem_of = |alias: &KeyAlias| {
        let mut rows = known.iter();
        let (_, pem) = rows.find(|(one, _)| one.id == alias.id)?;
        pem.as_deref()
    };
    let read = |alias: &KeyAlias| {
        let pem = pem_of(alias).ok_or_else(|| refused(errors::CERTIFICATE_NOT_STORED))?;
        reading::read_certificate(pem).or_failure()
    };
    let current = current.map(read).transpose()?;
    let Some(named) = aliases.iter().find(|alias| is_named(alias, token)) else {
        return current.ok_or_else(|| refused(errors::KEYS_NOT_GENERATED));
    };
    let certificate = read(named)?;
    // A key whose certificate was replaced is still the same key.
    let same_key =
        |current: &Certificate| current.public_key().info() == certificate.public_key().info();
    if named.key_expire_dtimes >= now.naive_utc() || current.as_ref().is_some_and(same_key) {
        Ok(certificate)
    } else {
        Err(refused(errors::JWS_CERTIFICATE_INVALID))
    }
}

/// Whether the header of a token names this key, by the hash of its certificate
/// or by its id.
fn is_named(alias: &KeyAlias, token: &Token) -> bool {
    if let Some(hash) = token.certificate_hash() {
        let thumbprint = alias.cert_thumbprint.as_deref();
        return thumbprint.is_some_and(|one| one.eq_ignore_ascii_case(&hex::encode(hash)));
    }
    let id = alias.uni_ident.as_deref().and_then(key_id);
    match (token.key_id(), id) {
        // Whatever its prefix was when the token was made, and whether it was padded.
        (Some(named), Some(id)) => named.trim_end_matches('=').ends_with(&id),
        _ => false,
    }
}
