//! The queues of the outbox in a deployment: which settings hold the addresses
//! of a queue's peers, and who delivers its rows. A new queue gets an arm in
//! each of the two functions below; `docs/development.md` says the rest.

use std::sync::Arc;

use pms_database::outbox::Queue;
use pms_integrations::dispatcher::{Deliverer, Duty, Plan};
use pms_integrations::esignet::ClientUpdates;
use pms_integrations::mail::NoticeMailer;
use pms_integrations::trust_chains::TrustChains;
use pms_web::Settings;
use pms_web::settings::EsignetSettings;

use crate::{Runtime, RuntimeError, peers};

/// The settings that hold the addresses of a queue's peers, all of which it
/// needs.
fn addresses(queue: Queue, settings: &Settings) -> Vec<(&'static str, &str)> {
    let hub = ("websub.url", settings.websub.url.as_str());
    match queue {
        Queue::Event => vec![hub],
        Queue::TrustChain => vec![("datashare.url", settings.datashare.url.as_str()), hub],
        Queue::Audit => vec![("audit.url", settings.audit.url.as_str())],
        Queue::Mail => vec![("notifier.url", settings.notifier.url.as_str())],
        Queue::OidcClient => esignet(&settings.esignet),
    }
}

/// Its base address, or those of the two dialects.
fn esignet(settings: &EsignetSettings) -> Vec<(&'static str, &str)> {
    let own = [
        (
            "esignet.oauth_client_update_url",
            &settings.oauth_client_update_url,
        ),
        (
            "esignet.oidc_client_update_url",
            &settings.oidc_client_update_url,
        ),
    ];
    if own.iter().all(|(_, address)| !address.is_empty()) {
        return own.map(|(key, address)| (key, address.as_str())).into();
    }
    vec![("esignet.url", settings.url.as_str())]
}

/// The deliverer of a queue; called when its addresses are there.
fn deliverer(queue: Queue, runtime: &Runtime) -> Result<Arc<dyn Deliverer>, RuntimeError> {
    Ok(match queue {
        Queue::Event => Arc::new(peers::hub(runtime)),
        Queue::TrustChain => Arc::new(TrustChains {
            hub: peers::hub(runtime),
            datashare: peers::datashare(runtime)?,
        }),
        Queue::Audit => Arc::new(peers::audit_manager(runtime)),
        Queue::Mail => Arc::new(NoticeMailer {
            mailer: peers::mailer(runtime)?,
            db: runtime.db.clone(),
            clock: runtime.clock.clone(),
        }),
        Queue::OidcClient => Arc::new(ClientUpdates {
            esignet: runtime.esignet.clone().patient(),
            db: runtime.db.clone(),
        }),
    })
}

/// The settings that a queue lacks.
fn missing(queue: Queue, settings: &Settings) -> Vec<&'static str> {
    let missing = |(key, address): (&'static str, &str)| address.is_empty().then_some(key);
    addresses(queue, settings)
        .into_iter()
        .filter_map(missing)
        .collect()
}

fn is_discarded(queue: Queue, settings: &Settings) -> bool {
    let discarded = &settings.outbox.discard;
    discarded.iter().any(|name| name == queue.name())
}

/// Whether rows of a queue wait for another process than one with these settings.
pub(crate) fn waits(queue: Queue, settings: &Settings) -> bool {
    settings.outbox.dispatch
        && !is_discarded(queue, settings)
        && !missing(queue, settings).is_empty()
}

/// Whether this process lacks an address for rows that it writes itself. Without an
/// Audit Manager it stores no audit records: they go to the log.
fn writes(queue: Queue, settings: &Settings) -> bool {
    queue != Queue::Audit || !settings.audit.url.is_empty()
}

/// What a process does about each queue.
pub(crate) fn plan(runtime: &Runtime) -> Result<Plan, RuntimeError> {
    // Even without a notifier, so that a wrong setting is found early.
    peers::templates(runtime)?;
    let mut plan = Plan::default();
    for &queue in Queue::ALL {
        let missing = missing(queue, &runtime.settings);
        let duty = if is_discarded(queue, &runtime.settings) {
            Duty::Discard
        } else if missing.is_empty() {
            Duty::Deliver(deliverer(queue, runtime)?)
        } else if writes(queue, &runtime.settings) {
            Duty::Wait(missing)
        } else {
            Duty::Leave(missing)
        };
        plan = plan.with(queue, duty);
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(overrides: &[(&str, &str)]) -> Vec<&'static str> {
        let settings = Settings::with_overrides(overrides).unwrap();
        let waiting = Queue::ALL.iter().filter(|queue| waits(**queue, &settings));
        waiting.map(|queue| queue.name()).collect()
    }

    #[tokio::test]
    async fn a_wrong_address_of_a_peer_is_found_before_anything_starts() {
        let settings = Settings::with_overrides(&[
            ("database.url", "postgres://u@127.0.0.1:9/d"),
            ("auth.issuer", "http://kc/realms/mosip"),
            ("templates.url", "http://masterdata/templates"),
        ]);
        let runtime = Runtime::build(settings.unwrap(), "test", pms_database::Clock::system());

        let refused = runtime.unwrap().check_peers().unwrap_err().to_string();

        assert!(refused.contains("templates.url"), "{refused}");
    }

    #[test]
    fn a_queue_waits_unless_all_its_addresses_are_there_or_it_is_discarded() {
        let all = ["event", "trust-chain", "audit", "mail", "oidc-client"];
        assert_eq!(waiting(&[]), all);
        assert_eq!(
            waiting(&[("websub.url", "http://hub")]),
            ["trust-chain", "audit", "mail", "oidc-client"]
        );
        assert_eq!(
            waiting(&[
                ("datashare.url", "http://share"),
                ("outbox.discard", "mail")
            ]),
            ["event", "trust-chain", "audit", "oidc-client"]
        );
        assert!(waiting(&[("outbox.dispatch", "false")]).is_empty());
        let (oauth, oidc) = (
            ("esignet.oauth_client_update_url", "http://esignet/oauth"),
            ("esignet.oidc_client_update_url", "http://esignet/oidc"),
        );
        assert_eq!(waiting(&[oauth]), all);
        assert_eq!(waiting(&[oauth, oidc]), all[..4]);
        assert_eq!(waiting(&[("esignet.url", "http://esignet")]), all[..4]);
    }
}
