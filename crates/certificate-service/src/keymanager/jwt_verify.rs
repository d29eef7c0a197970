//! `POST /jwtVerify`
//!
//! Checks a token (contract keymanager.md §12).

use std::sync::Arc;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::certificates::is_distrusted;
use pms_database::{Connection, DbError};
use pms_pki::jws::Token;
use pms_pki::rules::Domain;
use pms_pki::trust::TrustStore;
use pms_pki::{Certificate, KeyManagerError, errors, reading};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields;
use super::token_key::TokenKey;
use crate::errors::OrDbError as _;
use crate::keys::certificate_for;
use crate::vault::Vault;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VerifyToken {
    jwt_signature_data: Option<String>,
    /// base64url of the payload, for a token that comes without it.
    actual_data: Option<String>,
    application_id: Option<String>,
    reference_id: Option<String>,
    /// PEM, for a token without a certificate.
    certificate_data: Option<String>,
    /// Whether a trust domain must trust the certificate. When it is not said,
    /// naming a domain says it.
    validate_trust: Option<bool>,
    domain: Option<String>,
}

impl Request for VerifyToken {
    fn check(&self, checks: &mut Checks) {
        fields::given(
            checks,
            "jwtSignatureData",
            self.jwt_signature_data.as_deref(),
        );
        fields::optional_key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verified {
    /// Whether the key of the certificate signed the token. A certificate that
    /// came with the token proves nothing unless it is trusted.
    signature_valid: bool,
    #[schema(example = "Validation Successful")]
    message: &'static str,
    #[schema(example = "TRUST_CERT_PATH_VALID")]
    trust_valid: &'static str,
}

/// A token with the certificate that came along.
struct Sent {
    token: Token,
    certificate: Option<Certificate>,
}

/// What is known about the trust that was asked for.
enum Trust {
    NotRequested,
    NoDomain,
    Unknown(KeyManagerError),
    /// The certificate was revoked, or the domain's trust in it was ended.
    Ended,
    Store(Arc<TrustStore>),
}

pub(crate) async fn handle(
    _caller: Caller,
    Body(request): Body<VerifyToken>,
    vault: Data<Vault>,
) -> ApiResult<Verified> {
    let name = TokenKey::of(
        request.application_id.as_deref(),
        request.reference_id.as_deref(),
    );
    let domain = domain(&request);
    let sent = vault.compute.run(move || read(&request)).await?;
    let Sent { token, certificate } = sent.or_failure()?;
    let (within, now) = (vault.clone(), vault.clock.now());
    let load = move |conn: &mut Connection| -> Result<_, DbError> {
        match certificate {
            Some(one) => {
                let trust = trust(&within, conn, domain.as_deref(), &one)?;
                Ok((token, one, trust))
            }
            // What is ours is not a matter of trust domains.
            None => {
                let ours = certificate_for(conn, name.parts(), &token, now)?;
                let trust = match domain.as_deref() {
                    Some("") => Trust::NoDomain,
                    _ => Trust::NotRequested,
                };
                Ok((token, ours, trust))
            }
        }
    };
    let (token, certificate, trust) = vault.db.read(load).await?;
    let within = vault.clone();
    let verify = move || verify(&within, &token, &certificate, trust, now);
    Ok(vault.compute.run(verify).await?.or_failure()?)
}

/// The domain that must trust the certificate: none when none is asked for, empty
/// when it was not said which.
fn domain(request: &VerifyToken) -> Option<String> {
    let named = request
        .domain
        .clone()
        .filter(|domain| !fields::is_blank(Some(domain)));
    match request.validate_trust {
        Some(true) => Some(named.unwrap_or_default()),
        Some(false) => None,
        None => named,
    }
}

fn read(request: &VerifyToken) -> Result<Sent, KeyManagerError> {
    let given = |text: &'_ Option<String>| {
        let text = text.as_deref();
        text.filter(|text| !fields::is_blank(Some(text)))
            .map(str::to_owned)
    };
    let token = request.jwt_signature_data.as_deref().unwrap_or_default();
    let mut token = Token::parse(token)?;
    if let Some(payload) = given(&request.actual_data) {
        token = token.with_payload(&payload)?;
    }
    let certificate = match (token.certificate(), given(&request.certificate_data)) {
        (Some(certificate), _) => Some(certificate.clone()),
        (None, Some(pem)) => Some(reading::read_certificate(&pem)?),
        (None, None) => None,
    };
    Ok(Sent { token, certificate })
}

fn trust(
    vault: &Vault,
    conn: &mut Connection,
    domain: Option<&str>,
    certificate: &Certificate,
) -> Result<Trust, DbError> {
    let domain = match domain {
        None => return Ok(Trust::NotRequested),
        Some("") => return Ok(Trust::NoDomain),
        Some(name) => match Domain::parse(name, &vault.rules) {
            Ok(domain) => domain,
            Err(refusal) => return Ok(Trust::Unknown(refusal)),
        },
    };
    let sha256 = hex::encode(certificate.sha256());
    let public_key = hex::encode(certificate.public_key_sha256());
    if is_distrusted(conn, domain.as_str(), &sha256, &public_key)? {
        return Ok(Trust::Ended);
    }
    Ok(Trust::Store(vault.trust.of(conn, &domain)?))
}

fn verify(
    vault: &Vault,
    token: &Token,
    certificate: &Certificate,
    trust: Trust,
    now: DateTime<Utc>,
) -> Result<Verified, KeyManagerError> {
    if !certificate.validity().contains(now) {
        return Err(errors::JWS_CERTIFICATE_INVALID);
    }
    let signature_valid = token.verify(certificate)?;
    let trust_valid = match trust {
        Trust::NotRequested => "TRUST_NOT_VERIFIED",
        Trust::NoDomain => "TRUST_NOT_VERIFIED_NO_DOMAIN",
        Trust::Unknown(refusal) => return Err(refusal),
        Trust::Store(store) if store.path(certificate, now, &vault.rules).is_ok() => {
            "TRUST_CERT_PATH_VALID"
        }
        Trust::Ended | Trust::Store(_) => "TRUST_CERT_PATH_NOT_VALID",
    };
    Ok(Verified {
        signature_valid,
        message: if signature_valid {
            "Validation Successful"
        } else {
            "Validation Failed"
        },
        trust_valid,
    })
}
