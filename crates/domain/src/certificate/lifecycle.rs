//! When a partner may upload its certificate (contract partner.md §4.14).

use super::errors;
use crate::ErrorDef;
use crate::partner::errors::PARTNER_INACTIVE;
use crate::partner::lifecycle::IN_PROGRESS;
use crate::partner::types::domain_of;

/// Lets a partner upload while it waits for its certificate, and later to
/// renew it as long as it is not switched off.
///
/// # Errors
/// [`PARTNER_INACTIVE`].
pub fn may_upload(approval_status: &str, is_active: bool) -> Result<(), ErrorDef> {
    if approval_status == IN_PROGRESS || is_active {
        Ok(())
    } else {
        Err(PARTNER_INACTIVE)
    }
}

/// Refuses a partner of a type that needs a policy group before it has one.
///
/// # Errors
/// [`errors::POLICY_GROUP_MISSING`].
pub fn has_policy_group(needed: bool, group_id: Option<&str>) -> Result<(), ErrorDef> {
    if needed && group_id.is_none() {
        Err(errors::POLICY_GROUP_MISSING)
    } else {
        Ok(())
    }
}

/// Whether a partner of this type belongs to the trust domain, ignoring case: a
/// MISP may be trusted as one or, as the portal has it, as any other partner.
pub fn fits_domain(partner_type: &str, misp_type: &str, domain: &str) -> bool {
    let is_misp = partner_type.eq_ignore_ascii_case(misp_type);
    domain.eq_ignore_ascii_case(domain_of(partner_type))
        || (is_misp && domain.eq_ignore_ascii_case("MISP"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_uploads_while_in_progress_or_active() {
        assert_eq!(may_upload("InProgress", false), Ok(()));
        assert_eq!(may_upload("approved", true), Ok(()));
        assert_eq!(may_upload("approved", false), Err(PARTNER_INACTIVE));
        assert_eq!(may_upload("inprogress", false), Err(PARTNER_INACTIVE));
    }

    #[test]
    fn only_types_that_need_a_policy_group_must_name_it() {
        assert_eq!(has_policy_group(false, None), Ok(()));
        assert_eq!(has_policy_group(true, Some("g")), Ok(()));
        assert_eq!(
            has_policy_group(true, None),
            Err(errors::POLICY_GROUP_MISSING)
        );
    }

    #[test]
    fn a_domain_fits_the_types_that_are_trusted_in_it() {
        let fits = |kind, domain| fits_domain(kind, "MISP_Partner", domain);

        assert!(fits("Device_Provider", "DEVICE") && !fits("Device_Provider", "AUTH"));
        assert!(fits("FTM_Provider", "ftm") && !fits("FTM_Provider", "DEVICE"));
        assert!(fits("misp_partner", "MISP") && fits("MISP_Partner", "Auth"));
        assert!(fits("Auth_Partner", "Auth") && !fits("Auth_Partner", "MISP"));
        assert!(!fits("Credential_Partner", "FTM"));
    }
}
