//! The numbers of a key: RSA, points on curves, Edwards and Montgomery curves.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, ParsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{JwkFault, text};
use crate::certificate::oid;
use crate::der;
use crate::elliptic::{SECP256K1, identifier};
use crate::reading::base64_text::LENIENT_URL_SAFE;

/// Longest text of a number, with what people put between its characters; an RSA
/// modulus of 16384 bits has 2731 characters.
const LONGEST: usize = 8192;
/// Longest RSA modulus, in bits. There is no smallest one in the contract, and
/// whether the numbers make a good key is eSignet's to say.
const LONGEST_RSA: usize = 16384;
const NULL: [u8; 2] = [0x05, 0x00];

/// A curve whose keys are points.
struct PointCurve {
    name: &'static str,
    /// Bytes of a coordinate.
    size: usize,
    oid: &'static [u8],
    algorithm: &'static dyn VerificationAlgorithm,
}

const POINT_CURVES: [PointCurve; 4] = [
    PointCurve {
        name: "P-256",
        size: 32,
        oid: oid::P256,
        algorithm: &ECDSA_P256_SHA256_ASN1,
    },
    PointCurve {
        name: "P-384",
        size: 48,
        oid: oid::P384,
        algorithm: &ECDSA_P384_SHA384_ASN1,
    },
    PointCurve {
        name: "P-521",
        size: 66,
        oid: oid::P521,
        algorithm: &ECDSA_P521_SHA512_ASN1,
    },
    PointCurve {
        name: "secp256k1",
        size: 32,
        oid: SECP256K1,
        algorithm: &ECDSA_P256K1_SHA256_ASN1,
    },
];

/// Curves whose keys are strings of octets, and how many (RFC 8037).
const OCTET_CURVES: [(&str, usize); 4] =
    [("Ed25519", 32), ("X25519", 32), ("Ed448", 57), ("X448", 56)];

/// A public key without its metadata.
pub(super) struct Key {
    /// `kty` and the numbers, in their canonical form.
    pub(super) members: Vec<(&'static str, String)>,
    /// What a certificate of the key has in its BIT STRING.
    pub(super) bits: Vec<u8>,
    /// What the client id is made of: the `SubjectPublicKeyInfo`, for strings of
    /// octets these.
    pub(super) identified: Vec<u8>,
    /// Bits of an RSA modulus.
    pub(super) modulus_bits: Option<usize>,
}

impl Key {
    pub(super) fn read(given: &Map<String, Value>) -> Result<Self, JwkFault> {
        match text(given, "kty")? {
            "RSA" => Self::rsa(given),
            "EC" => Self::point(given),
            "OKP" => Self::octets(given),
            _ => Err(JwkFault::Kind),
        }
    }

    fn rsa(given: &Map<String, Value>) -> Result<Self, JwkFault> {
        let (modulus, exponent) = (number(given, "n")?, number(given, "e")?);
        if bits(&modulus).max(bits(&exponent)) > LONGEST_RSA {
            return Err(JwkFault::NotAKey);
        }
        let key = der::element(
            der::SEQUENCE,
            &[&der::unsigned(&modulus), &der::unsigned(&exponent)],
        );
        let algorithm = der::element(der::SEQUENCE, &[&der::object_identifier(oid::RSA), &NULL]);
        let info = der::element(der::SEQUENCE, &[&algorithm, &der::bit_string(&key)]);
        Ok(Self {
            members: vec![
                ("kty", "RSA".to_owned()),
                ("n", URL_SAFE_NO_PAD.encode(&modulus)),
                ("e", URL_SAFE_NO_PAD.encode(&exponent)),
            ],
            bits: key,
            identified: info,
            modulus_bits: Some(bits(&modulus)),
        })
    }

    fn point(given: &Map<String, Value>) -> Result<Self, JwkFault> {
        const UNCOMPRESSED: u8 = 4;
        let name = text(given, "crv")?;
        let mut curves = POINT_CURVES.iter();
        let curve = curves.find(|curve| curve.name == name);
        let curve = curve.ok_or(JwkFault::Kind)?;
        let x = padded(&number(given, "x")?, curve.size).ok_or(JwkFault::Member("x"))?;
        let y = padded(&number(given, "y")?, curve.size).ok_or(JwkFault::Member("y"))?;
        let point = [&[UNCOMPRESSED], x.as_slice(), y.as_slice()].concat();
        if ParsedPublicKey::new(curve.algorithm, &point).is_err() {
            return Err(JwkFault::NotAKey);
        }
        let algorithm = identifier(&[oid::EC, curve.oid]);
        let info = der::element(der::SEQUENCE, &[&algorithm, &der::bit_string(&point)]);
        Ok(Self {
            members: vec![
                ("kty", "EC".to_owned()),
                ("crv", curve.name.to_owned()),
                ("x", URL_SAFE_NO_PAD.encode(&x)),
                ("y", URL_SAFE_NO_PAD.encode(&y)),
            ],
            bits: point,
            identified: info,
            modulus_bits: None,
        })
    }

    fn octets(given: &Map<String, Value>) -> Result<Self, JwkFault> {
        let name = text(given, "crv")?;
        let mut curves = OCTET_CURVES.iter();
        let (name, length) = curves
            .find(|(curve, _)| *curve == name)
            .ok_or(JwkFault::Kind)?;
        let octets = decoded(given, "x")?;
        if octets.len() != *length {
            return Err(JwkFault::Member("x"));
        }
        Ok(Self {
            members: vec![
                ("kty", "OKP".to_owned()),
                ("crv", (*name).to_owned()),
                ("x", URL_SAFE_NO_PAD.encode(&octets)),
            ],
            bits: octets.clone(),
            identified: octets,
            modulus_bits: None,
        })
    }
}

/// The big-endian digits of a number, without zeros in front.
fn number(given: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, JwkFault> {
    let digits = decoded(given, name)?;
    let digits: Vec<u8> = digits.into_iter().skip_while(|byte| *byte == 0).collect();
    if digits.is_empty() {
        return Err(JwkFault::Member(name));
    }
    Ok(digits)
}

/// The bytes of a member in base64url, as people paste them: see [`spelled`].
fn decoded(given: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, JwkFault> {
    let text = text(given, name)?;
    if text.len() > LONGEST {
        return Err(JwkFault::Member(name));
    }
    let decoded = LENIENT_URL_SAFE.decode(spelled(text));
    decoded.map_err(|_malformed| JwkFault::Member(name))
}

/// Base64 in the URL-safe alphabet, of text in either alphabet that was wrapped
/// into lines or copied out of a list: without white space, without commas, and
/// without marks that no editor shows. The padding may stand.
pub(super) fn spelled(text: &str) -> String {
    let kept = text.chars().filter(|c| {
        let invisible = matches!(
            c,
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        );
        !(c.is_whitespace() || c.is_control() || *c == ',' || invisible)
    });
    let other_alphabet = |c| match c {
        '+' => '-',
        '/' => '_',
        same => same,
    };
    kept.map(other_alphabet).collect()
}

/// The digits in exactly this many bytes.
fn padded(digits: &[u8], size: usize) -> Option<Vec<u8>> {
    let zeros = size.checked_sub(digits.len())?;
    let mut bytes = vec![0; zeros];
    bytes.extend_from_slice(digits);
    Some(bytes)
}

/// The bit length of a number without zeros in front.
fn bits(digits: &[u8]) -> usize {
    let unused = digits.first().map_or(0, |first| first.leading_zeros());
    (digits.len() * 8).saturating_sub(usize::try_from(unused).unwrap_or_default())
}
