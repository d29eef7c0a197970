//! Who may use the embedded key manager (contract keymanager.md §2).

use pms_testkit::{Who, tokens};
use serde_json::{Value, json};

use crate::support::keys::named;
use crate::support::service::{KM, Replica, Stage, error};

/// Roles of other parts of the platform, which the reference lets do much.
const OTHERS: [&str; 8] = [
    "INDIVIDUAL",
    "RESIDENT",
    "REGISTRATION_OFFICER",
    "ID_AUTHENTICATION",
    "PARTNER",
    "ID_REPOSITORY",
    "CREDENTIAL_REQUEST",
    "HOTLIST_ADMIN",
];

async fn status(replica: &Replica, who: &Who, operation: &str, request: Value) -> u16 {
    let reply = replica
        .post(who, &format!("{KM}/{operation}"), request)
        .await;
    if reply.status == 403 {
        assert_eq!(reply.error(), error("KER-ATH-403", "Forbidden"));
    }
    reply.status
}

fn forced(app_id: &str) -> Value {
    let mut request = named(app_id, "");
    request["force"] = json!(true);
    request
}

/// Data for the key of personal data.
fn data() -> Value {
    json!({
        "applicationId": "PMS", "referenceId": "PII-DATA", "data": "eA",
        "timeStamp": "2026-11-24T10:00:00.000Z",
    })
}

/// A token of this client with the role to encrypt.
fn of_client(replica: &Replica, client: Option<&str>) -> Who {
    let expires = replica.now() + 3600;
    let mut claims = tokens::claims("somebody", &["ZONAL_ADMIN"], expires);
    claims["azp"] = json!(client);
    Who::Token(tokens::sign(&claims))
}

#[actix_web::test]
async fn other_roles_may_nothing() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let who = Who::user("somebody", &OTHERS);
    let full = json!({
        "certificateData": "x", "partnerDomain": "AUTH", "organizationName": "x",
        "applicationId": "ROOT", "referenceId": "R", "timeStamp": "x", "data": "eA", "force": true,
        "dataToSign": "e30", "jwtSignatureData": "x", "partnerCertIds": [],
    });
    for operation in [
        "generateMasterKey/CERTIFICATE",
        "generateECSignKey/CERTIFICATE",
        "generateCSR",
        "uploadCertificate",
        "uploadOtherDomainCertificate",
        "uploadCACertificate",
        "uploadPartnerCertificate",
        "verifyCertificateTrust",
        "getCaCertificates",
        "getPartnerCertificates",
        "encrypt",
        "decrypt",
        "decryptBatch",
        "encryptBatch",
        "jwtSign",
        "jwtVerify",
    ] {
        let mut request = full.clone();
        if operation.ends_with("Batch") {
            request["data"] = json!([]);
        }
        let status = status(&replica, &who, operation, request).await;
        assert_eq!(status, 403, "{operation}");
    }
}

#[actix_web::test]
async fn keys_of_root_and_pms_are_for_the_key_maker() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let roles = ["GLOBAL_ADMIN", "ZONAL_ADMIN", "PARTNER_ADMIN"];
    let (admin, maker) = (Who::user("a", &roles), Who::user("k", &["KEY_MAKER"]));
    let root = replica.certificate("ROOT", "").await;
    for app_id in ["ROOT", "PMS", "root", " PMS "] {
        let mut upload = forced(app_id);
        upload["certificateData"] = json!(root);
        for operation in ["uploadCertificate", "uploadOtherDomainCertificate"] {
            let refused = status(&replica, &admin, operation, upload.clone()).await;
            assert_eq!(refused, 403, "{operation} {app_id}");
        }
    }
    assert_eq!(replica.certificate("ROOT", "").await, root);
    let path = format!("{KM}/generateMasterKey/CERTIFICATE");
    replica.post(&maker, &path, forced("ROOT")).await.response();
    assert_ne!(replica.certificate("ROOT", "").await, root);
    let csr = replica
        .post(&maker, &format!("{KM}/generateCSR"), named("PMS", ""))
        .await;
    assert!(csr.response()["certSignRequest"].is_string());
}

#[actix_web::test]
async fn the_onboarding_client_keeps_what_it_calls() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let roles = ["GLOBAL_ADMIN", "ID_AUTHENTICATION", "PARTNER_ADMIN"];
    let client = Who::user("service-account-mosip-deployment-client", &roles);
    // The keys of another application, as the installation makes them.
    replica
        .km("generateMasterKey/CERTIFICATE", named("RESIDENT", ""))
        .await
        .response();

    let path =
        format!("{KM}/getCertificate?applicationId=RESIDENT&referenceId=mpartner-default-resident");
    let leaf = replica.get(&client, &path).await.response();
    let mut upload = named("RESIDENT", "mpartner-default-resident");
    upload["certificateData"] = leaf["certificate"].clone();
    let again = replica
        .post(&client, &format!("{KM}/uploadCertificate"), upload)
        .await;

    assert_eq!(again.response()["status"], "Upload Success");
    let root = replica
        .get(
            &client,
            &format!("{KM}/getCertificate?applicationId=ROOT&referenceId="),
        )
        .await;
    assert!(root.response()["certificate"].is_string());
}

#[actix_web::test]
async fn personal_data_is_for_the_clients_of_this_system() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let ours = of_client(&replica, Some("mosip-pms-client"));
    let encrypted = replica
        .post(&ours, &format!("{KM}/encrypt"), data())
        .await
        .response();
    let mut sealed = data();
    sealed["data"] = encrypted["data"].clone();
    let mut batch = sealed.clone();
    batch["data"] = json!([encrypted["data"]]);

    for client in [Some("mosip-resident-client"), Some(""), None] {
        let who = of_client(&replica, client);
        for (operation, request) in [
            ("encrypt", data()),
            ("decrypt", sealed.clone()),
            ("decryptBatch", batch.clone()),
            ("encryptBatch", batch.clone()),
        ] {
            assert_eq!(
                status(&replica, &who, operation, request).await,
                403,
                "{operation} {client:?}"
            );
        }
        // A request without a reference is about every key of the application.
        for reference in [json!(""), json!(" "), Value::Null] {
            for (operation, request) in [("decrypt", &sealed), ("decryptBatch", &batch)] {
                let mut request = request.clone();
                request["referenceId"] = reference.clone();
                let status = status(&replica, &who, operation, request).await;
                assert_eq!(status, 403, "{operation} {reference}");
            }
        }
        // Another name of the key does not open it.
        let mut other = sealed.clone();
        other["referenceId"] = json!("OTHER");
        let reply = replica.post(&who, &format!("{KM}/decrypt"), other).await;
        assert!(reply.error().0.starts_with("KER-"), "{}", reply.text);
    }
    assert_eq!(
        status(&replica, &ours, "decrypt", sealed.clone()).await,
        200
    );

    let clients = [("key_manager.personal_data_clients", "one,two")];
    let replica = stage.start(&clients).await;
    let two = of_client(&replica, Some("two"));
    assert_eq!(status(&replica, &two, "decrypt", sealed.clone()).await, 200);
    assert_eq!(status(&replica, &ours, "decrypt", sealed).await, 403);
}

#[actix_web::test]
async fn the_roles_of_the_reference_are_a_switch() {
    let stage = Stage::new();
    let replica = stage
        .start(&[("security.key_manager_roles", "reference")])
        .await;
    let individual = Who::user("somebody", &["INDIVIDUAL"]);

    for (operation, request) in [
        ("generateMasterKey/CERTIFICATE", forced("PMS")),
        ("encrypt", data()),
    ] {
        assert_eq!(
            status(&replica, &individual, operation, request).await,
            200,
            "{operation}"
        );
    }
}
