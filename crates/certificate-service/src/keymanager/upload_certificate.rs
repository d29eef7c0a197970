//! `POST /uploadCertificate`
//!
//! Gives a key a certificate that another authority signed (contract keymanager.md §10.4).

use actix_web::web::Data;
use pms_database::Connection;
use pms_pki::reading;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields;
use super::upload_other_domain_certificate::Uploaded;
use crate::keys::{Policies, normal, replace_certificate};
use crate::vault::Vault;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UploadCertificate {
    application_id: Option<String>,
    reference_id: Option<String>,
    /// PEM.
    certificate_data: Option<String>,
}

impl Request for UploadCertificate {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
        fields::given(checks, "certificateData", self.certificate_data.as_deref());
    }
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<UploadCertificate>,
    vault: Data<Vault>,
) -> ApiResult<Uploaded> {
    let app_id = request.application_id.unwrap_or_default();
    vault.restricted.check_maker(&caller, Some(&app_id))?;
    let ref_id = request.reference_id.unwrap_or_default();
    let data = request.certificate_data.unwrap_or_default();
    let read = vault.compute.run(move || reading::read_certificate(&data));
    // Other faults of the request come first.
    let certificate = read.await?;
    let (within, now) = (vault.clone(), vault.clock.now());
    let replace = move |conn: &mut Connection| {
        Policies::of(conn, &app_id)?.master_days()?;
        let name = (app_id.as_str(), normal(&ref_id));
        replace_certificate(&within.keys, conn, name, certificate, now)
    };
    vault.db.transaction(replace).await?;
    Ok(Uploaded::at(now))
}
