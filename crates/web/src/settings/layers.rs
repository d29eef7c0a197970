//! Where the values of the configuration come from: layers, of which the later
//! ones win.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use config::{Config, File, FileFormat};
use serde_json::Value;

use super::{DEFAULTS, SettingsError, wrong};

/// Values of one origin.
struct Layer {
    origin: Origin,
    values: Config,
}

/// What a value comes from.
#[derive(Clone)]
enum Origin {
    /// One thing for all values, for people.
    One(String),
    /// Something of its own for each key.
    Each(BTreeMap<String, String>),
}

impl Layer {
    /// The values by key.
    fn flat(&self) -> Result<Vec<(String, Value)>, SettingsError> {
        let all: Value = self.values.clone().try_deserialize().map_err(wrong)?;
        let mut flat = Vec::new();
        flatten(String::new(), all, &mut flat);
        Ok(flat)
    }
}

impl Origin {
    /// Where this key was set, for people.
    fn of(&self, key: &str) -> String {
        match self {
            Self::One(origin) => origin.clone(),
            Self::Each(origins) => origins.get(key).cloned().unwrap_or_default(),
        }
    }
}

/// All layers so far.
#[derive(Default)]
pub(super) struct Layers {
    layers: Vec<Layer>,
}

/// One setting as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// `section.key`.
    pub key: String,
    /// The value as TOML spells it; secrets are masked.
    pub value: String,
    /// Where it comes from, for people.
    pub origin: String,
}

impl Layers {
    /// Adds a TOML text.
    pub(super) fn toml(&mut self, origin: &str, text: &str) -> Result<(), SettingsError> {
        self.source(origin, File::from_str(text, FileFormat::Toml))
    }

    /// Adds a source of the library.
    pub(super) fn source(
        &mut self,
        origin: &str,
        source: impl config::Source + Send + Sync + 'static,
    ) -> Result<(), SettingsError> {
        let values = Config::builder()
            .add_source(source)
            .build()
            .map_err(wrong)?;
        self.layers.push(Layer {
            origin: Origin::One(origin.to_owned()),
            values,
        });
        Ok(())
    }

    /// Adds texts by key.
    pub(super) fn texts<'a>(
        &mut self,
        origin: &str,
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), SettingsError> {
        let texts: Vec<_> = texts.into_iter().collect();
        let bracketed =
            |(key, value): &&(&str, &str)| is_list(key) && value.trim_start().starts_with('[');
        if let Some((key, _)) = texts.iter().find(bracketed) {
            return Err(SettingsError(format!(
                "{key}, set in {origin}: write a list as a,b without brackets and quotes"
            )));
        }
        let values = built(texts)?;
        self.layers.push(Layer {
            origin: Origin::One(origin.to_owned()),
            values,
        });
        Ok(())
    }

    /// Adds texts by key, each from somewhere else.
    pub(super) fn texts_of<'a>(
        &mut self,
        texts: impl Iterator<Item = (&'a str, &'a str, &'a str)> + Clone,
    ) -> Result<(), SettingsError> {
        let values = built(texts.clone().map(|(key, value, _)| (key, value)))?;
        let origins = texts.map(|(key, _, origin)| (key.to_owned(), origin.to_owned()));
        self.layers.push(Layer {
            origin: Origin::Each(origins.collect()),
            values,
        });
        Ok(())
    }

    /// Adds all layers of `others` on top.
    pub(super) fn extend(&mut self, others: Self) {
        self.layers.extend(others.layers);
    }

    /// The values in force.
    pub(super) fn merged(&self) -> Result<Config, SettingsError> {
        let mut builder = Config::builder();
        for layer in &self.layers {
            builder = builder.add_source(layer.values.clone());
        }
        builder.build().map_err(wrong)
    }

    /// Every key of every layer, and where it was set.
    pub(super) fn keys(&self) -> Result<Vec<(String, String)>, SettingsError> {
        let mut keys = Vec::new();
        for layer in &self.layers {
            for (key, _) in layer.flat()? {
                let origin = layer.origin.of(&key);
                keys.push((key, origin));
            }
        }
        Ok(keys)
    }

    /// Where the value of a key that is in force was set.
    pub(super) fn origin_of(&self, key: &str) -> Option<String> {
        let mut found = self.keys().ok()?;
        found.retain(|(known, _)| known == key);
        found.pop().map(|(_, origin)| origin)
    }

    /// Every setting in force, with its origin.
    pub(super) fn explain(&self) -> Result<Vec<Explained>, SettingsError> {
        let mut found: BTreeMap<String, (Value, String)> = BTreeMap::new();
        for layer in &self.layers {
            for (key, value) in layer.flat()? {
                let origin = layer.origin.of(&key);
                found.insert(key, (value, origin));
            }
        }
        let explained = found.into_iter().map(|(key, (value, origin))| Explained {
            value: shown(&key, &value),
            key,
            origin,
        });
        Ok(explained.collect())
    }
}

fn built<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Config, SettingsError> {
    let mut builder = Config::builder();
    for (key, value) in texts {
        let set = if is_list(key) {
            builder.set_override(key, items(value))
        } else {
            builder.set_override(key, value)
        };
        builder = set.map_err(wrong)?;
    }
    builder.build().map_err(wrong)
}

/// Whether a setting is a list, which one text gives as `a,b`: those that are
/// lists among the built-in values.
pub(super) fn is_list(key: &str) -> bool {
    static LISTS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let mut built_in = Layers::default();
        // Built-in values that can't be read stop the start elsewhere.
        let _ = built_in.toml("built in", DEFAULTS);
        let layers = built_in.layers.iter();
        let values = layers.flat_map(|layer| layer.flat().unwrap_or_default());
        let lists = values.filter(|(_, value)| value.is_array());
        lists.map(|(key, _)| key).collect()
    });
    LISTS.contains(key)
}

fn items(list: &str) -> Vec<String> {
    let items = list.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The leaves of nested tables, by path.
fn flatten(path: String, value: Value, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() {
                    name
                } else {
                    format!("{path}.{name}")
                };
                flatten(path, value, into);
            }
        }
        leaf => into.push((path, leaf)),
    }
}

/// The value for people, without secrets.
fn shown(key: &str, value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let secret = ["secret", "kek", "password"]
        .iter()
        .any(|end| key.ends_with(end));
    if secret {
        let mask = if text.is_empty() { "" } else { "***" };
        return format!("{mask:?}");
    }
    match text.split_once("://") {
        Some((scheme, rest)) => format!("{:?}", format!("{scheme}://{}", masked(rest))),
        // A connection string of `name=value` pairs, which may have a password.
        None if key == "database.url" && !text.is_empty() => "\"***\"".to_owned(),
        None => value.to_string(),
    }
}

/// What stands behind the scheme of an address, as it is spelled but for a password and
/// for parameters: one may be a password or a token, and `sslmode` and its like are not
/// missed here.
fn masked(rest: &str) -> String {
    let without_query = |text: &str| match text.split_once('?') {
        Some((place, _)) => format!("{place}?***"),
        None => text.to_owned(),
    };
    // The last one: a password may hold any character.
    let Some((account, address)) = rest.rsplit_once('@') else {
        return without_query(rest);
    };
    let account = match account.split_once(':') {
        Some((user, _password)) => format!("{user}:***"),
        None => without_query(account),
    };
    format!("{account}@{}", without_query(address))
}
