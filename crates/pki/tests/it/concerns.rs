//! Partner keys at the edge of what is allowed (contract keymanager.md §15.3).

use pms_pki::Certificate;
use pms_pki::rules::{Concern, Domain, check_partner, partner_concerns};
use rcgen::{KeyUsagePurpose, PublicKeyData};

use crate::corpus::forge;
use crate::support::{NOW, RSA, ca_params, other_key, params, root, rules, store};
use crate::tools::OpenSsl;

/// Only the public half of a key.
struct Key(Vec<u8>);

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

fn rsa(bits: usize, exponent: &[u8]) -> Certificate {
    let mut modulus = vec![0xff; bits / 8];
    modulus[0] = 0xc3;
    modulus.insert(0, 0);
    let numbers = [
        forge::element(0x02, &modulus),
        forge::element(0x02, exponent),
    ];
    let key = Key(forge::sequence(&[&numbers[0], &numbers[1]]));
    let root = ca_params("Root");
    let issuer = rcgen::Issuer::from_params(&root, &RSA[0]);
    let leaf = params("Leaf").signed_by(&key, &issuer).unwrap();
    Certificate::from_der(leaf.der()).unwrap()
}

fn passes(certificate: &Certificate) -> bool {
    let store = store([&root().certificate]);
    check_partner(certificate, "Acme Ltd", &store, &rules(), *NOW).is_ok()
}

fn concerns(certificate: &Certificate, domain: &str) -> Vec<Concern> {
    partner_concerns(certificate, &Domain::parse(domain, &rules()).unwrap())
}

#[test]
fn rsa_keys_have_2048_to_8192_bits() {
    let f4 = [1, 0, 1];
    for (bits, expected) in [
        (2040, false),
        (2048, true),
        (8192, true),
        (8200, false),
        (16384, false),
    ] {
        assert_eq!(passes(&rsa(bits, &f4)), expected, "{bits}");
    }
}

#[test]
fn small_exponents_are_a_concern_and_even_ones_are_refused() {
    let small = rsa(2048, &[3]);
    assert!(passes(&small));
    assert_eq!(concerns(&small, "AUTH"), [Concern::SmallExponent]);
    assert_eq!(concerns(&rsa(2048, &[1, 0, 1]), "AUTH"), []);
    for exponent in [
        &[1][..],
        &[2],
        &[0],
        &[1, 0, 0],
        &[0xff],
        &[1, 0, 0, 0, 0, 0, 0, 0, 1],
    ] {
        assert!(!passes(&rsa(2048, exponent)), "{exponent:?}");
    }
}

#[test]
fn a_usage_that_does_not_fit_is_a_concern() {
    let used = |usages: &[KeyUsagePurpose]| {
        let mut params = params("Leaf");
        params.key_usages = usages.to_vec();
        root().issue(params, &RSA[1]).certificate
    };
    let (signs, encrypts) = (
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
    );
    let encrypting = used(&[encrypts]);

    assert!(passes(&encrypting));
    assert_eq!(concerns(&encrypting, "AUTH"), []);
    assert_eq!(concerns(&encrypting, "DEVICE"), [Concern::Usage]);
    assert_eq!(concerns(&used(&[signs]), "DEVICE"), []);
    assert_eq!(concerns(&used(&[]), "DEVICE"), []);
    assert_eq!(
        Concern::Usage.to_string(),
        "key usage without digitalSignature"
    );
}

#[test]
fn a_curve_that_nothing_is_verified_on_is_a_concern() {
    let openssl = OpenSsl::new();
    openssl.root("root", "rsa:2048", "");
    let koblitz = "ec -pkeyopt ec_paramgen_curve:secp256k1";
    let leaf = openssl.leaf("leaf", koblitz, "root", "-extfile leaf.cnf");
    let known = root().issue(params("Leaf"), other_key(&rcgen::PKCS_ECDSA_P256_SHA256));

    assert_eq!(concerns(&leaf, "AUTH"), [Concern::UnknownKey]);
    assert_eq!(concerns(&known.certificate, "AUTH"), []);
}
