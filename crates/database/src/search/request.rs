//! What the wire asks (contract envelope-and-search.md §8.2 and §9.2).
//!
//! Everything may be missing: the checks say what must be there, in their order.
#![expect(missing_docs, reason = "fields are the wire's members")]

use serde::{Deserialize, Deserializer};

/// One filter of a legacy search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Filter {
    pub column_name: Option<String>,
    /// `contains`, `equals`, `startsWith`, `in` or `between`, in any case.
    pub r#type: Option<String>,
    pub value: Option<String>,
    /// A null is equal to nothing.
    pub values: Option<Vec<Option<String>>>,
    pub from_value: Option<String>,
    pub to_value: Option<String>,
}

impl Filter {
    /// A filter that the service adds: the column is the value, ignoring case.
    pub fn equals(column: &str, value: &str) -> Self {
        Self {
            column_name: Some(column.to_owned()),
            r#type: Some("equals".to_owned()),
            value: Some(value.to_owned()),
            ..Self::default()
        }
    }

    /// Whether columns could hold everything that the filter compares with.
    pub(super) fn is_of_text(&self) -> bool {
        let single = [&self.value, &self.from_value, &self.to_value];
        let single = single.into_iter().flatten();
        let listed = self.values.iter().flatten().flatten();
        single.chain(listed).all(|text| is_text(text))
    }

    /// Whether the filter is about this column, ignoring case.
    pub(super) fn is_about(&self, column: &str) -> bool {
        self.column_name
            .as_deref()
            .is_some_and(|name| same(name, column))
    }
}

/// Whether a column could hold the text: it can't when it holds NUL, and the
/// database takes the question for a fault.
pub(super) fn is_text(text: &str) -> bool {
    !text.contains('\0')
}

/// One sort entry of a legacy search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Sort {
    pub sort_field: Option<String>,
    /// `asc` or `desc`, in any case.
    pub sort_type: Option<String>,
}

/// The page of a legacy search: index from 0, and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Pagination {
    #[serde(deserialize_with = "integer")]
    pub page_start: i64,
    #[serde(deserialize_with = "integer")]
    pub page_fetch: i64,
}

/// A number of the wire has 32 bits: a larger one can't be read.
fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    i32::deserialize(deserializer).map(i64::from)
}

impl Default for Pagination {
    fn default() -> Self {
        Self {
            page_start: 0,
            page_fetch: 10,
        }
    }
}

/// `request` of a legacy search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SearchRequest {
    pub filters: Option<Vec<Filter>>,
    pub sort: Option<Vec<Sort>>,
    pub pagination: Option<Pagination>,
}

/// One column whose values are requested.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ValueFilter {
    pub column_name: Option<String>,
    /// `unique` (the default) or `all`.
    pub r#type: Option<String>,
    /// Values must contain it; empty for all values.
    pub text: Option<String>,
}

impl Default for ValueFilter {
    fn default() -> Self {
        Self {
            column_name: None,
            r#type: Some("unique".to_owned()),
            text: None,
        }
    }
}

/// `request` of a legacy filter-values call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ValuesRequest {
    pub filters: Option<Vec<ValueFilter>>,
    pub optional_filters: Option<Vec<Filter>>,
}

/// Whether two names are one, ignoring case.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
