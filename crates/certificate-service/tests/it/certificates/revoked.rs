//! GET /v1/partnermanager/certificates/revoked

use pms_testkit::Who;
use serde_json::json;

use crate::support::revocation::{
    CERTIFICATES, admin, certify, issuer_name, revoke, trusting, upload,
};
use crate::support::service::{Stage, at, error};

#[actix_web::test]
async fn revocations_are_listed_latest_first() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let partner = ("acme", "Device_Provider");
    let leaf = root.leaf("Acme");
    let (first, issued) = certify((&*stage, &replica), partner, &leaf, "DEVICE").await;
    let (second, _) = upload(&replica, &leaf, "AUTH").await;
    revoke(&replica, &first, "superseded").await.response();
    stage.clock.set(at("2026-11-24T11:00:00Z"));
    revoke(&replica, &second, "unspecified").await.response();
    let list = async |query: &str| {
        let path = format!("{CERTIFICATES}/revoked?{query}");
        replica.get(&admin(), &path).await
    };

    let body = list("").await.timeless();

    assert_eq!(body["id"], "mosip.pms.revoked.certificates.get");
    let response = &body["response"];
    assert_eq!(response["totalResults"], 2);
    assert_eq!(response["data"][0]["certificateId"], json!(second));
    let expected = json!({
        "certificateId": first,
        "partnerId": "acme",
        "organizationName": "Acme",
        "partnerDomain": "DEVICE",
        "issuedTo": "CN=partner.example.org,O=Acme,C=IN",
        "thumbprint": issued.thumbprint(),
        "serialNumber": issued.serial(),
        "validTill": "2027-11-24T10:00:00.000Z",
        "reason": "superseded",
        "revokedBy": "admin",
        "revokedDateTime": "2026-11-24T10:00:00.000Z",
        "crl": format!("{}.crl", issuer_name(&issued)),
    });
    assert_eq!(response["data"][1], expected);
    let ids = |body: serde_json::Value| body["data"][0]["certificateId"].clone();
    assert_eq!(
        ids(list("reason=superseded").await.response()),
        json!(first)
    );
    assert_eq!(
        ids(list("partnerDomain=auth").await.response()),
        json!(second)
    );
    let page = list("sortFieldName=revokedDateTime&sortType=asc&pageNo=1&pageSize=1").await;
    assert_eq!(ids(page.response()), json!(second));
    let half = list("sortType=asc").await;
    assert_eq!(half.error().0, "PMS_PS_ERROR_007");
}

#[actix_web::test]
async fn only_administrators_see_revocations() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let path = format!("{CERTIFICATES}/revoked");

    let nobody = replica.get(&Who::Nobody, &path).await;
    let partner = replica
        .get(&Who::user("acme", &["AUTH_PARTNER"]), &path)
        .await;

    assert_eq!(nobody.status, 401);
    assert_eq!(
        (partner.status, partner.error()),
        (403, error("KER-ATH-403", "Forbidden"))
    );
}
