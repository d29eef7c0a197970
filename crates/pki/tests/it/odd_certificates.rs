//! More than a hundred odd certificates: what we read of each, and that Java's factory, which the
//! reference uses, reads no fewer but for the stated ones (contract keymanager.md §6, §7.2).

use pms_pki::certificate::{Attribute, Certificate, CertificateFault};
use pms_pki::rules::{SignAlgorithms, UploadRules, admit_authorities, check_partner};
use pms_pki::trust::TrustStore;
use pms_pki::{errors, pack, reading};

use crate::corpus::forge::{self, Plan};
use crate::corpus::{read, store};
use crate::referees::ask_java;
use crate::support::rules;
use crate::tools::OpenSsl;

const NULL: [u8; 2] = [5, 0];
const ED25519: [u8; 5] = [0x06, 3, 0x2b, 0x65, 0x70];

const UTF8: u8 = 0x0c;
const NUMERIC: u8 = 0x12;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const IA5: u8 = 0x16;
const VISIBLE: u8 = 0x1a;
const GENERAL: u8 = 0x1b;
const UNIVERSAL: u8 = 0x1c;
const BMP: u8 = 0x1e;

/// The rules, with the signatures that the forge makes.
fn lenient() -> UploadRules {
    UploadRules {
        sign_algorithms: SignAlgorithms::Named(vec!["Ed25519".to_owned()]),
        ..rules()
    }
}

/// `AlgorithmIdentifier`s with absent parameters, and with NULL.
fn forms() -> [Vec<u8>; 2] {
    [
        forge::sequence(&[&ED25519]),
        forge::sequence(&[&ED25519, &NULL]),
    ]
}

struct Odd {
    name: String,
    der: Vec<u8>,
    /// The organisation that we read, or why nothing is.
    ours: Result<Option<String>, CertificateFault>,
    /// Java decides otherwise, and why.
    java_differs: Option<&'static str>,
}

/// A leaf with this value as its organisation.
fn organized(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
    plan.subject = forge::sequence(&[
        &forge::relative(forge::ORGANIZATION, tag, value),
        &forge::relative(forge::COMMON_NAME, UTF8, b"Leaf"),
    ]);
    plan.sign()
}

fn names() -> Vec<Odd> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let utf32 = |text: &str| {
        text.chars()
            .flat_map(|c| u32::from(c).to_be_bytes())
            .collect()
    };
    let bytes = |text: &str| text.as_bytes().to_vec();
    let text = |text: &str| Ok(Some(text.to_owned()));
    let not_text = Err(CertificateFault::MalformedName);
    let lossy = Some("it puts a replacement character");
    let mut all = Vec::new();
    // The older kinds hold anything: UTF-8 first, then Latin-1.
    for tag in [PRINTABLE, TELETEX, IA5, VISIBLE, GENERAL, NUMERIC] {
        let values: [(Vec<u8>, &str); 6] = [
            (bytes("Acme Ltd"), "Acme Ltd"),
            (bytes("Zürich AG"), "Zürich AG"),
            (bytes("株式会社"), "株式会社"),
            (vec![b'Z', 0xfc, b'r', b'i', b'c', b'h'], "Zürich"),
            (bytes("किसान 👩‍🌾"), "किसान 👩‍🌾"),
            (bytes(""), ""),
        ];
        for (value, ours) in values {
            let java_differs = None;
            all.push((tag, value, text(ours), java_differs));
        }
    }
    for (value, ours, java_differs) in [
        (bytes("Zürich AG"), text("Zürich AG"), None),
        (
            bytes("a\u{200c}b\u{200d}c"),
            text("a\u{200c}b\u{200d}c"),
            None,
        ),
        (vec![b'Z', 0xfc, b'r'], not_text.clone(), lossy),
        (vec![0xc0, 0x80], not_text.clone(), lossy),
        (vec![0xed, 0xa0, 0x80], not_text.clone(), lossy),
        (vec![0xf4, 0x90, 0x80, 0x80], not_text.clone(), lossy),
        (vec![0xe2, 0x82], not_text.clone(), lossy),
        (vec![0xff], not_text.clone(), lossy),
    ] {
        all.push((UTF8, value, ours, java_differs));
    }
    for (value, ours, java_differs) in [
        (utf16("Zürich AG"), text("Zürich AG"), None),
        (utf16("👩‍🌾"), text("👩‍🌾"), None),
        (vec![0, 0x41, 0x42], not_text.clone(), lossy),
        (vec![0xd8, 0, 0, 0x41], not_text.clone(), lossy),
    ] {
        all.push((BMP, value, ours, java_differs));
    }
    for (value, ours, java_differs) in [
        (utf32("Zürich AG"), text("Zürich AG"), None),
        (vec![0, 0, 0], not_text.clone(), lossy),
        (vec![0, 0x11, 0, 0], not_text.clone(), lossy),
        (vec![0, 0, 0xd8, 0], not_text, lossy),
    ] {
        all.push((UNIVERSAL, value, ours, java_differs));
    }
    all.into_iter()
        .map(|(tag, value, ours, java_differs)| Odd {
            name: format!("organisation of tag {tag:#x} and {value:x?}"),
            der: organized(tag, &value),
            ours,
            java_differs,
        })
        .collect()
}

fn acme() -> Result<Option<String>, CertificateFault> {
    Ok(Some("Acme Ltd".to_owned()))
}

fn serials() -> Vec<Odd> {
    let cases: [(&[u8], bool); 8] = [
        (&[], false),
        (&[0], true),
        (&[1], true),
        (&[0xff], true),
        (&[0x80], true),
        (&[0, 0x80], true),
        (&[0x7f; 20], true),
        (&[0x7f; 64], true),
    ];
    cases
        .into_iter()
        .map(|(digits, read)| {
            let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
            plan.serial = forge::element(0x02, digits);
            Odd {
                name: format!("serial {digits:x?}"),
                der: plan.sign(),
                ours: if read {
                    acme()
                } else {
                    Err(CertificateFault::EmptySerial)
                },
                java_differs: None,
            }
        })
        .collect()
}

fn constraints() -> Vec<Odd> {
    let sequence = |content: &[u8]| forge::element(0x30, content);
    let ignored = Some("it ignores a malformed extension that is not critical");
    let cases: Vec<(Vec<u8>, bool)> = vec![
        (sequence(&[]), true),
        (sequence(&[1, 1, 0xff]), true),
        (sequence(&[1, 1, 0]), true),
        (sequence(&[1, 1, 1]), true),
        (sequence(&[1, 1, 0xff, 2, 1, 0]), true),
        (sequence(&[1, 1, 0xff, 2, 1, 5]), true),
        (sequence(&[2, 1, 0]), true),
        (vec![], false),
        (vec![0x05, 0], false),
        (vec![0x30], false),
        (vec![0x30, 5, 1], false),
        (forge::element(0x04, b"garbage"), false),
        (sequence(&[1, 0]), false),
        (sequence(&[1, 2, 0xff, 0xff]), false),
        (sequence(&[1, 1, 0xff, 2, 0]), false),
        (sequence(&[1, 1, 0xff, 2, 1, 0xff]), false),
        (sequence(&[1, 1, 0xff, 4, 1, 1]), false),
        (sequence(&[1, 1, 0xff, 2, 1, 0, 5, 0]), false),
        ([sequence(&[1, 1, 0xff]), vec![5, 0]].concat(), false),
    ];
    let mut all = Vec::new();
    for critical in [false, true] {
        for (value, good) in &cases {
            let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
            let extension = forge::extension(forge::BASIC_CONSTRAINTS, critical, value);
            plan.extensions.push(extension);
            all.push(Odd {
                name: format!("basic constraints {value:x?}, critical {critical}"),
                der: plan.sign(),
                ours: if *good {
                    acme()
                } else {
                    Err(CertificateFault::MalformedExtension)
                },
                java_differs: (!good).then_some(ignored).flatten(),
            });
        }
    }
    for (kind, value) in [
        (forge::KEY_USAGE, forge::element(0x04, b"x")),
        (forge::NAME_CONSTRAINTS, vec![0x05, 0]),
    ] {
        let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
        plan.extensions.push(forge::extension(kind, false, &value));
        all.push(Odd {
            name: format!("extension {kind:x?} of {value:x?}"),
            der: plan.sign(),
            ours: Err(CertificateFault::MalformedExtension),
            java_differs: ignored,
        });
    }
    all
}

fn algorithms() -> Vec<Odd> {
    let [absent, null] = forms();
    let other = forge::sequence(&[&ED25519, &[0x04, 1, 1]]);
    let rsa = forge::sequence(&[
        &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11],
        &NULL,
    ]);
    let cases = [
        (&absent, &absent, true),
        (&absent, &null, true),
        (&null, &absent, true),
        (&null, &null, true),
        (&absent, &other, false),
        (&null, &other, false),
        (&absent, &rsa, false),
        (&rsa, &absent, false),
    ];
    cases
        .into_iter()
        .map(|(inside, outside, same)| {
            let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
            plan.algorithms = [inside.clone(), outside.clone()];
            Odd {
                name: format!("algorithms {inside:x?} and {outside:x?}"),
                der: plan.sign(),
                ours: if same {
                    acme()
                } else {
                    Err(CertificateFault::AlgorithmMismatch)
                },
                java_differs: Some(
                    "it compares algorithms when it verifies, and is particular \
                                    about parameters of Ed25519",
                ),
            }
        })
        .collect()
}

#[test]
fn odd_certificates_are_read_as_stated() {
    let all: Vec<Odd> = [names(), serials(), constraints(), algorithms()]
        .into_iter()
        .flatten()
        .collect();
    assert!(all.len() > 100, "{}", all.len());
    let folder = OpenSsl::new();
    let mut questions = Vec::new();
    for (place, odd) in all.iter().enumerate() {
        let read = Certificate::from_der(&odd.der);
        let organization = read.map(|one| {
            one.subject()
                .first(Attribute::Organization)
                .map(str::to_owned)
        });
        assert_eq!(organization, odd.ours, "{}", odd.name);
        let file = format!("{place}.der");
        folder.write(&file, &odd.der);
        questions.push(format!("facts\t{}", folder.path(&file).display()));
    }
    let Some(answers) = ask_java(&questions) else {
        return;
    };
    for (odd, answer) in all.iter().zip(&answers) {
        let reads = answer.starts_with("ok");
        if odd.java_differs.is_none() {
            assert_eq!(reads, odd.ours.is_ok(), "{}: {answer}", odd.name);
        }
    }
}

#[test]
fn null_and_absent_parameters_are_the_same_on_every_level() {
    let [absent, null] = forms();
    let mixed = [
        [absent.clone(), null.clone()],
        [null.clone(), absent.clone()],
    ];
    for (root_forms, sub_forms, leaf_forms) in [
        (&mixed[0], &mixed[1], &mixed[0]),
        (&mixed[1], &mixed[0], &mixed[1]),
    ] {
        let mut root = Plan::root("Root", 0);
        root.algorithms.clone_from(root_forms);
        let mut sub = Plan::authority("Sub", 1, "Root", 0);
        sub.algorithms.clone_from(sub_forms);
        let mut leaf = Plan::leaf("Leaf", 2, "Sub", 1);
        leaf.algorithms.clone_from(leaf_forms);
        let (root, sub, leaf) = (read(&root), read(&sub), read(&leaf));
        let mut trusted = TrustStore::new();

        let upload = vec![root.clone(), sub];
        let upload =
            admit_authorities(upload, &mut trusted, &rules(), forge::now(), String::new).unwrap();
        let checked = check_partner(&leaf, "Acme Ltd", &trusted, &lenient(), forge::now());

        assert_eq!(upload.admitted.len(), 2);
        assert!(root.is_self_signed());
        assert!(checked.is_ok(), "{checked:?}");
    }
}

#[test]
fn changing_the_outer_algorithm_makes_no_other_certificate() {
    let [absent, null] = forms();
    for inside in [&absent, &null] {
        let made = [&absent, &null].map(|outside| {
            let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
            plan.algorithms = [inside.clone(), outside.clone()];
            read(&plan)
        });
        let [one, other] = &made;

        assert_eq!((one, one.sha256()), (other, other.sha256()));
        assert_ne!(one.der(), other.der());
        assert_ne!(one.encoding_sha256(), other.encoding_sha256());
        // What is sent on is what was uploaded.
        let again = reading::read_certificate(&pack::certificate_pem(other)).unwrap();
        assert_eq!(again.der(), other.der());
        let plain = if *inside == absent { one } else { other };
        assert_eq!(plain.sha256(), plain.encoding_sha256());
    }
}

#[test]
fn a_disabled_certificate_stays_disabled_in_its_other_encoding() {
    let [absent, null] = forms();
    let root = |outside: &Vec<u8>| {
        let mut plan = Plan::root("Root", 0);
        plan.algorithms = [absent.clone(), outside.clone()];
        read(&plan)
    };
    let mut trusted = TrustStore::new();
    trusted.disable(&root(&absent));

    let again = vec![root(&null)];
    let refused = admit_authorities(again, &mut trusted, &rules(), forge::now(), String::new);

    assert_eq!(refused.unwrap_err(), errors::ALREADY_IN_STORE);
}

#[test]
fn organisations_are_compared_as_they_look() {
    let trusted = store(&[read(&Plan::root("Root", 0))]);
    let check = |tag: u8, value: &str, name: &str| {
        let leaf = Certificate::from_der(&organized(tag, value.as_bytes())).unwrap();
        check_partner(&leaf, name, &trusted, &lenient(), forge::now()).map(|_| ())
    };

    for tag in [UTF8, TELETEX, PRINTABLE] {
        assert_eq!(check(tag, "Zürich AG", "Zürich AG"), Ok(()));
        assert_eq!(check(tag, "Zu\u{308}rich AG", "Zürich AG"), Ok(()));
        assert_eq!(check(tag, "Zürich AG", "Zu\u{308}rich AG"), Ok(()));
        let other = check(tag, "Zurich AG", "Zürich AG");
        assert_eq!(other, Err(errors::ORGANIZATION_MISMATCH));
        let case = check(tag, "ZÜRICH AG", "Zürich AG");
        assert_eq!(case, Err(errors::ORGANIZATION_MISMATCH));
    }
}

#[test]
fn names_that_deceive_are_refused_and_scripts_are_welcome() {
    let trusted = store(&[read(&Plan::root("Root", 0))]);
    let leaf = |common_name: &str| {
        let leaf = read(&Plan::leaf(common_name, 1, "Root", 0));
        check_partner(&leaf, "Acme Ltd", &trusted, &lenient(), forge::now()).map(|_| ())
    };
    let root = |common_name: &str| {
        let root = vec![read(&Plan::root(common_name, 3))];
        let mut trusted = TrustStore::new();
        admit_authorities(root, &mut trusted, &rules(), forge::now(), String::new).map(|_| ())
    };
    for bad in [
        '\0', '\u{1}', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{202a}',
        '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
        '\u{2069}', '\u{feff}',
    ] {
        let name = format!("a{bad}b");
        for refused in [leaf(&name), root(&name)] {
            let refusal = refused.unwrap_err();
            assert_eq!(refusal.code, "KER-PCM-001", "{bad:?}");
            assert!(refusal.message.contains("control characters"), "{refusal}");
        }
    }
    for good in [
        "क्‍ष",
        "می‌خواهم",
        "👩‍🌾",
        "שלום",
        "العربية",
        "日本語",
        "Ünïcødé",
        "a b",
        "a\u{a0}b",
    ] {
        assert_eq!((leaf(good), root(good)), (Ok(()), Ok(())), "{good}");
    }
}

#[test]
fn names_chain_over_forms_of_unicode_and_kinds_of_strings() {
    let name = |tag: u8, text: &str| {
        forge::sequence(&[&forge::relative(forge::COMMON_NAME, tag, text.as_bytes())])
    };
    let mut root = Plan::root("Root", 0);
    root.subject = name(UTF8, "Zürich CA");
    root.issuer = name(UTF8, "Zürich CA");
    let trusted = store(&[read(&root)]);
    for issuer in [
        name(TELETEX, "Zürich CA"),
        name(UTF8, "Zu\u{308}rich CA"),
        name(PRINTABLE, "ZÜRICH  CA"),
    ] {
        let mut leaf = Plan::leaf("Leaf", 1, "Root", 0);
        leaf.issuer = issuer;

        assert!(trusted.path(&read(&leaf), forge::now(), &rules()).is_ok());
    }
}
