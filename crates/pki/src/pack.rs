//! Certificates as text: PEM (contract keymanager.md §6.2) and PKCS#7 bundles
//! (contract keymanager.md §9.2, §9.3).

use base64::Engine as _;

use crate::certificate::Certificate;
use crate::reading::base64_text::{LENIENT_STANDARD, LENIENT_URL_SAFE};

/// What a key manager writes in front of the certificates: `SignedData` with indefinite lengths.
const PREFIX: [u8; 37] = [
    0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x80, 0x30,
    0x80, 0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
    0x01, 0x07, 0x01, 0xa0, 0x80,
];
/// And behind them: three end markers around an empty SET of signers.
const SUFFIX: [u8; 10] = [0x00, 0x00, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00];
/// A bundle without certificates has definite lengths.
const EMPTY: [u8; 37] = [
    0x30, 0x23, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x16, 0x30,
    0x14, 0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
    0x01, 0x07, 0x01, 0x31, 0x00,
];
const COLUMNS: usize = 64;

/// PKCS#7 with these certificates in this order: leaf first, root last.
pub fn bundle(chain: &[&Certificate]) -> Vec<u8> {
    if chain.is_empty() {
        return EMPTY.to_vec();
    }
    let mut bytes = PREFIX.to_vec();
    for certificate in chain {
        bytes.extend_from_slice(certificate.der());
    }
    bytes.extend_from_slice(&SUFFIX);
    bytes
}

/// `signedCertificateData` of a partner upload: padded base64url of the bundle, in one line.
pub fn signed_certificate_data(chain: &[&Certificate]) -> String {
    LENIENT_URL_SAFE.encode(bundle(chain))
}

/// `p7bFile` of a download: the bundle in PEM armour, with no line feed at the end.
///
/// The reference puts an empty line before the END line when the last line is full, which OpenSSL
/// can't read.
pub fn p7b_file(chain: &[&Certificate]) -> String {
    armour("PKCS7", &bundle(chain)).trim_end().to_owned()
}

/// A PEM certificate with lines of 64 columns and a line feed at the end.
pub fn certificate_pem(certificate: &Certificate) -> String {
    armour("CERTIFICATE", certificate.der())
}

/// `der` in a PEM armour with this label.
pub(crate) fn armour(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut column = 0;
    for c in LENIENT_STANDARD.encode(der).chars() {
        if column == COLUMNS {
            text.push('\n');
            column = 0;
        }
        text.push(c);
        column += 1;
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
}
