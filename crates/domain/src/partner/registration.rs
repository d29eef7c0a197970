//! Rules about what a partner may be registered with (contract partner.md §4.1).

use super::errors;
use crate::user::owner;
use crate::{BusinessError, ErrorDef};

/// Segments that follow `/partners/` in other paths: a partner with such an id
/// could not be reached.
pub const RESERVED_IDS: [&str; 10] = [
    "apikey",
    "certificate",
    "email",
    "filtervalues",
    "partner-certificates-details",
    "partnertype",
    "policy",
    "search",
    "v2",
    "v3",
];

/// Limits that an operator sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest partner id, in characters.
    pub id_length: usize,
    /// Longest telephone number, in characters.
    pub phone_length: usize,
    /// Accepted languages; the first one is the default.
    pub languages: Vec<String>,
}

impl Limits {
    /// Whether a telephone number is short enough.
    ///
    /// # Errors
    /// When it is longer.
    pub fn check_phone(&self, number: &str) -> Result<(), BusinessError> {
        if number.chars().count() > self.phone_length {
            return Err(errors::PHONE_TOO_LONG.with(&[&self.phone_length.to_string()]));
        }
        Ok(())
    }

    /// Whether a partner id has the right form.
    ///
    /// # Errors
    /// White space, then length.
    pub fn check_id(&self, id: &str) -> Result<(), BusinessError> {
        let limit = self.id_length.to_string();
        if id.chars().any(char::is_whitespace) {
            return Err(errors::ID_WITH_SPACES.with(&[&limit]));
        }
        if id.chars().count() > self.id_length {
            return Err(errors::ID_TOO_LONG.with(&[&limit]));
        }
        Ok(())
    }

    /// The language to use for a partner: the wanted one, or the default.
    ///
    /// # Errors
    /// When the wanted one is not accepted, an empty one included.
    pub fn language(&self, wanted: Option<&str>) -> Result<Option<String>, ErrorDef> {
        match wanted {
            None => Ok(self.languages.first().cloned()),
            Some(code) if self.languages.iter().any(|known| known == code) => {
                Ok(Some(code.to_owned()))
            }
            Some(_) => Err(errors::LANGUAGE_UNKNOWN),
        }
    }
}

/// Whose a new partner is, and whether its id may be another user's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    partner_id: String,
    owner: String,
    checked: bool,
}

impl Claim {
    /// Of a caller who registers `partner_id`. An administrator registers partners
    /// for the users that are named like them; all others for themselves.
    pub fn of(caller: &str, is_admin: bool, partner_id: &str) -> Self {
        let own_name = owner::same(caller, partner_id);
        Self {
            partner_id: partner_id.to_owned(),
            owner: if is_admin { partner_id } else { caller }.to_owned(),
            checked: !is_admin && !own_name,
        }
    }

    /// Id of the partner.
    pub fn partner_id(&self) -> &str {
        &self.partner_id
    }

    /// `user_id` of the partner.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Whether the id must not be the name of another user: who has a partner
    /// with it would block that user's own registration.
    pub const fn is_to_be_checked(&self) -> bool {
        self.checked
    }

    /// The names that the registration is about, in lower case, each once and in
    /// order: to be locked, so that of two claims to one name one waits.
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![owner::key(&self.partner_id), owner::key(&self.owner)];
        names.sort();
        names.dedup();
        names
    }
}

/// Whether no partner may have this id, because a path has it as a literal.
pub fn is_reserved(id: &str) -> bool {
    RESERVED_IDS.contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            id_length: 36,
            phone_length: 16,
            languages: vec!["eng".to_owned(), "ara".to_owned()],
        }
    }

    fn message(rejection: &BusinessError) -> &str {
        rejection.errors()[0].message.as_deref().unwrap()
    }

    #[test]
    fn refusals_carry_the_limit_as_the_wire_does() {
        let spaces = limits().check_id("a b").unwrap_err();
        assert_eq!(message(&spaces), "PartnerId should not have any spaces36");
        let long = limits().check_id(&"x".repeat(37)).unwrap_err();
        assert_eq!(message(&long), "PartnerId max length should be 36");
        let phone = limits().check_phone("12345678901234567").unwrap_err();
        assert_eq!(
            message(&phone),
            "Invalid mobile number.Length should be less than .16"
        );
    }

    #[test]
    fn only_administrators_register_for_others() {
        let by_admin = Claim::of("admin", true, "acme");
        assert_eq!(
            (by_admin.owner(), by_admin.is_to_be_checked()),
            ("acme", false)
        );
        let own = Claim::of("Acme", false, "acme");
        assert_eq!((own.owner(), own.is_to_be_checked()), ("Acme", false));
        assert_eq!(own.names(), ["acme"]);
        let other = Claim::of("zoe", false, "acme");
        assert_eq!((other.owner(), other.is_to_be_checked()), ("zoe", true));
        assert_eq!(other.names(), ["acme", "zoe"]);
    }

    #[test]
    fn the_first_language_is_the_default_and_an_empty_one_is_unknown() {
        assert_eq!(limits().language(None), Ok(Some("eng".to_owned())));
        assert_eq!(limits().language(Some("ara")), Ok(Some("ara".to_owned())));
        assert_eq!(limits().language(Some("")), Err(errors::LANGUAGE_UNKNOWN));
    }
}
