use proptest::prelude::*;
use serde_json::json;

use super::*;

fn check(document: &Value) -> Result<(), ErrorDef> {
    check_storable(document, &document.to_string())
}

#[test]
fn the_column_counts_characters_not_bytes() {
    let of_length = |length: usize| {
        let text = "é".repeat(length - r#"{"a":""}"#.len());
        check(&json!({ "a": text }))
    };

    assert_eq!(of_length(LONGEST), Ok(()));
    assert_eq!(of_length(LONGEST + 1), Err(NOT_PROCESSED));
}

#[test]
fn nul_is_refused_wherever_it_hides() {
    for document in [
        json!({ "a\0": 1 }),
        json!({ "a": ["\0"] }),
        json!({ "a": { "\0": 1 } }),
    ] {
        assert_eq!(check(&document), Err(NOT_PROCESSED));
    }
    assert_eq!(check(&json!({ "a": "\\u0000" })), Ok(()));
}

#[test]
fn valid_text_is_sent_as_it_is() {
    let text = r#"{ "b" : "x\/y", "a": [1.0, 1e2] }"#;

    assert_eq!(to_json(text).unwrap().get(), text);
}

#[test]
fn stray_commas_are_forgiven() {
    for (stored, meant) in [
        (
            r#"{"encrypted":false,,"format":"YYYY"}"#,
            json!({"encrypted": false, "format": "YYYY"}),
        ),
        (r#"{,"a":[,1,, 2 , ,],}"#, json!({"a": [1, 2]})),
        (
            r#"{"a":",,}","b":"\",,]",}"#,
            json!({"a": ",,}", "b": "\",,]"}),
        ),
        (r#"{"a":"\\",,"b":{,}}"#, json!({"a": "\\", "b": {}})),
    ] {
        let sent: Value = serde_json::from_str(to_json(stored).unwrap().get()).unwrap();

        assert_eq!(sent, meant, "{stored}");
        assert_eq!(
            Value::Object(to_members(stored).unwrap()),
            meant,
            "{stored}"
        );
    }
}

#[test]
fn other_faults_are_not_forgiven() {
    for stored in [
        "",
        "{",
        "{\"a\" 1}",
        "{\"a\":,1}",
        "{} {}",
        "{},",
        "{'a':1}",
        "nonsense",
    ] {
        assert_eq!(
            to_json(stored).unwrap_err(),
            DocumentFault::NotJson,
            "{stored}"
        );
        assert_eq!(
            to_members(stored).unwrap_err(),
            DocumentFault::NotJson,
            "{stored}"
        );
    }
}

#[test]
fn anything_but_an_object_is_a_fault_of_its_own() {
    for stored in ["[]", "null", " 1 ", "\"{}\"", "[1,,2]"] {
        assert_eq!(
            to_json(stored).unwrap_err(),
            DocumentFault::NotAnObject,
            "{stored}"
        );
        assert_eq!(
            to_members(stored).unwrap_err(),
            DocumentFault::NotAnObject,
            "{stored}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_readers_panic_or_differ(text in r#"[\[\]{},:"\\ a1é]{0,40}"#) {
        let raw = to_json(&text).map(|raw| raw.get().to_owned());
        let members = to_members(&text);

        prop_assert_eq!(raw.is_ok(), members.is_ok());
    }

    #[test]
    fn what_is_valid_needs_no_repair(text in r#"[\[\]{},:"\\ a1é]{0,40}"#) {
        if serde_json::from_str::<Value>(&text).is_ok() {
            prop_assert_eq!(commas::without_stray(&text), text);
        }
    }
}
