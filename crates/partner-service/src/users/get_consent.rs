//! `GET /users/user-consent`
//!
//! Whether the caller consented (contract clients-users-notifications.md §2.4).

use actix_web::web;
use pms_database::users;
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_web::{ApiResult, Caller};

use super::consent::UserConsent;
use crate::Context;

/// Tells whether the caller consented.
///
/// # Errors
/// A caller without partners.
pub async fn handle(caller: Caller, context: web::Data<Context>) -> ApiResult<UserConsent> {
    let user_id = caller.user_id().to_owned();
    let found = context
        .db
        .read(move |conn| Ok(users::find(conn, &user_id)?))
        .await?;
    if !found.has_partners {
        return Err(USER_WITHOUT_PARTNERS.into());
    }
    let consented_at = found.details.and_then(|details| details.consented_at());
    Ok(UserConsent::new(caller.user_id(), consented_at))
}
