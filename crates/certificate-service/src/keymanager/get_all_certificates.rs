//! `GET /getAllCertificates`
//!
//! All certificates of an application and reference (contract keymanager.md §10.6).

use actix_web::web::Data;
use pms_database::keys::{KeyAlias, with_certificates};
use pms_database::{Connection, DbError};
use pms_pki::certificate::key_id;
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::get_certificate::KeyName;
use crate::errors::OrDbError as _;
use crate::vault::Vault;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AllCertificates {
    /// In the order of their making.
    all_certificates: Vec<KeyCertificate>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeyCertificate {
    /// PEM.
    certificate_data: String,
    issued_at: ZuluDateTime,
    /// The end of the certificate, or of the key when it was ended before.
    expiry_at: ZuluDateTime,
    /// The `kid` of tokens that the key signs.
    key_id: Option<String>,
}

pub(crate) async fn handle(
    _caller: Caller,
    Query(name): Query<KeyName>,
    vault: Data<Vault>,
) -> ApiResult<AllCertificates> {
    name.check().or_failure()?;
    let list = move |conn: &mut Connection| -> Result<_, DbError> {
        let (app_id, ref_id) = name.parts();
        Ok(with_certificates(conn, app_id, ref_id)?)
    };
    let rows = vault.db.read(list).await?.into_iter().rev();
    Ok(AllCertificates {
        all_certificates: rows.filter_map(certificate).collect(),
    })
}

fn certificate((alias, pem): (KeyAlias, Option<String>)) -> Option<KeyCertificate> {
    Some(KeyCertificate {
        certificate_data: pem?,
        issued_at: alias.key_gen_dtimes.into(),
        expiry_at: alias.key_expire_dtimes.into(),
        key_id: alias.uni_ident.as_deref().and_then(key_id),
    })
}
