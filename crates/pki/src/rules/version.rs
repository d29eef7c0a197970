//! Which versions of X.509 may be uploaded.

use crate::certificate::Certificate;
use crate::{KeyManagerError, errors};

/// # Errors
/// `KER-PCM-007`, with the version that it is.
pub(super) fn check(certificate: &Certificate) -> Result<(), KeyManagerError> {
    match certificate.version() {
        3 => Ok(()),
        other => {
            let detail = format!("This is X.509 version {other}, and version 3 is needed.");
            Err(errors::VERSION_UNSUPPORTED.with_detail(&detail))
        }
    }
}
