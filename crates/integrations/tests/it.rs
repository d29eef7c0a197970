//! Delivery of the outbox, with real PostgreSQL and real peers on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    missing_docs,
    unreachable_pub,
    reason = "test code"
)]

#[path = "it/breaker.rs"]
mod breaker;
#[path = "it/delivery.rs"]
mod delivery;
#[path = "it/esignet.rs"]
mod esignet;
#[path = "it/esignet_faults.rs"]
mod esignet_faults;
#[path = "it/esignet_mappings.rs"]
mod esignet_mappings;
#[path = "it/esignet_rules.rs"]
mod esignet_rules;
#[path = "it/flow.rs"]
mod flow;
#[path = "it/in_process.rs"]
mod in_process;
#[path = "it/keycloak.rs"]
mod keycloak;
#[path = "it/keycloak_users.rs"]
mod keycloak_users;
#[path = "it/killed.rs"]
mod killed;
#[path = "it/leases.rs"]
mod leases;
#[path = "it/mails.rs"]
mod mails;
#[path = "it/outbound.rs"]
mod outbound;
#[path = "it/peers.rs"]
mod peers;
#[path = "it/personal_data.rs"]
mod personal_data;
#[path = "it/queues.rs"]
mod queues;
#[path = "it/stage.rs"]
mod stage;
#[path = "it/storm.rs"]
mod storm;
#[path = "it/tracing.rs"]
mod tracing;
#[path = "it/trust_chains.rs"]
mod trust_chains;
#[path = "it/velocity.rs"]
mod velocity;
