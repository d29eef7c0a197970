//! Whose rows a caller may see and change (contract auth.md §7).

use super::roles::RoleMatrix;
use pms_domain::{BusinessError, ErrorDef};

/// The caller may not touch another user's row.
pub const NOT_AUTHORISED: ErrorDef = ErrorDef::new("PMS_PRT_055", "User not authorized.");

/// Roles that legitimately read for others, where an endpoint lists them.
const READS_FOR_OTHERS: [&str; 9] = [
    "PARTNERMANAGER",
    "POLICYMANAGER",
    "RESIDENT",
    "CREDENTIAL_ISSUANCE",
    "CREATE_SHARE",
    "REGISTRATION_PROCESSOR",
    "ID_AUTHENTICATION",
    "ID_REPOSITORY",
    "PMS_USER",
];

/// Operations whose name for `security.ownership_legacy_for` is not that of their
/// role property: several share one, or the property says too little.
pub const NAMED_OPERATIONS: [&str; 2] = ["certificate-upload", "policy-map"];

/// Refuses names that no operation has.
///
/// # Errors
/// Names the first one.
pub fn check_operations(names: &[String], roles: &RoleMatrix) -> Result<(), String> {
    let known = |name: &str| {
        NAMED_OPERATIONS.contains(&name)
            || roles.lines().iter().any(|(property, _)| *property == name)
    };
    match names.iter().find(|name| !known(name)) {
        Some(name) => Err(format!(
            "security.ownership_legacy_for: no operation is called {name:?}; it can be {} and the \
             role properties that `pms routes` shows, such as postpartnersbioextractors",
            NAMED_OPERATIONS.join(", ")
        )),
        None => Ok(()),
    }
}

/// `security.ownership`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnershipMode {
    /// Rows belong to their partners.
    #[default]
    Enforce,
    /// As the reference: a role is enough.
    Legacy,
}

/// How strictly rows belong to their owners.
#[derive(Debug, Clone, Default)]
pub struct Ownership {
    /// The general rule.
    pub mode: OwnershipMode,
    /// Operations for which the rule is off.
    pub legacy_for: Vec<String>,
}

/// Whose rows a caller may touch on one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All rows.
    All,
    /// Only those of the caller's own partners.
    Own,
}

impl Ownership {
    /// The scope of a caller with `held` roles on `operation`, whose endpoint
    /// lists `listed` roles.
    pub fn scope(&self, operation: &str, held: &[String], listed: &[String]) -> Scope {
        let legacy = self.mode == OwnershipMode::Legacy
            || self.legacy_for.iter().any(|name| name == operation);
        let unrestricted = held.iter().any(|role| {
            role == "PARTNER_ADMIN"
                || (READS_FOR_OTHERS.contains(&role.as_str()) && listed.contains(role))
        });
        if legacy || unrestricted {
            Scope::All
        } else {
            Scope::Own
        }
    }
}

/// Whether the row of partner `partner_id`, owned by `owner`, is `user`'s own: the
/// partner's id counts only where it has no owner. The same rule as in
/// `pms_database::partners::list_owned`.
pub(super) fn is_own(user: &str, owner: &str, partner_id: &str) -> bool {
    let same = |text: &str| text.to_lowercase() == user.to_lowercase();
    if owner.is_empty() {
        same(partner_id)
    } else {
        same(owner)
    }
}

/// The refusal.
pub(super) fn refused() -> BusinessError {
    NOT_AUTHORISED.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_role_that_reads_for_others_counts_only_where_the_endpoint_lists_it() {
        let ownership = Ownership::default();
        let held = roles(&["CREATE_SHARE"]);

        assert_eq!(
            ownership.scope("x", &held, &roles(&["CREATE_SHARE", "PARTNER"])),
            Scope::All
        );
        assert_eq!(
            ownership.scope("x", &held, &roles(&["PARTNER"])),
            Scope::Own
        );
    }

    #[test]
    fn single_operations_can_be_opened() {
        let ownership = Ownership {
            legacy_for: roles(&["policy-map"]),
            ..Ownership::default()
        };

        assert_eq!(ownership.scope("policy-map", &[], &[]), Scope::All);
        assert_eq!(ownership.scope("other", &[], &[]), Scope::Own);
    }

    #[test]
    fn rows_belong_to_their_user_and_without_one_to_the_user_named_like_the_partner() {
        assert!(is_own("Anna", "anna", "p1"));
        assert!(is_own("anna", "", "ANNA"));
        assert!(!is_own("anna", "somebody", "ANNA"));
        assert!(!is_own("anna", "ann", "p1"));
        assert!(!is_own("", "anna", ""));
    }
}
