//! `POST /jwtSign`
//!
//! Signs a token (contract keymanager.md §12).

use std::sync::Arc;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::keys::KeyAlias;
use pms_database::{Connection, DbError};
use pms_pki::certificate::key_id;
use pms_pki::jws::{self, Header};
use pms_pki::{KeyManagerError, errors};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiError, ApiResult, Body, Caller, Checks, Request};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::fields;
use super::token_key::{TokenKey, may_sign};
use crate::errors::{OrDbError as _, refused};
use crate::keys::{OwnKey, current_signing, find_signing, may_use};
use crate::vault::{TokenRules, Vault};

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SignToken {
    /// base64url of the payload.
    data_to_sign: Option<String>,
    application_id: Option<String>,
    reference_id: Option<String>,
    /// Without it the token comes without its payload.
    include_payload: Option<bool>,
    include_certificate: Option<bool>,
    include_cert_hash: Option<bool>,
    certificate_url: Option<String>,
}

impl Request for SignToken {
    fn check(&self, checks: &mut Checks) {
        fields::given(checks, "dataToSign", self.data_to_sign.as_deref());
        fields::optional_key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedToken {
    jwt_signed_data: String,
    timestamp: LocalDateTime,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<SignToken>,
    vault: Data<Vault>,
) -> ApiResult<SignedToken> {
    let name = TokenKey::of(
        request.application_id.as_deref(),
        request.reference_id.as_deref(),
    );
    let now = vault.clock.now();
    let payload = payload(request.data_to_sign.as_deref(), &vault.tokens);
    let (payload, alias, key) = load(&vault, caller.user_id(), name, payload, now).await?;
    let rules = vault.tokens.clone();
    let sign = move || sign(&request, &payload, (&alias, &key), &rules);
    let signed = vault.compute.run(sign).await?;
    Ok(SignedToken {
        jwt_signed_data: signed.map_err(ApiError::unexpected)?,
        timestamp: now.naive_utc().into(),
    })
}

/// Reads what is to be signed. It may be about a person, so it is wiped, and no
/// error repeats any of it.
fn payload(data: Option<&str>, rules: &TokenRules) -> Result<Zeroizing<Vec<u8>>, KeyManagerError> {
    let payload = jws::decode_payload(data.unwrap_or_default()).map(Zeroizing::new)?;
    if payload.is_empty() || std::str::from_utf8(&payload).is_err() {
        return Err(errors::JWS_DATA_INVALID);
    }
    let is_json = || serde_json::from_slice::<IgnoredAny>(&payload).is_ok();
    if rules.require_json && !is_json() {
        return Err(errors::JWS_DATA_NOT_JSON);
    }
    Ok(payload)
}

type Loaded = (Zeroizing<Vec<u8>>, KeyAlias, Arc<OwnKey>);

/// The payload and the current key, once everything has been allowed. A
/// transaction, which may make a key, is started only when none is current.
async fn load(
    vault: &Data<Vault>,
    user: &str,
    name: TokenKey,
    payload: Result<Zeroizing<Vec<u8>>, KeyManagerError>,
    now: DateTime<Utc>,
) -> Result<Loaded, DbError> {
    let (within, user, wanted) = (vault.clone(), user.to_owned(), name.clone());
    let find = move |conn: &mut Connection| {
        if !may_use(conn, &wanted.app_id, &user)? {
            return Err(refused(errors::JWS_SIGNING_FORBIDDEN));
        }
        let payload = payload.or_failure()?;
        may_sign(wanted.parts()).or_failure()?;
        Ok((
            payload,
            find_signing(&within.keys, conn, wanted.parts(), now)?,
        ))
    };
    let (payload, found) = vault.db.read(find).await?;
    let (alias, key) = match found {
        Some(found) => found,
        None => {
            let within = vault.clone();
            let make =
                move |conn: &mut Connection| current_signing(&within.keys, conn, name.parts(), now);
            vault.db.transaction(make).await?
        }
    };
    if key.certificate.validity().contains(now) {
        Ok((payload, alias, key))
    } else {
        let error = errors::KEYSTORE_EXCEPTION.with_detail("Certificate is not valid");
        Err(refused(error))
    }
}

fn sign(
    request: &SignToken,
    payload: &[u8],
    (alias, key): (&KeyAlias, &OwnKey),
    rules: &TokenRules,
) -> Result<String, pms_pki::PkiError> {
    let wants = |flag: Option<bool>| flag.unwrap_or_default().then_some(&key.certificate);
    let url = request.certificate_url.as_deref();
    let id = alias.uni_ident.as_deref().and_then(key_id);
    let id = id.map(|id| format!("{}{id}", rules.key_id_prefix));
    let header = Header {
        certificate: wants(request.include_certificate),
        hash_of: wants(request.include_cert_hash),
        certificate_url: url.filter(|url| !fields::is_blank(Some(url))),
        key_id: id.as_deref().filter(|_| rules.include_key_id),
    };
    let detached = !request.include_payload.unwrap_or_default();
    let signer = key.secret.signer().ok_or(pms_pki::PkiError::Signing)?;
    jws::sign(&header, payload, detached, signer)
}
