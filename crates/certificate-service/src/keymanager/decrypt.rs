//! `POST /decrypt`
//!
//! Decrypts data with a key of this key manager (contract keymanager.md §11).

use actix_web::web::Data;
use pms_pki::envelope::Envelope;
use pms_web::{ApiError, ApiResult, Body, Caller};

use super::data::{Converted, Reader, Salt, keys_for, open};
use super::encrypt::Convert;
use crate::errors::OrDbError as _;
use crate::vault::Vault;

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<Convert>,
    vault: Data<Vault>,
) -> ApiResult<Converted> {
    let reader = Reader {
        user: caller.user_id().to_owned(),
        app_id: request.application_id.unwrap_or_default(),
        ref_id: request.reference_id.unwrap_or_default(),
        now: vault.clock.now(),
    };
    let name = (reader.app_id.as_str(), reader.ref_id.as_str());
    vault.restricted.check_client(&caller, name)?;
    let is_personal = vault.sessions.are_for(name.0, name.1);
    let salt = Salt::parse(request.salt.as_deref(), request.aad.as_deref());
    let envelope = Envelope::parse(&request.data.unwrap_or_default());
    let thumbprint = envelope
        .as_ref()
        .ok()
        .and_then(|envelope| envelope.thumbprint().copied());
    // A caller that may not use the key gets 403 first, also when the data is damaged.
    let mut keys = if envelope.is_ok() {
        keys_for(&vault, reader, vec![thumbprint]).await?
    } else {
        keys_for(&vault, reader, Vec::new()).await?
    };
    let (envelope, salt) = (envelope.or_failure()?, salt.or_failure()?);
    let shared = is_personal && salt.is_absent();
    let key = keys
        .pop()
        .ok_or_else(|| ApiError::unexpected("no key was looked up"))??;
    let within = vault.clone();
    let work = move || open(&within.sessions, (&envelope, &key), &salt, shared);
    let opened = vault.compute.run(work).await?;
    Ok(Converted {
        data: opened.or_failure()?,
    })
}
