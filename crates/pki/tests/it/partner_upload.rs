use pms_pki::rules::{SignAlgorithms, UploadRules, check_partner};
use pms_pki::{Certificate, KeyManagerError, errors};
use rcgen::{DistinguishedName, DnType, PublicKeyData};

use crate::support::{
    NOW, Party, RSA, ca_params, days, other_key, params, root, rsa_with, rules, store, valid,
};

fn check(leaf: &Certificate) -> Result<(), KeyManagerError> {
    check_as(leaf, "Acme Ltd", &rules())
}

fn check_as(
    leaf: &Certificate,
    organization: &str,
    rules: &UploadRules,
) -> Result<(), KeyManagerError> {
    let store = store([&root().certificate]);
    check_partner(leaf, organization, &store, rules, *NOW).map(|_| ())
}

#[test]
fn a_leaf_of_a_trusted_ca_passes() {
    let root = root();
    let leaf = root.issue(params("Leaf"), &RSA[1]).certificate;

    let path = check_partner(
        &leaf,
        "Acme Ltd",
        &store([&root.certificate]),
        &rules(),
        *NOW,
    );

    assert_eq!(path.unwrap().chain(&leaf), [&leaf, &root.certificate]);
}

#[test]
fn dates_are_checked_first() {
    let dated = |from, to| {
        let mut params = params("Leaf");
        valid(&mut params, days(from), days(to));
        check(&Party::root(params, &RSA[1]).certificate)
    };

    assert_eq!(dated(1, 900), Err(errors::FUTURE_DATED));
    assert_eq!(dated(-900, -1), Err(errors::DATES_INVALID));
    assert_eq!(dated(-1, 334), Err(errors::PARTNER_VALIDITY_TOO_SHORT));
    assert_eq!(dated(-1, 335), Err(errors::SELF_SIGNED_PARTNER));
}

#[test]
fn the_issuer_must_be_trusted_in_the_domain() {
    let stranger = Party::root(ca_params("Stranger"), &RSA[1]);

    let leaf = stranger.issue(params("Leaf"), &RSA[2]);

    assert_eq!(check(&leaf.certificate), Err(errors::ISSUERS_NOT_FOUND));
}

#[test]
fn the_organization_is_compared_exactly_and_unescaped() {
    let named = |organization: Option<&str>| {
        let mut params = params("Leaf");
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Leaf");
        if let Some(organization) = organization {
            params
                .distinguished_name
                .push(DnType::OrganizationName, organization);
        }
        root().issue(params, &RSA[1]).certificate
    };
    let check = |leaf: &Certificate, name| check_as(leaf, name, &rules());

    assert_eq!(check(&named(Some("Acme, Inc.")), "Acme, Inc."), Ok(()));
    assert_eq!(
        check(&named(Some("Acme")), "ACME"),
        Err(errors::ORGANIZATION_MISMATCH)
    );
    assert_eq!(
        check(&named(None), "Acme"),
        Err(errors::ORGANIZATION_MISMATCH)
    );
}

#[test]
fn a_subject_without_common_name_is_refused() {
    let mut nameless = params("Leaf");
    nameless.distinguished_name.remove(DnType::CommonName);

    let leaf = root().issue(nameless, &RSA[1]);

    assert_eq!(check(&leaf.certificate), Err(errors::INVALID_CERTIFICATE));
}

#[test]
fn a_common_name_or_organization_that_shows_nothing_is_none() {
    let named = |name: &str, organization: &str| {
        let mut params = params("Leaf");
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params
            .distinguished_name
            .push(DnType::OrganizationName, organization);
        root().issue(params, &RSA[1]).certificate
    };

    for blank in ["", " ", "   ", "\u{a0}", "\u{200b}", "\u{3164} "] {
        let nameless = named(blank, "Acme Ltd");
        assert_eq!(
            check(&nameless),
            Err(errors::INVALID_CERTIFICATE),
            "{blank:?}"
        );
        let of_nobody = named("Leaf", blank);
        assert_eq!(
            check_as(&of_nobody, blank, &rules()),
            Err(errors::ORGANIZATION_MISMATCH),
            "{blank:?}"
        );
    }
    assert_eq!(check(&named(" Leaf ", "Acme Ltd")), Ok(()));
}

#[test]
fn a_key_that_nobody_can_use_is_refused() {
    struct Key(Vec<u8>, &'static rcgen::SignatureAlgorithm);
    impl PublicKeyData for Key {
        fn der_bytes(&self) -> &[u8] {
            &self.0
        }
        fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
            self.1
        }
    }
    let check_key = |key: Key| {
        let root = ca_params("Root");
        let issuer = rcgen::Issuer::from_params(&root, &RSA[0]);
        let leaf = params("Leaf").signed_by(&key, &issuer).unwrap();
        check(&Certificate::from_der(leaf.der()).unwrap())
    };
    let good = RSA[1].der_bytes().to_vec();
    let mut even_exponent = good.clone();
    *even_exponent.last_mut().unwrap() = 0;
    let off_the_curve = [&[4][..], &[1; 64]].concat();
    let longer = [&good[..], &[0]].concat();
    // The same keys in other words.
    let point = other_key(&rcgen::PKCS_ECDSA_P256_SHA256);
    let edwards = other_key(&rcgen::PKCS_ED25519);
    let compressed = [
        &[2 + point.der_bytes()[64] % 2][..],
        &point.der_bytes()[1..33],
    ]
    .concat();

    assert_eq!(check_key(Key(good, &rcgen::PKCS_RSA_SHA256)), Ok(()));
    for key in [point, edwards] {
        let plain = Key(key.der_bytes().to_vec(), key.algorithm());
        assert_eq!(check_key(plain), Ok(()));
    }
    for key in [
        Key(even_exponent, &rcgen::PKCS_RSA_SHA256),
        Key(longer, &rcgen::PKCS_RSA_SHA256),
        Key(off_the_curve, &rcgen::PKCS_ECDSA_P256_SHA256),
        Key(compressed, &rcgen::PKCS_ECDSA_P256_SHA256),
        Key(
            point.subject_public_key_info(),
            &rcgen::PKCS_ECDSA_P256_SHA256,
        ),
        Key(edwards.subject_public_key_info(), &rcgen::PKCS_ED25519),
    ] {
        assert_eq!(check_key(key), Err(errors::INVALID_CERTIFICATE));
    }
}

#[test]
fn longer_hashes_are_refused_unless_they_are_switched_on() {
    let lenient = UploadRules {
        sign_algorithms: SignAlgorithms::Longer,
        ..rules()
    };
    for algorithm in [&rcgen::PKCS_RSA_SHA384, &rcgen::PKCS_RSA_SHA512] {
        let leaf = root()
            .issue_with(params("Leaf"), &RSA[1], &rsa_with(algorithm))
            .certificate;

        assert_eq!(check(&leaf), Err(errors::SIGNATURE_UNSUPPORTED));
        assert_eq!(check_as(&leaf, "Acme Ltd", &lenient), Ok(()));
    }
}

#[test]
fn a_leaf_with_an_elliptic_curve_key_passes() {
    let leaf = root().issue(params("Leaf"), other_key(&rcgen::PKCS_ECDSA_P256_SHA256));

    assert_eq!(check(&leaf.certificate), Ok(()));
}

#[test]
fn a_signature_with_ed25519_is_refused_only_after_the_organization() {
    let root = Party::root(ca_params("Root"), other_key(&rcgen::PKCS_ED25519));
    let leaf = root.issue(params("Leaf"), &RSA[1]).certificate;
    let store = store([&root.certificate]);
    let check = |name| check_partner(&leaf, name, &store, &rules(), *NOW).unwrap_err();

    assert_eq!(check("Other"), errors::ORGANIZATION_MISMATCH);
    assert_eq!(check("Acme Ltd"), errors::SIGNATURE_UNSUPPORTED);
}
