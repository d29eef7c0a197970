//! The same kills, and nobody repeats the call: the next process finishes it.

use super::*;

impl Scene {
    /// The client at eSignet.
    fn at_esignet(&self) -> pms_testkit::peers::esignet::Client {
        self.esignet.clients().remove(0)
    }
}

#[actix_web::test]
async fn what_nobody_repeats_after_a_kill_is_finished_by_the_next_process() {
    let (mut scene, process) = Scene::start(Release::Newer).await;
    process.stop();
    let jobs = [
        ("unfinished_clients_cron", "* * * * * *"),
        ("poll_ms", "200"),
        ("lease_seconds", "3"),
    ];
    for (name, value) in jobs {
        scene.system.set(&format!("jobs.{name}"), value);
    }
    let process = scene.system.start().await;
    let api = scene.system.api();

    // A registration, between eSignet's work and its answer.
    scene.esignet.fail(Fault::Slow(Duration::from_secs(600)));
    let asked = request();
    let registered = || scene.held() == 1;
    scene
        .killed_when(process, registered, create(&api, &asked))
        .await;
    scene.esignet.recover();
    assert_eq!(scene.at_esignet().status, "ACTIVE");
    assert_eq!(scene.count("pms.oidc_client"), "0");
    scene.later_by("1 hour");
    let process = scene.system.start().await;
    eventually("eSignet ends the client", async || {
        scene.at_esignet().status == "INACTIVE"
    })
    .await;
    // The partner may still repeat the call.
    let id = repeated(&api, &asked).await;
    scene.assert_whole(&id, 1).await;

    // An update, between eSignet's answer and the commit.
    let other = scene.hold_writes();
    let writes = || scene.a_write_waits();
    scene.killed_when(process, writes, update(&api, &id)).await;
    drop(other);
    let logo = |scene: &Scene| scene.at_esignet().client["logoUri"].clone();
    assert_eq!(logo(&scene), NEW_LOGO);
    assert_eq!(scene.count("pms.oidc_client_intent"), "1");
    scene.later_by("1 hour");
    let process = scene.system.start().await;
    eventually("eSignet has what is stored", async || logo(&scene) == LOGO).await;
    eventually("nothing is left to finish", async || {
        scene.count("pms.oidc_client_intent") == "0"
    })
    .await;
    process.stop();
}
