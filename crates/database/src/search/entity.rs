//! What an entity says about itself, and what a service says about its dialect.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamp};
use pms_domain::{BusinessError, ErrorDef};

use super::by_key::KeyLookup;
use super::column::{Column, Condition, Expr, Order};
use super::query_spec::QuerySpec;
use super::request::{Filter, SearchRequest};
use super::values::CodeAndValue;
use crate::flags::Flag as _;

/// Makes a condition; a list or a search needs it twice, for the page and for
/// the total.
pub type ConditionFn<S> = Box<dyn Fn() -> Condition<S> + Send>;

/// What an entity makes of the filters that it takes out of a request.
pub struct TakenOut<S: 'static> {
    pub(super) conditions: Vec<ConditionFn<S>>,
    /// The reference looks at some of them once it has the rows: what is wrong with
    /// one counts after all other checks.
    pub(super) late_refusal: Option<ErrorDef>,
}

impl<S: 'static> TakenOut<S> {
    pub(super) const fn new(conditions: Vec<ConditionFn<S>>) -> Self {
        Self {
            conditions,
            late_refusal: None,
        }
    }

    /// Rows must fulfil this as well.
    pub fn push(&mut self, condition: ConditionFn<S>) {
        self.conditions.push(condition);
    }
}

/// Entities whose rows belong to partners.
pub trait OfPartners: Entity {
    /// The rows of these partners alone.
    fn of_partners(ids: Vec<String>) -> ConditionFn<Self::Source>;
}

/// How a service answers.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The answer where the reference fails unexpectedly.
    pub neutral: ErrorDef,
    /// Most rows of one page; larger wishes get this many.
    pub largest_page: i64,
    /// Most filter values of one column.
    pub most_values: i64,
    /// Whether faults of a filter-values call are reported one by one or, as the
    /// policy service does, by the neutral answer alone.
    pub reports_value_faults: bool,
}

/// Rows that can be searched. One file per entity: its column table, its key
/// and dates, and the statements from `search::statements`.
pub trait Entity: 'static {
    /// The table or join: diesel's query source.
    type Source: 'static;
    /// What a search answers for each row.
    type Row;
    /// Whether no two rows share a code (filter values are pairs of code and value).
    const CODE_IS_UNIQUE: bool;
    /// Whether a search answers in pages. Where it does not, it checks the page that
    /// is asked for, and then answers all rows (contract envelope-and-search.md §8.8, search 7).
    const IN_PAGES: bool = true;

    /// Every column that clients can name.
    fn columns() -> &'static [Column<Self::Source>];

    /// The primary key.
    fn key() -> Expr<Self::Source, Nullable<Text>>;

    /// When rows were made.
    fn created() -> Expr<Self::Source, Nullable<Timestamp>>;

    /// Whether rows are deleted.
    fn deleted() -> Expr<Self::Source, Nullable<Bool>>;

    /// Rows that are not deleted; a search with filters finds no others.
    fn alive() -> Condition<Self::Source> {
        Box::new(Self::deleted().is_not_true())
    }

    /// Makes every order total: the primary key.
    fn tie_breaker() -> Vec<Order<Self::Source>> {
        vec![Box::new(Self::key().asc())]
    }

    /// Rows in the order of their making.
    fn age() -> Vec<Order<Self::Source>> {
        let mut order: Vec<Order<Self::Source>> = vec![Box::new(Self::created().asc())];
        order.extend(Self::tie_breaker());
        order
    }

    /// The code column of filter values: the key, unless it says otherwise.
    fn code() -> Expr<Self::Source, Nullable<Text>> {
        Self::key()
    }

    /// How rows are found by their key, for entities with many rows.
    fn key_lookup() -> Option<KeyLookup<Self::Source>> {
        None
    }

    /// Whether the filters can't find anything, whatever else the request says.
    ///
    /// # Errors
    /// When the statement fails.
    fn finds_nothing(_conn: &mut PgConnection, _filters: &[Filter]) -> QueryResult<bool> {
        Ok(false)
    }

    /// Takes out what isn't a plain column filter, before all checks. What it
    /// means instead goes to `taken`.
    ///
    /// # Errors
    /// What the entity refuses by itself.
    fn prepare(
        _request: &mut SearchRequest,
        _taken: &mut TakenOut<Self::Source>,
        _rules: &Rules,
    ) -> Result<(), BusinessError> {
        Ok(())
    }

    /// Rows of a page.
    ///
    /// # Errors
    /// When the statement fails.
    fn load(conn: &mut PgConnection, spec: QuerySpec<Self::Source>) -> QueryResult<Vec<Self::Row>>;

    /// Rows of all pages.
    ///
    /// # Errors
    /// When the statement fails.
    fn count(conn: &mut PgConnection, spec: QuerySpec<Self::Source>) -> QueryResult<i64>;

    /// Code and value of the rows, in order.
    ///
    /// # Errors
    /// When the statement fails.
    fn values(
        conn: &mut PgConnection,
        value: Expr<Self::Source, Nullable<Text>>,
        distinct: bool,
        spec: QuerySpec<Self::Source>,
    ) -> QueryResult<Vec<CodeAndValue>>;
}
