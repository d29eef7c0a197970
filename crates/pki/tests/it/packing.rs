use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use pms_pki::{Certificate, pack};

use crate::support::{OurCa, RSA, params, root};
use crate::tools::{OpenSsl, keytool};

fn subjects(text: &str) -> Vec<usize> {
    let place = |name: &str| {
        text.find(&format!("CN = {name}"))
            .or(text.find(&format!("CN={name}")))
    };
    ["Leaf", "www.mosip.io (PMS)", "www.mosip.io (ROOT)"]
        .iter()
        .map(|one| place(one).unwrap())
        .collect()
}

fn chain() -> (Certificate, OurCa) {
    (
        root().issue(params("Leaf"), &RSA[1]).certificate,
        OurCa::new(),
    )
}

#[test]
fn bundles_have_the_exact_bytes_of_a_key_manager() {
    let (leaf, _) = chain();

    let bundle = URL_SAFE
        .decode(pack::signed_certificate_data(&[&leaf]))
        .unwrap();

    let prefix = "308006092a864886f70d010702a0803080020101310\
                  0300b06092a864886f70d010701a080";
    let expected = format!("{prefix}{}00003100000000000000", hex::encode(leaf.der()));
    assert_eq!(hex::encode(bundle), expected);
    let empty = "302306092a864886f70d010702a01630140201013100300b06092a864886f70d0107013100";
    assert_eq!(hex::encode(pack::bundle(&[])), empty);
}

#[test]
fn openssl_prints_the_certificates_of_a_bundle_in_their_order() {
    let (openssl, (leaf, ca)) = (OpenSsl::new(), chain());
    let chain = [&leaf, &ca.pms, &ca.root];
    openssl.write("bundle.der", pack::bundle(&chain));
    openssl.write("bundle.p7b", pack::p7b_file(&chain));

    for (file, form) in [("bundle.der", "DER"), ("bundle.p7b", "PEM")] {
        let said = openssl.run(&format!(
            "pkcs7 -in {file} -inform {form} -print_certs -noout"
        ));
        let said: String = said
            .lines()
            .filter(|line| line.starts_with("subject"))
            .collect();
        assert!(subjects(&said).is_sorted(), "{said}");
    }
}

#[test]
fn keytool_prints_the_certificates_of_a_bundle_in_their_order() {
    let (openssl, (leaf, ca)) = (OpenSsl::new(), chain());
    openssl.write("bundle.p7b", pack::p7b_file(&[&leaf, &ca.pms, &ca.root]));

    let Some(said) = keytool(&openssl.path("bundle.p7b")) else {
        return;
    };

    let owners: String = said
        .lines()
        .filter(|line| line.starts_with("Owner"))
        .collect();
    assert!(subjects(&owners).is_sorted(), "{said}");
}

#[test]
fn lines_of_a_downloaded_bundle_have_64_columns_and_it_ends_without_line_feed() {
    let (leaf, ca) = chain();

    for chain in [
        vec![&leaf],
        vec![&leaf, &ca.pms],
        vec![&leaf, &ca.pms, &ca.root],
        vec![],
    ] {
        let text = pack::p7b_file(&chain);
        let body = text.strip_prefix("-----BEGIN PKCS7-----\n").unwrap();
        let body = body.strip_suffix("\n-----END PKCS7-----").unwrap();
        let mut lines: Vec<_> = body.split('\n').collect();
        let last = lines.pop().unwrap();

        assert!(lines.iter().all(|line| line.len() == 64));
        assert!((1..=64).contains(&last.len()));
    }
}

#[test]
fn pem_has_64_columns_and_a_line_feed_at_the_end() {
    let (openssl, (leaf, _)) = (OpenSsl::new(), chain());
    let text = pack::certificate_pem(&leaf);
    openssl.write("leaf.pem", &text);

    assert_eq!(openssl.run("x509 -in leaf.pem"), text);
}
