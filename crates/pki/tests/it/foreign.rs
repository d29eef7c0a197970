//! Certificates made by OpenSSL: accepted, or refused for the right reason.

use pms_pki::certificate::{Curve, KeyAlgorithm, SignatureCheck};
use pms_pki::rules::{admit_authorities, check_partner};
use pms_pki::trust::{PathFault, TrustStore};
use pms_pki::{Certificate, KeyManagerError, errors};

use crate::support::{rules, store};
use crate::tools::{OpenSsl, wall_clock};

fn check(leaf: &Certificate, root: &Certificate) -> Result<(), KeyManagerError> {
    let store = store([root]);
    check_partner(leaf, "Acme", &store, &rules(), wall_clock()).map(|_| ())
}

#[test]
fn rsa_and_elliptic_curve_certificates_are_accepted() {
    for key in [
        "rsa:2048",
        "rsa:4096",
        "ec -pkeyopt ec_paramgen_curve:P-256",
    ] {
        let openssl = OpenSsl::new();
        let root = openssl.root("root", key, "");
        let leaf = openssl.leaf("leaf", key, "root", "-extfile leaf.cnf");

        let stored = admit_authorities(
            vec![root.clone()],
            &mut TrustStore::new(),
            &rules(),
            wall_clock(),
            String::new,
        );

        assert!(stored.is_ok());
        assert_eq!(check(&leaf, &root), Ok(()));
    }
}

#[test]
fn sha384_by_a_p384_root_is_trusted_but_refused_for_partners() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "ec -pkeyopt ec_paramgen_curve:P-384", "-sha384");
    let leaf = openssl.leaf("leaf", "rsa:2048", "root", "-sha384 -extfile leaf.cnf");

    assert!(store([&root]).path(&leaf, wall_clock(), &rules()).is_ok());
    assert_eq!(check(&leaf, &root), Err(errors::SIGNATURE_UNSUPPORTED));
}

#[test]
fn version_1_is_refused_after_the_path() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "rsa:2048", "");
    let stranger = openssl.root("stranger", "rsa:2048", "");
    let leaf = openssl.leaf("leaf", "rsa:2048", "root", "");

    assert_eq!(leaf.version(), 1);
    assert_eq!(check(&leaf, &stranger), Err(errors::ISSUERS_NOT_FOUND));
    assert_eq!(
        check(&leaf, &root).unwrap_err().code,
        errors::VERSION_UNSUPPORTED.code
    );
}

#[test]
fn a_key_of_1024_bits_is_trusted_but_refused_for_partners() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "rsa:1024", "");
    let leaf = openssl.leaf("leaf", "rsa:1024", "root", "-extfile leaf.cnf");

    assert_eq!(
        leaf.public_key().algorithm,
        KeyAlgorithm::Rsa { bits: 1024 }
    );
    assert!(store([&root]).path(&leaf, wall_clock(), &rules()).is_ok());
    assert_eq!(check(&leaf, &root), Err(errors::KEY_TOO_SMALL));
}

#[test]
fn sha1_is_trusted_but_refused_for_partners_and_md5_is_not_even_trusted() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "rsa:2048", "");
    let sha1 = openssl.leaf("sha1", "rsa:2048", "root", "-sha1 -extfile leaf.cnf");
    let md5 = openssl.leaf("md5", "rsa:2048", "root", "-md5 -extfile leaf.cnf");

    assert_eq!(check(&sha1, &root), Err(errors::SIGNATURE_UNSUPPORTED));
    assert_eq!(check(&md5, &root), Err(errors::ISSUERS_NOT_FOUND));
}

#[test]
fn signatures_that_can_not_be_verified_here_are_never_accepted() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "rsa:2048", "");
    for hash in ["-sha224", "-sha3-256"] {
        let leaf = openssl.leaf(
            "leaf",
            "rsa:2048",
            "root",
            &format!("{hash} -extfile leaf.cnf"),
        );

        let path = store([&root]).path(&leaf, wall_clock(), &rules());

        assert_eq!(path.unwrap_err(), PathFault::Unverifiable);
        assert_eq!(check(&leaf, &root), Err(errors::SIGNATURE_UNSUPPORTED));
    }
}

#[test]
fn pss_signatures_are_trusted_but_refused_for_partners() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "rsa:2048", "");
    let pss = "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32";
    let leaf = openssl.leaf(
        "leaf",
        "rsa:2048",
        "root",
        &format!("{pss} -extfile leaf.cnf"),
    );

    assert!(store([&root]).path(&leaf, wall_clock(), &rules()).is_ok());
    assert_eq!(check(&leaf, &root), Err(errors::SIGNATURE_UNSUPPORTED));
}

#[test]
fn secp256k1_may_be_a_partners_key_but_signs_nothing() {
    let openssl = OpenSsl::new();
    let key = "ec -pkeyopt ec_paramgen_curve:secp256k1";
    let root = openssl.root("root", "rsa:2048", "");
    let leaf = openssl.leaf("leaf", key, "root", "-extfile leaf.cnf");
    let koblitz = openssl.root("koblitz", key, "");
    let below = openssl.leaf("below", "rsa:2048", "koblitz", "-extfile leaf.cnf");

    assert_eq!(leaf.public_key().algorithm, KeyAlgorithm::Ec(Curve::Other));
    assert_eq!(check(&leaf, &root), Ok(()));
    assert!(!koblitz.is_self_signed());
    assert_eq!(
        below.check_signature(koblitz.public_key()),
        SignatureCheck::Invalid
    );
    assert_eq!(check(&below, &koblitz), Err(errors::ISSUERS_NOT_FOUND));
}

#[test]
fn a_bundle_made_by_openssl_is_read() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "rsa:2048", "");
    let leaf = openssl.leaf("leaf", "rsa:2048", "root", "-extfile leaf.cnf");

    openssl.run("crl2pkcs7 -nocrl -certfile leaf.pem -certfile root.pem -out chain.p7b");
    let read = pms_pki::reading::read_authorities(&openssl.read("chain.p7b"), true).unwrap();

    assert_eq!(read, [root, leaf]);
}
