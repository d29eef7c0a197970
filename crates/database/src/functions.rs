//! SQL functions that diesel doesn't know.

use diesel::data_types::PgInterval;
use diesel::define_sql_function;
use diesel::sql_types::{Bool, Bytea, Interval, Nullable, SingleValue, Text, Timestamp};

define_sql_function! {
    /// `lower(text)`, NULL for NULL.
    fn lower<T: TextOrNull + SingleValue>(text: T) -> T;
}

define_sql_function! {
    /// Bytes as text, in a format such as `base64`.
    fn encode(bytes: Bytea, format: Text) -> Text;
}

/// What a history row begins after the latest one that would clash with it: the
/// least that the database tells apart.
pub(crate) const INSTANT: PgInterval = PgInterval {
    microseconds: 1,
    days: 0,
    months: 0,
};

/// SQL text, with or without NULL.
pub trait TextOrNull {}
impl TextOrNull for Text {}
impl TextOrNull for Nullable<Text> {}

define_sql_function! {
    /// Where a text begins in another, counted from 1; 0 when it does not.
    fn strpos(text: Text, part: Text) -> Integer;
}

define_sql_function! {
    /// The text, or the other one for NULL.
    #[sql_name = "coalesce"]
    fn text_or(text: Nullable<Text>, other: Text) -> Text;
}

define_sql_function! {
    /// The truth value, or the other one for NULL.
    #[sql_name = "coalesce"]
    fn bool_or(value: Nullable<Bool>, other: Bool) -> Bool;
}

define_sql_function! {
    /// The later of two times; NULL counts as none.
    #[sql_name = "greatest"]
    fn later(one: Timestamp, other: Nullable<Timestamp>) -> Timestamp;
}

define_sql_function! {
    /// A time and what is added to it.
    #[sql_name = "timestamp_pl_interval"]
    fn plus(time: Nullable<Timestamp>, interval: Interval) -> Nullable<Timestamp>;
}
