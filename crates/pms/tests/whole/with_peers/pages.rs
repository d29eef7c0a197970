//! The pages answer, carry their policies, and let nothing through.

use reqwest::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use reqwest::{Method, StatusCode};

use super::site::{Site, entries};

const PAGES: [&str; 7] = [
    "/dev",
    "/dev/subscriber",
    "/dev/mails",
    "/dev/audits",
    "/dev/datashare",
    "/dev/esignet",
    "/dev/faults",
];

#[actix_web::test]
async fn every_page_and_its_json_endpoint_answer_under_a_strict_policy() {
    let site = Site::start().await;

    for path in PAGES {
        let page = site.get(path).await;
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        let header = |name| page.headers()[name].to_str().unwrap().to_owned();
        let policy = header(CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(X_FRAME_OPTIONS), "DENY");
        assert_eq!(header(X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header(CACHE_CONTROL), "no-store");
        let nonce = policy.split("'nonce-").nth(1).unwrap();
        let nonce = nonce.split('\'').next().unwrap().to_owned();
        let html = page.text().await.unwrap();
        assert!(
            html.contains(&format!("<script nonce=\"{nonce}\">")),
            "{path}"
        );
        assert!(
            !html.contains("https://") && !html.contains("{nonce}"),
            "{path}"
        );

        let json = site.get(&format!("{path}.json")).await;
        assert_eq!(json.status(), StatusCode::OK, "{path}.json");
        assert_eq!(json.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(json.headers()[CACHE_CONTROL], "no-store");

        let url = format!("{}{path}", site.base);
        let head = site.http.head(&url).send().await.unwrap();
        assert_eq!(head.status(), StatusCode::OK, "{path}");
        let delete = site
            .http
            .request(Method::DELETE, &url)
            .send()
            .await
            .unwrap();
        assert_eq!(delete.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let start = site.get("/").await.text().await.unwrap();
    assert!(start.contains("href = \"/dev\""), "{start}");
    site.stop();
}

#[actix_web::test]
async fn garbage_is_refused_and_harms_nothing() {
    let site = Site::start().await;

    for path in PAGES {
        for query in ["limit=-1", "limit=x", "limit=99999999999999999999999"] {
            let answer = site.get(&format!("{path}.json?{query}")).await;
            // The overview and the faults have no parameters.
            let expected = match path {
                "/dev" | "/dev/faults" => StatusCode::OK,
                _ => StatusCode::BAD_REQUEST,
            };
            assert_eq!(answer.status(), expected, "{path}.json?{query}");
        }
        let answer = site
            .get(&format!("{path}.json?limit=0&x=%00%ff&event=%27%3Cscript"))
            .await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
    for path in [
        "/dev/mails/x",
        "/dev/mails/%00",
        "/dev/mails/..%2f..%2fetc",
        "/dev/nothing",
        "/dev/",
        "/dev/subscriber/callback/UNKNOWN?hub.mode=subscribe&hub.topic=UNKNOWN&hub.challenge=x",
        "/dev/subscriber/callback/APIKEY_APPROVED?hub.mode=unsubscribe&hub.topic=APIKEY_APPROVED&hub.challenge=x",
        "/dev/subscriber/callback/APIKEY_APPROVED?hub.mode=subscribe&hub.topic=OTHER&hub.challenge=x",
    ] {
        assert_eq!(
            site.get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let unasked = site.get("/dev/subscriber/callback/APIKEY_APPROVED").await;
    assert_eq!(unasked.status(), StatusCode::BAD_REQUEST);

    // Events without the hub's signature are no events.
    let callback = "/dev/subscriber/callback/APIKEY_APPROVED";
    for signature in ["", "sha256=", "sha256=00", "sha1=00", "sha256=zz"] {
        let request = site.post(callback).header("X-Hub-Signature", signature);
        let answer = request.body("{\"event\":{}}").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{signature}");
    }
    let large = vec![b' '; 1024 * 1024 + 1];
    let answer = site.post(callback).body(large).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(entries(&site.json("/dev/subscriber.json").await).is_empty());
    site.stop();
}

/// What a web site sees that has made its own name point here.
#[actix_web::test]
async fn nothing_is_shown_under_a_foreign_name() {
    let site = Site::start().await;
    let under = async |path: &str, host: &str| {
        let request = site.http.get(format!("{}{path}", site.base));
        let response = request.header("host", host).send().await.unwrap();
        response.status()
    };
    let json = ["/dev.json", "/dev/mails.json", "/dev/audits.json"];
    let others = ["/dev/status.json", "/dev/events.json", "/dev/events"];

    for path in PAGES.iter().chain(&json).chain(&others) {
        let found = under(path, "evil.example:8080").await;
        assert_eq!(found, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(under(path, "localhost:1").await, StatusCode::OK, "{path}");
    }
}
