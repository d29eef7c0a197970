//! What a deployment says about eSignet and the other peers.

use super::*;

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

/// The settings that this property file gives.
fn read(name: &str, text: &str) -> Settings {
    let files = Files::new(name, &[("p.properties", text)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];
    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    Settings::from_layers(&mut found).unwrap()
}

#[test]
fn administrators_are_found_without_the_property_that_only_the_reference_has() {
    let admin = "mosip.iam.admin-url=http://keycloak/auth/admin/\n";
    let own = "mosip.iam.role-users-url=http://own/{userRole}\n";
    let outside = "keycloak.external.url=https://iam.example.org\n";
    for (text, expected) in [
        (
            format!("{admin}mosip.iam.roles-extn-url=realms/other/roles\n{outside}"),
            "http://keycloak/auth/admin/realms/other/roles/{userRole}/users?max=-1",
        ),
        (
            format!("{admin}{outside}"),
            "http://keycloak/auth/admin/realms/mosip/roles/{userRole}/users?max=-1",
        ),
        (
            outside.to_owned(),
            "https://iam.example.org/auth/admin/realms/mosip/roles/{userRole}/users?max=-1",
        ),
        (
            format!("{admin}mosip.iam.roles-extn-url=realms/${{not.set}}/roles\n"),
            "http://keycloak/auth/admin/realms/mosip/roles/{userRole}/users?max=-1",
        ),
        (format!("{admin}{own}{outside}"), "http://own/{userRole}"),
        (
            "mosip.kernel.x=1\nkeycloak.external.url=${not.set}\n".to_owned(),
            "",
        ),
    ] {
        let settings = read("admins", &text);

        assert_eq!(
            settings.keycloak.role_users_url.as_str(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_deployments_codes_of_templates_are_obeyed() {
    let text = "partner.registration.sub-template=own-registration\n\
                apikey.status.content-template=own-key\n\
                email.notification.root.cert.expiry.subject.template=OWN_ROOT\n\
                email.notification.weekly.summary.template=OWN_WEEK\n\
                email.notification.new.template=x\n";

    let settings = read("codes", text);

    let codes = settings.templates.codes.by_usual();
    let others: Vec<_> = codes.iter().filter(|(usual, code)| usual != code).collect();
    assert_eq!(
        others,
        [
            &("partner-reg-sub-template", "own-registration"),
            &("apikey-status-content-template", "own-key"),
            &("ROOT_CERT_EXPIRY_SUBJECT", "OWN_ROOT"),
            &("WEEKLY_SUMMARY_TEMPLATE", "OWN_WEEK"),
        ]
    );
    assert_eq!(
        settings.notes,
        ["properties of the deployment without a meaning here: email.notification.new.template"]
    );
}

#[test]
fn the_database_is_encrypted_as_its_driver_would() {
    for (parameters, expected) in [
        ("ssl=true", "?sslmode=verify-full"),
        ("ssl", "?sslmode=verify-full"),
        (
            "ssl=true&sslrootcert=/ca.pem&loginTimeout=5",
            "?sslrootcert=/ca.pem&connect_timeout=5&sslmode=verify-full",
        ),
        ("sslmode=require&ssl=true", "?sslmode=require"),
        (
            "ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory",
            "?sslmode=require",
        ),
        ("ssl=false&sslrootcert=/ca.pem", "?sslrootcert=/ca.pem"),
    ] {
        let jdbc = format!("javax.persistence.jdbc.url=jdbc:postgresql://h:1/d?{parameters}\n");

        let settings = read("ssl", &jdbc);

        let url = settings.database.url.expose_secret();
        assert_eq!(url, format!("postgres://h:1/d{expected}"), "{parameters}");
    }
}

#[test]
fn an_insecure_token_cookie_is_named_and_not_made() {
    let settings = read(
        "cookie",
        "mosip.security.secure-cookie=false\nserver.port=9200\n",
    );

    assert!(settings.auth.secure_cookies);
    assert_eq!(settings.server.port, 9200);
    assert_eq!(
        settings.notes,
        ["properties of the deployment without a meaning here: mosip.security.secure-cookie"]
    );
}
