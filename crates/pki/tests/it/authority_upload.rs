use pms_pki::reading::{encode_data, read_bundle};
use pms_pki::rules::{Admitted, AuthorityUpload, UploadRules, UploadStatus, admit_authorities};
use pms_pki::trust::{AuthorityKind, TrustStore};
use pms_pki::{Certificate, KeyManagerError, errors, pack};
use rcgen::CertificateParams;

use crate::support::{NOW, Party, RSA, ca_params, days, params, root, rules, store, valid};
use crate::tools::{OpenSsl, wall_clock};

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
fn the_first_certificate_of_a_pem_text_answers_for_all_when_nothing_is_stored() {
    let root = root();
    let orphan = Party::root(ca_params("Stranger"), &RSA[1]).issue(ca_params("Orphan"), &RSA[2]);
    let certificates = [&orphan.certificate, &root.certificate];
    let pem = orphan.pem.clone() + &root.pem;
    let p7b = pack::signed_certificate_data(&certificates);
    let admit = |text: &str, store: &mut TrustStore| {
        let bundle = read_bundle(text, true).unwrap();
        admit_authorities(bundle, store, &rules(), *NOW, || "id".to_owned())
            .map(|upload| upload.status)
    };
    let of = |text: &str| admit(text, &mut store([&root.certificate]));

    assert_eq!(of(&pem).unwrap_err(), errors::ROOT_NOT_FOUND);
    assert_eq!(of(&p7b), Ok(UploadStatus::Failed));
    let base64 = encode_data(pem.as_bytes());
    assert_eq!(of(&base64), Ok(UploadStatus::Failed));
    // The armoured form is PEM, the key before it no certificate.
    assert_eq!(
        of(&pack::p7b_file(&certificates)).unwrap_err(),
        errors::ROOT_NOT_FOUND
    );
    let key = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
    assert_eq!(
        of(&(key.to_owned() + &root.pem)).unwrap_err(),
        errors::ALREADY_IN_STORE
    );
    assert_eq!(
        admit(&pem, &mut TrustStore::new()),
        Ok(UploadStatus::Partial)
    );
}

#[test]
fn a_signature_that_can_not_be_verified_here_is_named() {
    let openssl = OpenSsl::new();
    let refusal = |options: &str| {
        let root = openssl.root("Root", "rsa:2048", options);
        let bundle = vec![root];
        let id = || "id".to_owned();
        admit_authorities(bundle, &mut TrustStore::new(), &rules(), wall_clock(), id).err()
    };
    let unverifiable =
        errors::ROOT_NOT_FOUND.with_detail("A signature of this kind can't be verified here.");

    for options in ["-sha224", "-sha3-256", "-md5"] {
        assert_eq!(refusal(options), Some(unverifiable.clone()), "{options}");
    }
    for options in ["-sha1", "-sha512", "-sigopt rsa_padding_mode:pss"] {
        assert_eq!(refusal(options), None, "{options}");
    }
}

#[test]
fn names_that_fit_no_column_are_refused() {
    let mut long = ca_params("Root");
    long.distinguished_name
        .push(rcgen::DnType::OrganizationalUnitName, "x".repeat(500));

    assert_eq!(refusal_of(long), Some(errors::INVALID_CERTIFICATE));
}
