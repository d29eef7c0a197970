//! Reading uploaded certificates: PEM, DER, PKCS#7 (contract keymanager.md §6.1). Nothing here
//! panics on any input.

pub(crate) mod base64_text;
pub(crate) mod ber;
mod pem;
mod pkcs7;

pub use base64_text::{decode_data, encode_data};

use crate::certificate::Certificate;
use crate::{KeyManagerError, errors};

/// Most certificates taken from one bundle.
const MAX_CERTIFICATES: usize = 50;

/// Reads the first PEM block of `text`, whatever its label; text around it is ignored.
///
/// # Errors
/// `KER-KMS-013` when there is no complete PEM block or it holds no certificate.
pub fn read_certificate(text: &str) -> Result<Certificate, KeyManagerError> {
    let block = pem::first_block(text).map_err(|fault| match fault {
        pem::PemFault::NoBlock => errors::CERTIFICATE_UNPARSABLE,
        pem::PemFault::NotBase64 => {
            errors::CERTIFICATE_UNPARSABLE.with_detail("body is not base64 encoded")
        }
        pem::PemFault::NoEnd(line) => {
            errors::CERTIFICATE_UNPARSABLE.with_detail(&format!("{line} not found"))
        }
    })?;
    Certificate::from_der(&block.body)
        .map_err(|fault| errors::CERTIFICATE_UNPARSABLE.with_detail(&fault.to_string()))
}

/// Reads the data of a CA upload: one PEM certificate, or base64url of a PKCS#7 bundle, of DER
/// certificates one after the other or of PEM text.
///
/// With `pem_bundles` a PEM text may hold several certificates, or a PKCS#7 bundle; without, only
/// its first certificate is taken. The result is in processing order: issuers before what they
/// issued, otherwise the reverse of the given order. It may be empty (an empty PKCS#7 bundle).
///
/// # Errors
/// `KER-CRY-003` when it is neither PEM nor base64url, `KER-PCM-001` when it holds no certificate.
pub fn read_authorities(
    text: &str,
    pem_bundles: bool,
) -> Result<Vec<Certificate>, KeyManagerError> {
    let found = match read_certificate(text) {
        Ok(only) if !pem_bundles => vec![only],
        Ok(_) => armoured(text).ok_or(errors::INVALID_CERTIFICATE)?,
        Err(_) => match armoured(text).filter(|_| pem_bundles) {
            Some(certificates) => certificates,
            None => binary(&base64_text::decode_url_safe(text)?)?,
        },
    };
    if found.len() > MAX_CERTIFICATES {
        return Err(errors::INVALID_CERTIFICATE);
    }
    Ok(issuers_first(found))
}

/// Reads what a key manager answers to a partner upload: base64url of a PKCS#7 bundle, leaf first,
/// or the plain PEM of older platforms (contract keymanager.md §9.2, §18).
///
/// # Errors
/// As [`read_authorities`]; an empty bundle is `KER-PCM-001`.
pub fn read_chain(text: &str) -> Result<Vec<Certificate>, KeyManagerError> {
    let chain = match armoured(text) {
        Some(certificates) => certificates,
        None => binary(&base64_text::decode_url_safe(text.trim())?)?,
    };
    if chain.is_empty() || chain.len() > MAX_CERTIFICATES {
        return Err(errors::INVALID_CERTIFICATE);
    }
    Ok(chain)
}

/// All certificates of the PEM blocks of `text`; blocks of another kind are passed over.
fn armoured(text: &str) -> Option<Vec<Certificate>> {
    let mut certificates = Vec::new();
    let mut readable = false;
    for block in pem::blocks(text)
        .map_while(Result::ok)
        .take(MAX_CERTIFICATES + 1)
    {
        if let Some(found) = encoded(&block.body) {
            readable = true;
            certificates.extend(found);
        }
    }
    readable.then_some(certificates)
}

fn binary(bytes: &[u8]) -> Result<Vec<Certificate>, KeyManagerError> {
    let text = || std::str::from_utf8(bytes).ok().and_then(armoured);
    encoded(bytes)
        .or_else(text)
        .ok_or(errors::INVALID_CERTIFICATE)
}

/// A PKCS#7 bundle, or DER certificates one after the other.
fn encoded(bytes: &[u8]) -> Option<Vec<Certificate>> {
    let parts = match pkcs7::certificates(bytes) {
        Some(parts) => parts,
        None => {
            let parts: Vec<_> = ber::children(bytes).map(|element| element.whole).collect();
            (!parts.is_empty()).then_some(parts)?
        }
    };
    let enough = parts.into_iter().take(MAX_CERTIFICATES + 1);
    enough
        .map(|part| Certificate::from_der(part).ok())
        .collect()
}

/// Turns a leaf-first bundle round, and puts issuers before what they issued where it is shuffled.
fn issuers_first(mut bundle: Vec<Certificate>) -> Vec<Certificate> {
    bundle.reverse();
    // Names can be long, so each pair is compared once.
    let issuers: Vec<Vec<usize>> = bundle.iter().map(|one| places(one, &bundle)).collect();
    let mut waiting: Vec<usize> = (0..bundle.len()).collect();
    let mut order = Vec::with_capacity(bundle.len());
    while !waiting.is_empty() {
        let is_free = |one: &usize| {
            let issuers = issuers.get(*one).into_iter().flatten();
            !issuers.into_iter().any(|issuer| waiting.contains(issuer))
        };
        let next = waiting.iter().position(is_free).unwrap_or(0);
        order.push(waiting.remove(next));
    }
    let mut bundle: Vec<_> = bundle.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|place| bundle.get_mut(place)?.take())
        .collect()
}

/// Where in `bundle` certificates with the name of `issued`'s issuer stand.
fn places(issued: &Certificate, bundle: &[Certificate]) -> Vec<usize> {
    if issued.is_self_issued() {
        return Vec::new();
    }
    let all = bundle.iter().enumerate();
    all.filter(|(_, other)| issued.names_as_issuer(other))
        .map(|(place, _)| place)
        .collect()
}
