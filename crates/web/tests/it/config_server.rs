//! Properties from a Spring Cloud Config server.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use pms_web::Settings;

/// Answers `answers` in turn, one connection each, and tells what was asked.
fn server(answers: Vec<&'static str>) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/config/", listener.local_addr().unwrap());
    let task = thread::spawn(move || {
        let mut requested = Vec::new();
        for answer in answers {
            let (mut connection, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = connection.read(&mut request).unwrap();
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            requested.push(text.lines().next().unwrap().to_owned());
            connection.write_all(answer.as_bytes()).unwrap();
        }
        requested
    });
    (url, task)
}

#[test]
fn a_server_is_read_until_it_answers_and_the_first_source_wins() {
    let body = r#"{"name":"partner-management","propertySources":[
        {"name":"overrides","source":{"mosip.pms.client.secret":"s","keycloak.internal.url":"http://kc"}},
        {"name":"partner-management-default","source":{
            "mosip.pmp.auth.secretKey":"${mosip.pms.client.secret}",
            "hikari.maximumPoolSize":7,
            "pmp.auth.policy.schema":"${spring_config_url_env}/x/${active_profile_env}/${spring_config_label_env}/auth.json",
            "websub.publish.url":"http://first/hub/"}},
        {"name":"application-default","source":{"websub.publish.url":"http://second/hub/"}}]}"#;
    let good = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let good: &'static str = Box::leak(good.into_boxed_str());
    let busy = "HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let (url, task) = server(vec![busy, good]);

    let settings =
        Settings::with_overrides(&[("config.server", &url), ("config.label", "release/1.3")]);

    let settings = settings.unwrap();
    assert_eq!(settings.database.pool_size.get(), 7);
    assert_eq!(&*settings.websub.url, "http://first/hub/");
    let base = url.trim_end_matches('/');
    assert_eq!(
        settings.policy.schemas["auth"],
        format!("{base}/x/default/release/1.3/auth.json")
    );
    let requested = task.join().unwrap();
    let line = "GET /config/partner-management/default/release(_)1.3 HTTP/1.1";
    assert_eq!(requested, [line, line]);
}

#[test]
fn a_server_that_never_answers_stops_the_start_with_one_line() {
    let error = Settings::with_overrides(&[
        ("config.server", "http://127.0.0.1:9/config"),
        ("config.wait_seconds", "0"),
    ]);

    let line = error.err().unwrap().to_string();
    assert!(
        line.starts_with("configuration: config.server: http://127.0.0.1:9/"),
        "{line}"
    );
    assert!(!line.contains('\n'));
}

#[tokio::test]
async fn a_server_can_be_read_from_inside_a_runtime() {
    let garbage = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nsecret=42";
    let (url, task) = server(vec![garbage]);

    let error = Settings::with_overrides(&[("config.server", &url), ("config.wait_seconds", "0")]);

    let line = error.err().unwrap().to_string();
    assert!(
        line.contains("no set of properties") && !line.contains("secret"),
        "{line}"
    );
    task.join().unwrap();
}
