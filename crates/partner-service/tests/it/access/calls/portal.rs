//! What the portal asks for its user, and the sign-in.

use serde_json::json;

use super::{Call, get, with};

pub(super) fn portal() -> Vec<Call> {
    const SEEN: &str = "/users/{userId}/notifications-seen-timestamp";
    const CONSENT: &str = "/users/user-consent";
    vec![
        get("/system-config", "/system-config"),
        with(
            "POST",
            "/users",
            "/users",
            json!({
                "userName": "new-{p}", "contactNo": "1", "emailID": "new-{p}@example.org",
                "role": "AUTH_PARTNER",
            }),
        ),
        get(CONSENT, CONSENT),
        Call {
            method: "POST",
            route: CONSENT.into(),
            path: CONSENT.into(),
            request: None,
        },
        get(SEEN, "/users/{p}/notifications-seen-timestamp"),
        with(
            "PUT",
            SEEN,
            "/users/{p}/notifications-seen-timestamp",
            json!({ "notificationsSeenDtimes": "2026-11-24T09:00:00.000Z" }),
        ),
        get("/notifications", "/notifications"),
        with(
            "PATCH",
            "/notifications/{notificationId}",
            "/notifications/{p}-note",
            json!({ "notificationStatus": "DISMISSED" }),
        ),
    ]
}

pub(super) fn sign_in() -> Vec<Call> {
    const STATE: &str = "0e3ae3b8-3d4b-4b1c-8a37-0a3c1c1f6a55";
    // The page `http://portal.example/`.
    const PAGE: &str = "aHR0cDovL3BvcnRhbC5leGFtcGxlLw==";
    let path = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    vec![
        get(
            "/login/v2/{redirectURI:.*}",
            path(format!("/login/v2/{PAGE}?state={STATE}")),
        ),
        get(
            "/login/{redirectURI:.*}",
            path(format!("/login/{PAGE}?state={STATE}")),
        ),
        get(
            "/login-redirect/{redirectURI:.*}",
            path(format!("/login-redirect/{PAGE}?state={STATE}&code=x")),
        ),
        get(
            "/authorize/admin/validateToken",
            "/authorize/admin/validateToken",
        ),
        get(
            "/logout/user",
            path(format!("/logout/user?redirecturi={PAGE}")),
        ),
    ]
}
