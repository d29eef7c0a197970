//! Whose rows a caller may see and change (contract auth.md §7).

use super::roles::RoleMatrix;
use pms_domain::{BusinessError, ErrorDef};

/// The caller may not touch another user's row.
pub const NOT_AUTHORISED: ErrorDef = ErrorDef::new("PMS_PRT_055", "User not authorized.");

/// May see and change everything.
const ADMIN: &str = "PARTNER_ADMIN";

/// Administers partners where an endpoint lists it: it may see and change all rows there.
const MANAGER: &str = "PARTNERMANAGER";

/// Roles of other modules, which legitimately read for others where an endpoint lists
/// them. They change nothing for others: a certificate, for one, approves its partner
/// (contract keymanager.md §14.4).
const READS_FOR_OTHERS: [&str; 8] = [
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

/// Whose rows a caller may see, or change, on one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All rows.
    All,
    /// Only those of the caller's own partners.
    Own,
}

/// What a caller may do with rows on one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes {
    /// Whose rows the caller may see.
    pub seen: Scope,
    /// Whose rows the caller may change.
    pub changed: Scope,
}

impl Ownership {
    /// The scopes of a caller with `held` roles on `operation`, whose endpoint
    /// lists `listed` roles.
    pub fn scopes(&self, operation: &str, held: &[String], listed: &[String]) -> Scopes {
        let legacy = self.mode == OwnershipMode::Legacy
            || self.legacy_for.iter().any(|name| name == operation);
        let counts = |role: &String| listed.contains(role);
        let administers = |role: &String| role == ADMIN || (role == MANAGER && counts(role));
        let reads = |role: &String| READS_FOR_OTHERS.contains(&role.as_str()) && counts(role);
        let changes = legacy || held.iter().any(administers);
        let sees = changes || held.iter().any(reads);
        let scope = |all: bool| if all { Scope::All } else { Scope::Own };
        Scopes {
            seen: scope(sees),
            changed: scope(changes),
        }
    }
}

/// Whether the row of partner `partner_id`, owned by `owner`, is `user`'s own: the
/// partner's id counts only where it has no owner. The same rule as in
/// `pms_database::partners::list_owned`.
pub(super) fn is_own(user: &str, owner: &str, partner_id: &str) -> bool {
    pms_domain::user::owner::is_own(user, owner, partner_id)
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

    fn scopes(held: &str, listed: &[&str]) -> (Scope, Scope) {
        let scopes = Ownership::default().scopes("x", &roles(&[held]), &roles(listed));
        (scopes.seen, scopes.changed)
    }

    #[test]
    fn a_role_that_reads_for_others_counts_only_where_the_endpoint_lists_it() {
        for role in READS_FOR_OTHERS {
            let listed = scopes(role, &[role, "PARTNER"]);
            assert_eq!(listed, (Scope::All, Scope::Own), "{role}");
            let unlisted = scopes(role, &["PARTNER"]);
            assert_eq!(unlisted, (Scope::Own, Scope::Own), "{role}");
        }
    }

    #[test]
    fn only_who_administers_partners_changes_rows_of_others() {
        assert_eq!(scopes("PARTNER_ADMIN", &[]), (Scope::All, Scope::All));
        let manager = scopes("PARTNERMANAGER", &["PARTNERMANAGER"]);
        assert_eq!(manager, (Scope::All, Scope::All));
        let unlisted = scopes("PARTNERMANAGER", &["PARTNER"]);
        assert_eq!(unlisted, (Scope::Own, Scope::Own));
        assert_eq!(scopes("PARTNER", &["PARTNER"]), (Scope::Own, Scope::Own));
    }

    #[test]
    fn single_operations_can_be_opened() {
        let ownership = Ownership {
            legacy_for: roles(&["policy-map"]),
            ..Ownership::default()
        };

        let opened = ownership.scopes("policy-map", &[], &[]);
        assert_eq!((opened.seen, opened.changed), (Scope::All, Scope::All));
        let other = ownership.scopes("other", &[], &[]);
        assert_eq!((other.seen, other.changed), (Scope::Own, Scope::Own));
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
