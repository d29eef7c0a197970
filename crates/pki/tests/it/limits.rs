//! How much one upload may ask of us (contract keymanager.md §15.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use pms_pki::certificate::CertificateFault;
use pms_pki::reading::{read_authorities, read_chain};
use pms_pki::rules::{UploadStatus, admit_authorities};
use pms_pki::{Certificate, errors, pack};

use crate::corpus::forge::{self, Plan};
use crate::corpus::{read, store};
use crate::support::rules;

/// Most signatures that one search verifies.
const SEARCH: usize = 100;

fn key_id(kind: &[u8], tag: u8, id: u8) -> Vec<u8> {
    let id = forge::element(tag, &[id]);
    let value = if tag == 0x80 {
        forge::sequence(&[&id])
    } else {
        id
    };
    forge::extension(kind, false, &value)
}

/// Roots that all bear the name of `Root`, and have other keys than number 0.
fn namesakes(count: usize) -> Vec<Certificate> {
    (0..count)
        .map(|number| {
            let key = u8::try_from(1 + number % 7).unwrap();
            let mut plan = Plan::root("Root", key);
            plan.serial = forge::element(0x02, &u32::try_from(number).unwrap().to_be_bytes()[..]);
            plan.serial = forge::element(0x02, &[&[1], &plan.serial[2..]].concat());
            plan.extensions
                .push(key_id(forge::SUBJECT_KEY_ID, 0x04, 0xee));
            read(&plan)
        })
        .collect()
}

fn right_root() -> Certificate {
    let mut plan = Plan::root("Root", 0);
    plan.extensions.push(key_id(forge::SUBJECT_KEY_ID, 0x04, 7));
    read(&plan)
}

fn is_trusted(namesakes_before: usize, names_its_key: bool) -> bool {
    let mut all = namesakes(namesakes_before);
    all.push(right_root());
    let mut leaf = Plan::leaf("Leaf", 2, "Root", 0);
    if names_its_key {
        leaf.extensions
            .push(key_id(forge::AUTHORITY_KEY_ID, 0x80, 7));
    }
    let path = store(&all).path(&read(&leaf), forge::now(), &rules());
    path.is_ok()
}

#[test]
fn a_search_verifies_a_hundred_signatures_and_no_more() {
    assert!(is_trusted(SEARCH - 1, false));
    assert!(!is_trusted(SEARCH, false));
    // The named key is tried first.
    assert!(is_trusted(1000, true));
}

#[test]
fn an_upload_of_fifty_honest_certificates_needs_no_more_than_it_may_verify() {
    let mut bundle = Vec::new();
    for chain in 0..7_u8 {
        let name = |level: u8| format!("CA {chain} {level}");
        bundle.push(read(&Plan::root(&name(0), chain)));
        for level in 1..=6 {
            let key = |level: u8| (chain + level) % forge::KEYS;
            let plan = Plan::authority(&name(level), key(level), &name(level - 1), key(level - 1));
            bundle.push(read(&plan));
        }
    }
    bundle.push(read(&Plan::root("Last", 0)));
    assert_eq!(bundle.len(), 50);

    let mut empty = store(&[]);
    let upload = admit_authorities(bundle, &mut empty, &rules(), forge::now(), String::new);

    let upload = upload.unwrap();
    assert_eq!(upload.status, UploadStatus::Success);
    assert_eq!(upload.admitted.len(), 50);
}

#[test]
fn an_upload_that_asks_for_too_many_signatures_is_cut_off() {
    let mut store = store(&namesakes(200));
    store.insert(pms_pki::trust::Authority::new("right".into(), right_root()).into());
    // Each of these makes a search try a hundred namesakes in vain.
    let costly = |number: u8| read(&Plan::authority(&format!("Sub {number}"), 2, "Root", 0));
    let mut bundle: Vec<_> = (0..10).map(costly).collect();
    let mut honest = Plan::authority("Honest", 3, "Root", 0);
    honest
        .extensions
        .push(key_id(forge::AUTHORITY_KEY_ID, 0x80, 7));
    let honest = read(&honest);
    let admit = |bundle: Vec<Certificate>, store: &mut pms_pki::trust::TrustStore| {
        admit_authorities(bundle, store, &rules(), forge::now(), String::new).unwrap()
    };

    let alone = admit(vec![honest.clone()], &mut store.clone());
    bundle.push(honest);
    let last = admit(bundle, &mut store.clone());

    assert_eq!(alone.status, UploadStatus::Success);
    assert_eq!(last.status, UploadStatus::Failed);
    assert!(
        last.refused
            .iter()
            .all(|(_, refusal)| *refusal == errors::ROOT_NOT_FOUND)
    );
}

#[test]
fn a_chain_of_fifty_certificates_is_read_and_a_longer_one_is_not() {
    let one = read(&Plan::root("Root", 0));
    for (count, expected) in [(50, true), (51, false), (2000, false)] {
        let chain = vec![&one; count];
        let pem = pack::certificate_pem(&one).repeat(count);
        let der = URL_SAFE.encode(one.der().repeat(count));
        let texts = [
            pack::signed_certificate_data(&chain),
            pack::p7b_file(&chain),
            pem,
            der,
        ];
        for text in texts {
            assert_eq!(read_chain(&text).is_ok(), expected);
        }
    }
}

#[test]
fn an_upload_takes_a_thousand_certificates_and_names_the_limit_beyond() {
    let one = read(&Plan::root("Root", 0));
    let beyond = "Invalid Certificate uploaded. One upload takes at most 1000 certificates.";
    for count in [60, 1000, 1001] {
        let chain = vec![&one; count];
        let texts = [
            pack::signed_certificate_data(&chain),
            pack::p7b_file(&chain),
            pack::certificate_pem(&one).repeat(count),
            URL_SAFE.encode(one.der().repeat(count)),
        ];
        for text in texts {
            match read_authorities(&text, true) {
                Ok(read) => assert_eq!((read.len(), count <= 1000), (count, true)),
                Err(refusal) => {
                    assert_eq!((refusal.code, count), ("KER-PCM-001", 1001));
                    assert_eq!(refusal.message, beyond);
                }
            }
        }
    }
}

/// A certificate with an extension of this size, in bytes.
fn padded(size: usize) -> Result<Certificate, CertificateFault> {
    let mut plan = Plan::root("Root", 0);
    let padding = forge::element(0x04, &vec![0; size]);
    plan.extensions
        .push(forge::extension(forge::UNKNOWN, false, &padding));
    Certificate::from_der(&plan.sign())
}

#[test]
fn a_certificate_of_64_kib_is_read_and_a_longer_one_is_not() {
    let overhead = padded(60_000).unwrap().der().len() - 60_000;
    let largest = 64 * 1024 - overhead;

    assert_eq!(padded(largest).unwrap().der().len(), 64 * 1024);
    assert_eq!(padded(largest + 1), Err(CertificateFault::TooLarge));
}

#[test]
fn large_certificates_that_name_each_other_are_sorted_quickly() {
    // Each is issued by the next, and all names differ in their last octet only.
    let name = |number: u8| {
        let mut text = vec![b'x'; 30_000];
        text.push(number);
        forge::sequence(&[&forge::relative(
            forge::COMMON_NAME,
            forge::UTF8_STRING,
            &text,
        )])
    };
    let ring: Vec<_> = (0..50_u8)
        .map(|number| {
            let mut plan = Plan::authority("", 1, "", 1);
            plan.subject = name(b'0' + number);
            plan.issuer = name(b'0' + (number + 1) % 50);
            read(&plan)
        })
        .collect();
    let ring: Vec<_> = ring.iter().collect();
    let text = pack::signed_certificate_data(&ring);

    let read = read_authorities(&text, true).unwrap();

    assert_eq!(read.len(), 50);
}

#[test]
fn certificates_of_one_name_are_sorted_in_about_the_time_that_reading_them_takes() {
    let texts = [250, 1000].map(of_one_name);

    for (text, count) in texts.iter().zip([250, 1000]) {
        assert_eq!(read_authorities(text, true).unwrap().len(), count);
    }
    let grown = growth(&texts, |text| read_authorities(text, true).is_ok());
    assert!(grown < 10, "four times as many took {grown} times as long");
}

/// A chain of so many certificates of two names, so that each waits for all others.
fn of_one_name(count: u32) -> String {
    let all: Vec<_> = (0..count)
        .map(|number| {
            let mut plan = Plan::authority("One", 1, "One", 2);
            plan.serial = forge::element(0x02, &(0x0100_0000 + number).to_be_bytes());
            if number % 2 == 0 {
                plan.issuer = forge::name("Two");
            } else {
                plan.subject = forge::name("Two");
            }
            read(&plan)
        })
        .collect();
    let all: Vec<_> = all.iter().collect();
    pack::signed_certificate_data(&all)
}

/// How many times as long reading the second text takes as the first: of the fastest
/// of five tries each, so that what else the machine does counts for little.
fn growth(texts: &[String; 2], read: impl Fn(&str) -> bool) -> u128 {
    let [short, long] = texts.each_ref().map(|text| {
        let tries = (0..5).map(|_| {
            let started = std::time::Instant::now();
            std::hint::black_box(read(text));
            started.elapsed()
        });
        tries.min().unwrap()
    });
    long.as_nanos() / short.as_nanos().max(1)
}

#[test]
fn a_text_of_nothing_but_beginnings_is_read_in_the_time_of_its_length() {
    let texts = [15_000, 150_000].map(|lines| "-----BEGIN CERTIFICATE-----\n".repeat(lines));

    assert!(
        texts
            .iter()
            .all(|text| read_authorities(text, true).is_err())
    );
    let grown = growth(&texts, |text| read_authorities(text, true).is_ok());
    assert!(grown < 40, "ten times as much took {grown} times as long");
}
