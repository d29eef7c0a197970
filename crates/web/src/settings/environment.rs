//! The environment as a source of settings.

use std::ffi::OsString;

use super::SettingsError;

/// `PMS__SECTION__KEY=value` as `section.key` and `value`. Values stay text:
/// taken for a number, a secret such as `0012` would be another one.
pub(super) fn variables(
    all: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, SettingsError> {
    let mut found = Vec::new();
    for (name, value) in all {
        let Some(key) = name.to_str().map(str::to_lowercase) else {
            continue;
        };
        let Some(key) = key.strip_prefix("pms__") else {
            continue;
        };
        let key = key.replace("__", ".");
        // Without the value: it may be a secret.
        let Ok(value) = value.into_string() else {
            return Err(SettingsError(format!(
                "{key} in the environment is not Unicode"
            )));
        };
        found.push((key, value));
    }
    Ok(found)
}

/// The environment as it is, for placeholders of a deployment's properties.
pub(super) fn texts(all: impl Iterator<Item = (OsString, OsString)>) -> Vec<(String, String)> {
    all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
