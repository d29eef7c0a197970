//! PostgreSQL behind one door: pool, schema, one module per aggregate, outbox.
//!
//! Nothing outside this crate sees a pool or a thread: a use case hands a
//! closure to [`Db::read`] or [`Db::transaction`] and gets its value back.

pub mod clock;
pub mod failure;
pub mod ids;
pub mod pool;

pub use clock::Clock;
pub use failure::{Failure, Violation};
pub use pool::{Db, DbSettings, PoolState};

/// Re-exported so that use cases name the connection without a diesel import.
pub use diesel::PgConnection as Connection;
