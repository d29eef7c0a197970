//! How paths are found (contract keymanager.md §7.2).

use std::sync::Arc;

use pms_pki::Certificate;
use pms_pki::trust::{Authority, TrustStore};
use rcgen::KeyIdMethod;

use crate::support::{
    NOW, Party, RSA, ca_params, days, other_key, params, root, rules, store, valid,
};

fn trusted(store: &TrustStore, target: &Certificate) -> bool {
    store.path(target, *NOW, &rules()).is_ok()
}

#[test]
fn a_path_leads_from_the_issuer_to_the_root() {
    let root = root();
    let sub = root.issue(ca_params("Sub"), &RSA[1]);
    let leaf = sub.issue(params("Leaf"), &RSA[2]);
    let store = store([&root.certificate, &sub.certificate]);

    let path = store.path(&leaf.certificate, *NOW, &rules()).unwrap();

    let ids: Vec<_> = path.issuers().iter().map(|issuer| issuer.id()).collect();
    assert_eq!(ids, ["1", "0"]);
    let chain = path.chain(&leaf.certificate);
    assert_eq!(
        chain,
        [&leaf.certificate, &sub.certificate, &root.certificate]
    );
}

#[test]
fn a_stored_root_is_trusted_and_is_its_own_chain() {
    let (root, stranger) = (root(), Party::root(ca_params("Stranger"), &RSA[1]));
    let store = store([&root.certificate]);

    let path = store.path(&root.certificate, *NOW, &rules()).unwrap();

    assert_eq!(path.chain(&root.certificate), [&root.certificate]);
    assert!(!trusted(&store, &stranger.certificate));
}

#[test]
fn names_chain_whatever_their_case_spacing_and_string_type() {
    let mut other = ca_params("Root");
    let text = rcgen::string::PrintableString::try_from("ACME  LTD").unwrap();
    let organization = rcgen::DnValue::PrintableString(text);
    other
        .distinguished_name
        .push(rcgen::DnType::OrganizationName, organization);
    let spelt_otherwise = Party::root(other, &RSA[0]);

    let leaf = spelt_otherwise.issue(params("Leaf"), &RSA[1]);

    assert!(trusted(&store([&root().certificate]), &leaf.certificate));
}

#[test]
fn all_authorities_of_one_name_are_tried() {
    let names: Vec<_> = RSA
        .iter()
        .map(|key| Party::root(ca_params("Root"), key))
        .collect();
    let leaf = names[2].issue(params("Leaf"), &RSA[0]);

    let store = store(names.iter().map(|one| &one.certificate));

    let path = store.path(&leaf.certificate, *NOW, &rules()).unwrap();
    assert_eq!(path.issuers()[0].id(), "2");
}

#[test]
fn an_issuer_with_the_key_id_that_is_named_comes_first_but_others_are_tried() {
    let with_id = |id: u8| {
        let mut params = ca_params("Root");
        params.key_identifier_method = KeyIdMethod::PreSpecified(vec![id; 20]);
        Party::root(params, &RSA[0])
    };
    let (first, second) = (with_id(1), with_id(2));
    let mut leaf = params("Leaf");
    leaf.use_authority_key_identifier_extension = true;
    let leaf = second.issue(leaf, &RSA[1]).certificate;
    let issuer = |store: TrustStore| {
        let path = store.path(&leaf, *NOW, &rules()).unwrap();
        path.issuers()[0].certificate().clone()
    };

    let both = store([&first.certificate, &second.certificate]);

    assert_eq!(issuer(both), second.certificate);
    assert_eq!(issuer(store([&first.certificate])), first.certificate);
}

#[test]
fn a_leaf_with_the_name_of_its_root_is_trusted() {
    let root = root();
    let twin = root.issue(params("Root"), &RSA[1]);

    assert!(trusted(&store([&root.certificate]), &twin.certificate));
}

#[test]
fn five_intermediates_are_the_most() {
    let below = |count: usize| {
        let mut chain = vec![root()];
        for level in 0..count {
            let next =
                chain[level].issue(ca_params(&format!("Sub {level}")), &RSA[(level + 1) % 3]);
            chain.push(next);
        }
        let leaf = chain[count].issue(params("Leaf"), &RSA[1]);
        trusted(
            &store(chain.iter().map(|one| &one.certificate)),
            &leaf.certificate,
        )
    };

    assert!(below(5));
    assert!(!below(6));
}

#[test]
fn authorities_that_issued_each_other_do_not_loop() {
    let (a, b) = (
        Party::root(ca_params("A"), &RSA[0]),
        Party::root(ca_params("B"), &RSA[1]),
    );
    let a_by_b = b.issue(ca_params("A"), &RSA[0]);
    let b_by_a = a.issue(ca_params("B"), &RSA[1]);
    let leaf = a.issue(params("Leaf"), &RSA[2]);

    let mut store = store([&a_by_b.certificate, &b_by_a.certificate]);

    assert!(!trusted(&store, &leaf.certificate));
    assert_eq!(store.known_issuers(&leaf.certificate).len(), 2);
    store.insert(Arc::new(Authority::new("b".into(), b.certificate)));
    assert!(trusted(&store, &leaf.certificate));
}

#[test]
fn elliptic_curves_are_trusted() {
    for algorithm in [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ECDSA_P521_SHA512,
        &rcgen::PKCS_ED25519,
    ] {
        let root = Party::root(ca_params("Root"), other_key(algorithm));
        let leaf = root.issue(params("Leaf"), other_key(algorithm));

        assert!(root.certificate.is_self_signed());
        assert!(trusted(&store([&root.certificate]), &leaf.certificate));
    }
}

#[test]
fn the_issuers_of_a_chain_that_is_no_longer_trusted_are_still_known() {
    let mut old = ca_params("Root");
    valid(&mut old, days(-900), days(-1));
    let root = Party::root(old, &RSA[0]);
    let sub = root.issue(ca_params("Sub"), &RSA[1]);
    let store = store([&root.certificate, &sub.certificate]);

    let known = store.known_issuers(&sub.certificate);

    assert!(!trusted(&store, &sub.certificate));
    assert_eq!(known.iter().map(|one| one.id()).collect::<Vec<_>>(), ["0"]);
    assert!(store.known_issuers(&root.certificate).is_empty());
}

#[test]
fn the_known_issuers_end_at_the_first_root() {
    let twins = [days(-800), days(-700), days(-600)].map(|from| {
        let mut params = ca_params("Root");
        valid(&mut params, from, days(-1));
        Party::root(params, &RSA[0])
    });
    let sub = twins[0].issue(ca_params("Sub"), &RSA[1]);
    let store = store(twins.iter().map(|one| &one.certificate));

    assert_eq!(store.known_issuers(&sub.certificate).len(), 1);
}

#[test]
fn a_disabled_certificate_counts_as_stored_but_issues_nothing() {
    let root = root();
    let leaf = root.issue(params("Leaf"), &RSA[1]);
    let mut store = TrustStore::new();

    store.disable(&root.certificate);

    assert!(store.contains(&root.certificate) && !store.contains(&leaf.certificate));
    assert!(!trusted(&store, &root.certificate) && !trusted(&store, &leaf.certificate));
}
