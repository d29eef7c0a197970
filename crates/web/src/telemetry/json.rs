//! A line of the log as JSON.
//!
//! The library's own format reads the fields of the span again for every line and
//! writes them anew; the line of a request would cost more than its other work.
//! Here they are kept as the text that goes into the line. Members and their order
//! are those of the library: `timestamp`, `level`, the event's fields, `target`,
//! `span`.

use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// A line per event: `{"timestamp":…,"level":…,…,"target":…,"span":{…}}`.
pub(crate) struct JsonLines;

/// Fields as members without braces: `"a":1,"b":"x"`.
pub(crate) struct Members;

impl<S> FormatEvent<S, Members> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, Members>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let meta = event.metadata();
        line.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut line)?;
        write!(line, "\",\"level\":\"{}\",", meta.level())?;
        let mut members = MemberWriter::new(line.by_ref());
        event.record(&mut members);
        if members.finish()? {
            line.write_char(',')?;
        }
        line.write_str("\"target\":")?;
        write_text(&mut line, meta.target())?;
        let parent = event.parent().and_then(|id| context.span(id));
        if let Some(span) = parent.or_else(|| context.lookup_current()) {
            line.write_str(",\"span\":{")?;
            if let Some(fields) = span.extensions().get::<FormattedFields<Members>>()
                && !fields.is_empty()
            {
                write!(line, "{fields},")?;
            }
            line.write_str("\"name\":")?;
            write_text(&mut line, span.name())?;
            line.write_char('}')?;
        }
        line.write_str("}\n")
    }
}

impl<'writer> FormatFields<'writer> for Members {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut members = MemberWriter::new(writer);
        fields.record(&mut members);
        members.finish().map(drop)
    }

    fn add_fields(
        &self,
        current: &'writer mut FormattedFields<Self>,
        fields: &tracing::span::Record<'_>,
    ) -> fmt::Result {
        if !current.fields.is_empty() {
            current.fields.push(',');
        }
        self.format_fields(current.as_writer(), fields)
    }
}

/// Writes what it visits as members.
struct MemberWriter<'a> {
    writer: Writer<'a>,
    any: bool,
    result: fmt::Result,
}

impl<'a> MemberWriter<'a> {
    fn new(writer: Writer<'a>) -> Self {
        Self {
            writer,
            any: false,
            result: Ok(()),
        }
    }

    /// Whether there was any member.
    fn finish(self) -> Result<bool, fmt::Error> {
        self.result.map(|()| self.any)
    }

    fn member(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'a>) -> fmt::Result) {
        if self.result.is_err() {
            return;
        }
        let name = field.name().trim_start_matches("r#");
        let comma = if std::mem::replace(&mut self.any, true) {
            ","
        } else {
            ""
        };
        self.result =
            write!(self.writer, "{comma}\"{name}\":").and_then(|()| value(&mut self.writer));
    }
}

impl Visit for MemberWriter<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.member(field, |writer| write_text(writer, &format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, |writer| write_text(writer, value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, |writer| write!(writer, "{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, |writer| write!(writer, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, |writer| write!(writer, "{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON knows no infinities.
        self.member(field, |writer| {
            write!(writer, "{}", serde_json::Value::from(value))
        });
    }
}

/// Writes a JSON string.
fn write_text(writer: &mut Writer<'_>, text: &str) -> fmt::Result {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        writer.write_char('"')?;
        writer.write_str(text)?;
        return writer.write_char('"');
    }
    let quoted = serde_json::to_string(text).map_err(|_error| fmt::Error)?;
    writer.write_str(&quoted)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

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

    fn log() {
        let span = tracing::info_span!(
            "request",
            request_id = %"id-1",
            trace = None::<&str>,
            user = tracing::field::Empty
        );
        span.record("user", "anna \"a\"");
        let _entered = span.enter();
        let error = io::Error::other("line\nbreak");
        tracing::info!(target: "access", route = "/a/{b}", status = 200_u16, rate = 0.5, ok = true, "served");
        tracing::warn!(%error, list = ?[1, 2], "broken");
    }

    /// The lines without their times.
    fn lines(kept: &Kept) -> Vec<String> {
        let bytes = kept.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        let untimed = |line: &str| {
            let (begin, rest) = line.split_once("Z\"").unwrap();
            assert_eq!(
                begin.len(),
                r#"{"timestamp":"2026-12-01T00:00:00.123456"#.len()
            );
            rest.to_owned()
        };
        text.lines().map(untimed).collect()
    }

    #[test]
    fn lines_are_those_of_the_library() {
        let (ours, theirs) = (Kept::default(), Kept::default());
        let (writer, reference) = (ours.clone(), theirs.clone());
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(Members)
            .event_format(JsonLines)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(move || reference.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);

        assert_eq!(lines(&ours), lines(&theirs));
        assert!(lines(&ours)[0].contains(r#""message":"served","#));
    }
}
