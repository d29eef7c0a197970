//! A set of properties, with Spring's way of looking names up.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use super::super::SettingsError;

/// Properties by their plain form ([`plain`]), and the environment behind them.
pub(super) struct Properties {
    set: BTreeMap<String, Property>,
    /// What placeholders may also refer to.
    behind: BTreeMap<String, String>,
}

/// A property under the name that its source gives it. Values may be secrets.
#[derive(Clone)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) value: String,
}

impl Properties {
    /// No properties; placeholders may name variables of the environment.
    pub(super) fn new(environment: &[(String, String)]) -> Self {
        let behind = environment
            .iter()
            .map(|(name, value)| (plain(name), value.clone()))
            .collect();
        Self {
            set: BTreeMap::new(),
            behind,
        }
    }

    /// Something for placeholders to refer to.
    pub(super) fn define(&mut self, name: &str, value: &str) {
        self.behind.insert(plain(name), value.to_owned());
    }

    /// Adds a source whose values give way to those that are there.
    pub(super) fn add(&mut self, source: Vec<Property>) {
        for property in source {
            self.set.entry(plain(&property.name)).or_insert(property);
        }
    }

    /// Adds a source whose values replace those that are there.
    pub(super) fn override_with(&mut self, source: Vec<Property>) {
        for property in source {
            self.set.insert(plain(&property.name), property);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// The property of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Property> {
        self.set.get(&plain(name))
    }

    /// What a placeholder of this name stands for, before its own are resolved.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        let plain = plain(name);
        let own = self.set.get(&plain).map(|property| &property.value);
        own.or_else(|| self.behind.get(&plain)).map(String::as_str)
    }

    /// All properties, by their plain names.
    pub(super) fn all(&self) -> impl Iterator<Item = &Property> {
        self.set.values()
    }
}

/// The form in which names are compared: `db.dbuser.password`,
/// `DB_DBUSER_PASSWORD` and `db.dbUser-password` are one.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '.' | '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Reads a file of properties.
///
/// # Errors
/// When it can't be read or is no property file.
pub(super) fn read_file(path: &str) -> Result<Vec<Property>, SettingsError> {
    let failed = |error: &dyn std::fmt::Display| {
        SettingsError(format!("config.properties: {path}: {error}"))
    };
    let file = File::open(path).map_err(|error| failed(&error))?;
    let read = java_properties::read(BufReader::new(file)).map_err(|error| failed(&error))?;
    Ok(read
        .into_iter()
        .map(|(name, value)| Property { name, value })
        .collect())
}
