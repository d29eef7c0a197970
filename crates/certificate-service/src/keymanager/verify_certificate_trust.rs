//! `POST /verifyCertificateTrust`
//!
//! Whether a trust domain trusts a certificate (contract keymanager.md §8.5).

use actix_web::web::Data;
use pms_database::Connection;
use pms_database::certificates::is_distrusted;
use pms_pki::reading;
use pms_pki::rules::Domain;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields;
use crate::errors::OrDbError as _;
use crate::vault::Vault;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VerifyCertificateTrust {
    /// PEM.
    certificate_data: Option<String>,
    partner_domain: Option<String>,
}

impl Request for VerifyCertificateTrust {
    fn check(&self, checks: &mut Checks) {
        fields::given(checks, "certificateData", self.certificate_data.as_deref());
        fields::given(checks, "partnerDomain", self.partner_domain.as_deref());
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Trusted {
    status: bool,
}

pub(crate) async fn handle(
    _caller: Caller,
    Body(request): Body<VerifyCertificateTrust>,
    vault: Data<Vault>,
) -> ApiResult<Trusted> {
    let data = request.certificate_data.unwrap_or_default();
    let read = vault.compute.run(move || reading::read_certificate(&data));
    let certificate = read.await?.or_failure()?;
    let domain = request.partner_domain.unwrap_or_default();
    let domain = Domain::parse(&domain, &vault.rules).or_failure()?;
    let within = vault.clone();
    let sha256 = hex::encode(certificate.sha256());
    let public_key = hex::encode(certificate.public_key_sha256());
    let load = move |conn: &mut Connection| {
        if is_distrusted(conn, domain.as_str(), &sha256, &public_key)? {
            return Ok(None);
        }
        within.trust.of(conn, &domain).map(Some)
    };
    let Some(trust) = vault.db.read(load).await? else {
        return Ok(Trusted { status: false });
    };
    let (rules, now) = (vault.rules.clone(), vault.clock.now());
    let verify = move || trust.path(&certificate, now, &rules).is_ok();
    Ok(Trusted {
        status: vault.compute.run(verify).await?,
    })
}
