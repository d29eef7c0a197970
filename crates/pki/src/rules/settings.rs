//! The operator's choices (contract keymanager.md §3, §16).

use super::SignAlgorithms;

/// Numbers and switches of the upload rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRules {
    /// `mosip.kernel.partner.allowed.domains`, trimmed; compared ignoring case.
    pub allowed_domains: Vec<String>,
    /// `mosip.kernel.partner.cacertificate.upload.minimumvalidity.month`.
    pub ca_minimum_validity_months: u32,
    /// `mosip.kernel.partner.issuer.certificate.duration.years`: life of what we issue to partners.
    pub partner_validity_years: u32,
    /// `mosip.kernel.partner.issuer.certificate.allowed.grace.duration`, in days.
    pub partner_grace_days: u32,
    /// Refuse roots without the CA flag, or whose `KeyUsage` lacks keyCertSign. Off in the reference.
    pub require_ca_flag: bool,
    /// How partner certificates may be signed.
    pub sign_algorithms: SignAlgorithms,
    /// Re-issue certificates of partners as `CA:FALSE`. Off in the reference.
    pub end_entity_partners: bool,
    /// Accept PEM bundles and armoured PKCS#7 as CA upload. Not in the reference.
    pub pem_bundles: bool,
}

impl Default for UploadRules {
    fn default() -> Self {
        Self {
            allowed_domains: ["AUTH", "DEVICE", "FTM", "MISP"]
                .map(str::to_owned)
                .to_vec(),
            ca_minimum_validity_months: 12,
            partner_validity_years: 1,
            partner_grace_days: 30,
            require_ca_flag: false,
            sign_algorithms: SignAlgorithms::default(),
            end_entity_partners: false,
            pem_bundles: true,
        }
    }
}
