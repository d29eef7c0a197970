//! POST /v1/keymanager/encrypt, /decrypt and /decryptBatch

use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Nonce};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_pki::{Certificate, reading};
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::ca::{Authority, openssl};
use crate::support::service::{KM, Replica, Stage, error};

fn request(app_id: &str, ref_id: &str, data: &str) -> Value {
    json!({ "applicationId": app_id, "referenceId": ref_id, "timeStamp": "2026-01-01T00:00:00Z", "data": data })
}

async fn seal(replica: &Replica, data: &str) -> String {
    let reply = replica
        .km("encrypt", request("PMS", "PII-DATA", data))
        .await;
    reply.response()["data"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn data_comes_back_and_names_the_key_that_sealed_it() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;

    let sealed = seal(&replica, "YWNtZUBleGFtcGxlLm9yZw==").await;

    assert!(
        pms_integrations::key_manager::is_sealed(&sealed),
        "{sealed}"
    );
    let bytes = reading::decode_data(&sealed).unwrap();
    let certificate = replica.certificate("PMS", "PII-DATA").await;
    let certificate = reading::read_certificate(&certificate).unwrap();
    assert_eq!(&bytes[6..38], certificate.sha256());
    let opened = replica
        .km("decrypt", request("PMS", "PII-DATA", &sealed))
        .await;
    assert_eq!(
        opened.response(),
        json!({ "data": "YWNtZUBleGFtcGxlLm9yZw==" })
    );
    assert_ne!(seal(&replica, "YWNtZUBleGFtcGxlLm9yZw==").await, sealed);
}

#[actix_web::test]
async fn a_salt_takes_the_place_of_the_header() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let salted = |data: &str, salt: &str| {
        let mut request = request("PMS", "PII-DATA", data);
        request["salt"] = json!(salt);
        request["aad"] = json!("YWFk");
        request
    };

    let sealed = replica
        .km("encrypt", salted("YWNtZQ==", "MTIzNDU2Nzg5MDEy"))
        .await
        .response();
    let sealed = sealed["data"].as_str().unwrap();

    let bytes = reading::decode_data(sealed).unwrap();
    let certificate = replica.certificate("PMS", "PII-DATA").await;
    let certificate = reading::read_certificate(&certificate).unwrap();
    assert_eq!(&bytes[..32], certificate.sha256());
    let opened = replica
        .km("decrypt", salted(sealed, "MTIzNDU2Nzg5MDEy"))
        .await;
    assert_eq!(opened.response()["data"], "YWNtZQ==");
    let invalid = error(
        "KER-CRY-003",
        "data sent to decrypt is without key splitter or invalid",
    );
    let other = replica
        .km("decrypt", salted(sealed, "MTIzNDU2Nzg5MDEz"))
        .await;
    assert_eq!(other.error(), invalid);
    assert_eq!(
        replica
            .km("encrypt", salted("YWNtZQ==", "c2hvcnQ"))
            .await
            .error(),
        invalid
    );
}

#[actix_web::test]
async fn data_of_an_older_key_manager_is_read() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let current = seal(&replica, "YWNtZQ==").await;
    let certificate = replica.certificate("PMS", "PII-DATA").await;
    let certificate = reading::read_certificate(&certificate).unwrap();

    let old = encrypt_as_1_1_5(&certificate, b"acme");

    assert!(pms_integrations::key_manager::is_sealed(&old), "{old}");
    let opened = replica
        .km("decrypt", request("PMS", "PII-DATA", &old))
        .await;
    assert_eq!(opened.response(), json!({ "data": "YWNtZQ==" }));
    let batch = json!({
        "applicationId": "PMS", "referenceId": "PII-DATA", "data": [old, current],
    });
    assert_eq!(
        replica.km("decryptBatch", batch).await.response(),
        json!({ "data": ["YWNtZQ==", "YWNtZQ=="] })
    );
}

/// base64url without padding; no header, and a nonce of 16 bytes at the end.
fn encrypt_as_1_1_5(recipient: &Certificate, plain: &[u8]) -> String {
    let (key, nonce) = ([5; 32], [6; 16]);
    let public = PublicEncryptingKey::from_der(recipient.public_key().info()).unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let mut wrapped = [0; 256];
    public
        .encrypt(&OAEP_SHA256_MGF1SHA256, &key, &mut wrapped, None)
        .unwrap();
    let cipher = AesGcm::<Aes256, U16>::new_from_slice(&key).unwrap();
    let mut data = plain.to_vec();
    cipher
        .encrypt_in_place(&Nonce::<U16>::from(nonce), &[], &mut data)
        .unwrap();
    let thumbprint = recipient.sha256();
    let parts = [&thumbprint[..], &wrapped, b"#KEY_SPLITTER#", &data, &nonce];
    URL_SAFE_NO_PAD.encode(parts.concat())
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let sealed = seal(&replica, "YWNtZQ").await;
    let mut untimed = request("PMS", "PII-DATA", "YQ");
    untimed["timeStamp"] = Value::Null;
    let master =
        "Not Allowed to preform encryption with Master Key. Use Base/Encrypt key to encrypt data.";
    let splitter = "data sent to decrypt is without key splitter or invalid";
    let untimely = "request.timeStamp should not be null or empty";
    let with = |field: &str, value: &str| {
        let mut request = request("PMS", "PII-DATA", "YQ");
        request[field] = json!(value);
        request
    };
    let unsalted = "request.salt should not be null or empty";
    let unattached = "request.aad should not be null or empty";
    let cases = [
        ("encrypt", request("PMS", " ", "YQ"), "KER-CRY-011", master),
        (
            "encrypt",
            request("KERNEL", "SIGN", "YQ"),
            "KER-CRY-011",
            master,
        ),
        (
            "encrypt",
            request("PMS", "ed25519_sign", "YQ"),
            "KER-CRY-011",
            master,
        ),
        (
            "encrypt",
            request("PMS", "PII-DATA", "a b"),
            "KER-CRY-003",
            " input data is not base64 encoded",
        ),
        ("encrypt", untimed, "KER-KMS-005", untimely),
        ("encrypt", with("salt", ""), "KER-KMS-005", unsalted),
        ("decrypt", with("salt", " "), "KER-KMS-005", unsalted),
        ("encrypt", with("salt", "a \n"), "KER-KMS-005", unsalted),
        ("decrypt", with("aad", "a"), "KER-KMS-005", unattached),
        (
            "encrypt",
            request("NOBODY", "R", "YQ"),
            "KER-KMS-012",
            "Key Generation Process is not completed.",
        ),
        (
            "decrypt",
            request("PMS", "PII-DATA", "YWNtZQ"),
            "KER-CRY-003",
            splitter,
        ),
        (
            "decrypt",
            request("REGISTRATION", "PII-DATA", &sealed),
            "KER-KMS-024",
            "Application Id & Reference Id not matching with the input thumbprint.",
        ),
        (
            "decrypt",
            request("NOBODY", "PII-DATA", &sealed),
            "KER-CRY-012",
            "Not Allowed to preform decryption for the provided application id and with authentication token",
        ),
    ];
    for (operation, request, code, message) in cases {
        let reply = replica.km(operation, request.clone()).await;
        assert_eq!(
            (reply.status, reply.error()),
            (200, error(code, message)),
            "{request}"
        );
    }
}

#[actix_web::test]
async fn nothing_is_encrypted_for_a_key_that_can_not_and_none_is_made_instead() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let curve = Authority::root("Curve").pem();
    let short = "req -x509 -newkey rsa:1024 -nodes -keyout k.pem -subj /CN=short -out c.pem";
    let short = openssl(&[], &[short], "c.pem");
    let what = "Invalid request. The key of this certificate can't encrypt: that takes RSA of \
                2048 to 8192 bits.";
    stage.clock.set(std::time::SystemTime::now().into());
    for (id, pem) in [("curve", curve), ("short", short)] {
        let upload =
            json!({ "applicationId": "PARTNER", "referenceId": id, "certificateData": pem });
        let reply = replica.km("uploadOtherDomainCertificate", upload).await;
        assert_eq!(reply.response()["status"], "Upload Success");
        let mut salted = request("PARTNER", id, "YQ");
        salted["salt"] = json!("MTIzNDU2Nzg5MDEy");
        let batch = json!({ "applicationId": "PARTNER", "referenceId": id, "data": ["YQ"] });
        for (operation, request) in [
            ("encrypt", request("PARTNER", id, "YQ")),
            ("encrypt", salted),
            ("encryptBatch", batch),
        ] {
            let reply = replica.km(operation, request).await;
            assert_eq!(
                (reply.status, reply.error()),
                (200, error("KER-KMS-005", what)),
                "{id}"
            );
        }
    }
    // Data of 1.1.5 names no key: the one of the request's names would be made.
    let personal = replica.certificate("PMS", "PII-DATA").await;
    let old = encrypt_as_1_1_5(&reading::read_certificate(&personal).unwrap(), b"acme");
    let unnamed = URL_SAFE_NO_PAD.encode(&URL_SAFE_NO_PAD.decode(old).unwrap()[32..]);
    let reply = replica
        .km("decrypt", request("PMS", "ed25519_sign", &unnamed))
        .await;
    let unreadable = "Not able to decrypt Symmetric Key using the Private Key.";
    assert_eq!(reply.error(), error("KER-KMS-019", unreadable));
    let made = "SELECT count(*) FROM keymgr.key_alias WHERE ref_id ILIKE 'ed25519_sign'";
    assert_eq!(stage.text(made), "0");
}

#[actix_web::test]
async fn damaged_data_and_unknown_keys_have_codes_of_their_own() {
    let stage = Stage::new();
    let (replica, elsewhere) = (stage.start(&[]).await, Stage::new());
    let sealed = seal(&replica, "YWNtZQ").await;
    let mut bytes = reading::decode_data(&sealed).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let damaged = reading::encode_data(&bytes);
    let foreign = seal(&elsewhere.start(&[]).await, "YWNtZQ").await;
    let decrypt = async |data: &str| {
        replica
            .km("decrypt", request("PMS", "PII-DATA", data))
            .await
    };

    let splitter = "data sent to decrypt is without key splitter or invalid";
    assert_eq!(
        decrypt(&damaged).await.error(),
        error("KER-CRY-003", splitter)
    );
    let unknown = "Key Not found for the thumbprint prepended in encrypted data.";
    assert_eq!(
        decrypt(&foreign).await.error(),
        error("KER-KMS-025", unknown)
    );
}

#[actix_web::test]
async fn data_for_another_domain_can_be_sealed_but_not_opened() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let leaf = Authority::root("Root").leaf("Acme");
    let upload =
        json!({ "applicationId": "PARTNER", "referenceId": "acme", "certificateData": leaf });
    replica
        .km("uploadOtherDomainCertificate", upload)
        .await
        .response();

    let sealed = replica
        .km("encrypt", request("PARTNER", "acme", "YWNtZQ"))
        .await
        .response();
    let sealed = sealed["data"].as_str().unwrap();
    stage.sql(
        "INSERT INTO keymgr.key_policy_def (app_id, key_validity_duration, pre_expire_days, \
         access_allowed, is_active, cr_by, cr_dtimes) \
         VALUES ('PARTNER', 1, 0, 'NA', true, 'SYSTEM', now())",
    );
    let opened = replica
        .km("decrypt", request("PARTNER", "acme", sealed))
        .await;

    let message = "Not Allowed to perform decryption with other domain key.";
    assert_eq!(opened.error(), error("KER-KMS-018", message));
}

#[actix_web::test]
async fn a_batch_keeps_its_order_and_says_null_where_nothing_opens() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let (one, two) = (seal(&replica, "b25l").await, seal(&replica, "dHdv").await);
    let batch =
        |data: Value| json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "data": data });

    let data = json!([one, "plain text", null, two, one]);
    let reply = replica.km("decryptBatch", batch(data)).await;
    assert_eq!(
        reply.response(),
        json!({ "data": ["b25l", null, null, "dHdv", "b25l"] })
    );

    assert_eq!(
        replica
            .km("decryptBatch", batch(json!([])))
            .await
            .response(),
        json!({ "data": [] })
    );
    let missing = replica.km("decryptBatch", batch(Value::Null)).await;
    assert_eq!(
        missing.error(),
        error("KER-KMS-005", "request.data should not be null or empty")
    );
    stage.sql("UPDATE keymgr.key_policy_def SET access_allowed = 'else' WHERE app_id = 'PMS'");
    let forbidden = replica.km("decryptBatch", batch(json!([two]))).await;
    assert_eq!(forbidden.error().0, "KER-CRY-012");
}

/// One look-up, not one for each.
#[actix_web::test]
async fn thousands_of_keys_that_do_not_exist_cost_few_statements() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let sealed = seal(&replica, "b25l").await;
    let bytes = reading::decode_data(&sealed).unwrap();
    let mut texts: Vec<String> = (0_u32..19_998)
        .map(|number| {
            let mut text = bytes[..6].to_vec();
            text.extend([number.to_be_bytes(); 8].concat());
            text.extend(b"#KEY_SPLITTER#");
            reading::encode_data(&text)
        })
        .collect();
    texts.insert(7, sealed.clone());
    texts.push(sealed);
    let batch = json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "data": texts });

    let opened = replica.km("decryptBatch", batch).await.response();

    let opened = opened["data"].as_array().unwrap();
    let found = opened.iter().enumerate().filter(|(_, one)| !one.is_null());
    let found: Vec<_> = found.map(|(place, one)| (place, one.clone())).collect();
    assert_eq!(found, [(7, json!("b25l")), (19_999, json!("b25l"))]);
}

#[actix_web::test]
async fn many_readers_at_once_all_get_their_data() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let sealed = seal(&replica, "YWNtZQ").await;
    let who = Who::user("reader", &["ZONAL_ADMIN"]);
    let path = format!("{KM}/decrypt");
    let calls = (0..64).map(|_| replica.post(&who, &path, request("PMS", "PII-DATA", &sealed)));

    let replies = futures_util::future::join_all(calls).await;

    assert!(
        replies
            .iter()
            .all(|reply| reply.response()["data"] == "YWNtZQ==")
    );
}
