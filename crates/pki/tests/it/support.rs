//! Certificates by rcgen, and our own keys.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use pms_pki::issue::{self, Issuer, Profile, Subject};
use pms_pki::rules::UploadRules;
use pms_pki::trust::{Authority, TrustStore};
use pms_pki::{Certificate, Pkcs8, SigningKey};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, KeyPair, KeyUsagePurpose,
};
use time::OffsetDateTime;

/// When the tests take place.
pub(crate) static NOW: LazyLock<DateTime<Utc>> =
    LazyLock::new(|| "2025-06-01T12:00:00Z".parse().unwrap());

/// Three RSA keys, made once: they take time.
pub(crate) static RSA: LazyLock<[KeyPair; 3]> =
    LazyLock::new(|| std::array::from_fn(|_| rsa_key()));
/// Keys of our own CA: ROOT and PMS.
static OURS: LazyLock<[SigningKey; 2]> = LazyLock::new(|| {
    std::array::from_fn(|_| SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap())
});

fn rsa_key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap()
}

pub(crate) fn days(days: i64) -> DateTime<Utc> {
    *NOW + TimeDelta::days(days)
}

pub(crate) fn rules() -> UploadRules {
    UploadRules::default()
}

fn offset(at: DateTime<Utc>) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.timestamp()).unwrap()
}

/// Parameters of a leaf that passes every rule: yesterday to two years from now.
pub(crate) fn params(common_name: &str) -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "IN");
    name.push(DnType::OrganizationName, "Acme Ltd");
    name.push(DnType::CommonName, common_name);
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    valid(&mut params, days(-1), days(730));
    params
}

/// The same for a CA.
pub(crate) fn ca_params(common_name: &str) -> CertificateParams {
    let mut params = params(common_name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

pub(crate) fn valid(params: &mut CertificateParams, from: DateTime<Utc>, to: DateTime<Utc>) {
    params.not_before = offset(from);
    params.not_after = offset(to);
}

/// A party with a certificate and its key.
pub(crate) struct Party {
    pub(crate) certificate: Certificate,
    pub(crate) pem: String,
    params: CertificateParams,
    key: &'static KeyPair,
}

impl Party {
    pub(crate) fn root(params: CertificateParams, key: &'static KeyPair) -> Self {
        let made = params.self_signed(key).unwrap();
        Self::new(&made, params, key)
    }

    pub(crate) fn issue(&self, params: CertificateParams, key: &'static KeyPair) -> Self {
        self.issue_with(params, key, self.key)
    }

    /// Issues with a key that need not be the one of the certificate.
    pub(crate) fn issue_with(
        &self,
        params: CertificateParams,
        key: &'static KeyPair,
        signer: &KeyPair,
    ) -> Self {
        let issuer = rcgen::Issuer::from_params(&self.params, signer);
        let made = params.signed_by(key, &issuer).unwrap();
        Self::new(&made, params, key)
    }

    fn new(made: &rcgen::Certificate, params: CertificateParams, key: &'static KeyPair) -> Self {
        let certificate = Certificate::from_der(made.der()).unwrap();
        Self {
            certificate,
            pem: made.pem(),
            params,
            key,
        }
    }
}

/// A key of another kind; leaked, since tests want it to live as long as the shared ones.
pub(crate) fn other_key(algorithm: &'static rcgen::SignatureAlgorithm) -> &'static KeyPair {
    Box::leak(Box::new(KeyPair::generate_for(algorithm).unwrap()))
}

/// The first shared RSA key, set to sign with another hash.
pub(crate) fn rsa_with(algorithm: &'static rcgen::SignatureAlgorithm) -> KeyPair {
    let der = RSA[0].serialized_der().to_vec().into();
    KeyPair::from_pkcs8_der_and_sign_algo(&der, algorithm).unwrap()
}

/// Root with the first shared key.
pub(crate) fn root() -> Party {
    Party::root(ca_params("Root"), &RSA[0])
}

/// A store with these certificates; ids are their positions.
pub(crate) fn store<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> TrustStore {
    let mut store = TrustStore::new();
    for (id, certificate) in certificates.into_iter().enumerate() {
        store.insert(Arc::new(Authority::new(
            id.to_string(),
            certificate.clone(),
        )));
    }
    store
}

/// Our own ROOT and PMS certificates with their keys.
pub(crate) struct OurCa {
    pub(crate) root: Certificate,
    pub(crate) pms: Certificate,
}

impl OurCa {
    pub(crate) fn new() -> Self {
        let [root_key, pms_key] = &*OURS;
        let root = issue::issue_root(&profile("ROOT", 2920), root_key).unwrap();
        let issuer = Issuer::new(&root, root_key).unwrap();
        let pms = issue::issue_master(&profile("PMS", 1460), pms_key.public_key(), true, &issuer);
        Self {
            pms: pms.unwrap(),
            root,
        }
    }

    pub(crate) fn issuer(&self) -> Issuer<'_> {
        Issuer::new(&self.pms, &OURS[1]).unwrap()
    }

    pub(crate) fn root_issuer(&self) -> Issuer<'_> {
        Issuer::new(&self.root, &OURS[0]).unwrap()
    }
}

pub(crate) fn profile(app_id: &str, days: u16) -> Profile {
    let text = |text: &str| Some(text.to_owned());
    let subject = Subject {
        common_name: text("www.mosip.io"),
        organizational_unit: text("MOSIP-TECH-CENTER"),
        organization: text("IITB"),
        locality: text("BANGALORE"),
        state: text("KA"),
        country: text("IN"),
    };
    Profile {
        subject: subject.for_master_key(app_id, ""),
        from: *NOW,
        days,
    }
}
