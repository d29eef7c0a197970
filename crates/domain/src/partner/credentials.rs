//! Which policy serves which credential type of a partner (contract partner.md §4.10).

use super::errors;
use crate::BusinessError;

/// What the operator accepts, compared ignoring case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRules {
    /// Credential types that exist.
    pub credential_types: Vec<String>,
    /// Partner types that credentials are issued to.
    pub partner_types: Vec<String>,
}

impl CredentialRules {
    /// Whether credentials of this type exist.
    ///
    /// # Errors
    /// When they don't, with the list of those that do.
    pub fn check_credential_type(&self, credential_type: &str) -> Result<(), BusinessError> {
        let known = &self.credential_types;
        if contains(known, credential_type) {
            return Ok(());
        }
        Err(errors::CREDENTIAL_TYPE_UNKNOWN.with(&[&known.join(",")]))
    }

    /// Whether credentials are issued to partners of this type.
    ///
    /// # Errors
    /// When they aren't, with the list of those that get some.
    pub fn check_partner_type(&self, partner_type: &str) -> Result<(), BusinessError> {
        let entitled = &self.partner_types;
        if contains(entitled, partner_type) {
            return Ok(());
        }
        Err(errors::CREDENTIALS_NOT_FOR_TYPE.with(&[&entitled.join(",")]))
    }
}

fn contains(list: &[String], wanted: &str) -> bool {
    list.iter()
        .any(|listed| listed.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> CredentialRules {
        let list = |text: &str| text.split(',').map(str::to_owned).collect();
        CredentialRules {
            credential_types: list("auth,vercred"),
            partner_types: list("Credential_Partner,Auth_Partner"),
        }
    }

    #[test]
    fn refusals_list_what_is_allowed() {
        let refusal = rules().check_credential_type("x").unwrap_err();
        let text = "Given credential type is not allowed. Allowed credential types : auth,vercred";
        assert_eq!(refusal.errors()[0].message.as_deref(), Some(text));
        let refusal = rules().check_partner_type("Device_Provider").unwrap_err();
        let text = "Credential mapping allowed only for :Credential_Partner,Auth_Partner";
        assert_eq!(refusal.errors()[0].message.as_deref(), Some(text));
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(rules().check_credential_type("VerCred"), Ok(()));
        assert_eq!(rules().check_partner_type("auth_partner"), Ok(()));
    }
}
