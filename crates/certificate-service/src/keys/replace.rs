//! Another certificate for a key of ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use pms_database::keys::{self as rows, KeyAlias, MasterKey, StoredKey};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_pki::certificate::unique_identifier;
use pms_pki::{Certificate, KeyManagerError, errors, pack, reading};

use super::current::{current, is_other_domain};
use super::make::SYSTEM;
use super::{Keys, Policies};
use crate::errors::{OrDbError as _, refused};

/// The row of a key.
enum Row {
    Master(MasterKey),
    Base(StoredKey),
}

/// Puts a certificate that another authority signed in the place of the one of the
/// current key (contract keymanager.md §10.4).
///
/// The earlier certificate stays, as that of an ended key: data that was
/// encrypted for it names it, and what it signed must remain traceable.
///
/// # Errors
/// `KER-KMS-003` when not exactly one key is current, `KER-KMS-015` when it is
/// not ours, why the certificate can't be read, `KER-KMS-014` when it is for another key.
pub(crate) fn replace_certificate(
    keys: &Keys,
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    certificate: Result<Certificate, KeyManagerError>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    rows::lock(conn, app_id, ref_id)?;
    let days = Policies::of(conn, app_id)?.pre_expire_days(ref_id);
    let aliases = rows::aliases(conn, app_id, ref_id)?;
    let alias = current(&aliases, days, now).or_failure()?;
    let alias = alias.ok_or_else(|| refused(errors::NO_UNIQUE_ALIAS))?;
    let row = find(conn, alias)?;
    let certificate = &certificate.or_failure()?;
    let earlier = reading::read_certificate(row.pem()).or_failure()?;
    if earlier.public_key().info() != certificate.public_key().info() {
        return Err(refused(errors::KEY_MISMATCH));
    }
    if &earlier == certificate {
        return Ok(());
    }
    let stamp = Stamp::new(SYSTEM, now.naive_utc());
    keep(keys, conn, alias, row, &stamp)?;
    let validity = certificate.validity();
    let renewed = KeyAlias {
        key_gen_dtimes: validity.not_before.naive_utc(),
        key_expire_dtimes: validity.not_after.naive_utc(),
        cert_thumbprint: Some(certificate.key_thumbprint()),
        ..alias.clone()
    };
    let pem = pack::certificate_pem(certificate);
    rows::replace_certificate(conn, &renewed, &pem, &stamp)?;
    tracing::info!(
        app_id,
        ref_id,
        id = renewed.id,
        "replaced the certificate of a key"
    );
    Ok(())
}

impl Row {
    fn pem(&self) -> &str {
        match self {
            Self::Master(row) => &row.certificate_data,
            Self::Base(row) => &row.certificate_data,
        }
    }
}

fn find(conn: &mut Connection, alias: &KeyAlias) -> Result<Row, DbError> {
    if let Some(row) = rows::find_master(conn, &alias.id)? {
        return Ok(Row::Master(row));
    }
    let row = rows::find_stored(conn, &alias.id)?;
    let row = row.ok_or_else(|| refused(errors::CERTIFICATE_NOT_STORED))?;
    if is_other_domain(&row) {
        return Err(refused(errors::OTHER_DOMAIN_UPDATE_FORBIDDEN));
    }
    Ok(Row::Base(row))
}

/// Copies the key with its earlier certificate under a name of its own. What is
/// sealed is sealed for its row, so it is sealed anew.
fn keep(
    keys: &Keys,
    conn: &mut Connection,
    alias: &KeyAlias,
    row: Row,
    stamp: &Stamp,
) -> Result<(), DbError> {
    let id = ids::uuid();
    match row {
        Row::Master(row) => {
            let private = keys.unsealed(&row.id, &row.private_key)?;
            let copy = MasterKey {
                id: id.clone(),
                kek_id: keys.sealer.id().to_owned(),
                private_key: keys.sealer.seal(&id, &private).or_failure()?,
                certificate_data: row.certificate_data,
            };
            rows::insert_master(conn, &copy, stamp)?;
        }
        Row::Base(row) => {
            let private = keys.private_base(&row)?;
            let sealed = keys.sealer.seal(&id, &private).or_failure()?;
            let copy = StoredKey {
                id: id.clone(),
                private_key: STANDARD.encode(sealed),
                ..row
            };
            rows::insert_stored(conn, &copy, stamp)?;
        }
    }
    let ended = KeyAlias {
        uni_ident: Some(unique_identifier(&alias.app_id, &alias.ref_id, &id)),
        id,
        key_expire_dtimes: stamp.at - TimeDelta::minutes(1),
        ..alias.clone()
    };
    Ok(rows::insert_alias(conn, &ended, stamp)?)
}
