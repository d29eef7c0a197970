//! A set of properties, with Spring's way of looking names up.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use super::super::SettingsError;

/// Properties by their plain form ([`plain`]), the environment over them, and
/// what placeholders may refer to behind them.
pub(super) struct Properties {
    /// What a container is started with; no variable and no source stands over it.
    defined: BTreeMap<String, String>,
    /// Variables that Spring would take for properties, by their own name.
    over: BTreeMap<String, Property>,
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
        let over = environment
            .iter()
            .filter(|(name, _)| !name.contains(char::is_lowercase))
            .map(|(name, value)| {
                let property = Property {
                    name: name.clone(),
                    value: value.clone(),
                };
                (name.clone(), property)
            })
            .collect();
        Self {
            defined: BTreeMap::new(),
            over,
            set: BTreeMap::new(),
            behind,
        }
    }

    /// Something for placeholders to refer to.
    pub(super) fn define(&mut self, name: &str, value: &str) {
        self.defined.insert(plain(name), value.to_owned());
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

    /// The property of this name; a variable of the environment stands over all
    /// sources (contract config-and-deploy.md §1).
    pub(super) fn get(&self, name: &str) -> Option<&Property> {
        self.variable(name).or_else(|| self.set.get(&plain(name)))
    }

    /// The variable for a property, in the two forms that Spring knows:
    /// `A_B_C` for `a.b-c`, and `A_BC`.
    fn variable(&self, name: &str) -> Option<&Property> {
        let upper = name.to_uppercase();
        self.over
            .get(&upper.replace(['.', '-'], "_"))
            .or_else(|| self.over.get(&upper.replace('.', "_").replace('-', "")))
    }

    /// What a placeholder of this name stands for, before its own are resolved.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        if let Some(value) = self.defined.get(&plain(name)) {
            return Some(value);
        }
        let own = self.get(name).map(|property| &property.value);
        own.or_else(|| self.behind.get(&plain(name)))
            .map(String::as_str)
    }

    /// What a placeholder with exactly this text stands for: a name may hold a colon.
    pub(super) fn raw_exact(&self, name: &str) -> Option<&str> {
        let property = self.set.get(&plain(name))?;
        (property.name == name).then_some(property.value.as_str())
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
