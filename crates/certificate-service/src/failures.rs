//! Errors of the X.509 library on their way to the wire.

use pms_database::Failure;
use pms_domain::Rejection;
use pms_pki::Refusal;

/// Turns an outcome of the X.509 library into one of a database closure: its
/// wire errors refuse, and what should not fail is unexpected.
pub(crate) trait OrFailure<T> {
    /// The value, or the failure.
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for Result<T, Refusal> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(refused)
    }
}

impl<T> OrFailure<T> for Result<T, pms_pki::Failure> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(|failure| Failure::Internal(failure.to_string()))
    }
}

/// A wire error of the key manager as the failure of a use case.
pub(crate) fn refused(refusal: Refusal) -> Failure {
    Rejection::single(refusal.code, refusal.message).into()
}
