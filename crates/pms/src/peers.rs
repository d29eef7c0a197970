//! Stand-ins for the MOSIP modules around partner management, for people who
//! want to see it at work (`pms up --with-peers`).
//!
//! | method and path | what |
//! |---|---|
//! | `GET /dev`, `/dev/subscriber`, `/dev/mails`, `/dev/audits`, `/dev/datashare`, `/dev/esignet`, `/dev/faults` | pages |
//! | the same with `.json` | what they show: lists, newest first, `?limit=` (at most 200) |
//! | `GET /dev/audits.json?event=&user=` | only records with these texts in event id and user |
//! | `GET /dev/mails/{id}` | the text of one mail, for a sandboxed frame |
//! | `POST /dev/faults` | form fields `peer` and `fault`: lets a stand-in go wrong, or work again |
//! | `POST /dev/esignet-release` | form field `release` (`classic`, `newer`, `strict`): lets it play another |
//! | `GET`, `POST /dev/subscriber/callback/{topic}` | the hub's questions and events |
//! | `/dev/peers/{name}/…` | the stand-ins, each with the real module's paths |
//!
//! Tokens are those of the development identity provider, without which none
//! of this exists. Everything is kept in memory, bounded, and forgotten at the
//! end of the process. Pages mask API keys, licence keys and addresses of shares.

mod faults;
mod form;
mod guard;
mod json_endpoints;
mod masking;
mod module;
mod pages;
mod releases;
mod stand_ins;
mod subscriber;

use std::sync::Arc;

use actix_web::web::{self, Data, PayloadConfig, ServiceConfig, resource};
use pms_database::Clock;
use pms_peers::Guard;
use pms_web::Settings;
use pms_web::dispatch::page;
use url::Url;

use crate::commands::CommandError;
use crate::hub::Hub;
use crate::identity::Identity;
use crate::own_host::is_named;
use faults::Switches;
use guard::OwnTokens;
use module::{Module, PATH};
use stand_ins::StandIns;
use subscriber::Subscriber;

/// The stand-ins and their pages. Clones share everything.
#[derive(Clone)]
pub struct Peers(Arc<State>);

struct State {
    base: Url,
    used: [bool; Module::ALL.len()],
    stand_ins: StandIns,
    switches: Switches,
    hub: Option<Hub>,
    subscriber: Option<Subscriber>,
}

/// What the stand-ins are to be.
pub struct PeersOptions<'a> {
    /// Where this process is reached.
    pub base: &'a Url,
    /// Whose tokens they take.
    pub identity: &'a Identity,
    /// The development hub, if it runs: the subscriber listens to no other.
    pub hub: Option<Hub>,
    /// Tells the time.
    pub clock: Clock,
}

/// Work that goes on while the server runs; it ends when this is dropped.
#[must_use]
pub struct Listening {
    _subscribing: Option<subscriber::Subscribing>,
}

impl Peers {
    /// Makes the stand-ins, and points at them every setting that the operator
    /// left empty.
    ///
    /// # Errors
    /// When the system gives no random numbers or no HTTP client.
    pub fn open(settings: &mut Settings, options: PeersOptions<'_>) -> Result<Self, CommandError> {
        let PeersOptions {
            base,
            identity,
            hub,
            clock,
        } = options;
        let guard: Arc<dyn Guard> = Arc::new(OwnTokens(identity.clone()));
        let stand_ins = StandIns::new(settings, &guard, &clock, base)?;
        let used = Module::ALL.map(|module| module.point(settings, base));
        if Module::ALL
            .into_iter()
            .zip(used)
            .any(|(module, used)| used && module == Module::Keycloak)
        {
            module::let_users_be_made(settings, base, stand_ins.keycloak_admin());
        }
        let subscriber = match &hub {
            Some(_) => Some(Subscriber::open(base.clone(), identity.clone(), clock)?),
            None => None,
        };
        Ok(Self(Arc::new(State {
            base: base.clone(),
            used,
            stand_ins,
            switches: Switches::default(),
            hub,
            subscriber,
        })))
    }

    /// Subscribes to every topic of the development hub, once it answers.
    pub fn listen(&self) -> Listening {
        Listening {
            _subscribing: self.subscriber().map(Subscriber::subscribe),
        }
    }

    /// Adds stand-ins and pages to a server.
    pub fn configure(&self, app: &mut ServiceConfig) {
        app.app_data(Data::new(self.clone()));
        configure_pages(app, self.base());
        app.service(
            resource(format!("{PATH}{{rest:.*}}"))
                .app_data(PayloadConfig::new(stand_ins::MAX_BODY))
                .to(stand_ins::serve_peer),
        );
        if let Some(subscriber) = self.subscriber() {
            app.app_data(Data::new(subscriber.clone())).service(
                resource(format!("{}{{topic}}", subscriber::CALLBACK))
                    .app_data(PayloadConfig::new(subscriber::MAX_EVENT))
                    .route(web::get().to(subscriber::confirm_intent))
                    .route(web::post().to(subscriber::take_event)),
            );
        }
    }

    fn base(&self) -> &Url {
        &self.0.base
    }

    fn stand_ins(&self) -> &StandIns {
        &self.0.stand_ins
    }

    fn switches(&self) -> &Switches {
        &self.0.switches
    }

    fn hub(&self) -> Option<&Hub> {
        self.0.hub.as_ref()
    }

    fn subscriber(&self) -> Option<&Subscriber> {
        self.0.subscriber.as_ref()
    }

    /// Whether the services use the stand-in, and not a module that the
    /// operator named.
    fn uses(&self, module: Module) -> bool {
        let mut all = Module::ALL.into_iter().zip(self.0.used);
        all.any(|(known, used)| known == module && used)
    }
}

/// The pages and what they show.
fn configure_pages(app: &mut ServiceConfig, base: &Url) {
    let ours = || actix_web::guard::fn_guard(is_named(base));
    for shown in &pages::PAGES {
        let answer = move || std::future::ready(shown.answer());
        let mut page = page(shown.path, answer).guard(ours());
        if shown.path == faults::PATH {
            page = page
                .app_data(PayloadConfig::new(form::MAX_FORM))
                .route(web::post().to(faults::switch_fault));
        }
        app.service(page);
    }
    let release = resource(releases::PATH)
        .guard(ours())
        .app_data(PayloadConfig::new(form::MAX_FORM))
        .route(web::post().to(releases::switch_release));
    app.service(release);
    app.service(page("/dev.json", json_endpoints::overview).guard(ours()))
        .service(page("/dev/subscriber.json", json_endpoints::list_received).guard(ours()))
        .service(page("/dev/mails.json", json_endpoints::list_mails).guard(ours()))
        .service(page("/dev/mails/{id}", json_endpoints::show_mail).guard(ours()))
        .service(page("/dev/audits.json", json_endpoints::list_audits).guard(ours()))
        .service(page("/dev/datashare.json", json_endpoints::list_shares).guard(ours()))
        .service(page("/dev/esignet.json", json_endpoints::list_clients).guard(ours()))
        .service(page("/dev/faults.json", faults::list_faults).guard(ours()));
}
