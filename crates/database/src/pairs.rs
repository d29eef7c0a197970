//! Statements over pairs of texts that the program brings along.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Text};

use crate::pool::padded;
use crate::schema::{auth_policy, partner_policy, policy_group};

diesel::table! {
    /// The pairs of a statement, see [`among`].
    pair (first, second) {
        /// The first of each.
        first -> Text,
        /// The second of each.
        second -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(pair, auth_policy);
diesel::allow_tables_to_appear_in_same_query!(pair, partner_policy);
diesel::allow_tables_to_appear_in_same_query!(pair, policy_group);

/// `query`, in whose statement the table [`pair`] has these pairs.
pub(crate) fn among<'a, Q>(pairs: &'a [(String, String)], query: Q) -> Among<'a, Q> {
    let (first, second) = pairs
        .iter()
        .map(|(first, second)| (first.as_str(), second.as_str()))
        .unzip();
    Among {
        first: padded(first),
        second: padded(second),
        query,
    }
}

/// A query over pairs.
pub(crate) struct Among<'a, Q> {
    first: Vec<&'a str>,
    second: Vec<&'a str>,
    query: Q,
}

impl<Q: QueryId> QueryId for Among<'_, Q> {
    type QueryId = Among<'static, Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Among<'_, Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("WITH ");
        pass.push_identifier("pair")?;
        pass.push_sql("(first, second) AS (SELECT DISTINCT * FROM unnest(");
        pass.push_bind_param::<Array<Text>, _>(&self.first)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.second)?;
        pass.push_sql(")) ");
        self.query.walk_ast(pass.reborrow())
    }
}

impl<Q: Query> Query for Among<'_, Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<PgConnection> for Among<'_, Q> {}
