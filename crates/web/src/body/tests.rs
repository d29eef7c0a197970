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
