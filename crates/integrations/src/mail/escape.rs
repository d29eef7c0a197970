//! Keeping what others wrote from becoming markup or headers.

use serde_json::{Map, Value};

/// Longest subject, in characters.
const LONGEST_SUBJECT: usize = 250;
/// Longest address, in bytes.
const LONGEST_ADDRESS: usize = 254;

/// Whether a template is HTML: it has a tag, a declaration or an entity. An
/// address in angle brackets is none.
pub(super) fn is_html(template: &str) -> bool {
    let tag = |behind: &str| {
        let name = behind.trim_start_matches(['/', '!']);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric());
        let ends = end.and_then(|end| name.get(end..)).unwrap_or_default();
        end.is_some_and(|end| end > 0)
            && ends.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))
            && ends.contains('>')
    };
    let entity = |behind: &str| {
        let name = behind.strip_prefix('#').unwrap_or(behind);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric());
        end.is_some_and(|end| end > 0 && name.get(end..).is_some_and(|end| end.starts_with(';')))
    };
    let behind = |mark: char| template.split(mark).skip(1);
    behind('<').any(tag) || behind('&').any(entity)
}

/// Variables for a body that is HTML.
pub(super) fn html(variables: &Map<String, Value>) -> Map<String, Value> {
    each(variables, &|text| markup(text, Quotes::Too))
}

/// A body of plain text as HTML: the notifier sends every body as that. Quotes
/// stand outside of tags, so they can stay.
pub(super) fn of_plain(text: &str) -> String {
    let escaped = markup(text.trim(), Quotes::Stay);
    if !escaped.contains('\n') {
        return escaped;
    }
    // Every language in its own direction.
    format!(
        "<div dir=\"auto\">{}</div>",
        escaped.replace('\n', "<br>\n")
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Too,
    Stay,
}

/// The text with what could be markup as entities.
fn markup(text: &str, quotes: Quotes) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if quotes == Quotes::Too => escaped.push_str("&quot;"),
            '\'' if quotes == Quotes::Too => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

fn each(variables: &Map<String, Value>, change: &dyn Fn(&str) -> String) -> Map<String, Value> {
    let changed = |(name, value): (&String, &Value)| (name.clone(), texts(value, change));
    variables.iter().map(changed).collect()
}

fn texts(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::from(change(text)),
        Value::Array(items) => items.iter().map(|item| texts(item, change)).collect(),
        Value::Object(members) => Value::from(each(members, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// A subject that is one header line.
pub(super) fn header(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if breaks_lines(c) { ' ' } else { c })
        .collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_SUBJECT).collect()
}

/// Control characters, and the separators that some programs break lines at.
fn breaks_lines(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a text can be the one recipient of a mail: `name@domain` without
/// anything that separates recipients or headers.
pub(super) fn is_address(text: &str) -> bool {
    let forbidden = |c: char| {
        breaks_lines(c) || c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | ':')
    };
    let parts = text.split_once('@');
    text.len() <= LONGEST_ADDRESS
        && !text.contains(forbidden)
        && parts.is_some_and(|(name, domain)| {
            !name.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn variables(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn values_become_text_at_every_depth() {
        let given = variables(&json!({ "a": "<b>&'\"", "n": 3, "l": [{ "x": "<i>" }] }));

        assert_eq!(
            Value::from(html(&given)),
            json!({ "a": "&lt;b&gt;&amp;&#39;&quot;", "n": 3, "l": [{ "x": "&lt;i&gt;" }] })
        );
    }

    #[test]
    fn plain_text_becomes_html_line_by_line() {
        assert_eq!(of_plain("Hello \"Acme\".\n"), "Hello \"Acme\".");
        assert_eq!(
            of_plain("Hello <b> & 'co',\n\nbye\n"),
            "<div dir=\"auto\">Hello &lt;b&gt; &amp; 'co',<br>\n<br>\nbye</div>"
        );
    }

    #[test]
    fn html_is_recognised_by_its_tags() {
        assert!(is_html("<!DOCTYPE html>"));
        assert!(is_html("1 < 2 <br/>"));
        assert!(is_html("caf&eacute; &#233;"));
        assert!(!is_html("1 < 2, x <y"));
        assert!(!is_html(
            "Write to <help@example.org> or <https://example.org/>; R&D"
        ));
        assert!(!is_html("#if($a > 1)x#end"));
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(header(" a\r\nBcc: x@y\u{2028}\0b "), "a Bcc: x@y b");
        assert_eq!(header(&"é".repeat(400)).chars().count(), LONGEST_SUBJECT);
    }

    #[test]
    fn one_address_is_one_address() {
        assert!(is_address("anna.b+c@example.org"));
        for text in [
            "",
            "anna",
            "@x",
            "a@",
            "a@b@c",
            "a@b,c@d",
            "a@b\r\nBcc: c@d",
            "a b@c",
            "A <a@b>",
        ] {
            assert!(!is_address(text), "{text:?}");
        }
    }
}
