//! Partner types as the portal spells them (contract portal.md §2.3): upper case, and each is
//! also the name of the realm role its partners hold.

/// One partner type.
pub(super) struct PartnerType {
    /// Value of the claim `partnerType` and name of the realm role.
    pub(super) code: &'static str,
    /// What the registration page calls it; `None` keeps it off the page.
    pub(super) label: Option<&'static str>,
}

/// What a user is who doesn't say.
pub(super) const DEFAULT: &str = "AUTH_PARTNER";

/// The types of the seed (contract schema.md §4.1), in the order of the registration page.
pub(super) static ALL: [PartnerType; 13] = [
    offered("DEVICE_PROVIDER", "Device provider"),
    offered("FTM_PROVIDER", "FTM provider"),
    offered("AUTH_PARTNER", "Authentication partner"),
    offered("CREDENTIAL_PARTNER", "Credential partner"),
    offered("ONLINE_VERIFICATION_PARTNER", "Online verification partner"),
    offered("ABIS_PARTNER", "ABIS partner"),
    offered("MISP_PARTNER", "MISP partner"),
    offered("SDK_PARTNER", "SDK partner"),
    offered("PRINT_PARTNER", "Print partner"),
    offered("MANUAL_ADJUDICATION", "Manual adjudication"),
    internal("PARTNER_ADMIN"),
    internal("INTERNAL_PARTNER"),
    internal("BINDING_PARTNER"),
];

/// The type with this code, ignoring case.
pub(super) fn find(code: &str) -> Option<&'static PartnerType> {
    ALL.iter()
        .find(|partner_type| partner_type.code.eq_ignore_ascii_case(code))
}

const fn offered(code: &'static str, label: &'static str) -> PartnerType {
    PartnerType {
        code,
        label: Some(label),
    }
}

const fn internal(code: &'static str) -> PartnerType {
    PartnerType { code, label: None }
}
