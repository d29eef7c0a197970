use super::*;

#[test]
fn request_times_have_exactly_one_form() {
    assert!(request_time("2025-07-11T13:45:37.123Z").is_some());
    for wrong in [
        "2025-07-11T13:45:37Z",
        "2025-07-11T13:45:37.1234Z",
        "2025-07-11T13:45:37.123+00:00",
        "2025-02-30T13:45:37.123Z",
        "2025-07-11 13:45:37.123Z",
        "2025-07-11T13:45:60.123Z",
    ] {
        assert_eq!(request_time(wrong), None, "{wrong}");
    }
}

#[test]
fn an_id_or_version_that_is_a_number_is_taken_as_it_is_spelled() {
    let body = br#"{"other": [7, "\"8", {"9": -9.90}], "id": 1.10, "version": 1.00}"#;
    let members = parse_members(body, &envelope::MEMBERS).unwrap();

    let echo = Echo::of_members(&members);
    let version = text(members.get("version").cloned()).unwrap();

    assert_eq!((echo.id.as_str(), echo.version.as_str()), ("1.10", "1.00"));
    // An operation of the newer endpoints wants 1.0.
    assert_eq!(version.as_deref(), Some("1.00"));
}
