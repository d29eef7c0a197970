//! What a user who registers must enter, and what is made of it.

use serde::Deserialize;
use uuid::Uuid;

use super::partner_types;
use super::passwords::Credential;
use super::users::{Profile, User};

/// Longest user name: it becomes the partner id, a column of 36 characters.
pub(super) const MAX_USERNAME: usize = 36;
/// Longest value of any other field.
pub(super) const MAX_TEXT: usize = 128;
/// Shortest password.
pub(super) const MIN_PASSWORD: usize = 4;

/// A wish to be registered, from the page or from `POST …/dev/users`.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct NewUser {
    pub(super) username: String,
    pub(super) password: String,
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) phone_number: String,
    pub(super) organization_name: String,
    pub(super) address: String,
    pub(super) partner_type: String,
    pub(super) lang_code: String,
    /// Realm roles; empty means the role of the partner type.
    pub(super) roles: Vec<String>,
}

/// One thing that is wrong with a [`NewUser`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem {
    /// Name of the field, as in the JSON form.
    pub(super) field: &'static str,
    /// The message for its owner.
    pub(super) text: &'static str,
}

impl NewUser {
    /// Gives every field that is left out a value the portal can work with.
    pub(super) fn with_defaults(mut self) -> Self {
        let email = format!("{}@example.org", self.username.trim());
        let defaults = [
            (&mut self.email, email.as_str()),
            (&mut self.first_name, "Demo"),
            (&mut self.last_name, "User"),
            (&mut self.phone_number, "9876543210"),
            (&mut self.organization_name, "Demo organisation"),
            (&mut self.address, "1 Demo Street"),
        ];
        for (field, default) in defaults {
            if field.trim().is_empty() {
                default.clone_into(field);
            }
        }
        self
    }

    /// All that is wrong, in the order of the page.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let checks = [
            ("firstName", text(&self.first_name)),
            ("lastName", text(&self.last_name)),
            ("organizationName", text(&self.organization_name)),
            ("partnerType", partner_type(&self.partner_type)),
            ("address", text(&self.address)),
            ("email", email(&self.email)),
            ("phoneNumber", text(&self.phone_number)),
            ("langCode", language(&self.lang_code)),
            ("username", username(&self.username)),
            ("password", password(&self.password)),
            ("roles", roles(&self.roles)),
        ];
        checks
            .into_iter()
            .filter_map(|(field, check)| check.err().map(|text| Problem { field, text }))
            .collect()
    }

    /// The user, once [`NewUser::problems`] has found none. Hashes: not for the async threads.
    pub(super) fn into_user(self) -> Result<User, argon2::password_hash::Error> {
        let credential = Credential::hash(&self.password)?;
        let partner_type = match self.partner_type.trim() {
            "" => partner_types::DEFAULT,
            code => partner_types::find(code).map_or(partner_types::DEFAULT, |known| known.code),
        };
        let roles = if self.roles.is_empty() {
            vec![partner_type.to_owned()]
        } else {
            self.roles
        };
        let lang_code = if self.lang_code.is_empty() {
            "eng"
        } else {
            self.lang_code.as_str()
        };
        let profile = Profile {
            email: self.email.trim().to_owned(),
            first_name: self.first_name.trim().to_owned(),
            last_name: self.last_name.trim().to_owned(),
            phone_number: self.phone_number.trim().to_owned(),
            organization_name: self.organization_name.trim().to_owned(),
            address: self.address.trim().to_owned(),
            partner_type: partner_type.to_owned(),
            lang_code: lang_code.to_owned(),
        };
        let username = normal_username(&self.username);
        Ok(User {
            id: Uuid::new_v4(),
            username,
            profile,
            roles,
            credential,
        })
    }
}

/// A user name as it is kept and compared.
pub(super) fn normal_username(text: &str) -> String {
    text.trim().to_lowercase()
}

type Check = Result<(), &'static str>;

fn text(value: &str) -> Check {
    if value.trim().is_empty() {
        return Err("Please fill in this field.");
    }
    if value.chars().count() > MAX_TEXT {
        return Err("At most 128 characters, please.");
    }
    if value.chars().any(char::is_control) {
        return Err("Only printable characters, please.");
    }
    Ok(())
}

fn email(value: &str) -> Check {
    text(value)?;
    let address = value.trim();
    let well_formed = address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if !well_formed || address.contains(char::is_whitespace) {
        return Err("This is no e-mail address.");
    }
    Ok(())
}

fn username(value: &str) -> Check {
    text(value)?;
    let name = value.trim();
    if name.chars().count() > MAX_USERNAME {
        return Err("At most 36 characters, please: the user name becomes the partner id.");
    }
    if !name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@'))
    {
        return Err("Only letters, digits, '-', '_', '.' and '@', please.");
    }
    if name.to_lowercase().starts_with("service-account-") {
        return Err("Names of service accounts are reserved.");
    }
    Ok(())
}

fn password(value: &str) -> Check {
    match value.chars().count() {
        MIN_PASSWORD..=MAX_TEXT => Ok(()),
        _ => Err("Between 4 and 128 characters, please."),
    }
}

fn partner_type(value: &str) -> Check {
    match value.trim() {
        "" => Ok(()),
        code if partner_types::find(code).is_some() => Ok(()),
        _ => Err("There is no such partner type."),
    }
}

fn language(value: &str) -> Check {
    match value {
        "" => Ok(()),
        code if code.len() == 3 && code.chars().all(|c| c.is_ascii_lowercase()) => Ok(()),
        _ => Err("A language is three lower-case letters, such as eng."),
    }
}

fn roles(values: &[String]) -> Check {
    let named = |role: &String| {
        (1..=MAX_TEXT).contains(&role.len())
            && role
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    if values.len() > 50 || !values.iter().all(named) {
        return Err("At most 50 role names of letters, digits, '_' and '-', please.");
    }
    Ok(())
}
