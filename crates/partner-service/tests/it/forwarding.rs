//! Certificate paths are passed on, also the one that looks like a partner id.

use pms_runtime::Runtime;
use pms_testkit::TestApp;
use pms_testkit::peers::{Behaviour, RecordingPeer};
use pms_web::layered;
use pms_web::server::Application;

#[actix_web::test]
async fn certificate_paths_reach_certificate_service_unchanged() {
    let peer = RecordingPeer::start(Behaviour::Answer(200, r#"{"from":"peer"}"#.to_owned()));
    let app = TestApp::builder().setting("services.certificate_url", &peer.url());
    let app = app.start(pms_partner_service::module).await;
    // A second server on the same settings, this time with the forwarding.
    let settings = app.runtime.settings.as_ref().clone();
    let runtime = Runtime::build(settings, "test", app.clock.clone()).unwrap();
    let application = Application {
        edge: runtime.edge.clone(),
        modules: vec![pms_partner_service::module(&runtime).await.unwrap()],
        extras: pms_partner_service::forwarding(&runtime),
    };
    let server = actix_test::start(move || layered!(application.clone()));
    let token = app.token("admin", &["PARTNER_ADMIN"]);
    let client = &app.runtime.client;

    for (method, path) in [
        (
            "GET",
            "/v1/partnermanager/partners/partner-certificates-details?expiryPeriod=3",
        ),
        ("POST", "/v1/partnermanager/partners/certificate/upload"),
        ("POST", "/v1/partnermanager/partners/certificate/ca/upload"),
        ("GET", "/v1/partnermanager/misps"),
        ("GET", "/v1/partnermanager/misps/x/licenseKey"),
    ] {
        let request = client.request(method.parse().unwrap(), server.url(path));
        let request = request.header("cookie", format!("Authorization={token}"));
        let reply = request.send().await.unwrap();

        assert_eq!(reply.status(), 200, "{path}");
        assert_eq!(reply.text().await.unwrap(), r#"{"from":"peer"}"#);
        let requested = peer.recorded().pop().unwrap();
        assert_eq!(
            (requested.method.as_str(), requested.uri.as_str()),
            (method, path)
        );
        assert_eq!(requested.cookie, Some(format!("Authorization={token}")));
    }
}
