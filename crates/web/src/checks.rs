//! Field rules of request bodies (contract envelope-and-search.md §6.3).

use std::borrow::Cow;

use pms_domain::text::broken_rule;

use crate::http_error::HttpError;

/// A request body that can say which of its fields break a rule.
pub trait Request {
    /// Reports broken rules in declaration order; only the first one counts.
    fn check(&self, fields: &mut Checks);

    /// Whether the envelope may lack its `request` member.
    const OPTIONAL: bool = false;
}

/// Collects the first broken rule.
#[derive(Debug)]
pub struct Checks {
    prefix: String,
    first: Option<HttpError>,
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
            first: None,
        }
    }

    /// Reports `rule` as broken by `field` unless `kept`.
    pub fn require(
        &mut self,
        kept: bool,
        field: &str,
        rule: impl Into<Cow<'static, str>>,
    ) -> &mut Self {
        if !kept && self.first.is_none() {
            self.first = Some(HttpError::field(format!("{}.{field}", self.prefix), rule));
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
            if self.first.is_some() {
                break;
            }
            let mut inner = Self::new(&format!("{}.{field}[{index}]", self.prefix));
            each(item, &mut inner);
            self.first = inner.first;
        }
        self
    }

    /// The first broken rule, if any.
    ///
    /// # Errors
    /// That rule.
    pub fn finish(self) -> Result<(), HttpError> {
        self.first.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_broken_rule_is_reported() {
        let mut fields = Checks::default();

        fields
            .not_blank("name", Some(" "))
            .not_null::<i32>("size", None);

        let refusal = fields.finish().unwrap_err();
        assert_eq!(
            refusal.message(),
            "Invalid request parameter - must not be blank :request.name"
        );
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
