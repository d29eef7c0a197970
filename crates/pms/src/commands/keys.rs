//! `pms keys`.

mod import;
mod make_kek;

use chrono::NaiveDateTime;
use pms_certificate_service::admin::{self, KeyKind, KeySafe, Orphan};
use pms_database::{Clock, Connection, DbError};
use pms_web::Settings;

use super::{CommandError, say, url};
use crate::cli::DatabaseOptions;
use crate::cli::keys::KeysCommand;

/// Runs one of the commands.
///
/// # Errors
/// One line about why it failed, without a trace of a key.
pub fn run(command: KeysCommand) -> Result<(), CommandError> {
    // A command has no log.
    let _refused = pms_runtime::guard_memory();
    match command {
        KeysCommand::List(database) => list(&database),
        KeysCommand::Rotate(database) => rotate(&database),
        KeysCommand::Import(arguments) => import::import(&arguments),
        KeysCommand::Make {
            database,
            application,
            reference,
        } => make(&database, (&application, &reference)),
        KeysCommand::MakeKek(arguments) => super::in_runtime(make_kek::make(arguments)),
        KeysCommand::Orphans { database, limit } => orphans(&database, limit),
    }
}

fn settings() -> Result<Settings, CommandError> {
    Settings::load().map_err(|error| CommandError(error.to_string()))
}

fn connect(options: &DatabaseOptions) -> Result<Connection, CommandError> {
    pms_database::connect(&url(options)?).map_err(failed)
}

fn failed(failure: DbError) -> CommandError {
    CommandError::about("keys", failure)
}

fn rotate(options: &DatabaseOptions) -> Result<(), CommandError> {
    let mut conn = connect(options)?;
    let safe = KeySafe::open(&settings()?.key_manager, &mut conn).map_err(failed)?;
    let done = admin::rotate(&mut conn, &safe, Clock::system().now_naive()).map_err(failed)?;
    for (name, keys) in [("Master keys", done.masters), ("Base keys", done.bases)] {
        say(format_args!(
            "{name}: {} sealed again, {} sealed with this key before.",
            keys.changed, keys.already
        ));
    }
    say(format_args!(
        "All of them are sealed with the key encryption key {}.",
        done.kek_id
    ));
    Ok(())
}

fn make(options: &DatabaseOptions, name: (&str, &str)) -> Result<(), CommandError> {
    let mut conn = connect(options)?;
    let settings = settings()?;
    let safe = KeySafe::open(&settings.key_manager, &mut conn).map_err(failed)?;
    let now = Clock::system().now();
    let made = admin::make(&mut conn, safe, &settings.pki, name, now).map_err(failed)?;
    say(if made {
        "Made."
    } else {
        "Nothing to do: there is a key, or there was one."
    });
    Ok(())
}

fn list(options: &DatabaseOptions) -> Result<(), CommandError> {
    let mut conn = connect(options)?;
    let safe = KeySafe::find(&settings()?.key_manager).map_err(failed)?;
    let list = admin::list(&mut conn, safe.as_ref(), Clock::system().now()).map_err(failed)?;
    say(format_args!(
        "{:<24} {:<20} {:<36} {:<7} {:<7} {:<16} {:<16} {:<16} key encryption key",
        "application",
        "reference",
        "id",
        "kind",
        "current",
        "made (UTC)",
        "current until",
        "expires"
    ));
    for key in list.keys {
        let kind = match key.kind {
            KeyKind::Master => "master",
            KeyKind::Base => "base",
            KeyKind::Missing => "MISSING",
        };
        say(format_args!(
            "{:<24} {:<20} {:<36} {kind:<7} {:<7} {:<16} {:<16} {:<16} {}",
            key.app_id,
            key.ref_id,
            key.id,
            if key.current { "yes" } else { "no" },
            minute(key.from),
            minute(key.current_until),
            minute(key.expires),
            key.kek_id.as_deref().unwrap_or("?")
        ));
    }
    say(format_args!(
        "Certificates of other domains: {}.",
        list.other_domains
    ));
    Ok(())
}

fn orphans(options: &DatabaseOptions, limit: u32) -> Result<(), CommandError> {
    let mut conn = connect(options)?;
    let now = Clock::system().now_naive();
    let mut count: u32 = 0;
    say(format_args!(
        "{:<36} {:<8} {:>8}  {:<16} {:<16} subject",
        "certificate", "domain", "days old", "stored (UTC)", "expires"
    ));
    let each = |orphan: Orphan| {
        count = count.saturating_add(1);
        say(format_args!(
            "{:<36} {:<8} {:>8}  {:<16} {:<16} {}",
            orphan.cert_id,
            orphan.partner_domain,
            (now - orphan.cr_dtimes).num_days(),
            minute(orphan.cr_dtimes),
            minute(orphan.cert_not_after),
            one_line(&orphan.cert_subject)
        ));
    };
    admin::for_each_orphan(&mut conn, limit, each).map_err(failed)?;
    say(format_args!("Listed: {count}."));
    if count == limit {
        say("There may be more: see --limit.");
    }
    Ok(())
}

fn minute(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// Subjects come from the certificate's maker: nothing in them may move
/// the cursor of a terminal.
fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}
