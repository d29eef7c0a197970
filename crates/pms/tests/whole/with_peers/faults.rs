//! Faults, switched on and off.

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, LOCATION, ORIGIN};
use serde_json::Value;

use super::site::{Site, entries};

fn requests(overview: &Value, peer: &str) -> u64 {
    let mut peers = entries(&overview["peers"]).iter();
    let found = peers.find(|known| known["name"] == peer).unwrap();
    found["requests"].as_u64().unwrap()
}

#[actix_web::test]
async fn a_mail_arrives_once_the_notifier_has_recovered() {
    let site = Site::start().await;

    for fault in ["500", "reset", "body"] {
        site.turn("notifier", fault).await;
        let requested = requests(&site.json("/dev.json").await, "notifier");
        let reported = site.demo().await;
        let mark = reported("Partner ").trim_start_matches("demo-").to_owned();
        let address = Value::from(vec![format!("{mark}@bank.example.org")]);
        let arrived = |mails: &Value| {
            let mut mails = entries(mails).iter();
            mails.any(|mail| mail["to"] == address).then_some(())
        };
        site.eventually("/dev.json", |overview| {
            (requests(overview, "notifier") > requested).then_some(())
        })
        .await;
        let states = site.json("/dev/faults.json").await;
        assert_eq!(states["peers"][0]["fault"], fault);
        if fault != "reset" {
            // Who closes the connection may have sent the mail all the same.
            let mails = site.json("/dev/mails.json?limit=200").await;
            assert!(arrived(&mails).is_none(), "{fault}");
        }

        site.turn("notifier", "none").await;

        site.eventually("/dev/mails.json?limit=200", arrived).await;
    }
    // Tokens that have expired are renewed, and no call fails.
    site.turn("audit", "expired").await;
    site.turn("datashare", "expired").await;
    let before = entries(&site.json("/dev/datashare.json").await).len();
    let _told = site.demo().await;
    site.eventually("/dev/datashare.json", |shares| {
        (entries(shares).len() > before).then_some(())
    })
    .await;
    site.stop();
}

#[actix_web::test]
async fn events_of_an_outage_arrive_once_the_hub_has_recovered() {
    let site = Site::start().await;
    site.turn("hub", "500").await;

    // The policy is published before the partner registers.
    let outage = async {
        site.eventually("/dev/audits.json?event=PMS_PRT_201", |records| {
            (!entries(records).is_empty()).then_some(())
        })
        .await;
        let overview = site.json("/dev.json").await;
        assert_eq!(overview["counters"]["received"], 0);
        site.turn("hub", "none").await;
    };
    let (_told, ()) = tokio::join!(site.demo(), outage);

    site.eventually("/dev/subscriber.json", |events| {
        let heard = |topic: &str| entries(events).iter().any(|event| event["topic"] == topic);
        let all = [
            "POLICY_UPDATED",
            "PARTNER_UPDATED",
            "CA_CERTIFICATE_UPLOADED",
        ];
        all.into_iter().all(heard).then_some(())
    })
    .await;
    site.stop();
}

#[actix_web::test]
async fn only_our_own_pages_and_scripts_can_switch_faults() {
    let site = Site::start().await;
    let form = |peer: &'static str, fault: &'static str| {
        site.post("/dev/faults")
            .form(&[("peer", peer), ("fault", fault)])
    };

    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:1",
        "",
        "https://localhost",
    ] {
        let answer = form("audit", "500")
            .header(ORIGIN, origin)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{origin}");
    }
    for sender in ["cross-site", "same-site"] {
        let request = form("audit", "500").header("Sec-Fetch-Site", sender);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{sender}");
    }
    for (peer, fault) in [
        ("audit", "x"),
        ("x", "500"),
        ("", ""),
        ("subscriber", "none"),
    ] {
        let answer = form(peer, fault).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{peer} {fault}");
    }
    let text = site.post("/dev/faults").body("peer=audit&fault=500");
    let status = text.send().await.unwrap().status();
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = site.post("/dev/faults").body("x".repeat(5000));
    let status = large.send().await.unwrap().status();
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let states = site.json("/dev/faults.json").await;
    let peers = entries(&states["peers"]);
    assert!(peers.len() > 3, "{states}");
    assert!(peers.iter().all(|peer| peer["fault"].is_null()), "{states}");

    // People come back to the page.
    let localhost = site.base.replace("127.0.0.1", "localhost");
    for origin in [site.base.as_str(), localhost.as_str()] {
        let request = form("audit", "slow").header(ORIGIN, origin);
        let request = request.header("Sec-Fetch-Site", "same-origin");
        let answer = request.header(ACCEPT, "text/html").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()[LOCATION], "/dev/faults");
    }
    let overview = site.json("/dev.json").await;
    let mut peers = entries(&overview["peers"]).iter();
    let audit = peers.find(|peer| peer["name"] == "audit").unwrap();
    assert_eq!(
        (&audit["fault"], &audit["used"]),
        (&"slow".into(), &true.into())
    );
    // A stand-in that is slow does not hold up the end.
    site.stop();
}

#[actix_web::test]
async fn esignet_plays_the_requested_release() {
    let site = Site::start().await;
    let turn = async |release: &str| {
        let form = [("release", release)];
        let request = site.post("/dev/esignet-release").form(&form);
        request.send().await.unwrap()
    };
    let present = async || site.json("/dev/faults.json").await["esignet"]["release"].clone();
    assert_eq!(present().await, "newer");

    for release in ["classic", "strict"] {
        let answer = turn(release).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let state: Value = answer.json().await.unwrap();
        assert_eq!(state["release"], release);
        assert_eq!(present().await, release);
        // A partner's client is registered and ended there all the same, except that
        // classic servers take no elliptic keys.
        if release == "strict" {
            let reported = site.demo().await;
            let clients = site.json("/dev/esignet.json").await.to_string();
            assert!(clients.contains(&reported("OIDC client")), "{clients}");
        }
    }

    assert_eq!(turn("2027").await.status(), StatusCode::BAD_REQUEST);
    let by_people = site
        .post("/dev/esignet-release")
        .form(&[("release", "newer")])
        .header(ACCEPT, "text/html")
        .send();
    let by_people = by_people.await.unwrap();
    assert_eq!(by_people.status(), StatusCode::SEE_OTHER);
    assert_eq!(by_people.headers()[LOCATION], "/dev/faults");
    let foreign = site
        .post("/dev/esignet-release")
        .form(&[("release", "strict")])
        .header(ORIGIN, "https://evil.example");
    let foreign = foreign.send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert_eq!(present().await, "newer");
    site.stop();
}

#[actix_web::test]
async fn users_can_be_made_where_keycloak_is_stood_in_for() {
    let site = Site::start().await;
    let token = site.user_token("partner-admin").await;
    let request = serde_json::json!({ "id": "x", "version": "1.0", "request": {
        "userName": "Ben", "contactNo": "700", "emailID": "ben@example.org",
        "organizationName": "Ben Ltd", "role": "AUTH_PARTNER", "partnerId": "ben",
        "userPassword": "secret",
    }});

    let mut answers = Vec::new();
    for _ in 0..2 {
        let made = site
            .post("/v1/partnermanager/users")
            .header("cookie", format!("Authorization={token}"))
            .json(&request);
        let made: Value = made.send().await.unwrap().json().await.unwrap();
        assert_eq!(made["response"]["userId"], "Ben", "{made}");
        answers.push(made);
    }

    // The second call finds the user of the first.
    let admin = site.service_token().await;
    let found = site
        .http
        .get(format!(
            "{}/dev/peers/keycloak/auth/admin/realms/mosip/users?username=ben&exact=true",
            site.base
        ))
        .bearer_auth(admin);
    let found: Value = found.send().await.unwrap().json().await.unwrap();
    assert_eq!(entries(&found).len(), 1, "{found}");
    assert_eq!(found[0]["email"], "ben@example.org");
    assert!(!site.log().contains("secret"), "{}", site.log());
    site.stop();
}
