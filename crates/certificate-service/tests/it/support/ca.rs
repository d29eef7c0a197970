//! Authorities and partners that exist only in tests, with real certificates.

use std::sync::OnceLock;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256,
    PublicKeyData, RsaKeySize, date_time_ymd,
};

/// First and last day, as year, month, day.
pub type Span = ((i32, u8, u8), (i32, u8, u8));

/// Long enough for every rule.
pub const LONG: Span = ((2025, 1, 1), (2035, 1, 1));

/// An authority of a partner.
pub struct Authority {
    params: CertificateParams,
    key: KeyPair,
    certificate: Certificate,
}

impl Authority {
    /// A self-signed one.
    pub fn root(name: &str) -> Self {
        Self::root_with(name, LONG)
    }

    pub fn root_with(name: &str, span: Span) -> Self {
        let params = authority_params(name, span);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            params,
            key,
            certificate,
        }
    }

    /// One that signs with SHA-384.
    pub fn root_sha384(name: &str) -> Self {
        let params = authority_params(name, LONG);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            params,
            key,
            certificate,
        }
    }

    /// One below this one.
    pub fn sub(&self, name: &str) -> Self {
        self.sub_with(name, LONG)
    }

    pub fn sub_with(&self, name: &str, span: Span) -> Self {
        let params = authority_params(name, span);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let certificate = params.signed_by(&key, &self.issuer()).unwrap();
        Self {
            params,
            key,
            certificate,
        }
    }

    /// A partner that issues with the shared RSA key, below this one.
    pub fn issuing_partner(&self, organization: &str) -> Self {
        let mut params = leaf_params(organization, LONG);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::from_pem(&partner_key().serialize_pem()).unwrap();
        let certificate = params.signed_by(&key, &self.issuer()).unwrap();
        Self {
            params,
            key,
            certificate,
        }
    }

    /// A certificate for a key of another party, who may issue certificates but
    /// no lists.
    pub fn certify_authority(&self, name: &str, key: &impl PublicKeyData) -> String {
        let params = authority_params(name, LONG);
        params.signed_by(key, &self.issuer()).unwrap().pem()
    }

    /// A certificate of a device, with a key of its own.
    pub fn device(&self) -> String {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        self.certify(&[(DnType::CommonName, "Device")], &key)
    }

    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// A partner's certificate for the shared RSA key.
    pub fn leaf(&self, organization: &str) -> String {
        self.leaf_with(organization, LONG)
    }

    pub fn leaf_with(&self, organization: &str, span: Span) -> String {
        let params = leaf_params(organization, span);
        params
            .signed_by(partner_key(), &self.issuer())
            .unwrap()
            .pem()
    }

    /// A certificate with a name and a key that need not be a partner's.
    pub fn certify(&self, names: &[(DnType, &str)], key: &impl PublicKeyData) -> String {
        let mut params = leaf_params("", LONG);
        params.distinguished_name = DistinguishedName::new();
        for (kind, name) in names {
            params.distinguished_name.push(kind.clone(), *name);
        }
        params.signed_by(key, &self.issuer()).unwrap().pem()
    }

    fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }
}

/// A self-signed certificate of a partner.
pub fn self_signed_leaf(organization: &str) -> String {
    leaf_params(organization, LONG)
        .self_signed(partner_key())
        .unwrap()
        .pem()
}

/// One RSA key for all partners of the process: making them is slow.
pub fn partner_key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap())
}

fn authority_params(name: &str, span: Span) -> CertificateParams {
    let mut params = base_params(name, "Test CA", span);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::DigitalSignature,
    ];
    params
}

fn leaf_params(organization: &str, span: Span) -> CertificateParams {
    base_params("partner.example.org", organization, span)
}

fn base_params(name: &str, organization: &str, (from, to): Span) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "IN");
    params
        .distinguished_name
        .push(DnType::OrganizationName, organization);
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(from.0, from.1, from.2);
    params.not_after = date_time_ymd(to.0, to.1, to.2);
    params
}

/// Runs the `openssl` command line in a folder of its own; `files` are written
/// first, and the text of `result` comes back.
pub fn openssl(files: &[(&str, &str)], commands: &[&str], result: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for command in commands {
        let run = std::process::Command::new("openssl")
            .args(command.split(' '))
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{command}: {}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
    std::fs::read_to_string(folder.path().join(result)).unwrap()
}
