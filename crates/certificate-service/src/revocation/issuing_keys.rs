//! The keys that ever signed certificates of partners.

use std::sync::Arc;

use pms_database::{Connection, DbError};
use pms_pki::Certificate;
use pms_pki::certificate::SignatureCheck;
use pms_pki::issue::key_identifier;

use crate::keys::{OwnKey, PMS, generations};
use crate::vault::Vault;

/// The name of a key in addresses and rows: its identifier in lower-case hex.
pub(super) fn key_id(certificate: &Certificate) -> String {
    hex::encode(key_identifier(certificate))
}

/// Every generation of the PMS key whose private half is here, newest first.
pub(super) fn all(vault: &Vault, conn: &mut Connection) -> Result<Vec<Arc<OwnKey>>, DbError> {
    generations(&vault.keys, conn, PMS)
}

/// The one that signed a certificate. Identifiers are hints, signatures are not.
pub(crate) fn signer<'a>(keys: &'a [Arc<OwnKey>], signed: &Certificate) -> Option<&'a OwnKey> {
    let made_it = |key: &&Arc<OwnKey>| {
        signed.names_as_issuer(&key.certificate)
            && signed.check_signature(key.certificate.public_key()) == SignatureCheck::Valid
    };
    keys.iter().find(made_it).map(Arc::as_ref)
}
