//! Trust domains (contract keymanager.md §6.7).

use super::UploadRules;
use crate::{KeyManagerError, errors};

/// A trust domain that exists: upper case, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

impl Domain {
    /// The domain that `text` names, ignoring case but not white space.
    ///
    /// # Errors
    /// `KER-PCM-011` when it is not an allowed one.
    pub fn parse(text: &str, rules: &UploadRules) -> Result<Self, KeyManagerError> {
        let upper = text.to_uppercase();
        let known = rules
            .allowed_domains
            .iter()
            .any(|one| one.trim().to_uppercase() == upper);
        if known {
            Ok(Self(upper))
        } else {
            Err(errors::INVALID_DOMAIN)
        }
    }

    /// The name, in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Partners for authentication: their keys also encrypt.
    pub fn is_auth(&self) -> bool {
        self.0 == "AUTH"
    }

    /// Foundational trust modules: they keep their own chain (contract keymanager.md §9.2).
    pub fn is_ftm(&self) -> bool {
        self.0 == "FTM"
    }
}

impl std::fmt::Display for Domain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_but_white_space_does() {
        let rules = UploadRules::default();

        assert_eq!(Domain::parse("Auth", &rules).unwrap().as_str(), "AUTH");
        assert_eq!(Domain::parse(" AUTH", &rules), Err(errors::INVALID_DOMAIN));
        assert_eq!(Domain::parse("dht", &rules), Err(errors::INVALID_DOMAIN));
    }
}
