//! The jobs that tell people of what ends.

use std::sync::Arc;

use super::Job;

/// The jobs of notices.
pub(super) fn jobs() -> Vec<Arc<dyn Job>> {
    Vec::new()
}
