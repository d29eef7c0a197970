//! What an entity says about itself, and what a service says about its dialect.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use pms_domain::{BusinessError, ErrorDef};

use super::by_key::Keyed;
use super::column::{Column, Condition, Expr, Order};
use super::narrow::Narrow;
use super::request::SearchRequest;

/// Makes a condition; a search needs it twice, for the page and for the total.
pub type Maker<S> = Box<dyn Fn() -> Condition<S>>;

/// How a service answers.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The answer where the reference fails unexpectedly.
    pub neutral: ErrorDef,
    /// Most rows of one page; larger wishes get this many.
    pub largest_page: i64,
    /// Most filter values of one column.
    pub most_values: i64,
    /// Whether faults of a filter-values call are told one by one or, as the
    /// policy service does, by the neutral answer alone.
    pub tells_value_faults: bool,
}

/// Rows that can be searched. One file per entity, mostly its column table.
pub trait Entity: 'static {
    /// The table or join: diesel's query source.
    type Source: 'static;
    /// What a search answers for each row.
    type Row;
    /// Whether no two rows share a code (filter values are pairs of code and value).
    const CODE_IS_UNIQUE: bool;

    /// Every column that clients can name.
    fn columns() -> &'static [Column<Self::Source>];

    /// Rows that are not deleted; a search with filters finds no others.
    fn alive() -> Condition<Self::Source>;

    /// Rows in the order of their making; the last entries make it total, and
    /// every other order ends with them.
    fn age() -> Vec<Order<Self::Source>>;

    /// Makes every order total: the primary key.
    fn tie_breaker() -> Vec<Order<Self::Source>>;

    /// The code column of filter values.
    fn code() -> Expr<Self::Source, Nullable<Text>>;

    /// Its primary key, for entities with many rows.
    fn keyed() -> Option<Keyed<Self::Source>> {
        None
    }

    /// Takes out what isn't a plain column filter, before all checks. What it
    /// means instead goes to `extra`.
    ///
    /// # Errors
    /// What the entity refuses by itself.
    fn prepare(
        _request: &mut SearchRequest,
        _extra: &mut Vec<Maker<Self::Source>>,
        _rules: &Rules,
    ) -> Result<(), BusinessError> {
        Ok(())
    }

    /// Rows of a page.
    ///
    /// # Errors
    /// When the statement fails.
    fn load(conn: &mut PgConnection, narrow: Narrow<Self::Source>) -> QueryResult<Vec<Self::Row>>;

    /// Rows of all pages.
    ///
    /// # Errors
    /// When the statement fails.
    fn count(conn: &mut PgConnection, narrow: Narrow<Self::Source>) -> QueryResult<i64>;

    /// Code and value of the rows, in order.
    ///
    /// # Errors
    /// When the statement fails.
    fn values(
        conn: &mut PgConnection,
        value: Expr<Self::Source, Nullable<Text>>,
        distinct: bool,
        narrow: Narrow<Self::Source>,
    ) -> QueryResult<Vec<(Option<String>, Option<String>)>>;
}
