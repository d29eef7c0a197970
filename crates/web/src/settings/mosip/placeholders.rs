//! `${name}` and `${name:default}` in values of properties, nested too.

use super::properties::Properties;

/// More would be a circle.
const DEEPEST: usize = 20;
/// Longest text that placeholders may unfold to, in bytes.
const LONGEST: usize = 64 * 1024;

/// `text` with its placeholders replaced.
///
/// # Errors
/// What can't be resolved, for people; never a value.
pub(super) fn resolve(properties: &Properties, text: &str) -> Result<String, String> {
    unfold(properties, text, 0)
}

fn unfold(properties: &Properties, text: &str, depth: usize) -> Result<String, String> {
    if depth > DEEPEST {
        return Err("its placeholders go round in a circle".to_owned());
    }
    let mut resolved = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        resolved.push_str(before);
        let Some((inside, behind)) = split_at_close(after) else {
            resolved.push_str("${");
            rest = after;
            continue;
        };
        resolved.push_str(&one(properties, inside, depth)?);
        if resolved.len() > LONGEST {
            return Err("its placeholders unfold to too long a text".to_owned());
        }
        rest = behind;
    }
    resolved.push_str(rest);
    Ok(resolved)
}

/// The value of what stands between `${` and `}`. As in Spring, what is inside is
/// resolved first, the whole of it is looked up before it is taken apart, and a
/// value that is there but empty is a value.
fn one(properties: &Properties, inside: &str, depth: usize) -> Result<String, String> {
    let (name, default) = match split_default(inside) {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    if let Some(value) = default.and_then(|_default| properties.raw_exact(inside)) {
        return unfold(properties, value, depth + 1);
    }
    let name = unfold(properties, name, depth + 1)?;
    match (properties.raw(name.trim()), default) {
        (Some(value), _) => unfold(properties, value, depth + 1),
        (None, Some(default)) => unfold(properties, default, depth + 1),
        (None, None) => Err(format!("${{{name}}} is not set")),
    }
}

/// Splits at the `}` that closes. Every brace inside counts, as in Spring: a
/// default may be a pattern such as `[a-z]{3}`.
fn split_at_close(text: &str) -> Option<(&str, &str)> {
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' if open == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// Splits name and default at the first `:` outside of placeholders.
fn split_default(inside: &str) -> Option<(&str, &str)> {
    let mut open = 0_usize;
    for (at, c) in inside.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            ':' if open == 0 => return Some((inside.get(..at)?, inside.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::properties::Property;
    use super::*;

    fn properties(pairs: &[(&str, &str)]) -> Properties {
        let mut properties = Properties::new(&[("KEYCLOAK_HOST".to_owned(), "kc".to_owned())]);
        let source = pairs.iter().map(|(name, value)| Property {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        properties.add(source.collect());
        properties
    }

    #[test]
    fn placeholders_are_nested_have_defaults_and_see_the_environment() {
        let set = properties(&[
            ("a.host", "${keycloak.host}"),
            ("a.url", "http://${a.host}:${a.port:80}/x"),
            ("pick", "host"),
        ]);

        assert_eq!(resolve(&set, "${a.url}/y").unwrap(), "http://kc:80/x/y");
        assert_eq!(resolve(&set, "${a.${pick}}").unwrap(), "kc");
        assert_eq!(resolve(&set, "${none:${a.host}}").unwrap(), "kc");
        assert_eq!(resolve(&set, "${none:http://x:1}").unwrap(), "http://x:1");
        assert_eq!(resolve(&set, "cost ${ 5").unwrap(), "cost ${ 5");
        assert_eq!(resolve(&set, "${none:}").unwrap(), "");
    }

    #[test]
    fn what_is_missing_is_named_and_circles_end() {
        let set = properties(&[
            ("a", "${b}"),
            ("b", "${a}"),
            ("d", "${e}${e}"),
            ("e", "${d}"),
        ]);

        assert_eq!(resolve(&set, "${c.d}").unwrap_err(), "${c.d} is not set");
        assert!(resolve(&set, "${a}").unwrap_err().contains("circle"));
        assert!(resolve(&set, "${d}").is_err());
    }
}
