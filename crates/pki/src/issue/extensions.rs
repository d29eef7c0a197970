//! Extensions of issued certificates.

use crate::certificate::{oid, sha1};
use crate::der;

pub(super) const DIGITAL_SIGNATURE: u8 = 0x80;
pub(super) const KEY_ENCIPHERMENT: u8 = 0x20;
pub(super) const KEY_CERT_SIGN: u8 = 0x04;
pub(super) const CRL_SIGN: u8 = 0x02;

/// Whether the subject may issue, and how deep.
#[derive(Clone, Copy)]
pub(super) enum Constraint {
    /// `CA:FALSE`
    EndEntity,
    /// `CA:TRUE` without a limit.
    Unlimited,
    /// `CA:TRUE` with a `pathLenConstraint`.
    Limited(u8),
}

pub(super) fn basic_constraints(constraint: Constraint) -> Vec<u8> {
    let value = match constraint {
        Constraint::EndEntity => der::element(der::SEQUENCE, &[]),
        Constraint::Unlimited => der::element(der::SEQUENCE, &[&der::TRUE]),
        Constraint::Limited(depth) => {
            der::element(der::SEQUENCE, &[&der::TRUE, &der::unsigned(&[depth])])
        }
    };
    extension(oid::BASIC_CONSTRAINTS, true, &value)
}

pub(super) fn key_usage(bits: u8) -> Vec<u8> {
    extension(oid::KEY_USAGE, true, &der::named_bits(bits))
}

/// SHA-1 of the content of the key's BIT STRING: method 1 of RFC 5280 §4.2.1.2.
pub(super) fn subject_key_id(key_bits: &[u8]) -> Vec<u8> {
    let id = der::element(der::OCTET_STRING, &[&sha1(key_bits)]);
    extension(oid::SUBJECT_KEY_ID, false, &id)
}

pub(super) fn authority_key_id(id: &[u8]) -> Vec<u8> {
    // [0] IMPLICIT OCTET STRING
    let id = der::element(0x80, &[id]);
    extension(
        oid::AUTHORITY_KEY_ID,
        false,
        &der::element(der::SEQUENCE, &[&id]),
    )
}

/// `fullName` with one URI (RFC 5280 §4.2.1.13).
pub(super) fn crl_distribution_point(url: &str) -> Vec<u8> {
    const URI: u8 = 0x86;
    let url = der::element(URI, &[url.as_bytes()]);
    let full_name = der::element(der::CONTEXT_0, &[&url]);
    let name = der::element(der::CONTEXT_0, &[&full_name]);
    let point = der::element(der::SEQUENCE, &[&name]);
    extension(
        oid::CRL_DISTRIBUTION_POINTS,
        false,
        &der::element(der::SEQUENCE, &[&point]),
    )
}

pub(super) fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &der::TRUE } else { &[] };
    let value = der::element(der::OCTET_STRING, &[value]);
    der::element(
        der::SEQUENCE,
        &[&der::object_identifier(oid), critical, &value],
    )
}
