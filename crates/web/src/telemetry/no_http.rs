//! Connections that send what is no HTTP.
//!
//! The server has a line for each, at the level of errors. Anybody who reaches the port
//! could fill the log with them, and hide the errors that are this system's. So they are
//! counted as warnings: the first one, then a number every second.

use std::fmt::{Debug, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Where the server's lines about what it reads come from.
const READER: &str = "actix_http::h1";
/// What these lines begin with.
const LINES: [&str; 2] = ["stream error: ", "MAX_BUFFER_SIZE unprocessed data"];
/// Longest part of a line that is looked at, in bytes; it tells the kind of error.
const LONGEST: usize = 200;
const MESSAGE: &str = "a connection sent what is no HTTP request";

/// Counts those lines, and lets all others pass.
pub(super) struct NoHttp;

impl<S: Subscriber> Layer<S> for NoHttp {
    fn event_enabled(&self, event: &Event<'_>, _context: Context<'_, S>) -> bool {
        if !event.metadata().target().starts_with(READER) {
            return true;
        }
        let mut message = Message::default();
        event.record(&mut message);
        let Some(cause) = cause(&message.0) else {
            return true;
        };
        pms_log::warn(MESSAGE, cause, |message| tracing::warn!(cause, "{message}"));
        false
    }
}

/// What is wrong with what was sent; nothing for other lines.
fn cause(line: &str) -> Option<&str> {
    let begin = LINES.iter().find(|begin| line.starts_with(**begin))?;
    let rest = line.strip_prefix(begin).filter(|_| begin.ends_with(": "));
    Some(rest.unwrap_or("its head is too long"))
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // Writing to a text can't fail.
            let _ = write!(self.0, "{value:?}");
            let end = (0..=LONGEST).rev().find(|at| self.0.is_char_boundary(*at));
            self.0.truncate(end.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Written {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn lines_about_what_is_no_http_are_not_written_as_errors() {
        let written = Written::default();
        let lines = tracing_subscriber::fmt()
            .with_writer(written.clone())
            .finish()
            .with(NoHttp);

        tracing::subscriber::with_default(lines, || {
            for _ in 0..3 {
                let error = "request parse error: invalid Header provided";
                tracing::error!(target: "actix_http::h1::dispatcher", "stream error: {error}");
            }
            tracing::error!(target: "actix_http::h1::decoder", "MAX_BUFFER_SIZE unprocessed data reached, closing");
            tracing::error!(target: "actix_http::h1::dispatcher", "Response payload stream error: broken");
            tracing::error!(target: "pms", "stream error: ours");
        });

        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains("invalid Header provided"), "{text}");
        assert!(!text.contains("MAX_BUFFER_SIZE"), "{text}");
        assert!(text.contains("Response payload stream error"), "{text}");
        assert!(text.contains("stream error: ours"), "{text}");
    }

    #[test]
    fn the_cause_tells_what_is_wrong() {
        assert_eq!(cause("stream error: too long"), Some("too long"));
        assert_eq!(
            cause("MAX_BUFFER_SIZE unprocessed data reached, closing"),
            Some("its head is too long")
        );
        assert_eq!(cause("write zero; closing"), None);
    }
}
