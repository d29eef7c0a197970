//! Name constraints of intermediates (RFC 5280 §4.2.1.10).

use std::borrow::Cow;

use crate::certificate::{Certificate, GeneralName, NameConstraints, oid};

/// Most pairs of a name and a constraint that are compared: certificates made to keep us busy have
/// thousands of both.
const MAX_COMPARISONS: usize = 10_000;

/// Whether all names of `certificate` are permitted and none is excluded.
pub(super) fn allow(constraints: &NameConstraints, certificate: &Certificate) -> bool {
    let names = names(certificate);
    let bases = constraints.excluded.len() + constraints.permitted.len();
    if names.len().saturating_mul(bases) > MAX_COMPARISONS {
        return false;
    }
    names.iter().all(|name| {
        let excluded = constraints
            .excluded
            .iter()
            .any(|base| may_cover(base, name));
        let mut permitted = constraints
            .permitted
            .iter()
            .filter(|base| same_kind(base, name));
        let all_kinds = permitted.clone().next().is_none();
        !excluded && (all_kinds || permitted.any(|base| covers(base, name)))
    })
}

/// Subject, alternative names, and what stands for missing ones: the subject's mail addresses, and
/// its common names that read like a host.
fn names(certificate: &Certificate) -> Vec<Cow<'_, GeneralName>> {
    let subject = GeneralName::Directory(certificate.subject().comparable().to_vec());
    let alternative = &certificate.extensions().alternative_names;
    let mut names = vec![Cow::Owned(subject)];
    names.extend(alternative.iter().map(Cow::Borrowed));
    if !alternative
        .iter()
        .any(|name| matches!(name, GeneralName::Email(_)))
    {
        let addresses = certificate.subject().of_type(oid::EMAIL_ADDRESS);
        names.extend(addresses.map(|one| Cow::Owned(GeneralName::Email(one.to_lowercase()))));
    }
    if alternative.is_empty() {
        let hosts = certificate
            .subject()
            .of_type(oid::COMMON_NAME)
            .filter(|name| is_host_name(name));
        names.extend(hosts.map(|one| Cow::Owned(GeneralName::Dns(one.to_lowercase()))));
    }
    names
}

fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        inner && label.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    text.split('.').all(is_label)
}

fn same_kind(base: &GeneralName, name: &GeneralName) -> bool {
    std::mem::discriminant(base) == std::mem::discriminant(name)
}

/// Like [`covers`], but names that can not be compared are taken to lie in the subtree.
fn may_cover(base: &GeneralName, name: &GeneralName) -> bool {
    covers(base, name) || matches!((base, name), (GeneralName::Other, GeneralName::Other))
}

/// Whether `name` lies in the subtree of `base`; names that can not be compared do not. Texts are
/// in lower case on both sides.
fn covers(base: &GeneralName, name: &GeneralName) -> bool {
    match (base, name) {
        (GeneralName::Directory(base), GeneralName::Directory(name)) => name.starts_with(base),
        (GeneralName::Dns(base), GeneralName::Dns(name)) => in_domain(base, name),
        (GeneralName::Email(base), GeneralName::Email(name)) => has_mail_domain(base, name),
        (GeneralName::Uri(base), GeneralName::Uri(name)) => is_host(base, host(name)),
        (GeneralName::Ip(base), GeneralName::Ip(name)) => in_network(base, name),
        _ => false,
    }
}

/// `name` is `base` or ends in `.base`.
fn in_domain(base: &str, name: &str) -> bool {
    let base = base.trim_start_matches('.');
    base.is_empty()
        || name
            .strip_suffix(base)
            .is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

/// `base` is an address, a host, or with a leading dot any host below it.
fn has_mail_domain(base: &str, address: &str) -> bool {
    if base.contains('@') {
        return base == address;
    }
    address
        .rsplit_once('@')
        .is_some_and(|(_, host)| is_host(base, host))
}

/// Without a leading dot `base` means exactly this host.
fn is_host(base: &str, host: &str) -> bool {
    if base.starts_with('.') {
        host.ends_with(base)
    } else {
        host == base
    }
}

fn host(uri: &str) -> &str {
    let authority = uri.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    host.split(':').next().unwrap_or_default()
}

/// `base` is an address followed by a mask of the same length.
fn in_network(base: &[u8], address: &[u8]) -> bool {
    if base.len() != address.len() * 2 {
        return false;
    }
    let (network, mask) = base.split_at(address.len());
    network
        .iter()
        .zip(mask)
        .zip(address)
        .all(|((network, mask), one)| network & mask == one & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_covers_itself_and_what_is_below_it() {
        assert!(in_domain("example.com", "example.com"));
        assert!(in_domain("example.com", "a.example.com"));
        assert!(in_domain(".example.com", "a.example.com"));
        assert!(!in_domain("example.com", "badexample.com"));
    }

    #[test]
    fn mail_constraints_name_an_address_a_host_or_a_domain() {
        assert!(has_mail_domain("a@example.com", "a@example.com"));
        assert!(has_mail_domain("example.com", "x@example.com"));
        assert!(!has_mail_domain("example.com", "x@mail.example.com"));
        assert!(has_mail_domain(".example.com", "x@mail.example.com"));
    }

    #[test]
    fn the_host_of_a_uri_has_neither_user_nor_port() {
        assert_eq!(host("https://me@example.com:8443/path?x=1"), "example.com");
        assert_eq!(host("urn:example"), "");
    }

    #[test]
    fn networks_are_compared_under_their_mask() {
        assert!(in_network(&[10, 0, 0, 0, 255, 0, 0, 0], &[10, 1, 2, 3]));
        assert!(!in_network(&[10, 0, 0, 0, 255, 0, 0, 0], &[11, 1, 2, 3]));
        assert!(!in_network(&[10, 0, 0, 0, 255, 0, 0, 0], &[0; 16]));
    }
}
