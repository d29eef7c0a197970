//! Every kind of key below every kind of signature (contract keymanager.md §7.3, §8.2 steps 12 and
//! 13).

use pms_pki::rules::{SignAlgorithms, UploadRules, check_partner};
use pms_pki::trust::PathFault;
use pms_pki::{Certificate, KeyManagerError, errors};

use crate::referees::{Case, Expected, TRUSTED, UNTRUSTED, judge};
use crate::support::{rules, store};
use crate::tools::{OpenSsl, wall_clock};

/// Name and what `openssl genpkey` takes.
const KEYS: [(&str, &str); 11] = [
    ("rsa512", "RSA -pkeyopt rsa_keygen_bits:512"),
    ("rsa1024", "RSA -pkeyopt rsa_keygen_bits:1024"),
    ("rsa2048", "RSA -pkeyopt rsa_keygen_bits:2048"),
    (
        "rsa2048e3",
        "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3",
    ),
    ("rsa3072", "RSA -pkeyopt rsa_keygen_bits:3072"),
    ("rsa4096", "RSA -pkeyopt rsa_keygen_bits:4096"),
    ("p256", "EC -pkeyopt ec_paramgen_curve:P-256"),
    ("p384", "EC -pkeyopt ec_paramgen_curve:P-384"),
    ("p521", "EC -pkeyopt ec_paramgen_curve:P-521"),
    ("secp256k1", "EC -pkeyopt ec_paramgen_curve:secp256k1"),
    ("ed25519", "ED25519"),
];

/// How a signature of an issuer counts for a partner.
#[derive(Clone, Copy, PartialEq)]
enum Counts {
    /// `SHA2..` of 224 or 256 bits, verified.
    Fully,
    /// Trusted with the switch for longer hashes only.
    Longer,
    /// Trusted in a path, never for a partner.
    InPaths,
    /// A path leads there, but this build can not verify the target.
    Unverifiable,
    /// Not at all.
    Never,
}

/// Issuer's key, options for the signature, and what it counts.
const SIGNATURES: [(&str, &str, Counts); 39] = {
    use Counts::{Fully, InPaths, Longer, Never, Unverifiable};
    const PSS: &str = "-sigopt rsa_padding_mode:pss -sha256 -sigopt rsa_pss_saltlen:32";
    const PSS_384: &str = "-sigopt rsa_padding_mode:pss -sha384 -sigopt rsa_pss_saltlen:48";
    const PSS_512: &str = "-sigopt rsa_padding_mode:pss -sha512 -sigopt rsa_pss_saltlen:64";
    const PSS_MAX: &str = "-sigopt rsa_padding_mode:pss -sha256 -sigopt rsa_pss_saltlen:max";
    const PSS_MASK: &str = "-sigopt rsa_padding_mode:pss -sha256 -sigopt rsa_mgf1_md:sha384";
    const PSS_ODD: &str = "-sigopt rsa_padding_mode:pss -sha256 -sigopt rsa_pss_saltlen:20";
    [
        ("rsa1024", "-sha1", InPaths),
        ("rsa1024", "-sha224", Unverifiable),
        ("rsa1024", "-sha256", Fully),
        ("rsa1024", "-sha384", Unverifiable),
        ("rsa1024", "-sha512", Longer),
        ("rsa2048", "-md5", Never),
        ("rsa2048", "-sha1", InPaths),
        ("rsa2048", "-sha224", Unverifiable),
        ("rsa2048", "-sha256", Fully),
        ("rsa2048", "-sha384", Longer),
        ("rsa2048", "-sha512", Longer),
        ("rsa2048", "-sha3-256", Unverifiable),
        ("rsa2048", PSS, InPaths),
        ("rsa2048", PSS_384, InPaths),
        ("rsa2048", PSS_512, InPaths),
        ("rsa2048", PSS_ODD, InPaths),
        ("rsa2048", PSS_MAX, InPaths),
        ("rsa2048", PSS_MASK, Unverifiable),
        ("rsa2048e3", "-sha256", Fully),
        ("rsa3072", "-sha256", Fully),
        ("rsa3072", PSS, InPaths),
        ("rsa4096", "-sha256", Fully),
        ("rsa4096", "-sha512", Longer),
        ("p256", "-sha1", InPaths),
        ("p256", "-sha224", Unverifiable),
        ("p256", "-sha256", Fully),
        ("p256", "-sha384", Longer),
        ("p256", "-sha512", Longer),
        ("p384", "-sha1", Unverifiable),
        ("p384", "-sha224", Unverifiable),
        ("p384", "-sha256", Fully),
        ("p384", "-sha384", Longer),
        ("p384", "-sha512", Longer),
        ("p521", "-sha224", Fully),
        ("p521", "-sha256", Fully),
        ("p521", "-sha384", Longer),
        ("p521", "-sha512", Longer),
        ("secp256k1", "-sha256", Never),
        ("ed25519", "", InPaths),
    ]
};

const NOT_COMPUTED: &str = "valid, but this build can not verify it";

fn in_path(counts: Counts, issuer: &str, leaf: &str) -> Expected {
    if leaf == "rsa512" {
        return UNTRUSTED.unlike_openssl("RSA below 1024 bits is never trusted");
    }
    match counts {
        Counts::Fully | Counts::Longer | Counts::InPaths => TRUSTED,
        Counts::Unverifiable => Expected {
            ours: Err(PathFault::Unverifiable),
            ..UNTRUSTED
                .unlike_openssl(NOT_COMPUTED)
                .unlike_java(NOT_COMPUTED)
        },
        Counts::Never if issuer == "secp256k1" => {
            UNTRUSTED.unlike_openssl("the reference knows no signatures on secp256k1")
        }
        Counts::Never => UNTRUSTED.unlike_openssl("MD5 is never trusted"),
    }
}

fn for_partner(counts: Counts, leaf: &str, rules: &UploadRules) -> Result<(), KeyManagerError> {
    if counts == Counts::Never || leaf == "rsa512" {
        return Err(errors::ISSUERS_NOT_FOUND);
    }
    if leaf == "rsa1024" {
        return Err(errors::KEY_TOO_SMALL);
    }
    match counts {
        Counts::Fully => Ok(()),
        Counts::Longer if rules.sign_algorithms == SignAlgorithms::Longer => Ok(()),
        _ => Err(errors::SIGNATURE_UNSUPPORTED),
    }
}

/// A root and a request for each kind of key; no key is used twice.
fn prepare(openssl: &OpenSsl) {
    for (name, options) in KEYS {
        for key in ["root", "leaf"] {
            openssl.run(&format!(
                "genpkey -quiet -algorithm {options} -out {key}-{name}.key"
            ));
        }
        openssl.run(&format!(
            "req -x509 -key root-{name}.key -out root-{name}.pem -days 1000 -subj /CN=Root-{name}"
        ));
        openssl.run(&format!(
            "req -new -key leaf-{name}.key -out {name}.csr -subj /C=IN/O=Acme/CN=leaf-{name}"
        ));
    }
    openssl.write("leaf.cnf", "subjectKeyIdentifier=hash\n");
}

fn leaf(openssl: &OpenSsl, name: &str, issuer: &str, options: &str) -> Certificate {
    openssl.run(&format!(
        "x509 -req -in {name}.csr -CA root-{issuer}.pem -CAkey root-{issuer}.key -days 800 -out leaf.pem \
         -extfile leaf.cnf {options}"
    ));
    openssl.certificate("leaf.pem")
}

#[test]
fn every_key_below_every_signature_is_decided_as_stated() {
    let openssl = OpenSsl::new();
    prepare(&openssl);
    let longer = UploadRules {
        sign_algorithms: SignAlgorithms::Longer,
        ..rules()
    };
    let mut cases = Vec::new();
    for (issuer, options, counts) in SIGNATURES {
        let root = openssl.certificate(&format!("root-{issuer}.pem"));
        let store = store([&root]);
        let leafs: Vec<_> = KEYS
            .iter()
            .map(|(name, _)| (*name, leaf(&openssl, name, issuer, options)))
            .collect();
        let at = wall_clock();
        for (key, target) in leafs {
            let name = format!("{key} by {issuer} {options}");
            for rules in [&rules(), &longer] {
                let judged = check_partner(&target, "Acme", &store, rules, at).map(|_| ());
                assert_eq!(judged, for_partner(counts, key, rules), "{name}");
            }
            let (roots, others) = (vec![root.clone()], Vec::new());
            let expected = in_path(counts, issuer, key);
            cases.push(Case {
                name,
                target,
                roots,
                others,
                at,
                expected,
            });
        }
    }
    judge(&cases);
}
