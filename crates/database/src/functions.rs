//! SQL functions that diesel doesn't know.

use diesel::define_sql_function;
use diesel::sql_types::{Bytea, Nullable, SingleValue, Text, Timestamp};

define_sql_function! {
    /// `lower(text)`, NULL for NULL.
    fn lower<T: TextOrNull + SingleValue>(text: T) -> T;
}

define_sql_function! {
    /// Whose a partner is: [`pms_domain::user::owner::key`] of the owner's name, or of the
    /// partner's id where there is no owner.
    #[sql_name = "pms.owner_key"]
    fn owner_key(owner: Text, partner: Text) -> Text;
}

define_sql_function! {
    /// Bytes of a text.
    fn octet_length(text: Nullable<Text>) -> Nullable<Integer>;
}

define_sql_function! {
    /// Bytes as text, in a format such as `base64`.
    fn encode(bytes: Bytea, format: Text) -> Text;
}

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
    /// A time without what is smaller than the named part, such as `milliseconds`.
    fn date_trunc(part: Text, time: Nullable<Timestamp>) -> Nullable<Timestamp>;
}
