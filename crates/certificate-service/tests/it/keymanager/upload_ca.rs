//! POST /v1/keymanager/uploadCACertificate

use pms_pki::{pack, reading};
use serde_json::json;

use crate::support::ca::{Authority, LONG, openssl};
use crate::support::service::{Stage, echoed, error};

#[actix_web::test]
async fn a_root_and_an_intermediate_are_stored_with_their_facts() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    let sub = root.sub("Sub");

    let reply = replica.upload_ca(&root.pem(), "Auth").await;
    let expected =
        echoed(&json!({ "status": "Upload Success.", "timestamp": "2026-11-24T10:00:00" }));
    assert_eq!(reply.timeless(), expected);
    replica.trust(&sub.pem(), "AUTH").await;

    let facts = stage.text(
        "SELECT string_agg(concat_ws('|', ca_cert_type, partner_domain, cert_subject, cert_issuer, \
            cert_not_before, cert_not_after, cr_by, cr_dtimes, is_deleted), E'\\n' ORDER BY \
            ca_cert_type DESC) FROM keymgr.ca_cert_store",
    );
    let dates = "2025-01-01 00:00:00|2035-01-01 00:00:00|SYSTEM|2026-11-24 10:00:00|f";
    let name = |cn: &str| format!("CN={cn},O=Test CA,C=IN");
    let (root_name, sub_name) = (name("Root"), name("Sub"));
    assert_eq!(
        facts,
        format!(
            "ROOT|AUTH|{root_name}|{root_name}|{dates}\n\
             INTERMEDIATE|AUTH|{sub_name}|{root_name}|{dates}"
        )
    );
    let linked = "SELECT count(*) FROM keymgr.ca_cert_store a JOIN keymgr.ca_cert_store b \
                  ON a.issuer_id = b.cert_id WHERE b.ca_cert_type = 'ROOT'";
    assert_eq!(stage.text(linked), "2");
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    let with = |from, to| Authority::root_with("Other", (from, to)).pem();
    let (late, soon) = ((2035, 1, 1), (2027, 11, 23));
    let stranger = Authority::root("Unknown").sub("Orphan").pem();
    let cases = [
        (
            root.pem(),
            "AUTH",
            "KER-PCM-003",
            "Certificate already exists in store.",
        ),
        (root.pem(), "dht", "KER-PCM-011", "Invalid Partner Domain."),
        (
            with((2026, 11, 25), late),
            "AUTH",
            "KER-PMS-020",
            "Future Dated Certificate not allowed to upload.",
        ),
        (
            with(LONG.0, (2026, 11, 24)),
            "AUTH",
            "KER-PCM-004",
            "Certificate Dates are not valid.",
        ),
        (
            with(LONG.0, soon),
            "AUTH",
            "KER-PCM-017",
            "The CA Certificate validity is less than required minimum validity.",
        ),
        (
            stranger,
            "AUTH",
            "KER-PCM-005",
            "Root CA Certificate not found.",
        ),
        (
            root.sub("Sub").pem(),
            "FTM",
            "KER-PCM-005",
            "Root CA Certificate not found.",
        ),
        (
            "dgdhshj@hhdeege".to_owned(),
            "AUTH",
            "KER-CRY-003",
            " input data is not base64 encoded",
        ),
        (
            "aGVsbG8".to_owned(),
            "AUTH",
            "KER-PCM-001",
            "Invalid Certificate uploaded.",
        ),
    ];
    for (data, domain, code, message) in cases {
        let reply = replica.upload_ca(&data, domain).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "1");
}

#[actix_web::test]
async fn a_version_1_certificate_is_refused() {
    let stage = Stage::with_clock(pms_database::Clock::system());
    let replica = stage.start(&[]).await;
    let commands = [
        "req -new -newkey rsa:2048 -nodes -keyout k.pem -subj /CN=old -out r.pem",
        "x509 -req -in r.pem -signkey k.pem -days 3650 -out c.pem",
    ];
    let old = openssl(&[], &commands, "c.pem");

    let reply = replica.upload_ca(&old, "AUTH").await;

    assert_eq!(
        reply.error(),
        error(
            "KER-PCM-007",
            "Certificate version not supported. This is X.509 version 1, and version 3 is needed."
        )
    );
}

#[actix_web::test]
async fn a_bundle_is_taken_as_far_as_it_is_good() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    let sub = root.sub("Sub");
    let bundle = |authorities: &[&Authority]| {
        let read = |one: &&Authority| reading::read_certificate(&one.pem()).unwrap();
        let certificates: Vec<_> = authorities.iter().map(read).collect();
        pack::signed_certificate_data(&certificates.iter().collect::<Vec<_>>())
    };
    let status = async |data: String| {
        replica.upload_ca(&data, "DEVICE").await.response()["status"]
            .as_str()
            .unwrap()
            .to_owned()
    };

    assert_eq!(status(bundle(&[&sub, &root])).await, "Upload Success.");
    assert_eq!(status(bundle(&[&sub, &root])).await, "Upload Failed.");
    let second = root.sub("Second");
    assert_eq!(status(bundle(&[&second, &root])).await, "Upload Success.");
    let third = root.sub("Third");
    let orphan = Authority::root("Unknown").sub("Orphan");
    assert_eq!(
        status(bundle(&[&orphan, &third])).await,
        "Partial Upload Success."
    );
    assert_eq!(status(bundle(&[])).await, "Upload Failed.");
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "4");
}

#[actix_web::test]
async fn an_authority_beside_its_private_key_is_a_partial_success() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let key = openssl(&[], &["genpkey -quiet -algorithm RSA -out k.pem"], "k.pem");
    let root = Authority::root("Root");
    let data = format!("{key}{}", root.pem());

    let reply = replica.upload_ca(&data, "AUTH").await;

    assert_eq!(reply.response()["status"], "Partial Upload Success.");
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "1");
    // The key is no certificate, so the authority is the first of the text.
    let again = replica.upload_ca(&data, "AUTH").await;
    let there = error("KER-PCM-003", "Certificate already exists in store.");
    assert_eq!(again.error(), there);
}

#[actix_web::test]
async fn a_pem_text_of_which_nothing_is_stored_has_the_error_of_its_first_certificate() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let (root, unknown) = (Authority::root("Root"), Authority::root("Unknown"));
    let known = [root.sub("Sub").pem(), root.pem()].concat();
    replica.trust(&known, "AUTH").await;
    let ended = |name| Authority::root_with(name, (LONG.0, (2026, 11, 24))).pem();
    let orphan = unknown.sub("Orphan");
    let cases = [
        (known, "KER-PCM-003", "Certificate already exists in store."),
        (
            [ended("One"), ended("Other")].concat(),
            "KER-PCM-004",
            "Certificate Dates are not valid.",
        ),
        (
            [orphan.sub("Below").pem(), orphan.pem()].concat(),
            "KER-PCM-005",
            "Root CA Certificate not found.",
        ),
        (
            [ended("One"), orphan.pem()].concat(),
            "KER-PCM-004",
            "Certificate Dates are not valid.",
        ),
        (
            [orphan.pem(), root.pem()].concat(),
            "KER-PCM-005",
            "Root CA Certificate not found.",
        ),
    ];
    for (text, code, message) in cases {
        let reply = replica.upload_ca(&text, "AUTH").await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "2");
}

#[actix_web::test]
async fn roots_are_known_by_any_signature_that_can_be_verified() {
    let stage = Stage::with_clock(pms_database::Clock::system());
    let replica = stage.start(&[]).await;
    let root = |options: &str| {
        let command = format!(
            "req -x509 -newkey rsa:2048 -nodes -keyout k.pem -subj /CN=Root -days 3650 -out c.pem {options}"
        );
        openssl(&[], &[&command], "c.pem")
    };
    // The longest salt that fits, one as long as the hash, and the one of RFC 8017.
    for salt in ["max", "digest", "20"] {
        let pss = format!("-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:{salt}");
        replica.trust(&root(&pss), "AUTH").await;
    }

    let reply = replica.upload_ca(&root("-sha224"), "AUTH").await;

    assert_eq!(
        reply.error(),
        error(
            "KER-PCM-005",
            "Root CA Certificate not found. A signature of this kind can't be verified here."
        )
    );
}

#[actix_web::test]
async fn a_disabled_certificate_is_passed_over_in_a_bundle() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let (disabled, root) = (Authority::root("Disabled"), Authority::root("Root"));
    replica.trust(&disabled.pem(), "AUTH").await;
    stage.sql("UPDATE keymgr.ca_cert_store SET is_deleted = true");

    let bundle = [disabled.sub("Orphan").pem(), disabled.pem(), root.pem()].concat();
    let reply = replica.upload_ca(&bundle, "AUTH").await;

    assert_eq!(reply.response()["status"], "Partial Upload Success.");
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "2");
    let again = replica.upload_ca(&disabled.pem(), "AUTH").await;
    assert_eq!(again.error().0, "KER-PCM-003");
}

#[actix_web::test]
async fn the_same_upload_to_two_replicas_at_once_is_stored_once() {
    let stage = Stage::new();
    let (first, second) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let root = Authority::root("Root");
    let pem = root.pem();

    let (one, other) = tokio::join!(
        first.upload_ca(&pem, "AUTH"),
        second.upload_ca(&pem, "AUTH")
    );

    let refused: Vec<_> = [&one, &other]
        .into_iter()
        .filter(|reply| reply.text.contains("KER-PCM-003"))
        .collect();
    assert_eq!(refused.len(), 1, "{} {}", one.text, other.text);
    // What one stored, the other trusts at once.
    first.trust(&root.sub("A").pem(), "AUTH").await;
    second.trust(&root.sub("B").pem(), "AUTH").await;
}
