//! Patterns with `?`, `*` and `**`, as Ant has them.

/// Ant compares paths segment by segment; empty segments don't count.
pub(super) fn segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether the segments match, `**` standing for any number of them.
pub(super) fn path_matches(pattern: &[String], path: &[String]) -> bool {
    matches_sequence(
        pattern,
        path,
        |part| part == "**",
        |part, segment| glob(part.as_bytes(), segment.as_bytes()),
    )
}

/// Whether the text matches, `*` standing for any number of characters and `?`
/// for one.
pub(super) fn glob(pattern: &[u8], text: &[u8]) -> bool {
    matches_sequence(
        pattern,
        text,
        |byte| *byte == b'*',
        |byte, found| *byte == b'?' || byte == found,
    )
}

/// Matches items against a pattern in which some items stand for any number of
/// items. Goes back to the last such item only, so the work is bounded by the
/// product of the lengths.
fn matches_sequence<P, T>(
    pattern: &[P],
    items: &[T],
    is_any: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(item) = items.get(next) {
        match pattern.get(at) {
            Some(part) if is_any(part) => {
                retry = Some((at + 1, next));
                at += 1;
                continue;
            }
            Some(part) if fits(part, item) => {
                at += 1;
                next += 1;
                continue;
            }
            _ => {}
        }
        let Some((behind, taken)) = retry else {
            return false;
        };
        retry = Some((behind, taken + 1));
        at = behind;
        next = taken + 1;
    }
    pattern.iter().skip(at).all(is_any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_for_characters_and_double_stars_for_segments() {
        let matches = |pattern: &str, path: &str| path_matches(&segments(pattern), &segments(path));

        assert!(matches("a/**/z", "a//b/c/z/") && matches("**", "") && matches("*", "abc"));
        assert!(!matches("*", "a/b") && !matches("a/**/z", "a/b") && !matches("?", ""));
        assert!(glob(b"a*b?d", b"axxbcd") && glob(b"**", b"") && !glob(b"a*b", b"axxc"));
    }

    #[test]
    fn long_patterns_and_texts_are_matched_quickly() {
        let pattern = "a*".repeat(300) + "c";
        let text = "a".repeat(4000) + "b";

        assert!(!glob(pattern.as_bytes(), text.as_bytes()));
    }
}
