//! Field rules of request bodies (contract envelope-and-search.md §6.3).

use std::borrow::Cow;

use pms_domain::text::broken_rule;

use crate::http_error::HttpError;

/// A request body that can say which of its fields break a rule.
pub trait Request: Send {
    /// Reports broken rules in declaration order. Of a field only the first one counts,
    /// and only the key manager's answers tell more than the first field.
    fn check(&self, fields: &mut Checks);

    /// Whether the envelope may lack its `request` member.
    const OPTIONAL: bool = false;
}

/// Most fields of a body that are told to be broken.
const MOST: usize = 32;

/// Collects the fields that break a rule, each with the first one.
#[derive(Debug)]
pub struct Checks {
    prefix: String,
    broken: Vec<(String, Cow<'static, str>)>,
}

impl Default for Checks {
    fn default() -> Self {
        Self::new("request")
    }
}

impl Checks {
    /// Field paths start with `prefix`, usually `request`.
    pub fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            broken: Vec::new(),
        }
    }

    /// Reports `rule` as broken by `field` unless `kept`.
    pub fn require(
        &mut self,
        kept: bool,
        field: &str,
        rule: impl Into<Cow<'static, str>>,
    ) -> &mut Self {
        if !kept && self.broken.len() < MOST {
            let path = format!("{}.{field}", self.prefix);
            if self.broken.iter().all(|(known, _)| *known != path) {
                self.broken.push((path, rule.into()));
            }
        }
        self
    }

    /// The field must be there.
    pub fn not_null<T>(&mut self, field: &str, value: Option<&T>) -> &mut Self {
        self.require(value.is_some(), field, "must not be null")
    }

    /// The field must hold something else than white space.
    pub fn not_blank(&mut self, field: &str, value: Option<&str>) -> &mut Self {
        self.not_blank_or(field, value, "must not be blank")
    }

    /// [`Checks::not_blank`] with the endpoint's own text.
    pub fn not_blank_or(
        &mut self,
        field: &str,
        value: Option<&str>,
        rule: &'static str,
    ) -> &mut Self {
        self.require(
            value.is_some_and(|value| !value.trim().is_empty()),
            field,
            rule,
        )
    }

    /// An absent field passes; a present one must have `least..=most` characters.
    pub fn length(
        &mut self,
        field: &str,
        value: Option<&str>,
        (least, most): (usize, usize),
    ) -> &mut Self {
        let rule = format!("size must be between {least} and {most}");
        self.length_or(field, value, (least, most), rule)
    }

    /// [`Checks::length`] with the endpoint's own text.
    pub fn length_or(
        &mut self,
        field: &str,
        value: Option<&str>,
        (least, most): (usize, usize),
        rule: impl Into<Cow<'static, str>>,
    ) -> &mut Self {
        // PostgreSQL counts characters, and can't hold NUL at all.
        let fits = value.is_none_or(|value| {
            let count = value.chars().count();
            count >= least && count <= most && !value.contains('\0')
        });
        self.require(fits, field, rule)
    }

    /// A new id or name must keep the [rules of names](broken_rule); an absent one
    /// passes.
    pub fn plain(&mut self, field: &str, value: Option<&str>) -> &mut Self {
        let broken = value.and_then(broken_rule);
        self.require(broken.is_none(), field, broken.unwrap_or_default())
    }

    /// Checks the elements of an array: `each` sees them with their own prefix.
    pub fn each<T>(
        &mut self,
        field: &str,
        items: &[T],
        mut each: impl FnMut(&T, &mut Self),
    ) -> &mut Self {
        for (index, item) in items.iter().enumerate() {
            if !self.broken.is_empty() {
                break;
            }
            let mut inner = Self::new(&format!("{}.{field}[{index}]", self.prefix));
            each(item, &mut inner);
            self.broken = inner.broken;
        }
        self
    }

    /// What is broken, if anything is.
    ///
    /// # Errors
    /// The first field with its rule, and the others.
    pub fn finish(self) -> Result<(), HttpError> {
        let mut broken = self.broken.into_iter();
        let Some((path, rule)) = broken.next() else {
            return Ok(());
        };
        Err(HttpError::Field {
            path,
            rule,
            others: broken.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_broken_rule_is_the_message_and_other_fields_stand_beside_it() {
        let mut fields = Checks::default();

        fields
            .not_blank("name", Some(" "))
            .length("name", Some(" "), (2, 3))
            .not_null::<i32>("size", None);

        let refusal = fields.finish().unwrap_err();
        assert_eq!(
            refusal.message(),
            "Invalid request parameter - must not be blank :request.name"
        );
        let HttpError::Field { others, .. } = refusal else {
            panic!("{refusal}");
        };
        assert_eq!(
            others,
            [("request.size".to_owned(), "must not be null".into())]
        );
    }

    #[test]
    fn a_body_of_broken_fields_makes_no_endless_answer() {
        let mut fields = Checks::default();

        for number in 0..1000 {
            fields.not_blank(&format!("field{number}"), None);
        }

        let refusal = fields.finish().unwrap_err();
        assert!(matches!(refusal, HttpError::Field { others, .. } if others.len() == MOST - 1));
    }

    #[test]
    fn elements_carry_their_index() {
        let mut fields = Checks::default();

        fields.each("filters", &["a", ""], |item, fields| {
            fields.not_blank("columnName", Some(item));
        });

        let refusal = fields.finish().unwrap_err();
        assert!(
            refusal
                .message()
                .ends_with(":request.filters[1].columnName")
        );
    }
}
