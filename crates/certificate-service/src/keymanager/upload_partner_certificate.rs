//! `POST /uploadPartnerCertificate`
//!
//! Checks a partner's certificate and re-issues it (contract keymanager.md §8.2).

use std::sync::Arc;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::certificates::{
    NewPartnerCertificate, insert_partner_certificate, is_compromised, is_revoked, lock_domain,
    lock_key_shared, renew_trust, shares_key,
};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_pki::issue::{PartnerProfile, issue_partner};
use pms_pki::rules::{Domain, partner_concerns};
use pms_pki::trust::TrustPath;
use pms_pki::{Certificate, errors, pack, reading};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{fields, kept, rows, vouching};
use crate::errors::{OrDbError as _, refused};
use crate::keys::{self, OwnKey, PMS};
use crate::revocation::issued::facts;
use crate::vault::Vault;

/// Longest organisation name that the store holds, in characters.
const MAX_ORGANIZATION: usize = 256;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UploadPartnerCertificate {
    /// PEM.
    certificate_data: Option<String>,
    organization_name: Option<String>,
    partner_domain: Option<String>,
    /// Id of the certificate that the partner has (an addition of ours). When it is the very one that
    /// is uploaded, it is answered again, and none is issued.
    certificate_id: Option<String>,
}

impl Request for UploadPartnerCertificate {
    fn check(&self, checks: &mut Checks) {
        let name = self.organization_name.as_deref();
        fields::given(checks, "certificateData", self.certificate_data.as_deref());
        fields::given(checks, "organizationName", name);
        checks.length("organizationName", name, (1, MAX_ORGANIZATION));
        fields::given(checks, "partnerDomain", self.partner_domain.as_deref());
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedPartnerCertificate {
    /// base64url of a PKCS#7 bundle, leaf first.
    pub(super) signed_certificate_data: String,
    pub(super) certificate_id: String,
    pub(super) timestamp: LocalDateTime,
}

/// What is uploaded, and by whom.
pub(super) struct Upload {
    pub(super) certificate: Certificate,
    pub(super) organization: String,
    pub(super) domain: Domain,
    /// The certificate that the partner has.
    pub(super) certificate_id: Option<String>,
    user: String,
    pub(super) now: DateTime<Utc>,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<UploadPartnerCertificate>,
    vault: Data<Vault>,
) -> ApiResult<SignedPartnerCertificate> {
    let data = request.certificate_data.unwrap_or_default();
    let domain = request.partner_domain.unwrap_or_default();
    let read = vault.compute.run(move || reading::read_certificate(&data));
    let upload = Upload {
        certificate: read.await?.or_failure()?,
        domain: Domain::parse(&domain, &vault.rules).or_failure()?,
        organization: request.organization_name.unwrap_or_default(),
        certificate_id: request.certificate_id,
        user: caller.user_id().to_owned(),
        now: vault.clock.now(),
    };
    let within = vault.clone();
    let store = move |conn: &mut Connection| upload.store(&within, conn);
    Ok(vault.db.transaction(store).await?)
}

impl Upload {
    fn store(
        &self,
        vault: &Vault,
        conn: &mut Connection,
    ) -> Result<SignedPartnerCertificate, DbError> {
        let trust = vault.trust.of(conn, &self.domain)?;
        if !vault.partner_authorities
            && let Some(kept) = kept::find(self, vault, conn, &trust)?
        {
            return Ok(kept);
        }
        let path = vouching::path(self, vault, conn, &trust)?;
        for concern in partner_concerns(&self.certificate, &self.domain) {
            tracing::warn!(thumbprint = self.certificate.thumbprint(), %concern, "accepted");
        }
        self.check_key(conn)?;
        let pms = self.signing_key(vault, conn)?;
        let known = (&*trust, &vault.rules);
        let issuers = keys::issuers_of_master(&vault.keys, conn, &pms, known, self.now)?;
        let signed = self.issue(vault, &pms)?;
        refuse_imitation(vault, conn, &signed)?;
        let id = self.insert(conn, &signed, &path)?;
        let chain = if self.domain.is_ftm() && !vault.resign_ftm {
            path.chain(&self.certificate)
        } else {
            let own = [&signed, &pms.certificate].into_iter();
            own.chain(&issuers).collect()
        };
        self.trust(conn, &chain)?;
        Ok(SignedPartnerCertificate {
            signed_certificate_data: pack::signed_certificate_data(&chain),
            certificate_id: id,
            timestamp: self.now.naive_utc().into(),
        })
    }

    /// Refuses a key that is known to others, and a certificate that was issued
    /// here and revoked. No administrator can revoke it before this certificate is
    /// stored, and then it is revoked with the others.
    fn check_key(&self, conn: &mut Connection) -> Result<(), DbError> {
        let public_key = hex::encode(self.certificate.public_key_sha256());
        lock_key_shared(conn, &public_key)?;
        if is_compromised(conn, &public_key)? {
            return Err(refused(errors::KEY_COMPROMISED));
        }
        if is_revoked(conn, &hex::encode(self.certificate.sha256()))? {
            return Err(refused(errors::ISSUERS_NOT_FOUND));
        }
        if let Some(other) = shares_key(conn, &public_key, &self.organization)? {
            let thumbprint = self.certificate.thumbprint();
            tracing::warn!(thumbprint, other, "another organisation has the same key");
        }
        Ok(())
    }

    /// The key that signs partner certificates, if the caller may use it.
    fn signing_key(&self, vault: &Vault, conn: &mut Connection) -> Result<Arc<OwnKey>, DbError> {
        keys::current_master(&vault.keys, conn, keys::ROOT, self.now)?;
        let key = keys::current_master(&vault.keys, conn, PMS, self.now)?;
        if keys::may_use(conn, PMS, &self.user)? {
            Ok(key)
        } else {
            Err(refused(errors::SIGNING_KEY_FORBIDDEN))
        }
    }

    fn issue(&self, vault: &Vault, pms: &OwnKey) -> Result<Certificate, DbError> {
        let years = vault.rules.partner_validity_years;
        let profile = PartnerProfile {
            domain: &self.domain,
            organization: &self.organization,
            years,
            strict: vault.rules.end_entity_partners,
        };
        let crl = vault.lists.url_of(&pms.certificate);
        let issuer = match &crl {
            Some(url) => pms.issuer()?.with_crl(url),
            None => pms.issuer()?,
        };
        issue_partner(&self.certificate, &profile, &issuer, self.now).or_failure()
    }

    fn insert(
        &self,
        conn: &mut Connection,
        signed: &Certificate,
        path: &TrustPath,
    ) -> Result<String, DbError> {
        let id = ids::uuid();
        let uploaded = &self.certificate;
        let validity = uploaded.validity();
        let issuer = path
            .issuers()
            .first()
            .map_or(id.as_str(), |issuer| issuer.id());
        let row = NewPartnerCertificate {
            cert_id: &id,
            cert_subject: &uploaded.subject().text(),
            cert_issuer: &uploaded.issuer().text(),
            issuer_id: issuer,
            cert_not_before: validity.not_before.naive_utc(),
            cert_not_after: validity.not_after.naive_utc(),
            partner_domain: self.domain.as_str(),
            cert_data: &pack::certificate_pem(uploaded),
            signed_cert_data: &pack::certificate_pem(signed),
            organization_name: &self.organization,
            cert_thumbprint: &uploaded.thumbprint(),
            cert_sha256: &hex::encode(uploaded.sha256()),
            cert_serial_no: &uploaded.serial(),
        };
        insert_partner_certificate(conn, &row, &facts(signed), &self.stamp())?;
        Ok(id)
    }

    /// Lets the domain trust what the partner will issue.
    fn trust(&self, conn: &mut Connection, chain: &[&Certificate]) -> Result<(), DbError> {
        let domain = self.domain.as_str();
        lock_domain(conn, domain)?;
        rows::trust_chain(conn, domain, chain, &self.stamp())?;
        if self.domain.is_ftm() {
            let uploaded = hex::encode(self.certificate.sha256());
            renew_trust(conn, domain, &uploaded, &self.stamp())?;
        }
        Ok(())
    }

    fn stamp(&self) -> Stamp {
        Stamp::new(rows::SYSTEM, self.now.naive_utc())
    }
}

/// Refuses a certificate that could be taken for one of the authorities that
/// partners are trusted by, of whichever generation. The master keys of other
/// applications are partners themselves, and certified as such.
fn refuse_imitation(
    vault: &Vault,
    conn: &mut Connection,
    signed: &Certificate,
) -> Result<(), DbError> {
    for app_id in [keys::ROOT, PMS] {
        for authority in keys::generations(&vault.keys, conn, app_id)? {
            if imitates(signed, &authority.certificate) {
                return Err(refused(errors::INVALID_CERTIFICATE));
            }
        }
    }
    Ok(())
}

/// Whether a certificate could be taken for that of an authority of ours: it
/// has the same name or key. One with the key of its issuer would even become
/// a root.
fn imitates(issued: &Certificate, authority: &Certificate) -> bool {
    issued.subject().key() == authority.subject().key()
        || issued.public_key().bits() == authority.public_key().bits()
}
