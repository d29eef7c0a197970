//! POST /v1/keymanager/generateCSR (contract keymanager.md §10.3)

use actix_web::web::Data;
use pms_database::{Connection, DbError};
use pms_pki::errors;
use pms_pki::issue::certificate_request;
use pms_web::{ApiError, ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields;
use super::key_pair::{KeyPair, NameParts};
use crate::errors::{OrDbError as _, refused};
use crate::keys::{Policies, RequestKey, normal, request_key};
use crate::vault::Vault;

/// Which key, and the name in the request; blank parts of it are those of the
/// installation.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GenerateCsr {
    application_id: Option<String>,
    reference_id: Option<String>,
    common_name: Option<String>,
    organization_unit: Option<String>,
    organization: Option<String>,
    location: Option<String>,
    state: Option<String>,
    country: Option<String>,
}

impl GenerateCsr {
    fn name_parts(&self) -> NameParts<'_> {
        NameParts([
            self.common_name.as_deref(),
            self.organization_unit.as_deref(),
            self.organization.as_deref(),
            self.location.as_deref(),
            self.state.as_deref(),
            self.country.as_deref(),
        ])
    }
}

impl Request for GenerateCsr {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
        self.name_parts().check(checks);
    }
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<GenerateCsr>,
    vault: Data<Vault>,
) -> ApiResult<KeyPair> {
    let app_id = request.application_id.clone().unwrap_or_default();
    vault.restricted.check_maker(&caller, Some(&app_id))?;
    let ref_id = normal(request.reference_id.as_deref().unwrap_or_default()).to_owned();
    let parts = request.name_parts();
    let subject = parts.subject(vault.keys.subject(), (&app_id, &ref_id));
    let (within, now) = (vault.clone(), vault.clock.now());
    let find = move |conn: &mut Connection| -> Result<RequestKey, DbError> {
        Policies::of(conn, &app_id)?.master_days()?;
        let name = (app_id.as_str(), ref_id.as_str());
        if name == ("KERNEL", "IDENTITY_CACHE") {
            return Err(refused(errors::CSR_FORBIDDEN));
        }
        request_key(&within.keys, conn, name, now)
    };
    let key = vault.db.transaction(find).await?;
    let certificate = key.certificate().clone();
    let sign = move || {
        let signer = key.signer();
        signer.map(|signer| certificate_request(&subject, signer))
    };
    let signed = vault.compute.run(sign).await?;
    let signed = signed.ok_or_else(|| ApiError::unexpected("the key does not sign"))?;
    Ok(KeyPair::requested(signed.or_failure()?, &certificate, now))
}
