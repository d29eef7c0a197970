//! The authentication context references (ACR) that a client may ask for
//! (contract clients-users-notifications.md §1.5).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::errors::{ACRS_UNREADABLE, AMRS_UNREADABLE, NO_ACR_VALUES};
use super::facts::AuthTypes;
use crate::ErrorDef;

/// The mapping file that is used where a deployment names none.
const BUILT_IN: &str = include_str!("acr-mapping.json");

/// Which ways to authenticate (AMR) stand behind an ACR value, and which types
/// of authentication of policies behind these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcrMapping {
    factors: BTreeMap<String, Vec<String>>,
    /// In the order of the file.
    acrs: Vec<(String, Vec<String>)>,
}

impl AcrMapping {
    /// Reads the AMR/ACR mapping file.
    ///
    /// # Errors
    /// `PMS-MSD-395` when it is not JSON, or its ways to authenticate can't be
    /// read; `PMS-MSD-394` when its ACR values can't.
    pub fn read(file: &[u8]) -> Result<Self, ErrorDef> {
        let file: Value = serde_json::from_slice(file).or(Err(AMRS_UNREADABLE))?;
        let factor = |factor: &Value| factor.get("type")?.as_str().map(str::to_owned);
        let factors = lists(&file, "amr", factor).ok_or(AMRS_UNREADABLE)?;
        let acrs = lists(&file, "acr_amr", |name| name.as_str().map(str::to_owned));
        Ok(Self {
            factors: factors.into_iter().collect(),
            acrs: acrs.ok_or(ACRS_UNREADABLE)?,
        })
    }

    /// The mapping of the contract.
    ///
    /// # Errors
    /// As [`AcrMapping::read`].
    pub fn built_in() -> Result<Self, ErrorDef> {
        Self::read(BUILT_IN.as_bytes())
    }

    /// The ACR values of a client: those all of whose factors the policy allows.
    /// A value or a way to authenticate without any factor is never taken, or a
    /// slip in the file would let users in with none.
    ///
    /// # Errors
    /// `PMS_ESI_003` when the policy makes a type mandatory, `PMS_ESI_006` when
    /// there are no values.
    pub fn values(&self, allowed: &AuthTypes) -> Result<Vec<String>, ErrorDef> {
        allowed.all_optional()?;
        let matches = |amr: &String| {
            let factors = self.factors.get(amr);
            factors.is_some_and(|factors| all(factors, |factor| allowed.has(factor)))
        };
        let values = self.acrs.iter().filter(|(_, amrs)| all(amrs, matches));
        let values: Vec<_> = values.map(|(acr, _)| acr.clone()).collect();
        if values.is_empty() {
            Err(NO_ACR_VALUES)
        } else {
            Ok(values)
        }
    }
}

/// Some, and all of them.
fn all(names: &[String], fine: impl Fn(&String) -> bool) -> bool {
    !names.is_empty() && names.iter().all(fine)
}

/// The lists of a member, by name.
fn lists(
    file: &Value,
    member: &str,
    item: impl Fn(&Value) -> Option<String>,
) -> Option<Vec<(String, Vec<String>)>> {
    let members: &Map<String, Value> = file.get(member)?.as_object()?;
    let list = |(name, list): (&String, &Value)| {
        let items: Option<Vec<_>> = list.as_array()?.iter().map(&item).collect();
        Some((name.clone(), items?))
    };
    members.iter().map(list).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::errors::MANDATORY_AUTH;
    use super::*;

    fn allowed(types: &[&str]) -> AuthTypes {
        let listed = types.iter().map(|name| json!({ "authType": name }));
        let policy = json!({ "allowedAuthTypes": listed.collect::<Vec<_>>() });
        AuthTypes::of(policy.as_object().unwrap()).unwrap()
    }

    fn mapping(file: &Value) -> Result<AcrMapping, ErrorDef> {
        AcrMapping::read(file.to_string().as_bytes())
    }

    #[test]
    fn types_of_the_contract_give_its_values() {
        let mapping = AcrMapping::built_in().unwrap();
        for (auth_type, value) in [
            ("pwd", "mosip:idp:acr:password"),
            ("pin", "mosip:idp:acr:static-code"),
            ("otp", "mosip:idp:acr:generated-code"),
            ("wla", "mosip:idp:acr:linked-wallet"),
            ("BIO", "mosip:idp:acr:biometrics"),
        ] {
            assert_eq!(
                mapping.values(&allowed(&["demo", auth_type])).unwrap(),
                [value]
            );
        }
        assert_eq!(
            mapping.values(&allowed(&["demo", "otp", "bio"])).unwrap(),
            ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"]
        );
        assert_eq!(mapping.values(&allowed(&["demo"])), Err(NO_ACR_VALUES));
        assert_eq!(mapping.values(&allowed(&[])), Err(NO_ACR_VALUES));
    }

    #[test]
    fn all_factors_of_all_ways_are_needed_and_none_is_too_few() {
        let mapping = mapping(&json!({
            "amr": {
                "two": [{ "type": "OTP" }, { "type": "BIO", "count": 1, "subTypes": ["x"] }],
                "pin": [{ "type": "PIN" }], "nothing": [],
            },
            "acr_amr": {
                "both": ["two", "pin"], "unknown": ["pin", "nosuch"], "free": ["nothing"],
                "empty": [], "pin": ["pin"],
            },
        }))
        .unwrap();

        assert_eq!(
            mapping.values(&allowed(&["otp", "bio", "pin"])).unwrap(),
            ["both", "pin"]
        );
        assert_eq!(mapping.values(&allowed(&["otp", "pin"])).unwrap(), ["pin"]);
        assert_eq!(
            mapping.values(&allowed(&["otp", "bio"])),
            Err(NO_ACR_VALUES)
        );
    }

    #[test]
    fn a_mandatory_type_excludes_clients() {
        let policy = json!({ "allowedAuthTypes": [
            { "authType": "otp", "mandatory": false }, { "authType": "pin", "mandatory": true },
        ]});
        let types = AuthTypes::of(policy.as_object().unwrap()).unwrap();

        assert_eq!(
            AcrMapping::built_in().unwrap().values(&types),
            Err(MANDATORY_AUTH)
        );
        assert!(AuthTypes::of(json!({}).as_object().unwrap()).is_err());
    }

    #[test]
    fn each_half_of_the_file_has_its_error() {
        for file in [
            json!({}),
            json!({ "amr": [] }),
            json!({ "amr": { "a": [{}] } }),
        ] {
            assert_eq!(mapping(&file), Err(AMRS_UNREADABLE), "{file}");
        }
        for acrs in [
            json!(null),
            json!([]),
            json!({ "a": "PWD" }),
            json!({ "a": [1] }),
        ] {
            let file = json!({ "amr": {}, "acr_amr": acrs });
            assert_eq!(mapping(&file), Err(ACRS_UNREADABLE), "{file}");
        }
        assert_eq!(AcrMapping::read(b"<html>"), Err(AMRS_UNREADABLE));
    }
}
