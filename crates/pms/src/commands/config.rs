//! `pms config`.

use pms_web::Settings;

use super::{CommandError, say};

/// `pms config show`: every setting in force, with secrets masked, and what it
/// comes from.
///
/// # Errors
/// When the configuration is impossible.
pub fn show() -> Result<(), CommandError> {
    let (settings, notes) = Settings::explain().map_err(|error| CommandError(error.to_string()))?;
    let mut section = "";
    for setting in &settings {
        let (path, name) = setting.key.rsplit_once('.').unwrap_or(("", &setting.key));
        if path != section {
            section = path;
            say(format_args!("\n[{section}]"));
        }
        say(format_args!(
            "{name} = {:<40} # {}",
            setting.value, setting.origin
        ));
    }
    for note in notes {
        say(format_args!("\n# {note}"));
    }
    Ok(())
}
