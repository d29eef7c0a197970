//! `pms keys orphans`.

use pms_certificate_service::admin;

use crate::support::service::Stage;

fn orphans(stage: &Stage, limit: u32) -> Vec<String> {
    let mut found = Vec::new();
    let each = |orphan: admin::Orphan| found.push(orphan.cert_id);
    admin::for_each_orphan(&mut stage.database.conn(), limit, each).unwrap();
    found
}

#[actix_web::test]
async fn only_certificates_without_a_holder_are_listed_oldest_first() {
    let stage = Stage::new();
    stage.partner("p1", "Acme", "Device_Provider");
    for (id, day) in [("c1", 4), ("c2", 3), ("c3", 2), ("c4", 1)] {
        stage.sql(&format!(
            "INSERT INTO keymgr.partner_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, \
                cert_not_before, cert_not_after, partner_domain, cert_data, signed_cert_data, \
                organization_name, cert_thumbprint, cert_sha256, cert_serial_no, cr_by, cr_dtimes) \
             VALUES ('{id}', 'CN=x', 'CN=y', 'i', '2026-01-01', '2027-01-01', 'DEVICE', 'a', 'b', \
                'Acme', 't', 's', '1', 'SYSTEM', '2026-11-0{day}')"
        ));
    }
    stage.sql("UPDATE pms.partner SET certificate_alias = 'c1' WHERE id = 'p1'");
    stage.sql(
        "INSERT INTO pms.ftp_chip_detail (id, foundational_trust_provider_id, certificate_alias, \
            is_active, approval_status, cr_by, cr_dtimes) \
         VALUES ('f1', 'p1', 'c3', true, 'approved', 'x', '2026-11-01')",
    );

    assert_eq!(orphans(&stage, 10), ["c4", "c2"]);
    assert_eq!(orphans(&stage, 1), ["c4"]);
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.partner_cert_store"),
        "4"
    );
}
