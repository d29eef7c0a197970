//! Whether this process is its own key manager, for routes that only such a
//! one can serve.

use actix_web::web::Data;
use pms_domain::certificate::errors::NOT_EMBEDDED;
use pms_web::{ApiError, ApiResult};

use crate::vault::Vault;

/// The embedded key manager, where there is one.
pub(crate) struct Embedded(pub(crate) Option<Data<Vault>>);

impl Embedded {
    /// The embedded key manager.
    ///
    /// # Errors
    /// `PMS_FEATURE_101` when the key manager is a remote one, which
    /// neither lists what it issued nor revokes it.
    pub(crate) fn vault(&self) -> ApiResult<&Data<Vault>> {
        let vault = self.0.as_ref();
        vault.ok_or_else(|| ApiError::RejectedEarly(NOT_EMBEDDED.into()))
    }
}
