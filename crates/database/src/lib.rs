//! PostgreSQL behind one door: pool, schema, one module per aggregate, outbox.
//!
//! Nothing outside this crate sees a pool or a thread: a use case hands a
//! closure to [`Db::read`] or [`Db::transaction`] and gets its value back.

pub mod api_keys;
pub mod bio_extractors;
pub mod certificates;
pub mod clock;
pub mod credential_types;
pub mod db_error;
pub mod deadline;
pub mod device_mappings;
pub mod device_registry;
pub mod devices;
pub mod ends;
mod flags;
mod fresh_plan;
pub mod ftm_chips;
pub mod functions;
mod history;
pub mod ids;
pub mod interfaces;
pub mod job_runs;
pub mod keys;
pub mod locks;
pub mod mapping_requests;
pub mod migrations;
pub mod misp_licences;
pub mod notifications;
pub mod oidc_clients;
pub mod outbox;
mod pairs;
pub mod partners;
pub mod policies;
pub mod policy_groups;
pub mod pool;
mod probe;
pub mod request;
mod row_version;
mod rows;
pub mod schema;
pub mod search;
pub mod seeds;
pub mod stamp;
pub mod startup;
pub mod upload_slots;
pub mod users;
mod writes;

pub use clock::Clock;
pub use db_error::{DbError, Violation};
pub use pool::{ByKey, Db, DbSettings, Lookup, PoolState, connect};
pub use stamp::Stamp;

/// Re-exported so that use cases name the connection without a diesel import.
pub use diesel::PgConnection as Connection;
