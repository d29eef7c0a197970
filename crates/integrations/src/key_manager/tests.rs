use base64::engine::general_purpose::{
    STANDARD, STANDARD_NO_PAD, URL_SAFE as PADDED, URL_SAFE_NO_PAD,
};

use super::*;

#[test]
fn an_answer_is_read_with_and_without_padding_in_both_alphabets() {
    for text in [
        "",
        "a",
        "ab",
        "abc",
        "98765432100",
        "née@example.org",
        "???>>>~~",
    ] {
        let forms = [
            PADDED.encode(text),
            URL_SAFE_NO_PAD.encode(text),
            STANDARD.encode(text),
            STANDARD_NO_PAD.encode(text),
        ];
        for form in forms {
            assert_eq!(
                plain(&form).as_ref().map(|text| text.as_str()),
                Some(text),
                "{form}"
            );
        }
    }
    assert_eq!(plain("no base64!"), None);
}
