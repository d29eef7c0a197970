//! Serial numbers, dates and names at the edges, and what we issue, read by everyone.

use pms_pki::certificate::Attribute;
use pms_pki::issue::{self, PartnerProfile};
use pms_pki::rules::{Domain, UploadRules};
use pms_pki::{Certificate, pack};

use crate::corpus::forge::{self, Plan};
use crate::corpus::read;
use crate::referees::ask_java;
use crate::support::{NOW, OurCa, RSA, other_key, params, root, rules};
use crate::tools::OpenSsl;

/// Asserts that Java sees the same version, serial number, dates, encoding and, where it is given,
/// the same subject as we do.
fn java_agrees(certificates: &[(&str, Certificate, Option<&str>)]) {
    let folder = OpenSsl::new();
    let question = |(place, (_, certificate, _)): (usize, &(&str, Certificate, Option<&str>))| {
        let name = format!("{place}.der");
        folder.write(&name, certificate.der());
        format!("facts\t{}", folder.path(&name).display())
    };
    let questions: Vec<_> = certificates.iter().enumerate().map(question).collect();
    let Some(answers) = ask_java(&questions) else {
        return;
    };
    for ((name, certificate, subject), answer) in certificates.iter().zip(&answers) {
        let validity = certificate.validity();
        let ours = [
            "ok".to_owned(),
            certificate.version().to_string(),
            certificate.serial(),
            validity.not_before.timestamp().to_string(),
            validity.not_after.timestamp().to_string(),
            certificate.thumbprint(),
        ]
        .join("\t");
        let (facts, seen) = answer.rsplit_once('\t').unwrap_or((answer, ""));
        assert_eq!(facts, ours, "{name}: {answer}");
        if let Some(subject) = subject {
            assert_eq!(seen, *subject, "{name}");
        }
    }
}

#[test]
fn serial_numbers_are_those_that_others_see() {
    let cases: [(&str, &[u8], &str); 9] = [
        ("zero", &[0], "0"),
        ("one", &[1], "1"),
        ("minus one", &[0xff], "-1"),
        ("smallest of two octets", &[0x80, 0], "-32768"),
        ("high bit", &[0, 0xff], "255"),
        (
            "that of a real root",
            &(-4_624_122_285_538_980_837_i64).to_be_bytes(),
            "-4624122285538980837",
        ),
        (
            "twenty octets",
            &[0x7f; 20],
            "727885129180488904360266563744972327436484050815",
        ),
        (
            "sixty-four octets",
            &[&[1_u8][..], &[0; 63]].concat(),
            &num_text(63 * 8),
        ),
        ("not the shortest form", &[0, 0, 5], "5"),
    ];
    let mut certificates = Vec::new();
    for (name, digits, expected) in &cases {
        let mut plan = Plan::root("Root", 0);
        plan.serial = forge::element(0x02, digits);
        // Some readers refuse what is not the shortest form.
        let Ok(certificate) = Certificate::from_der(&plan.sign()) else {
            assert_eq!(*name, "not the shortest form");
            continue;
        };
        assert_eq!(certificate.serial(), *expected, "{name}");
        if *name != "not the shortest form" {
            certificates.push((*name, certificate, None));
        }
    }
    java_agrees(&certificates);
}

/// 2 to the power of `exponent`, in decimal.
fn num_text(exponent: usize) -> String {
    let mut digits = vec![1_u8];
    for _ in 0..exponent {
        let mut carry = 0;
        for digit in &mut digits {
            let doubled = *digit * 2 + carry;
            (*digit, carry) = (doubled % 10, doubled / 10);
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    digits
        .iter()
        .rev()
        .map(|digit| char::from(b'0' + digit))
        .collect()
}

#[test]
fn dates_at_the_edges_are_those_that_others_see() {
    let cases = [
        (
            "last of two digits",
            0x17,
            "491231235959Z",
            "2049-12-31T23:59:59Z",
        ),
        (
            "first of four digits",
            0x18,
            "20500101000000Z",
            "2050-01-01T00:00:00Z",
        ),
        (
            "last of all",
            0x18,
            "99991231235959Z",
            "9999-12-31T23:59:59Z",
        ),
        (
            "four digits before 2050",
            0x18,
            "20300101000000Z",
            "2030-01-01T00:00:00Z",
        ),
        ("leap day", 0x17, "280229120000Z", "2028-02-29T12:00:00Z"),
    ];
    let mut certificates = Vec::new();
    for (name, tag, text, expected) in cases {
        let mut plan = Plan::root("Root", 0);
        plan.not_after = forge::element(tag, text.as_bytes());
        let certificate = read(&plan);
        let expected: chrono::DateTime<chrono::Utc> = expected.parse().unwrap();
        assert_eq!(certificate.validity().not_after, expected, "{name}");
        certificates.push((name, certificate, None));
    }
    java_agrees(&certificates);
    for (tag, text) in [
        (0x17, "251301000000Z"),
        (0x17, "250230000000Z"),
        (0x18, "20250601"),
        (0x0c, "250601000000Z"),
        (0x17, ""),
    ] {
        let mut plan = Plan::root("Root", 0);
        plan.not_after = forge::element(tag, text.as_bytes());
        assert!(Certificate::from_der(&plan.sign()).is_err(), "{text}");
    }
}

const UNIT: &[u8] = &[0x55, 4, 11];
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const BMP: u8 = 0x1e;
const UNIVERSAL: u8 = 0x1c;

#[test]
fn odd_names_are_read_as_others_read_them() {
    let utf16: Vec<u8> = "Ünï".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let utf32: Vec<u8> = "Ünï"
        .chars()
        .flat_map(|c| u32::from(c).to_be_bytes())
        .collect();
    let one =
        |tag, value: &[u8]| forge::sequence(&[&forge::relative(forge::COMMON_NAME, tag, value)]);
    let utf8 = |text: &str| one(forge::UTF8_STRING, text.as_bytes());
    let pair = |kind: &[u8], text: &str| {
        forge::sequence(&[
            &forge::element(0x06, kind),
            &forge::element(forge::UTF8_STRING, text.as_bytes()),
        ])
    };
    let together = [
        pair(forge::COMMON_NAME, "a"),
        pair(forge::ORGANIZATION, "b"),
    ]
    .concat();
    let units =
        ["first", "second"].map(|unit| forge::relative(UNIT, forge::UTF8_STRING, unit.as_bytes()));
    // What we say, and what Java says when that is comparable.
    let cases: [(&str, Vec<u8>, &str, Option<&str>); 13] = [
        ("plain", utf8("a"), "CN=a", Some("CN=a")),
        (
            "printable",
            one(PRINTABLE, b"a b"),
            "CN=a b",
            Some("CN=a b"),
        ),
        ("BMP", one(BMP, &utf16), "CN=Ünï", None),
        ("universal", one(UNIVERSAL, &utf32), "CN=Ünï", None),
        ("teletex", one(TELETEX, &[0xdc]), "CN=Ü", None),
        (
            "comma and quotes",
            utf8(r#"a, "b""#),
            r#"CN=a\, \"b\""#,
            Some(r#"CN=a\, \"b\""#),
        ),
        (
            "plus, less, more, semicolon",
            utf8("a+b<c>d;e"),
            r"CN=a\+b\<c\>d\;e",
            Some(r"CN=a\+b\<c\>d\;e"),
        ),
        ("backslash", utf8(r"a\b"), r"CN=a\\b", Some(r"CN=a\\b")),
        ("blanks around", utf8(" a "), r"CN=\ a\ ", Some(r"CN=\ a\ ")),
        ("hash in front", utf8("#a"), r"CN=\#a", Some(r"CN=\#a")),
        ("equals", utf8("a=b"), r"CN=a\=b", Some(r"CN=a\=b")),
        // Several attributes in one relative name are listed like any others.
        (
            "multi-valued",
            forge::sequence(&[&forge::element(0x31, &together)]),
            "CN=a,O=b",
            Some("CN=a+O=b"),
        ),
        (
            "two units",
            forge::sequence(&[&units[0], &units[1]]),
            "OU=second",
            Some("OU=second,OU=first"),
        ),
    ];
    let mut certificates = Vec::new();
    for (name, subject, ours, java) in cases {
        let mut plan = Plan::leaf("", 1, "Root", 0);
        plan.subject = subject;
        let certificate = read(&plan);
        assert_eq!(certificate.subject().text(), ours, "{name}");
        certificates.push((name, certificate, java));
    }
    java_agrees(&certificates);
}

fn issued(strict: bool) -> Vec<Certificate> {
    let ca = OurCa::new();
    let keys = [
        &RSA[1],
        other_key(&rcgen::PKCS_ECDSA_P256_SHA256),
        other_key(&rcgen::PKCS_ECDSA_P384_SHA384),
        other_key(&rcgen::PKCS_ED25519),
    ];
    let mut certificates = vec![ca.root.clone(), ca.pms.clone()];
    let rules: UploadRules = rules();
    for (name, key) in ["AUTH", "DEVICE", "FTM", "MISP"].iter().zip(keys) {
        let domain = Domain::parse(name, &rules).unwrap();
        let uploaded = root().issue(params("Leaf"), key).certificate;
        let organization = uploaded.subject().first(Attribute::Organization).unwrap();
        let profile = PartnerProfile {
            domain: &domain,
            organization,
            years: 1,
            strict,
        };
        let signed = issue::issue_partner(&uploaded, &profile, &ca.issuer(), *NOW);
        certificates.push(signed.unwrap());
    }
    certificates
}

#[test]
fn what_we_issue_is_read_by_openssl_and_java() {
    let openssl = OpenSsl::new();
    for strict in [false, true] {
        let certificates = issued(strict);
        for certificate in &certificates {
            openssl.write("one.der", certificate.der());
            openssl.write("one.pem", pack::certificate_pem(certificate));
            // What OpenSSL writes again is what it read: the encoding is DER.
            openssl.run("x509 -in one.der -inform DER -outform DER -out again.der");
            assert_eq!(
                std::fs::read(openssl.path("again.der")).unwrap(),
                certificate.der()
            );
            openssl.run("asn1parse -in one.pem -strictpem");
        }
        let named: Vec<_> = certificates
            .into_iter()
            .map(|one| ("issued", one, None))
            .collect();
        java_agrees(&named);
    }
}

#[test]
fn java_reads_a_bundle_in_its_order() {
    let (openssl, certificates) = (OpenSsl::new(), issued(false));
    let mut chain: Vec<&Certificate> = certificates.iter().collect();
    let (mut questions, mut expected) = (Vec::new(), Vec::new());
    for turn in 0..chain.len() {
        chain.rotate_left(1);
        let files = [format!("{turn}.p7b"), format!("{turn}.der")];
        openssl.write(&files[0], pack::p7b_file(&chain));
        openssl.write(&files[1], pack::bundle(&chain));
        let thumbprints: Vec<_> = chain.iter().map(|one| one.thumbprint()).collect();
        for file in files {
            questions.push(format!("bundle\t{}", openssl.path(&file).display()));
            expected.push(format!("ok\t{}", thumbprints.join("\t")));
        }
    }

    let Some(answers) = ask_java(&questions) else {
        return;
    };

    assert_eq!(answers, expected);
}
