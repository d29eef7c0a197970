//! The forms in which people paste certificates, and what they hear when it is none
//! (contract keymanager.md §6.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_pki::reading::{read_authorities, read_bundle, read_certificate};
use pms_pki::rules::{UploadStatus, admit_authorities, check_partner};
use pms_pki::trust::TrustStore;
use pms_pki::{errors, pack};

use crate::support::{NOW, RSA, ca_params, params, root, rules, store};
use crate::tools::{OpenSsl, wall_clock};

#[test]
fn a_certificate_is_read_in_every_form_that_opens_elsewhere() {
    let root = root();
    let pem = &root.pem;
    let one_line = pem.replace('\n', "");
    let forms = [
        ("byte-order mark", format!("\u{feff}{pem}")),
        ("two byte-order marks", format!("\u{feff}\u{feff}{pem}")),
        (
            "indented",
            pem.lines().map(|line| format!("      {line}\n")).collect(),
        ),
        (
            "indented by tabs",
            pem.lines().map(|line| format!("\t{line}\r\n")).collect(),
        ),
        ("one line", one_line.clone()),
        ("one line with blanks", pem.replace('\n', " ")),
        ("written line ends", pem.replace('\n', "\\n")),
        ("written line ends of Windows", pem.replace('\n', "\\r\\n")),
        ("written and real line ends", pem.replace('\n', "\\n\n")),
        ("in quotes", format!("\"{}\"", pem.replace('\n', "\\n"))),
        ("as a value", format!("certificate: {pem}")),
        ("no-break spaces", pem.replace('\n', "\u{a0}\n")),
        ("zero-width spaces", pem.replace('\n', "\u{200b}\n")),
        ("line ends of old", pem.replace('\n', "\r")),
        ("blank lines", pem.replace('\n', "\n\n")),
    ];
    for (name, text) in forms {
        assert_eq!(
            read_certificate(&text).as_ref(),
            Ok(&root.certificate),
            "{name}"
        );
        for bundles in [true, false] {
            let read = read_authorities(&text, bundles);
            let expected = std::slice::from_ref(&root.certificate);
            assert_eq!(read.unwrap(), expected, "{name}");
        }
        let two = format!("{text}\n{text}");
        assert_eq!(read_authorities(&two, true).unwrap().len(), 2, "{name}");
    }
}

/// What is said about a text that holds no certificate, by both kinds of uploads.
fn reported(text: &str) -> [String; 2] {
    let partner = read_certificate(text).unwrap_err();
    assert_eq!(partner.code, "KER-KMS-013");
    let authority = read_authorities(text, true).unwrap_err();
    assert!(
        ["KER-CRY-003", "KER-PCM-001"].contains(&authority.code),
        "{authority}"
    );
    [partner, authority].map(|refusal| refusal.message.into_owned())
}

#[test]
fn what_is_wrong_is_said_behind_the_text_of_the_contract() {
    let openssl = OpenSsl::new();
    let mut private = Vec::new();
    for (name, options) in [
        ("rsa", "RSA -pkeyopt rsa_keygen_bits:2048"),
        ("ec", "EC -pkeyopt ec_paramgen_curve:P-256"),
        ("ed", "ED25519"),
    ] {
        openssl.run(&format!(
            "genpkey -quiet -algorithm {options} -out {name}.pem"
        ));
        private.push(openssl.read(&format!("{name}.pem")));
    }
    openssl.run("rsa -in rsa.pem -traditional -out pkcs1.pem");
    openssl.run("ec -in ec.pem -out sec1.pem");
    openssl.run("pkcs8 -topk8 -in rsa.pem -passout pass:secret -out sealed.pem");
    private.extend(["pkcs1.pem", "sec1.pem", "sealed.pem"].map(|name| openssl.read(name)));
    // The label is not what tells.
    private.push(private[0].replace("PRIVATE KEY", "CERTIFICATE"));
    private.push(private[0].replace('\n', "\\n"));
    private.push(private[0].replace("-----END", "-----AND"));
    let bare = private[0].lines().filter(|line| !line.starts_with('-'));
    private.push(bare.collect::<Vec<_>>().join("\n"));
    openssl.run("req -new -key rsa.pem -subj /CN=Leaf -out request.pem");
    openssl.run("pkey -in rsa.pem -pubout -out public.pem");
    let request = openssl.read("request.pem");
    let binary = String::from_utf8_lossy(root().certificate.der()).into_owned();

    let mut cases: Vec<(String, &str)> = vec![
        (request.clone(), "This is a certificate request"),
        (
            request.replace("CERTIFICATE REQUEST", "CERTIFICATE"),
            "This is a certificate request",
        ),
        (openssl.read("public.pem"), "This is a public key"),
        (binary, "This is a binary file: save it as Base64."),
        (
            STANDARD.encode(root().certificate.der()),
            "The lines BEGIN CERTIFICATE and END CERTIFICATE are missing.",
        ),
    ];
    cases.extend(
        private
            .into_iter()
            .map(|text| (text, "This is a private key")),
    );
    for (text, expected) in cases {
        for said in reported(&text) {
            assert!(said.contains(expected), "{said:?} for {text}");
            // A blank stands between two sentences.
            let glued = |two: &[u8]| two[0] == b'.' && two[1].is_ascii_alphabetic();
            assert!(!said.as_bytes().windows(2).any(glued), "{said:?}");
            // None of what was pasted comes back.
            let longest = text.split(|c: char| !c.is_ascii_alphanumeric());
            let longest = longest.max_by_key(|word| word.len()).unwrap();
            assert!(!said.contains(longest), "{said}");
        }
    }
}

#[test]
fn a_bundle_for_a_partner_and_an_unknown_label_are_reported() {
    let root = root();
    let bundle = pack::p7b_file(&[&root.certificate]);

    let refusal = read_certificate(&bundle).unwrap_err();
    assert!(
        refusal.message.contains("This is a PKCS#7 bundle"),
        "{refusal}"
    );

    // Anything may stand in the place of the label.
    let odd = read_certificate("-----BEGIN MIIEvQIBADANBgkqhk-----\nAAAA").unwrap_err();
    assert!(!odd.message.contains("MIIE"), "{odd}");
}

#[test]
fn the_version_is_reported() {
    let openssl = OpenSsl::new();
    let root = openssl.root("root", "rsa:2048", "");
    let leaf = openssl.leaf("leaf", "rsa:2048", "root", "");

    let refusal = check_partner(&leaf, "Acme", &store([&root]), &rules(), wall_clock());

    let refusal = refusal.unwrap_err();
    assert_eq!(refusal.code, errors::VERSION_UNSUPPORTED.code);
    assert_eq!(
        refusal.message,
        "Certificate version not supported. This is X.509 version 1, and version 3 is needed."
    );
}

#[test]
fn a_certificate_beside_a_block_of_another_kind_is_a_partial_success() {
    let openssl = OpenSsl::new();
    openssl.run("genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem");
    openssl.run("genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem");
    openssl.run("rsa -in rsa.pem -traditional -out pkcs1.pem");
    openssl.run("pkcs8 -topk8 -in rsa.pem -passout pass:secret -out sealed.pem");
    openssl.run("pkey -in rsa.pem -pubout -out public.pem");
    openssl.run("req -new -key rsa.pem -subj /CN=Leaf -out request.pem");
    let named = ["rsa", "ec", "pkcs1", "sealed", "public", "request"];
    let mut others: Vec<(&str, String)> = named
        .into_iter()
        .map(|name| (name, openssl.read(&format!("{name}.pem"))))
        .collect();
    let labelled = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
    others.push(("list of revoked certificates", labelled("X509 CRL")));
    others.push(("parameters", labelled("DH PARAMETERS")));
    let root = root();
    for (name, other) in others {
        for text in [
            format!("{other}{}", root.pem),
            format!("{}{other}", root.pem),
        ] {
            let bundle = read_bundle(&text, true).unwrap();

            let expected = std::slice::from_ref(&root.certificate);
            assert_eq!(bundle.certificates, expected, "{name}");
            assert_eq!(bundle.unreadable, 1, "{name}");
            let upload =
                admit_authorities(bundle, &mut TrustStore::new(), &rules(), *NOW, String::new);
            assert_eq!(upload.unwrap().status, UploadStatus::Partial, "{name}");
        }
    }
}

#[test]
fn a_bundle_with_a_broken_block_is_a_partial_success() {
    let (one, other) = (
        root(),
        crate::support::Party::root(ca_params("Other"), &RSA[1]),
    );
    let leaf = one.issue(params("Leaf"), &RSA[2]);
    let body = STANDARD.encode(other.certificate.der());
    let block =
        |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let broken = [
        ("not base64", block("%%%")),
        ("cut", block(body.split_at(400).0)),
        ("no certificate", block("AAAA")),
        (
            "never closed",
            format!("-----BEGIN CERTIFICATE-----\n{body}\n"),
        ),
    ];
    for (name, broken) in broken {
        for text in [
            format!("{}{broken}", one.pem),
            format!("{broken}{}", one.pem),
        ] {
            let bundle = read_bundle(&text, true).unwrap();
            assert_eq!(
                (bundle.certificates.len(), bundle.unreadable),
                (1, 1),
                "{name}"
            );
            let upload =
                admit_authorities(bundle, &mut TrustStore::new(), &rules(), *NOW, String::new);
            assert_eq!(upload.unwrap().status, UploadStatus::Partial, "{name}");
        }
    }
    // The same in a row.
    let mut cut = other.certificate.der().to_vec();
    let place = cut.len() / 2;
    cut[4] = 0x04;
    cut[place] ^= 1;
    let row = [one.certificate.der(), &cut, leaf.certificate.der()].concat();
    let row = base64::engine::general_purpose::URL_SAFE.encode(row);
    let bundle = read_bundle(&row, true).unwrap();
    assert_eq!((bundle.certificates.len(), bundle.unreadable), (2, 1));
}
