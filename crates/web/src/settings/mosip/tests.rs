//! A deployment's property files, as they are written in reality.

mod jobs;
mod login;
mod peers;
mod unheard;

use std::fs;
use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use super::super::Settings;

const APPLICATION: &str = r"
# application-default.properties
keycloak.external.url=https://iam.example.org
keycloak.internal.url=http://keycloak.keycloak
mosip.kernel.keymanager.url=http://keymanager.keymanager
mosip.kernel.auditmanager.url=http://auditmanager.kernel
mosip.websub.url=http://websub.websub
auth.server.admin.issuer.uri=${keycloak.external.url}/auth/realms/
auth.server.admin.issuer.internal.uri=${keycloak.internal.url}/auth/realms/
websub.publish.url=${mosip.websub.url}/hub/
mosip.mandatory-languages=eng
mosip.optional-languages=fra
";

const PARTNER_MANAGEMENT: &str = r"
mosip.pmp.database.hostname=${mosip.database.hostname.override:postgres-postgresql.postgres}
mosip.pmp.database.port=5432
javax.persistence.jdbc.url=jdbc:postgresql://${mosip.pmp.database.hostname}:${mosip.pmp.database.port}/mosip_pms?sslmode=require&loginTimeout=5
javax.persistence.jdbc.user=pmsuser
javax.persistence.jdbc.password=p@ss:w/rd
mosip.pmp.auth.clientId=mosip-pms-client
mosip.pmp.auth.secretKey=${mosip.pms.client.secret}
mosip.pms.client.secret=s3cret
mosip.kernel.masterdata.audit-url=${mosip.kernel.auditmanager.url}/v1/auditmanager/audits
pmp.partner.certificaticate.upload.rest.uri=${mosip.kernel.keymanager.url}/v1/keymanager/uploadPartnerCertificate
pmp.trust.certificates.post.rest.uri=${mosip.kernel.keymanager.url}/v1/keymanager/getCaCertificates
pmp.partner.valid.email.address.regex=^[\\w-\\+]+(\\.[\\w]+)*@[\\w-]+(\\.[\\w]+)*(\\.[a-z]{2,})$
pmp.allowed.credential.types=auth,qrcode, \
    euin
mosip.pms.MISP.partner-type=MISP_Partner
mosip.role.pms.postpolicies=PARTNER_ADMIN
mosip.role.pms.nosuchendpoint=X
mosip.pms.api.id.partners.v3.get=mosip.pms.partners.v3.get
mosip.pms.api.id.policies.get=own.policies.get
policy.allowed.kyc.attributes=fullName,dateOfBirth
policy.auth.allowed.token.types=random,partner,policy
pmp.something.new=1
hibernate.show_sql=true
";

/// A directory that goes away.
struct Files(PathBuf);

impl Files {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let directory = std::env::temp_dir().join(format!("pms-{name}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        for (file, text) in files {
            fs::write(directory.join(file), text).unwrap();
        }
        Self(directory)
    }

    fn path(&self, file: &str) -> String {
        self.0.join(file).display().to_string()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one deployment, many settings")]
fn a_deployments_files_become_our_settings() {
    let files = Files::new(
        "files",
        &[
            ("a.properties", APPLICATION),
            ("p.properties", PARTNER_MANAGEMENT),
        ],
    );
    let list = format!(
        "{},{}",
        files.path("a.properties"),
        files.path("p.properties")
    );

    let environment = [
        ("config.properties".to_owned(), list),
        ("partner.misp_type".to_owned(), "Own".to_owned()),
    ];
    let behind = [(
        "MOSIP_DATABASE_HOSTNAME_OVERRIDE".to_owned(),
        "db.example.org".to_owned(),
    )];
    let mut found = Settings::from_sources(&[], None, &environment, &behind).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    assert_eq!(
        settings.database.url.expose_secret(),
        "postgres://pmsuser:p%40ss%3Aw%2Frd@db.example.org:5432/mosip_pms?sslmode=require&connect_timeout=5"
    );
    assert_eq!(
        settings.auth.issuer.as_str(),
        "https://iam.example.org/auth/realms/mosip"
    );
    assert_eq!(
        settings.auth.accepted_issuers,
        ["http://keycloak.keycloak/auth/realms/mosip"]
    );
    assert_eq!(
        settings.jwks_url(),
        "http://keycloak.keycloak/auth/realms/mosip/protocol/openid-connect/certs"
    );
    assert_eq!(
        settings.service_account.client_secret.expose_secret(),
        "s3cret"
    );
    assert_eq!(settings.websub.url.as_str(), "http://websub.websub/hub/");
    assert_eq!(
        settings.audit.url.as_str(),
        "http://auditmanager.kernel/v1/auditmanager/audits"
    );
    assert_eq!(
        settings.key_manager.url.as_str(),
        "http://keymanager.keymanager/v1/keymanager"
    );
    assert_eq!(
        settings.partner.credential_types,
        ["auth", "qrcode", "euin"]
    );
    assert_eq!(
        settings.policy.allowed_kyc_attributes,
        "fullName,dateOfBirth"
    );
    assert_eq!(settings.policy.allowed_token_types, "random,partner,policy");
    assert_eq!(settings.partner.optional_languages, ["fra"]);
    assert_eq!(settings.roles["postpolicies"], "PARTNER_ADMIN");
    assert_eq!(
        settings.partner.email_regex,
        r"^[\w\-\+]+(\.[\w]+)*@[\w\-]+(\.[\w]+)*(\.[a-z]{2,})$"
    );
    // The environment wins, and names are looked up without regard to their form.
    assert_eq!(settings.partner.misp_type, "Own");
    assert_eq!(
        settings.notes,
        ["properties of the deployment without a meaning here: \
          mosip.role.pms.nosuchendpoint, pmp.something.new, mosip.pms.api.id.policies.get"]
    );
}

#[test]
fn origins_are_reported_and_secrets_masked() {
    let files = Files::new(
        "origins",
        &[(
            "p.properties",
            "javax.persistence.jdbc.url=jdbc:postgresql://h/d\njavax.persistence.jdbc.user=u\njavax.persistence.jdbc.password=topsecret\n",
        )],
    );
    let environment = [
        ("config.properties".to_owned(), files.path("p.properties")),
        (
            "service_account.client_secret".to_owned(),
            "hidden".to_owned(),
        ),
    ];

    let found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let all = found.layers.explain().unwrap();

    let line = |key: &str| {
        let found = all.iter().find(|line| line.key == key).unwrap();
        (found.value.clone(), found.origin.clone())
    };
    let of = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    assert_eq!(
        line("database.url"),
        of("\"postgres://u:***@h/d\"", "javax.persistence.jdbc.url")
    );
    assert_eq!(
        line("service_account.client_secret"),
        of("\"***\"", "environment")
    );
    assert_eq!(line("database.pool_size"), of("10", "built in"));
    assert_eq!(line("key_manager.kek"), of("\"\"", "built in"));
    let everything = format!("{all:?}");
    assert!(!everything.contains("topsecret") && !everything.contains("hidden"));
}

#[test]
fn what_is_wrong_is_named() {
    let refused = |text: &str| {
        let files = Files::new("wrong", &[("p.properties", text)]);
        let environment = [("config.properties".to_owned(), files.path("p.properties"))];
        let found = Settings::from_sources(&[], None, &environment, &[]);
        let error = found.and_then(|mut found| Settings::from_layers(&mut found).map(|_| ()));
        error.unwrap_err().to_string()
    };

    assert!(refused("websub.publish.url=${nothing}/hub\n").contains("${nothing} is not set"));
    assert!(refused("javax.persistence.jdbc.url=jdbc:h2:mem\n").contains("jdbc.url"));
    assert!(
        refused(
            "pmp.encrypt.data.post.rest.uri=http://a/encrypt\n\
             pmp.decrypt.data.post.rest.uri=http://b/decrypt\n"
        )
        .contains("different key managers")
    );
    let environment = [("config.properties".to_owned(), "/nowhere".to_owned())];
    let missing = Settings::from_sources(&[], None, &environment, &[])
        .err()
        .unwrap();
    assert!(missing.to_string().contains("/nowhere"));
}

#[test]
fn no_form_of_a_database_address_shows_its_password() {
    for url in [
        "postgres://u:topsecret@h/d?sslmode=disable&password=topsecret",
        "host=h password=topsecret user=u",
    ] {
        let environment = [
            ("database.url".to_owned(), url.to_owned()),
            (
                "audit.url".to_owned(),
                "http://h/?token=topsecret".to_owned(),
            ),
        ];

        let found = Settings::from_sources(&[], None, &environment, &[]).unwrap();

        let everything = format!("{:?}", found.layers.explain().unwrap());
        assert!(!everything.contains("topsecret"), "{url}");
    }
}

#[test]
fn roles_that_would_lift_ownership_are_reported_where_they_are_not_the_usual_ones() {
    let notes = |roles: &str| {
        let text = format!("{PARTNER_MANAGEMENT}\nmosip.pms.required.roles={roles}\n");
        let files = Files::new(
            &format!("required-{}", roles.len()),
            &[("a.properties", APPLICATION), ("p.properties", &text)],
        );
        let list = format!(
            "{},{}",
            files.path("a.properties"),
            files.path("p.properties")
        );
        let environment = [("config.properties".to_owned(), list)];
        let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
        Settings::from_layers(&mut found).unwrap().notes.join("\n")
    };
    let reported = |roles: &str| notes(roles).contains("mosip.pms.required.roles");

    assert!(!reported("PARTNER_ADMIN"));
    assert!(!reported("RESIDENT, PARTNER_ADMIN"));
    assert!(reported("PARTNER_ADMIN,CREDENTIAL_PARTNER"));
}
