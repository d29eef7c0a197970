//! `POST /generateECSignKey/{objectType}`
//!
//! Makes a key on an elliptic curve (contract keymanager.md §10.6).

use actix_web::web::{Data, Path};
use pms_pki::{KeyManagerError, errors};
use pms_web::{ApiResult, Body, Caller};

use super::generate_key::{GenerateKey, run};
use super::key_pair::KeyPair;
use crate::keys::curve;
use crate::vault::Vault;

pub(crate) async fn handle(
    caller: Caller,
    object_type: Path<String>,
    Body(request): Body<GenerateKey>,
    vault: Data<Vault>,
) -> ApiResult<KeyPair> {
    run((&vault, &caller), &object_type, request, supported).await
}

fn supported(_app_id: &str, ref_id: &str) -> Result<(), KeyManagerError> {
    curve(ref_id)
        .map(|_| ())
        .ok_or(errors::EC_REFERENCE_UNSUPPORTED)
}
