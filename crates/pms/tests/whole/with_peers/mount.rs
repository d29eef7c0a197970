//! The stand-ins' own addresses: tokens, paths, sizes.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::site::{Site, entries};

/// Sends a request line as it is; gives the status.
fn raw(site: &Site, path: &str, token: &str) -> u16 {
    let address = site.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nCookie: Authorization={token}\r\n\
         Authorization: Bearer {token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[actix_web::test]
async fn stand_ins_want_good_tokens_with_their_roles() {
    let site = Site::start().await;
    let (service, user) = (
        site.service_token().await,
        site.user_token("auth-partner").await,
    );
    let ask = async |path: &str, token: Option<&str>| {
        let mut request = site.post(path);
        if let Some(token) = token {
            request = request
                .header("Cookie", format!("Authorization={token}"))
                .bearer_auth(token);
        }
        request.send().await.unwrap().status()
    };
    let share =
        "/dev/peers/datashare/v1/datashare/create/mpolicy-default-cert/mpartner-default-cert";
    let mail = "/dev/peers/notifier/v1/notifier/email/send";

    for path in [share, mail, "/dev/peers/audit/v1/auditmanager/audits"] {
        for token in [None, Some("x"), Some("a.b.c")] {
            assert_eq!(ask(path, token).await, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
    for path in [share, mail] {
        assert_eq!(
            ask(path, Some(&user)).await,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        let status = ask(path, Some(&service)).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
    }

    // Names of people: demo users, by the account's role at the admin API.
    let users =
        "/dev/peers/keycloak/auth/admin/realms/mosip/users?username=partner-admin&exact=true";
    let users = format!("{}{users}", site.base);
    let found = site
        .http
        .get(&users)
        .bearer_auth(&service)
        .send()
        .await
        .unwrap();
    let found: Value = found.json().await.unwrap();
    assert_eq!(entries(&found)[0]["firstName"], "Ada");
    let refused = site
        .http
        .get(&users)
        .bearer_auth(&user)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    site.stop();
}

#[actix_web::test]
async fn tricks_with_paths_and_sizes_reach_no_stand_in() {
    let site = Site::start().await;
    let token = site.service_token().await;

    for path in [
        "/dev/peers",
        "/dev/peers/",
        "/dev/peers/audit",
        "/dev/peers/unknown/v1/auditmanager/audits",
        "/dev/peers//audit/v1/auditmanager/audits",
        "/dev/peers/audit//v1/auditmanager/audits",
        "/dev/peers/mail/../audit/v1/auditmanager/audits",
        "/dev/peers/audit/./v1/auditmanager/audits",
        "/dev/peers/%61udit/v1/auditmanager/audits",
        "/dev/%70eers/audit/v1/auditmanager/audits",
        "/dev/peers/audit/v1%2Fauditmanager/audits",
        "/dev/peers/audit/v1/auditmanager/audits;x",
        "/dev/peers/audit/v1/auditmanager/audits%00",
        "/%64ev/peers/audit/v1/auditmanager/audits",
    ] {
        assert_eq!(raw(&site, path, &token), 404, "{path}");
    }
    // Below a service's prefix the services' own rules come first.
    for path in [
        "/v1/partnermanager/../../dev/peers/audit/v1/auditmanager/audits",
        "/v1/partnermanager/%2e%2e/%2e%2e/dev/peers/audit/v1/auditmanager/audits",
    ] {
        assert_eq!(raw(&site, path, &token), 400, "{path}");
    }
    let overview = site.json("/dev.json").await;
    assert_eq!(overview["counters"]["audits"], 0);

    let share =
        "/dev/peers/datashare/v1/datashare/create/mpolicy-default-cert/mpartner-default-cert";
    let upload = async |bytes: usize| {
        let part = Part::bytes(vec![b'x'; bytes]).file_name("certsChain");
        let request = site.post(share).multipart(Form::new().part("file", part));
        let request = request
            .header("Cookie", format!("Authorization={token}"))
            .bearer_auth(&token);
        // A server that has heard enough may close the connection.
        request.send().await.map(|answer| answer.status())
    };
    assert_eq!(upload(7 * 1024 * 1024).await.unwrap(), StatusCode::OK);
    let refused = upload(9 * 1024 * 1024).await;
    assert!(
        refused.is_err() || refused.is_ok_and(|status| status == StatusCode::PAYLOAD_TOO_LARGE)
    );
    assert_eq!(entries(&site.json("/dev/datashare.json").await).len(), 1);
    site.stop();
}
