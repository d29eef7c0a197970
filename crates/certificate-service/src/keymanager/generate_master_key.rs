//! `POST /generateMasterKey/{objectType}`
//!
//! Makes the key of an application that signs (contract keymanager.md §10.1).

use actix_web::web::{Data, Path};
use pms_pki::{KeyManagerError, errors};
use pms_web::{ApiResult, Body, Caller};

use super::generate_key::{GenerateKey, run};
use super::key_pair::KeyPair;
use crate::vault::Vault;

pub(crate) async fn handle(
    caller: Caller,
    object_type: Path<String>,
    Body(request): Body<GenerateKey>,
    vault: Data<Vault>,
) -> ApiResult<KeyPair> {
    run((&vault, &caller), &object_type, request, supported).await
}

fn supported(app_id: &str, ref_id: &str) -> Result<(), KeyManagerError> {
    if ref_id.is_empty() || (app_id, ref_id) == ("KERNEL", "SIGN") {
        Ok(())
    } else {
        Err(errors::REFERENCE_UNSUPPORTED)
    }
}
