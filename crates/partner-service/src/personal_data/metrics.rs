//! What is seen of the rows that are kept.

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

/// Rows with sealed columns, by where their texts came from.
pub(super) struct Reads {
    /// From memory.
    pub(super) kept: IntCounter,
    /// From the key manager.
    pub(super) requested: IntCounter,
    /// Asked for, but no key decrypts a column.
    pub(super) unreadable: IntCounter,
    /// Asked for, but a column was refused for another reason.
    pub(super) refused: IntCounter,
    /// Asked for, but a call failed.
    pub(super) failed: IntCounter,
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
    let closed = IntCounterVec::new(
        Opts::new(
            "personal_data_rows_closed_total",
            "Rows that the key manager was asked for and did not open, by the reason",
        ),
        &["reason"],
    )?;
    let bytes = IntGauge::new(
        "personal_data_cache_bytes",
        "Bytes of opened rows that are kept in memory",
    )?;
    registry.register(Box::new(reads.clone()))?;
    registry.register(Box::new(closed.clone()))?;
    registry.register(Box::new(bytes.clone()))?;
    let of = |source: &str| reads.with_label_values(&[source]);
    let reason = |reason: &str| closed.with_label_values(&[reason]);
    let reads = Reads {
        kept: of("memory"),
        requested: of("key_manager"),
        unreadable: reason("unreadable"),
        refused: reason("refused"),
        failed: reason("failed"),
    };
    Ok((reads, bytes))
}
