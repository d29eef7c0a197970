//! What an onboarding leaves at the stand-ins.

use reqwest::StatusCode;
use reqwest::header::CONTENT_SECURITY_POLICY;
use reqwest::multipart::Form;
use serde_json::Value;

use super::site::{Site, entries};

#[actix_web::test]
async fn an_onboarding_brings_a_mail_audits_a_share_and_events() {
    let site = Site::start().await;

    let reported = site.demo().await;
    let (partner, key) = (reported("Partner "), reported("API key"));

    // The partner's inbox; its address is the one that `pms demo` makes up.
    let address = format!("{}@bank.example.org", partner.trim_start_matches("demo-"));
    let mail = site
        .eventually("/dev/mails.json", |mails| {
            let to = |mail: &&Value| mail["to"] == Value::from(vec![address.clone()]);
            entries(mails).iter().find(to).cloned()
        })
        .await;
    assert!(
        mail["content"].as_str().unwrap().contains(&partner),
        "{mail}"
    );

    // Audit records, and the filters.
    let registered = format!("/dev/audits.json?event=prt_101&user={partner}");
    let records = site
        .eventually(&registered, |records| {
            (!entries(records).is_empty()).then(|| records.clone())
        })
        .await;
    for record in entries(&records) {
        assert_eq!(record["eventId"], "PMS_PRT_101");
        assert_eq!(record["sessionUserId"], partner.as_str());
    }
    let none = site
        .json("/dev/audits.json?event=PMS_PRT_101&user=nobody")
        .await;
    assert!(entries(&none).is_empty());
    assert_eq!(
        entries(&site.json("/dev/audits.json?limit=2").await).len(),
        2
    );

    // The trust chain: shared, announced, and downloaded as IDA would.
    // Two partners were onboarded; the newest share is the second one's.
    let event = site
        .eventually("/dev/subscriber.json", |events| {
            let is_heard = |event: &&Value| {
                event["topic"] == "CA_CERTIFICATE_UPLOADED" && event["download"].is_string()
            };
            let mut heard = entries(events).iter().filter(is_heard);
            let newest = heard.next().cloned();
            heard.next().and(newest)
        })
        .await;
    let download = event["download"].as_str().unwrap();
    assert!(download.starts_with("downloaded "), "{event}");
    assert_eq!(event["missing"], Value::Array(Vec::new()));
    let shares = site.json("/dev/datashare.json").await;
    let share = &entries(&shares)[0];
    assert_eq!(
        (&share["downloads"], &share["allowed"]),
        (&1.into(), &2.into())
    );
    assert_eq!(
        download,
        format!("downloaded {} bytes", share["bytes"].as_u64().unwrap())
    );
    let address = event["payload"]["event"]["data"]["certChainDatashareUrl"].clone();
    assert_eq!(address, share["url"]);
    assert!(address.as_str().unwrap().contains("/****"), "{address}");

    // The key's event came whole, and is shown without the key.
    let approved = site
        .eventually("/dev/subscriber.json", |events| {
            let mut events = entries(events).iter();
            events
                .find(|event| event["topic"] == "APIKEY_APPROVED")
                .cloned()
        })
        .await;
    assert_eq!(approved["missing"], Value::Array(Vec::new()));

    // The OIDC client is at eSignet, and IDA heard of it with all that it needs.
    let client_id = reported("OIDC client");
    let clients = site.json("/dev/esignet.json").await;
    let ours = |client: &&Value| client["clientId"] == client_id.as_str();
    let held = entries(&clients).iter().find(ours).unwrap();
    assert_eq!(held["status"], "ACTIVE");
    let ended = reported("Ended client");
    let ended = |client: &&Value| client["clientId"] == ended.as_str();
    let ended = entries(&clients).iter().find(ended).unwrap();
    assert_eq!(ended["status"], "INACTIVE");
    let created = site
        .eventually("/dev/subscriber.json", |events| {
            let mut events = entries(events).iter();
            events
                .find(|event| event["topic"] == "OIDC_CLIENT_CREATED")
                .cloned()
        })
        .await;
    assert_eq!(created["missing"], Value::Array(Vec::new()));
    for name in ["subscriber", "mails", "audits", "datashare"] {
        let shown = site.json(&format!("/dev/{name}.json?limit=200")).await;
        assert!(!shown.to_string().contains(&key), "{name}");
    }

    let overview = site.json("/dev.json").await;
    for counter in ["mails", "audits", "shares", "received"] {
        let count = overview["counters"][counter].as_u64().unwrap();
        assert!(count > 0, "{counter}: {overview}");
    }
    let log = site.log();
    assert!(!log.contains(&key) && !log.contains("eyJ"), "{log}");
    assert!(log.contains("/dev (mails"), "{log}");
    site.stop();
}

#[actix_web::test]
async fn a_hostile_mail_is_shown_in_a_sandbox() {
    let site = Site::start().await;
    let token = site.service_token().await;
    let hostile =
        "<script>top.location='https://evil.example'</script><img src=x onerror=alert(1)>";
    let send = async |content: &str| {
        let form = Form::new()
            .text("mailTo", "a@example.org")
            .text("mailSubject", "</title><script>alert(2)</script>")
            .text("mailContent", content.to_owned());
        let request = site.post("/dev/peers/notifier/v1/notifier/email/send");
        let request = request
            .header("Cookie", format!("Authorization={token}"))
            .bearer_auth(&token);
        let answer = request.multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    };
    send("first\nline <- not HTML").await;
    send("plain\ntext").await;
    send(hostile).await;

    let mails = site.json("/dev/mails.json").await;
    let id = |number: usize| entries(&mails)[number]["id"].as_str().unwrap().to_owned();
    assert_eq!(entries(&mails).len(), 3);

    let shown = site.get(&format!("/dev/mails/{}", id(0))).await;
    assert_eq!(shown.status(), StatusCode::OK);
    let policy = shown.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.starts_with("sandbox; default-src 'none'"),
        "{policy}"
    );
    assert!(
        !policy.contains("script") && !policy.contains("allow-"),
        "{policy}"
    );
    assert_eq!(shown.text().await.unwrap(), hostile);
    for number in [1, 2] {
        let plain = site.get(&format!("/dev/mails/{}", id(number))).await;
        let kind = plain.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/plain"), "{kind}");
    }

    let page = site.get("/dev/mails").await.text().await.unwrap();
    assert!(!page.contains("alert("), "the page itself holds no mail");
    site.stop();
}
