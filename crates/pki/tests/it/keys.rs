//! Public keys of partners: what others can't load as a key is not signed
//! (contract keymanager.md §15.3).

use pms_pki::certificate::PublicKey;
use pms_pki::rules::{SignAlgorithms, UploadRules, check_partner};
use pms_pki::{Certificate, errors};

use crate::corpus::forge::{self, Plan};
use crate::corpus::{read, store};
use crate::support::rules;
use crate::tools::OpenSsl;

const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const NULL: &[u8] = &[5, 0];

fn oid(content: &[u8]) -> Vec<u8> {
    forge::element(0x06, content)
}

/// A `SubjectPublicKeyInfo` of these parts.
fn info(kind: &[u8], parameters: &[u8], bits: &[u8]) -> Vec<u8> {
    let algorithm = forge::sequence(&[&oid(kind), parameters]);
    forge::sequence(&[&algorithm, &forge::element(0x03, &[&[0], bits].concat())])
}

/// A curve whose parameters are nonsense.
pub(crate) fn garbage_curve() -> Vec<u8> {
    info(
        EC,
        &forge::element(0x04, b"garbage"),
        &[&[4][..], &[1; 64]].concat(),
    )
}

/// Whether a partner's certificate with this key is accepted.
fn passes(info: &[u8]) -> bool {
    let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
    plan.info = Some(info.to_vec());
    let rules = UploadRules {
        sign_algorithms: SignAlgorithms::Named(vec!["Ed25519".to_owned()]),
        ..rules()
    };
    let trusted = store(&[read(&Plan::root("Root", 0))]);
    // A key of no octets is not even read.
    let Ok(leaf) = Certificate::from_der(&plan.sign()) else {
        return false;
    };
    match check_partner(&leaf, "Acme Ltd", &trusted, &rules, forge::now()) {
        Ok(_) => true,
        Err(refusal) => {
            // RSA without a modulus has too few bits for any path.
            let known = [errors::INVALID_CERTIFICATE, errors::ISSUERS_NOT_FOUND];
            assert!(known.contains(&refusal), "{refusal}");
            false
        }
    }
}

/// What `openssl genpkey` makes with these options.
fn made(openssl: &OpenSsl, options: &str) -> Vec<u8> {
    openssl.run(&format!("genpkey -quiet -algorithm {options} -out k.pem"));
    openssl.run("pkey -in k.pem -pubout -outform DER -out k.der");
    std::fs::read(openssl.path("k.der")).unwrap()
}

#[test]
fn every_kind_of_key_that_others_load_passes() {
    let openssl = OpenSsl::new();
    for options in [
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "RSA -pkeyopt rsa_keygen_bits:3072",
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048",
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256",
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "EC -pkeyopt ec_paramgen_curve:P-521",
        "EC -pkeyopt ec_paramgen_curve:secp224r1",
        "EC -pkeyopt ec_paramgen_curve:secp256k1",
        "EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
        "EC -pkeyopt ec_paramgen_curve:brainpoolP384r1",
        "EC -pkeyopt ec_paramgen_curve:brainpoolP512r1",
        "ED25519",
        "ED448",
    ] {
        let info = made(&openssl, options);
        assert!(passes(&info), "{options}");
        // Another last octet is another key, or none: off its curve half of the time and more.
        let changed = (1..=8_u8).map(|change| {
            let mut changed = info.clone();
            *changed.last_mut().unwrap() ^= change;
            PublicKey::from_der(&changed).unwrap().is_usable()
        });
        if options.starts_with("EC") {
            assert!(changed.into_iter().all(|usable| !usable), "{options}");
        } else if options.starts_with("ED") {
            // The last octet of these holds the sign and the highest bits.
            let _ = changed.count();
        }
    }
}

#[test]
fn dsa_keys_pass_when_they_are_in_their_group() {
    let openssl = OpenSsl::new();
    openssl
        .run("genpkey -quiet -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out p.pem");
    openssl.run("genpkey -quiet -paramfile p.pem -out k.pem");
    openssl.run("pkey -in k.pem -pubout -outform DER -out k.der");
    let info = std::fs::read(openssl.path("k.der")).unwrap();
    let mut changed = info.clone();
    *changed.last_mut().unwrap() ^= 1;

    assert!(passes(&info));
    assert!(!passes(&changed));
}

#[test]
fn keys_that_others_can_not_load_are_refused() {
    let openssl = OpenSsl::new();
    let rsa = made(&openssl, "RSA -pkeyopt rsa_keygen_bits:2048");
    let rsa = PublicKey::from_der(&rsa).unwrap().bits().to_vec();
    let p256 = made(&openssl, "EC -pkeyopt ec_paramgen_curve:P-256");
    let point = PublicKey::from_der(&p256).unwrap().bits().to_vec();
    let edwards = made(&openssl, "ED25519");
    let edwards = PublicKey::from_der(&edwards).unwrap().bits().to_vec();
    let explicit = {
        openssl.run("genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -out e.pem");
        openssl.run("pkey -in e.pem -pubout -outform DER -out e.der");
        std::fs::read(openssl.path("e.der")).unwrap()
    };
    let unused = {
        let bits = forge::element(0x03, &[&[3], &point[..]].concat());
        let algorithm = forge::sequence(&[&oid(EC), &oid(P256)]);
        forge::sequence(&[&algorithm, &bits])
    };
    let small_dsa = forge::sequence(&[
        &forge::element(0x02, &[23]),
        &forge::element(0x02, &[11]),
        &forge::element(0x02, &[4]),
    ]);
    let dsa = [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("garbage parameters", garbage_curve()),
        ("no parameters", info(EC, &[], &point)),
        ("NULL parameters", info(EC, NULL, &point)),
        ("unknown curve", info(EC, &oid(&[0x2a, 3, 4]), &point)),
        (
            "secp192k1",
            info(
                EC,
                &oid(&[0x2b, 0x81, 4, 0, 31]),
                &[&[4][..], &[1; 48]].concat(),
            ),
        ),
        (
            "curve in an octet string",
            info(EC, &forge::element(0x04, P256), &point),
        ),
        (
            "curve and more",
            info(EC, &[oid(P256), NULL.to_vec()].concat(), &point),
        ),
        ("explicit parameters", explicit),
        (
            "off the curve",
            info(EC, &oid(P256), &[&[4][..], &[1; 64]].concat()),
        ),
        ("no point", info(EC, &oid(P256), &[])),
        ("point at infinity", info(EC, &oid(P256), &[0])),
        ("cut point", info(EC, &oid(P256), &point[..64])),
        (
            "hybrid point",
            info(EC, &oid(P256), &[&[6][..], &point[1..]].concat()),
        ),
        (
            "off secp256k1",
            info(EC, &oid(&[0x2b, 0x81, 4, 0, 10]), &point),
        ),
        ("unknown algorithm", info(&[0x2a, 3, 4, 5], NULL, &rsa)),
        ("X25519", info(&[0x2b, 0x65, 0x6e], &[], &edwards)),
        ("RSA with a curve", info(RSA, &oid(P256), &rsa)),
        (
            "RSA with garbage",
            info(RSA, &forge::element(0x04, b"garbage"), &rsa),
        ),
        ("RSA of a point", info(RSA, NULL, &point)),
        ("RSA without numbers", info(RSA, NULL, &[])),
        ("RSA and more", info(RSA, NULL, &[&rsa[..], &[0]].concat())),
        (
            "PSS with garbage",
            info(
                &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10],
                &forge::element(0x04, b"garbage"),
                &rsa,
            ),
        ),
        ("Ed25519 with NULL", info(ED25519, NULL, &edwards)),
        ("Ed25519 cut", info(ED25519, &[], &edwards[..31])),
        (
            "Ed25519 longer",
            info(ED25519, &[], &[&edwards[..], &[0]].concat()),
        ),
        (
            "Ed448 of 32 octets",
            info(&[0x2b, 0x65, 0x71], &[], &edwards),
        ),
        ("unused bits", unused),
        (
            "small DSA",
            info(&dsa, &small_dsa, &forge::element(0x02, &[2])),
        ),
        (
            "DSA without a group",
            info(&dsa, &[], &forge::element(0x02, &[2])),
        ),
    ];
    for (name, info) in cases {
        assert!(!passes(&info), "{name}");
    }
}

#[test]
fn rsa_parameters_may_be_absent() {
    let openssl = OpenSsl::new();
    let rsa = made(&openssl, "RSA -pkeyopt rsa_keygen_bits:2048");
    let rsa = PublicKey::from_der(&rsa).unwrap().bits().to_vec();

    assert!(passes(&info(RSA, &[], &rsa)));
}

#[test]
fn curve_points_are_recognised() {
    // y = 2 has no x on either Edwards curve or a known one: half of all y have none.
    let found = |size: usize, kind: &[u8]| {
        let usable = (2..40_u8).filter(|y| {
            let mut bits = vec![0; size];
            bits[0] = *y;
            let key = PublicKey::from_der(&info(kind, &[], &bits)).unwrap();
            key.is_usable()
        });
        usable.count()
    };
    for (size, kind) in [(32, ED25519), (57, &[0x2b, 0x65, 0x71][..])] {
        assert!((5..35).contains(&found(size, kind)), "{kind:?}");
    }
}
