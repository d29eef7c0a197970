//! What a peer said about a delivery that it did not take.

use serde_json::Value;

/// A peer's answer is read up to this many bytes.
const LONGEST: usize = 64 * 1024;
/// Characters of an answer that are kept for the log and the operator.
const EXCERPT: usize = 200;
/// Shorter texts of a delivery, such as a status, are no secrets.
const SHORTEST_SECRET: usize = 8;

/// The beginning of an answer's body; empty when it can't be read.
pub(crate) async fn text(mut response: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= LONGEST {
            bytes.truncate(LONGEST);
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The first characters of an answer, without anything of what was `sent`:
/// peers quote requests in their error pages, and events hold keys.
pub(crate) fn excerpt(body: &str, sent: &Value) -> String {
    let mut secrets = Vec::new();
    collect(sent, &mut secrets);
    // The longest first: one may be part of another.
    secrets.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let clean = secrets
        .iter()
        .fold(body.to_owned(), |body, secret| body.replace(*secret, "***"));
    clean
        .chars()
        .filter(|c| !c.is_control())
        .take(EXCERPT)
        .collect()
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if text.len() >= SHORTEST_SECRET => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(members) => members.values().for_each(|member| collect(member, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_excerpt_holds_nothing_of_what_was_sent() {
        let sent = json!({ "apiKeyData": { "apiKeyId": "key-0123456789" }, "ids": ["id"] });

        let text = excerpt(
            "can't read {\"apiKeyId\":\"key-0123456789\"}\n of id",
            &sent,
        );

        assert_eq!(text, "can't read {\"apiKeyId\":\"***\"} of id");
    }

    #[test]
    fn an_excerpt_is_short() {
        assert_eq!(excerpt(&"x".repeat(1000), &json!(null)).len(), EXCERPT);
    }
}
