use futures_util::future::join_all;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers, sam};
use crate::support::{Stage, plain, refused, violation};

const MAP: &str = "/securebiometricinterface/devicedetails/map";
const UNMAP: &str = "/securebiometricinterface/devicedetails/map/remove";

async fn stage() -> Stage {
    let stage = providers().await;
    stage.device("d1", "north", "Make", "approved", true);
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage
}

fn pair() -> Value {
    json!({ "deviceDetailId": "d1", "sbiId": "s1" })
}

/// The errors of this endpoint name a service of their own.
fn not_unmapped(code: &str, message: &str) -> Value {
    let mut body = refused(code, message);
    body["id"] = json!("io.mosip.devicemanagement");
    body
}

async fn map(stage: &Stage, who: &Who) -> Reply {
    stage.send(who, "PUT", MAP, pair()).await
}

#[actix_web::test]
async fn an_approved_device_is_mapped_once() {
    let stage = stage().await;

    let reply = map(&stage, &nina()).await;

    assert_eq!(
        (reply.status, reply.timeless()),
        (200, plain(&json!("Success")))
    );
    let expected = json!([{
        "dprovider_id": "north",
        "partner_org_name": "Org s1",
        "device_detail_id": "d1",
        "sbi_id": "s1",
        "is_active": true,
        "cr_by": "nina",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "upd_dtimes": null,
        "is_deleted": false,
        "del_dtimes": null,
    }]);
    assert_eq!(stage.rows("SELECT * FROM device_detail_sbi"), expected);
    let again = map(&stage, &nina()).await;
    assert_eq!(again.timeless(), plain(&json!("Mapping already exists")));
    assert_eq!(map(&stage, &sam()).await.error().0, "PMS_DEVICE_ERROR_016");
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn a_mapping_is_removed() {
    let stage = stage().await;
    stage.device_of("d1", "s1");
    let unmap = async |who: &Who| stage.send(who, "PUT", UNMAP, pair()).await;

    let foreign = "Device is not associated with user.";
    assert_eq!(
        unmap(&sam()).await.timeless(),
        not_unmapped("PMS_DEVICE_ERROR_016", foreign)
    );
    assert_eq!(unmap(&nina()).await.timeless(), plain(&json!("Success")));
    assert_eq!(stage.count("device_detail_sbi", "true"), "0");
    stage.assert_audits(&[]);
    let missing = unmap(&nina()).await;
    let text = "Mapping not exists for given data.";
    assert_eq!(missing.timeless(), not_unmapped("PMS_AUT_510", text));
    stage.assert_audits(&[("AUT-016", "s1", "sbiId")]);
}

/// A change of the stage, and the refusal that comes first then.
type Step = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    // From the last check to the first: each change breaks an earlier rule.
    let steps: [Step; 8] = [
        (
            "UPDATE partner SET is_active = false WHERE id = 'north'",
            "PMS_AUT_002",
            "This partner has been inactivated by Partner admin",
            None,
        ),
        (
            "UPDATE secure_biometric_interface SET provider_id = NULL",
            "PMS_AUT_509",
            "Device Details and SBI do not belongs to same provider.",
            Some("AUT-016"),
        ),
        (
            "UPDATE secure_biometric_interface SET sw_expiry_dtimes = '2026-11-23'",
            "PMS_AUT_513",
            "SBI for which device is being mapped is expired",
            Some("AUT-016"),
        ),
        (
            "UPDATE secure_biometric_interface SET is_active = false",
            "PMS_AUT_511",
            "SBI for which device is being mapped is not approved",
            Some("AUT-016"),
        ),
        (
            "DELETE FROM secure_biometric_interface",
            "PMS_AUT_007",
            "Secure Biometric Interface not found for the id s1",
            Some("AUT-016"),
        ),
        (
            "UPDATE device_detail SET is_active = false",
            "PMS_AUT_027",
            "Device details for id d1 are not yet approved. Please provide approved details.",
            Some("AUT-008"),
        ),
        (
            "UPDATE device_detail SET approval_status = 'rejected'",
            "PMS_AUT_028",
            "Device details for id d1 are rejected. Cann't use same details for mapping.",
            Some("AUT-008"),
        ),
        (
            "UPDATE device_detail SET is_deleted = true",
            "PMS_AUT_005",
            "Device detail for id d1 does not exist",
            Some("AUT-008"),
        ),
    ];
    for (change, code, message, record) in steps {
        stage.forget();
        stage.sql(change);
        assert_eq!(
            map(&stage, &nina()).await.timeless(),
            refused(code, message)
        );
        let expected: Vec<_> = record
            .map(|record| (record, "s1", "sbiId"))
            .into_iter()
            .collect();
        stage.assert_audits(&expected);
    }
    assert_eq!(stage.count("device_detail_sbi", "true"), "0");
}

#[actix_web::test]
async fn a_rejection_is_one_in_any_case_of_letters() {
    let stage = stage().await;
    for (status, code) in [
        ("REJECTED", "PMS_AUT_028"),
        ("Rejected", "PMS_AUT_028"),
        ("Activated", "PMS_AUT_027"),
    ] {
        stage.sql(&format!(
            "UPDATE device_detail SET is_active = false, approval_status = '{status}'"
        ));
        assert_eq!(map(&stage, &nina()).await.error().0, code, "{status}");
    }
}

#[actix_web::test]
async fn no_provider_maps_anothers_device() {
    let stage = stage().await;

    let foreign = "Device is not associated with user.";
    assert_eq!(
        map(&stage, &sam()).await.timeless(),
        refused("PMS_DEVICE_ERROR_016", foreign)
    );
    assert_eq!(
        map(&stage, &Who::admin()).await.timeless(),
        plain(&json!("Success"))
    );
}

#[actix_web::test]
async fn of_many_at_once_one_maps() {
    let stage = stage().await;
    // As in an adopted database whose rows forbid the index.
    stage.sql("DROP INDEX uk_ddsbi_device_sbi");
    let who = nina();

    let replies = join_all((0..10).map(|_| map(&stage, &who))).await;

    let mapped = replies
        .iter()
        .filter(|reply| reply.json()["response"] == "Success");
    assert_eq!(mapped.count(), 1);
    assert_eq!(stage.count("device_detail_sbi", "true"), "1");
}

#[actix_web::test]
async fn fields_and_callers_are_checked() {
    let stage = stage().await;
    for path in [MAP, UNMAP] {
        for member in ["deviceDetailId", "sbiId"] {
            let mut request = pair();
            request[member] = json!(" ");
            let reply = stage.send(&nina(), "PUT", path, request).await;
            let expected = violation("value is empty or null", member);
            assert_eq!((reply.status, reply.timeless()), (400, expected));
        }
        assert_eq!(
            stage.send(&Who::Nobody, "PUT", path, pair()).await.status,
            401
        );
        let role = Who::user("nina", &["AUTH_PARTNER"]);
        assert_eq!(stage.send(&role, "PUT", path, pair()).await.status, 403);
        assert_eq!(
            stage.send(&nina(), "PUT", path, json!([])).await.status,
            400
        );
    }
}
