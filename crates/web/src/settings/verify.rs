//! What is wrong with a configuration, said so that it can be put right: the key,
//! where it was set, and what it could be.

use std::collections::{BTreeMap, BTreeSet};

use config::{Config, ConfigError};

use super::layers::{Layers, is_list};
use super::{DEFAULTS, SettingsError};

/// Tables whose keys are the operator's own.
const FREE: [&str; 2] = ["roles.", "policy.schemas."];

/// What the built-in values are said to come from.
pub(super) const BUILT_IN: &str = "built in";

/// Settings that are one of a few words.
pub(super) const CHOICES: [(&str, &[&str]); 3] = [
    ("security.ownership", &["enforce", "legacy"]),
    ("security.key_manager_roles", &["fewest", "reference"]),
    ("telemetry.format", &["auto", "pretty", "json"]),
];

/// Refuses keys that mean nothing.
///
/// # Errors
/// Names the first one, where it was set, and the keys that its section has.
pub(super) fn keys(layers: &Layers) -> Result<(), SettingsError> {
    let mut built_in = Layers::default();
    built_in.toml(BUILT_IN, DEFAULTS)?;
    let known: BTreeSet<String> = built_in.keys()?.into_iter().map(|(key, _)| key).collect();
    for (key, origin) in layers.keys()? {
        if known.contains(&key) || FREE.iter().any(|free| key.starts_with(free)) {
            continue;
        }
        let (section, _) = key.split_once('.').unwrap_or((&key, ""));
        let prefix = format!("{section}.");
        let beside: Vec<&str> = known
            .iter()
            .filter_map(|known| known.strip_prefix(&prefix))
            .collect();
        let choice = if beside.is_empty() {
            let sections: BTreeSet<&str> = known
                .iter()
                .filter_map(|known| Some(known.split_once('.')?.0))
                .collect();
            let sections: Vec<&str> = sections.into_iter().collect();
            format!("the sections are {}, roles", sections.join(", "))
        } else {
            format!("[{section}] has {}", beside.join(", "))
        };
        return Err(SettingsError(format!(
            "{key}, set in {origin}, is no setting; {choice}"
        )));
    }
    Ok(())
}

/// Refuses words that are none of a setting's.
///
/// # Errors
/// Names the setting, where it was set, and the words it can be.
pub(super) fn choices(merged: &Config, layers: &Layers) -> Result<(), SettingsError> {
    for (key, words) in CHOICES {
        let Ok(value) = merged.get_string(key) else {
            continue;
        };
        if !words.contains(&value.as_str()) {
            let set = set_in(layers, key);
            return Err(SettingsError(format!(
                "{key}{set} is {value:?}; it can be {}",
                words.join(", ")
            )));
        }
    }
    Ok(())
}

/// A value that can't be read, with its key and where it was set.
pub(super) fn value(error: &ConfigError, layers: &Layers) -> SettingsError {
    let Some(key) = key_of(error) else {
        return SettingsError(error.to_string());
    };
    // An item of a list is `key[0]`.
    let whole = key.split('[').next().unwrap_or(key);
    let set = set_in(layers, whole);
    let hint = if is_list(whole) {
        "; a list is [\"a\", \"b\"] in a file, and a,b without brackets in the environment"
    } else {
        ""
    };
    SettingsError(format!("{error} ({whole}{set}){hint}"))
}

/// What is impossible about values, with the places where those that it names were set.
pub(super) fn traced(error: SettingsError, layers: &Layers) -> SettingsError {
    let words = error
        .0
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_')));
    let mut places: Vec<String> = Vec::new();
    for key in words.filter(|word| word.contains('.')) {
        let origin = layers.origin_of(key).filter(|origin| origin != BUILT_IN);
        let place = origin.map(|origin| format!("{key} is set in {origin}"));
        places.extend(place.filter(|place| !places.contains(place)));
    }
    if places.is_empty() {
        return error;
    }
    SettingsError(format!("{error}; {}", places.join(", "), error = error.0))
}

/// A note about role properties whose list is empty, if there are any: nobody may call
/// their endpoints.
pub(super) fn closed(roles: &BTreeMap<String, String>, layers: &Layers) -> Option<String> {
    let empty = |list: &str| list.split(',').all(|role| role.trim().is_empty());
    let closed = roles.iter().filter(|(_, list)| empty(list));
    let closed: Vec<String> = closed
        .map(|(name, _)| {
            let key = format!("roles.{name}");
            match layers.origin_of(&key) {
                Some(origin) if origin.contains('.') => origin,
                _ => key,
            }
        })
        .collect();
    (!closed.is_empty()).then(|| {
        format!(
            "role properties with an empty list, whose endpoints no caller may use: {}",
            closed.join(", ")
        )
    })
}

fn key_of(error: &ConfigError) -> Option<&str> {
    match error {
        ConfigError::Type { key, .. } => key.as_deref(),
        ConfigError::At { key, error, .. } => key.as_deref().or_else(|| key_of(error)),
        _ => None,
    }
}

fn set_in(layers: &Layers, key: &str) -> String {
    layers
        .origin_of(key)
        .map(|origin| format!(", set in {origin}"))
        .unwrap_or_default()
}
