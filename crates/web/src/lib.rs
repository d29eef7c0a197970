//! The HTTP edge that all services share.
//!
//! A service writes a route table ([`Rows`], [`Route`]) and plain async
//! handlers; envelopes, error forms, authentication, roles, paging of the
//! transport, documents, health and metrics follow from it.
//!
//! A handler takes a [`Caller`] (made only after the role check), then
//! extractors ([`Body`], [`Query`], `web::Path`, `web::Data`), and returns
//! `ApiResult<T>` with `T` the bare `response`.

pub mod actuator;
pub mod auth;
pub mod body;
pub mod checks;
pub mod conditional;
mod connection;
pub mod cors;
pub mod describe;
pub mod dialect;
pub mod dispatch;
pub mod edge;
pub mod error;
pub mod http_error;
pub mod lenient;
pub mod list;
pub mod metrics;
mod negotiation;
pub mod openapi;
mod path_id;
pub mod query;
pub mod route;
pub mod running;
pub mod search;
mod sent;
pub mod server;
pub mod service;
pub mod settings;
pub mod streamed;
pub mod telemetry;
pub mod trace;
pub mod wire;

pub use auth::{Anyone, Caller, Scope, Visitor};
pub use body::{Body, Envelope};
pub use checks::{Checks, Request};
pub use conditional::{Conditional, Tagged};
pub use dialect::{Dialect, V1, v2, v2_checked};
pub use edge::Edge;
pub use error::{ApiError, ApiResult};
pub use http_error::HttpError;
pub use path_id::PathId;
pub use query::Query;
pub use route::{Access, Route, Rows, Whole};
pub use settings::{Settings, SettingsError};
pub use streamed::{Streamed, Streaming};
