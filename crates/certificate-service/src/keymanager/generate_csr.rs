//! `POST /generateCSR`
//!
//! Requests a certificate for a key (contract keymanager.md §10.3).

use actix_web::web::Data;
use pms_database::{Connection, DbError};
use pms_pki::errors;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::key_pair::{KeyPair, NameParts, NamedKey};
use crate::errors::refused;
use crate::keys::{Policies, RequestKey, request_key};
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
    fn key(&self) -> NamedKey<'_> {
        NamedKey {
            application_id: self.application_id.as_deref(),
            reference_id: self.reference_id.as_deref(),
            name: NameParts([
                self.common_name.as_deref(),
                self.organization_unit.as_deref(),
                self.organization.as_deref(),
                self.location.as_deref(),
                self.state.as_deref(),
                self.country.as_deref(),
            ]),
        }
    }
}

impl Request for GenerateCsr {
    fn check(&self, checks: &mut Checks) {
        self.key().check(checks);
    }
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<GenerateCsr>,
    vault: Data<Vault>,
) -> ApiResult<KeyPair> {
    vault
        .restricted
        .check_maker(&caller, request.application_id.as_deref())?;
    let command = request.key().command(vault.keys.subject());
    let (within, now, subject) = (vault.clone(), vault.clock.now(), command.subject.clone());
    let find = move |conn: &mut Connection| -> Result<RequestKey, DbError> {
        Policies::of(conn, &command.app_id)?.master_days()?;
        let name = (command.app_id.as_str(), command.ref_id.as_str());
        if name == ("KERNEL", "IDENTITY_CACHE") {
            return Err(refused(errors::CSR_FORBIDDEN));
        }
        request_key(&within.keys, conn, name, now)
    };
    let key = vault.db.transaction(find).await?;
    KeyPair::requested(&vault, key, subject, now).await
}
