//! A deployment's property files, as they are written in reality.

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
        "postgres://pmsuser:p%40ss%3Aw%2Frd@db.example.org:5432/mosip_pms?sslmode=require"
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
          mosip.role.pms.nosuchendpoint, pmp.something.new"]
    );
}

#[test]
fn origins_are_told_and_secrets_masked() {
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

const LOGIN: &str = r"
keycloak.external.url=https://iam.example.org
keycloak.internal.url=http://keycloak.keycloak
mosip.api.internal.url=https://api-internal.example.org
mosip.pmp.host=pmp.example.org
mosip.pms.client.secret=s3cret
auth.server.admin.issuer.uri=${keycloak.external.url}/auth/realms/
auth.server.admin.issuer.internal.uri=${keycloak.internal.url}/auth/realms/
auth.allowed.urls=https://${mosip.pmp.host}/,https://dev.example.org/**
mosip.iam.module.login_flow.name=authorization_code
mosip.iam.module.login_flow.scope=email
mosip.iam.module.login_flow.response_type=code
mosip.iam.module.clientID=mosip-pms-client
mosip.iam.module.clientsecret=${mosip.pms.client.secret}
mosip.iam.module.redirecturi=${mosip.api.internal.url}/v1/partnermanager/login-redirect/
mosip.iam.module.admin_realm_id=mosip
mosip.iam.authorization_endpoint=${keycloak.external.url}/auth/realms/{realmId}/protocol/openid-connect/auth
mosip.iam.token_endpoint=${keycloak.internal.url}/auth/realms/mosip/protocol/openid-connect/token
mosip.iam.end-session-endpoint-path=/protocol/openid-connect/logout
mosip.security.cors-enable=true
mosip.security.origins=localhost:8080, https://pmp.example.org
";

const USERS: &str = r"
keycloak.internal.url=http://keycloak.keycloak
keycloak.admin.password=adm1n
mosip.iam.realm.operations.base-url=${keycloak.internal.url}/auth/admin/realms/{realmId}
mosip.iam.open-id-url=${keycloak.internal.url}/auth/realms/{realmId}/protocol/openid-connect/
mosip.iam.master.realm-id=main
mosip.keycloak.admin.client.id=admin-client
mosip.keycloak.admin.user.id=root
mosip.keycloak.admin.secret.key=${keycloak.admin.password}
";

#[test]
fn a_deployments_administrator_of_users_becomes_ours() {
    let read = |text: &str| {
        let files = Files::new("users", &[("p.properties", text)]);
        let environment = [("config.properties".to_owned(), files.path("p.properties"))];
        let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
        Settings::from_layers(&mut found).unwrap().keycloak
    };

    let found = read(USERS);
    assert_eq!(
        found.realm_url.as_str(),
        "http://keycloak.keycloak/auth/admin/realms/mosip"
    );
    assert_eq!(
        found.admin_token_url.as_str(),
        "http://keycloak.keycloak/auth/realms/main/protocol/openid-connect/token"
    );
    assert_eq!(
        (
            found.admin_client_id.as_str(),
            found.admin_username.as_str()
        ),
        ("admin-client", "root")
    );
    assert_eq!(found.admin_password.expose_secret(), "adm1n");

    // Without the password, which only one endpoint needs, the start goes on.
    let without = read(&USERS.replace("keycloak.admin.password=adm1n\n", ""));
    assert_eq!(without.admin_password.expose_secret(), "");
    assert_eq!(without.realm_url, found.realm_url);
}

#[test]
fn a_deployments_login_becomes_ours() {
    let files = Files::new("login", &[("p.properties", LOGIN)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let realm = "https://iam.example.org/auth/realms/mosip/protocol/openid-connect";
    assert_eq!(settings.authorization_endpoint(), format!("{realm}/auth"));
    assert_eq!(settings.end_session_endpoint(), format!("{realm}/logout"));
    assert_eq!(
        settings.login_token_endpoint(),
        "http://keycloak.keycloak/auth/realms/mosip/protocol/openid-connect/token"
    );
    let (client, secret) = settings.login_client();
    assert_eq!(
        (client.as_str(), secret.expose_secret()),
        ("mosip-pms-client", "s3cret")
    );
    assert_eq!(
        settings.auth.redirect_uri.as_str(),
        "https://api-internal.example.org/v1/partnermanager/login-redirect/"
    );
    assert_eq!(
        settings.auth.allowed_redirects,
        ["https://pmp.example.org/", "https://dev.example.org/**"]
    );
    assert_eq!(settings.cors.allowed_origins, ["https://pmp.example.org"]);
    assert_eq!(settings.notes, Vec::<String>::new());
}

#[test]
fn what_the_portal_is_told_is_taken_over() {
    let files = Files::new(
        "portal",
        &[(
            "p.properties",
            "mosip.pms.oidc.clients.grantTypes=authorization_code,refresh_token\n\
             mosip.pms.oidc.clients.clientAuthMethods=private_key_jwt\n\
             mosip.pms.session.inactivity.timer=26\n\
             mosip.pms.session.inactivity.prompt.timer=6\n\
             mosip.pms.axios.timeout=4\n\
             mosip.pms.pagination.items.per.page=9\n\
             mosip.pms.auto.refresh.notifications=301\n\
             mosip.pms.expiry.date.max.year=11\n\
             mosip.pms.created.date.max.year=12\n\
             mosip.pms.oidc.client.available=false\n",
        )],
    );
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let portal = &settings.portal;
    assert_eq!(
        portal.oidc_grant_types,
        ["authorization_code", "refresh_token"]
    );
    assert_eq!(portal.oidc_client_auth_methods, ["private_key_jwt"]);
    assert_eq!(
        [
            portal.inactivity_minutes.get(),
            portal.inactivity_prompt_minutes.get(),
            portal.request_timeout_minutes,
            portal.items_per_page.get(),
            portal.notifications_refresh_seconds.get(),
            settings.devices.sbi_expiry_max_years,
            settings.devices.sbi_created_max_years,
        ],
        [26, 6, 4, 9, 301, 11, 12]
    );
    assert!(!settings.features.oidc_clients);
    assert_eq!(settings.notes, [""; 0]);
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

const ESIGNET: &str = r"
mosip.esignet.service.url=http://esignet.esignet
mosip.pms.esignet.oauth-client-create-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oauth-client
mosip.pms.esignet.oauth-client-update-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oauth-client/
mosip.pms.esignet.oidc-client-create-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oidc-client
mosip.pms.esignet.oidc-client-update-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oidc-client/
mosip.pms.esignet.config-url=${mosip.esignet.service.url}/v1/esignet/oidc/.well-known/openid-configuration
mosip.pms.esignet.claims-mapping-file-url=${spring_config_url_env}/application/default/v1/identity-mapping.json
mosip.pms.esignet.amr-acr-mapping-file-url=${spring_config_url_env}/application/default/v1/amr-acr-mapping.json
";

#[test]
fn a_deployments_esignet_becomes_ours() {
    let files = Files::new("esignet", &[("p.properties", ESIGNET)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];
    let behind = [(
        "spring_config_url_env".to_owned(),
        "http://config-server/config".to_owned(),
    )];

    let mut found = Settings::from_sources(&[], None, &environment, &behind).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let esignet = &settings.esignet;
    let managed = "http://esignet.esignet/v1/esignet/client-mgmt";
    assert_eq!(esignet.url.as_str(), "http://esignet.esignet");
    assert_eq!(
        esignet.oauth_client_create_url.as_str(),
        format!("{managed}/oauth-client")
    );
    assert_eq!(
        esignet.oauth_client_update_url.as_str(),
        format!("{managed}/oauth-client/")
    );
    assert_eq!(
        esignet.oidc_client_create_url.as_str(),
        format!("{managed}/oidc-client")
    );
    assert_eq!(
        esignet.oidc_client_update_url.as_str(),
        format!("{managed}/oidc-client/")
    );
    assert_eq!(
        esignet.discovery_url.as_str(),
        "http://esignet.esignet/v1/esignet/oidc/.well-known/openid-configuration"
    );
    let mappings = "http://config-server/config/application/default/v1";
    assert_eq!(
        [
            esignet.claims_mapping_url.as_str(),
            esignet.acr_mapping_url.as_str()
        ],
        [
            &format!("{mappings}/identity-mapping.json"),
            &format!("{mappings}/amr-acr-mapping.json")
        ]
    );
    assert_eq!(settings.notes, [""; 0]);
}

#[test]
fn what_a_deployment_says_about_logins_is_taken_or_reported() {
    let files = Files::new(
        "logins",
        &[(
            "p.properties",
            "auth.server.admin.allowed.audience=a,b\n\
             auth.server.admin.allowed.audience.partner-management=c\n\
             mosip.iam.module.token.endpoint.private-key-jwt.auth.enabled=true\n\
             mosip.iam.module.login_flow.name=authorization_code\n\
             mosip.iam.post-logout-uri-param-key=redirect_uri\n\
             auth.validate.id-token=true\n",
        )],
    );
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    assert_eq!(settings.auth.allowed_audiences, ["c"]);
    assert!(settings.auth.private_key_jwt);
    assert_eq!(
        settings.notes,
        ["properties of the deployment without a meaning here: \
          auth.validate.id-token, mosip.iam.post-logout-uri-param-key"]
    );
}

#[test]
fn with_the_references_properties_every_queue_has_addresses_and_nothing_is_discarded() {
    let text = "websub.publish.url=http://websub/hub/\n\
                mosip.kernel.masterdata.audit-url=http://audit/audits\n\
                emailResourse.url=http://notifier/email/send\n\
                pmp.certificaticate.datashare.rest.uri=http://datashare/create\n";
    let files = Files::new("queues", &[("p.properties", text)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];
    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    assert_eq!(settings.websub.url.as_str(), "http://websub/hub/");
    assert_eq!(settings.audit.url.as_str(), "http://audit/audits");
    assert_eq!(settings.notifier.url.as_str(), "http://notifier/email/send");
    assert_eq!(settings.datashare.url.as_str(), "http://datashare/create");
    assert!(settings.outbox.discard.is_empty());
}

#[test]
fn schedules_periods_and_skipped_partners_of_jobs_are_taken_over() {
    let files = Files::new(
        "jobs",
        &[(
            "p.properties",
            r"
mosip.pms.batch.job.root.intermediate.cert.expiry.cron.schedule=-
mosip.pms.batch.job.partner.cert.expiry.cron.schedule=0 0 6 ? * *
mosip.pms.batch.job.weekly.notifications.cron.schedule=0 0 0 * * 6
mosip.pms.batch.job.delete.past.notifications.cron.schedule=0 30 1 * * MON-FRI
mosip.pms.batch.job.root.intermediate.cert.expiry.periods=30,15,0
mosip.pms.batch.job.partner.cert.expiry.periods=
mosip.pms.batch.job.past.notifications.deletion.period=90
mosip.pms.batch.job.enable.past.notifications.deletion=false
mosip.pms.batch.job.skips.partner.ids=MOSIP.PROXY.SBI,mpartner-default-cert,
mosip.pms.batch.job.something.newer=1
notifications.sent.before.days=7
pms.notifications-schedule.init-delay=24
pms.notifications-schedule.fixed-rate=24
",
        )],
    );
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let jobs = settings.jobs;
    assert_eq!(jobs.ca_certificates_cron, "-");
    assert_eq!(jobs.partner_certificates_cron, "0 0 6 ? * *");
    assert_eq!(jobs.weekly_summary_cron, "0 0 0 * * 6");
    assert_eq!(jobs.clean_up_cron, "0 30 1 * * MON-FRI");
    assert_eq!(jobs.ca_certificates_periods, [30, 15, 0]);
    assert_eq!(jobs.partner_certificates_periods, [0_u32; 0]);
    assert_eq!(jobs.keep_notifications_days, 90);
    assert!(!jobs.delete_notifications);
    assert_eq!(
        jobs.skip_partners,
        ["MOSIP.PROXY.SBI", "mpartner-default-cert"]
    );
    assert_eq!(jobs.api_key_mail_days, 7);
    assert_eq!(settings.notes, [""; 0]);
}
