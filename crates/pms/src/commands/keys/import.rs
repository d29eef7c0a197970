//! `pms keys import`.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use pms_certificate_service::admin::{self, ImportOptions, ImportReport, KeySafe, Keystore};
use pms_database::Clock;
use zeroize::Zeroizing;

use super::{connect, failed, settings};
use crate::cli::keys::ImportArguments;
use crate::commands::{CommandError, say};

/// Longest keystore and longest file with a password that are read, in bytes.
const MAX_KEYSTORE: u64 = 16 * 1024 * 1024;
const MAX_PASSWORD: u64 = 4096;

/// Imports, and says what was imported.
///
/// # Errors
/// One line about why nothing was imported.
pub(super) fn import(arguments: &ImportArguments) -> Result<(), CommandError> {
    let keystore = match &arguments.keystore {
        Some(path) => open(path, arguments)?,
        None => Keystore::default(),
    };
    let mut target = connect(&arguments.database)?;
    let mut source = pms_database::connect(&arguments.from)
        .map_err(|failure| CommandError::about("the database to import from", failure))?;
    let safe = KeySafe::open(&settings()?.key_manager, &mut target).map_err(failed)?;
    let options = ImportOptions {
        schema: arguments.schema.clone(),
        replace_current: arguments.replace_current,
        dry_run: arguments.dry_run,
        now: Clock::system().now(),
    };
    let report =
        admin::import(&mut source, &mut target, &keystore, &safe, &options).map_err(failed)?;
    tell(&report);
    say(match (arguments.dry_run, report.changes_anything()) {
        (true, _) => "This was a rehearsal: nothing was imported.",
        (false, true) => "Imported.",
        (false, false) => "Nothing was left to import.",
    });
    Ok(())
}

fn open(path: &Path, arguments: &ImportArguments) -> Result<Keystore, CommandError> {
    let about =
        |error: &dyn std::fmt::Display| CommandError::about(&path.display().to_string(), error);
    let content = read(path, MAX_KEYSTORE)?;
    let password = password(arguments)?;
    let store = Keystore::open(&content, &password).map_err(|failure| about(&failure))?;
    say(format_args!(
        "The keystore holds {} private keys.",
        store.len()
    ));
    Ok(store)
}

fn password(arguments: &ImportArguments) -> Result<Zeroizing<String>, CommandError> {
    if let Some(path) = &arguments.keystore_password_file {
        let content = read(path, MAX_PASSWORD)?;
        let text = std::str::from_utf8(&content);
        let text = text.or(Err(CommandError::about(
            &path.display().to_string(),
            "is not a text",
        )))?;
        let line = text.trim_end_matches(['\r', '\n']);
        return Ok(Zeroizing::new(line.to_owned()));
    }
    let name = &arguments.keystore_password_env;
    let text = std::env::var(name).or(Err(CommandError(format!(
        "give --keystore-password-file, or the password of the keystore in {name}"
    ))))?;
    Ok(Zeroizing::new(text))
}

fn read(path: &Path, longest: u64) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let about = |error: std::io::Error| CommandError::about(&path.display().to_string(), error);
    let file = File::open(path).map_err(about)?;
    let length = file.metadata().map_err(about)?.len();
    if length > longest {
        return Err(about(std::io::Error::other("is too large")));
    }
    let capacity = usize::try_from(length).unwrap_or(0).saturating_add(1);
    let mut content = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(longest)
        .read_to_end(&mut content)
        .map_err(about)?;
    Ok(content)
}

fn tell(report: &ImportReport) {
    for (name, tally) in [
        ("Key policies", report.policies),
        ("Certificates of authorities", report.authorities),
        ("Certificates of partners", report.partners),
        ("Master keys", report.master_keys),
        ("Base keys", report.base_keys),
        ("Certificates of other domains", report.other_domains),
    ] {
        say(format_args!(
            "{name}: {} added, {} changed, {} here before.",
            tally.added, tally.changed, tally.present
        ));
    }
    for line in &report.ended {
        say(format_args!("Ended, and kept for what it did: {line}."));
    }
    for line in &report.skipped {
        say(format_args!("Skipped: {line}."));
    }
    for line in &report.remarks {
        say(format_args!("Note: {line}."));
    }
}
