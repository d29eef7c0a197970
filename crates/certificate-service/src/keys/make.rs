//! Making keys. Always under the lock of their application and reference, in
//! the transaction that stores them: a new key is rare, and one that is made
//! before the lock is held would often be thrown away.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use pms_database::keys::{self, KeyAlias, MasterKey, StoredKey};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_pki::certificate::unique_identifier;
use pms_pki::issue::{Profile, Subject, issue_base, issue_master, issue_root};
use pms_pki::{Certificate, Pkcs8, SigningKey, errors, pack};

use super::{Keys, OwnKey, PMS, Policies, ROOT, Secret, curve, master};
use crate::errors::{OrDbError as _, refused};

/// Author of the rows that the service itself writes.
pub(crate) const SYSTEM: &str = "SYSTEM";

/// Makes and stores a key that signs, under its lock: the master key of an
/// application, or one with a reference of its own.
///
/// # Errors
/// `KER-KMS-002` when no keys may be made for it, `KER-KMS-011` when there is
/// no ROOT key to sign it.
pub(super) fn signing(
    keys: &Keys,
    conn: &mut Connection,
    name: (&str, &str),
    subject: Subject,
    now: DateTime<Utc>,
) -> Result<Arc<OwnKey>, DbError> {
    let days = Policies::of(conn, name.0)?.master_days()?;
    let profile = Profile {
        subject,
        from: now,
        days,
    };
    end_not_yet_valid(conn, name, now)?;
    let curve = curve(name.1);
    let private = match curve {
        Some(curve) => Pkcs8::generate_elliptic(curve),
        None => Pkcs8::generate_rsa(),
    };
    let private = private.or_failure()?;
    let secret = Secret::signing(curve, &private)?;
    let certificate = certify(keys, conn, name, (&profile, &secret))?;
    let alias = alias(name.0, name.1, &certificate);
    let stamp = Stamp::new(SYSTEM, now.naive_utc());
    let row = MasterKey {
        id: alias.id.clone(),
        kek_id: keys.sealer.id().to_owned(),
        private_key: keys.sealer.seal(&alias.id, &private).or_failure()?,
        certificate_data: pack::certificate_pem(&certificate),
    };
    keys::insert_master(conn, &row, &stamp)?;
    keys::insert_alias(conn, &alias, &stamp)?;
    tracing::info!(
        app_id = name.0,
        ref_id = name.1,
        id = alias.id,
        "made a key that signs"
    );
    keys.open_master(&row)
}

/// The certificate of a new key: by itself for ROOT, by ROOT for all others.
fn certify(
    keys: &Keys,
    conn: &mut Connection,
    name: (&str, &str),
    (profile, secret): (&Profile, &Secret),
) -> Result<Certificate, DbError> {
    if let (Secret::Signing(pair), (ROOT, "")) = (secret, name) {
        return issue_root(profile, pair).or_failure();
    }
    let signer = secret.signer();
    let signer = signer.ok_or_else(|| DbError::Internal("a new key does not sign".to_owned()))?;
    let root = master::find_signing(keys, conn, (ROOT, ""), profile.from)?;
    let (_, root) = root.ok_or_else(|| refused(errors::ROOT_KEY_UNAVAILABLE))?;
    // Only the key that signs partner certificates will sign lists of revoked
    // ones.
    let signs_crls = name == (PMS, "");
    issue_master(profile, signer.public_key(), signs_crls, &root.issuer()?).or_failure()
}

/// Ends the keys that a new one replaces, one minute before `now`.
pub(super) fn end<'a>(
    conn: &mut Connection,
    aliases: impl IntoIterator<Item = &'a KeyAlias>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (now, end) = (now.naive_utc(), now.naive_utc() - TimeDelta::minutes(1));
    let stamp = Stamp::new(SYSTEM, now);
    for alias in aliases {
        keys::expire_alias(conn, &alias.id, end, &stamp)?;
    }
    Ok(())
}

/// Ends the keys of this name that are not valid yet: otherwise two keys would be
/// current later.
fn end_not_yet_valid(
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let aliases = keys::aliases(conn, app_id, ref_id)?;
    let at = now.naive_utc();
    let unborn = aliases
        .iter()
        .filter(|alias| alias.key_gen_dtimes > at && alias.key_expire_dtimes >= at);
    end(conn, unborn, now)
}

/// Makes and stores a base key, under its lock.
///
/// # Errors
/// `KER-KMS-002` when no keys may be made for the application.
pub(super) fn base(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    master: &OwnKey,
    now: DateTime<Utc>,
) -> Result<Arc<OwnKey>, DbError> {
    let days = Policies::of(conn, app_id)?.base_days()?;
    end_not_yet_valid(conn, (app_id, ref_id), now)?;
    let subject = Subject::of(master.certificate.subject()).for_base_key(app_id, ref_id);
    let private = Pkcs8::generate_rsa().or_failure()?;
    let pair = SigningKey::from_pkcs8(&private).or_failure()?;
    let profile = Profile {
        subject,
        from: now,
        days,
    };
    let certificate = issue_base(&profile, pair.public_key(), &master.issuer()?).or_failure()?;
    let alias = alias(app_id, ref_id, &certificate);
    let stamp = Stamp::new(SYSTEM, now.naive_utc());
    let sealed = keys.sealer.seal(&alias.id, &private).or_failure()?;
    let row = StoredKey {
        id: alias.id.clone(),
        master_key: master.id.clone(),
        private_key: STANDARD.encode(sealed),
        certificate_data: pack::certificate_pem(&certificate),
    };
    keys::insert_stored(conn, &row, &stamp)?;
    keys::insert_alias(conn, &alias, &stamp)?;
    tracing::info!(app_id, ref_id, id = alias.id, "made a base key");
    keys.open_base(&row)
}

/// A new alias, valid as long as its certificate.
fn alias(app_id: &str, ref_id: &str, certificate: &Certificate) -> KeyAlias {
    let id = ids::uuid();
    let validity = certificate.validity();
    KeyAlias {
        app_id: app_id.to_owned(),
        ref_id: ref_id.to_owned(),
        key_gen_dtimes: validity.not_before.naive_utc(),
        key_expire_dtimes: validity.not_after.naive_utc(),
        cert_thumbprint: Some(certificate.key_thumbprint()),
        uni_ident: Some(unique_identifier(app_id, ref_id, &id)),
        id,
    }
}
