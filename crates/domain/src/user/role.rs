//! Roles of the realm that users are given when they are made
//! (contract clients-users-notifications.md §2.2).

/// The roles of partners: each stands for a type of partner, and lets its holder do
/// nothing but what partners of that type do.
const OF_PARTNERS: [&str; 9] = [
    "ABIS_PARTNER",
    "AUTH_PARTNER",
    "CREDENTIAL_PARTNER",
    "DEVICE_PROVIDER",
    "FTM_PROVIDER",
    "MANUAL_ADJUDICATION",
    "MISP_PARTNER",
    "ONLINE_VERIFICATION_PARTNER",
    "SDK_PARTNER",
];

/// Whether a new user may be given a role, compared exactly, as the realm does:
/// partners give roles of partners, administrators of partners give any.
pub fn may_be_given(role: &str, by_admin: bool) -> bool {
    by_admin || OF_PARTNERS.contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_administrators_give_more_than_roles_of_partners() {
        for role in ["AUTH_PARTNER", "MANUAL_ADJUDICATION", "SDK_PARTNER"] {
            assert!(may_be_given(role, false), "{role}");
        }
        let others = [
            "PARTNER_ADMIN",
            "POLICYMANAGER",
            "PARTNERMANAGER",
            "GLOBAL_ADMIN",
            "ZONAL_ADMIN",
            "ID_AUTHENTICATION",
            "KEY_MAKER",
            "default-roles-mosip",
            "auth_partner",
            "AUTH_PARTNER ",
            "AUTH_PARTNER/../PARTNER_ADMIN",
            "",
        ];
        for role in others {
            assert!(!may_be_given(role, false), "{role}");
            assert!(may_be_given(role, true), "{role}");
        }
    }
}
