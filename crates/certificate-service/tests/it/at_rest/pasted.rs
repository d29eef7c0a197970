//! A private key that was pasted in the place of a certificate goes nowhere.

use pms_testkit::{Who, logs};
use serde_json::json;

use super::leaks::traces;
use crate::support::ca::{Authority, openssl};
use crate::support::service::{KM, PARTNERS, Stage, zonal};

#[actix_web::test]
async fn a_pasted_private_key_is_neither_stored_nor_answered_nor_logged() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "DEVICE").await;
    stage.partner("devices", "Devices Ltd", "Device_Provider");
    let key = openssl(&[], &["genpkey -quiet -algorithm RSA -out k.pem"], "k.pem");
    let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    let secret = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD
            .decode(&body)
            .unwrap()
    };
    let traces = traces(&secret);
    let sign_of_life = format!("looking for {}", pms_database::ids::uuid());
    logs::watch(&traces);
    logs::watch(std::slice::from_ref(&sign_of_life));
    tracing::debug!("{sign_of_life}");
    let mut output = String::new();
    for text in [
        key.clone(),
        key.replace('\n', "\\n"),
        key.replace("PRIVATE KEY", "CERTIFICATE"),
        key.replace("-----END", ""),
        body.clone(),
        format!("-----BEGIN {body}-----"),
        // The certificate is taken, and the key left.
        format!("{}{key}", root.pem()),
        format!("{}{key}", root.leaf("Devices Ltd")),
        // The key first, and then the authority.
        format!("{key}{}", root.sub("Behind a key").pem()),
    ] {
        let authority = json!({ "certificateData": text, "partnerDomain": "DEVICE" });
        let partner = json!({
            "partnerId": "devices", "certificateData": text, "partnerDomain": "DEVICE",
        });
        let admin = zonal();
        output += &replica
            .post(
                &admin,
                &format!("{KM}/uploadCACertificate"),
                authority.clone(),
            )
            .await
            .text;
        let path = format!("{PARTNERS}/certificate/ca/upload");
        output += &replica.post(&admin, &path, authority).await.text;
        let owner = Who::user("devices", &["DEVICE_PROVIDER"]);
        let path = format!("{PARTNERS}/certificate/upload");
        output += &replica.post(&owner, &path, partner).await.text;
        // A request that is none.
        output += &replica.post(&admin, &path, json!(text)).await.text;
    }
    for table in [
        "keymgr.ca_cert_store",
        "keymgr.partner_cert_store",
        "pms.outbox",
        "pms.partner_h",
    ] {
        output += &stage.text(&format!("SELECT string_agg(t::text, '') FROM {table} t"));
    }

    assert!(output.contains("This is a private key"), "{output}");
    assert!(output.contains("Partial Upload Success."), "{output}");
    assert!(!output.contains("\"Upload Success.\""), "{output}");
    for trace in &traces {
        assert!(!output.contains(trace), "{trace}");
    }
    assert_eq!(logs::holding(&[sign_of_life]).len(), 1);
    assert_eq!(logs::holding(&traces), Vec::<String>::new());
}
