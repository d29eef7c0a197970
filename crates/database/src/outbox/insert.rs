//! The statement that queues rows.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Uuid as UuidColumn};
use serde_json::Value;
use uuid::Uuid;

/// Rows to queue, column by column. One statement whatever their number, and one
/// that connections keep prepared, which they don't for diesel's batches.
///
/// A row with an order key is a head when no other row of its queue and key waits.
/// Rows of one statement don't see each other, so at most one may have a key.
#[derive(Debug, Default, QueryId)]
pub(super) struct QueueRows {
    ids: Vec<Uuid>,
    queues: Vec<&'static str>,
    topics: Vec<String>,
    order_keys: Vec<Option<String>>,
    payloads: Vec<Value>,
    request_id: Option<String>,
}

impl QueueRows {
    /// No rows yet, all of the request with this id.
    pub(super) fn of(request_id: Option<&str>) -> Self {
        Self {
            request_id: request_id.map(str::to_owned),
            ..Self::default()
        }
    }

    /// Adds a row behind those that are there.
    pub(super) fn push(
        &mut self,
        id: Uuid,
        (queue, topic): (&'static str, &str),
        order_key: Option<&str>,
        payload: Value,
    ) {
        self.ids.push(id);
        self.queues.push(queue);
        self.topics.push(topic.to_owned());
        self.order_keys.push(order_key.map(str::to_owned));
        self.payloads.push(payload);
    }
}

impl RunQueryDsl<PgConnection> for QueueRows {}

impl QueryFragment<Pg> for QueueRows {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // The database numbers rows (`seq`) in the order in which they are selected.
        //
        // PostgreSQL plans this once for a connection. It expects as many rows of
        // `unnest` as the arrays have, so that it would plan that anew for each few rows,
        // which takes longer than to add them; of `generate_subscripts` it expects a
        // thousand, always. `LIMIT` keeps it from reading all waiting rows for those.
        pass.push_sql(
            "INSERT INTO pms.outbox (id, lane, topic, order_key, payload, is_head, \
             next_attempt_at, created_at, request_id) \
             SELECT new.id, new.lane, new.topic, new.order_key, new.payload, \
             new.order_key IS NULL OR (SELECT true FROM pms.outbox AS waiting \
             WHERE waiting.status = 'pending' AND waiting.lane = new.lane \
             AND waiting.order_key = new.order_key LIMIT 1) IS NULL, \
             clock_timestamp() AT TIME ZONE 'UTC', clock_timestamp() AT TIME ZONE 'UTC', ",
        );
        pass.push_bind_param::<Nullable<Text>, _>(&self.request_id)?;
        pass.push_sql(
            " FROM (SELECT ids[place] AS id, lanes[place] AS lane, topics[place] AS topic, \
             order_keys[place] AS order_key, payloads[place] AS payload, place FROM (SELECT ",
        );
        pass.push_bind_param::<Array<UuidColumn>, _>(&self.ids)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.queues)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.topics)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Nullable<Text>>, _>(&self.order_keys)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Jsonb>, _>(&self.payloads)?;
        pass.push_sql(
            ") AS given (ids, lanes, topics, order_keys, payloads), \
             generate_subscripts(ids, 1) AS place) AS new ORDER BY new.place",
        );
        Ok(())
    }
}
