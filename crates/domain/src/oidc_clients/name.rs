//! The names of a client (contract clients-users-notifications.md §1.6).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Characters of the column that holds them all.
pub const LONGEST: usize = 256;

/// The member of the stored object that holds the name without a language.
const PLAIN: &str = "@none";

/// A client's name, and its names in other languages if it came with some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientName {
    /// The name without a language.
    pub plain: String,
    /// Names by language code, without the plain one; `None` for a client of the
    /// older form, which has none.
    pub by_language: Option<BTreeMap<String, String>>,
}

impl ClientName {
    /// The names as the column holds them: the plain name alone, or a JSON object
    /// of all of them, with the plain one under `@none`.
    pub fn stored(&self) -> String {
        let Some(names) = &self.by_language else {
            return self.plain.clone();
        };
        let all = names
            .iter()
            .map(|(language, name)| (language.as_str(), name));
        let all = all.chain([(PLAIN, &self.plain)]);
        let members = all.map(|(language, name)| {
            format!("{}:{}", Value::from(language), Value::from(name.as_str()))
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    /// Reads the column. An object of texts is names by language, whichever program wrote
    /// it; anything else is a plain name.
    pub fn read(stored: &str) -> Self {
        let names = serde_json::from_str::<BTreeMap<String, String>>(stored);
        let Ok(mut names) = names else {
            return Self {
                plain: stored.to_owned(),
                by_language: None,
            };
        };
        let plain = names.remove(PLAIN);
        let plain = plain
            .or_else(|| names.get("eng").cloned())
            .or_else(|| names.values().next().cloned());
        Self {
            plain: plain.unwrap_or_else(|| stored.to_owned()),
            by_language: (!names.is_empty()).then_some(names),
        }
    }

    /// Whether the column can hold them.
    pub fn fits(&self) -> bool {
        self.stored().chars().count() <= LONGEST
    }
}

/// The names as a JSON object, for those who show them.
impl From<&ClientName> for Value {
    fn from(name: &ClientName) -> Self {
        let mut all = Map::new();
        for (language, text) in name.by_language.iter().flatten() {
            all.insert(language.clone(), Self::from(text.as_str()));
        }
        all.insert(PLAIN.to_owned(), Self::from(name.plain.as_str()));
        Self::Object(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(plain: &str, by_language: &[(&str, &str)]) -> ClientName {
        let names = by_language
            .iter()
            .map(|(language, name)| ((*language).to_owned(), (*name).to_owned()));
        ClientName {
            plain: plain.to_owned(),
            by_language: (!by_language.is_empty()).then(|| names.collect()),
        }
    }

    #[test]
    fn names_are_read_as_they_were_stored() {
        let both = name("Bank", &[("eng", "Bank \"A\""), ("fra", "Banque/é")]);

        let stored = both.stored();

        assert_eq!(
            stored,
            r#"{"eng":"Bank \"A\"","fra":"Banque/é","@none":"Bank"}"#
        );
        assert_eq!(ClientName::read(&stored), both);
        // As the reference writes it.
        let escaped = r#"{"@none":"Bank","fra":"Banque\/é","eng":"Bank \"A\""}"#;
        assert_eq!(ClientName::read(escaped), both);
    }

    #[test]
    fn what_is_no_object_of_texts_is_a_plain_name() {
        for plain in ["Bank", "", "{", "[1]", r#"{"eng":1}"#, "null"] {
            assert_eq!(ClientName::read(plain), name(plain, &[]), "{plain}");
            assert_eq!(name(plain, &[]).stored(), plain);
        }
    }

    #[test]
    fn without_a_plain_name_one_of_the_languages_is_it() {
        let english = ClientName::read(r#"{"ara":"a","eng":"Bank"}"#);
        assert_eq!(english.plain, "Bank");
        assert_eq!(ClientName::read(r#"{"fra":"Banque"}"#).plain, "Banque");
        assert_eq!(ClientName::read(r#"{"@none":"B"}"#), name("B", &[]));
        assert_eq!(ClientName::read("{}").plain, "{}");
    }

    #[test]
    fn all_names_together_must_fit_the_column() {
        let frame = r#"{"eng":"","@none":""}"#.len();
        let fitting = "x".repeat(LONGEST - frame);

        assert!(name("", &[("eng", &fitting)]).fits());
        assert!(!name("x", &[("eng", &fitting)]).fits());
        assert!(name(&"é".repeat(LONGEST), &[]).fits());
        assert!(!name(&"é".repeat(LONGEST + 1), &[]).fits());
    }
}
