//! `pms migrate`.

use std::io::{BufRead as _, Write as _};

use pms_database::migrations::{self, LeftOut, Origin, OwnedByOthers};
use pms_database::startup;
use url::form_urlencoded;

use super::{CommandError, say, url};
use crate::cli::MigrateOptions;

/// Migrates, corrects rows or takes away, as the options say.
///
/// # Errors
/// When the database can't be reached or adopted, or holds what can't be given up.
pub fn run(options: &MigrateOptions) -> Result<(), CommandError> {
    let url = by_owner(&url(&options.database)?, options)?;
    if options.plan {
        return plan(&url);
    }
    if options.undo_additions {
        return undo(&url, options.yes);
    }
    let report =
        migrations::migrate(&url).map_err(|error| CommandError::about("migrate", error))?;
    if !report.applied.is_empty() {
        say(format_args!("Applied: {}.", report.applied.join(", ")));
    }
    // Versions say what was done once, not what is there now.
    startup::check(&url).map_err(|fault| CommandError::about("migrate", fault))?;
    if report.applied.is_empty() {
        say("The schema is up to date.");
    }
    for LeftOut { name, why } in report.left_out {
        say(format_args!("The unique index {name} is missing: {why}."));
    }
    say_owners(&report.owned_by_others);
    for constraint in report.stricter {
        say(format_args!(
            "Constraint {constraint} of an older layout is still there: a device or chip that was \
             rejected can't be registered again. Drop it when you don't go back to that version."
        ));
    }
    if options.data_fixes {
        let fixed = migrations::fix_data(&url);
        for (what, rows) in fixed.map_err(|error| CommandError::about("data fixes", error))? {
            say(format_args!("Corrected {what}: {rows} rows."));
        }
    }
    Ok(())
}

/// Tells which partners belong to other users than their namesakes, as the
/// services see it; an operator may have meant something else.
fn say_owners(others: &OwnedByOthers) {
    if others.count == 0 {
        return;
    }
    say(format_args!(
        "{} partners belong to a user who is not named like them, and to nobody else:",
        others.count
    ));
    for (id, user_id) in &others.first {
        // Such texts may be anything: no control characters on a terminal.
        say(format_args!("  partner {id:?}, user {user_id:?}"));
    }
    let more = usize::try_from(others.count).unwrap_or(usize::MAX) - others.first.len();
    if more > 0 {
        say(format_args!("  and {more} more."));
    }
}

/// The URL with the account of the options, if they name one.
fn by_owner(url: &str, options: &MigrateOptions) -> Result<String, CommandError> {
    let (Some(user), Some(password)) = (&options.user, &options.password) else {
        return Ok(url.to_owned());
    };
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(CommandError(
            "migrate: --user needs a database.url of the form postgres://…".to_owned(),
        ));
    }
    // libpq prefers what the query names; the URL of a socket has no other place for it.
    let mark = if url.contains('?') { '&' } else { '?' };
    let (user, password) = (encoded(user), encoded(password));
    Ok(format!("{url}{mark}user={user}&password={password}"))
}

/// As part of a URL's query for libpq, which takes `+` for itself.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes())
        .map(|part| part.replace('+', "%20"))
        .collect()
}

fn plan(url: &str) -> Result<(), CommandError> {
    let plan = migrations::plan(url).map_err(|error| CommandError::about("migrate", error))?;
    say(match plan.origin {
        Origin::Empty => "The database is empty.",
        Origin::Adopted => "The database is the reference's: its rows stay as they are.",
        Origin::Own => "The database was migrated before.",
    });
    for step in &plan.steps {
        let version = match step.version.as_str() {
            "" => "older layout",
            version => version,
        };
        say(format_args!("{version}: {};", step.statement));
        say(format_args!("    -> {}", step.lock));
    }
    say(format_args!(
        "{} statements. Nothing was changed.",
        plan.steps.len()
    ));
    Ok(())
}

fn undo(url: &str, sure: bool) -> Result<(), CommandError> {
    if !sure {
        say(
            "This takes away the tables and indexes that were added to the reference's: the outbox, \
             the key manager's (empty) store, lists of revoked certificates. Stop the services first. \
             Rows of the reference's tables stay. Go on? Type yes:",
        );
        let _ = std::io::stdout().flush();
        let mut answer = String::new();
        let _ = std::io::stdin().lock().read_line(&mut answer);
        if answer.trim() != "yes" {
            return Err(CommandError("nothing was changed".to_owned()));
        }
    }
    let undone = migrations::undo_additions(url);
    let undone = undone.map_err(|error| CommandError::about("nothing was changed", error))?;
    say(format_args!("Taken away: {}.", undone.join(", ")));
    Ok(())
}
