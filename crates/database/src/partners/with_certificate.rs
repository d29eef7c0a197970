//! A user's own partners, each with the certificate that it was issued.

use diesel::prelude::*;

use super::owned::own_of;
use crate::schema::partner;

/// A partner and the key manager's id of its certificate.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
pub struct CertifiedPartner {
    pub id: String,
    pub partner_type_code: String,
    pub approval_status: String,
    pub is_active: bool,
    /// `None` and empty before the first certificate.
    pub certificate_alias: Option<String>,
}

/// Up to `limit` of the user's own partners, oldest first; which ones, see
/// [`super::list_owned`].
pub fn list_owned_with_certificate(
    conn: &mut PgConnection,
    user_id: &str,
    limit: i64,
) -> QueryResult<Vec<CertifiedPartner>> {
    CertifiedPartner::query()
        .filter(own_of!(user_id))
        .order((partner::cr_dtimes, partner::id))
        .limit(limit)
        .load(conn)
}
