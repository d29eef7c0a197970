//! A container that has nothing but the environment of the reference's charts.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use secrecy::ExposeSecret as _;

use super::super::Settings;
use super::placeholders::resolve;
use super::properties::{Properties, Property};

/// A config server that knows one path, and the paths that are requested.
fn server(
    known: &'static str,
    body: &'static str,
    asks: usize,
) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/config", listener.local_addr().unwrap());
    let task = thread::spawn(move || {
        let mut requested = Vec::new();
        for _ in 0..asks {
            let (mut connection, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = connection.read(&mut request).unwrap();
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = text.split(' ').nth(1).unwrap().to_owned();
            let (status, body) = if path == known {
                ("200 OK", body)
            } else {
                ("404 Not Found", "")
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            connection.write_all(answer.as_bytes()).unwrap();
            requested.push(path);
        }
        requested
    });
    (url, task)
}

fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

const ANSWER: &str = r#"{"name":"partner-management","profiles":["default","qa"],"label":"v1","propertySources":[
    {"name":"overrides","source":{"mosip.pms.client.secret":"s3cret","db.dbuser.password":"pw"}},
    {"name":"partner-management-qa","source":{
        "javax.persistence.jdbc.url":"jdbc:postgresql://${mosip.pmp.database.hostname}:5432/mosip_pms",
        "javax.persistence.jdbc.user":"pmsuser",
        "javax.persistence.jdbc.password":"${db.dbuser.password}",
        "mosip.pmp.database.hostname":"${mosip.database.hostname.override:${mosip.database.hostname:postgres}}",
        "mosip.pmp.auth.secretKey":"${mosip.pms.client.secret}",
        "pmp.auth.policy.schema":"${mosip.kernel.xsdstorage-uri}auth-policy-schema.json",
        "mosip.pms.client.secret":"not this one",
        "mosip.optional-languages":""}},
    {"name":"application-default","source":{
        "mosip.kernel.xsdstorage-uri":"${spring.cloud.config.uri}/${spring.application.name}/${spring.profiles.active}/${spring.cloud.config.label}/",
        "websub.publish.url":"http://websub/hub/",
        "mosip.kernel.keymanager.autogen.appids.list":"ROOT,KERNEL:SIGN, RESIDENT,PMS",
        "hikari.maximumPoolSize":7}}]}"#;

#[test]
fn the_four_variables_of_the_reference_are_enough() {
    let (url, task) = server("/config/partner-management/default,qa/v1", ANSWER, 2);
    let given = environment(&[
        ("spring_config_url_env", &url),
        ("spring_config_label_env", "main,v1"),
        ("active_profile_env", "default,qa"),
        ("container_user", "mosip"),
        ("JDK_JAVA_OPTIONS", "-Xmx2750M"),
        ("SPRING_PROFILES_ACTIVE", "other"),
        ("mosip-api-host", "api.example.org"),
        ("HIKARI_MAXIMUMPOOLSIZE", "9"),
    ]);

    let mut found = Settings::from_sources(&[], None, &[], &given).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let requested = task.join().unwrap();
    let path = |label: &str| format!("/config/partner-management/default,qa/{label}");
    assert_eq!(requested, [path("main"), path("v1")]);
    assert_eq!(
        settings.database.url.expose_secret(),
        "postgres://pmsuser:pw@postgres:5432/mosip_pms"
    );
    assert_eq!(
        settings.service_account.client_secret.expose_secret(),
        "s3cret"
    );
    assert_eq!(settings.websub.url.as_str(), "http://websub/hub/");
    assert_eq!(settings.partner.optional_languages, [""; 0]);
    assert_eq!(
        settings.database.pool_size.get(),
        9,
        "the pod's variable stands over the server's"
    );
    assert_eq!(
        settings.key_manager.applications,
        ["ROOT", "KERNEL:SIGN", "RESIDENT", "PMS"]
    );
    assert!(settings.of_deployment);
    assert_eq!(
        settings.policy.schemas["auth"],
        format!("{url}/partner-management/default,qa/main,v1/auth-policy-schema.json")
    );
    assert_eq!(settings.notes, [""; 0]);
}

#[test]
fn our_own_settings_stand_over_the_four_variables() {
    let given = environment(&[("spring_config_url_env", "http://127.0.0.1:9/config")]);
    let ours = environment(&[("config.server", "")]);

    let mut found = Settings::from_sources(&[], None, &ours, &given).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    assert!(settings.config.server.is_empty() && !settings.of_deployment);
}

#[test]
fn the_containers_port_counts_unless_we_are_told_another() {
    let listens = |ours: &[(&str, &str)], theirs: &str| {
        let (url, task) = server("/config/partner-management/default/v1", ANSWER, 1);
        let given = environment(&[
            ("spring_config_url_env", &url),
            ("spring_config_label_env", "v1"),
            ("SERVER_PORT", theirs),
        ]);
        let mut found = Settings::from_sources(&[], None, &environment(ours), &given).unwrap();
        let settings = Settings::from_layers(&mut found).unwrap();
        task.join().unwrap();
        (settings.server.port, settings.notes)
    };

    assert_eq!(listens(&[], "9300"), (9300, Vec::new()));
    assert_eq!(listens(&[("server.port", "9400")], "9300").0, 9400);
    let (port, notes) = listens(&[], "tcp://10.0.0.1:80");
    assert_eq!(port, 0);
    assert_eq!(
        notes,
        ["properties of the deployment without a meaning here: server.port"]
    );
}

#[test]
fn a_config_server_that_stays_away_is_named() {
    let given = environment(&[
        ("spring_config_url_env", "http://127.0.0.1:9/config"),
        ("spring_config_label_env", "v1"),
        ("spring_config_name_env", "pms"),
    ]);
    let ours = environment(&[("config.wait_seconds", "0")]);

    let error = Settings::from_sources(&[], None, &ours, &given)
        .err()
        .unwrap()
        .to_string();

    assert!(
        error.contains("http://127.0.0.1:9/config/pms/default/v1: "),
        "{error}"
    );
    assert!(error.to_lowercase().contains("refused"), "{error}");
}

#[test]
fn a_config_servers_address_that_is_none_is_refused_at_once_with_its_variable() {
    let given = environment(&[("spring_config_url_env", "config-server/config")]);

    let error = Settings::from_sources(&[], None, &[], &given)
        .err()
        .unwrap()
        .to_string();

    assert!(error.contains("spring_config_url_env"), "{error}");
    assert!(error.contains("http or https"), "{error}");
}

#[test]
fn a_profile_that_the_server_does_not_know_is_told_from_what_it_answers() {
    const EMPTY: &str = r#"{"propertySources":[]}"#;
    let (url, task) = server("/config/partner-management/nowhere/v1", EMPTY, 1);
    let given = environment(&[
        ("spring_config_url_env", &url),
        ("spring_config_label_env", "v1"),
        ("active_profile_env", "nowhere"),
    ]);

    let mut found = Settings::from_sources(&[], None, &[], &given).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    task.join().unwrap();
    assert_eq!(
        settings.deployment,
        format!("{url}/partner-management/nowhere/v1 (0 properties)")
    );
}

/// What Spring's property placeholders give for the same text and properties.
#[test]
fn placeholders_mean_what_they_mean_to_spring() {
    let mut set = Properties::new(&environment(&[
        ("DB_HOST", "from-env"),
        ("lower_case", "x"),
    ]));
    let source = [
        ("host", "h"),
        ("empty", ""),
        ("pointer", "host"),
        ("chain", "${url}/x"),
        ("url", "http://${host}:${port:80}"),
        ("with:colon", "whole"),
        ("pattern", "[a-z]{3}"),
        ("db.host", "from-server"),
        ("MixedCase.clientID", "mixed"),
    ];
    let property = |(name, value): (&str, &str)| Property {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    set.add(source.map(property).into());
    for (text, expected) in [
        ("${host}", "h"),
        ("a${host}b${host}c", "ahbhc"),
        ("${chain}", "http://h:80/x"),
        ("${none:${also.none:${host}}}", "h"),
        ("${none:${also.none:last}}", "last"),
        ("${none:http://x:1/y}", "http://x:1/y"),
        ("${none:}", ""),
        ("${none::}", ":"),
        ("${empty:default}", ""),
        ("${${pointer}}", "h"),
        ("${${pointer}:default}", "h"),
        ("${with:colon}", "whole"),
        ("${none:a,b}", "a,b"),
        ("${pattern:[0-9]{2}}$", "[a-z]{3}$"),
        ("${none:[0-9]{2}}$", "[0-9]{2}$"),
        ("${none:{a}b}c", "{a}bc"),
        ("${none:{'k':'${host}'}}", "{'k':'h'}"),
        ("no ${ close", "no ${ close"),
        ("$host {host} $", "$host {host} $"),
        ("${db.host}", "from-env"),
        ("${mixedcase.client-id}", "mixed"),
    ] {
        assert_eq!(resolve(&set, text).as_deref(), Ok(expected), "{text}");
    }
    for text in ["${none}", "${none:${other}}", "${host.${none}}"] {
        assert!(
            resolve(&set, text).unwrap_err().contains("is not set"),
            "{text}"
        );
    }
}
