//! What the policy of a client says about claims and authentication
//! (contract clients-users-notifications.md §1.4, §1.5).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::errors::MANDATORY_AUTH;
use crate::ErrorDef;

/// A policy lacks a list that its kind must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the policy has no list {0}")]
pub struct NoSuchList(&'static str);

/// The attributes that a policy shares, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KycAttributes(BTreeSet<String>);

impl KycAttributes {
    /// Those of `allowedKycAttributes`.
    ///
    /// # Errors
    /// When the policy has no such list.
    pub fn of(policy: &Map<String, Value>) -> Result<Self, NoSuchList> {
        let listed = list(policy, "allowedKycAttributes")?;
        let names = listed.iter().filter_map(|item| name(item, "attributeName"));
        Ok(Self(names.collect()))
    }

    /// Whether the attribute is among them, ignoring case.
    pub fn has(&self, attribute: &str) -> bool {
        self.0.contains(&attribute.to_lowercase())
    }
}

/// The types of authentication that a policy allows, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthTypes {
    names: BTreeSet<String>,
    mandatory: bool,
}

impl AuthTypes {
    /// Those of `allowedAuthTypes`.
    ///
    /// # Errors
    /// When the policy has no such list.
    pub fn of(policy: &Map<String, Value>) -> Result<Self, NoSuchList> {
        let listed = list(policy, "allowedAuthTypes")?;
        let names = listed.iter().filter_map(|item| name(item, "authType"));
        let mandatory = |item: &Value| item.get("mandatory") == Some(&Value::Bool(true));
        Ok(Self {
            names: names.collect(),
            mandatory: listed.iter().any(mandatory),
        })
    }

    /// Refuses a policy that makes a type of authentication mandatory.
    ///
    /// # Errors
    /// `PMS_ESI_003`.
    pub const fn all_optional(&self) -> Result<(), ErrorDef> {
        if self.mandatory {
            Err(MANDATORY_AUTH)
        } else {
            Ok(())
        }
    }

    /// Whether the type is among them, ignoring case.
    pub fn has(&self, auth_type: &str) -> bool {
        self.names.contains(&auth_type.to_lowercase())
    }
}

fn list<'a>(
    policy: &'a Map<String, Value>,
    name: &'static str,
) -> Result<&'a Vec<Value>, NoSuchList> {
    let list = policy.get(name).and_then(Value::as_array);
    list.ok_or(NoSuchList(name))
}

fn name(item: &Value, member: &str) -> Option<String> {
    item.get(member)?.as_str().map(str::to_lowercase)
}
