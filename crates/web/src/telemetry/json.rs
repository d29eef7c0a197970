//! A line of the log as JSON, with the members of the reference's
//! (contract config-and-deploy.md §11): dashboards read them.
//!
//! The library's own format reads the fields of the span again for every line and
//! writes them anew; the line of a request would cost more than its other work.
//! Here they are kept as the text that goes into the line, and nothing is allocated
//! for a line.

use std::fmt::{self, Debug, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Target of the line about a request.
pub(super) const ACCESS: &str = "access";
/// Span of a request, whose fields are members of its lines.
pub(super) const REQUEST: &str = "request";

/// A line per event. The reference's line about a request has a level of its own, and
/// less about its origin in the code.
pub(crate) struct JsonLines {
    /// `appName`.
    pub(crate) application: String,
}

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
        let is_access = meta.target() == ACCESS;
        line.write_str("{\"@timestamp\":\"")?;
        SystemTime.format_time(&mut line)?;
        line.write_str(if is_access {
            "\",\"level\":\"ACCESS\",\"level_value\":70000,"
        } else {
            level(*meta.level())
        })?;
        let mut members = MemberWriter::new(line.by_ref());
        event.record(&mut members);
        if members.finish()? {
            line.write_char(',')?;
        }
        if !is_access {
            line.write_str("\"logger_name\":")?;
            write_text(&mut line, meta.target())?;
            line.write_str(",\"thread_name\":")?;
            write_text(&mut line, std::thread::current().name().unwrap_or_default())?;
            line.write_char(',')?;
        }
        line.write_str("\"appName\":")?;
        write_text(&mut line, &self.application)?;
        let parent = event.parent().and_then(|id| context.span(id));
        if let Some(span) = parent.or_else(|| context.lookup_current()) {
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<Members>>();
            let fields = fields.map(|fields| fields.fields.as_str());
            write_span(&mut line, span.name(), fields.unwrap_or_default())?;
        }
        line.write_str("}\n")
    }
}

/// What follows the time in a line of this level.
const fn level(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\",\"@version\":\"1\",\"level\":\"ERROR\",\"level_value\":40000,",
        Level::WARN => "\",\"@version\":\"1\",\"level\":\"WARN\",\"level_value\":30000,",
        Level::INFO => "\",\"@version\":\"1\",\"level\":\"INFO\",\"level_value\":20000,",
        Level::DEBUG => "\",\"@version\":\"1\",\"level\":\"DEBUG\",\"level_value\":10000,",
        Level::TRACE => "\",\"@version\":\"1\",\"level\":\"TRACE\",\"level_value\":5000,",
    }
}

/// The fields of a request as members of the line, those of another span in `span`:
/// its names may be those of the event.
fn write_span(line: &mut Writer<'_>, name: &str, fields: &str) -> fmt::Result {
    let comma = if fields.is_empty() { "" } else { "," };
    if name == REQUEST {
        return write!(line, "{comma}{fields}");
    }
    write!(line, ",\"span\":{{{fields}{comma}\"name\":")?;
    write_text(line, name)?;
    line.write_char('}')
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
        self.member(field, |writer| {
            writer.write_char('"')?;
            write!(Escaped(writer), "{value:?}")?;
            writer.write_char('"')
        });
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
    writer.write_char('"')?;
    Escaped(writer).write_str(text)?;
    writer.write_char('"')
}

/// Writes the inside of a JSON string.
struct Escaped<'a, 'writer>(&'a mut Writer<'writer>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let special = |c: char| c < ' ' || c == '"' || c == '\\';
        let mut rest = text;
        while let Some(at) = rest.find(special) {
            let (plain, from) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut characters = from.chars();
            match characters.next() {
                Some('\n') => self.0.write_str("\\n")?,
                Some('\r') => self.0.write_str("\\r")?,
                Some('\t') => self.0.write_str("\\t")?,
                Some(c @ ('"' | '\\')) => write!(self.0, "\\{c}")?,
                Some(c) => write!(self.0, "\\u{:04x}", u32::from(c))?,
                None => {}
            }
            rest = characters.as_str();
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
