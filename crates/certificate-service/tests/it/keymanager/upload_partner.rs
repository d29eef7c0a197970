//! POST /v1/keymanager/uploadPartnerCertificate and the reads of what it stores

use pms_pki::certificate::Certificate;
use pms_pki::{pack, reading};
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::ca::{Authority, LONG, openssl, self_signed_leaf};
use crate::support::keys::{KeyOf, certificate, named};
use crate::support::service::{KM, Stage, error, unnamed, zonal};

fn chain(response: &Value) -> Vec<Certificate> {
    reading::read_chain(response["signedCertificateData"].as_str().unwrap()).unwrap()
}

#[actix_web::test]
async fn a_certificate_is_reissued_under_our_own_root() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;

    let response = replica
        .upload_partner(&root.leaf("Acme, Inc."), "Acme, Inc.", "auth")
        .await;
    let response = response.response();

    let chain = chain(&response);
    let [leaf, pms, our_root] = chain.as_slice() else {
        panic!("{} certificates", chain.len())
    };
    assert_eq!(response["timestamp"], "2026-11-24T10:00:00");
    assert_eq!(
        pack::certificate_pem(pms),
        replica.certificate("PMS", "").await
    );
    assert_eq!(
        pack::certificate_pem(our_root),
        replica.certificate("ROOT", "").await
    );
    let validity = leaf.validity();
    assert_eq!(
        validity.not_before.to_rfc3339(),
        "2026-11-24T10:00:00+00:00"
    );
    assert_eq!(validity.not_after.to_rfc3339(), "2027-11-24T10:00:00+00:00");
    assert_eq!(
        leaf.subject().text(),
        "CN=partner.example.org,O=Acme\\, Inc.,C=IN"
    );
    let files = [
        ("leaf.pem", pack::certificate_pem(leaf)),
        ("pms.pem", pack::certificate_pem(pms)),
        ("root.pem", pack::certificate_pem(our_root)),
    ];
    let files: Vec<_> = files
        .iter()
        .map(|(name, pem)| (*name, pem.as_str()))
        .collect();
    let verify = "verify -attime 1795600000 -CAfile root.pem -untrusted pms.pem leaf.pem";
    openssl(&files, &[verify], "leaf.pem");
}

#[actix_web::test]
async fn the_chain_of_a_certified_pms_key_leads_to_the_authority_that_certified_it() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let government = Authority::root("Government");
    let bridge = government.sub("Bridge");
    let key = KeyOf(certificate(&replica, "PMS", "").await);
    let mut request = named("PMS", "");
    request["certificateData"] = json!(bridge.certify_authority("PMS", &key));
    replica.km("uploadCertificate", request).await.response();
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    let upload = async || {
        let leaf = root.leaf("Acme");
        let reply = replica.upload_partner(&leaf, "Acme", "AUTH").await;
        chain(&reply.response())
    };

    // Of an authority that the domain does not trust, nothing is given away.
    replica.trust(&government.pem(), "DEVICE").await;
    replica.trust(&bridge.pem(), "DEVICE").await;
    assert_eq!(upload().await.len(), 2);

    replica
        .trust(&[bridge.pem(), government.pem()].concat(), "AUTH")
        .await;
    let chain = upload().await;

    let pem = |authority: &Authority| reading::read_certificate(&authority.pem()).unwrap();
    let pms = certificate(&replica, "PMS", "").await;
    assert_eq!(chain[1..], [pms, pem(&bridge), pem(&government)]);
    let files: Vec<String> = chain.iter().map(pack::certificate_pem).collect();
    let between = files[1..3].concat();
    let files = [
        ("leaf.pem", &*files[0]),
        ("between.pem", &*between),
        ("root.pem", &*files[3]),
    ];
    let verify = "verify -attime 1795600000 -CAfile root.pem -untrusted between.pem leaf.pem";
    openssl(&files, &[verify], "leaf.pem");
    // Others take all of it.
    let bundle = pack::signed_certificate_data(&chain.iter().collect::<Vec<_>>());
    replica.trust(&bundle, "MISP").await;
    let strangers = "SELECT count(*) FROM keymgr.ca_cert_store child \
                     JOIN keymgr.ca_cert_store issuer ON issuer.cert_id = child.issuer_id \
                     WHERE child.partner_domain = 'MISP' \
                     AND issuer.cert_subject <> child.cert_issuer";
    assert_eq!(stage.text(strangers), "0");
    let own_root = "SELECT count(*) FROM keymgr.ca_cert_store \
                    WHERE cert_subject LIKE '%(ROOT)%'";
    assert_eq!(stage.text(own_root), "0");
}

#[actix_web::test]
async fn what_was_issued_can_be_read_by_its_id() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "MISP").await;
    let uploaded = root.leaf("Acme");
    let response = replica
        .upload_partner(&uploaded, "Acme", "MISP")
        .await
        .response();
    let id = response["certificateId"].as_str().unwrap();
    let signed = pack::certificate_pem(&chain(&response)[0]);

    let reply = replica
        .get(&zonal(), &format!("{KM}/getPartnerCertificate/{id}"))
        .await;
    let expected =
        unnamed(&json!({ "certificateData": signed, "timestamp": "2026-11-24T10:00:00" }));
    assert_eq!(reply.timeless(), expected);
    let both = replica
        .get(&zonal(), &format!("{KM}/getPartnerSignedCertificate/{id}"))
        .await;
    let original = pack::certificate_pem(&reading::read_certificate(&uploaded).unwrap());
    let expected = json!({
        "caSignedCertificateData": original,
        "mosipSignedCertificateData": signed,
        "timestamp": "2026-11-24T10:00:00",
    });
    assert_eq!(both.response(), expected);
    for operation in ["getPartnerCertificate", "getPartnerSignedCertificate"] {
        let unknown = replica
            .get(&zonal(), &format!("{KM}/{operation}/nobody"))
            .await;
        let expected = error(
            "KER-PCM-012",
            "Partner Certificate not found for the given ID.",
        );
        assert_eq!(unknown.error(), expected);
        let blank = replica
            .get(&zonal(), &format!("{KM}/{operation}/%20"))
            .await;
        assert_eq!(
            blank.error(),
            error("KER-PCM-010", "Invalid Partner Certificate ID.")
        );
    }
}

#[actix_web::test]
async fn each_rule_has_its_error_in_the_stated_order() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    let longer = Authority::root_sha384("Longer");
    replica.trust(&longer.pem(), "AUTH").await;
    let leaf = root.leaf("Acme");
    let dated = |from, to| root.leaf_with("Acme", (from, to));
    let stranger = Authority::root("Unknown").leaf("Acme");
    let cases = [
        (
            "no PEM".to_owned(),
            "Acme",
            "dht",
            "KER-KMS-013",
            "Certificate Parsing Error.",
        ),
        (
            leaf.clone(),
            "Acme",
            "dht",
            "KER-PCM-011",
            "Invalid Partner Domain.",
        ),
        (
            dated((2026, 11, 25), (2029, 1, 1)),
            "Acme",
            "AUTH",
            "KER-PMS-020",
            "Future Dated Certificate not allowed to upload.",
        ),
        (
            dated(LONG.0, (2026, 11, 24)),
            "Acme",
            "AUTH",
            "KER-PCM-004",
            "Certificate Dates are not valid.",
        ),
        (
            dated(LONG.0, (2027, 10, 25)),
            "Acme",
            "AUTH",
            "KER-KMS-021",
            "The PARTNER Certificate validity is less than required minimum validity",
        ),
        (
            self_signed_leaf("Acme"),
            "Acme",
            "AUTH",
            "KER-PCM-015",
            "Self Signed Certificate not allowed as partner.",
        ),
        (
            stranger,
            "Acme",
            "AUTH",
            "KER-PCM-006",
            "Root CA/Intermediate CA Certificates not found.",
        ),
        (
            leaf.clone(),
            "Acme",
            "DEVICE",
            "KER-PCM-006",
            "Root CA/Intermediate CA Certificates not found.",
        ),
        (
            leaf.clone(),
            "acme",
            "AUTH",
            "KER-PCM-008",
            "Partner Organization Name not Matched.",
        ),
        (
            longer.leaf("Acme"),
            "Acme",
            "AUTH",
            "KER-PCM-014",
            "Partner Certificate Signature algorithm not supported.",
        ),
    ];
    for (data, organization, domain, code, message) in cases {
        let reply = replica.upload_partner(&data, organization, domain).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.partner_cert_store"),
        "0"
    );
}

/// Certificates that only the command line makes: version 1, and a short key.
#[actix_web::test]
async fn old_versions_and_short_keys_are_refused() {
    let stage = Stage::with_clock(pms_database::Clock::system());
    let replica = stage.start(&[]).await;
    let root = Authority::root_with("Root", ((2025, 1, 1), (2075, 1, 1)));
    replica.trust(&root.pem(), "AUTH").await;
    let (ca, key) = (root.pem(), root.key_pem());
    let files = [
        ("ca.pem", ca.as_str()),
        ("ca.key", key.as_str()),
        ("v3.cnf", "keyUsage=digitalSignature"),
    ];
    let made = |bits: u32, extensions: &str| {
        let request = format!(
            "req -new -newkey rsa:{bits} -nodes -keyout k.pem -subj /O=Acme/CN=a -out r.pem"
        );
        let sign = format!(
            "x509 -req -in r.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650{extensions} -out c.pem"
        );
        openssl(&files, &[&request, &sign], "c.pem")
    };

    let old = replica
        .upload_partner(&made(2048, ""), "Acme", "AUTH")
        .await;
    assert_eq!(
        old.error(),
        error(
            "KER-PCM-007",
            "Certificate version not supported. This is X.509 version 1, and version 3 is needed."
        )
    );
    let short = replica
        .upload_partner(&made(1024, " -extfile v3.cnf"), "Acme", "AUTH")
        .await;
    let expected = "Partner Certificate Key Size is less than allowed size.";
    assert_eq!(short.error(), error("KER-PCM-013", expected));
    let good = replica
        .upload_partner(&made(2048, " -extfile v3.cnf"), "Acme", "AUTH")
        .await;
    assert_eq!(good.status, 200, "{}", good.text);
    good.response();
}

#[actix_web::test]
async fn only_those_whom_the_key_policy_names_may_have_certificates_signed() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    stage.sql(
        "UPDATE keymgr.key_policy_def SET access_allowed = 'somebody, Else' WHERE app_id = 'PMS'",
    );
    let leaf = root.leaf("Acme");
    let upload = async |user: &str| -> Reply {
        let request = json!({
            "certificateData": leaf, "organizationName": "Acme", "partnerDomain": "AUTH",
        });
        let who = Who::user(user, &["PARTNER_ADMIN"]);
        replica
            .post(&who, &format!("{KM}/uploadPartnerCertificate"), request)
            .await
    };

    let message = "Sign Certificate not allowed for the authenticated token.";
    assert_eq!(
        upload("nobody").await.error(),
        error("KER-PCM-016", message)
    );
    upload("else").await.response();
}

#[actix_web::test]
async fn an_ftm_partner_keeps_its_own_chain_unless_configured_otherwise() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let resigning = stage.start(&[("pki.resign_ftm", "true")]).await;
    let root = Authority::root("Root");
    let sub = root.sub("Sub");
    replica.trust(&root.pem(), "FTM").await;
    replica.trust(&sub.pem(), "FTM").await;
    let leaf = sub.leaf("Chips");

    let response = replica
        .upload_partner(&leaf, "Chips", "FTM")
        .await
        .response();

    let own = [leaf.clone(), sub.pem(), root.pem()];
    let own = own.map(|pem| reading::read_certificate(&pem).unwrap());
    assert_eq!(chain(&response), own);
    // What it issues is trusted, since its own certificate is.
    let types =
        "SELECT string_agg(ca_cert_type, ' ' ORDER BY ca_cert_type) FROM keymgr.ca_cert_store";
    assert_eq!(stage.text(types), "INTERMEDIATE INTERMEDIATE ROOT");
    let id = response["certificateId"].as_str().unwrap();
    let kept = replica
        .get(&zonal(), &format!("{KM}/getPartnerCertificate/{id}"))
        .await
        .response();
    let kept = reading::read_certificate(kept["certificateData"].as_str().unwrap()).unwrap();
    assert_ne!(kept, own[0]);

    let response = resigning
        .upload_partner(&leaf, "Chips", "FTM")
        .await
        .response();
    let ours = replica.certificate("ROOT", "").await;
    assert_eq!(pack::certificate_pem(&chain(&response)[2]), ours);
}

#[actix_web::test]
async fn a_renewal_is_a_new_row_and_the_domain_trusts_what_was_issued() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "DEVICE").await;
    let leaf = root.leaf("Devices");

    let first = replica
        .upload_partner(&leaf, "Devices", "DEVICE")
        .await
        .response();
    let second = replica
        .upload_partner(&leaf, "Devices", "DEVICE")
        .await
        .response();

    assert_ne!(first["certificateId"], second["certificateId"]);
    assert_ne!(chain(&first)[0], chain(&second)[0]);
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.partner_cert_store"),
        "2"
    );
    // The partner's root; our ROOT, our PMS key; both leaves.
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "5");
    let request = json!({
        "certificateData": pack::certificate_pem(&chain(&second)[0]), "partnerDomain": "DEVICE",
    });
    assert_eq!(
        replica
            .km("verifyCertificateTrust", request)
            .await
            .response(),
        json!({ "status": true })
    );
}

#[actix_web::test]
async fn an_authority_of_ours_that_an_operator_disabled_stays_disabled() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    let leaf = root.leaf("Acme");
    replica
        .upload_partner(&leaf, "Acme", "AUTH")
        .await
        .response();
    let pms = "cert_subject LIKE '%(PMS)%'";
    stage.sql(&format!(
        "UPDATE keymgr.ca_cert_store SET is_deleted = true WHERE {pms}"
    ));

    let response = replica
        .upload_partner(&leaf, "Acme", "AUTH")
        .await
        .response();

    let rows =
        format!("SELECT string_agg(is_deleted::text, ' ') FROM keymgr.ca_cert_store WHERE {pms}");
    assert_eq!(stage.text(&rows), "true");
    let orphans = "SELECT count(*) FROM keymgr.ca_cert_store a WHERE NOT EXISTS \
                   (SELECT FROM keymgr.ca_cert_store b WHERE b.cert_id = a.issuer_id)";
    assert_eq!(stage.text(orphans), "0");
    let pem = pack::certificate_pem(&chain(&response)[0]);
    let request = json!({ "certificateData": pem, "partnerDomain": "AUTH" });
    let trusted = replica
        .km("verifyCertificateTrust", request)
        .await
        .response();
    assert_eq!(trusted, json!({ "status": false }));
}
