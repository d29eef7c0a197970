//! What a deployment says that is obeyed in part, or not at all: it is told.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// The settings that this property file gives, or why there are none.
fn read(text: &str) -> Result<Settings, String> {
    // Tests that run at the same time need places of their own.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("unheard{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let files = Files::new(&name, &[("p.properties", text)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];
    let found = Settings::from_sources(&[], None, &environment, &[]);
    let settings = found.and_then(|mut found| Settings::from_layers(&mut found));
    settings.map_err(|error| error.to_string())
}

/// The properties that are said to have no meaning.
fn unheard(text: &str) -> Vec<String> {
    let settings = read(text).unwrap();
    let begin = "properties of the deployment without a meaning here: ";
    let mut names = settings.notes.iter();
    let names = names.find_map(|note| note.strip_prefix(begin));
    let names = names.unwrap_or_default().split(", ");
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn properties_with_the_value_that_is_built_in_are_no_news() {
    let usual = r"
auth.jwt.expiry=1800000
auth.server.admin.oidc.userinfo.path=/protocol/openid-connect/userinfo
mosip.pmp.auth.clientId=mosip-pms-client
mosip.iam.adapter.clientid=mosip-pms-client
mosip.iam.adapter.clientsecret=s
mosip.pmp.auth.secretKey=s
mosip.iam.adapter.appid=partner
mosip.iam.certs_endpoint=https://iam/auth/realms/mosip/protocol/openid-connect/certs
mosip.kernel.auth.appids.realm.map={prereg:'preregistration',ida:'mosip',partner:'mosip'}
mosip.iam.adapter.self-token-renewal-enable=TRUE
hikari.connectionTimeout=60000
javax.persistence.jdbc.schema=pms
server.servlet.context-path=/${pmp.api.version}/policymanager
pmp.api.version=v1
mosip.pms.client.id.regex=^[a-zA-Z0-9_-]{1,100}$
pms.notifications-schedule.fixed-rate=24
";

    assert_eq!(unheard(usual), [""; 0]);
}

#[test]
fn properties_with_another_value_than_the_one_that_is_built_in_are_named() {
    for line in [
        "auth.jwt.expiry=60000",
        "auth.server.admin.oidc.userinfo.url=http://keycloak/userinfo",
        "mosip.iam.adapter.appid=admin",
        "mosip.iam.certs_endpoint=https://iam/auth/realms/other/protocol/openid-connect/certs",
        "mosip.kernel.auth.appids.realm.map={ida:'mosip',partner:'other'}",
        "mosip.global.end-points=/open/**",
        "hikari.minimumIdle=5",
        "hikari.connectionTimeout=${not.set}",
        "javax.persistence.jdbc.schema=partners",
        "server.servlet.context-path=/v2/partnermanager",
        "application.id=OTHER",
        "mosip.pms.batch.job.ftm.cert.expiry.cron.schedule=-",
        "mosip.pms.batch.job.partner.cert.expiry.cron.schedul=-",
        "logging.level.root=LOUD",
        "logging.level.io.mosip.pms.partner=DEBUG",
    ] {
        let name = line.split('=').next().unwrap();

        assert_eq!(unheard(&format!("{line}\n")), [name], "{line}");
    }
    assert_eq!(
        unheard("mosip.iam.adapter.clientid=a\nmosip.pmp.auth.clientId=b\n"),
        ["mosip.iam.adapter.clientid"]
    );
    for origins in ["*", "portal.example.org"] {
        let cors = format!("mosip.security.cors-enable=true\nmosip.security.origins={origins}\n");
        assert_eq!(unheard(&cors), ["mosip.security.origins"], "{origins}");
    }
}

#[test]
fn the_token_adapters_account_is_the_service_account_where_there_is_no_other() {
    let text = "mosip.iam.adapter.clientid=own\nmosip.iam.adapter.clientsecret=s\n";

    let settings = read(text).unwrap();

    assert_eq!(settings.service_account.client_id, "own");
    assert_eq!(settings.service_account.client_secret.expose_secret(), "s");
}

#[test]
fn levels_of_the_references_loggers_become_one_filter() {
    let filter = |text: &str| read(text).unwrap().telemetry.log;
    let built_in = Settings::with_overrides(&[]).unwrap().telemetry.log;
    let mosip = "logging.level.io.mosip=DEBUG\n";

    assert_eq!(
        filter("logging.level.root=ERROR\n"),
        "error,actix_server=error,pms=error,access=info,audit=info"
    );
    assert_eq!(
        filter(&format!("{mosip}logging.level.root=WARN\n")),
        "warn,actix_server=warn,pms=debug,access=info,audit=info"
    );
    assert_eq!(
        filter(&format!("{mosip}logging.level.io.mosip.pms=WARN\n")),
        "info,actix_server=warn,pms=warn,access=info,audit=info"
    );
    assert_eq!(
        filter("server.tomcat.accesslog.enabled=false\n"),
        "info,actix_server=warn,pms=info,access=off,audit=info"
    );
    assert_eq!(
        filter("logging.level.root=TRACE\n"),
        "debug,actix_server=warn,pms=trace,access=info,audit=info",
        "libraries would write what they send"
    );
    for text in ["logging.level.org.springframework=DEBUG\n", "a.b=1\n"] {
        assert_eq!(filter(text), built_in);
    }
}

#[test]
fn parameters_of_the_databases_address_are_followed_or_named() {
    let database = |address: &str| {
        let text = format!(
            "javax.persistence.jdbc.url=jdbc:postgresql://{address}\n\
             javax.persistence.jdbc.user=u\njavax.persistence.jdbc.password=p\n"
        );
        let url = read(&text).unwrap().database.url;
        (url.expose_secret().to_owned(), unheard(&text))
    };
    let followed = |address: &str| {
        let (url, others) = database(address);
        assert_eq!(others, [""; 0], "{address}");
        url
    };

    assert_eq!(
        followed("a:1,b:2/d?targetServerType=primary&tcpKeepAlive=true"),
        "postgres://u:p@a:1,b:2/d?target_session_attrs=read-write"
    );
    assert_eq!(
        followed("h/d?targetServerType=preferSecondary&connectTimeout=7&loginTimeout=0"),
        "postgres://u:p@h/d?connect_timeout=7&target_session_attrs=prefer-standby"
    );
    assert_eq!(
        followed("h/d?user=own&password=a%26b&currentSchema=public,pms"),
        "postgres://own:a%26b@h/d"
    );
    for parameter in [
        "socketTimeout=30",
        "currentSchema=own",
        "targetServerType=x",
    ] {
        let (url, others) = database(&format!("h/d?{parameter}"));
        let name = parameter.split('=').next().unwrap();
        assert_eq!(url, "postgres://u:p@h/d");
        assert_eq!(others, [format!("javax.persistence.jdbc.url?{name}")]);
    }
}

#[test]
fn an_empty_role_property_closes_its_endpoint_and_is_told() {
    let text = "mosip.role.pms.getadminpartners=\nmosip.role.pms.postpolicies= ,\n";

    let settings = read(text).unwrap();

    let mode = settings.security.key_manager_roles;
    let roles = crate::auth::RoleMatrix::with_overrides(&settings.roles, mode).unwrap();
    assert!(!roles.admits("getadminpartners", &["PARTNER_ADMIN".to_owned()]));
    assert!(roles.admits("getpartnersv3", &["PARTNER_ADMIN".to_owned()]));
    assert_eq!(
        settings.notes,
        [
            "role properties with an empty list, whose endpoints no caller may use: \
          mosip.role.pms.getadminpartners, mosip.role.pms.postpolicies"
        ]
    );
}

#[test]
fn what_is_impossible_is_named_with_the_property_that_says_it() {
    let refused = |text: &str| read(text).err().unwrap();

    let zone = refused("mosip.notification.timezone=Asia/Nowhere\n");
    assert!(zone.contains("mosip.notification.timezone"), "{zone}");
    assert!(zone.contains("Asia/Nowhere"), "{zone}");
    let length = refused("mosip.kernel.idgenerator.misp.license-key-length=12\n");
    assert!(
        length.ends_with(
            "partner.misp_licence_key_length must be from 16 to 128; \
             partner.misp_licence_key_length is set in \
             mosip.kernel.idgenerator.misp.license-key-length"
        ),
        "{length}"
    );
    assert!(read("mosip.kernel.idgenerator.misp.license-key-length=20\n").is_ok());
    assert!(read("mosip.notification.timezone=Asia/Kolkata\n").is_ok());
}

#[test]
fn values_that_are_no_addresses_are_shown_as_they_are() {
    let shown = |key: &str, value: &str| {
        let environment = [(key.to_owned(), value.to_owned())];
        let found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
        let all = found.layers.explain().unwrap();
        let line = all.into_iter().find(|line| line.key == key).unwrap();
        line.value
    };
    for (key, value) in [
        ("notifier.timezone", "GMT+03:00"),
        (
            "keycloak.role_users_url",
            "http://kc/roles/{userRole}/users",
        ),
        ("auth.redirect_uri", "https://Portal.example.org"),
    ] {
        assert_eq!(shown(key, value), format!("{value:?}"));
    }
    for (url, masked) in [
        ("postgres://u:pa?ss@h/d?a=b", "postgres://u:***@h/d?***"),
        ("postgres://u:p/a@s@a,b:1/d", "postgres://u:***@a,b:1/d"),
        ("postgres://u@h/d", "postgres://u@h/d"),
    ] {
        assert_eq!(shown("database.url", url), format!("{masked:?}"));
    }
}
