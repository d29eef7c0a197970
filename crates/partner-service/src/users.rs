//! Users of the portal.

mod consent;
pub mod get_consent;
pub mod give_consent;
pub mod notifications_seen;
pub mod register;
pub mod set_notifications_seen;

use pms_domain::user::errors::{
    CONSENT_NOT_FETCHED, CONSENT_NOT_SAVED, SEEN_NOT_FETCHED, SEEN_NOT_SAVED,
};
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2, v2_checked};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const GET_CONSENT: &str = "mosip.pms.user.consent.get";
    const GIVE_CONSENT: &str = "mosip.pms.user.consent.post";
    const GET_SEEN: &str = "mosip.pms.users.notifications.seen.timestamp.get";
    const SET_SEEN: &str = "mosip.pms.users.notifications.seen.timestamp.put";
    vec![
        rows.post("/users", Role("postusers"), V1, register::handle).summary("Make a user of the portal"),
        rows.get("/users/user-consent", Role("userconsent"), v2(GET_CONSENT, CONSENT_NOT_FETCHED), get_consent::handle).summary("Tell whether the caller consented"),
        rows.post("/users/user-consent", Role("userconsent"), v2(GIVE_CONSENT, CONSENT_NOT_SAVED), give_consent::handle).summary("Consent"),
        rows.get("/users/{userId}/notifications-seen-timestamp", Role("getnotificationseentimestamp"), v2(GET_SEEN, SEEN_NOT_FETCHED), notifications_seen::handle).summary("Tell when a user last looked at the notifications"),
        rows.put("/users/{userId}/notifications-seen-timestamp", Role("putnotificationseentimestamp"), v2_checked(SET_SEEN, SEEN_NOT_SAVED), set_notifications_seen::handle).summary("Note when a user last looked at the notifications"),
    ]
}
