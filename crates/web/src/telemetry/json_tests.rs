use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged, line by line, as JSON.
fn lines(log: impl FnOnce()) -> Vec<(String, Value)> {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .fmt_fields(Members)
        .event_format(JsonLines {
            application: "a-service".to_owned(),
        })
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, log);
    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    text.lines()
        .map(|line| {
            let mut value: Value = serde_json::from_str(line).unwrap();
            let time = value.as_object_mut().unwrap().remove("@timestamp").unwrap();
            let time = time.as_str().unwrap();
            assert_eq!(time.len(), "2026-12-01T00:00:00.123456Z".len(), "{time}");
            chrono::DateTime::parse_from_rfc3339(time).unwrap();
            (line.to_owned(), value)
        })
        .collect()
}

#[test]
fn lines_have_the_members_of_the_references() {
    let lines = lines(|| {
        let span = tracing::info_span!(
            "request",
            request_id = %"id-1",
            traceId = Some("t-1"),
            req.user = tracing::field::Empty
        );
        span.record("req.user", "anna \"a\"");
        let _entered = span.enter();
        tracing::info!(target: "access", statusCode = 200_u16, req.requestURI = "/a/{b}", req.referer = None::<&str>);
        tracing::warn!(target: "pms", error = %io::Error::other("line\nbreak"), list = ?["1\t2"], rate = 0.5, ok = true, "broken");
    });

    assert_eq!(
        lines[0].1,
        json!({
            "level": "ACCESS", "level_value": 70000, "statusCode": 200,
            "req.requestURI": "/a/{b}", "appName": "a-service", "request_id": "id-1",
            "traceId": "t-1", "req.user": "anna \"a\"",
        })
    );
    assert_eq!(
        lines[1].1,
        json!({
            "@version": "1", "level": "WARN", "level_value": 30000, "message": "broken",
            "error": "line\nbreak", "list": "[\"1\\t2\"]", "rate": 0.5, "ok": true,
            "logger_name": "pms", "thread_name": std::thread::current().name().unwrap(),
            "appName": "a-service", "request_id": "id-1", "traceId": "t-1",
            "req.user": "anna \"a\"",
        })
    );
}

#[test]
fn another_spans_fields_stand_apart_and_every_line_is_json() {
    let wild: String = ('\0'..'\u{a0}').chain("\u{2028}é".chars()).collect();
    let lines = lines(|| {
        tracing::error!(target: "pms", text = &*wild, "alone");
        let span = tracing::info_span!("look-up", keys = 3);
        let _entered = span.enter();
        tracing::debug!(target: "pms", "below the level");
        tracing::info!(target: "pms", keys = 4, "inside");
        let _bare = tracing::info_span!("bare").entered();
        tracing::info!(target: "pms", "bare");
    });

    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0].1["text"], Value::from(wild));
    assert!(lines[0].1.get("span").is_none());
    assert_eq!(lines[1].1["keys"], 4);
    assert_eq!(lines[1].1["span"], json!({ "keys": 3, "name": "look-up" }));
    assert_eq!(lines[2].1["span"], json!({ "name": "bare" }));
    assert!(!lines[1].0.contains("traceId"));
}
