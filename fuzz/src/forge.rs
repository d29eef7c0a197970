//! Certificates put together from any parts, signed with Ed25519.
//!
//! They are the same on every run, and valid at [`now`], which never moves.

use std::sync::LazyLock;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use chrono::{DateTime, Utc};

pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
pub(crate) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
pub(crate) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
pub(crate) const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 17];
pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
/// An extension that nobody knows.
pub(crate) const UNKNOWN: &[u8] = &[0x2a, 3, 4, 5];
pub(crate) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
pub(crate) const ORGANIZATION: &[u8] = &[0x55, 4, 10];
pub(crate) const UTF8_STRING: u8 = 0x0c;

const ED25519: &[u8] = &[0x30, 5, 0x06, 3, 0x2b, 0x65, 0x70];
const NOT_BEFORE: &[u8] = b"200101000000Z";
const NOT_AFTER: &[u8] = b"491231235959Z";

/// As many keys as certificates can choose from.
pub(crate) const KEYS: u8 = 8;
static PAIRS: LazyLock<Vec<Ed25519KeyPair>> = LazyLock::new(|| {
    let pair = |number| Ed25519KeyPair::from_seed_unchecked(&[number; 32]).unwrap();
    (0..KEYS).map(pair).collect()
});

/// When everything here takes place.
pub(crate) fn now() -> DateTime<Utc> {
    "2025-06-01T12:00:00Z".parse().unwrap()
}

/// What a certificate says. Names, serial number and extensions are encoded already.
pub(crate) struct Plan {
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    /// Whose key it is for, and whose key signs it.
    pub(crate) key: u8,
    pub(crate) signer: u8,
    /// Another `SubjectPublicKeyInfo` than that of `key`.
    pub(crate) info: Option<Vec<u8>>,
    /// `AlgorithmIdentifier`s inside and outside of what is signed.
    pub(crate) algorithms: [Vec<u8>; 2],
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Plan {
    /// An end entity.
    pub(crate) fn leaf(subject: &str, key: u8, issuer: &str, signer: u8) -> Self {
        Self {
            serial: element(0x02, &[1]),
            issuer: name(issuer),
            subject: name(subject),
            not_after: element(0x17, NOT_AFTER),
            key,
            signer,
            info: None,
            algorithms: [ED25519.to_vec(), ED25519.to_vec()],
            extensions: Vec::new(),
        }
    }

    /// A certificate authority.
    pub(crate) fn authority(subject: &str, key: u8, issuer: &str, signer: u8) -> Self {
        let mut plan = Self::leaf(subject, key, issuer, signer);
        plan.extensions = vec![basic_constraints(true, None), key_usage(0x06)];
        plan
    }

    /// A self-signed one.
    pub(crate) fn root(subject: &str, key: u8) -> Self {
        Self::authority(subject, key, subject, key)
    }

    /// The DER.
    pub(crate) fn sign(&self) -> Vec<u8> {
        let pair = |number: u8| &PAIRS[usize::from(number % KEYS)];
        let public = pair(self.key).public_key().as_ref();
        let info = sequence(&[ED25519, &element(0x03, &[&[0], public].concat())]);
        let info = self.info.as_ref().unwrap_or(&info);
        let [inside, outside] = &self.algorithms;
        let not_before = element(0x17, NOT_BEFORE);
        let list: Vec<_> = self.extensions.iter().map(Vec::as_slice).collect();
        let extensions = element(0xa3, &sequence(&list));
        let signed = sequence(&[
            &element(0xa0, &element(0x02, &[2])),
            &self.serial,
            inside,
            &self.issuer,
            &sequence(&[&not_before, &self.not_after]),
            &self.subject,
            info,
            if list.is_empty() { &[] } else { &extensions },
        ]);
        let signature = pair(self.signer).sign(&signed);
        let signature = element(0x03, &[&[0], signature.as_ref()].concat());
        sequence(&[&signed, outside, &signature])
    }
}

pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits: Vec<u8> = length.into_iter().skip_while(|digit| *digit == 0).collect();
    let mut bytes = vec![tag];
    match digits.as_slice() {
        [] => bytes.push(0),
        [short @ 0..=0x7f] => bytes.push(*short),
        long => {
            bytes.push(0x80 | u8::try_from(long.len()).unwrap());
            bytes.extend_from_slice(long);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// A relative name with one attribute.
pub(crate) fn relative(kind: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    let pair = sequence(&[&element(0x06, kind), &element(tag, value)]);
    element(0x31, &pair)
}

/// `O=Acme Ltd,CN=<common name>`
pub(crate) fn name(common_name: &str) -> Vec<u8> {
    sequence(&[
        &relative(ORGANIZATION, UTF8_STRING, b"Acme Ltd"),
        &relative(COMMON_NAME, UTF8_STRING, common_name.as_bytes()),
    ])
}

pub(crate) fn extension(kind: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    sequence(&[&element(0x06, kind), critical, &element(0x04, value)])
}

pub(crate) fn basic_constraints(ca: bool, path_length: Option<u8>) -> Vec<u8> {
    let flag: &[u8] = if ca { &[1, 1, 0xff] } else { &[] };
    let length = path_length.map(|length| element(0x02, &[length & 0x7f]));
    extension(
        BASIC_CONSTRAINTS,
        true,
        &sequence(&[flag, &length.unwrap_or_default()]),
    )
}

/// The bits of the first octet.
pub(crate) fn key_usage(bits: u8) -> Vec<u8> {
    extension(KEY_USAGE, true, &element(0x03, &[0, bits]))
}
