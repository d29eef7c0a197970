//! One X.509 certificate: its encoding and the facts that the rules ask for.

mod algorithm;
mod extension;
mod frame;
mod name;
pub(crate) mod oid;
mod thumbprint;
mod usable;
mod verify;

use std::fmt;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use x509_parser::certificate::X509Certificate;
use x509_parser::num_bigint::BigInt;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;

use crate::reading::ber;

pub use algorithm::{Curve, Hash, KeyAlgorithm, PublicKey, SignatureAlgorithm};
pub use extension::{BasicConstraints, Extensions, KeyUsage};
pub(crate) use extension::{GeneralName, NameConstraints};
pub use name::{Attribute, Name, is_blank, is_same_text};
pub use thumbprint::{key_id, unique_identifier};
pub(crate) use thumbprint::{sha1, sha256};
pub use verify::SignatureCheck;

/// Longest encoding that is read, in bytes.
const MAX_SIZE: usize = 64 * 1024;
/// Longest serial number that is read, in bytes; RFC 5280 allows 20.
const MAX_SERIAL: usize = 64;

/// Why bytes are not a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// Not the DER of a certificate.
    #[error("not a DER encoded X.509 certificate")]
    Malformed,
    /// Larger than 64 KiB, or an overlong serial number.
    #[error("certificate too large")]
    TooLarge,
    /// The algorithm that is signed differs from the one that is stated.
    #[error("signature algorithm mismatch")]
    AlgorithmMismatch,
    /// No subject or no issuer.
    #[error("empty subject or issuer")]
    EmptyName,
    /// An extension occurs twice.
    #[error("duplicate extension")]
    DuplicateExtension,
    /// A critical extension can not be read, or one that says whether the subject may issue.
    #[error("malformed extension")]
    MalformedExtension,
    /// A date that can not be represented.
    #[error("date out of range")]
    Date,
    /// A serial number without a digit.
    #[error("empty serial number")]
    EmptySerial,
    /// A part of a name is not text in the encoding that it claims.
    #[error("a name is not text in its encoding")]
    MalformedName,
}

/// When a certificate is valid, both ends inclusive, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// `notBefore`
    pub not_before: DateTime<Utc>,
    /// `notAfter`
    pub not_after: DateTime<Utc>,
}

impl Validity {
    /// Whether `at` lies within.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.not_before <= at && at <= self.not_after
    }
}

/// An X.509 certificate, parsed once. Equal when [`Certificate::sha256`] is.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    identity: [u8; 32],
    signed_part: Vec<u8>,
    signature: Vec<u8>,
    algorithm: SignatureAlgorithm,
    version: u32,
    serial: Vec<u8>,
    subject: Name,
    issuer: Name,
    validity: Validity,
    public_key: PublicKey,
    extensions: Extensions,
    self_signed: OnceLock<bool>,
}

impl Certificate {
    /// Reads the certificate at the start of `bytes`; what follows it is ignored.
    ///
    /// # Errors
    /// When it is none, or one that the rules could not judge.
    pub fn from_der(bytes: &[u8]) -> Result<Self, CertificateFault> {
        let (frame, _) = ber::read(bytes).ok_or(CertificateFault::Malformed)?;
        // Before anything is parsed: what is parsed takes many times the memory.
        if frame.whole.len() > MAX_SIZE {
            return Err(CertificateFault::TooLarge);
        }
        let parsed = X509Certificate::from_der(frame.whole);
        let (_, parsed) = parsed.or(Err(CertificateFault::Malformed))?;
        let tbs = &parsed.tbs_certificate;
        if tbs.raw_serial().len() > MAX_SERIAL {
            return Err(CertificateFault::TooLarge);
        }
        if tbs.raw_serial().is_empty() {
            return Err(CertificateFault::EmptySerial);
        }
        let identity = frame::identity(parsed.as_raw(), &parsed.signature_value.data)?;
        let name = |name| Name::new(name).ok_or(CertificateFault::MalformedName);
        let (subject, issuer) = (name(&tbs.subject)?, name(&tbs.issuer)?);
        if subject.is_empty() || issuer.is_empty() {
            return Err(CertificateFault::EmptyName);
        }
        let validity = Validity {
            not_before: instant(tbs.validity.not_before)?,
            not_after: instant(tbs.validity.not_after)?,
        };
        Ok(Self {
            der: parsed.as_raw().to_vec(),
            identity,
            signed_part: tbs.as_ref().to_vec(),
            signature: parsed.signature_value.data.to_vec(),
            algorithm: SignatureAlgorithm::new(&parsed.signature_algorithm),
            version: tbs.version.0.saturating_add(1),
            serial: tbs.raw_serial().to_vec(),
            subject,
            issuer,
            validity,
            public_key: PublicKey::new(&tbs.subject_pki),
            extensions: Extensions::new(tbs.extensions())?,
            self_signed: OnceLock::new(),
        })
    }

    /// The encoding.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The X.509 version as people count it: 1, 2 or 3.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The serial number as a signed decimal (`cert_serial_no`, contract keymanager.md §5); it may
    /// be negative.
    pub fn serial(&self) -> String {
        BigInt::from_signed_bytes_be(&self.serial).to_string()
    }

    /// The content of the serial number's encoding, as lists of revoked certificates repeat it.
    pub fn serial_octets(&self) -> &[u8] {
        &self.serial
    }

    /// Whom it is issued to.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// Name of the issuer.
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// When it is valid.
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// The subject's public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// How it is signed.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Its extensions.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// `cert_thumbprint` of the certificate tables: lower-case hex SHA-1 of the encoding
    /// (contract keymanager.md §5).
    pub fn thumbprint(&self) -> String {
        hex::encode(sha1(&self.der))
    }

    /// What the certificate is known by: the SHA-256 of its encoding. Where the signature's
    /// algorithm stands in it in two forms (NULL and absent parameters), that of the encoding with
    /// the signed form twice, so that a changed outer form does not make another one.
    pub fn sha256(&self) -> [u8; 32] {
        self.identity
    }

    /// SHA-256 of the encoding as it is; the thumbprint inside encrypted data and
    /// in tokens (contract keymanager.md §11).
    pub fn encoding_sha256(&self) -> [u8; 32] {
        sha256(&self.der)
    }

    /// SHA-256 of the public key's bits: the same in every certificate of the key, however its
    /// algorithm is written.
    pub fn public_key_sha256(&self) -> [u8; 32] {
        sha256(self.public_key.bits())
    }

    /// `cert_thumbprint` of `key_alias`: upper-case hex SHA-256 of the encoding
    /// (contract keymanager.md §5).
    pub fn key_thumbprint(&self) -> String {
        hex::encode_upper(self.encoding_sha256())
    }

    /// Subject and issuer are the same name. Says nothing about the signature.
    pub fn is_self_issued(&self) -> bool {
        self.subject.key() == self.issuer.key()
    }

    /// Whether `other` bears the name of this certificate's issuer.
    pub fn names_as_issuer(&self, other: &Self) -> bool {
        self.issuer.key() == other.subject.key()
    }

    /// The signature verifies with the certificate's own key (contract keymanager.md §6.5); names
    /// do not matter.
    ///
    /// Verified once, then remembered.
    pub fn is_self_signed(&self) -> bool {
        *self
            .self_signed
            .get_or_init(|| self.check_signature(&self.public_key) == SignatureCheck::Valid)
    }

    /// Has the CA flag, and keyCertSign if it restricts its usage at all.
    pub fn may_issue(&self) -> bool {
        self.extensions
            .basic_constraints
            .is_some_and(|constraints| constraints.ca)
            && self
                .extensions
                .key_usage
                .is_none_or(|usage| usage.key_cert_sign)
    }

    /// Whether this build can tell if `issuer`'s private key made the signature.
    pub fn is_verifiable_by(&self, issuer: &PublicKey) -> bool {
        verify::is_verifiable(self.algorithm, issuer)
    }

    /// Whether the signature was made with `issuer`'s private key.
    pub fn check_signature(&self, issuer: &PublicKey) -> SignatureCheck {
        verify::check(self.algorithm, issuer, &self.signed_part, &self.signature)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject.text())
            .field("thumbprint", &self.thumbprint())
            .finish_non_exhaustive()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl Eq for Certificate {}

fn instant(time: ASN1Time) -> Result<DateTime<Utc>, CertificateFault> {
    DateTime::from_timestamp(time.timestamp(), 0).ok_or(CertificateFault::Date)
}
