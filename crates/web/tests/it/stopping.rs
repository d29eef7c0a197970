//! A stop finishes what is in flight and refuses what comes after.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use pms_testkit::{TestApp, Who};
use pms_web::server::{Application, serve};
use pms_web::service::POLICY;

use crate::sample::{module, start};

#[actix_web::test]
async fn a_request_in_flight_is_answered_before_the_server_ends() {
    let app = start(
        TestApp::builder().setting("server.drain_seconds", "0"),
        &POLICY,
    )
    .await;
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
        let (finishing, _) = tokio::sync::oneshot::channel();
        serve(listener, &settings, application, stop, finishing).await
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
    // The handler signals its start.
    crate::sample::SOON_STARTED.notified().await;

    stop.send(()).unwrap();
    let answer = in_flight.await.unwrap().unwrap();

    assert_eq!(answer.status(), 200);
    server.await.unwrap().unwrap();
    assert!(
        client.get(&url).send().await.is_err(),
        "nobody listens any more"
    );
}

#[actix_web::test]
async fn under_load_no_request_is_dropped_while_balancers_turn_elsewhere() {
    let app = start(
        TestApp::builder()
            .setting("server.drain_seconds", "2")
            .setting("server.shutdown_seconds", "5"),
        &POLICY,
    )
    .await;
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
        let (finishing, _) = tokio::sync::oneshot::channel();
        serve(listener, &settings, application, stop, finishing).await
    });
    let cookie = format!("Authorization={}", app.token("admin", &["PARTNER_ADMIN"]));
    let base = format!("http://{address}/v1/policymanager");
    // A balancer: it sends for a while after readiness has failed, then no more.
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (base, cookie) = (base.clone(), cookie.clone());
            tokio::spawn(async move {
                let client = reqwest::Client::builder().build().unwrap();
                let (mut served, mut closing, mut not_ready) = (0, 0, None::<Instant>);
                while not_ready.is_none_or(|since| since.elapsed() < Duration::from_secs(1)) {
                    let things = format!("{base}/things/some-id");
                    let answer = client.get(&things).header("cookie", &cookie).send().await;
                    let answer = answer.expect("no request is dropped");
                    assert_eq!(answer.status(), 200);
                    served += 1;
                    if answer
                        .headers()
                        .get("connection")
                        .is_some_and(|value| value == "close")
                    {
                        closing += 1;
                    }
                    if not_ready.is_none() {
                        let ready = format!("{base}/actuator/health/readiness");
                        let answer = client.get(&ready).send().await.unwrap();
                        if answer.status() == 503 {
                            not_ready = Some(Instant::now());
                        }
                    }
                }
                (served, closing)
            })
        })
        .collect();
    tokio::time::timeout(Duration::from_secs(10), async {
        let ready = format!("{base}/actuator/health/readiness");
        while reqwest::get(&ready)
            .await
            .is_ok_and(|answer| answer.status() != 200)
        {}
    })
    .await
    .expect("ready");

    stop.send(()).unwrap();

    for client in clients {
        let (served, closing) = client.await.unwrap();
        assert!(served > closing && closing > 0, "{served} {closing}");
    }
    // Far more than the settings allow: a server that never ends fails, a slow machine does not.
    let ended = tokio::time::timeout(Duration::from_secs(60), server).await;
    ended.expect("an end").unwrap().unwrap();
}
