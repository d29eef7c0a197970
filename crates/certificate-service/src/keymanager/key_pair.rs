//! Asking for keys, and the answer about a key pair (contract keymanager.md §10).

use chrono::{DateTime, Utc};
use pms_pki::issue::{Subject, certificate_request};
use pms_pki::{Certificate, KeyManagerError, errors, pack};
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiError, ApiResult, Checks};
use serde::Serialize;
use utoipa::ToSchema;

use super::fields;
use crate::errors::OrDbError as _;
use crate::keys::{KeyCommand, Kind, RequestKey, kind, normal};
use crate::vault::Vault;

/// Most characters of a part of a distinguished name.
const MAX_PART: usize = 128;

/// The answer about a key pair.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyPair {
    /// PEM.
    certificate: Option<String>,
    /// PEM of a PKCS#10 request.
    cert_sign_request: Option<String>,
    issued_at: ZuluDateTime,
    expiry_at: ZuluDateTime,
    timestamp: ZuluDateTime,
}

impl KeyPair {
    /// The answer that holds the certificate of the key.
    pub(super) fn certified(certificate: &Certificate, now: DateTime<Utc>) -> Self {
        Self {
            certificate: Some(pack::certificate_pem(certificate)),
            ..Self::dated(certificate, now)
        }
    }

    /// The answer that holds a request for another certificate of the key, with the
    /// name `subject`. It is signed off the threads that serve requests.
    ///
    /// # Errors
    /// When the key does not sign.
    pub(super) async fn requested(
        vault: &Vault,
        key: RequestKey,
        subject: Subject,
        now: DateTime<Utc>,
    ) -> ApiResult<Self> {
        let dated = Self::dated(key.certificate(), now);
        let sign = move || {
            let signer = key.signer();
            signer.map(|signer| certificate_request(&subject, signer))
        };
        let signed = vault.compute.run(sign).await?;
        let signed = signed.ok_or_else(|| ApiError::unexpected("the key does not sign"))?;
        Ok(Self {
            cert_sign_request: Some(signed.or_failure()?),
            ..dated
        })
    }

    fn dated(certificate: &Certificate, now: DateTime<Utc>) -> Self {
        let validity = certificate.validity();
        Self {
            certificate: None,
            cert_sign_request: None,
            issued_at: validity.not_before.naive_utc().into(),
            expiry_at: validity.not_after.naive_utc().into(),
            timestamp: now.naive_utc().into(),
        }
    }
}

/// What the caller who makes a key sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectType {
    Certificate,
    Request,
}

impl ObjectType {
    /// Reads the last segment of the path, whose case does not matter.
    ///
    /// # Errors
    /// `KER-KMS-005` when it is blank, `KER-KMS-009` when it is anything else.
    pub(super) fn parse(text: &str) -> Result<Self, KeyManagerError> {
        match text.trim().to_ascii_uppercase().as_str() {
            "" => Err(errors::INVALID_REQUEST),
            "CERTIFICATE" => Ok(Self::Certificate),
            "CSR" => Ok(Self::Request),
            _ => Err(errors::INVALID_OBJECT_TYPE),
        }
    }
}

/// Which key a request is about, and the distinguished name for its certificate.
pub(super) struct NamedKey<'a> {
    pub(super) application_id: Option<&'a str>,
    pub(super) reference_id: Option<&'a str>,
    pub(super) name: NameParts<'a>,
}

impl NamedKey<'_> {
    /// The rules of its fields.
    pub(super) fn check(&self, checks: &mut Checks) {
        fields::key_name(checks, self.application_id, self.reference_id);
        self.name.check(checks);
    }

    /// What is asked for, with the installation's name where the request has none. A
    /// current key is not replaced.
    pub(super) fn command(&self, default: &Subject) -> KeyCommand {
        let app_id = self.application_id.unwrap_or_default();
        let ref_id = normal(self.reference_id.unwrap_or_default());
        KeyCommand {
            subject: self.name.subject(default, (app_id, ref_id)),
            app_id: app_id.to_owned(),
            ref_id: ref_id.to_owned(),
            force: false,
        }
    }
}

/// The parts of a distinguished name that a request gives, in the order of its
/// text: common name, unit, organisation, location, state, country.
pub(super) struct NameParts<'a>(pub(super) [Option<&'a str>; 6]);

impl NameParts<'_> {
    const FIELDS: [&'static str; 6] = [
        "commonName",
        "organizationUnit",
        "organization",
        "location",
        "state",
        "country",
    ];

    /// Every part must fit into a certificate.
    pub(super) fn check(&self, checks: &mut Checks) {
        for (field, value) in Self::FIELDS.into_iter().zip(self.0) {
            checks.length(field, value, (0, MAX_PART));
        }
    }

    /// The name for the key of (`app_id`, `ref_id`): blank parts are those of
    /// `default`, whose common name gets the suffix that names the key.
    pub(super) fn subject(&self, default: &Subject, (app_id, ref_id): (&str, &str)) -> Subject {
        let default = match kind(app_id, ref_id) {
            Kind::Signing => default.for_master_key(app_id, ref_id),
            Kind::Base => default.for_base_key(app_id, ref_id),
        };
        let [common_name, unit, organization, location, state, country] = self.0;
        let or = |given: Option<&str>, default: Option<String>| match given {
            Some(given) if !fields::is_blank(Some(given)) => Some(given.trim().to_owned()),
            _ => default,
        };
        Subject {
            common_name: or(common_name, default.common_name),
            organizational_unit: or(unit, default.organizational_unit),
            organization: or(organization, default.organization),
            locality: or(location, default.locality),
            state: or(state, default.state),
            country: or(country, default.country),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_types_have_no_case() {
        assert_eq!(ObjectType::parse("csr"), Ok(ObjectType::Request));
        assert_eq!(
            ObjectType::parse("Certificate"),
            Ok(ObjectType::Certificate)
        );
        assert_eq!(ObjectType::parse(" "), Err(errors::INVALID_REQUEST));
        assert_eq!(ObjectType::parse("KEY"), Err(errors::INVALID_OBJECT_TYPE));
    }

    #[test]
    fn blank_parts_are_those_of_the_installation() {
        let default = Subject {
            common_name: Some("example.org".to_owned()),
            organization: Some("Acme".to_owned()),
            ..Subject::default()
        };
        let given = NameParts([None, Some("Unit"), Some(" "), None, None, None]);

        let subject = given.subject(&default, ("KERNEL", "SIGN"));

        assert_eq!(
            subject.common_name.as_deref(),
            Some("example.org (KERNEL-SIGN)")
        );
        assert_eq!(subject.organizational_unit.as_deref(), Some("Unit"));
        assert_eq!(subject.organization.as_deref(), Some("Acme"));
    }
}
