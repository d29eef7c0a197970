//! Which property means which of our keys (contract config-and-deploy.md §2).

mod addresses;
mod fixed;
mod jdbc;
mod logging;
mod table;
mod templates;

use std::collections::{BTreeMap, BTreeSet};

use super::placeholders::resolve;
use super::properties::{Properties, plain};
use super::{Deployment, Value};
use crate::auth::{KeyManagerRoles, RoleMatrix};

/// What names of properties of this system begin with.
const OURS: [&str; 11] = [
    "mosip.pms.",
    "mosip.pmp.",
    "mosip.role.pms.",
    "pmp.",
    "pmp-",
    "pms.",
    "partner.",
    "policy.",
    "notifications.",
    "apikey.",
    "email.notification.",
];

/// Collects values while it knows which properties were used.
struct Translation<'a> {
    properties: &'a Properties,
    used: BTreeSet<String>,
    values: Vec<Value>,
}

/// Our keys with the values that `properties` give them.
///
/// # Errors
/// One line about a property that is needed and can't be resolved.
pub(super) fn translate(properties: &Properties) -> Result<Deployment, String> {
    let mut translation = Translation {
        properties,
        used: table::WITHOUT_MEANING
            .iter()
            .map(|name| plain(name))
            .collect(),
        values: Vec::new(),
    };
    for (property, key) in table::VERBATIM.iter().chain(&templates::CODES) {
        translation.take(property, key)?;
    }
    let mut others = jdbc::translate(&mut translation)?;
    others.extend(addresses::translate(&mut translation)?);
    translation.patterns()?;
    translation.roles()?;
    translation.schemas()?;
    others.extend(fixed::others(&mut translation));
    others.extend(translation.port()?);
    others.extend(logging::translate(&mut translation));
    let Translation { used, values, .. } = translation;
    let mut unknown: Vec<String> = properties
        .all()
        .map(|property| property.name.clone())
        .filter(|name| OURS.iter().any(|prefix| name.starts_with(prefix)))
        .filter(|name| !used.contains(&plain(name)))
        .collect();
    unknown.extend(others);
    Ok(Deployment {
        values,
        unknown,
        source: String::new(),
    })
}

impl Translation<'_> {
    /// The resolved value of a property, if it is there and not empty.
    fn value(&mut self, property: &str) -> Result<Option<String>, String> {
        let found = self.value_even_empty(property)?;
        // Empty says "none" where that is possible, and nothing elsewhere.
        let says = |value: &String| !value.is_empty() || table::EMPTY_IS_NONE.contains(&property);
        Ok(found.filter(says))
    }

    /// The resolved value of a property, if it is there.
    fn value_even_empty(&mut self, property: &str) -> Result<Option<String>, String> {
        self.used.insert(plain(property));
        let Some(found) = self.properties.get(property) else {
            return Ok(None);
        };
        let resolved = resolve(self.properties, &found.value)
            .map_err(|why| format!("property {}: {why}", found.name))?;
        Ok(Some(resolved.trim().to_owned()))
    }

    /// [`Translation::value`] of a property that is only compared: one that can't be
    /// resolved has a value that is like no other, and does not stop the start.
    fn value_if_any(&mut self, property: &str) -> Option<String> {
        const UNRESOLVED: &str = "${}";
        let value = self.value(property);
        value.unwrap_or_else(|_why| Some(UNRESOLVED.to_owned()))
    }

    /// The names of all properties that begin so.
    fn names_below(&self, prefix: &str) -> Vec<String> {
        let names = self.properties.all().map(|property| &property.name);
        names
            .filter(|name| name.starts_with(prefix))
            .cloned()
            .collect()
    }

    /// Gives `key` the value of `property`, if there is one.
    fn take(&mut self, property: &str, key: &str) -> Result<(), String> {
        if let Some(value) = self.value(property)? {
            self.put(key, value, property);
        }
        Ok(())
    }

    fn put(&mut self, key: &str, value: String, property: &str) {
        self.values.push(Value {
            key: key.to_owned(),
            value,
            property: property.to_owned(),
        });
    }

    /// Where the service listens; the property's name when its value is no port.
    ///
    /// The value may also come from `SERVER_PORT`, which Kubernetes sets to an address
    /// where there is a Service of that name.
    fn port(&mut self) -> Result<Option<String>, String> {
        const PROPERTY: &str = "server.port";
        let Some(port) = self.value(PROPERTY)? else {
            return Ok(None);
        };
        if port.parse::<u16>().is_err() {
            return Ok(Some(PROPERTY.to_owned()));
        }
        self.put(PROPERTY, port, PROPERTY);
        Ok(None)
    }

    /// Java takes a dash behind a class such as `\w` for a dash, our patterns
    /// for half a range.
    fn patterns(&mut self) -> Result<(), String> {
        for (property, key) in table::PATTERNS {
            if let Some(mut pattern) = self.value(property)? {
                for class in ["\\w", "\\d", "\\s"] {
                    pattern = pattern.replace(&format!("{class}-"), &format!("{class}\\-"));
                }
                self.put(key, pattern, property);
            }
        }
        Ok(())
    }

    /// `mosip.role.pms.…` and `mosip.role.keymanager.…`. An empty list says that no
    /// role will do, as it does in the reference.
    fn roles(&mut self) -> Result<(), String> {
        let matrix = RoleMatrix::with_overrides(&BTreeMap::new(), KeyManagerRoles::default())?;
        let names: Vec<String> = matrix
            .lines()
            .iter()
            .map(|line| line.0.to_owned())
            .collect();
        for name in names {
            let key = format!("roles.{name}");
            for prefix in ["mosip.role.keymanager.", "mosip.role.pms."] {
                let property = format!("{prefix}{name}");
                if let Some(list) = self.value_even_empty(&property)? {
                    self.put(&key, list, &property);
                }
            }
        }
        Ok(())
    }

    /// `pmp.<policy type>.policy.schema`.
    fn schemas(&mut self) -> Result<(), String> {
        let names: Vec<String> = self
            .properties
            .all()
            .map(|property| property.name.clone())
            .collect();
        for name in names {
            let kind = name.strip_prefix("pmp.");
            let kind = kind.and_then(|rest| rest.strip_suffix(".policy.schema"));
            if let Some(kind) = kind.filter(|kind| !kind.contains('.')) {
                self.take(&name, &format!("policy.schemas.{}", kind.to_lowercase()))?;
            }
        }
        Ok(())
    }
}
