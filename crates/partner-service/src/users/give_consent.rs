//! `POST /users/user-consent`
//!
//! The caller consents, again or for the first time (contract clients-users-notifications.md §2.3).

use actix_web::web;
use pms_database::locks::{self, Lock};
use pms_database::{ids, users};
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_web::{ApiResult, Caller};

use super::consent::UserConsent;
use crate::Context;

/// Notes the caller's consent.
///
/// # Errors
/// A caller without partners.
pub async fn handle(caller: Caller, context: web::Data<Context>) -> ApiResult<UserConsent> {
    let stamp = context.stamp(&caller);
    let given = context.db.transaction(move |conn| {
        locks::hold(conn, Lock::User(&stamp.by))?;
        let found = users::find(conn, &stamp.by)?;
        if !found.has_partners {
            return Err(USER_WITHOUT_PARTNERS.into());
        }
        match found.details {
            Some(details) => users::renew_consent(conn, &details.id, &stamp)?,
            None => users::insert_consent(conn, &new_id(), &stamp)?,
        }
        Ok(UserConsent::new(stamp.by, Some(stamp.at)))
    });
    Ok(given.await?)
}

/// `id` and 32 hexadecimal digits.
fn new_id() -> String {
    format!("id{}", ids::uuid().replace('-', ""))
}
