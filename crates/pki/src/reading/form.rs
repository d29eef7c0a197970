//! What a text is that holds no certificate, in words for the person who pasted it.
//!
//! The words never repeat anything of the text: it may be a private key.

use base64::Engine as _;

use super::base64_text::LENIENT_STANDARD;
use super::ber::{self, SEQUENCE};
use super::{pem, pkcs7};

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;

const PRIVATE_KEY: &str = "This is a private key: keep it to yourself and upload the certificate";
const REQUEST: &str = "This is a certificate request: upload the certificate that an authority \
                       made of it";
const PUBLIC_KEY: &str = "This is a public key without a certificate";
const REVOCATION_LIST: &str = "This is a list of revoked certificates";
const BUNDLE: &str = "This is a PKCS#7 bundle: upload the certificate alone, as PEM";
const BINARY: &str = "This is a binary file: save it as Base64";
const KEY_STORE: &str = "This is a PKCS#12 key store: upload the certificate alone, as PEM";
const NO_ARMOUR: &str = "The lines BEGIN CERTIFICATE and END CERTIFICATE are missing";

/// What `text` is instead of a certificate; `None` when that is unknown.
pub(super) fn of(text: &str) -> Option<&'static str> {
    let mut armoured = false;
    // A private key among other things is reported first: its owner must act.
    let mut found = None;
    for block in pem::blocks(text) {
        armoured = true;
        let form = match block {
            Ok(block) => of_label(block.label).or_else(|| of_encoding(&block.body)),
            Err(pem::PemFault::NoEnd(label)) => of_label(label),
            Err(_) => None,
        };
        if form == Some(PRIVATE_KEY) {
            return form;
        }
        found = found.or(form);
    }
    if armoured {
        return found;
    }
    if text.contains(char::REPLACEMENT_CHARACTER) || text.chars().any(is_binary) {
        return Some(BINARY);
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = LENIENT_STANDARD.decode(bare).ok()?;
    let (outer, _) = ber::read(&bytes)?;
    let form = of_encoding(&bytes);
    form.or_else(|| (outer.tag == SEQUENCE && !bytes.is_empty()).then_some(NO_ARMOUR))
}

fn is_binary(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
}

fn of_label(label: &str) -> Option<&'static str> {
    let holds = |word: &str| label.to_ascii_uppercase().contains(word);
    if holds("PRIVATE KEY") {
        Some(PRIVATE_KEY)
    } else if holds("REQUEST") {
        Some(REQUEST)
    } else if holds("PUBLIC KEY") {
        Some(PUBLIC_KEY)
    } else if holds("CRL") {
        Some(REVOCATION_LIST)
    } else if holds("PKCS7") || holds("CMS") {
        Some(BUNDLE)
    } else {
        None
    }
}

/// By the first elements of the encoding, whatever the armour says.
fn of_encoding(bytes: &[u8]) -> Option<&'static str> {
    let (outer, _) = ber::read(bytes)?;
    if outer.tag != SEQUENCE {
        return None;
    }
    if pkcs7::certificates(bytes).is_some() {
        return Some(BUNDLE);
    }
    let mut parts = ber::children(outer.content);
    let (first, second) = (parts.next()?, parts.next()?);
    let third = parts.next().map(|third| third.tag);
    match (first.tag, second.tag, third) {
        // PKCS#8, PKCS#1 and SEC 1, in this order.
        (INTEGER, SEQUENCE, Some(OCTET_STRING))
        | (INTEGER, INTEGER, Some(INTEGER))
        | (INTEGER, OCTET_STRING, _) => Some(PRIVATE_KEY),
        (INTEGER, SEQUENCE, _) => Some(KEY_STORE),
        // A certificate has a version, or at least a serial number and an algorithm before its name.
        (SEQUENCE, SEQUENCE, Some(0x03)) if is_request(first.content) => Some(REQUEST),
        _ => None,
    }
}

/// Version, name, key and attributes: there is no serial number and no validity.
fn is_request(content: &[u8]) -> bool {
    let mut tags = ber::children(content).map(|part| part.tag);
    let shape = (tags.next(), tags.next(), tags.next(), tags.next());
    matches!(
        shape,
        (
            Some(INTEGER),
            Some(SEQUENCE),
            Some(SEQUENCE),
            None | Some(0xa0)
        )
    )
}
