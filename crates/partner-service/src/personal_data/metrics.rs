//! What is seen of the rows that are kept.

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

/// Rows with sealed columns, by where their texts came from.
pub(super) struct Reads {
    /// From memory.
    pub(super) kept: IntCounter,
    /// From the key manager.
    pub(super) requested: IntCounter,
}

/// The numbers, and the bytes that are kept.
///
/// # Errors
/// When the registry has such numbers already.
pub(super) fn register(registry: &Registry) -> Result<(Reads, IntGauge), prometheus::Error> {
    let reads = IntCounterVec::new(
        Opts::new(
            "personal_data_rows_total",
            "Rows with encrypted columns that were read, by where their texts came from",
        ),
        &["source"],
    )?;
    let bytes = IntGauge::new(
        "personal_data_cache_bytes",
        "Bytes of opened rows that are kept in memory",
    )?;
    registry.register(Box::new(reads.clone()))?;
    registry.register(Box::new(bytes.clone()))?;
    let of = |source: &str| reads.with_label_values(&[source]);
    let reads = Reads {
        kept: of("memory"),
        requested: of("key_manager"),
    };
    Ok((reads, bytes))
}
