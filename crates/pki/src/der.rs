//! A writer for the few DER types that certificates need.

use chrono::{DateTime, Datelike as _, Utc};

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const OCTET_STRING: u8 = 0x04;
/// Constructed, context-specific 0.
pub(crate) const CONTEXT_0: u8 = 0xa0;
/// Constructed, context-specific 3.
pub(crate) const CONTEXT_3: u8 = 0xa3;

/// One element around `parts`.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = vec![tag];
    bytes.extend(length_octets(length));
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

fn length_octets(length: usize) -> Vec<u8> {
    if let Some(short) = u8::try_from(length).ok().filter(|short| *short < 0x80) {
        return vec![short];
    }
    let digits: Vec<u8> = length
        .to_be_bytes()
        .into_iter()
        .skip_while(|digit| *digit == 0)
        .collect();
    // A length has at most 8 digits, so the sum can not carry.
    let count = u8::try_from(digits.len()).unwrap_or_default();
    let mut octets = vec![0x80 | count];
    octets.extend(digits);
    octets
}

/// An OBJECT IDENTIFIER from its content.
pub(crate) fn object_identifier(oid: &[u8]) -> Vec<u8> {
    element(0x06, &[oid])
}

/// A positive INTEGER from its big-endian digits.
pub(crate) fn unsigned(digits: &[u8]) -> Vec<u8> {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = digits.get(zeros..).unwrap_or_default();
    let needs_sign = digits.first().is_none_or(|digit| *digit >= 0x80);
    element(0x02, &[if needs_sign { &[0] } else { &[] }, digits])
}

/// BOOLEAN TRUE.
pub(crate) const TRUE: [u8; 3] = [0x01, 0x01, 0xff];

/// A BIT STRING without unused bits.
pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], bytes])
}

/// A BIT STRING of named bits: trailing zeros are not written.
pub(crate) fn named_bits(bits: u8) -> Vec<u8> {
    let unused = u8::try_from(bits.trailing_zeros())
        .unwrap_or_default()
        .min(7);
    element(0x03, &[&[unused], &[bits]])
}

/// `UTCTime` through 2049, `GeneralizedTime` from 2050 on (RFC 5280 §4.1.2.5).
pub(crate) fn time(at: DateTime<Utc>) -> Vec<u8> {
    if (1950..2050).contains(&at.year()) {
        element(0x17, &[at.format("%y%m%d%H%M%SZ").to_string().as_bytes()])
    } else {
        element(0x18, &[at.format("%Y%m%d%H%M%SZ").to_string().as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_as_few_octets_as_possible() {
        assert_eq!(length_octets(0x7f), [0x7f]);
        assert_eq!(length_octets(0x80), [0x81, 0x80]);
        assert_eq!(length_octets(0x1234), [0x82, 0x12, 0x34]);
    }

    #[test]
    fn integers_stay_positive_and_short() {
        assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0, 0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(unsigned(&[]), [2, 1, 0]);
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(0x84), [3, 2, 2, 0x84]);
        assert_eq!(named_bits(0x20), [3, 2, 5, 0x20]);
    }

    #[test]
    fn years_from_2050_on_have_four_digits() {
        let at = |text: &str| time(text.parse().unwrap());

        assert_eq!(
            at("2049-12-31T23:59:59Z"),
            element(0x17, &[b"491231235959Z"])
        );
        assert_eq!(
            at("2050-01-01T00:00:00Z"),
            element(0x18, &[b"20500101000000Z"])
        );
    }
}
