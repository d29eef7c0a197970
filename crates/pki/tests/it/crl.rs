//! Lists of revoked certificates, as other software reads them.

use chrono::TimeDelta;
use pms_pki::certificate::{Attribute, Certificate};
use pms_pki::issue::{self, CrlProfile, PartnerProfile, Reason, Revoked};
use pms_pki::pack;
use pms_pki::rules::Domain;

use crate::support::{NOW, OurCa, RSA, params, root, rules};
use crate::tools::OpenSsl;

const URL: &str = "https://pms.example.org/crl/a.crl";

fn partner_certificate(ca: &OurCa, name: &str) -> Certificate {
    let uploaded = root().issue(params(name), &RSA[1]).certificate;
    let domain = Domain::parse("DEVICE", &rules()).unwrap();
    let profile = PartnerProfile {
        domain: &domain,
        organization: uploaded.subject().first(Attribute::Organization).unwrap(),
        years: 1,
        strict: false,
    };
    let issuer = ca.issuer().with_crl(URL);
    issue::issue_partner(&uploaded, &profile, &issuer, *NOW).unwrap()
}

fn profile(number: u64) -> CrlProfile {
    CrlProfile {
        number,
        this_update: *NOW,
        next_update: *NOW + TimeDelta::hours(24),
    }
}

fn revoked(certificate: &Certificate, reason: Reason) -> Revoked {
    Revoked {
        serial: certificate.serial_octets().to_vec(),
        at: *NOW,
        reason,
    }
}

/// `list` as `openssl` shows it, after it has verified the signature.
fn shown(openssl: &OpenSsl, ca: &OurCa, list: &[u8]) -> String {
    openssl.write("pms.pem", pack::certificate_pem(&ca.pms));
    openssl.write("list.crl", list);
    let said = openssl.try_run("crl -inform DER -in list.crl -CAfile pms.pem -verify -noout");
    assert!(said.status.success(), "{said:?}");
    assert!(
        String::from_utf8_lossy(&said.stderr).contains("verify OK"),
        "{said:?}"
    );
    openssl.run("crl -inform DER -in list.crl -noout -text -nameopt RFC2253")
}

#[test]
fn openssl_reads_and_verifies_a_list() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    let (gone, replaced) = (
        partner_certificate(&ca, "Gone"),
        partner_certificate(&ca, "Old"),
    );
    let entries = [
        revoked(&gone, Reason::KeyCompromise),
        revoked(&replaced, Reason::Unspecified),
    ];

    let list = issue::issue_crl(&entries, &profile(0x1_0000), &ca.issuer()).unwrap();
    let text = shown(&openssl, &ca, &list);

    assert!(text.contains("Version 2 (0x1)"), "{text}");
    assert!(text.contains("Signature Algorithm: sha256WithRSAEncryption"));
    assert!(
        text.contains("X509v3 CRL Number: \n                65536"),
        "{text}"
    );
    let identifier = hex::encode_upper(issue::key_identifier(&ca.pms));
    let identifier: Vec<_> = identifier
        .as_bytes()
        .chunks(2)
        .map(String::from_utf8_lossy)
        .collect();
    assert!(text.contains(&identifier.join(":")), "{text}");
    assert_eq!(text.matches("Serial Number:").count(), 2, "{text}");
    assert_eq!(text.matches("X509v3 CRL Reason Code").count(), 1, "{text}");
    assert!(text.contains("Key Compromise"), "{text}");
    let serial = hex::encode_upper(gone.serial_octets());
    assert!(text.contains(serial.trim_start_matches("00")), "{text}");
}

#[test]
fn a_list_without_entries_has_no_empty_sequence() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());

    let list = issue::issue_crl(&[], &profile(1), &ca.issuer()).unwrap();
    let text = shown(&openssl, &ca, &list);

    assert!(text.contains("No Revoked Certificates."), "{text}");
}

#[test]
fn openssl_refuses_exactly_the_certificates_on_the_list() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    let (gone, kept) = (
        partner_certificate(&ca, "Gone"),
        partner_certificate(&ca, "Kept"),
    );
    let list = issue::issue_crl(
        &[revoked(&gone, Reason::PrivilegeWithdrawn)],
        &profile(7),
        &ca.issuer(),
    );
    openssl.write("root.pem", pack::certificate_pem(&ca.root));
    openssl.write("gone.pem", pack::certificate_pem(&gone));
    openssl.write("kept.pem", pack::certificate_pem(&kept));
    shown(&openssl, &ca, &list.unwrap());
    openssl.run("crl -inform DER -in list.crl -out list.pem");
    let verify = |name: &str, at: i64| {
        openssl.try_run(&format!(
            "verify -crl_check -attime {at} -CAfile root.pem -untrusted pms.pem \
             -CRLfile list.pem {name}.pem"
        ))
    };
    let at = NOW.timestamp() + 60;

    let (good, bad) = (verify("kept", at), verify("gone", at));
    let late = verify("kept", at + 25 * 3600);

    assert!(good.status.success(), "{good:?}");
    let said = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said(&bad).contains("certificate revoked"), "{bad:?}");
    assert!(said(&late).contains("CRL has expired"), "{late:?}");
}

#[test]
fn certificates_name_the_address_of_the_list_if_there_is_one() {
    let (openssl, ca) = (OpenSsl::new(), OurCa::new());
    openssl.write(
        "leaf.pem",
        pack::certificate_pem(&partner_certificate(&ca, "Leaf")),
    );

    let text = openssl.run("x509 -in leaf.pem -noout -ext crlDistributionPoints");

    assert!(text.contains(&format!("URI:{URL}")), "{text}");
    assert!(text.contains("Full Name"), "{text}");
}

#[test]
fn lists_are_signed_only_where_the_certificate_allows_it() {
    let ca = OurCa::new();
    let unrestricted = root().issue(params("Leaf"), &RSA[1]).certificate;
    let kernel = crate::support::profile("KERNEL", 365);
    let kernel = issue::issue_master(&kernel, ca.pms.public_key(), false, &ca.root_issuer());

    assert!(issue::may_sign_crls(&ca.root));
    assert!(issue::may_sign_crls(&ca.pms));
    assert_eq!(unrestricted.extensions().key_usage, None);
    assert!(issue::may_sign_crls(&unrestricted));
    assert!(!issue::may_sign_crls(&kernel.unwrap()));
}

#[test]
fn reasons_have_the_names_of_the_standard() {
    for reason in Reason::ALL {
        assert_eq!(Reason::parse(reason.name()), Some(reason));
    }
    for name in [
        "",
        "certificateHold",
        "removeFromCRL",
        "KeyCompromise",
        "aACompromise",
    ] {
        assert_eq!(Reason::parse(name), None, "{name}");
    }
    let ending: Vec<_> = Reason::ALL
        .into_iter()
        .filter(|reason| reason.ends_the_key())
        .collect();
    assert_eq!(ending, [Reason::KeyCompromise, Reason::CaCompromise]);
}
