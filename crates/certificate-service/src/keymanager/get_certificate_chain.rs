//! `GET /getCertificateChain`
//!
//! The current certificate with its issuers, for download (contract keymanager.md §10.6).

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::{Connection, DbError};
use pms_pki::{Certificate, pack};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::get_certificate::{KeyName, find};
use crate::errors::OrDbError as _;
use crate::keys::{chain_of, complete};
use crate::vault::Vault;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chain {
    /// PKCS#7 in PEM armour: the certificate, its issuers, the root.
    certificates_trust_path: String,
    timestamp: LocalDateTime,
}

pub(crate) async fn handle(
    _caller: Caller,
    Query(name): Query<KeyName>,
    vault: Data<Vault>,
) -> ApiResult<Chain> {
    name.check().or_failure()?;
    let (within, now) = (vault.clone(), vault.clock.now());
    let load = move |conn: &mut Connection| {
        let certificate = find(&within, conn, name.parts(), now)?;
        let mut chain = chain_of(conn, certificate)?;
        complete_from_any(&within, conn, &mut chain, now)?;
        let chain: Vec<_> = chain.iter().collect();
        Ok(pack::p7b_file(&chain))
    };
    Ok(Chain {
        certificates_trust_path: vault.db.transaction(load).await?,
        timestamp: now.naive_utc().into(),
    })
}

/// Adds the issuers that are not ours: a key may have been certified by an
/// authority that one of the domains trusts.
fn complete_from_any(
    vault: &Vault,
    conn: &mut Connection,
    chain: &mut Vec<Certificate>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    for domain in &vault.rules.allowed_domains {
        let trust = vault.trust.of_name(conn, &domain.to_uppercase())?;
        if complete(chain, &trust, &vault.rules, now) {
            break;
        }
    }
    Ok(())
}
