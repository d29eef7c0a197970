//! `GET /getCertificate`
//!
//! The current certificate of an application and reference (contract keymanager.md §10.2).

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::{Connection, DbError};
use pms_pki::{Certificate, KeyManagerError, errors};
use pms_web::{ApiResult, Caller, Checks, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use super::fields;
use super::key_pair::KeyPair;
use crate::errors::OrDbError as _;
use crate::keys::{Kind, current_base, current_signing, kind, normal};
use crate::vault::Vault;

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyName {
    application_id: String,
    reference_id: Option<String>,
}

impl KeyName {
    /// The ids must fit their columns, and the application must be there.
    ///
    /// # Errors
    /// `KER-KMS-005`.
    pub(super) fn check(&self) -> Result<(), KeyManagerError> {
        let mut checks = Checks::new("");
        fields::key_name(
            &mut checks,
            Some(&self.application_id),
            self.reference_id.as_deref(),
        );
        checks.finish().or(Err(errors::INVALID_REQUEST))
    }

    /// Application and reference as they are stored.
    pub(super) fn parts(&self) -> (&str, &str) {
        let ref_id = self.reference_id.as_deref().unwrap_or_default();
        (&self.application_id, normal(ref_id))
    }
}

pub(crate) async fn handle(
    _caller: Caller,
    Query(name): Query<KeyName>,
    vault: Data<Vault>,
) -> ApiResult<KeyPair> {
    name.check().or_failure()?;
    let (within, now) = (vault.clone(), vault.clock.now());
    let find = move |conn: &mut Connection| find(&within, conn, name.parts(), now);
    let certificate = vault.db.transaction(find).await?;
    Ok(KeyPair::certified(&certificate, now))
}

/// The certificate of the current key, which may have to be made.
pub(super) fn find(
    vault: &Vault,
    conn: &mut Connection,
    name: (&str, &str),
    now: DateTime<Utc>,
) -> Result<Certificate, DbError> {
    match kind(name.0, name.1) {
        Kind::Signing => {
            let (_, key) = current_signing(&vault.keys, conn, name, now)?;
            Ok(key.certificate.clone())
        }
        Kind::Base => {
            let key = current_base(&vault.keys, conn, name, now)?;
            Ok(key.certificate().clone())
        }
    }
}
