//! Errors of the X.509 library on their way to the wire.

use pms_database::DbError;
use pms_domain::BusinessError;
use pms_pki::KeyManagerError;

/// Turns an outcome of the X.509 library into one of a database closure: its
/// wire errors refuse, and what should not fail is unexpected.
pub(crate) trait OrDbError<T> {
    /// The value, or the failure.
    fn or_failure(self) -> Result<T, DbError>;
}

impl<T> OrDbError<T> for Result<T, KeyManagerError> {
    fn or_failure(self) -> Result<T, DbError> {
        self.map_err(refused)
    }
}

impl<T> OrDbError<T> for Result<T, pms_pki::PkiError> {
    fn or_failure(self) -> Result<T, DbError> {
        self.map_err(|failure| DbError::Internal(failure.to_string()))
    }
}

/// A wire error of the key manager as the failure of a use case.
pub(crate) fn refused(refusal: KeyManagerError) -> DbError {
    BusinessError::single(refusal.code, refusal.message).into()
}
