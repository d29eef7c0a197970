//! Errors of the X.509 library on their way to the wire.

use pms_database::DbError;
use pms_domain::BusinessError;
use pms_pki::{KeyManagerError, PkiError, errors};

/// Turns an outcome of the X.509 library into one of a database closure: its
/// wire errors refuse, as does a key that the caller chose, and what should not fail
/// is unexpected.
pub(crate) trait OrDbError<T> {
    /// The value, or the failure.
    fn or_failure(self) -> Result<T, DbError>;
}

impl<T> OrDbError<T> for Result<T, KeyManagerError> {
    fn or_failure(self) -> Result<T, DbError> {
        self.map_err(refused)
    }
}

impl<T> OrDbError<T> for Result<T, PkiError> {
    fn or_failure(self) -> Result<T, DbError> {
        self.map_err(|failure| match failure {
            PkiError::Recipient => {
                let what = "The key of this certificate can't encrypt: that takes RSA of 2048 to 8192 bits.";
                refused(errors::INVALID_REQUEST.with_detail(what))
            }
            other => DbError::Internal(other.to_string()),
        })
    }
}

/// A wire error of the key manager as the failure of a use case.
pub(crate) fn refused(refusal: KeyManagerError) -> DbError {
    BusinessError::single(refusal.code, refusal.message).into()
}
