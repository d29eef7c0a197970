//! How certificates of partners may be signed (contract keymanager.md §8.2 step 13).

use crate::certificate::{Hash, SignatureAlgorithm};

/// Which signatures of partner certificates are accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SignAlgorithms {
    /// Those whose name begins with `SHA2`, as in the reference: SHA-224 and SHA-256 with RSA and
    /// ECDSA.
    #[default]
    Sha2Prefix,
    /// The same, and SHA-384 and SHA-512.
    Longer,
    /// Those with exactly these names (`mosip.kernel.partner.certificate.allowed.sign.algorithms`).
    Named(Vec<String>),
}

/// All names that a list can have, as Java spells them.
const NAMES: [(SignatureAlgorithm, &str); 12] = {
    use Hash::{Sha1, Sha224, Sha256, Sha384, Sha512};
    use SignatureAlgorithm::{Ecdsa, Ed25519, Rsa, RsaPssUnusual};
    [
        (Rsa(Sha1), "SHA1withRSA"),
        (Rsa(Sha224), "SHA224withRSA"),
        (Rsa(Sha256), "SHA256withRSA"),
        (Rsa(Sha384), "SHA384withRSA"),
        (Rsa(Sha512), "SHA512withRSA"),
        (Ecdsa(Sha1), "SHA1withECDSA"),
        (Ecdsa(Sha224), "SHA224withECDSA"),
        (Ecdsa(Sha256), "SHA256withECDSA"),
        (Ecdsa(Sha384), "SHA384withECDSA"),
        (Ecdsa(Sha512), "SHA512withECDSA"),
        (RsaPssUnusual, "RSASSA-PSS"),
        (Ed25519, "Ed25519"),
    ]
};

/// RSASSA-PSS has one name, whatever its parameters.
const fn by_name(algorithm: SignatureAlgorithm) -> SignatureAlgorithm {
    match algorithm {
        SignatureAlgorithm::RsaPss { .. } => SignatureAlgorithm::RsaPssUnusual,
        other => other,
    }
}

impl SignAlgorithms {
    /// Whether a certificate with this signature may be a partner's.
    pub fn include(&self, algorithm: SignatureAlgorithm) -> bool {
        let hash = match algorithm {
            SignatureAlgorithm::Rsa(hash) | SignatureAlgorithm::Ecdsa(hash) => Some(hash),
            _ => None,
        };
        let short = matches!(hash, Some(Hash::Sha224 | Hash::Sha256));
        match self {
            Self::Sha2Prefix => short,
            Self::Longer => short || matches!(hash, Some(Hash::Sha384 | Hash::Sha512)),
            Self::Named(names) => NAMES
                .iter()
                .filter(|(one, _)| *one == by_name(algorithm))
                .any(|(_, name)| names.iter().any(|allowed| allowed == name)),
        }
    }

    /// Those of `names` that no signature has which is verified here.
    pub fn unknown(names: &[String]) -> Vec<&str> {
        let known = |name: &&str| NAMES.iter().any(|(_, one)| one == name);
        let names = names.iter().map(String::as_str);
        names.filter(|name| !known(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_replaces_the_prefix_rule() {
        let list = ["SHA384withECDSA", "SHA256withRSA"].map(str::to_owned);
        let listed = SignAlgorithms::Named(list.to_vec());
        let default = SignAlgorithms::default();

        for (algorithm, by_list, by_prefix) in [
            (SignatureAlgorithm::Rsa(Hash::Sha256), true, true),
            (SignatureAlgorithm::Ecdsa(Hash::Sha384), true, false),
            (SignatureAlgorithm::Ecdsa(Hash::Sha256), false, true),
            (SignatureAlgorithm::Rsa(Hash::Sha384), false, false),
            (SignatureAlgorithm::Ed25519, false, false),
        ] {
            assert_eq!(listed.include(algorithm), by_list, "{algorithm:?}");
            assert_eq!(default.include(algorithm), by_prefix, "{algorithm:?}");
        }
    }

    #[test]
    fn names_are_exact() {
        let names = ["sha256withrsa", "SHA3-256withRSA", "SHA256withRSA"].map(str::to_owned);

        assert_eq!(
            SignAlgorithms::unknown(&names),
            ["sha256withrsa", "SHA3-256withRSA"]
        );
    }
}
