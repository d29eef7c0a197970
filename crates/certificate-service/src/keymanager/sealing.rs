//! Encrypting for the holder of a key: with shared session keys where those are
//! allowed.

use actix_web::web::Data;
use pms_database::{Connection, DbError};
use pms_pki::{Certificate, envelope, errors};
use zeroize::Zeroizing;

use crate::errors::{OrDbError as _, refused};
use crate::keys::{Kind, current_base, find_base, kind, normal};
use crate::vault::Vault;

/// Texts that are encrypted where they are: less than it takes to give them to
/// another thread.
const FEW: usize = 8;

/// Keys that sign encrypt nothing.
///
/// # Errors
/// `KER-CRY-011`.
pub(super) fn check_base(app_id: &str, ref_id: &str) -> Result<(), DbError> {
    if kind(app_id, normal(ref_id)) == Kind::Signing {
        return Err(refused(errors::ENCRYPTION_FORBIDDEN));
    }
    Ok(())
}

/// The certificate to encrypt for. The transaction that may make a key is
/// started only when there is none.
///
/// # Errors
/// `KER-CRY-011` for a key that signs, and why there is no key.
pub(crate) async fn recipient(
    vault: &Data<Vault>,
    (app_id, ref_id): (&str, &str),
) -> Result<Certificate, DbError> {
    check_base(app_id, ref_id)?;
    let (within, now) = (vault.clone(), vault.clock.now());
    let (app_id, ref_id) = (app_id.to_owned(), ref_id.to_owned());
    let name = (app_id.clone(), ref_id.clone());
    let find = move |conn: &mut Connection| find_base(&within.keys, conn, (&name.0, &name.1), now);
    if let Some(key) = vault.db.read(find).await? {
        return Ok(key.certificate().clone());
    }
    let within = vault.clone();
    let make = move |conn: &mut Connection| {
        let key = current_base(&within.keys, conn, (&app_id, &ref_id), now)?;
        Ok(key.certificate().clone())
    };
    vault.db.transaction(make).await
}

/// Encrypts texts without salt, in order: with shared session keys when `shared`,
/// each with a key of its own otherwise.
///
/// # Errors
/// `KER-KMS-005` when the recipient's key can't encrypt.
pub(crate) async fn seal_all(
    vault: &Data<Vault>,
    recipient: Certificate,
    texts: Vec<Zeroizing<Vec<u8>>>,
    shared: bool,
) -> Result<Vec<String>, DbError> {
    let now = vault.clock.now();
    let sealing = &vault.sessions.sealing;
    if shared && texts.len() <= FEW && sealing.is_ready(&recipient, texts.len(), now) {
        return sealing.seal_all(&recipient, &texts, now).or_failure();
    }
    let within = vault.clone();
    let seal = move || {
        if shared {
            return within.sessions.sealing.seal_all(&recipient, &texts, now);
        }
        let alone = |text: &Zeroizing<Vec<u8>>| envelope::encrypt(&recipient, text, None);
        texts.iter().map(alone).collect()
    };
    vault.compute.run(seal).await?.or_failure()
}
