//! Certificates of partners vouch for no other in partner uploads (contract keymanager.md §8.2).

use pms_pki::issue::{self, Issuer, PartnerProfile};
use pms_pki::rules::{Domain, check_partner};
use pms_pki::trust::{BarredIssuers, PartnerIssuers, TrustStore};
use pms_pki::{Certificate, KeyManagerError, errors};

use crate::support::{NOW, OurCa, Party, RSA, ca_params, params, profile, root, rules, store};

fn issued(ours: &OurCa, uploaded: &Certificate) -> Certificate {
    let profile = PartnerProfile {
        domain: &Domain::parse("DEVICE", &rules()).unwrap(),
        organization: "Acme Ltd",
        years: 1,
        strict: false,
    };
    issue::issue_partner(uploaded, &profile, &ours.issuer(), *NOW).unwrap()
}

/// A leaf that is signed with the key of a partner.
fn child(partner: &Party, name: &str, signer: usize) -> Party {
    let mut issuer = params(name);
    issuer.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    partner.issue_with(issuer, &RSA[2], &RSA[signer])
}

fn check(
    leaf: &Certificate,
    store: &TrustStore,
    keys: &BarredIssuers,
) -> Result<(), KeyManagerError> {
    let issuers = PartnerIssuers::new(store, keys);
    check_partner(leaf, "Acme Ltd", issuers, &rules(), *NOW).map(|_| ())
}

#[test]
fn no_path_leads_through_what_our_own_key_issued() {
    let (ours, root) = (OurCa::new(), root());
    let partner = root.issue(params("Partner"), &RSA[1]);
    let signed = issued(&ours, &partner.certificate);
    let leaf = child(&partner, "Stranger", 1);
    let keys = BarredIssuers::with_keys_of([&ours.pms]);
    let trusted = store([
        &root.certificate,
        &ours.root,
        &ours.pms,
        &signed,
        &leaf.certificate,
    ]);

    for one in [&signed, &leaf.certificate] {
        assert!(trusted.path(one, *NOW, &rules()).is_ok(), "{one:?}");
        assert_eq!(
            check(one, &trusted, &BarredIssuers::default()),
            Ok(()),
            "{one:?}"
        );
        let barred = check(one, &trusted, &keys);
        assert_eq!(barred, Err(errors::ISSUERS_NOT_FOUND), "{one:?}");
    }
    assert_eq!(check(&partner.certificate, &trusted, &keys), Ok(()));
}

#[test]
fn another_certificate_of_our_key_changes_nothing() {
    let (ours, root) = (OurCa::new(), root());
    let partner = root.issue(params("Partner"), &RSA[1]);
    let signed = issued(&ours, &partner.certificate);
    let leaf = child(&partner, "Stranger", 1).certificate;
    let again = issue::issue_master(
        &profile("PMS", 1000),
        ours.pms.public_key(),
        true,
        &ours.root_issuer(),
    )
    .unwrap();
    let keys = BarredIssuers::with_keys_of([&ours.pms]);

    let trusted = store([&ours.root, &again, &signed]);

    assert_eq!(check(&leaf, &trusted, &BarredIssuers::default()), Ok(()));
    assert_eq!(
        check(&leaf, &trusted, &keys),
        Err(errors::ISSUERS_NOT_FOUND)
    );
}

#[test]
fn other_ways_to_a_root_stay_open() {
    let (ours, root) = (OurCa::new(), root());
    // The partner is an authority of its own: somebody trusts it as such.
    let partner = root.issue(ca_params("Partner"), &RSA[1]);
    let signed = issued(&ours, &partner.certificate);
    let leaf = child(&partner, "Employee", 1).certificate;
    let keys = BarredIssuers::with_keys_of([&ours.pms]);

    let both = store([
        &root.certificate,
        &ours.root,
        &ours.pms,
        &signed,
        &partner.certificate,
    ]);

    assert_eq!(check(&leaf, &both, &keys), Ok(()));
}

#[test]
fn a_barred_certificate_leaves_the_others_of_its_key() {
    let root = root();
    let sub = root.issue(ca_params("Sub"), &RSA[1]);
    // Certificates are made of their key and subject: a serial of its own makes
    // this one another certificate.
    let mut renewed = ca_params("Sub");
    renewed.serial_number = Some(rcgen::SerialNumber::from(7_u64));
    let again = root.issue(renewed, &RSA[1]);
    let leaf = sub.issue(params("Leaf"), &RSA[2]).certificate;
    let all = [&root.certificate, &sub.certificate, &again.certificate];
    let trusted = store(all);
    let mut barred = BarredIssuers::default();

    barred.bar(&sub.certificate);
    assert_eq!(check(&leaf, &trusted, &barred), Ok(()));
    barred.bar(&again.certificate);
    let refused = check(&leaf, &trusted, &barred);
    assert_eq!(refused, Err(errors::ISSUERS_NOT_FOUND));
}

#[test]
fn certificates_that_lead_nowhere_do_not_use_up_the_search() {
    let (ours, root) = (OurCa::new(), root());
    let sub = root.issue(ca_params("Sub"), &RSA[1]);
    let leaf = sub.issue(params("Leaf"), &RSA[2]).certificate;
    // Anybody can hand in the certificate of an authority, again and again.
    let imitations: Vec<_> = (0..150).map(|_| issued(&ours, &sub.certificate)).collect();
    assert_eq!(
        imitations[0].subject().key(),
        sub.certificate.subject().key()
    );
    let others = [&root.certificate, &ours.root, &ours.pms];
    let trusted = store(
        others
            .into_iter()
            .chain(&imitations)
            .chain([&sub.certificate]),
    );
    let keys = BarredIssuers::with_keys_of([&ours.pms]);

    assert_eq!(check(&leaf, &trusted, &keys), Ok(()));
}

#[test]
fn nothing_is_signed_for_an_unusable_key() {
    let ours = OurCa::new();
    let mut plan = crate::corpus::forge::Plan::leaf("Leaf", 1, "Root", 0);
    plan.info = Some(crate::keys::garbage_curve());
    let uploaded = crate::corpus::read(&plan);
    let profile = PartnerProfile {
        domain: &Domain::parse("AUTH", &rules()).unwrap(),
        organization: "Acme Ltd",
        years: 1,
        strict: false,
    };

    let issued = issue::issue_partner(&uploaded, &profile, &ours.issuer(), *NOW);

    assert_eq!(issued, Err(pms_pki::PkiError::Issuing));
    assert!(
        Issuer::new(
            &ours.pms,
            &pms_pki::SigningKey::from_pkcs8(&pms_pki::Pkcs8::generate_rsa().unwrap()).unwrap()
        )
        .is_err()
    );
}
