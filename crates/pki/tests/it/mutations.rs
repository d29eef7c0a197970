//! Thousands of changed bundles: bits, lengths, nesting, order. Each is read or refused, quickly.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pms_pki::reading::{read_authorities, read_certificate, read_chain};
use pms_pki::{Certificate, pack};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::corpus::forge::{self, Plan};
use crate::corpus::read;
use crate::support::{OurCa, RSA, params, root};

/// Small and large, of RSA and Ed25519.
static POOL: LazyLock<Vec<Certificate>> = LazyLock::new(|| {
    let ca = OurCa::new();
    let mut pool = vec![
        ca.root,
        ca.pms,
        root().certificate,
        root().issue(params("Leaf"), &RSA[1]).certificate,
    ];
    for number in 0..8 {
        let name = format!("Root {number}");
        pool.push(read(&Plan::root(&name, number)));
    }
    pool
});

/// One change of an encoding.
#[derive(Debug, Clone)]
enum Change {
    Flip(Index, u8),
    Set(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Insert(Index, Vec<u8>),
    Repeat(Index, usize),
    /// Another length octet in the place of a plausible one.
    Length(Index, Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    let length = prop_oneof![
        Just(vec![0x80]),
        Just(vec![0x84, 0xff, 0xff, 0xff, 0xff]),
        Just(vec![0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Just(vec![0x81, 0x01]),
        Just(vec![0x82, 0x00, 0x7f]),
        Just(vec![0xff]),
        Just(vec![0x00]),
    ];
    let at = any::<Index>;
    prop_oneof![
        (at(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (at(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        at().prop_map(Change::Cut),
        (at(), 1..64_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (at(), vec(any::<u8>(), 1..32)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), 1..200_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
        (at(), length).prop_map(|(at, length)| Change::Length(at, length)),
    ]
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: &Index| at.index(bytes.len().max(1)).min(bytes.len());
        match self {
            Self::Flip(at, bit) => {
                let at = place(at);
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= 1 << bit);
            }
            Self::Set(at, value) => {
                let at = place(at);
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte = *value);
            }
            Self::Cut(at) => bytes.truncate(place(at)),
            Self::Remove(at, count) => {
                let at = place(at);
                bytes.drain(at..bytes.len().min(at + count));
            }
            Self::Insert(at, inserted) => {
                let at = place(at);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Self::Repeat(at, count) => {
                let at = place(at);
                let repeated = [0x30, 0x80].repeat(*count);
                bytes.splice(at..at, repeated);
            }
            Self::Length(at, length) => {
                // Behind the tag of a structure, if one follows.
                let at = place(at);
                let tag = bytes
                    .iter()
                    .skip(at)
                    .position(|byte| matches!(byte, 0x30 | 0x31 | 0xa0 | 0xa3));
                if let Some(found) = tag
                    .map(|found| at + found + 1)
                    .filter(|at| *at < bytes.len())
                {
                    bytes.splice(found..=found, length.iter().copied());
                }
            }
        }
    }
}

/// Reads in every way. What is read is in `source`, and can be packed and read again.
fn read_all(source: &[u8]) {
    let body = STANDARD.encode(source);
    let texts = [
        URL_SAFE.encode(source),
        format!("-----BEGIN PKCS7-----\n{body}\n-----END PKCS7-----"),
    ];
    for text in &texts {
        let _ = read_certificate(text);
        let found = [
            read_chain(text),
            read_authorities(text, true),
            read_authorities(text, false),
        ];
        for certificates in found.into_iter().flatten() {
            assert!(certificates.len() <= 1000);
            for one in &certificates {
                let der = one.der();
                assert!(source.windows(der.len()).any(|window| window == der));
                let pem = pack::certificate_pem(one);
                assert_eq!(read_certificate(&pem).as_ref(), Ok(one));
            }
        }
    }
}

fn chain_of(places: &[Index]) -> Vec<&'static Certificate> {
    places.iter().map(|place| place.get(&POOL)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn changed_bundles_are_read_or_refused(
        places in vec(any::<Index>(), 0..4),
        changes in vec(change(), 1..5),
    ) {
        let mut bytes = pack::bundle(&chain_of(&places));
        for change in &changes {
            change.apply(&mut bytes);
        }
        read_all(&bytes);
    }

    #[test]
    fn changed_certificates_are_read_or_refused(
        place in any::<Index>(),
        changes in vec(change(), 1..5),
    ) {
        let mut bytes = place.get(&POOL).der().to_vec();
        for change in &changes {
            change.apply(&mut bytes);
        }
        read_all(&bytes);
    }

    #[test]
    fn changed_texts_are_read_or_refused(
        place in any::<Index>(),
        changes in vec(change(), 1..5),
    ) {
        let mut bytes = pack::certificate_pem(place.get(&POOL)).into_bytes();
        for change in &changes {
            change.apply(&mut bytes);
        }
        let text = String::from_utf8_lossy(&bytes);
        let _ = (read_certificate(&text), read_chain(&text));
        let _ = (read_authorities(&text, true), read_authorities(&text, false));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_packed_is_read_in_the_same_order(places in vec(any::<Index>(), 1..=50)) {
        let chain = chain_of(&places);
        for text in [pack::signed_certificate_data(&chain), pack::p7b_file(&chain)] {
            let read = read_chain(&text).unwrap();
            prop_assert_eq!(read.iter().collect::<Vec<_>>(), chain.clone());
            let chain_again: Vec<_> = read.iter().collect();
            prop_assert_eq!(pack::bundle(&chain_again), pack::bundle(&chain));
        }
        let pem: String = chain.iter().map(|one| pack::certificate_pem(one)).collect();
        let read = read_chain(&pem).unwrap();
        prop_assert_eq!(read.iter().collect::<Vec<_>>(), chain);
    }

    #[test]
    fn a_shuffled_chain_is_processed_from_the_root_on(
        order in Just((0..7_u8).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let plan = |level: u8| match level {
            0 => Plan::root("Level 0", 0),
            _ => Plan::authority(&format!("Level {level}"), level, &format!("Level {}", level - 1), level - 1),
        };
        let chain: Vec<_> = order.iter().map(|level| read(&plan(*level))).collect();
        let chain: Vec<_> = chain.iter().collect();

        let read = read_authorities(&pack::signed_certificate_data(&chain), true).unwrap();

        let expected: Vec<_> = (0..7).map(|level| crate::corpus::read(&plan(level))).collect();
        prop_assert_eq!(read, expected);
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let frame = pack::bundle(&[]);
    for unit in [
        &[0x30, 0x80][..],
        &[0xa0, 0x80],
        &[0x24, 0x80],
        &[0x3f, 0x81, 0x01, 0x80],
    ] {
        for count in [1, 10, 1000, 200_000] {
            let open = unit.repeat(count);
            let closed = [open.clone(), vec![0; 2 * count]].concat();
            for bytes in [open, closed] {
                assert!(read_chain(&URL_SAFE.encode(&bytes)).is_err());
                let _ = read_chain(&URL_SAFE.encode([frame.clone(), bytes].concat()));
            }
        }
    }
}

#[test]
fn definite_nesting_is_refused() {
    let mut bytes = forge::element(0x05, &[]);
    for _ in 0..2000 {
        bytes = forge::element(0x30, &bytes);
    }

    assert!(read_chain(&URL_SAFE.encode(&bytes)).is_err());
    assert!(Certificate::from_der(&bytes).is_err());
    let mut plan = Plan::root("Root", 0);
    plan.extensions
        .push(forge::extension(forge::NAME_CONSTRAINTS, false, &bytes));
    plan.extensions
        .push(forge::extension(forge::ALTERNATIVE_NAME, false, &bytes));
    let _ = Certificate::from_der(&plan.sign());
}
