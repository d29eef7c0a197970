//! The common part of the operations that make keys which sign.

use actix_web::web::Data;
use pms_database::Connection;
use pms_pki::KeyManagerError;
use pms_pki::issue::certificate_request;
use pms_web::{ApiError, ApiResult, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields;
use super::key_pair::{KeyPair, NameParts, ObjectType};
use crate::errors::OrDbError as _;
use crate::keys::{KeyCommand, Policies, generate, normal};
use crate::vault::Vault;

/// Which key, and the name in its certificate; blank parts of it are those of
/// the installation.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GenerateKey {
    application_id: Option<String>,
    reference_id: Option<String>,
    /// Replace a current key.
    force: Option<bool>,
    common_name: Option<String>,
    organization_unit: Option<String>,
    organization: Option<String>,
    location: Option<String>,
    state: Option<String>,
    country: Option<String>,
}

impl GenerateKey {
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

impl Request for GenerateKey {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
        self.name_parts().check(checks);
    }
}

/// Which references an operation makes keys for.
type Supported = fn(app_id: &str, ref_id: &str) -> Result<(), KeyManagerError>;

/// Makes the key, or finds the current one, and answers its certificate or a
/// request for another one.
///
/// The object type comes first: a wrong one must not leave a new key behind.
pub(super) async fn run(
    (vault, caller): (&Data<Vault>, &Caller),
    object_type: &str,
    request: GenerateKey,
    supported: Supported,
) -> ApiResult<KeyPair> {
    vault
        .restricted
        .check_maker(caller, request.application_id.as_deref())?;
    let object_type = ObjectType::parse(object_type).or_failure()?;
    let wanted = wanted(vault, &request);
    let (within, now, subject) = (vault.clone(), vault.clock.now(), wanted.subject.clone());
    let make = move |conn: &mut Connection| {
        Policies::of(conn, &wanted.app_id)?.master_days()?;
        supported(&wanted.app_id, &wanted.ref_id).or_failure()?;
        generate(&within.keys, conn, &wanted, now)
    };
    let key = vault.db.transaction(make).await?;
    if object_type == ObjectType::Certificate {
        return Ok(KeyPair::certified(&key.certificate, now));
    }
    let signing = key.clone();
    let sign = move || {
        let signer = signing.secret.signer();
        signer.map(|signer| certificate_request(&subject, signer))
    };
    let signed = vault.compute.run(sign).await?;
    let signed = signed.ok_or_else(|| ApiError::unexpected("the key does not sign"))?;
    Ok(KeyPair::requested(
        signed.or_failure()?,
        &key.certificate,
        now,
    ))
}

fn wanted(vault: &Vault, request: &GenerateKey) -> KeyCommand {
    let app_id = request.application_id.clone().unwrap_or_default();
    let ref_id = normal(request.reference_id.as_deref().unwrap_or_default());
    let parts = request.name_parts();
    KeyCommand {
        subject: parts.subject(vault.keys.subject(), (&app_id, ref_id)),
        ref_id: ref_id.to_owned(),
        force: request.force.unwrap_or_default(),
        app_id,
    }
}
