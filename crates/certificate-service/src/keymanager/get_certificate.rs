//! GET /v1/keymanager/getCertificate (key manager contract §10.2)

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::{Connection, Failure};
use pms_pki::{Certificate, errors, key_life, pack};
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiResult, Caller, Checks, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::fields;
use crate::failures::refused;
use crate::keys::{current_base, current_master, is_ec_reference, named_master};
use crate::vault::Vault;

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyName {
    application_id: String,
    reference_id: Option<String>,
}

/// The answer about a key pair.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyPair {
    /// PEM.
    certificate: String,
    cert_sign_request: Option<String>,
    issued_at: ZuluDateTime,
    expiry_at: ZuluDateTime,
    timestamp: ZuluDateTime,
}

pub(crate) async fn handle(
    _caller: Caller,
    Query(name): Query<KeyName>,
    vault: Data<Vault>,
) -> ApiResult<KeyPair> {
    let mut checks = Checks::new("");
    fields::key_name(
        &mut checks,
        Some(&name.application_id),
        name.reference_id.as_deref(),
    );
    if checks.finish().is_err() {
        return Err(refused(errors::INVALID_REQUEST).into());
    }
    let (within, now) = (vault.clone(), vault.clock.now());
    let find = move |conn: &mut Connection| find(&within, conn, &name, now);
    let certificate = vault.db.transaction(find).await?;
    let validity = certificate.validity();
    Ok(KeyPair {
        certificate: pack::certificate_pem(&certificate),
        cert_sign_request: None,
        issued_at: validity.not_before.naive_utc().into(),
        expiry_at: validity.not_after.naive_utc().into(),
        timestamp: now.naive_utc().into(),
    })
}

fn find(
    vault: &Vault,
    conn: &mut Connection,
    name: &KeyName,
    now: DateTime<Utc>,
) -> Result<Certificate, Failure> {
    let ref_id = name.reference_id.as_deref().unwrap_or_default();
    let full = (name.application_id.as_str(), ref_id);
    if fields::is_blank(Some(ref_id)) {
        let key = current_master(&vault.keys, conn, full.0, now)?;
        return Ok(key.certificate.clone());
    }
    if key_life::is_master(full.0, ref_id) || is_ec_reference(ref_id) {
        return Ok(named_master(&vault.keys, conn, full, now)?
            .certificate
            .clone());
    }
    Ok(current_base(&vault.keys, conn, full, now)?
        .certificate()
        .clone())
}
