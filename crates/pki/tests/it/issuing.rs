//! What we issue, as other software sees it.

use pms_pki::certificate::{Attribute, Certificate};
use pms_pki::issue::{self, Issuer, PartnerProfile, Subject};
use pms_pki::rules::Domain;
use pms_pki::{Pkcs8, PkiError, SigningKey, pack};

use crate::support::{NOW, OurCa, RSA, days, other_key, params, profile, root, rules, store};
use crate::tools::{OpenSsl, keytool};

fn domain(name: &str) -> Domain {
    Domain::parse(name, &rules()).unwrap()
}

fn reissue(uploaded: &Certificate, name: &str, strict: bool, ca: &OurCa) -> Certificate {
    let domain = domain(name);
    let organization = uploaded.subject().first(Attribute::Organization).unwrap();
    let profile = PartnerProfile {
        domain: &domain,
        organization,
        years: 1,
        strict,
    };
    issue::issue_partner(uploaded, &profile, &ca.issuer(), *NOW).unwrap()
}

fn text(openssl: &OpenSsl, certificate: &Certificate) -> String {
    openssl.write("shown.pem", pack::certificate_pem(certificate));
    openssl.run("x509 -in shown.pem -noout -text -nameopt RFC2253")
}

#[test]
fn openssl_verifies_the_whole_chain() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    let keys = [
        &RSA[1],
        other_key(&rcgen::PKCS_ECDSA_P256_SHA256),
        other_key(&rcgen::PKCS_ED25519),
    ];
    openssl.write("root.pem", pack::certificate_pem(&ca.root));
    openssl.write("pms.pem", pack::certificate_pem(&ca.pms));
    for key in keys {
        let uploaded = root().issue(params("Leaf"), key).certificate;
        let signed = reissue(&uploaded, "AUTH", false, &ca);
        openssl.write("leaf.pem", pack::certificate_pem(&signed));

        let at = NOW.timestamp() + 1;
        let said = openssl.run(&format!(
            "verify -check_ss_sig -attime {at} -CAfile root.pem -untrusted pms.pem leaf.pem"
        ));

        assert_eq!(said.trim(), "leaf.pem: OK");
    }
}

#[test]
fn our_own_trust_rules_accept_the_whole_chain() {
    let ca = OurCa::new();
    let uploaded = root().issue(params("Leaf"), &RSA[1]).certificate;
    let signed = reissue(&uploaded, "DEVICE", false, &ca);

    let path = store([&ca.root, &ca.pms])
        .path(&signed, days(1), &rules())
        .unwrap();

    assert_eq!(path.chain(&signed), [&signed, &ca.pms, &ca.root]);
}

#[test]
fn root_and_pms_have_the_profile_of_master_keys() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());

    let (root, pms) = (text(&openssl, &ca.root), text(&openssl, &ca.pms));

    let organization = "OU=MOSIP-TECH-CENTER,O=IITB,L=BANGALORE,ST=KA,C=IN";
    assert!(
        root.contains(&format!("Subject: CN=www.mosip.io (ROOT),{organization}")),
        "{root}"
    );
    assert!(
        pms.contains(&format!("Subject: CN=www.mosip.io (PMS),{organization}")),
        "{pms}"
    );
    assert!(
        pms.contains(&format!("Issuer: CN=www.mosip.io (ROOT),{organization}")),
        "{pms}"
    );
    for (text, depth) in [(&root, 2), (&pms, 1)] {
        assert!(
            text.contains(&format!("CA:TRUE, pathlen:{depth}")),
            "{text}"
        );
        assert!(
            text.contains("Digital Signature, Certificate Sign, CRL Sign"),
            "{text}"
        );
        assert!(text.contains("sha256WithRSAEncryption"), "{text}");
    }
    assert!(ca.root.is_self_signed() && !ca.pms.is_self_signed());
    assert_eq!(ca.root.validity().not_after, days(2920));
}

#[test]
fn the_profile_of_a_partner_certificate_depends_on_its_domain() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    let uploaded = root().issue(params("Leaf"), &RSA[1]).certificate;
    let shown = |name, strict| text(&openssl, &reissue(&uploaded, name, strict, &ca));

    let (auth, device) = (shown("AUTH", false), shown("DEVICE", false));
    assert!(
        auth.contains("Digital Signature, Key Encipherment, Certificate Sign"),
        "{auth}"
    );
    assert!(
        device.contains("Digital Signature, Certificate Sign"),
        "{device}"
    );
    assert!(device.contains("CA:TRUE\n"), "{device}");
    assert!(shown("AUTH", true).contains("CA:FALSE"));
    assert!(shown("FTM", true).contains("CA:FALSE"));
}

#[test]
fn a_partner_certificate_keeps_the_key_and_the_known_attributes() {
    let ca = OurCa::new();
    let mut odd = params("Leaf");
    odd.distinguished_name
        .push(rcgen::DnType::OrganizationName, "Acme, Inc.");
    odd.distinguished_name
        .push(rcgen::DnType::CustomDnType(vec![2, 5, 4, 5]), "serial");
    let uploaded = root().issue(odd, &RSA[1]).certificate;

    let signed = reissue(&uploaded, "AUTH", false, &ca);

    assert_eq!(signed.public_key(), uploaded.public_key());
    assert_eq!(signed.subject().text(), r"CN=Leaf,O=Acme\, Inc.,C=IN");
    assert_eq!(
        signed.subject().first(Attribute::Organization),
        Some("Acme, Inc.")
    );
    assert_eq!(signed.issuer().der(), ca.pms.subject().der());
    assert_eq!(signed.validity().not_before, *NOW);
    assert_eq!(signed.validity().not_after, days(365));
    assert!(!signed.serial().starts_with('-'));
    assert!(signed.serial().len() <= 39);
}

#[test]
fn nothing_outlives_its_issuer() {
    let ca = OurCa::new();
    let uploaded = root().issue(params("Leaf"), &RSA[1]).certificate;
    let domain = domain("AUTH");
    let profile = |years| PartnerProfile {
        domain: &domain,
        organization: "Acme Ltd",
        years,
        strict: false,
    };

    let issue = |years| issue::issue_partner(&uploaded, &profile(years), &ca.issuer(), *NOW);

    let signed = issue(10).unwrap();
    assert_eq!(signed.validity().not_after, ca.pms.validity().not_after);
    assert_eq!(issue(u32::MAX), Err(PkiError::DateRange));
}

#[test]
fn of_several_organizations_the_one_that_was_checked_is_issued() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    openssl.write("names.cnf", TWO_ORGANIZATIONS);
    openssl.run("req -x509 -newkey rsa:2048 -nodes -keyout k -out c.pem -config names.cnf");
    let uploaded = openssl.certificate("c.pem");
    let domain = domain("AUTH");
    let profile = PartnerProfile {
        domain: &domain,
        organization: "Acme",
        years: 1,
        strict: false,
    };

    let signed = issue::issue_partner(&uploaded, &profile, &ca.issuer(), *NOW).unwrap();

    assert_eq!(signed.subject().text(), "CN=leaf,O=Acme");
}

const TWO_ORGANIZATIONS: &str = "
[req]
prompt = no
distinguished_name = name
x509_extensions = none
[name]
0.O = Acme
1.O = Somebody Else
CN = leaf
[none]
";

#[test]
fn a_base_key_only_encrypts() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    let key = SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap();
    let mut profile = profile("PMS", 730);
    profile.subject = Subject::of(ca.pms.subject()).for_base_key("PMS", "PII-DATA");

    let base = issue::issue_base(&profile, key.public_key(), &ca.issuer()).unwrap();

    let text = text(&openssl, &base);
    assert!(
        text.contains("Subject: CN=PMS-PII-DATA,OU=MOSIP-TECH-CENTER,O=IITB"),
        "{text}"
    );
    assert!(
        text.contains("CA:FALSE") && text.contains("Key Encipherment\n"),
        "{text}"
    );
}

#[test]
fn a_certificate_does_not_fit_another_key() {
    let ca = OurCa::new();
    let key = SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap();

    assert_eq!(
        Issuer::new(&ca.root, &key).unwrap_err(),
        PkiError::KeyMismatch
    );
    assert_eq!(ca.root_issuer().certificate(), &ca.root);
}

#[test]
fn requests_are_verified_by_openssl() {
    let openssl = OpenSsl::new();
    let key = SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap();

    let request = issue::certificate_request(&profile("PMS", 1).subject, &key).unwrap();
    openssl.write("request.pem", &request);

    assert!(request.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
    let said = openssl.run("req -in request.pem -noout -verify -subject -nameopt RFC2253");
    assert!(
        said.contains("CN=www.mosip.io (PMS),OU=MOSIP-TECH-CENTER"),
        "{said}"
    );
}

#[test]
fn keytool_reads_what_we_issue() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    let uploaded = root().issue(params("Leaf"), &RSA[1]).certificate;
    openssl.write(
        "leaf.pem",
        pack::certificate_pem(&reissue(&uploaded, "AUTH", false, &ca)),
    );

    let Some(said) = keytool(&openssl.path("leaf.pem")) else {
        return;
    };

    assert!(said.contains("Owner: CN=Leaf, O=Acme Ltd, C=IN"), "{said}");
    assert!(
        said.contains("Key_CertSign") && said.contains("CA:true"),
        "{said}"
    );
}
