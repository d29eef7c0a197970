use secrecy::ExposeSecret as _;

use super::environment::variables;
use super::*;

fn refused(overrides: &[(&str, &str)]) -> String {
    Settings::with_overrides(overrides)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn the_defaults_are_complete_and_possible() {
    let settings = Settings::with_overrides(&[]).unwrap();

    assert_eq!(settings.database.pool_size.get(), 10);
    assert_eq!(settings.limits.body_bytes, 4 * 1024 * 1024);
}

#[test]
fn unknown_keys_wrong_types_and_impossible_values_are_refused() {
    assert!(refused(&[("database.pool_sise", "3")]).contains("pool_sise"));
    assert!(refused(&[("database.pool_size", "many")]).contains("pool_size"));
    assert!(refused(&[("database.pool_size", "0")]).contains("pool_size"));
    assert!(refused(&[("websub.url", "ftp://hub")]).contains("websub.url"));
    for key in [
        "partner.id_max_length",
        "partner.mobile_max_length",
        "partner.additional_info_bytes",
        "partner.api_key_validity_days",
        "pki.partner_certificate_years",
    ] {
        assert!(refused(&[(key, "0")]).contains(key), "{key}");
    }
    let roles = refused(&[("security.key_manager_roles", "wide")]);
    assert!(roles.contains("it can be fewest, reference"), "{roles}");
    assert!(refused(&[("roles.nosuch", "A")]).contains("roles.nosuch"));
    let queues = "outbox.discard: there is no queue `mails`; the queues are event, trust-chain";
    assert!(refused(&[("outbox.discard", "event,mails")]).contains(queues));
}

#[test]
fn a_refusal_names_where_the_key_was_set_and_what_it_could_be() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display().to_string();
    let refused_in = |text: &str| {
        std::fs::write(file.path(), text).unwrap();
        let found = Settings::from_sources(&[], Some(file.path()), &[], &[]);
        let outcome = found.and_then(|mut found| Settings::from_layers(&mut found));
        outcome
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };

    let unknown = refused_in("[database]\npool_sise = 3");
    let section = refused_in("[databse]\npool_size = 3");
    let kind = refused_in("[database]\npool_size = \"many\"");
    let word = refused_in("[telemetry]\nformat = \"jsn\"");
    let list = refused_in("[auth]\naccepted_issuers = \"http://a,http://b\"");
    let none = refused_in("[outbox]\nbatch = 0");
    let address = refused_in("[websub]\nurl = \"hub:80\"");

    for refused in [&unknown, &section, &kind, &word, &list, &none, &address] {
        assert!(refused.contains(&path), "{refused}");
        assert_eq!(refused.lines().count(), 1, "{refused}");
    }
    assert!(unknown.contains("database.pool_sise"), "{unknown}");
    assert!(unknown.contains("acquire_timeout_ms"), "{unknown}");
    assert!(section.contains("the sections are"), "{section}");
    assert!(kind.contains("database.pool_size"), "{kind}");
    assert!(word.contains("auto, pretty, json"), "{word}");
    assert!(list.contains("a,b without brackets"), "{list}");
    assert!(none.contains("outbox.batch"), "{none}");
    assert!(address.contains("websub.url"), "{address}");
    assert!(address.contains("http or https"), "{address}");
}

#[test]
fn an_address_keeps_its_spelling() {
    let settings = Settings::with_overrides(&[("auth.issuer", "HTTP://Host")]).unwrap();

    assert_eq!(settings.auth.issuer.as_str(), "HTTP://Host");
    assert_eq!(
        settings.jwks_url(),
        "HTTP://Host/protocol/openid-connect/certs"
    );
}

#[test]
fn lists_in_the_environment_have_no_brackets_and_operations_must_exist() {
    let brackets = refused(&[("auth.accepted_issuers", r#"["http://a"]"#)]);
    let typo = refused(&[("security.ownership_legacy_for", "policy-map,polcy-map")]);
    let fine = refused(&[(
        "security.ownership_legacy_for",
        "policy-map,certificate-upload,postpartnersbioextractors",
    )]);

    assert!(brackets.contains("a,b without brackets"), "{brackets}");
    assert!(
        typo.contains("polcy-map") && typo.contains("certificate-upload"),
        "{typo}"
    );
    assert_eq!(fine, "");
}

#[test]
fn a_stop_that_takes_too_long_is_refused() {
    let long = refused(&[
        ("server.drain_seconds", "10"),
        ("server.shutdown_seconds", "15"),
    ]);

    assert!(long.contains("less than 25 together"), "{long}");
}

#[test]
fn settings_that_contradict_each_other_are_refused_with_both_names() {
    let grace = ("pki.partner_grace_days", "366");
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);
    let cases: [Case<'_>; 6] = [
        (
            &[grace],
            "pki.partner_grace_days (366)",
            "the 365 days that pki.partner_certificate_years (1)",
        ),
        (
            &[
                ("outbox.retry_first_ms", "2000"),
                ("outbox.retry_longest_ms", "1000"),
            ],
            "outbox.retry_first_ms (2000)",
            "outbox.retry_longest_ms (1000)",
        ),
        (
            &[
                ("esignet.url", "http://esignet"),
                ("esignet.timeout_ms", "60000"),
            ],
            "esignet.timeout_ms",
            "outbox.lease_seconds",
        ),
        (
            &[("esignet.minimum_rsa_bits", "20480")],
            "esignet.minimum_rsa_bits (20480)",
            "16384",
        ),
        (
            &[
                ("services.certificate", "in-process"),
                ("services.certificate_url", "http://certificate"),
            ],
            "services.certificate is in-process",
            "services.certificate_url",
        ),
        (&[("pki.common_name", " ")], "pki.common_name", "blank"),
    ];
    for (values, one, other) in cases {
        let refused = refused(values);

        assert!(
            refused.contains(one) && refused.contains(other),
            "{refused}"
        );
        assert_eq!(refused.lines().count(), 1, "{refused}");
    }
    let longer = ("pki.partner_certificate_years", "2");
    assert_eq!(refused(&[grace, longer]), "");
    assert_eq!(refused(&[("pki.partner_grace_days", "365")]), "");
}

#[test]
fn the_choices_are_those_that_the_types_have() {
    for (key, words) in verify::CHOICES {
        for word in words {
            assert_eq!(refused(&[(key, word)]), "", "{key} {word}");
        }
    }
}

#[test]
fn the_environment_is_taken_literally_and_only_lists_are_split() {
    let variable = |name: &str, value: &str| (name.into(), value.into());
    let environment = [
        variable("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", "0012"),
        variable("PMS__KEY_MANAGER__KEK", "1e5"),
        variable("pms__database__pool_size", "7"),
        variable("PMS__OUTBOX__DISPATCH", "false"),
        variable("PMS__AUTH__ALLOWED_AUDIENCES", "a, b"),
        variable("PMS__ROLES__POSTPOLICIES", "A,B"),
        variable("PMS_CONFIG", "ignored"),
    ];

    let environment = variables(environment.into_iter()).unwrap();
    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    assert_eq!(
        settings.service_account.client_secret.expose_secret(),
        "0012"
    );
    assert_eq!(settings.key_manager.kek.expose_secret(), "1e5");
    assert_eq!(settings.database.pool_size.get(), 7);
    assert!(!settings.outbox.dispatch);
    assert_eq!(settings.auth.allowed_audiences, ["a", "b"]);
    assert_eq!(settings.roles["postpolicies"], "A,B");
}

#[test]
fn the_documentation_lists_these_defaults() {
    let page = include_str!("../../../../docs/configuration.md");

    assert!(
        page.contains(DEFAULTS),
        "copy defaults.toml into docs/configuration.md"
    );
}

#[test]
fn the_bodies_of_all_requests_may_not_have_less_room_than_one() {
    let text = refused(&[("limits.bodies_bytes", "4194303")]);

    assert!(text.contains("limits.bodies_bytes"), "{text}");
}

#[test]
fn addresses_are_derived_from_the_issuer() {
    let settings =
        Settings::with_overrides(&[("auth.issuer", "http://kc/auth/realms/mosip")]).unwrap();

    assert_eq!(
        settings.jwks_url(),
        "http://kc/auth/realms/mosip/protocol/openid-connect/certs"
    );
}

#[test]
fn schedules_zones_and_types_of_notices_that_can_not_be_are_refused_in_one_line() {
    let cron = refused(&[("jobs.clean_up_cron", "0 0 0 L-3 * *")]);
    let zone = refused(&[("jobs.time_zone", "GMT+05:30")]);
    let notices = refused(&[("jobs.notice_types", "root,sbis")]);
    let poll = refused(&[("jobs.lease_seconds", "5"), ("jobs.poll_ms", "5000")]);

    assert!(
        cron.contains("jobs.clean_up_cron is \"0 0 0 L-3 * *\""),
        "{cron}"
    );
    assert!(
        zone.contains("jobs.time_zone") && zone.contains("Asia/Manila"),
        "{zone}"
    );
    assert!(
        notices.contains("\"sbis\"") && notices.contains("ftm-chip"),
        "{notices}"
    );
    assert!(poll.contains("jobs.poll_ms"), "{poll}");
    for refused in [cron, zone, notices, poll] {
        assert_eq!(refused.lines().count(), 1, "{refused}");
    }
}
