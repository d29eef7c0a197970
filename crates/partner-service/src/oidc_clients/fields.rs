//! Field rules that requests about clients share
//! (contract clients-users-notifications.md §1.7, §1.9).

use std::collections::{BTreeMap, HashSet};

use pms_domain::oidc_clients::ClientName;
use pms_web::Checks;

use super::Form;

/// Longest address of a logo, and longest item of a list, in characters.
const ADDRESS: usize = 2048;
/// Width of the columns of grant types and authentication methods.
const METHODS: usize = 256;
/// Schemes that an address of a logo may have, as the reference's platform knows them.
const SCHEMES: [&str; 6] = ["http", "https", "ftp", "file", "jar", "mailto"];

/// The field of the names by language.
const BY_LANGUAGE: &str = "clientNameLangMap";

/// Names by language, as clients send them.
pub(super) type Names = BTreeMap<String, Option<String>>;
/// A list, as clients send it.
pub(super) type Items = Vec<Option<String>>;

/// The address of a logo.
pub(super) fn logo(fields: &mut Checks, value: Option<&str>) {
    fields
        .not_blank("logoUri", value)
        .require(value.is_none_or(is_url), "logoUri", "must be a valid URL")
        .length("logoUri", value, (0, ADDRESS));
}

/// Whether the text is an address as the reference sees it: a scheme that it
/// knows and, behind two slashes, a port that is a number. Nothing else is judged.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.trim().split_once(':') else {
        return false;
    };
    if !SCHEMES
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return false;
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return true;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    // The colons of an IPv6 address stand in brackets.
    let behind = host.rsplit_once(']').map_or(host, |(_, behind)| behind);
    behind.rsplit_once(':').is_none_or(|(_, port)| {
        port.is_empty()
            || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
    })
}

/// A list of `1..=most` items, stored with commas between them in a column of any length.
pub(super) fn list(fields: &mut Checks, name: &str, value: Option<&Items>, most: usize) {
    counted(fields, name, value, most);
    each(fields, name, value, |fields, path, item| {
        fields.not_null(path, item.as_ref());
    });
}

/// [`list`] of items that are not blank.
pub(super) fn filled_list(fields: &mut Checks, name: &str, value: Option<&Items>, most: usize) {
    counted(fields, name, value, most);
    each(fields, name, value, |fields, path, item| {
        fields.not_blank(path, item);
    });
}

fn counted(fields: &mut Checks, name: &str, value: Option<&Items>, most: usize) {
    fields.not_null(name, value);
    let count = value.map_or(1, Vec::len);
    let rule = format!("size must be between 1 and {most}");
    fields.require((1..=most).contains(&count), name, rule);
}

/// `check`, and what the column can hold, of each item.
fn each(
    fields: &mut Checks,
    name: &str,
    value: Option<&Items>,
    check: impl Fn(&mut Checks, &str, Option<&str>),
) {
    for (index, item) in value.into_iter().flatten().enumerate() {
        let (path, item) = (format!("{name}[{index}]"), item.as_deref());
        check(fields, &path, item);
        let has_comma = item.is_some_and(|text| text.contains(','));
        fields.require(!has_comma, &path, "must not contain a comma");
        without_nul(fields, &path, item);
        fields.length(&path, item, (0, ADDRESS));
    }
}

/// [`list`] of grant types or of authentication methods.
pub(super) fn methods(fields: &mut Checks, name: &str, value: Option<&Items>) {
    list(fields, name, value, 3);
    let joined = distinct(value.cloned().unwrap_or_default()).join(",");
    fields.length(name, Some(&joined), (0, METHODS));
}

/// The names by language.
pub(super) fn names(fields: &mut Checks, value: Option<&Names>) {
    fields.require(
        value.is_some_and(|names| !names.is_empty()),
        BY_LANGUAGE,
        "must not be empty",
    );
    for (language, name) in value.into_iter().flatten() {
        let path = format!("{BY_LANGUAGE}[{language}]");
        fields
            .length(&path, Some(language), (3, 3))
            .not_blank(&path, name.as_deref());
        without_nul(fields, &path, name.as_deref());
    }
}

/// A text that the database can hold: eSignet is asked before the database is.
pub(super) fn without_nul(fields: &mut Checks, path: &str, value: Option<&str>) {
    let held = value.is_some_and(|text| text.contains('\0'));
    fields.require(!held, path, "must not hold the character NUL");
}

/// New names and codes of languages keep the rules of names; what the client has
/// already, from a release without them, may stay. `field` is where the name
/// without a language stands.
pub(super) fn new_names(
    fields: &mut Checks,
    field: &str,
    given: &ClientName,
    known: Option<&ClientName>,
) {
    if known.is_none_or(|known| known.plain != given.plain) {
        fields.plain(field, Some(&given.plain));
    }
    let known = known.and_then(|known| known.by_language.as_ref());
    for (language, name) in given.by_language.iter().flatten() {
        if known.and_then(|known| known.get(language)) != Some(name) {
            let path = format!("{BY_LANGUAGE}[{language}]");
            fields.plain(&path, Some(language)).plain(&path, Some(name));
        }
    }
}

/// The names as they are stored together; what one may not be is checked before.
pub(super) fn together(fields: &mut Checks, field: &str, name: &ClientName) {
    let rule = "size must be between 0 and 256";
    fields.require(name.fits(), field, rule);
}

/// The name of a request, with its names by language in the form that has them.
pub(super) fn name_of(form: Form, plain: Option<&String>, names: Option<&Names>) -> ClientName {
    let names = names.filter(|_| form == Form::Oauth);
    let by_language = names.map(|names| {
        let filled = names.iter().map(|(language, name)| {
            let name = name.clone().unwrap_or_default();
            (language.clone(), name)
        });
        filled.collect()
    });
    ClientName {
        plain: plain.cloned().unwrap_or_default(),
        by_language,
    }
}

/// The items of a list that was checked, each of them once: newer servers of
/// eSignet refuse repetitions.
pub(super) fn distinct(items: Items) -> Vec<String> {
    let mut seen = HashSet::new();
    let items = items.into_iter().flatten();
    items.filter(|item| seen.insert(item.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn addresses_of_logos_need_a_known_scheme_and_a_number_as_port() {
        for fine in [
            "https://x",
            "HTTP://example.org/a%20logo.png?x=1#y",
            "https://example.org:8443/logo.png",
            "https://user:word@localhost/logo",
            "http://10.0.0.1:/logo",
            "http://[::1]:80/logo",
            "https://example.org/a:b",
            "ftp://example.org/logo",
            "mailto:logo@example.org",
        ] {
            assert!(is_url(fine), "{fine}");
        }
        for wrong in [
            "https//x",
            "logo.png",
            "",
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "https://example.org:port/",
            "https://example.org:99999/",
            "io.mosip.app://logo",
        ] {
            assert!(!is_url(wrong), "{wrong}");
        }
    }
}
