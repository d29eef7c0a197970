//! What ids and names may be made of, wherever they are written.

/// The rule that [`is_readable`] checks, as field violations word it.
const UNREADABLE: &str = "must not contain control characters";

/// Whether a text reads as it is stored: it has no control characters (category
/// Cc, NUL and line ends among them), no characters that turn the direction of
/// writing (U+202A–U+202E, U+2066–U+2069) and no byte-order mark (U+FEFF).
///
/// With them, two ids that differ look alike, and one can look like another.
/// Every script is welcome, and so are joiners and emoji, which need them.
pub fn is_readable(text: &str) -> bool {
    !text.chars().any(is_hidden)
}

/// The rule that [`broken_rule`] checks first, as field violations word it.
pub const MARKUP: &str = "must not contain < or >";

/// The first rule that a new id or name breaks, as field violations word it: it is
/// no markup, since the portal shows names as HTML and one with `<` would run as a
/// script in an administrator's browser (contract portal.md §3.7); and it
/// [reads as it is stored](is_readable).
pub fn broken_rule(name: &str) -> Option<&'static str> {
    if name.contains(['<', '>']) {
        Some(MARKUP)
    } else if is_readable(name) {
        None
    } else {
        Some(UNREADABLE)
    }
}

/// A text without blanks at its ends, and with one space where there was white
/// space inside, so that two texts that look alike are alike.
pub fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as it was sent, and as it is stored: [`normalised`]. The reference stored it
/// as sent, so look-ups among its rows need both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    sent: String,
    normal: String,
}

impl Spelling {
    /// Of a text that was sent.
    pub fn new(sent: String) -> Self {
        let normal = normalised(&sent);
        Self { sent, normal }
    }

    /// As it was sent.
    pub fn sent(&self) -> &str {
        &self.sent
    }

    /// Without surplus blanks, as it is stored.
    pub fn normal(&self) -> &str {
        &self.normal
    }
}

const fn is_hidden(c: char) -> bool {
    // The first two ranges are category Cc, which `char::is_control` is too, but
    // not in a constant function.
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_hides_or_turns_text_is_refused() {
        for hidden in [
            '\0', '\t', '\n', '\u{7f}', '\u{85}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}',
            '\u{feff}',
        ] {
            let text = format!("a{hidden}b");
            assert!(!is_readable(&text), "{}", text.escape_unicode());
        }
    }

    #[test]
    fn scripts_joiners_and_emoji_are_welcome() {
        for text in [
            "Zürich AG",
            "بنك القاهرة",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}🔬 lab",
            "株式会社",
            "right\u{200f}left\u{200e}marks",
        ] {
            assert!(is_readable(text), "{text}");
        }
    }

    #[test]
    fn names_are_plain_text() {
        for name in ["a<b", "->", "<script>alert(1)</script>", "<\u{202e}"] {
            assert_eq!(broken_rule(name), Some(MARKUP), "{name}");
        }
        assert_eq!(broken_rule("a\tb"), Some(UNREADABLE));
        assert_eq!(broken_rule("Résident & Co. / \"2\""), None);
    }

    #[test]
    fn surplus_blanks_are_dropped() {
        assert_eq!(normalised("  make \t one\n\u{a0}2 "), "make one 2");
        assert_eq!(normalised(" \u{3000}"), "");
    }

    #[test]
    fn a_spelling_is_known_as_sent_and_as_stored() {
        let spelling = Spelling::new(" Make  One".to_owned());
        assert_eq!(
            (spelling.sent(), spelling.normal()),
            (" Make  One", "Make One")
        );
    }

    proptest! {
        #[test]
        fn control_characters_are_category_cc_and_the_listed_ones(c: char) {
            let listed = ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
                || c == '\u{feff}';
            prop_assert_eq!(is_hidden(c), c.is_control() || listed);
        }
    }
}
