//! The claims that a client may ask for (contract clients-users-notifications.md §1.4).

use std::collections::BTreeMap;

use serde_json::Value;

use super::errors::{CLAIMS_UNREADABLE, NO_CLAIMS};
use super::facts::KycAttributes;
use crate::ErrorDef;

/// The mapping file that is used where a deployment names none.
const BUILT_IN: &str = include_str!("claims-mapping.json");

/// Which attributes of policies stand behind a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimsMapping(BTreeMap<String, Vec<String>>);

impl ClaimsMapping {
    /// Reads the mapping file of claims. Entries that map to nothing are kept:
    /// they select nothing.
    ///
    /// # Errors
    /// `PMS-MSD-393` when it is not JSON, or lacks the object `identity`.
    pub fn read(file: &[u8]) -> Result<Self, ErrorDef> {
        let file: Value = serde_json::from_slice(file).or(Err(CLAIMS_UNREADABLE))?;
        let identity = file.get("identity").and_then(Value::as_object);
        let entry = |(claim, entry): (&String, &Value)| {
            let value = entry.get("value").and_then(Value::as_str);
            let attributes = value.unwrap_or_default().split(',');
            (claim.clone(), attributes.map(str::to_owned).collect())
        };
        identity
            .map(|identity| Self(identity.iter().map(entry).collect()))
            .ok_or(CLAIMS_UNREADABLE)
    }

    /// The mapping of the contract.
    ///
    /// # Errors
    /// As [`ClaimsMapping::read`].
    pub fn built_in() -> Result<Self, ErrorDef> {
        Self::read(BUILT_IN.as_bytes())
    }

    /// The claims of a client: those of `supported`, in this order, that have an
    /// attribute which the policy shares. Of claims with the same attributes
    /// only the last one is taken.
    ///
    /// # Errors
    /// `PMS_ESI_005` when there are none.
    pub fn claims(
        &self,
        shared: &KycAttributes,
        supported: &[String],
    ) -> Result<Vec<String>, ErrorDef> {
        let mut selected: Vec<(&[String], &String)> = Vec::new();
        for claim in supported {
            let Some(attributes) = self.0.get(claim) else {
                continue;
            };
            if attributes.iter().any(|attribute| shared.has(attribute)) {
                selected.retain(|(others, _)| *others != attributes.as_slice());
                selected.push((attributes, claim));
            }
        }
        let claims: Vec<_> = selected.iter().map(|(_, claim)| (*claim).clone()).collect();
        if claims.is_empty() {
            Err(NO_CLAIMS)
        } else {
            Ok(claims)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shared(names: &[&str]) -> KycAttributes {
        let listed = names.iter().map(|name| json!({ "attributeName": name }));
        let policy = json!({ "allowedKycAttributes": listed.collect::<Vec<_>>() });
        KycAttributes::of(policy.as_object().unwrap()).unwrap()
    }

    fn supported(names: &str) -> Vec<String> {
        names.split(' ').map(str::to_owned).collect()
    }

    const ALL: &str = "name address gender birthdate picture email phone_number individual_id";

    #[test]
    fn a_claim_needs_one_of_its_attributes() {
        let mapping = ClaimsMapping::built_in().unwrap();

        let claims = mapping.claims(
            &shared(&["FULLNAME", "region", "dateOfBirth", "face", "phone"]),
            &supported(ALL),
        );

        assert_eq!(
            claims.unwrap(),
            ["name", "address", "birthdate", "picture", "phone_number"]
        );
    }

    #[test]
    fn every_entry_of_the_contract_selects_its_claim() {
        let mapping = ClaimsMapping::built_in().unwrap();
        for (attribute, claim) in [
            ("fullName", "name"),
            ("gender", "gender"),
            ("dateOfBirth", "birthdate"),
            ("face", "picture"),
            ("email", "email"),
            ("phone", "phone_number"),
            ("addressLine1", "address"),
            ("addressLine2", "address"),
            ("addressLine3", "address"),
            ("city", "address"),
            ("region", "address"),
            ("province", "address"),
            ("postalCode", "address"),
            ("individual_id", "individual_id"),
        ] {
            let claims = mapping.claims(&shared(&[attribute]), &supported(ALL));
            assert_eq!(claims.unwrap(), [claim], "{attribute}");
        }
    }

    #[test]
    fn claims_must_be_supported_and_there_must_be_one() {
        let mapping = ClaimsMapping::built_in().unwrap();

        assert_eq!(
            mapping.claims(
                &shared(&["fullName", "gender"]),
                &supported("gender nosuch")
            ),
            Ok(vec!["gender".to_owned()])
        );
        assert_eq!(
            mapping.claims(&shared(&["fullName"]), &supported("gender")),
            Err(NO_CLAIMS)
        );
        assert_eq!(
            mapping.claims(&shared(&[]), &supported(ALL)),
            Err(NO_CLAIMS)
        );
        assert_eq!(mapping.claims(&shared(&["fullName"]), &[]), Err(NO_CLAIMS));
    }

    #[test]
    fn the_last_of_equal_lists_survives() {
        let file = json!({ "identity": {
            "name": { "value": "fullName" }, "nickname": { "value": "fullName" },
            "both": { "value": "fullName,phone" }, "strange": 7,
        }});
        let mapping = ClaimsMapping::read(file.to_string().as_bytes()).unwrap();

        let claims = mapping.claims(
            &shared(&["fullname", ""]),
            &supported("name both nickname other"),
        );

        assert_eq!(claims.unwrap(), ["both", "nickname"]);
    }

    #[test]
    fn a_file_without_identities_is_unreadable() {
        for file in ["", "<html>", "{}", r#"{"identity":[]}"#, "null"] {
            let refused = ClaimsMapping::read(file.as_bytes());
            assert_eq!(refused, Err(CLAIMS_UNREADABLE), "{file}");
        }
    }

    #[test]
    fn a_policy_without_attributes_has_no_list() {
        let none = KycAttributes::of(json!({}).as_object().unwrap());

        assert_eq!(
            none.unwrap_err().to_string(),
            "the policy has no list allowedKycAttributes"
        );
    }
}
