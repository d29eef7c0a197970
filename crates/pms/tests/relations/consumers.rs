//! Modules that read from us: what they see while what we need is away.

use pms_testkit::{Reply, Who};
use serde_json::Value;

use crate::gate::{Gate, State};
use crate::system::{NOBODY, System, eventually};

/// One request of a consumer, exactly as it sends it.
pub struct Ask {
    pub who: Who,
    pub path: &'static str,
}

/// The `response` of each answer; fails unless all are good.
pub async fn responses(system: &System, asks: &[Ask]) -> Vec<Value> {
    let mut responses = Vec::new();
    for ask in asks {
        responses.push(system.api().get(&ask.who, ask.path).await.response());
    }
    responses
}

/// A whole answer that says that there is none: consumers look at the status,
/// then at `errors`.
fn is_refused(reply: &Reply) -> bool {
    match reply.status {
        200 => {
            let body = reply.json();
            body["response"].is_null() && body["errors"][0]["errorCode"].is_string()
        }
        503 => true,
        _ => false,
    }
}

async fn assert_all_refused(system: &System, asks: &[Ask], why: &str) {
    for ask in asks {
        let reply = system.api().get(&ask.who, ask.path).await;
        assert!(is_refused(&reply), "{why}: {} {}", reply.status, reply.text);
    }
}

/// Waits until every request is answered well again.
async fn assert_recovers(system: &System, asks: &[Ask], right: &[Value]) {
    for (ask, right) in asks.iter().zip(right) {
        eventually("a good answer again", async || {
            let reply = system.api().get(&ask.who, ask.path).await;
            if reply.status != 200 || reply.json()["response"].is_null() {
                return false;
            }
            assert_eq!(reply.response(), *right, "never a wrong one");
            true
        })
        .await;
    }
}

/// Without signing keys no caller is let in; with known ones all go on.
pub async fn identity_provider_down(asks: &[Ask]) {
    let mut system = System::new();
    let gate = Gate::before_http(&system.identity.jwks_url());
    let jwks = gate.url(&system.identity.jwks_url());
    system.set("auth.jwks_url", &jwks);
    gate.turn(State::Shut);
    let _process = system.start().await;

    for ask in asks {
        let reply = system.api().get(&ask.who, ask.path).await;
        assert_eq!(reply.status, 401, "{}", reply.text);
    }
    gate.turn(State::Open);
    eventually("let in", async || {
        let reply = system.api().get(&asks[0].who, asks[0].path).await;
        reply.status == 200
    })
    .await;
    let right = responses(&system, asks).await;

    for trouble in [State::Shut, State::Stuck] {
        gate.turn(trouble);
        // Each with a token that was never seen before.
        assert_eq!(responses(&system, asks).await, right);
    }
}

/// Nothing that these consumers need is encrypted.
pub async fn key_manager_down(asks: &[Ask]) {
    let mut system = System::new();
    let right = {
        let _process = system.start().await;
        responses(&system, asks).await
    };
    system.set("key_manager.url", &format!("{NOBODY}/v1/keymanager"));
    let _process = system.start().await;

    assert_eq!(responses(&system, asks).await, right);
}

/// The database goes away, gets stuck, and comes back.
pub async fn database_down(asks: &[Ask]) {
    let mut system = System::new();
    let gate = system.gate_before_database();
    system.set("database.acquire_timeout_ms", "1000");
    system.set("limits.request_seconds", "3");
    let _process = system.start().await;
    let right = responses(&system, asks).await;

    for (trouble, why) in [(State::Shut, "down"), (State::Stuck, "stuck")] {
        gate.turn(trouble);
        assert_all_refused(&system, asks, why).await;
        gate.turn(State::Open);
        assert_recovers(&system, asks, &right).await;
    }
}

/// Another session holds the tables for longer than a statement may take.
pub async fn database_slow(asks: &[Ask]) {
    use diesel::connection::SimpleConnection as _;
    let mut system = System::new();
    system.set("database.statement_timeout_ms", "1000");
    let _process = system.start().await;
    let right = responses(&system, asks).await;

    let mut holder = system.database.conn();
    holder
        .batch_execute(
            "BEGIN; LOCK TABLE pms.partner, pms.auth_policy, pms.partner_policy, \
             pms.partner_policy_bioextract, pms.partner_policy_credential_type \
             IN ACCESS EXCLUSIVE MODE",
        )
        .unwrap();
    assert_all_refused(&system, asks, "slow").await;
    holder.batch_execute("ROLLBACK").unwrap();

    assert_eq!(responses(&system, asks).await, right);
}

/// A consumer that asks again gets through a kill and a restart.
pub async fn killed(asks: &[Ask]) {
    let system = System::new();
    let process = system.start().await;
    let right = responses(&system, asks).await;
    let answered = std::cell::Cell::new(0);
    let restarted = std::cell::Cell::new(false);

    let consumer = async {
        let mut after = 0;
        while after < 3 {
            for (ask, right) in asks.iter().zip(&right) {
                let was_restarted = restarted.get();
                match system.api().send(&ask.who, "GET", ask.path, None).await {
                    Ok(reply) => {
                        assert_eq!(reply.response(), *right, "a whole answer is a good one");
                        answered.set(answered.get() + 1);
                        after += u32::from(was_restarted);
                    }
                    Err(error) => assert!(!was_restarted, "{error}"),
                }
            }
        }
    };
    let restart = async {
        eventually("a consumer at work", async || answered.get() > 3).await;
        process.kill();
        let process = system.start().await;
        restarted.set(true);
        process
    };
    let ((), _process) = tokio::join!(consumer, restart);
}
