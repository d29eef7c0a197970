//! GET /v1/partnermanager/certificates/expiring

use pms_testkit::waiting::eventually;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::ca::{Authority, Span};
use crate::support::revocation::{CERTIFICATES, admin, certify, revoke, trusting};
use crate::support::service::{KM, Replica, Stage, at, error};

/// Ends on the day before the certificate that is issued for it.
const YEAR: Span = ((2026, 1, 1), (2027, 11, 23));

async fn expiring(replica: &Replica, query: &str) -> Reply {
    replica
        .get(&admin(), &format!("{CERTIFICATES}/expiring?{query}"))
        .await
}

/// Type and partner of each row.
fn rows(reply: &Reply) -> Vec<String> {
    let data = reply.response()["data"].clone();
    let row = |row: &Value| {
        let partner = row["partnerId"].as_str().unwrap_or("-");
        format!("{} {partner}", row["type"].as_str().unwrap())
    };
    data.as_array().unwrap().iter().map(row).collect()
}

#[actix_web::test]
async fn certificates_that_end_soon_are_listed_by_their_end() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let short = Authority::root_with("Short", ((2026, 1, 1), (2027, 12, 1)));
    replica.trust(&short.pem(), "AUTH").await;
    let partner = ("acme", "Auth_Partner");
    let leaf = root.leaf_with("Acme", YEAR);
    let (id, issued) = certify((&*stage, &replica), partner, &leaf, "AUTH").await;
    stage.clock.set(at("2027-11-20T10:00:00Z"));

    let reply = expiring(&replica, "withinDays=30").await;

    assert_eq!(rows(&reply), ["PARTNER acme", "SIGNED acme", "CA -"]);
    let body = reply.timeless();
    assert_eq!(body["id"], "mosip.pms.expiring.certificates.get");
    let response = &body["response"];
    let page = (
        &response["pageNo"],
        &response["pageSize"],
        &response["totalResults"],
    );
    assert_eq!(page, (&json!(0), &json!(8), &json!(3)));
    let expected = json!({
        "type": "SIGNED",
        "certificateId": id,
        "partnerId": "acme",
        "partnerName": "Acme",
        "partnerType": "Auth_Partner",
        "partnerDomain": "AUTH",
        "issuedTo": "CN=partner.example.org,O=Acme,C=IN",
        "issuedBy": "CN=www.mosip.io (PMS),OU=MOSIP-TECH-CENTER,O=IITB,L=BANGALORE,ST=KA,C=IN",
        "thumbprint": issued.thumbprint(),
        "serialNumber": issued.serial(),
        "validFrom": "2026-11-24T10:00:00.000Z",
        "validTill": "2027-11-24T10:00:00.000Z",
        "daysLeft": 4,
        "revoked": false,
    });
    assert_eq!(response["data"][1], expected);
    let authority = &response["data"][2];
    assert_eq!(authority["issuedTo"], "CN=Short,O=Test CA,C=IN");
    assert_eq!(authority["partnerName"], Value::Null);
    assert_eq!(
        rows(&expiring(&replica, "withinDays=3").await),
        ["PARTNER acme"]
    );
    let none = json!({ "pageNo": 0, "pageSize": 0, "totalResults": 0, "data": [] });
    assert_eq!(expiring(&replica, "withinDays=1").await.response(), none);
}

#[actix_web::test]
async fn the_metric_counts_authorities_that_end_and_nothing_else() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let short = |name| Authority::root_with(name, ((2026, 1, 1), (2027, 12, 1))).pem();
    for name in ["Counted", "Disabled"] {
        replica.trust(&short(name), "AUTH").await;
    }
    stage.sql(
        "UPDATE keymgr.ca_cert_store SET is_deleted = true WHERE cert_subject LIKE 'CN=Disabled%'",
    );
    // What is issued to a partner is trusted as an authority, and ends with the year.
    let partner = ("acme", "Auth_Partner");
    certify((&*stage, &replica), partner, &root.leaf("Acme"), "AUTH").await;
    stage.clock.set(at("2027-11-20T10:00:00Z"));

    let later = stage.start(&[]).await;

    let page = format!("{KM}/actuator/prometheus");
    eventually("the authorities are counted", async || {
        let page = later.fetch(&page, &[]).await.text().await.unwrap();
        let mut lines = page.lines();
        lines.any(|line| line.starts_with("ca_certificates_ending{") && line.ends_with(" 1"))
    })
    .await;
}

#[actix_web::test]
async fn only_current_certificates_are_listed_unless_all_are_requested() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (place, partner) = ((&*stage, &replica), ("acme", "Auth_Partner"));
    let leaf = root.leaf("Acme");
    let (old, _) = certify(place, partner, &leaf, "AUTH").await;
    stage.clock.set(at("2026-11-25T10:00:00Z"));
    let (new, _) = certify(place, partner, &leaf, "AUTH").await;
    revoke(&replica, &old, "superseded").await.response();
    stage.clock.set(at("2027-11-20T10:00:00Z"));

    let ids = |reply: Reply| -> Vec<(String, bool)> {
        let data = reply.response()["data"].clone();
        let rows = data.as_array().unwrap().iter();
        rows.map(|row| {
            let id = row["certificateId"].as_str().unwrap().to_owned();
            (id, row["revoked"].as_bool().unwrap())
        })
        .collect()
    };

    let signed = expiring(&replica, "type=signed").await;
    assert_eq!(ids(signed), [(new.clone(), false)]);
    let all = expiring(&replica, "type=SIGNED&all=true").await;
    assert_eq!(ids(all), [(old, true), (new, false)]);
}

#[actix_web::test]
async fn the_list_is_filtered_sorted_and_cut_in_pages() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    for (name, kind, domain) in [
        ("alpha", "Auth_Partner", "AUTH"),
        ("beta", "Device_Provider", "DEVICE"),
        ("gamma", "Auth_Partner", "AUTH"),
    ] {
        let leaf = root.leaf("Acme");
        certify((&*stage, &replica), (name, kind), &leaf, domain).await;
    }
    stage.clock.set(at("2027-11-20T10:00:00Z"));

    let sorted = "sortFieldName=partnerId&sortType=desc&pageNo=0&pageSize=2";
    let first = expiring(&replica, &format!("type=SIGNED&{sorted}")).await;
    let second = expiring(
        &replica,
        "sortFieldName=partnerId&sortType=desc&pageNo=1&pageSize=2",
    )
    .await;
    let device = expiring(&replica, "partnerDomain=dev").await;

    assert_eq!(rows(&first), ["SIGNED gamma", "SIGNED beta"]);
    assert_eq!(first.response()["totalResults"], 3);
    assert_eq!(rows(&second), ["SIGNED alpha"]);
    assert_eq!(rows(&device), ["SIGNED beta"]);
    assert_eq!(
        rows(&expiring(&replica, "partnerId=ALPH").await),
        ["SIGNED alpha"]
    );
}

#[actix_web::test]
async fn wrong_parameters_have_their_errors() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let period = "Invalid value for 'withinDays'. Expected: 1 to 365.";
    let kind = "Invalid value for 'type'. Expected: CA, PARTNER or SIGNED.";
    for (query, code, message) in [
        ("withinDays=0", "PMS_CERTIFICATE_ERROR_102", period),
        ("withinDays=366&type=x", "PMS_CERTIFICATE_ERROR_102", period),
        ("type=x&pageSize=0", "PMS_CERTIFICATE_ERROR_103", kind),
        ("pageNo=-1", "PMS_PRT_360", "Invalid Page No"),
        ("pageSize=0", "PMS_PRT_361", "Invalid page size"),
        (
            "sortFieldName=x&sortType=asc",
            "PMS_PRT_357",
            "Invalid sort field x",
        ),
    ] {
        let reply = expiring(&replica, query).await;
        assert_eq!(
            (reply.status, reply.error()),
            (200, error(code, message)),
            "{query}"
        );
    }
    assert_eq!(expiring(&replica, "withinDays=soon").await.status, 400);
}

#[actix_web::test]
async fn only_administrators_see_what_ends() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let path = format!("{CERTIFICATES}/expiring");

    let nobody = replica.get(&Who::Nobody, &path).await;
    let partner = replica
        .get(&Who::user("acme", &["AUTH_PARTNER"]), &path)
        .await;

    assert_eq!((nobody.status, partner.status), (401, 403));
}

#[actix_web::test]
async fn with_a_remote_key_manager_there_is_nothing_to_tell() {
    let stage = Stage::new();
    let remote = [
        ("key_manager.embedded", "false"),
        ("key_manager.url", "http://127.0.0.1:9"),
    ];
    let replica = stage.start(&remote).await;
    let message =
        "Expiry and revocation of certificates are not available with a remote key manager.";

    for operation in ["expiring", "revoked"] {
        let reply = replica
            .get(&admin(), &format!("{CERTIFICATES}/{operation}"))
            .await;
        assert_eq!(reply.error(), error("PMS_FEATURE_101", message));
    }
    let reply = revoke(&replica, "x", "superseded").await;
    assert_eq!(reply.error(), error("PMS_FEATURE_101", message));
    let list = replica
        .fetch("/v1/partnermanager/crl/current.crl", &[])
        .await;
    assert_eq!(list.status(), 404);
}

#[actix_web::test]
async fn rows_from_before_the_columns_are_filled_at_the_start() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let partner = ("acme", "Auth_Partner");
    certify((&*stage, &replica), partner, &root.leaf("Acme"), "AUTH").await;
    let facts = "SELECT concat_ws('|', signed_subject, signed_issuer, signed_not_before, \
                 signed_not_after, signed_serial_no, signed_thumbprint, signed_sha256, \
                 public_key_sha256) FROM keymgr.partner_cert_store WHERE cert_id <> 'bad'";
    let written = stage.text(facts);
    stage.sql(
        "UPDATE keymgr.partner_cert_store SET signed_subject = NULL, signed_issuer = NULL, \
            signed_not_before = NULL, signed_not_after = NULL, signed_serial_no = NULL, \
            signed_thumbprint = NULL, signed_sha256 = NULL, public_key_sha256 = NULL; \
         INSERT INTO keymgr.partner_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, \
            cert_not_before, cert_not_after, partner_domain, cert_data, signed_cert_data, \
            organization_name, cert_thumbprint, cert_sha256, cert_serial_no, cr_by, cr_dtimes) \
         SELECT 'bad', cert_subject, cert_issuer, issuer_id, cert_not_before, cert_not_after, \
            partner_domain, cert_data, 'unreadable', organization_name, cert_thumbprint, \
            cert_sha256, cert_serial_no, cr_by, cr_dtimes FROM keymgr.partner_cert_store",
    );
    assert_eq!(stage.text(facts), "");

    stage.start(&[]).await;

    assert_eq!(stage.text(facts), written);
}
