//! The common part of the operations that make keys which sign.

use actix_web::web::Data;
use pms_database::Connection;
use pms_pki::KeyManagerError;
use pms_web::{ApiResult, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::key_pair::{KeyPair, NameParts, NamedKey, ObjectType};
use crate::errors::OrDbError as _;
use crate::keys::{KeyCommand, Policies, RequestKey, generate};
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

impl Request for GenerateKey {
    fn check(&self, checks: &mut Checks) {
        self.key().check(checks);
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
    let command = KeyCommand {
        force: request.force.unwrap_or_default(),
        ..request.key().command(vault.keys.subject())
    };
    let (within, now, subject) = (vault.clone(), vault.clock.now(), command.subject.clone());
    let make = move |conn: &mut Connection| {
        Policies::of(conn, &command.app_id)?.master_days()?;
        supported(&command.app_id, &command.ref_id).or_failure()?;
        generate(&within.keys, conn, &command, now)
    };
    let key = vault.db.transaction(make).await?;
    match object_type {
        ObjectType::Certificate => Ok(KeyPair::certified(&key.certificate, now)),
        ObjectType::Request => {
            KeyPair::requested(vault, RequestKey::Signing(key), subject, now).await
        }
    }
}
