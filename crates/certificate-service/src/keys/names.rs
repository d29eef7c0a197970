//! What an application and reference name.

use pms_pki::{EllipticCurve, key_life};

/// The references of keys on elliptic curves.
const CURVES: [(&str, EllipticCurve); 3] = [
    ("EC_SECP256R1_SIGN", EllipticCurve::P256),
    ("EC_SECP256K1_SIGN", EllipticCurve::Secp256k1),
    ("ED25519_SIGN", EllipticCurve::Ed25519),
];

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It signs: a master key, or one with a reference of its own.
    Signing,
    /// It encrypts.
    Base,
}

/// The curve of the key that a reference names, whatever its case.
pub(crate) fn curve(ref_id: &str) -> Option<EllipticCurve> {
    known(ref_id).map(|(_, curve)| *curve)
}

/// A reference as it is stored: blank ones are empty, those of curves in upper
/// case.
pub(crate) fn normal(ref_id: &str) -> &str {
    match known(ref_id) {
        Some((name, _)) => name,
        None if ref_id.trim().is_empty() => "",
        None => ref_id,
    }
}

/// What an application and (normal) reference name.
pub(crate) fn kind(app_id: &str, ref_id: &str) -> Kind {
    if key_life::is_master(app_id, ref_id) || curve(ref_id).is_some() {
        Kind::Signing
    } else {
        Kind::Base
    }
}

fn known(ref_id: &str) -> Option<&'static (&'static str, EllipticCurve)> {
    CURVES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(ref_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_one_form_each() {
        assert_eq!(normal(" \t"), "");
        assert_eq!(normal("ed25519_sign"), "ED25519_SIGN");
        assert_eq!(normal("Pii-Data"), "Pii-Data");
    }

    #[test]
    fn keys_sign_or_encrypt() {
        assert_eq!(kind("PMS", ""), Kind::Signing);
        assert_eq!(kind("KERNEL", "SIGN"), Kind::Signing);
        assert_eq!(kind("PMS", "EC_SECP256R1_SIGN"), Kind::Signing);
        assert_eq!(kind("PMS", "SIGN"), Kind::Base);
        assert_eq!(kind("PARTNER", "p1"), Kind::Base);
    }
}
