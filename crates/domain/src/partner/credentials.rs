//! Which policy serves which credential type of a partner (partner contract §4.10).

use super::errors;
use crate::Rejection;

/// Accepted credential types.
const CREDENTIAL_TYPES: [&str; 6] = ["auth", "qrcode", "euin", "reprint", "vercred", "opencrvs"];
/// Partner types that credentials are issued to.
const PARTNER_TYPES: [&str; 3] = [
    "Credential_Partner",
    "Online_Verification_Partner",
    "Auth_Partner",
];

/// Whether credentials of this type exist, ignoring case.
///
/// # Errors
/// When they don't, with the list of those that do.
pub fn check_credential_type(credential_type: &str) -> Result<(), Rejection> {
    if contains(&CREDENTIAL_TYPES, credential_type) {
        return Ok(());
    }
    Err(errors::CREDENTIAL_TYPE_UNKNOWN.with(&[&CREDENTIAL_TYPES.join(",")]))
}

/// Whether credentials are issued to partners of this type, ignoring case.
///
/// # Errors
/// When they aren't, with the list of those that get some.
pub fn check_partner_type(partner_type: &str) -> Result<(), Rejection> {
    if contains(&PARTNER_TYPES, partner_type) {
        return Ok(());
    }
    Err(errors::CREDENTIALS_NOT_FOR_TYPE.with(&[&PARTNER_TYPES.join(",")]))
}

fn contains(list: &[&str], wanted: &str) -> bool {
    list.iter()
        .any(|listed| listed.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_list_what_is_allowed() {
        let refusal = check_credential_type("x").unwrap_err();
        let text = "Given credential type is not allowed. Allowed credential types : \
                    auth,qrcode,euin,reprint,vercred,opencrvs";
        assert_eq!(refusal.errors()[0].message.as_deref(), Some(text));
        let refusal = check_partner_type("Device_Provider").unwrap_err();
        let text = "Credential mapping allowed only for :\
                    Credential_Partner,Online_Verification_Partner,Auth_Partner";
        assert_eq!(refusal.errors()[0].message.as_deref(), Some(text));
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(check_credential_type("VerCred"), Ok(()));
        assert_eq!(check_partner_type("auth_partner"), Ok(()));
    }
}
