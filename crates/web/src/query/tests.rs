use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    name: Option<String>,
    page_no: Option<i32>,
}

#[test]
fn repeated_parameters_are_joined_and_empty_numbers_are_absent() {
    let page: Page = read("name=a&name=b&pageNo=").unwrap();

    assert_eq!(page.name.as_deref(), Some("a,b"));
    assert_eq!(page.page_no, None);
}

#[test]
fn of_repeated_numbers_and_flags_the_first_counts() {
    #[derive(Debug, Deserialize)]
    struct Limits {
        size: Option<i32>,
        #[serde(default, deserialize_with = "optional_flag")]
        on: Option<bool>,
    }
    let read = |query| read::<Limits>(query).map(|limits| (limits.size, limits.on));

    let both = read("size=8&on=yes&size=x&on=2&size=9").unwrap();
    assert_eq!(both, (Some(8), Some(true)));
    assert_eq!(read("size=&size=8&on=&on=no").unwrap(), (None, None));
    // A comma that is sent is no repetition.
    for (query, refusal) in [
        ("size=8,8", "Failed to convert 'size' with value: '8,8'"),
        (
            "size=x&size=8",
            "Failed to convert 'size' with value: 'x,8'",
        ),
        ("on=2&on=no", "Failed to convert 'on' with value: '2,no'"),
    ] {
        assert_eq!(read(query).unwrap_err().message(), refusal);
    }
}

#[test]
fn the_first_fault_is_that_of_the_member_that_is_declared_first() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Faulty {
        first: Option<i32>,
        needed: String,
        last: Option<i32>,
    }
    let refusal = |query| read::<Faulty>(query).unwrap_err().message();

    let needed = "Required parameter 'needed' is not present.";
    assert_eq!(refusal("last=x"), needed);
    assert_eq!(refusal("last=x&first=1"), needed);
    let first = "Failed to convert 'first' with value: 'y'";
    assert_eq!(refusal("last=x&first=y"), first);
    assert_eq!(refusal("last=x&first=y&needed=n"), first);
    let last = "Failed to convert 'last' with value: 'x'";
    assert_eq!(refusal("last=x&first=1&needed=n"), last);
}

#[test]
fn a_wrong_number_names_the_parameter_and_the_value() {
    let refusal = read::<Page>("pageNo=abc").unwrap_err();

    assert_eq!(
        refusal.message(),
        "Failed to convert 'pageNo' with value: 'abc'"
    );
}

#[test]
fn truth_has_several_names() {
    #[derive(Debug, Deserialize)]
    struct Flag {
        #[serde(default, deserialize_with = "optional_flag")]
        on: Option<bool>,
    }
    let flag = |query| read::<Flag>(query).unwrap().on;

    for (query, value) in [
        ("on=TRUE", Some(true)),
        ("on=yes", Some(true)),
        ("on=1", Some(true)),
        ("on=False", Some(false)),
        ("on=off", Some(false)),
        ("on=", None),
        ("", None),
    ] {
        assert_eq!(flag(query), value, "{query}");
    }
    assert_eq!(
        read::<Flag>("on=2").unwrap_err().message(),
        "Failed to convert 'on' with value: '2'"
    );
}

#[test]
fn a_missing_parameter_is_named() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Needed {
        status: String,
    }

    let refusal = read::<Needed>("").unwrap_err();

    assert_eq!(
        refusal.message(),
        "Required parameter 'status' is not present."
    );
}
