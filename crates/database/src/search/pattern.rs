//! Patterns for LIKE in which the value's own characters mean themselves.

/// The character that takes its meaning from the next one.
pub(super) const ESCAPE: char = '\\';

fn escaped(value: &str) -> String {
    let mut pattern = String::with_capacity(value.len() + 2);
    for character in value.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern
}

/// Text with `value` anywhere in it.
pub(super) fn containing(value: &str) -> String {
    format!("%{}%", escaped(value))
}

/// Text that begins with `value`.
pub(super) fn starting(value: &str) -> String {
    format!("{}%", escaped(value))
}

/// The pattern of a legacy `contains` (contract envelope-and-search.md §8.5): `*x*` and `x`
/// contain x, `*x` ends with x, `*` is anything; a lone star at the end is an
/// ordinary character.
pub(super) fn of_contains(value: &str) -> String {
    match value.strip_prefix('*') {
        None => containing(value),
        Some("") => "%".to_owned(),
        Some(rest) => match rest.strip_suffix('*') {
            Some(middle) => containing(middle),
            None => format!("%{}", escaped(rest)),
        },
    }
}

/// The pattern of a legacy `startsWith`: one star at the end is dropped.
pub(super) fn of_starts_with(value: &str) -> String {
    starting(value.strip_suffix('*').unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_of_contains() {
        for (value, pattern) in [
            ("x", "%x%"),
            ("*x*", "%x%"),
            ("*x", "%x"),
            ("x*", "%x*%"),
            ("*", "%"),
            ("**", "%%"),
            ("", "%%"),
            ("a*b", "%a*b%"),
        ] {
            assert_eq!(of_contains(value), pattern, "{value}");
        }
    }

    #[test]
    fn stars_of_starts_with() {
        assert_eq!(of_starts_with("x*"), "x%");
        assert_eq!(of_starts_with("x**"), "x*%");
        assert_eq!(of_starts_with("*x"), "*x%");
    }

    #[test]
    fn wildcards_of_sql_mean_themselves() {
        assert_eq!(of_contains(r"100%_\"), r"%100\%\_\\%");
    }
}
