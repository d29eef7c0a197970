use super::*;

#[test]
fn special_characters_are_escaped() {
    assert_eq!(escaped("Acme, Inc."), "Acme\\, Inc.");
    assert_eq!(escaped(r#"a+b="c"<d>;\"#), r#"a\+b\=\"c\"\<d\>\;\\"#);
    assert_eq!(escaped("#1 and #2"), "\\#1 and #2");
    assert_eq!(escaped(" a b  "), "\\ a b\\ \\ ");
    assert_eq!(escaped("  "), "\\ \\ ");
}

#[test]
fn case_and_white_space_do_not_count_in_comparison() {
    assert_eq!(folded("  ACME   Ltd "), folded("acme ltd"));
    assert_ne!(folded("acmeltd"), folded("acme ltd"));
}

#[test]
fn an_accent_of_its_own_makes_no_difference() {
    assert!(is_same_text("Z\u{fc}rich", "Zu\u{308}rich"));
    assert!(!is_same_text("Zurich", "Zu\u{308}rich"));
    assert_eq!(folded("Z\u{dc}RICH"), folded("zu\u{308}rich"));
}

#[test]
fn a_text_that_shows_nothing_is_blank() {
    for blank in [
        "",
        " ",
        "\t\n",
        "\u{a0}",
        "\u{200b}\u{200d}",
        "\u{feff} \u{3164}",
    ] {
        assert!(is_blank(blank), "{blank:?}");
    }
    for shown in ["a", " -", "\u{200d}\u{5d0}", "\u{1f469}\u{200d}\u{1f52c}"] {
        assert!(!is_blank(shown), "{shown:?}");
    }
}

#[test]
fn a_value_holds_no_separator_of_names_or_attributes() {
    let value = folded("Acme\u{1}2.5.4.3=root\u{2}2.5.4.6=in");

    assert!(!value.contains(['\u{1}', '\u{2}']), "{value:?}");
}
