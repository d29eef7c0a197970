//! GET /v1/partnermanager/crl/{name}.crl

use crate::support::ca::Authority;
use crate::support::revocation::{
    LISTS, OpenSsl, is_trusted, issuer_name, list, number, revoke, trusting, upload,
};
use crate::support::service::{Stage, at};

#[actix_web::test]
async fn openssl_accepts_the_list_and_refuses_what_is_on_it() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (gone, bad) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    let (_, good) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    let openssl = OpenSsl::new(&replica).await;
    let name = issuer_name(&good);
    let empty = openssl.show(&list(&replica, &name).await);
    let now = stage.clock.now().timestamp();
    assert!(openssl.verify(&bad, now).status.success());

    revoke(&replica, &gone, "privilegeWithdrawn")
        .await
        .response();

    let shown = openssl.show(&list(&replica, &name).await);
    assert!(empty.contains("No Revoked Certificates."), "{empty}");
    assert_eq!((number(&empty), number(&shown)), (1, 2));
    assert!(shown.contains("Privilege Withdrawn"), "{shown}");
    assert!(openssl.verify(&good, now).status.success());
    let refused = openssl.verify(&bad, now);
    let refused = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.contains("certificate revoked"), "{refused}");
}

#[actix_web::test]
async fn the_current_list_is_that_of_the_newest_key() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (_, issued) = upload(&replica, &root.leaf("Acme"), "AUTH").await;

    let by_name = list(&replica, &issuer_name(&issued)).await;

    assert_eq!(list(&replica, "current").await, by_name);
}

#[actix_web::test]
async fn each_generation_of_the_key_has_its_own_list() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let leaf = root.leaf("Acme");
    let (old_id, old) = upload(&replica, &leaf, "AUTH").await;
    // Three years later the first key signs no more; its list lives on.
    stage.clock.set(at("2029-12-24T10:00:00Z"));
    let (new_id, new) = upload(&replica, &leaf, "AUTH").await;
    let (old_name, new_name) = (issuer_name(&old), issuer_name(&new));
    assert_ne!(old_name, new_name);

    revoke(&replica, &new_id, "superseded").await.response();
    revoke(&replica, &old_id, "superseded").await.response();

    let count = |id: &str, name: &str| {
        stage.text(&format!(
            "SELECT count(*) FROM keymgr.revoked_certificate \
             WHERE cert_id = '{id}' AND key_id = '{name}'"
        ))
    };
    assert_eq!(
        (count(&new_id, &new_name), count(&old_id, &old_name)),
        ("1".into(), "1".into())
    );
    assert_eq!(
        list(&replica, "current").await,
        list(&replica, &new_name).await
    );
    assert_ne!(
        list(&replica, &old_name).await,
        list(&replica, &new_name).await
    );
    let openssl = OpenSsl::new(&replica).await;
    assert!(
        openssl
            .show(&list(&replica, &new_name).await)
            .contains("Superseded")
    );
}

#[actix_web::test]
async fn a_list_is_renewed_half_way_through_its_validity() {
    let stage = Stage::new();
    let (replica, _) = trusting(&stage, &[("pki.crl_hours", "10")]).await;
    let openssl = OpenSsl::new(&replica).await;
    let first = list(&replica, "current").await;

    stage.clock.set(at("2026-11-24T14:59:59Z"));
    let same = list(&replica, "current").await;
    stage.clock.set(at("2026-11-24T15:00:00Z"));
    let next = list(&replica, "current").await;

    let (shown, renewed) = (openssl.show(&first), openssl.show(&next));
    assert_eq!(first, same);
    assert_eq!((number(&shown), number(&renewed)), (1, 2));
    assert!(
        shown.contains("Last Update: Nov 24 10:00:00 2026 GMT"),
        "{shown}"
    );
    assert!(
        shown.contains("Next Update: Nov 24 20:00:00 2026 GMT"),
        "{shown}"
    );
    assert!(
        renewed.contains("Next Update: Nov 25 01:00:00 2026 GMT"),
        "{renewed}"
    );
}

#[actix_web::test]
async fn clients_that_have_the_list_do_not_get_it_again() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, _) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    let path = format!("{LISTS}/current.crl");
    let first = replica.fetch(&path, &[]).await;
    let header = |name: &str| first.headers()[name].to_str().unwrap().to_owned();
    let (tag, modified) = (header("etag"), header("last-modified"));
    assert_eq!(header("content-type"), "application/pkix-crl");
    assert_eq!(header("cache-control"), "public, max-age=300");
    assert_eq!(modified, "Tue, 24 Nov 2026 10:00:00 GMT");

    let by_tag = replica.fetch(&path, &[("if-none-match", &tag)]).await;
    let by_date = replica
        .fetch(&path, &[("if-modified-since", &modified)])
        .await;
    stage.clock.set(at("2026-11-24T10:00:30Z"));
    revoke(&replica, &id, "superseded").await.response();
    let later = replica.fetch(&path, &[("if-none-match", &tag)]).await;

    assert_eq!(
        (by_tag.status().as_u16(), by_date.status().as_u16()),
        (304, 304)
    );
    assert_eq!(by_tag.headers()["etag"].to_str().unwrap(), tag);
    assert_eq!(later.status(), 200);
    stage.clock.set(at("2026-11-24T21:59:00Z"));
    let late = replica.fetch(&path, &[]).await;
    let control = late.headers()["cache-control"].to_str().unwrap().to_owned();
    assert_eq!(control, "public, max-age=90");
}

#[actix_web::test]
async fn other_replicas_publish_a_revocation_at_once() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let other = stage.start(&[]).await;
    let (id, _) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    let before = list(&other, "current").await;

    revoke(&replica, &id, "superseded").await.response();

    let after = list(&other, "current").await;
    assert_ne!(before, after);
    assert_eq!(list(&replica, "current").await, after);
}

#[actix_web::test]
async fn requests_at_once_make_one_list() {
    let stage = Stage::new();
    let (replica, _) = trusting(&stage, &[]).await;
    let other = stage.start(&[]).await;

    let requested =
        (0..12).map(|turn| list(if turn % 2 == 0 { &replica } else { &other }, "current"));
    let lists = futures_util::future::join_all(requested).await;

    assert!(lists.windows(2).all(|two| two[0] == two[1]));
    assert_eq!(stage.text("SELECT crl_number FROM keymgr.crl"), "1");
}

#[actix_web::test]
async fn expired_certificates_leave_the_list_after_they_were_on_it_once_more() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    revoke(&replica, &id, "superseded").await.response();
    let openssl = OpenSsl::new(&replica).await;
    let serials = async |now: &str| {
        stage.clock.set(at(now));
        let shown = openssl.show(&list(&replica, "current").await);
        shown.matches("Serial Number:").count()
    };

    let end = issued.validity().not_after;
    assert_eq!(end, at("2027-11-24T10:00:00Z"));
    assert_eq!(serials("2027-11-24T09:00:00Z").await, 1);
    assert_eq!(serials("2027-11-25T09:00:00Z").await, 1);
    assert_eq!(serials("2027-11-26T09:00:00Z").await, 0);
}

#[actix_web::test]
async fn unknown_names_have_no_list() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let long = "a".repeat(65);
    for name in ["0011", "CURRENT", "x", "..", &long] {
        let response = replica.fetch(&format!("{LISTS}/{name}.crl"), &[]).await;
        assert!(matches!(response.status().as_u16(), 400 | 404), "{name}");
    }
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.crl"), "0");
}

#[actix_web::test]
async fn certificates_name_the_list_of_their_issuer() {
    let stage = Stage::new();
    let url = (
        "pki.crl_url",
        "https://pms.example.org/v1/partnermanager/crl/",
    );
    let (replica, root) = trusting(&stage, &[url]).await;
    let (_, issued) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    let openssl = OpenSsl::new(&replica).await;
    openssl.write("leaf.pem", pms_pki::pack::certificate_pem(&issued));

    let said = openssl.try_run("x509 -in leaf.pem -noout -ext crlDistributionPoints");

    let said = String::from_utf8(said.stdout).unwrap();
    let name = issuer_name(&issued);
    let address = format!("URI:https://pms.example.org/v1/partnermanager/crl/{name}.crl");
    assert!(said.contains(&address), "{said}");
    let pem = pms_pki::pack::certificate_pem(&issued);
    assert!(is_trusted(&replica, &pem, "AUTH").await);
}

#[actix_web::test]
async fn a_key_that_may_not_sign_lists_has_none_and_names_none() {
    let stage = Stage::new();
    let url = ("pki.crl_url", "https://pms.example.org/crl");
    let imported = stage.start(&[]).await.certificate("PMS", "").await;
    let public_key = rcgen::SubjectPublicKeyInfo::from_der(
        pms_pki::reading::read_certificate(&imported)
            .unwrap()
            .public_key()
            .info(),
    );
    let restricted = Authority::root("Root").certify_authority("PMS", &public_key.unwrap());
    stage.sql(&format!(
        "UPDATE keymgr.master_key SET certificate_data = '{restricted}' \
         WHERE id = (SELECT id FROM keymgr.key_alias WHERE app_id = 'PMS' AND ref_id = '')"
    ));
    let (replica, root) = trusting(&stage, &[url]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "AUTH").await;

    let reply = revoke(&replica, &id, "superseded").await;

    assert_eq!(reply.response()["certificateId"], id.as_str());
    let pem = pms_pki::pack::certificate_pem(&issued);
    assert!(!is_trusted(&replica, &pem, "AUTH").await);
    let response = replica.fetch(&format!("{LISTS}/current.crl"), &[]).await;
    assert_eq!(response.status(), 404);
    let openssl = OpenSsl::new(&replica).await;
    openssl.write("leaf.pem", pem);
    let text = openssl.try_run("x509 -in leaf.pem -noout -text");
    assert!(
        !String::from_utf8(text.stdout)
            .unwrap()
            .contains("CRL Distribution")
    );
}
