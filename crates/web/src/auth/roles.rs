//! Which roles may call what (contract auth.md §3 and §8).

use std::collections::{BTreeMap, HashMap};

use super::matrix::{KEY_MANAGER, PMS};

/// Properties of the reference that no endpoint asks for (contract auth.md §8).
/// Configurations hold them all the same, so they are read over.
const UNUSED: [&str; 9] = [
    "getapikeysforauthpartners",
    "getoauthclients",
    "getoidcclient",
    "getpoliciesapikey",
    "getpoliciespolicyidpartnerpartnerid",
    "postdevicedetailfiltervalues",
    "postoidcclient",
    "postpartnersfiltervalues",
    "putoidcclient",
];

/// Stands in a list for whoever has a valid token, whatever their roles.
const ANYBODY: &str = "*";

/// Roles by property name, defaults overlaid with the operator's values.
#[derive(Debug, Clone)]
pub struct RoleMatrix {
    roles: HashMap<String, Vec<String>>,
}

impl RoleMatrix {
    /// The built-in matrix with the operator's lines over it. A line's value is
    /// a comma-separated list; an empty one authorises nobody.
    ///
    /// # Errors
    /// Names the first property that no endpoint has.
    pub fn with_overrides(overrides: &BTreeMap<String, String>) -> Result<Self, String> {
        let lines = PMS.iter().chain(KEY_MANAGER);
        let mut roles: HashMap<String, Vec<String>> = lines
            .map(|(property, list)| ((*property).to_owned(), split(list)))
            .collect();
        for (property, list) in overrides {
            let Some(line) = roles.get_mut(property) else {
                if UNUSED.contains(&property.as_str()) {
                    continue;
                }
                return Err(format!(
                    "roles.{property}: no endpoint has this role property"
                ));
            };
            *line = split(list);
        }
        Ok(Self { roles })
    }

    /// The roles of a property. An unknown property authorises nobody.
    pub fn of(&self, property: &str) -> &[String] {
        self.roles
            .get(property)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether there is such a property.
    pub fn knows(&self, property: &str) -> bool {
        self.roles.contains_key(property)
    }

    /// Whether a caller with `held` roles may use endpoints with this property.
    pub fn admits(&self, property: &str, held: &[String]) -> bool {
        self.of(property)
            .iter()
            .any(|listed| listed == ANYBODY || held.contains(listed))
    }

    /// Every property and its roles, sorted by property.
    pub fn lines(&self) -> Vec<(&str, &[String])> {
        let mut lines: Vec<_> = self
            .roles
            .iter()
            .map(|(property, roles)| (property.as_str(), roles.as_slice()))
            .collect();
        lines.sort_unstable();
        lines
    }
}

fn split(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|role| !role.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_line_replaces_the_default() {
        let overrides = BTreeMap::from([("postpolicies".to_owned(), " A , B ".to_owned())]);

        let matrix = RoleMatrix::with_overrides(&overrides).unwrap();

        assert_eq!(matrix.of("postpolicies"), ["A", "B"]);
        assert_eq!(
            matrix.of("putpoliciespolicyid"),
            ["PARTNER_ADMIN", "POLICYMANAGER"]
        );
    }

    #[test]
    fn a_star_admits_whoever_has_a_token_until_an_operator_lists_roles() {
        let held = ["MISP_PARTNER".to_owned()];
        let default = RoleMatrix::with_overrides(&BTreeMap::new()).unwrap();
        let listed = BTreeMap::from([("userconsent".to_owned(), "AUTH_PARTNER".to_owned())]);
        let listed = RoleMatrix::with_overrides(&listed).unwrap();

        assert!(default.admits("userconsent", &[]) && default.admits("userconsent", &held));
        assert!(!listed.admits("userconsent", &[]) && !listed.admits("userconsent", &held));
        assert!(listed.admits("userconsent", &["AUTH_PARTNER".to_owned()]));
        assert!(!default.admits("getpartnersv3", &held) && !default.admits("postpolicy", &held));
    }

    #[test]
    fn a_property_that_no_endpoint_asks_for_changes_nothing() {
        let overrides = UNUSED.map(|name| (name.to_owned(), "A".to_owned()));

        let matrix = RoleMatrix::with_overrides(&BTreeMap::from(overrides)).unwrap();

        assert!(matrix.of("getpoliciespolicyidpartnerpartnerid").is_empty());
        assert_eq!(
            matrix.of("getpoliciespolicyid"),
            ["PARTNER_ADMIN", "POLICYMANAGER"]
        );
    }

    #[test]
    fn an_unknown_property_authorises_nobody_and_stops_the_start() {
        let matrix = RoleMatrix::with_overrides(&BTreeMap::new()).unwrap();
        let wrong = BTreeMap::from([("postpolicy".to_owned(), "A".to_owned())]);

        assert!(matrix.of("postpolicy").is_empty());
        assert!(RoleMatrix::with_overrides(&wrong).is_err());
    }
}
