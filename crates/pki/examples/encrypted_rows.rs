//! Partners with encrypted columns for `benches/encrypted.sh`, tab separated:
//! id, address, telephone number, e-mail.
//!
//!     encrypted_rows PREFIX COUNT shared|own CERTIFICATE.pem
//!
//! `shared`: all texts have one session key, as our key manager encrypts them.
//! `own`: each text has one, as other key managers do; some 25 µs of a processor each.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a command")]

use std::io::Write as _;
use std::process::ExitCode;

use pms_pki::envelope::{SessionKey, encrypt};
use pms_pki::{Certificate, PkiError, reading};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [prefix, count, kind, certificate] => write(prefix, count, kind, certificate),
        _ => Err("encrypted_rows PREFIX COUNT shared|own CERTIFICATE.pem".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(line) => {
            eprintln!("{line}");
            ExitCode::FAILURE
        }
    }
}

fn write(prefix: &str, count: &str, kind: &str, certificate: &str) -> Result<(), String> {
    let count: usize = count.parse().map_err(|error| format!("{count}: {error}"))?;
    let pem = std::fs::read_to_string(certificate).map_err(|error| error.to_string())?;
    let recipient = reading::read_certificate(&pem).map_err(|error| error.to_string())?;
    let session = SessionKey::generate(&recipient).map_err(|error| error.to_string())?;
    let session = (kind == "shared").then_some(&session);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let piece = count.div_ceil(threads);
    std::thread::scope(|scope| {
        let works: Vec<_> = (0..threads)
            .map(|thread| {
                let (from, to) = (thread * piece, count.min((thread + 1) * piece));
                let recipient = &recipient;
                scope.spawn(move || rows(prefix, from..to, recipient, session))
            })
            .collect();
        for work in works {
            let rows = work.join().map_err(|_panic| "a thread failed".to_owned())?;
            let rows = rows.map_err(|error| error.to_string())?;
            let written = std::io::stdout().write_all(rows.as_bytes());
            written.map_err(|error| error.to_string())?;
        }
        Ok(())
    })
}

fn rows(
    prefix: &str,
    numbers: std::ops::Range<usize>,
    recipient: &Certificate,
    session: Option<&SessionKey>,
) -> Result<String, PkiError> {
    let seal = |text: String| match session {
        Some(session) => session.seal(text.as_bytes()),
        None => encrypt(recipient, text.as_bytes(), None),
    };
    let mut rows = String::new();
    for number in numbers {
        let columns = [
            format!("{prefix}{number}"),
            seal(format!("{number} Main Street"))?,
            seal(format!("98765{number}"))?,
            seal(format!("bench{number}@example.org"))?,
        ];
        rows.push_str(&columns.join("\t"));
        rows.push('\n');
    }
    Ok(rows)
}
