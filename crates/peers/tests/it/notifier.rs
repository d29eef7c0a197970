use pms_peers::notifier::{Notifier, PATH};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::running::{Running, codes, read, run, status};

const TOKEN: &str = "roles:ZONAL_ADMIN";

async fn send(running: &Running<Notifier>, form: Form) -> Value {
    let (status, body) = read(running.ask(Method::POST, PATH, TOKEN).multipart(form)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

fn form(to: &str, subject: &str, content: &str) -> Form {
    Form::new()
        .text("mailTo", to.to_owned())
        .text("mailSubject", subject.to_owned())
        .text("mailContent", content.to_owned())
}

#[actix_web::test]
async fn a_mail_is_sent() {
    let running = run(Notifier::default());
    let file = Part::bytes(b"%PDF".to_vec()).file_name("one.pdf");
    let form = form("anna@example.org", "Subject ü", "<p>Content</p>\r\nmore")
        .text("mailTo", "bert@example.org")
        .text("mailCc", "carl@example.org,dora@example.org")
        .part("attachments", file);

    let body = send(&running, form).await;

    let expected = json!({
        "id": null, "version": null, "responsetime": "2026-11-24T10:00:00.000Z",
        "metadata": null, "errors": null,
        "response": { "status": "success", "message": "Email Request submitted" },
    });
    assert_eq!(body, expected);
    let mails = running.stand_in.work().mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["anna@example.org", "bert@example.org"]);
    assert_eq!(mails[0].cc, ["carl@example.org", "dora@example.org"]);
    assert_eq!(mails[0].subject, "Subject ü");
    assert_eq!(mails[0].content, "<p>Content</p>\r\nmore");
    assert_eq!(mails[0].attachments, ["one.pdf"]);
    assert_eq!(mails[0].at, running.clock.now());
}

#[actix_web::test]
async fn everything_that_is_wrong_is_named() {
    let running = run(Notifier::default());
    let to = ["KER-NOE-001"];

    for address in [
        "",
        "anna",
        "@example.org",
        "a@b",
        "a b@c.de",
        "a@b..c",
        "a@b.c,",
    ] {
        assert_eq!(codes(&send(&running, form(address, "s", "c")).await), to);
    }
    let subject = send(&running, form("a@b.c", " ", "c")).await;
    assert_eq!(codes(&subject), ["KER-NOE-002"]);
    let content = send(&running, form("a@b.c", "s", "")).await;
    assert_eq!(codes(&content), ["KER-NOE-003"]);
    let nothing = send(&running, Form::new().text("other", "x")).await;
    assert_eq!(
        codes(&nothing),
        ["KER-NOE-001", "KER-NOE-002", "KER-NOE-003"]
    );
    assert_eq!(nothing["response"], Value::Null);
    assert_eq!(
        nothing["errors"][0]["message"],
        "To must be valid. It can't be empty or null or invalid address."
    );
    // A file is no text.
    let file = Part::text("a@b.c").file_name("to");
    let form = Form::new()
        .text("mailSubject", "s")
        .text("mailContent", "c")
        .part("mailTo", file);
    assert_eq!(codes(&send(&running, form).await), to);
    assert!(running.stand_in.work().mails().is_empty());
}

#[actix_web::test]
async fn only_forms_are_read() {
    let running = run(Notifier::default());
    let post = || running.ask(Method::POST, PATH, TOKEN);

    let json = status(post().json(&json!({ "mailTo": "a@b.c" }))).await;
    assert_eq!(json, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let broken = post()
        .header("Content-Type", "multipart/form-data; boundary=b")
        .body("--b\r\nContent-Disposition: form-data; name=\"mailTo\"\r\n\r\na@b");
    let (status_code, body) = read(broken).await;
    assert_eq!(status_code, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(codes(&body), ["KER-NOE-500"]);
    let get = status(running.ask(Method::GET, PATH, TOKEN)).await;
    assert_eq!(get, StatusCode::METHOD_NOT_ALLOWED);
    let elsewhere = running.ask(Method::POST, "/v1/notifier/sms/send", TOKEN);
    assert_eq!(status(elsewhere).await, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn it_needs_a_token_in_both_ways_and_the_role() {
    let running = run(Notifier::default());
    let good = || form("a@b.c", "s", "c");
    let cookie = |token: &str| format!("Authorization={token}");

    let open = || running.open(Method::POST, PATH).multipart(good());
    let (none, body) = read(open()).await;
    assert_eq!(
        (none, codes(&body)),
        (StatusCode::UNAUTHORIZED, vec!["KER-ATH-401"])
    );
    for request in [
        open().header("Cookie", cookie(TOKEN)),
        open().bearer_auth(TOKEN),
        open()
            .header("Cookie", cookie("roles:X"))
            .bearer_auth(TOKEN),
        running.ask(Method::POST, PATH, "bad").multipart(good()),
    ] {
        assert_eq!(status(request).await, StatusCode::UNAUTHORIZED);
    }
    let other = running.ask(Method::POST, PATH, "roles:PARTNER");
    let (forbidden, body) = read(other.multipart(good())).await;
    assert_eq!(
        (forbidden, codes(&body)),
        (StatusCode::FORBIDDEN, vec!["KER-ATH-403"])
    );
    assert!(running.stand_in.work().mails().is_empty());
}
