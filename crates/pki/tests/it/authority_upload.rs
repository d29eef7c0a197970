use pms_pki::rules::{Admitted, AuthorityUpload, UploadRules, UploadStatus, admit_authorities};
use pms_pki::trust::{AuthorityKind, TrustStore};
use pms_pki::{Certificate, KeyManagerError, errors};
use rcgen::CertificateParams;

use crate::support::{NOW, Party, RSA, ca_params, days, params, root, rules, store, valid};

fn upload(
    certificates: &[&Certificate],
    store: &mut TrustStore,
) -> Result<AuthorityUpload, KeyManagerError> {
    upload_with(certificates, store, &rules())
}

fn upload_with(
    certificates: &[&Certificate],
    store: &mut TrustStore,
    rules: &UploadRules,
) -> Result<AuthorityUpload, KeyManagerError> {
    let mut count = 0;
    let new_id = || {
        count += 1;
        format!("id-{count}")
    };
    let certificates: Vec<_> = certificates.iter().map(|one| (*one).clone()).collect();
    admit_authorities(certificates, store, rules, *NOW, new_id)
}

fn refusal_of(params: CertificateParams) -> Option<KeyManagerError> {
    let root = Party::root(params, &RSA[0]);
    upload(&[&root.certificate], &mut TrustStore::new()).err()
}

#[test]
fn a_root_is_stored_as_its_own_issuer() {
    let root = root();
    let mut store = TrustStore::new();

    let upload = upload(&[&root.certificate], &mut store).unwrap();

    let [
        Admitted {
            authority,
            issuer_id,
        },
    ] = upload.admitted.as_slice()
    else {
        panic!()
    };
    assert_eq!((authority.id(), issuer_id.as_str()), ("id-1", "id-1"));
    assert_eq!(authority.kind().as_str(), "ROOT");
    assert_eq!(upload.status.as_str(), "Upload Success.");
    assert!(store.contains(&root.certificate));
}

#[test]
fn an_intermediate_needs_its_root_and_names_its_issuer() {
    let root = root();
    let sub = root.issue(ca_params("Sub"), &RSA[1]);

    let without = upload(&[&sub.certificate], &mut TrustStore::new());
    let with = upload(&[&sub.certificate], &mut store([&root.certificate])).unwrap();

    assert_eq!(without.unwrap_err(), errors::ROOT_NOT_FOUND);
    assert_eq!(
        with.admitted[0].authority.kind(),
        AuthorityKind::Intermediate
    );
    assert_eq!(with.admitted[0].issuer_id, "0");
}

#[test]
fn a_certificate_is_stored_once_per_domain() {
    let root = root();

    let again = upload(&[&root.certificate], &mut store([&root.certificate]));

    assert_eq!(again.unwrap_err(), errors::ALREADY_IN_STORE);
}

#[test]
fn dates_are_checked_in_the_order_of_the_contract() {
    let dated = |from, to| {
        let mut params = ca_params("Root");
        valid(&mut params, days(from), days(to));
        refusal_of(params)
    };

    assert_eq!(dated(1, 900), Some(errors::FUTURE_DATED));
    assert_eq!(dated(-900, -1), Some(errors::DATES_INVALID));
    assert_eq!(dated(-1, 364), Some(errors::CA_VALIDITY_TOO_SHORT));
    assert_eq!(dated(-1, 365), None);
}

#[test]
fn a_root_that_is_no_ca_is_stored_unless_the_flag_is_required() {
    let root = Party::root(params("mosiptest.org"), &RSA[0]);
    let strict = UploadRules {
        require_ca_flag: true,
        ..rules()
    };

    let compatible = upload(&[&root.certificate], &mut TrustStore::new());
    let strict = upload_with(&[&root.certificate], &mut TrustStore::new(), &strict);

    assert_eq!(compatible.unwrap().status, UploadStatus::Success);
    assert_eq!(strict.unwrap_err(), errors::INVALID_CERTIFICATE);
}

#[test]
fn later_certificates_of_a_bundle_chain_to_earlier_ones() {
    let root = root();
    let sub = root.issue(ca_params("Sub"), &RSA[1]);
    let leaf = sub.issue(params("Leaf"), &RSA[2]);

    let bundle = [&root.certificate, &sub.certificate, &leaf.certificate];
    let upload = upload(&bundle, &mut TrustStore::new()).unwrap();

    assert_eq!(upload.status, UploadStatus::Success);
    let issuers: Vec<_> = upload
        .admitted
        .iter()
        .map(|one| one.issuer_id.as_str())
        .collect();
    assert_eq!(issuers, ["id-1", "id-1", "id-2"]);
}

#[test]
fn the_status_of_a_bundle_tells_how_much_was_stored() {
    let root = root();
    let stranger = Party::root(ca_params("Stranger"), &RSA[1]);
    let orphan = stranger.issue(ca_params("Orphan"), &RSA[2]);
    let sub = root.issue(ca_params("Sub"), &RSA[1]);
    let status = |bundle: &[&Certificate]| {
        upload(bundle, &mut store([&root.certificate]))
            .unwrap()
            .status
            .as_str()
    };

    assert_eq!(
        status(&[&root.certificate, &sub.certificate]),
        "Upload Success."
    );
    assert_eq!(
        status(&[&orphan.certificate, &sub.certificate]),
        "Partial Upload Success."
    );
    assert_eq!(
        status(&[&orphan.certificate, &root.certificate]),
        "Upload Failed."
    );
    assert_eq!(status(&[]), "Upload Failed.");
}

#[test]
fn names_that_fit_no_column_are_refused() {
    let mut long = ca_params("Root");
    long.distinguished_name
        .push(rcgen::DnType::OrganizationalUnitName, "x".repeat(500));

    assert_eq!(refusal_of(long), Some(errors::INVALID_CERTIFICATE));
}
