//! Texts of personal data share session keys; nothing else does.

use pms_pki::envelope::Envelope;
use pms_pki::reading;
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::service::{Replica, Stage, at, error};

fn request(data: &str) -> Value {
    json!({
        "applicationId": "PMS", "referenceId": "PII-DATA",
        "timeStamp": "2026-01-01T00:00:00Z", "data": data,
    })
}

async fn encrypt(replica: &Replica, request: Value) -> String {
    let reply = replica.km("encrypt", request).await;
    reply.response()["data"].as_str().unwrap().to_owned()
}

async fn seal(replica: &Replica) -> String {
    encrypt(replica, request("YWNtZQ==")).await
}

fn batch(data: &Value) -> Value {
    json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "data": data })
}

async fn open_all(replica: &Replica, texts: &Value) -> Value {
    let reply = replica.km("decryptBatch", batch(texts)).await;
    reply.response()["data"].clone()
}

fn wrapped(text: &str) -> Vec<u8> {
    Envelope::parse(text).unwrap().wrapped_key().to_vec()
}

/// RSA operations with private keys so far.
async fn unwrapped(replica: &Replica) -> u32 {
    let page = replica
        .get(&Who::Nobody, "/v1/keymanager/actuator/prometheus")
        .await;
    let line = page.text.lines().find_map(|line| {
        let (name, value) = line.rsplit_once(' ')?;
        name.starts_with("session_keys_unwrapped_total")
            .then_some(value)
    });
    line.unwrap().parse().unwrap()
}

#[actix_web::test]
async fn texts_of_an_hour_share_a_session_key_that_any_reader_opens() {
    let stage = Stage::new();
    let (replica, other) = tokio::join!(stage.start(&[]), stage.start(&[]));

    let first = seal(&replica).await;
    stage.clock.set(at("2026-11-24T10:59:59Z"));
    let reply = replica
        .km("encryptBatch", batch(&json!(["b25l", "dHdv"])))
        .await;
    let shared: Vec<String> = serde_json::from_value(reply.response()["data"].clone()).unwrap();
    stage.clock.set(at("2026-11-24T11:00:00Z"));
    let later = seal(&replica).await;

    assert_eq!(wrapped(&shared[0]), wrapped(&first));
    assert_eq!(wrapped(&shared[1]), wrapped(&first));
    assert_ne!(wrapped(&later), wrapped(&first));
    for (text, plain) in [
        (&first, "YWNtZQ=="),
        (&shared[0], "b25l"),
        (&shared[1], "dHdv"),
        (&later, "YWNtZQ=="),
    ] {
        assert!(pms_integrations::key_manager::is_sealed(text));
        let opened = other.km("decrypt", request(text)).await;
        assert_eq!(opened.response(), json!({ "data": plain }));
    }
}

#[actix_web::test]
async fn all_other_texts_have_a_session_key_of_their_own() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let mut salted = request("YWNtZQ==");
    salted["salt"] = json!("MTIzNDU2Nzg5MDEy");
    let mut with_aad = salted.clone();
    with_aad["aad"] = json!("YWFk");
    let mut of_another_key = request("YWNtZQ==");
    of_another_key["referenceId"] = json!("OTHER");

    let shared = wrapped(&seal(&replica).await);
    for request in [salted, with_aad, of_another_key] {
        let one = encrypt(&replica, request.clone()).await;
        let two = encrypt(&replica, request.clone()).await;

        assert_ne!(wrapped(&one), wrapped(&two), "{request}");
        assert_ne!(wrapped(&one), shared, "{request}");
    }
    assert_eq!(wrapped(&seal(&replica).await), shared);
}

#[actix_web::test]
async fn another_certificate_ends_the_session_key() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let before = seal(&replica).await;

    stage.sql(
        "UPDATE keymgr.key_alias SET key_expire_dtimes = timestamp '2026-11-24 09:59:00' \
         WHERE app_id = 'PMS' AND ref_id = 'PII-DATA'",
    );
    let after = seal(&replica).await;

    let thumbprint = |text: &str| *Envelope::parse(text).unwrap().thumbprint().unwrap();
    let certificate = replica.certificate("PMS", "PII-DATA").await;
    let certificate = reading::read_certificate(&certificate).unwrap();
    assert_eq!(thumbprint(&after), certificate.encoding_sha256());
    assert_ne!(thumbprint(&before), thumbprint(&after));
    let opened = open_all(&replica, &json!([before, after, before])).await;
    assert_eq!(opened, json!(["YWNtZQ==", "YWNtZQ==", "YWNtZQ=="]));
}

#[actix_web::test]
async fn a_cold_batch_costs_one_operation_for_each_session_key() {
    let stage = Stage::new();
    let (one, two) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let mut texts = Vec::new();
    for _ in 0..40 {
        texts.push(seal(&one).await);
        texts.push(seal(&two).await);
    }
    let reader = stage.start(&[]).await;
    let expected = json!(vec!["YWNtZQ=="; texts.len()]);
    let texts = json!(texts);

    let calls = (0..8).map(|_| open_all(&reader, &texts));
    let opened = futures_util::future::join_all(calls).await;

    assert!(opened.iter().all(|opened| *opened == expected));
    assert_eq!(unwrapped(&reader).await, 2);
    let single = reader
        .km("decrypt", request(texts[0].as_str().unwrap()))
        .await;
    assert_eq!(single.response()["data"], "YWNtZQ==");
    assert_eq!(unwrapped(&reader).await, 2);
}

/// More session keys than one piece of work unwraps, in any order.
#[actix_web::test]
async fn texts_with_a_session_key_each_come_back_in_order() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let certificate = replica.certificate("PMS", "PII-DATA").await;
    let certificate = reading::read_certificate(&certificate).unwrap();
    let plain: Vec<String> = (0..200).map(|number| format!("number {number}")).collect();
    let mut texts: Vec<Value> = plain
        .iter()
        .map(|text| {
            let sealed = pms_pki::envelope::encrypt(&certificate, text.as_bytes(), None);
            json!(sealed.unwrap())
        })
        .collect();
    let mut expected: Vec<Value> = plain
        .iter()
        .map(|text| json!(reading::encode_data(text.as_bytes())))
        .collect();
    texts.insert(100, json!("plain"));
    expected.insert(100, Value::Null);

    let opened = open_all(&replica, &json!(texts)).await;

    assert_eq!(opened, json!(expected));
    assert_eq!(unwrapped(&replica).await, 200);
}

#[actix_web::test]
async fn a_wrapped_key_that_was_tampered_with_harms_no_other_text() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let good = seal(&replica).await;
    let mut bytes = reading::decode_data(&good).unwrap();
    bytes[100] ^= 1;
    let tampered = reading::encode_data(&bytes);

    for _ in 0..2 {
        let opened = open_all(&replica, &json!([tampered, good, tampered])).await;
        assert_eq!(opened, json!([null, "YWNtZQ==", null]));
    }

    assert_eq!(unwrapped(&replica).await, 2);
    let refused = replica.km("decrypt", request(&tampered)).await;
    assert_eq!(refused.error().0, "KER-KMS-019");
}

#[actix_web::test]
async fn a_batch_to_encrypt_has_the_rules_of_a_single_text() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let ask = async |request: Value| replica.km("encryptBatch", request).await;
    let mut master = batch(&json!(["YQ"]));
    master["referenceId"] = json!(" ");

    let missing = error("KER-KMS-005", "request.data should not be null or empty");
    assert_eq!(ask(batch(&Value::Null)).await.error(), missing);
    assert_eq!(
        ask(batch(&json!([]))).await.response(),
        json!({ "data": [] })
    );
    assert_eq!(ask(master).await.error().0, "KER-CRY-011");
    for data in [json!(["YQ", "a b"]), json!(["YQ", null])] {
        assert_eq!(ask(batch(&data)).await.error().0, "KER-CRY-003", "{data}");
    }
    let mut unknown = batch(&json!(["YQ"]));
    unknown["applicationId"] = json!("NOBODY");
    assert_eq!(ask(unknown).await.error().0, "KER-KMS-012");
    // Another key: each text with a session key of its own.
    let mut other = batch(&json!(["YQ", "YQ"]));
    other["referenceId"] = json!("OTHER");
    let sealed = ask(other).await.response();
    let sealed = sealed["data"].as_array().unwrap();
    let wrapped_keys: Vec<_> = sealed
        .iter()
        .map(|text| wrapped(text.as_str().unwrap()))
        .collect();
    assert_ne!(wrapped_keys[0], wrapped_keys[1]);
}
