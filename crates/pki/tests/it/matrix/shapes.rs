//! What certificates on a path say: the table of contract keymanager.md §7.3, and what surrounds
//! it.

use pms_pki::Certificate;

use crate::corpus::forge::{self, Plan};
use crate::corpus::read;
use crate::referees::{Case, Expected, TRUSTED, UNTRUSTED, judge};

const KEY_IDS: &str = "key ids decide who is tried first, not who is tried";
pub(super) const NO_WAY_BACK: &str = "it tries one issuer of a name, where ours tries all";

/// A case from plans, the target last; self-signed ones are roots.
pub(super) fn case(name: &str, expected: Expected, plans: &[Plan]) -> Case {
    let mut all: Vec<Certificate> = plans.iter().map(read).collect();
    let target = all.pop().unwrap();
    let (roots, others) = all.into_iter().partition(Certificate::is_self_signed);
    Case {
        name: name.to_owned(),
        target,
        roots,
        others,
        at: forge::now(),
        expected,
    }
}

pub(super) fn root() -> Plan {
    Plan::root("Root", 0)
}

pub(super) fn sub() -> Plan {
    Plan::authority("Sub", 1, "Root", 0)
}

pub(super) fn leaf() -> Plan {
    Plan::leaf("Leaf", 2, "Sub", 1)
}

pub(super) fn with(mut plan: Plan, extensions: Vec<Vec<u8>>) -> Plan {
    plan.extensions = extensions;
    plan
}

pub(super) fn and(mut plan: Plan, extension: Vec<u8>) -> Plan {
    plan.extensions.push(extension);
    plan
}

pub(super) fn until(mut plan: Plan, utc_time: &str) -> Plan {
    plan.not_after = forge::element(0x17, utc_time.as_bytes());
    plan
}

pub(super) fn unknown(critical: bool) -> Vec<u8> {
    forge::extension(forge::UNKNOWN, critical, &[5, 0])
}

fn subject_key_id(id: u8) -> Vec<u8> {
    forge::extension(
        forge::SUBJECT_KEY_ID,
        false,
        &forge::element(0x04, &[id; 20]),
    )
}

fn authority_key_id(id: u8) -> Vec<u8> {
    let id = forge::sequence(&[&forge::element(0x80, &[id; 20])]);
    forge::extension(forge::AUTHORITY_KEY_ID, false, &id)
}

#[test]
fn leafs_are_decided_as_stated() {
    let usage = forge::element(0x06, &[0x2b, 6, 1, 5, 5, 7, 3, 8]);
    let usage = forge::extension(&[0x55, 0x1d, 37], true, &forge::sequence(&[&usage]));
    let twin = Plan::leaf("Root", 2, "Root", 0);
    judge(&[
        case("below an intermediate", TRUSTED, &[root(), sub(), leaf()]),
        case(
            "below a root",
            TRUSTED,
            &[root(), Plan::leaf("Leaf", 2, "Root", 0)],
        ),
        case(
            "with the name of its root",
            TRUSTED.unlike_openssl("it takes equal names for self-signed"),
            &[root(), twin],
        ),
        case(
            "a CA itself",
            TRUSTED,
            &[root(), sub(), Plan::authority("Leaf", 2, "Sub", 1)],
        ),
        case(
            "critical extended usage",
            TRUSTED,
            &[root(), sub(), and(leaf(), usage)],
        ),
        case(
            "unknown extension",
            TRUSTED,
            &[root(), sub(), and(leaf(), unknown(false))],
        ),
        case(
            "unknown critical extension",
            UNTRUSTED,
            &[root(), sub(), and(leaf(), unknown(true))],
        ),
        case(
            "expired",
            UNTRUSTED,
            &[root(), sub(), until(leaf(), "250601115959Z")],
        ),
        case(
            "expires this second",
            TRUSTED.unlike_openssl("the last second counts"),
            &[root(), sub(), until(leaf(), "250601120000Z")],
        ),
        case(
            "signed by somebody else",
            UNTRUSTED,
            &[root(), sub(), Plan::leaf("Leaf", 2, "Sub", 3)],
        ),
        case("without its intermediate", UNTRUSTED, &[root(), leaf()]),
        case("a stored root", TRUSTED, &[root(), root()]),
        case(
            "a root that is not stored",
            UNTRUSTED,
            &[root(), Plan::root("Other", 3)],
        ),
    ]);
}

#[test]
fn intermediates_are_decided_as_stated() {
    let flags = |extensions| vec![root(), with(sub(), extensions), leaf()];
    let ca = || forge::basic_constraints(true, None);
    judge(&[
        case(
            "no basic constraints",
            UNTRUSTED,
            &flags(vec![forge::key_usage(0x04)]),
        ),
        case("no extension", UNTRUSTED, &flags(Vec::new())),
        case(
            "CA:FALSE",
            UNTRUSTED,
            &flags(vec![
                forge::basic_constraints(false, None),
                forge::key_usage(0x04),
            ]),
        ),
        case("any usage", TRUSTED, &flags(vec![ca()])),
        case(
            "no certificate signing",
            UNTRUSTED,
            &flags(vec![ca(), forge::key_usage(0x80)]),
        ),
        case(
            "unknown critical extension",
            UNTRUSTED,
            &flags(vec![ca(), unknown(true)]),
        ),
        case(
            "unknown extension",
            TRUSTED,
            &flags(vec![ca(), unknown(false)]),
        ),
        case(
            "expired",
            UNTRUSTED,
            &[root(), until(sub(), "250601115959Z"), leaf()],
        ),
        case(
            "matching key ids",
            TRUSTED,
            &[
                root(),
                and(sub(), subject_key_id(1)),
                and(leaf(), authority_key_id(1)),
            ],
        ),
        case(
            "other key id",
            TRUSTED.unlike_openssl(KEY_IDS),
            &[
                root(),
                and(sub(), subject_key_id(1)),
                and(leaf(), authority_key_id(2)),
            ],
        ),
        case(
            "other key id of the root",
            TRUSTED.unlike_openssl(KEY_IDS),
            &[
                and(root(), subject_key_id(1)),
                and(sub(), authority_key_id(2)),
                leaf(),
            ],
        ),
        case(
            "two of one name",
            TRUSTED.unlike_openssl(NO_WAY_BACK),
            &[root(), Plan::authority("Sub", 3, "Root", 0), sub(), leaf()],
        ),
        case(
            "only the wrong one of one name",
            UNTRUSTED,
            &[root(), Plan::authority("Sub", 3, "Root", 0), leaf()],
        ),
    ]);
}
