//! Name constraints of an intermediate (contract keymanager.md §7.3).

use super::shapes::{and, case, leaf, root, sub};
use crate::corpus::forge;
use crate::referees::{TRUSTED, UNTRUSTED, judge};

/// `permitted` is tag 0xa0, `excluded` 0xa1.
pub(super) fn constraints(tag: u8, base: &[u8]) -> Vec<u8> {
    let subtrees = forge::element(tag, &forge::sequence(&[base]));
    forge::extension(
        forge::NAME_CONSTRAINTS,
        true,
        &forge::sequence(&[&subtrees]),
    )
}

fn names(list: &[&[u8]]) -> Vec<u8> {
    forge::extension(forge::ALTERNATIVE_NAME, false, &forge::sequence(list))
}

fn host(name: &str) -> Vec<u8> {
    forge::element(0x82, name.as_bytes())
}

pub(super) fn directory(name: &[u8]) -> Vec<u8> {
    forge::element(0xa4, name)
}

fn acme() -> Vec<u8> {
    let organization = forge::relative(forge::ORGANIZATION, forge::UTF8_STRING, b"Acme Ltd");
    forge::sequence(&[&organization])
}

#[test]
fn name_constraints_are_decided_as_stated() {
    let below = |constraint: Vec<u8>, list: &[&[u8]]| {
        let leaf = if list.is_empty() {
            leaf()
        } else {
            and(leaf(), names(list))
        };
        vec![root(), and(sub(), constraint), leaf]
    };
    let (permitted, excluded) = (0xa0, 0xa1);
    let (inside, outside) = (host("a.example.com"), host("example.org"));
    let network = forge::element(0x87, &[10, 0, 0, 0, 255, 0, 0, 0]);
    let address = |first| forge::element(0x87, &[first, 1, 2, 3]);
    let mail = |text: &str| forge::element(0x81, text.as_bytes());
    let domain = host("example.com");
    let cases = [
        (
            "permitted organisation",
            TRUSTED,
            below(constraints(permitted, &directory(&acme())), &[]),
        ),
        (
            "excluded organisation",
            UNTRUSTED,
            below(constraints(excluded, &directory(&acme())), &[]),
        ),
        (
            "another permitted name",
            UNTRUSTED,
            below(constraints(permitted, &directory(&forge::name("X"))), &[]),
        ),
        (
            "permitted host",
            TRUSTED,
            below(constraints(permitted, &domain), &[&inside]),
        ),
        (
            "host in other case",
            TRUSTED,
            below(
                constraints(permitted, &host("EXAMPLE.com")),
                &[&host("A.Example.COM")],
            ),
        ),
        (
            "another permitted host",
            UNTRUSTED,
            below(constraints(permitted, &domain), &[&outside]),
        ),
        (
            "one host of two",
            UNTRUSTED,
            below(constraints(permitted, &domain), &[&inside, &outside]),
        ),
        (
            "excluded host",
            UNTRUSTED,
            below(constraints(excluded, &domain), &[&inside]),
        ),
        (
            "host beside the excluded one",
            TRUSTED,
            below(constraints(excluded, &domain), &[&host("badexample.com")]),
        ),
        (
            "permitted network",
            TRUSTED,
            below(constraints(permitted, &network), &[&address(10)]),
        ),
        (
            "another network",
            UNTRUSTED,
            below(constraints(permitted, &network), &[&address(11)]),
        ),
        (
            "excluded network",
            UNTRUSTED,
            below(constraints(excluded, &network), &[&address(10)]),
        ),
        (
            "permitted mail host",
            TRUSTED,
            below(
                constraints(permitted, &mail("example.com")),
                &[&mail("a@example.com")],
            ),
        ),
        (
            "another mail host",
            UNTRUSTED,
            below(
                constraints(permitted, &mail("example.com")),
                &[&mail("a@example.org")],
            ),
        ),
        (
            "permitted mail address",
            TRUSTED,
            below(
                constraints(permitted, &mail("a@example.com")),
                &[&mail("a@example.com")],
            ),
        ),
        (
            "excluded mail domain",
            UNTRUSTED,
            below(
                constraints(excluded, &mail(".example.com")),
                &[&mail("a@x.example.com")],
            ),
        ),
        (
            "constraint of another kind",
            TRUSTED,
            below(constraints(permitted, &network), &[&inside]),
        ),
    ];
    let cases: Vec<_> = cases
        .iter()
        .map(|(name, expected, plans)| case(name, *expected, plans))
        .collect();
    judge(&cases);
}
