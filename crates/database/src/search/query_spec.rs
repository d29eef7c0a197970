//! Conditions, order and page, put on any boxed query over the same rows.

use diesel::BoolExpressionMethods as _;
use diesel::dsl::sql;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OffsetDsl, ThenOrderDsl};
use diesel::sql_types::{Bool, Nullable};

use super::column::{Condition, Order};

/// What to put on a boxed query.
pub struct QuerySpec<S: 'static> {
    pub(super) conditions: Vec<Condition<S>>,
    pub(super) order: Vec<Order<S>>,
    pub(super) limit: Option<i64>,
    pub(super) offset: i64,
    /// Whether the values of the conditions make no difference for the plan, so that
    /// the statement is kept prepared.
    pub(super) kept: bool,
}

impl<S: 'static> QuerySpec<S> {
    pub(super) fn by(conditions: Vec<Condition<S>>) -> Self {
        Self {
            conditions,
            order: Vec::new(),
            limit: None,
            offset: 0,
            kept: false,
        }
    }

    /// Puts the conditions alone on `query`, for a count.
    pub fn filter<Q>(self, query: Q) -> Q
    where
        Q: FilterDsl<Condition<S>, Output = Q>,
    {
        let mut conditions = self.conditions.into_iter();
        let Some(first) = conditions.next() else {
            return query;
        };
        let first = if self.kept {
            first
        } else {
            planned_anew(first)
        };
        conditions.fold(query.filter(first), FilterDsl::filter)
    }

    /// Puts everything on `query`.
    pub fn apply<Q>(mut self, query: Q) -> Q
    where
        Q: FilterDsl<Condition<S>, Output = Q>
            + ThenOrderDsl<Order<S>, Output = Q>
            + LimitDsl<Output = Q>
            + OffsetDsl<Output = Q>,
    {
        let order = std::mem::take(&mut self.order);
        let (limit, offset) = (self.limit, self.offset);
        let mut query = order
            .into_iter()
            .fold(self.filter(query), ThenOrderDsl::then_order_by);
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        if offset > 0 {
            query = query.offset(offset);
        }
        query
    }
}

/// A condition whose statement is not kept prepared.
///
/// After five executions PostgreSQL may plan a kept statement once for all
/// values. It takes a pattern for a common one then, and reads a table from its
/// beginning until it has a page of matches: seconds, if there are few. Also,
/// clients choose the filters, so there is no end of statements to keep.
fn planned_anew<S: 'static>(condition: Condition<S>) -> Condition<S> {
    // diesel keeps no statement with a literal.
    Box::new(sql::<Nullable<Bool>>("TRUE").and(condition))
}
