use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(default, rename_all = "camelCase")]
struct Sample {
    name: Option<String>,
    page_start: i64,
    active: Option<bool>,
    size: Option<i32>,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            name: None,
            page_start: 7,
            active: None,
            size: None,
        }
    }
}

fn read(text: &str) -> Result<Sample, LenientError> {
    super::read(&parse(text.as_bytes())?)
}

#[test]
fn a_text_with_nul_that_is_read_is_found() {
    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Nested {
        name: Option<String>,
        items: Vec<Sample>,
    }
    let place = |text: &str| {
        let value = parse(text.as_bytes()).unwrap();
        let (read, place) = read_noting::<Nested>(&value).unwrap();
        assert!(read.items.len() < 3 && read.name.is_none_or(|name| name.len() < 9));
        place
    };

    assert_eq!(place(r#"{"name": "a"}"#), None);
    assert_eq!(place(r#"{"name": "\u0000"}"#).as_deref(), Some("name"));
    assert_eq!(
        place(r#"{"items": [{"name": "a"}, {"name": "b\u0000", "active": ""}]}"#).as_deref(),
        Some("items[1].name")
    );
    assert_eq!(place(r#"{"other": "\u0000"}"#), None);
}

#[test]
fn numbers_and_booleans_become_text() {
    assert_eq!(read(r#"{"name": 12}"#).unwrap().name.as_deref(), Some("12"));
    assert_eq!(
        read(r#"{"name": true}"#).unwrap().name.as_deref(),
        Some("true")
    );
}

#[test]
fn numbers_are_text_as_they_are_spelled() {
    for spelling in [
        "1.10",
        "1.00",
        "1e2",
        "-0",
        "0.10E+1",
        "12345678901234567890123",
        "18446744073709551616",
    ] {
        let body =
            format!(r#"{{"size":1, "a\\": "\"7", "b": [2, -3.50], "name":{spelling}, "c": 4}} 5"#);
        assert_eq!(read(&body).unwrap().name.as_deref(), Some(spelling));
    }
}

#[test]
fn a_member_is_kept_as_json_with_its_numbers_as_they_are_spelled() {
    #[derive(Deserialize)]
    struct Kept {
        kept: Option<JsonText>,
    }
    let kept = |text: &str| {
        let read: Kept = super::read(&parse(text.as_bytes()).unwrap()).unwrap();
        read.kept.map(|kept| kept.get().to_owned())
    };

    assert_eq!(
        kept(
            r#"{"before": 0.50, "kept": { "z" : [1.10, 1E2, "1.10", true, null], "z": {"a": []},
             "é\u0001\"": 12345678901234567890123 } }"#
        )
        .as_deref(),
        Some(r#"{"z":{"a":[]},"é\u0001\"":12345678901234567890123}"#)
    );
    assert_eq!(
        kept(r#"{"kept": [1.10, 1E2, "1.10", true, null]}"#).as_deref(),
        Some(r#"[1.10,1E2,"1.10",true,null]"#)
    );
    assert_eq!(kept(r#"{"kept": null}"#), None);
    assert_eq!(kept("{}"), None);
}

#[test]
fn numeric_text_and_floats_become_integers() {
    assert_eq!(read(r#"{"pageStart": "10"}"#).unwrap().page_start, 10);
    assert_eq!(read(r#"{"pageStart": -1.9}"#).unwrap().page_start, -1);
    assert!(read(r#"{"pageStart": "ten"}"#).is_err());
}

#[test]
fn text_becomes_boolean_only_in_the_known_spellings() {
    assert_eq!(read(r#"{"active": "TRUE"}"#).unwrap().active, Some(true));
    assert!(read(r#"{"active": "yes"}"#).is_err());
}

#[test]
fn a_blank_text_is_an_absent_number_or_boolean_but_a_text_all_the_same() {
    let sample = read(r#"{"pageStart":"","active":" ","size":"","name":""}"#).unwrap();

    assert_eq!(
        (sample.page_start, sample.active, sample.size),
        (0, None, None)
    );
    assert_eq!(sample.name.as_deref(), Some(""));
}

#[test]
fn blanks_are_left_out_one_by_one() {
    let list: Vec<Option<i32>> =
        super::read(&parse(br#"["1", "", 0, " ", null]"#).unwrap()).unwrap();

    assert_eq!(list, [Some(1), None, Some(0), None, None]);
}

#[test]
fn hostile_bodies_are_refused_without_harm() {
    let deep = "[".repeat(100_000);
    for text in [
        deep.as_str(),
        r#"{"size": 1e400}"#,
        r#"{"size": 1e300}"#,
        r#"{"size": 99999999999999999999999999}"#,
        r#"{"size": "9999999999"}"#,
        r#"{"name": "\ud800"}"#,
    ] {
        assert!(read(text).is_err(), "{text:.40}");
    }
    assert!(parse(b"{\"name\": \"\xff\"}").is_err());
}

#[test]
fn objects_where_text_is_expected_are_refused() {
    assert!(read(r#"{"name": {}}"#).is_err());
    assert!(read(r#"{"name": []}"#).is_err());
}

#[test]
fn a_byte_order_mark_and_trailing_text_are_ignored_and_the_last_duplicate_wins() {
    let sample = read("\u{feff}{\"name\":\"a\",\"name\":\"b\"} trailing").unwrap();

    assert_eq!(sample.name.as_deref(), Some("b"));
    assert_eq!(sample.page_start, 7);
}

#[test]
fn a_null_in_an_array_is_an_object_without_members_and_no_text() {
    let parsed = |text: &str| parse(text.as_bytes()).unwrap();
    let samples: Vec<Sample> = super::read(&parsed(r#"[null, {"name": "a"}]"#)).unwrap();
    let texts: Vec<Option<String>> = super::read(&parsed(r#"[null, ""]"#)).unwrap();

    assert_eq!(samples[0], Sample::default());
    assert_eq!(samples[1].name.as_deref(), Some("a"));
    assert_eq!(texts, [None, Some(String::new())]);
    // Only there.
    assert!(read("null").is_err());
}

#[test]
fn what_is_ignored_may_hold_anything_that_is_json() {
    let nested = |depth| format!("{}1.50{}", "[".repeat(depth), "]".repeat(depth));
    for ignored in [nested(200), nested(10_000), "1e300".to_owned()] {
        let body = format!(r#"{{"other": {{"x": {ignored}, "y": 2.50}}, "name": 1.10}}"#);
        assert_eq!(read(&body).unwrap().name.as_deref(), Some("1.10"));
    }
    // What is read may not be so deep.
    let body = format!(r#"{{"name": {}}}"#, nested(200));
    assert!(read(&body).is_err());
    let broken = format!(r#"{{"other": {}, "name": "a"}}"#, "[".repeat(200));
    assert!(read(&broken).is_err());
}

#[test]
fn members_that_are_not_wanted_are_passed_over() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let body = format!(
        "\u{feff}{{\"a\": 1.10, \"metadata\": {{\"x\": [1e400, {deep}, \"1.5\"]}}, \"b\": 2.00, \
         \"a\": [3.00]}} trailing"
    );

    let members = parse_members(body.as_bytes(), &["a", "b"]).unwrap();

    let texts: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("{name}={}", serde_json::to_string(value).unwrap()))
        .collect();
    assert_eq!(texts, ["a=[3.00]", "b=2.00"]);
    for broken in [
        "[1]",
        "1",
        "null",
        r#"{"x": [}"#,
        r#"{"x": 01}"#,
        "{\"x\": 1",
    ] {
        assert!(
            parse_members(broken.as_bytes(), &["a"]).is_err(),
            "{broken}"
        );
    }
    assert!(parse_members(b"{\"x\": \"\xff\"}", &["a"]).is_err());
}

#[test]
fn a_text_with_more_values_than_fit_in_memory_is_not_read() {
    for (value, most) in [("{}", 249_999), ("1", 249_999), (r#"{"a":1}"#, 124_999)] {
        let text = |count: usize| format!("[{}]", vec![value; count].join(","));

        assert!(parse(text(most).as_bytes()).is_ok(), "{value}");
        assert!(parse(text(most + 1).as_bytes()).is_err(), "{value}");
    }
    let nested = format!(r#"{{"a":{{"b":[{}]}}}}"#, vec!["[]"; 249_998].join(","));
    assert!(parse(nested.as_bytes()).is_err());
}
