//! A hundred thousand partners.

use std::time::{Duration, Instant};

use super::stage::Notices;

#[actix_web::test]
#[ignore = "takes minutes: make soak"]
async fn a_hundred_thousand_partners_are_looked_at_within_a_minute() {
    let stage = Notices::start().await;
    stage.stage.sql(
        "INSERT INTO keymgr.partner_cert_store (cert_id, cert_subject, cert_issuer, issuer_id,
           cert_not_before, cert_not_after, partner_domain, cert_data, signed_cert_data,
           organization_name, cert_thumbprint, cert_sha256, cert_serial_no, cr_by, cr_dtimes,
           signed_subject, signed_issuer, signed_not_after)
         SELECT 'cert-' || n, 'CN=' || n, 'CN=CA', 'ca', '2026-01-01', '2028-01-01', 'AUTH', 'PEM',
           'PEM', 'Org', 't' || n, 's' || n, n::text, 'u', now(),
           'CN=' || n, 'CN=PMS', timestamp '2026-11-24 10:00' + (n % 730) * interval '1 day'
         FROM generate_series(1, 100000) n;
         INSERT INTO partner (id, policy_group_id, name, email_id, certificate_alias, user_id,
           partner_type_code, approval_status, is_active, cr_by, cr_dtimes)
         SELECT 'p-' || n, 'g-1', 'Org ' || n, 'p' || n || '@example.org', 'cert-' || n, 'p-' || n,
           'Auth_Partner', 'approved', true, 'u', now()
         FROM generate_series(1, 100000) n;
         ANALYZE",
    );

    let started_at = Instant::now();
    let first = stage.run("partner-certificates").await;
    let first_took = started_at.elapsed();
    let started_at = Instant::now();
    let again = stage.run("partner-certificates").await;
    let again_took = started_at.elapsed();
    let started_at = Instant::now();
    let weekly = stage.run("weekly-summary").await;

    println!(
        "{} notices in {first_took:?}; looked at again in {again_took:?}; {:?} in a summary in {:?}",
        first.changed,
        weekly.named,
        started_at.elapsed()
    );
    assert!(first.changed > 1_500 && first.failed == 0, "{first:?}");
    assert_eq!((again.changed, again.skipped), (0, first.changed));
    // The aim itself: this is a measurement on a machine of its own, not part of the gate.
    assert!(first_took < Duration::from_secs(60));
    assert_eq!(weekly.changed, 1);
    let longest = "SELECT max(length(notification_details_json)) FROM notifications";
    let longest: usize = stage.stage.text(longest).unwrap().parse().unwrap();
    assert!(longest > 40_000 && longest <= 50_000, "{longest}");
    stage.assert_mails();
}
