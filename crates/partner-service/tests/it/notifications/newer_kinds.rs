//! Filters of the newer kinds (contract clients-users-notifications.md §3.5).

use pms_testkit::Who;
use serde_json::json;

use super::given::{OPERATION, PATH, ids, insert, list, stage};
use crate::administration::refusal;
use crate::support::{BASE, Stage, auth_partner};

async fn newer() -> Stage {
    let stage = stage().await;
    let rows = [
        (
            "f1",
            "acme",
            "FTM_CHIP_CERT_EXPIRY",
            json!({ "ftmDetails": [{ "certificateId": "C-9", "issuedBy": "CN=Ruth", "issuedTo": "CN=Chip",
                "partnerDomain": "FTM", "expiryDateTime": "2026-12-03T10:15", "ftmId": "F-1",
                "make": "Mk", "model": "Md_1" }] }),
        ),
        (
            "s1",
            "acme",
            "SBI_EXPIRY",
            json!({ "sbiDetails": [{ "sbiId": "S-1", "sbiVersion": "1.2",
                "expiryDateTime": "2026-12-04T00:00" }] }),
        ),
        (
            "k1",
            "acme",
            "API_KEY_EXPIRY",
            json!({ "apiKeyDetails": [{ "apiKeyName": "Key", "policyName": "Loans",
                "expiryDateTime": "2026-12-05T00:00" }] }),
        ),
        (
            "m1",
            "admin",
            "MISP_LICENSE_KEY_EXPIRY",
            json!({ "mispLicenseKeyDetails": [{ "mispLicenseKeyName": "****0001",
                "mispPartnerId": "misp", "policyName": "Loans",
                "expiryDateTime": "2026-12-06T00:00" }] }),
        ),
    ];
    for (id, partner, kind, details) in rows {
        insert(
            &stage,
            id,
            partner,
            kind,
            "2026-11-10",
            &details.to_string(),
        );
    }
    stage
}

#[actix_web::test]
async fn the_newer_kinds_are_filtered_by_what_they_tell() {
    let stage = newer().await;
    let anna = auth_partner("anna");

    for (query, expected) in [
        ("notificationType=ftm-chip", &["f1"][..]),
        (
            "notificationType=FTM-CHIP&ftmId=f-1&make=mk&model=d_1",
            &["f1"],
        ),
        ("notificationType=ftm-chip&model=dx1", &[]),
        (
            "notificationType=ftm-chip&certificateId=c-9&issuedBy=ruth&issuedTo=chip&partnerDomain=ftm",
            &["f1"],
        ),
        ("notificationType=ftm-chip&expiryDate=2026-12-03", &["f1"]),
        ("notificationType=ftm-chip&expiryDate=2026-12-04", &[]),
        (
            "notificationType=sbi&sbiId=s-1&sbiVersion=1.2&expiryDate=2026-12-04",
            &["s1"],
        ),
        ("notificationType=sbi&sbiVersion=3", &[]),
        (
            "notificationType=apikey&apiKeyName=key&policyName=loan&expiryDate=2026-12-05",
            &["k1"],
        ),
        ("notificationType=apikey&policyName=other", &[]),
        // Not among what is shown to who names no type: no job here writes them.
        ("", &["p1"]),
    ] {
        assert_eq!(ids(&stage, &anna, query).await, expected, "{query}");
    }
    for (query, expected) in [
        (
            "notificationType=misp&mispLicenseKeyName=0001&mispPartnerId=misp&policyName=loans&expiryDate=2026-12-06",
            &["m1"][..],
        ),
        ("notificationType=misp&mispPartnerId=other", &[]),
    ] {
        assert_eq!(ids(&stage, &Who::admin(), query).await, expected, "{query}");
    }
}

#[actix_web::test]
async fn a_filter_of_another_kind_is_refused() {
    let stage = newer().await;
    let only = |kinds: &str| {
        format!("The selected notification type is invalid. {kinds} allowed for this filter.")
    };

    for (query, code, message) in [
        (
            "sbiId=x",
            "015",
            "Notification type must be selected for filtering".to_owned(),
        ),
        (
            "policyName=x",
            "015",
            "Notification type must be selected for filtering".to_owned(),
        ),
        (
            "notificationType=root&apiKeyName=x",
            "020",
            only("Only 'apikey' type is"),
        ),
        (
            "notificationType=sbi&issuedBy=x",
            "021",
            only("Only 'root', 'intermediate', or 'partner' types are"),
        ),
        (
            "notificationType=sbi&make=x",
            "022",
            only("Only 'ftm-chip' type is"),
        ),
        (
            "notificationType=weekly&sbiId=x",
            "023",
            only("Only 'sbi' type is"),
        ),
        // Nor is it a filter of a type that is none.
        (
            "notificationType=zz&sbiId=x",
            "023",
            only("Only 'sbi' type is"),
        ),
        (
            "notificationType=&apiKeyName=x",
            "020",
            only("Only 'apikey' type is"),
        ),
        (
            "notificationType=zz&model=x",
            "022",
            only("Only 'ftm-chip' type is"),
        ),
        (
            "notificationType=zz&mispLicenseKeyName=x",
            "027",
            only("Only 'misp' type is"),
        ),
        (
            "notificationType=zz&policyName=x",
            "028",
            only("Either 'apikey' or 'misp' type is"),
        ),
        (
            "notificationType=apikey&mispPartnerId=x",
            "027",
            only("Only 'misp' type is"),
        ),
        (
            "notificationType=partner&policyName=x",
            "028",
            only("Either 'apikey' or 'misp' type is"),
        ),
    ] {
        let reply = stage.get(&Who::admin(), &format!("{PATH}?{query}")).await;
        let code = format!("PMS_NOTIFICATION_ERROR_{code}");
        assert_eq!(
            reply.timeless(),
            refusal(OPERATION, &code, &message),
            "{query}"
        );
    }
    let reply = stage
        .get(
            &auth_partner("anna"),
            &format!("{PATH}?notificationType=misp"),
        )
        .await;
    assert_eq!(reply.error().0, "PMS_NOTIFICATION_ERROR_006");
}

#[actix_web::test]
async fn details_of_licences_are_shown_where_there_are_some() {
    let stage = newer().await;

    let shown = list(&stage, &Who::admin(), "notificationType=misp")
        .await
        .response();

    assert_eq!(
        shown["data"][0]["notificationDetails"],
        json!({
            "certificateDetails": null, "ftmDetails": null, "sbiDetails": null,
            "apiKeyDetails": null,
            "mispLicenseKeyDetails": [{
                "mispLicenseKeyName": "****0001", "mispPartnerId": "misp",
                "expiryDateTime": "2026-12-06T00:00", "expiryPeriod": null, "policyName": "Loans",
            }],
        })
    );
}

#[actix_web::test]
async fn an_administrator_dismisses_a_notice_to_their_user_name() {
    let stage = newer().await;
    let body = json!({
        "id": "mosip.pms.dismiss.notification.patch",
        "version": "1.0",
        "requestTime": stage.app.now_text(),
        "request": { "notificationStatus": "DISMISSED" },
    });
    let path = format!("{BASE}{PATH}/m1");

    let by_partner = stage.app.patch(&auth_partner("admin"), &path, &body).await;
    let by_other = stage
        .app
        .patch(&Who::user("bert", &["PARTNER_ADMIN"]), &path, &body)
        .await;
    let by_admin = stage.app.patch(&Who::admin(), &path, &body).await;

    assert_eq!(by_partner.error().0, "PMS_NOTIFICATION_ERROR_018");
    assert_eq!(by_other.error().0, "PMS_NOTIFICATION_ERROR_011");
    assert_eq!(by_admin.response()["notificationStatus"], "DISMISSED");
}
