//! The demo's own CA and partner certificate, and OpenSSL's opinion of what
//! comes back.

use std::fs;
use std::path::Path;
use std::process::Command;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, DnValue, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256,
};

use crate::commands::CommandError;

/// A fresh CA and a partner certificate that it signed.
pub(super) struct Chain {
    /// PEM of the CA.
    pub(super) authority: String,
    /// PEM of the partner's certificate.
    pub(super) partner: String,
}

impl Chain {
    /// Makes both, RSA-2048; `organisation` is the partner's registered name,
    /// which the key manager compares.
    pub(super) fn make(organisation: &str) -> Result<Self, CommandError> {
        let made = || -> Result<Self, rcgen::Error> {
            let key = KeyPair::generate_for(&PKCS_RSA_SHA256)?;
            let mut authority = named(&format!("{organisation} CA"), organisation);
            authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            authority.not_after = rcgen::date_time_ymd(2049, 12, 31);
            let authority = CertifiedIssuer::self_signed(authority, key)?;
            let mut partner = named(organisation, organisation);
            partner.not_after = rcgen::date_time_ymd(2048, 12, 31);
            let key = KeyPair::generate_for(&PKCS_RSA_SHA256)?;
            let partner = partner.signed_by(&key, &authority)?;
            Ok(Self {
                authority: authority.pem(),
                partner: partner.pem(),
            })
        };
        made().map_err(|error| CommandError::about("certificates", error))
    }
}

fn named(common_name: &str, organisation: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    let text = |value: &str| DnValue::Utf8String(value.to_owned());
    params
        .distinguished_name
        .push(DnType::CommonName, text(common_name));
    params
        .distinguished_name
        .push(DnType::OrganizationName, text(organisation));
    params.distinguished_name.push(DnType::CountryName, "IN");
    params.not_before = rcgen::date_time_ymd(2024, 1, 1);
    params
}

/// Asks OpenSSL whether `leaf` goes back to `root` by way of `intermediate`.
///
/// Returns `None` when there is no OpenSSL to ask.
pub(super) fn verified_by_openssl(
    root: &str,
    intermediate: &str,
    leaf: &str,
) -> Result<Option<()>, CommandError> {
    let dir = tempfile::tempdir().map_err(|error| CommandError::about("openssl", error))?;
    let write = |name: &str, pem: &str| -> Result<std::path::PathBuf, CommandError> {
        let path = dir.path().join(name);
        fs::write(&path, pem).map_err(|error| CommandError::about("openssl", error))?;
        Ok(path)
    };
    let (root, intermediate, leaf) = (
        write("root.pem", root)?,
        write("pms.pem", intermediate)?,
        write("leaf.pem", leaf)?,
    );
    let ran = Command::new("openssl")
        .arg("verify")
        .arg("-CAfile")
        .arg(&root)
        .arg("-untrusted")
        .arg(&intermediate)
        .arg::<&Path>(&leaf)
        .output();
    match ran {
        Ok(output) if output.status.success() => Ok(Some(())),
        Ok(output) => Err(CommandError(format!(
            "OpenSSL does not accept the signed certificate: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CommandError::about("openssl", error)),
    }
}
