use pms_testkit::Who;
use serde_json::json;

use super::given::{OPERATION, PATH, insert, list, stage};
use crate::administration::refusal;
use crate::support::auth_partner;

#[actix_web::test]
async fn checks_come_in_the_contracts_order() {
    let stage = stage().await;
    let anna = auth_partner("anna");
    let nobody = auth_partner("nobody");
    let date = |field: &str| format!("Please enter a valid date in the {field} field.");
    let admins = "Partner Admin will only get notifications for root/intermediate certificate expiry and the weekly summary.";
    let weekly = "Filtering by createdFromDate / createdToDate is only available when 'weekly' is selected as the notificationType";
    let untyped = "Notification type must be selected for filtering";

    for (who, query, code, message) in [
        (
            &nobody,
            "pageNo=-1&pageSize=0&expiryDate=x",
            "PMS_PRT_360",
            "Invalid Page No",
        ),
        (
            &nobody,
            "pageSize=0&expiryDate=x",
            "PMS_PRT_361",
            "Invalid page size",
        ),
        (
            &nobody,
            "expiryDate=x&createdFromDate=x&createdToDate=x&notificationType=root",
            "PMS_NOTIFICATION_ERROR_016",
            &date("expiryDate"),
        ),
        (
            &nobody,
            "createdFromDate=2026-1-2&createdToDate=x",
            "PMS_NOTIFICATION_ERROR_016",
            &date("createdFromDate"),
        ),
        (
            &nobody,
            "createdToDate=2025-02-30",
            "PMS_NOTIFICATION_ERROR_016",
            &date("createdToDate"),
        ),
        (
            &nobody,
            "notificationType=Root&createdToDate=2026-11-01",
            "PMS_NOTIFICATION_ERROR_006",
            admins,
        ),
        (
            &anna,
            "notificationType=intermediate",
            "PMS_NOTIFICATION_ERROR_006",
            admins,
        ),
        (
            &anna,
            "notificationType=weekly",
            "PMS_NOTIFICATION_ERROR_006",
            admins,
        ),
        (
            &nobody,
            "notificationType=partner&createdToDate=2026-11-01",
            "PMS_NOTIFICATION_ERROR_017",
            weekly,
        ),
        (
            &Who::admin(),
            "notificationType=sbi&createdFromDate=2026-11-01",
            "PMS_NOTIFICATION_ERROR_017",
            weekly,
        ),
        (
            &nobody,
            "certificateId=x",
            "PMS_NOTIFICATION_ERROR_015",
            untyped,
        ),
        (&nobody, "issuedBy=x", "PMS_NOTIFICATION_ERROR_015", untyped),
        (&nobody, "issuedTo=x", "PMS_NOTIFICATION_ERROR_015", untyped),
        (
            &nobody,
            "partnerDomain=x",
            "PMS_NOTIFICATION_ERROR_015",
            untyped,
        ),
        (
            &nobody,
            "expiryDate=2026-11-01",
            "PMS_NOTIFICATION_ERROR_015",
            untyped,
        ),
        (
            &nobody,
            "createdFromDate=2026-11-01",
            "PMS_NOTIFICATION_ERROR_015",
            untyped,
        ),
        (
            &nobody,
            "createdToDate=2026-11-01",
            "PMS_NOTIFICATION_ERROR_015",
            untyped,
        ),
        (
            &nobody,
            "",
            "PMS_CERTIFICATE_ERROR_002",
            "User Id does not exists.",
        ),
        (
            &Who::user("boss", &["PARTNER_ADMIN"]),
            "notificationType=sbi",
            "PMS_CERTIFICATE_ERROR_002",
            "User Id does not exists.",
        ),
    ] {
        let refused = list(&stage, who, query).await.timeless();
        assert_eq!(refused, refusal(OPERATION, code, message), "{query}");
    }
    let reply = stage.get(&anna, "/notifications?pageNo=abc").await;
    assert_eq!(
        (reply.status, &reply.json()["detail"]),
        (400, &json!("Failed to convert 'pageNo' with value: 'abc'"))
    );
}

#[actix_web::test]
async fn details_that_can_not_be_read_spoil_the_page() {
    let stage = stage().await;
    let anna = auth_partner("anna");
    insert(
        &stage,
        "bad",
        "acme",
        "PARTNER_CERT_EXPIRY",
        "2026-11-10",
        "{",
    );

    let spoiled = list(&stage, &anna, "").await.timeless();
    let beside = list(&stage, &auth_partner("bert"), "").await.response();

    let text = "Error parsing notification details JSON";
    assert_eq!(
        spoiled,
        refusal(OPERATION, "PMS_NOTIFICATION_ERROR_007", text)
    );
    assert_eq!(beside["data"][0]["notificationId"], "p3");
    stage.sql("DROP TABLE notifications");
    let text = "Error while fetching notifications";
    assert_eq!(
        list(&stage, &anna, "").await.timeless(),
        refusal(OPERATION, "PMS_NOTIFICATION_ERROR_005", text)
    );
}

#[actix_web::test]
async fn any_role_may_ask_unless_the_operator_lists_roles() {
    let stage = stage().await;
    for roles in [&["MISP_PARTNER"][..], &["PARTNER"], &[]] {
        let reply = stage.get(&Who::user("anna", roles), PATH).await;
        assert!(reply.response()["data"].is_array());
    }

    let listed = crate::support::Stage::with(|builder| {
        builder.setting("roles.getnotifications", "AUTH_PARTNER")
    });
    let stage = listed.await;
    let unlisted = stage.get(&Who::user("anna", &["PARTNER"]), PATH).await;
    let nobody = stage.get(&Who::Nobody, PATH).await;

    assert_eq!(
        (unlisted.status, unlisted.error().0.as_str()),
        (403, "KER-ATH-403")
    );
    assert_eq!(
        (nobody.status, nobody.error().0.as_str()),
        (401, "KER-ATH-401")
    );
}
