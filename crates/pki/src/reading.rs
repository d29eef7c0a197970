//! Reading uploaded certificates: PEM, DER, PKCS#7 (contract keymanager.md §6.1). Nothing here panics on any input.

pub(crate) mod base64_text;
pub(crate) mod ber;
mod form;
mod order;
mod pem;
mod pkcs7;

pub use base64_text::{decode_data, encode_data};

use crate::certificate::Certificate;
use crate::{KeyManagerError, errors};

/// Most certificates taken from one upload.
pub const MAX_CERTIFICATES: usize = 1000;
/// Most certificates of a chain that a key manager answers.
const MAX_CHAIN: usize = 50;

/// The certificates of a CA upload, in processing order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Issuers before what they issued, otherwise the reverse of the given order.
    pub certificates: Vec<Certificate>,
    /// How many parts should have been certificates and can't be read.
    pub unreadable: usize,
    /// SHA-256 of the certificate whose refusal answers an upload of which nothing is stored: the
    /// only part, or the first certificate of a PEM text, which is all that the reference reads of
    /// it. `None` when such an upload fails without an error.
    pub leading: Option<[u8; 32]>,
}

impl From<Vec<Certificate>> for Bundle {
    fn from(certificates: Vec<Certificate>) -> Self {
        let leading = match certificates.as_slice() {
            [only] => Some(only.sha256()),
            _ => None,
        };
        Self {
            certificates,
            unreadable: 0,
            leading,
        }
    }
}

/// Reads the first PEM block of `text`, whatever its label; text around it is ignored.
///
/// # Errors
/// `KER-KMS-013` when there is no complete PEM block or it holds no certificate, with what it is
/// instead, if that is known.
pub fn read_certificate(text: &str) -> Result<Certificate, KeyManagerError> {
    let text = pem::with_line_ends(text);
    first_certificate(&text).map_err(|refusal| explained(refusal, &text))
}

fn first_certificate(text: &str) -> Result<Certificate, KeyManagerError> {
    let unparsable = errors::CERTIFICATE_UNPARSABLE;
    let block = pem::first_block(text).map_err(|fault| match fault {
        pem::PemFault::NoBlock => unparsable.clone(),
        pem::PemFault::NotBase64 => unparsable.with_detail("The body is not base64 encoded."),
        // A label is not repeated: anything may stand there.
        pem::PemFault::NoEnd("CERTIFICATE") => errors::CERTIFICATE_NOT_CLOSED,
        pem::PemFault::NoEnd(_) => unparsable.with_detail("The END line of the block is missing."),
    })?;
    Certificate::from_der(&block.body)
        .map_err(|fault| unparsable.with_detail(&sentence(&fault.to_string())))
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

/// The refusal with what `text` is instead of a certificate behind it.
fn explained(refusal: KeyManagerError, text: &str) -> KeyManagerError {
    match form::of(text) {
        Some(what) => refusal.with_detail(&format!("{what}.")),
        None => refusal,
    }
}

/// Reads the data of a CA upload: one PEM certificate, or base64url of a PKCS#7 bundle, of DER
/// certificates one after the other or of PEM text.
///
/// With `pem_bundles` a PEM text may hold several certificates, or a PKCS#7 bundle; without, only
/// its first certificate is taken. There may be no certificate (an empty PKCS#7 bundle).
///
/// # Errors
/// `KER-CRY-003` when it is neither PEM nor base64url, with what it is instead; `KER-PCM-001` when
/// it holds no certificate that can be read, or more than [`MAX_CERTIFICATES`].
pub fn read_bundle(text: &str, pem_bundles: bool) -> Result<Bundle, KeyManagerError> {
    let text = pem::with_line_ends(text);
    let (parts, is_pem) = match first_certificate(&text) {
        Ok(only) if !pem_bundles => (vec![Some(only)], true),
        Ok(_) => (armoured(&text).ok_or(errors::INVALID_CERTIFICATE)?, true),
        Err(_) => match armoured(&text).filter(|_| pem_bundles) {
            Some(parts) => (parts, true),
            None => base64_text::decode_url_safe(&text)
                .and_then(|bytes| binary(&bytes))
                .map(|parts| (parts, false))
                .map_err(|refusal| explained(refusal, &text))?,
        },
    };
    if parts.len() > MAX_CERTIFICATES {
        let limit = format!("One upload takes at most {MAX_CERTIFICATES} certificates.");
        return Err(errors::INVALID_CERTIFICATE.with_detail(&limit));
    }
    let all = parts.len();
    let certificates: Vec<_> = parts.into_iter().flatten().collect();
    let first = certificates.first().filter(|_| is_pem || all == 1);
    Ok(Bundle {
        unreadable: all - certificates.len(),
        leading: first.map(Certificate::sha256),
        certificates: order::issuers_first(certificates),
    })
}

/// The certificates of [`read_bundle`] alone.
///
/// # Errors
/// As there.
pub fn read_authorities(
    text: &str,
    pem_bundles: bool,
) -> Result<Vec<Certificate>, KeyManagerError> {
    read_bundle(text, pem_bundles).map(|bundle| bundle.certificates)
}

/// Reads what a key manager answers to a partner upload: base64url of a PKCS#7 bundle, leaf first,
/// or the plain PEM of older platforms (contract keymanager.md §9.2, §18).
///
/// # Errors
/// As [`read_authorities`]; an empty bundle, or one with a part that is no certificate, is
/// `KER-PCM-001`.
pub fn read_chain(text: &str) -> Result<Vec<Certificate>, KeyManagerError> {
    let parts = match armoured(text) {
        Some(parts) => parts,
        None => binary(&base64_text::decode_url_safe(text.trim())?)?,
    };
    let chain: Option<Vec<_>> = parts.into_iter().collect();
    chain
        .filter(|chain| (1..=MAX_CHAIN).contains(&chain.len()))
        .ok_or(errors::INVALID_CERTIFICATE)
}

/// What may be certificates, in the given order; `None` stands for one that can't be read.
type Parts = Vec<Option<Certificate>>;

/// The parts of the PEM blocks of `text`. A block of another kind, such as a private key, is a part
/// that can't be read: the answer to the upload must say that not all of it was taken. `None` when no block
/// can be read.
fn armoured(text: &str) -> Option<Parts> {
    let mut parts = Vec::new();
    let mut readable = false;
    for block in pem::blocks(text) {
        match block {
            Ok(block) => match encoded(&block.body) {
                Some(found) => {
                    readable = true;
                    parts.extend(found);
                }
                None => parts.push(None),
            },
            Err(_) => parts.push(None),
        }
        if parts.len() > MAX_CERTIFICATES {
            break;
        }
    }
    readable.then_some(parts)
}

fn binary(bytes: &[u8]) -> Result<Parts, KeyManagerError> {
    let text = || std::str::from_utf8(bytes).ok().and_then(armoured);
    encoded(bytes)
        .or_else(text)
        .ok_or(errors::INVALID_CERTIFICATE)
}

/// The parts of a PKCS#7 bundle, or DER certificates one after the other. `None` when there is
/// something, but no certificate among it.
fn encoded(bytes: &[u8]) -> Option<Parts> {
    let (found, is_bundle) = match pkcs7::certificates(bytes) {
        Some(found) => (found, true),
        None => (
            ber::children(bytes).map(|element| element.whole).collect(),
            false,
        ),
    };
    let enough = found.iter().take(MAX_CERTIFICATES + 1);
    let parts: Parts = enough
        .map(|part| Certificate::from_der(part).ok())
        .collect();
    let good = parts.iter().any(Option::is_some);
    (good || (is_bundle && parts.is_empty())).then_some(parts)
}
