//! Policy groups and policies (contract policy.md): their words, their life, and
//! the documents they hold.

pub mod audits;
pub mod document;
pub mod errors;
pub mod lifecycle;
pub mod naming;
pub mod schema;

pub use document::DocumentFault;
pub use lifecycle::PolicyState;
pub use schema::{PolicySchema, PolicySchemas, SchemaError};
