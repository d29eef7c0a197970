//! What certificates on a path must and must not say: the table of contract keymanager.md §7.3.

use pms_pki::Certificate;
use pms_pki::rules::UploadRules;
use pms_pki::trust::{PathFault, TrustStore};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, KeyUsagePurpose, NameConstraints,
};

use crate::support::{NOW, Party, RSA, ca_params, days, params, rules, store, valid};

fn trusted(store: &TrustStore, target: &Certificate) -> bool {
    store.path(target, *NOW, &rules()).is_ok()
}

/// Whether a leaf is trusted under a root and an intermediate with these parameters.
fn trusted_below(root: CertificateParams, sub: CertificateParams, leaf: CertificateParams) -> bool {
    let root = Party::root(root, &RSA[0]);
    let sub = root.issue(sub, &RSA[1]);
    let leaf = sub.issue(leaf, &RSA[2]);
    trusted(
        &store([&root.certificate, &sub.certificate]),
        &leaf.certificate,
    )
}

#[test]
fn leafs_of_every_kind_are_trusted() {
    let mut with_usage = params("Leaf");
    with_usage.extended_key_usages = vec![ExtendedKeyUsagePurpose::TimeStamping];

    assert!(trusted_below(
        ca_params("Root"),
        ca_params("Sub"),
        params("Leaf")
    ));
    assert!(trusted_below(
        ca_params("Root"),
        ca_params("Sub"),
        ca_params("Leaf")
    ));
    assert!(trusted_below(
        ca_params("Root"),
        ca_params("Sub"),
        with_usage
    ));
}

#[test]
fn an_unknown_critical_extension_is_not_trusted() {
    let unknown = |critical| {
        let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
        extension.set_criticality(critical);
        let mut params = params("Leaf");
        params.custom_extensions = vec![extension];
        params
    };

    assert!(!trusted_below(
        ca_params("Root"),
        ca_params("Sub"),
        unknown(true)
    ));
    assert!(trusted_below(
        ca_params("Root"),
        ca_params("Sub"),
        unknown(false)
    ));
}

#[test]
fn an_intermediate_must_be_a_ca_that_may_sign() {
    let mut no_sign = ca_params("Sub");
    no_sign.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let mut any_usage = ca_params("Sub");
    any_usage.key_usages = Vec::new();

    assert!(!trusted_below(
        ca_params("Root"),
        params("Sub"),
        params("Leaf")
    ));
    assert!(!trusted_below(ca_params("Root"), no_sign, params("Leaf")));
    assert!(trusted_below(ca_params("Root"), any_usage, params("Leaf")));
}

#[test]
fn path_lengths_bind_intermediates_but_not_roots() {
    let limited = |name, depth| {
        let mut params = ca_params(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(depth));
        params
    };
    let three_levels = |root, top| {
        let root = Party::root(root, &RSA[0]);
        let top = root.issue(top, &RSA[1]);
        let sub = top.issue(ca_params("Sub"), &RSA[2]);
        let leaf = sub.issue(params("Leaf"), &RSA[0]);
        let store = store([&root.certificate, &top.certificate, &sub.certificate]);
        trusted(&store, &leaf.certificate)
    };

    assert!(three_levels(ca_params("Root"), limited("Top", 1)));
    assert!(!three_levels(ca_params("Root"), limited("Top", 0)));
    assert!(three_levels(limited("Root", 0), ca_params("Top")));
}

#[test]
fn name_constraints_bind_intermediates_but_not_roots() {
    let constrained = |name, organization: &str| {
        let mut base = rcgen::DistinguishedName::new();
        base.push(rcgen::DnType::CountryName, "IN");
        base.push(rcgen::DnType::OrganizationName, organization);
        let permitted_subtrees = vec![GeneralSubtree::DirectoryName(base)];
        let mut params = ca_params(name);
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees,
            excluded_subtrees: Vec::new(),
        });
        params
    };
    let excluded = |host: &str| {
        let mut sub = ca_params("Sub");
        let excluded_subtrees = vec![GeneralSubtree::DnsName("example.com".into())];
        sub.name_constraints = Some(NameConstraints {
            permitted_subtrees: Vec::new(),
            excluded_subtrees,
        });
        let mut leaf = params("Leaf");
        leaf.subject_alt_names = vec![rcgen::SanType::DnsName(host.try_into().unwrap())];
        trusted_below(ca_params("Root"), sub, leaf)
    };

    assert!(trusted_below(
        ca_params("Root"),
        constrained("Sub", "acme ltd"),
        params("Leaf")
    ));
    assert!(!trusted_below(
        ca_params("Root"),
        constrained("Sub", "Other"),
        params("Leaf")
    ));
    assert!(trusted_below(
        constrained("Root", "Other"),
        ca_params("Sub"),
        params("Leaf")
    ));
    assert!(excluded("example.org") && !excluded("a.example.com"));
    let mut sub = ca_params("Sub");
    sub.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("example.com".into())],
        excluded_subtrees: Vec::new(),
    });
    let named = |common_name| trusted_below(ca_params("Root"), sub.clone(), params(common_name));
    assert!(named("a.example.com") && named("Not a host") && !named("a.example.org"));
}

#[test]
fn more_names_than_can_be_compared_are_not_trusted() {
    let trusted = |bases: usize, names: usize| {
        let mut sub = ca_params("Sub");
        let excluded = |n| GeneralSubtree::DnsName(format!("{n}.example.com"));
        sub.name_constraints = Some(NameConstraints {
            permitted_subtrees: Vec::new(),
            excluded_subtrees: (0..bases).map(excluded).collect(),
        });
        let mut leaf = params("Leaf");
        let name = |n| rcgen::SanType::DnsName(format!("{n}.example.org").try_into().unwrap());
        leaf.subject_alt_names = (0..names).map(name).collect();
        trusted_below(ca_params("Root"), sub, leaf)
    };

    assert!(trusted(50, 50));
    assert!(!trusted(500, 500));
}

#[test]
fn a_root_that_is_no_ca_is_trusted_unless_the_flag_is_required() {
    let root = Party::root(params("Root"), &RSA[0]);
    let leaf = root.issue(params("Leaf"), &RSA[1]);
    let store = store([&root.certificate]);
    let strict = UploadRules {
        require_ca_flag: true,
        ..rules()
    };

    assert!(trusted(&store, &leaf.certificate));
    assert_eq!(
        store.path(&leaf.certificate, *NOW, &strict).unwrap_err(),
        PathFault::NotFound
    );
}

#[test]
fn expired_authorities_do_not_count() {
    let mut old = ca_params("Sub");
    valid(&mut old, days(-100), days(-1));
    let mut future = ca_params("Root");
    valid(&mut future, days(1), days(900));

    assert!(!trusted_below(ca_params("Root"), old, params("Leaf")));
    assert!(!trusted_below(future, ca_params("Sub"), params("Leaf")));
}
