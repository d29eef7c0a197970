//! Ids as segments of a path: which can stand there, and how the others are
//! reached all the same (contract envelope-and-search.md §1).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The rule that [`can_stand_in_path`] checks, as field violations word it.
pub const NO_SEGMENT: &str = "can't stand in a path";

/// What begins a segment that is an id in base64url without padding.
const SPELLED: &str = "base64url:";

/// What clients encode in a segment or a parameter: all but the unreserved characters
/// (RFC 3986 §2.3).
pub const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Whether proxies and routers may read a path, as it was sent, in different
/// ways. Such paths are refused before anything else.
pub fn is_ambiguous(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let decoded = percent_decode_str(path).decode_utf8();
    !path.is_ascii()
        || lower.contains("//")
        || lower.contains(';')
        || lower.contains('\\')
        || ["%3b", "%2f", "%5c", "%25", "%2e"]
            .iter()
            .any(|encoding| lower.contains(encoding))
        || lower
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        || lower.split('%').skip(1).any(|rest| !starts_with_hex(rest))
        || decoded.is_err()
        || decoded.is_ok_and(|path| path.chars().any(char::is_control))
}

/// Whether what follows a percent sign makes it an encoding.
fn starts_with_hex(rest: &str) -> bool {
    let digits = rest.as_bytes().first_chunk::<2>();
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// Whether a path with this id as a segment passes [`is_ambiguous`] and means
/// this id. An id for which it doesn't must not be given to anything that paths
/// name: no call could reach it by its own name.
pub fn can_stand_in_path(id: &str) -> bool {
    !id.is_empty() && !id.starts_with(SPELLED) && !is_ambiguous(&format!("/{}", encoded(id)))
}

fn encoded(id: &str) -> Cow<'_, str> {
    utf8_percent_encode(id, RESERVED).into()
}

/// An id in the form that every id has in a path, also one that [can't
/// stand](can_stand_in_path) there, which databases have that others wrote, and one that
/// equals a literal segment of another path. Any other id is reached by itself,
/// percent-encoded.
pub fn spelled(id: &str) -> String {
    format!("{SPELLED}{}", URL_SAFE_NO_PAD.encode(id))
}

/// The id that a decoded segment spells out, see [`spelled`]. `None` for any
/// other segment, which is an id as it stands.
pub fn id_spelled_by(segment: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD
        .decode(segment.strip_prefix(SPELLED)?)
        .ok()?;
    // No column holds NUL.
    String::from_utf8(bytes)
        .ok()
        .filter(|id| !id.contains('\0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_with_two_readings_are_refused() {
        for path in [
            "/a//b",
            "/a/%2e%2e/b",
            "/a;x=1",
            "/a/%2Fb",
            "/a/../b",
            "/a/%00",
            "/a/%1f",
            "/a/%7F",
            "/a/%c2%85",
            "/a/%C3",
            "/a/%",
            "/a/%4",
            "/a/%zz",
            "/a/é",
            "/a/\u{7f}",
            "/a\\b",
            "/a/.",
        ] {
            assert!(is_ambiguous(path), "{path}");
        }
        for path in [
            "/policies/active/group/my%20group.v1",
            "/a/%C3%A9",
            "/a/%2B+%40",
            "/a/...b",
        ] {
            assert!(!is_ambiguous(path), "{path}");
        }
    }

    #[test]
    fn ids_that_paths_refuse_can_not_be_given() {
        for id in [
            "",
            "ev;il",
            "a/b",
            "x\\y",
            "%2e",
            "100%",
            ".",
            "..",
            "a\nb",
            "\u{85}",
            "base64url:YQ",
        ] {
            assert!(!can_stand_in_path(id), "{id:?}");
        }
        for id in [
            "acme",
            "a.b",
            "...",
            "Zürich",
            "a b",
            "a+b@c",
            "?",
            "#",
            "株式会社",
        ] {
            assert!(can_stand_in_path(id), "{id:?}");
        }
    }

    proptest! {
        #[test]
        fn every_id_has_a_segment_that_passes_and_means_it(id in "[^\\x00]{0,40}") {
            let itself = can_stand_in_path(&id).then(|| encoded(&id).into_owned());
            for segment in itself.into_iter().chain([spelled(&id)]) {
                prop_assert!(!is_ambiguous(&format!("/{segment}")), "{}", segment);
                let decoded = percent_decode_str(&segment).decode_utf8().unwrap();
                let meant = id_spelled_by(&decoded).unwrap_or_else(|| decoded.into_owned());
                prop_assert_eq!(&meant, &id);
            }
        }

        #[test]
        fn what_can_stand_is_never_taken_for_another_id(id in "\\PC{1,40}") {
            if can_stand_in_path(&id) {
                prop_assert_eq!(id_spelled_by(&id), None);
            }
        }
    }
}
