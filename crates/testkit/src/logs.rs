//! What this process logs, searched while it is written.
//!
//! Tests of one process share its log, so a test looks for texts that only it can cause.

use std::io;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;

/// Texts that are looked for, with the lines that held them.
static WANTED: Mutex<Vec<(String, Vec<String>)>> = Mutex::new(Vec::new());

/// Looks for these texts in every line from now on, debugging lines included.
///
/// # Panics
/// When the process has a subscriber for its log already.
pub fn watch(texts: &[String]) {
    static ONCE: Once = Once::new();
    let new = texts.iter().map(|text| (text.clone(), Vec::new()));
    wanted().extend(new);
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::DEBUG)
            .with_ansi(false)
            .with_writer(|| Line)
            .init();
    });
}

/// The lines that held one of these texts.
pub fn holding(texts: &[String]) -> Vec<String> {
    wanted()
        .iter()
        .filter(|(text, _)| texts.contains(text))
        .flat_map(|(_, lines)| lines.clone())
        .collect()
}

fn wanted() -> std::sync::MutexGuard<'static, Vec<(String, Vec<String>)>> {
    WANTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes whole lines.
struct Line;

impl io::Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        for (wanted, lines) in wanted().iter_mut() {
            if text.contains(wanted.as_str()) {
                lines.push(text.clone().into_owned());
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
