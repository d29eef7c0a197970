//! Which roles may call what (contract auth.md §3 and §8).

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::matrix::{KEY_MANAGER, PMS, REFERENCE_KEY_MANAGER};

/// Properties of the reference that no endpoint asks for (contract auth.md §8).
/// Configurations hold them all the same, so they are read over.
const UNUSED: [&str; 7] = [
    "getapikeysforauthpartners",
    "getoauthclients",
    "getoidcclient",
    "getpoliciesapikey",
    "getpoliciespolicyidpartnerpartnerid",
    "postoidcclient",
    "putoidcclient",
];

/// Stands in a list for every caller with a valid token, whatever their roles.
const ANYBODY: &str = "*";

/// Roles that may call the embedded key manager unless `roles.*` says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyManagerRoles {
    /// The fewest that are needed. ROOT and PMS keys are for `KEY_MAKER` alone, and personal data is
    /// for the clients of `key_manager.personal_data_clients`.
    #[default]
    Fewest,
    /// Those of the reference.
    Reference,
}

/// Roles by property name, defaults overlaid with the operator's values.
#[derive(Debug, Clone)]
pub struct RoleMatrix {
    roles: HashMap<String, Vec<String>>,
}

impl RoleMatrix {
    /// The built-in matrix with the operator's lines over it. A line's value is
    /// a comma-separated list; an empty one authorises no caller.
    ///
    /// # Errors
    /// Names the first property that no endpoint has.
    pub fn with_overrides(
        overrides: &BTreeMap<String, String>,
        key_manager: KeyManagerRoles,
    ) -> Result<Self, String> {
        let lines = PMS.iter().chain(match key_manager {
            KeyManagerRoles::Fewest => KEY_MANAGER,
            KeyManagerRoles::Reference => REFERENCE_KEY_MANAGER,
        });
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

    /// The roles of a property. An unknown property authorises no caller.
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

    fn matrix(overrides: &BTreeMap<String, String>) -> Result<RoleMatrix, String> {
        RoleMatrix::with_overrides(overrides, KeyManagerRoles::Fewest)
    }

    #[test]
    fn both_matrices_of_the_key_manager_have_the_same_lines() {
        let names = |lines: &[(&'static str, &str)]| -> Vec<&str> {
            lines.iter().map(|(name, _)| *name).collect()
        };

        assert_eq!(names(KEY_MANAGER), names(REFERENCE_KEY_MANAGER));
    }

    #[test]
    fn residents_and_registration_officers_may_nothing_of_the_key_manager() {
        let mut held = ["INDIVIDUAL", "RESIDENT", "REGISTRATION_OFFICER", "PARTNER"];
        held.sort_unstable();
        let held = held.map(str::to_owned);
        let fewest = matrix(&BTreeMap::new()).unwrap();
        let wide = KeyManagerRoles::Reference;
        let wide = RoleMatrix::with_overrides(&BTreeMap::new(), wide).unwrap();

        assert!(
            KEY_MANAGER
                .iter()
                .all(|(name, _)| !fewest.admits(name, &held))
        );
        assert!(wide.admits("postgeneratemasterkeyobjecttype", &held));
    }

    /// What the portal calls by itself; one 403 takes its page away
    /// (contract portal.md §2.6 and §5.2).
    #[test]
    fn partners_of_every_type_see_the_portals_first_page() {
        let with_group = [
            "ABIS_PARTNER",
            "AUTH_PARTNER",
            "BINDING_PARTNER",
            "CREDENTIAL_PARTNER",
            "INTERNAL_PARTNER",
            "MANUAL_ADJUDICATION",
            "ONLINE_VERIFICATION_PARTNER",
            "PRINT_PARTNER",
        ];
        let without = [
            "DEVICE_PROVIDER",
            "FTM_PROVIDER",
            "MISP_PARTNER",
            "PARTNER_ADMIN",
            "SDK_PARTNER",
        ];
        let matrix = matrix(&BTreeMap::new()).unwrap();
        let admits = |property: &str, role: &str| {
            assert!(
                matrix.admits(property, &[role.to_owned()]),
                "{property} {role}"
            );
        };

        for role in with_group {
            admits("getpolicygroups", role);
        }
        for role in with_group.into_iter().chain(without) {
            for property in [
                "getpartnercertificates",
                "userconsent",
                "getnotifications",
                "patchdismissnotification",
                "getnotificationseentimestamp",
                "putnotificationseentimestamp",
            ] {
                admits(property, role);
            }
        }
    }

    #[test]
    fn an_operators_line_replaces_the_default() {
        let overrides = BTreeMap::from([("postpolicies".to_owned(), " A , B ".to_owned())]);

        let matrix = matrix(&overrides).unwrap();

        assert_eq!(matrix.of("postpolicies"), ["A", "B"]);
        assert_eq!(
            matrix.of("putpoliciespolicyid"),
            ["PARTNER_ADMIN", "POLICYMANAGER"]
        );
    }

    #[test]
    fn a_star_admits_every_token_until_an_operator_lists_roles() {
        let held = ["MISP_PARTNER".to_owned()];
        let default = matrix(&BTreeMap::new()).unwrap();
        let listed = BTreeMap::from([("userconsent".to_owned(), "AUTH_PARTNER".to_owned())]);
        let listed = matrix(&listed).unwrap();

        assert!(default.admits("userconsent", &[]) && default.admits("userconsent", &held));
        assert!(!listed.admits("userconsent", &[]) && !listed.admits("userconsent", &held));
        assert!(listed.admits("userconsent", &["AUTH_PARTNER".to_owned()]));
        assert!(!default.admits("getpartnersv3", &held) && !default.admits("postpolicy", &held));
    }

    #[test]
    fn a_property_that_no_endpoint_asks_for_changes_nothing() {
        let overrides = UNUSED.map(|name| (name.to_owned(), "A".to_owned()));

        let matrix = matrix(&BTreeMap::from(overrides)).unwrap();

        assert!(matrix.of("getpoliciespolicyidpartnerpartnerid").is_empty());
        assert_eq!(
            matrix.of("getpoliciespolicyid"),
            ["PARTNER_ADMIN", "POLICYMANAGER"]
        );
    }

    #[test]
    fn an_unknown_property_authorises_no_caller_and_stops_the_start() {
        let matrix = matrix(&BTreeMap::new()).unwrap();
        let wrong = BTreeMap::from([("postpolicy".to_owned(), "A".to_owned())]);

        assert!(matrix.of("postpolicy").is_empty());
        assert!(RoleMatrix::with_overrides(&wrong, KeyManagerRoles::Fewest).is_err());
    }
}
