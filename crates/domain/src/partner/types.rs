//! Types of partners that rules name (contract partner.md §3.1), by their codes as they
//! are stored. All others differ by what their rows say alone.

/// Alone has OIDC clients, and its API keys are listed.
pub const AUTH_PARTNER: &str = "Auth_Partner";
/// Provides devices and SBIs.
pub const DEVICE_PROVIDER: &str = "Device_Provider";
/// Provides FTM chips.
pub const FTM_PROVIDER: &str = "FTM_Provider";

/// Types whose partners ask for no policies.
pub const WITHOUT_POLICIES: [&str; 2] = [DEVICE_PROVIDER, FTM_PROVIDER];

/// The trust domain of partners of this type, ignoring case (contract keymanager.md §14.4).
/// A MISP has this one too, beside its own.
pub const fn domain_of(partner_type: &str) -> &'static str {
    if partner_type.eq_ignore_ascii_case(DEVICE_PROVIDER) {
        "DEVICE"
    } else if partner_type.eq_ignore_ascii_case(FTM_PROVIDER) {
        "FTM"
    } else {
        "AUTH"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_have_domains_of_their_own_and_all_others_share_one() {
        assert_eq!(domain_of("Device_Provider"), "DEVICE");
        assert_eq!(domain_of("DEVICE_PROVIDER"), "DEVICE");
        assert_eq!(domain_of("ftm_provider"), "FTM");
        for kind in ["Auth_Partner", "MISP_Partner", "Credential_Partner", ""] {
            assert_eq!(domain_of(kind), "AUTH", "{kind}");
        }
    }
}
