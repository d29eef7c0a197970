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
fn what_has_no_look_is_refused_wherever_it_stands() {
    for c in [
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{17b4}',
        '\u{180e}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{2060}',
        '\u{2064}',
        '\u{3164}',
        '\u{378}',
        '\u{e000}',
        '\u{fe0e}',
        '\u{fe0f}',
        '\u{ffa0}',
        '\u{fff9}',
        '\u{ffff}',
        '\u{1d173}',
        '\u{e0001}',
        '\u{e0061}',
        '\u{e0100}',
        '\u{f0000}',
    ] {
        for text in [
            format!("{c}aao1egtb"),
            format!("aao1{c}egtb"),
            format!("aao1egtb{c}"),
            format!("é{c}"),
        ] {
            assert!(!is_readable(&text), "{}", text.escape_unicode());
            assert_eq!(broken_rule(&text), Some(INVISIBLE));
        }
    }
}

#[test]
fn joiners_and_variants_stand_where_they_change_something() {
    for text in [
        "می\u{200c}\u{200c}خواهم",
        "क्\u{200d}\u{200d}ष",
        "👩\u{200d}\u{200d}🔬",
        "👩\u{fe0f}",
        "❤\u{fe0f}\u{fe0f}",
        "1\u{fe0f}",
        "銀\u{200d}行",
        "\u{200c}می",
    ] {
        assert!(!is_readable(text), "{}", text.escape_unicode());
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
        "❤\u{fe0f} centre",
        "👩🏽\u{200d}⚕\u{fe0f}",
        "🏳\u{fe0f}\u{200d}🌈",
        "ᠮᠣᠩᠭ\u{180b}ᠣᠯ",
        "ශ්\u{200d}රී ලංකා",
        "አዲስ አበባ",
        "a b\u{a0}c\u{3000}d",
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
    fn control_characters_are_refused_and_letters_are_not(c: char) {
        let text = format!("a{c}");
        if c.is_control() {
            prop_assert_eq!(broken_rule(&text), Some(UNREADABLE));
        } else if c.is_alphanumeric() && !has_no_look(c) {
            prop_assert!(is_readable(&text));
        }
    }
}
