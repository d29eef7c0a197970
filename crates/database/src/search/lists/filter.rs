//! How the columns of a list filter its rows.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use super::{List, ListColumn};
use crate::search::{Condition, ConditionFn};

/// A word of the wire and what rows must fulfil for it.
pub type Label<S> = (&'static str, fn() -> Condition<S>);

/// How a column filters.
pub enum ListFilter<S: 'static> {
    /// By a part of the text, ignoring case.
    Contains,
    /// By the whole text.
    Exact,
    /// By a truth value.
    Flag,
    /// By the displayed status.
    Status,
    /// By `expired` and `valid`.
    Expiry,
    /// By words that each have a condition.
    Labels(&'static [Label<S>]),
}

/// What a client asks of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterValue {
    /// For every filter but flags.
    Text(String),
    /// For [`ListFilter::Flag`].
    Flag(bool),
}

impl<S: 'static> ListFilter<S> {
    /// Whether its values are truth values.
    pub const fn is_flag(&self) -> bool {
        matches!(self, Self::Flag)
    }

    /// What the API document says of its values.
    pub fn description(&self) -> Cow<'static, str> {
        let words = |words: &mut dyn Iterator<Item = &'static str>| {
            let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
            Cow::Owned(format!("Exactly one of {}.", words.join(", ")))
        };
        match self {
            Self::Contains => Cow::Borrowed("A part of it, in any case."),
            Self::Exact => Cow::Borrowed("The whole text."),
            Self::Flag => Cow::Borrowed("Whether it is so."),
            Self::Status => words(&mut super::approval::DISPLAYED.into_iter()),
            Self::Expiry => words(&mut ["expired", "valid"].into_iter()),
            Self::Labels(labels) => words(&mut labels.iter().map(|(word, _)| *word)),
        }
    }
}

/// What a client asks of the rows of a list.
pub struct ListFilters<S: 'static>(Vec<(&'static ListColumn<S>, FilterValue)>);

impl<S: 'static> ListFilters<S> {
    /// The filters of `L` that `value_of` has a value for, by their names.
    ///
    /// # Errors
    /// What `value_of` can't read.
    pub fn read<L: List<Source = S>, E>(
        mut value_of: impl FnMut(&'static str, &ListFilter<S>) -> Result<Option<FilterValue>, E>,
    ) -> Result<Self, E> {
        let mut requested = Vec::new();
        for column in L::columns() {
            let Some(filter) = column.filter() else {
                continue;
            };
            if let Some(value) = value_of(column.name(), filter)? {
                requested.push((column, value));
            }
        }
        Ok(Self(requested))
    }

    /// Whether there is no filter.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The conditions for [`super::list`]; `today` is the beginning of the
    /// present day.
    pub fn conditions(self, today: NaiveDateTime) -> Vec<ConditionFn<S>> {
        let conditions = self.0.into_iter();
        let conditions = conditions.map(|(column, value)| -> ConditionFn<S> {
            Box::new(move || column.condition(&value, today))
        });
        conditions.collect()
    }
}

/// What no row fulfils.
pub(super) fn nothing<S: 'static>() -> Condition<S> {
    Box::new(false.into_sql::<Nullable<Bool>>())
}
