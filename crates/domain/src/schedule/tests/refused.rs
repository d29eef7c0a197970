//! Expressions that are not taken.

use super::super::{Schedule, Tz};

#[test]
fn an_expression_that_can_not_be_kept_as_spring_keeps_it_is_refused_with_a_reason() {
    for expression in [
        "",
        "0 0 0 * *",
        "0 0 0 * * * *",
        "60 0 0 * * *",
        "0 60 0 * * *",
        "0 0 24 * * *",
        "0 0 0 0 * *",
        "0 0 0 32 * *",
        "0 0 0 * 13 *",
        "0 0 0 * * 8",
        "0 0 22-2 * * *",
        "0 0 0 * * FRI-MON",
        "0 0/0 0 * * *",
        "0 /5 0 * * *",
        "0 0 0 1,,2 * *",
        "0 0 0 1, * *",
        "0 0 ? * * *",
        "0 0 0 ?/2 * *",
        "0 0 0 L-3 * *",
        "0 0 0 31W * *",
        "0 0 0 L,LW * *",
        "0 0 0 * * L",
        "0 0 0 * * 1-5#2",
        "0 0 0 * * 1-5L",
        "0 0 0 * * 5#0",
        "0 0 0 * * 5#6",
        "0 0 0 1 * +MON",
        "0 0 0 * * MONDAY",
        "0 0 0 31 2 *",
        "0 0 0 30 FEB *",
        "@sometimes",
        "daily",
        "--",
    ] {
        let refused = Schedule::parse(expression, Tz::UTC)
            .unwrap_err()
            .to_string();
        assert_eq!(refused.lines().count(), 1, "{expression}: {refused}");
    }
    assert!(Schedule::parse("-", Tz::UTC).unwrap().is_none());
    assert!(Schedule::parse(" - ", Tz::UTC).unwrap().is_none());
}
