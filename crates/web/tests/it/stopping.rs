//! A stop finishes what is in flight and refuses what comes after.

use std::net::TcpListener;
use std::time::Duration;

use pms_testkit::Who;
use pms_web::server::{Application, serve};
use pms_web::service::POLICY;

use crate::sample::{module, policy};

#[actix_web::test]
async fn a_request_in_flight_is_answered_before_the_server_ends() {
    let app = policy().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let application = Application {
        edge: app.runtime.edge.clone(),
        modules: vec![module(&app.runtime, &POLICY)],
        extras: None,
    };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let settings = app.runtime.settings.clone();
    let server = actix_web::rt::spawn(async move {
        let stop = async {
            let _ = stopped.await;
        };
        serve(listener, &settings, application, stop).await
    });
    let Who::User(name, roles) = Who::admin() else {
        unreachable!()
    };
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let cookie = format!("Authorization={}", app.token(&name, &roles));
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    let url = format!("http://{address}/v1/policymanager/things/soon");
    let in_flight = tokio::spawn(client.get(&url).header("cookie", &cookie).send());
    // The handler says when it has begun.
    crate::sample::SOON_BEGUN.notified().await;

    stop.send(()).unwrap();
    let answer = in_flight.await.unwrap().unwrap();

    assert_eq!(answer.status(), 200);
    server.await.unwrap().unwrap();
    assert!(
        client.get(&url).send().await.is_err(),
        "nobody listens any more"
    );
}
