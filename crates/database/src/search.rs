//! Searches, filter values and lists (contract envelope-and-search.md §8–§10), in SQL.
//!
//! An [`Entity`] says which columns of which rows can be searched, by a static
//! table of [`Column`]s: wire name, kind and expression. Everything else is
//! shared: the checks in the contract's order with its codes, the filter kinds,
//! the order, and the page with its total, counted by the same conditions.
//!
//! Names from a request only select a column of the table; values are always
//! bound, and `%`, `_` and `\` in them mean themselves.
//!
//! Totals of large tables are up to two seconds old when nothing narrows them.
//!
//! [`search`] serves the legacy `POST …/search`, [`filter_values`] the legacy
//! `POST …/filtervalues`, [`list`] the newer GET lists. All take a connection
//! and run in one closure of [`crate::Db::read`].

mod by_key;
mod column;
mod condition;
mod entity;
pub mod errors;
pub mod lists;
mod order;
mod pattern;
mod query_spec;
mod request;
mod run;
pub mod searches;
mod statements;
mod time;
pub(crate) mod totals;
mod validate;
mod values;

pub use by_key::{KeyLookup, RowKey};
pub use column::{Column, Condition, Expr, Kind, Order};
pub use condition::{contains, contains_exactly, equals_text, one_of, starts_with};
pub use entity::{ConditionFn, Entity, OfPartners, Rules, TakenOut};
pub use lists::{
    List, ListColumn, ListFilters, ListPage, ListQuery, ListRules, check as check_list, list,
    prepare_list,
};
pub use query_spec::QuerySpec;
pub use request::{Filter, Pagination, SearchRequest, Sort, ValueFilter, ValuesRequest};
pub use run::{Found, SearchPage, prepare_search, search};
pub use values::{CodeAndValue, FilterValue, filter_values};
