//! Partners with certificates, and the calls that end them.

use std::path::Path;
use std::process::{Command, Output};
use std::rc::Rc;

use pms_pki::{Certificate, pack, reading};
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use super::ca::Authority;
use super::service::{KM, Replica, Stage, zonal};

pub const CERTIFICATES: &str = "/v1/partnermanager/certificates";
pub const LISTS: &str = "/v1/partnermanager/crl";

pub fn admin() -> Who {
    Who::user("admin", &["PARTNER_ADMIN"])
}

/// A service whose domains trust one authority.
pub async fn trusting(stage: &Rc<Stage>, settings: &[(&str, &str)]) -> (Replica, Authority) {
    let replica = stage.start(settings).await;
    let root = Authority::root("Root");
    for domain in ["AUTH", "DEVICE", "FTM"] {
        replica.trust(&root.pem(), domain).await;
    }
    (replica, root)
}

/// Uploads a certificate, which becomes the partner's current one. Its id, and
/// what was issued.
pub async fn certify(
    (stage, replica): (&Stage, &Replica),
    (partner, kind): (&str, &str),
    pem: &str,
    domain: &str,
) -> (String, Certificate) {
    let (id, issued) = upload(replica, pem, domain).await;
    if stage.text(&format!(
        "SELECT count(*) FROM pms.partner WHERE id = '{partner}'"
    )) == "0"
    {
        stage.partner(partner, "Acme", kind);
    }
    stage.sql(&format!(
        "UPDATE pms.partner SET certificate_alias = '{id}' WHERE id = '{partner}'"
    ));
    (id, issued)
}

/// Uploads a certificate of the organisation Acme.
pub async fn upload(replica: &Replica, pem: &str, domain: &str) -> (String, Certificate) {
    let response = replica.upload_partner(pem, "Acme", domain).await.response();
    let id = response["certificateId"].as_str().unwrap().to_owned();
    let path = format!("{KM}/getPartnerCertificate/{id}");
    let issued = replica.get(&zonal(), &path).await.response();
    let issued = reading::read_certificate(issued["certificateData"].as_str().unwrap());
    (id, issued.unwrap())
}

pub async fn revoke_as(replica: &Replica, who: &Who, id: &str, request: Value) -> Reply {
    let body = json!({
        "id": "mosip.pms.revoke.certificate.post",
        "version": "1.0",
        "requestTime": replica.request_time(),
        "request": request,
    });
    let path = format!("{CERTIFICATES}/{id}/revoke");
    replica
        .send(who, "POST", &path, Some(body.to_string()))
        .await
}

pub async fn revoke(replica: &Replica, id: &str, reason: &str) -> Reply {
    revoke_as(replica, &admin(), id, json!({ "reason": reason })).await
}

pub async fn is_trusted(replica: &Replica, pem: &str, domain: &str) -> bool {
    let request = json!({ "certificateData": pem, "partnerDomain": domain });
    let reply = replica.km("verifyCertificateTrust", request).await;
    reply.response()["status"].as_bool().unwrap()
}

/// The list of a key, as DER.
pub async fn list(replica: &Replica, name: &str) -> Vec<u8> {
    let response = replica.fetch(&format!("{LISTS}/{name}.crl"), &[]).await;
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

/// The name of the key that issued a certificate.
pub fn issuer_name(issued: &Certificate) -> String {
    hex::encode(issued.extensions().authority_key_id.as_ref().unwrap())
}

/// A folder in which `openssl` looks at lists of the service.
pub struct OpenSsl(tempfile::TempDir);

impl OpenSsl {
    /// With the certificates of the service's own keys.
    pub async fn new(replica: &Replica) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("root.pem", replica.certificate("ROOT", "").await);
        folder.write("pms.pem", replica.certificate("PMS", "").await);
        folder
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn try_run(&self, arguments: &str) -> Output {
        Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    /// The list as text, after its signature was verified.
    pub fn show(&self, list: &[u8]) -> String {
        self.write("list.crl", list);
        let said = self.try_run("crl -inform DER -in list.crl -CAfile pms.pem -verify -noout");
        let heard = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(
            said.status.success() && heard.contains("verify OK"),
            "{heard}"
        );
        let text = self.try_run("crl -inform DER -in list.crl -noout -text");
        String::from_utf8(text.stdout).unwrap()
    }

    /// What `openssl verify -crl_check` says of a certificate, by the list that
    /// was shown last.
    pub fn verify(&self, issued: &Certificate, at: i64) -> Output {
        self.write("leaf.pem", pack::certificate_pem(issued));
        self.try_run("crl -inform DER -in list.crl -out list.pem");
        self.try_run(&format!(
            "verify -crl_check -attime {at} -CAfile root.pem -untrusted pms.pem \
             -CRLfile list.pem leaf.pem"
        ))
    }
}

/// `X509v3 CRL Number` of a list that was shown.
pub fn number(shown: &str) -> u64 {
    let after = shown.split("X509v3 CRL Number:").nth(1).unwrap();
    after.split_whitespace().next().unwrap().parse().unwrap()
}
