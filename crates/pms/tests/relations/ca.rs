//! Authorities and certificates of partners.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, date_time_ymd,
};

/// An authority that partners have their certificates from.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    partner_key: KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = named(name, "Test CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        Self {
            issuer: CertifiedIssuer::self_signed(params, key).unwrap(),
            // One for all its partners: making RSA keys is slow.
            partner_key: KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap(),
        }
    }

    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate of a partner.
    pub fn certify(&self, organisation: &str) -> String {
        let params = named("partner.example.org", organisation);
        let made = params.signed_by(&self.partner_key, &self.issuer);
        made.unwrap().pem()
    }
}

fn named(name: &str, organisation: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "IN");
    let organisation = organisation.to_owned();
    params
        .distinguished_name
        .push(DnType::OrganizationName, organisation);
    params
        .distinguished_name
        .push(DnType::CommonName, name.to_owned());
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2045, 1, 1);
    params
}
