//! The stand-ins of the modules, mounted below one path of this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use pms_database::{Clock, ids};
use pms_peers::audit::Audits;
use pms_peers::datashare::{Shares, Terms};
use pms_peers::esignet::Esignet;
use pms_peers::keycloak_admin::{Admin, KeycloakAdmin, NewUser};
use pms_peers::notifier::Notifier;
use pms_peers::templates::Templates;
use pms_peers::{Fault, Guard, StandIn, Work};
use pms_web::Settings;
use pms_web::dispatch::not_found;
use url::Url;

use super::Peers;
use super::module::{Module, PATH};
use crate::commands::CommandError;
use crate::identity::DEMO_USERS;

/// Largest request, in bytes: a share.
pub(super) const MAX_BODY: usize = 8 * 1024 * 1024;

/// One stand-in for each module, and how often each was called.
pub(super) struct StandIns {
    notifier: StandIn<Notifier>,
    templates: StandIn<Templates>,
    audit: StandIn<Audits>,
    datashare: StandIn<Shares>,
    esignet: StandIn<Esignet>,
    keycloak: StandIn<KeycloakAdmin>,
    /// The administrator of the stand-in for Keycloak.
    admin: Admin,
    requests: [AtomicU64; Module::ALL.len()],
}

impl StandIns {
    pub(super) fn new(
        settings: &Settings,
        guard: &Arc<dyn Guard>,
        clock: &Clock,
        base: &Url,
    ) -> Result<Self, CommandError> {
        let shares = Shares::default();
        let names = &settings.datashare;
        shares.allow(&names.policy_id, &names.subscriber_id, Terms::default());
        let password = ids::alphanumeric(40).map_err(|error| CommandError(error.to_string()))?;
        let admin = Admin {
            username: "admin".to_owned(),
            password,
        };
        let keycloak = keycloak(admin.clone(), clock);
        let of = |module: Module| (Arc::clone(guard), clock.clone(), module.base(base));
        Ok(Self {
            notifier: stand_in(Notifier::default(), of(Module::Notifier)),
            templates: stand_in(Templates::default(), of(Module::Templates)),
            audit: stand_in(Audits::default(), of(Module::Audit)),
            datashare: stand_in(shares, of(Module::Datashare)),
            esignet: stand_in(Esignet::default(), of(Module::Esignet)),
            keycloak: stand_in(keycloak, of(Module::Keycloak)),
            admin,
            requests: Default::default(),
        })
    }

    /// The account that may make users at the stand-in for Keycloak.
    pub(super) const fn keycloak_admin(&self) -> &Admin {
        &self.admin
    }

    pub(super) fn notifier(&self) -> &Notifier {
        self.notifier.work()
    }

    pub(super) fn audits(&self) -> &Audits {
        self.audit.work()
    }

    pub(super) fn shares(&self) -> &Shares {
        self.datashare.work()
    }

    pub(super) fn esignet(&self) -> &Esignet {
        self.esignet.work()
    }

    /// How often the module was called.
    pub(super) fn requests(&self, module: Module) -> u64 {
        self.counter(module)
            .map_or(0, |counter| counter.load(Ordering::Relaxed))
    }

    fn counter(&self, module: Module) -> Option<&AtomicU64> {
        let mut all = Module::ALL.iter().zip(&self.requests);
        all.find_map(|(counted, counter)| (*counted == module).then_some(counter))
    }

    /// Lets the module go wrong from now on, or work again.
    pub(super) fn set_fault(&self, module: Module, fault: Option<Fault>) {
        match module {
            Module::Notifier => set(&self.notifier, fault),
            Module::Templates => set(&self.templates, fault),
            Module::Audit => set(&self.audit, fault),
            Module::Datashare => set(&self.datashare, fault),
            Module::Esignet => set(&self.esignet, fault),
            Module::Keycloak => set(&self.keycloak, fault),
        }
    }

    /// Lets the module take the tokens that it has seen for expired.
    pub(super) fn expire_tokens(&self, module: Module) {
        match module {
            Module::Notifier => self.notifier.expire_tokens(),
            Module::Templates => self.templates.expire_tokens(),
            Module::Audit => self.audit.expire_tokens(),
            Module::Datashare => self.datashare.expire_tokens(),
            Module::Esignet => self.esignet.expire_tokens(),
            Module::Keycloak => self.keycloak.expire_tokens(),
        }
    }

    async fn serve(&self, module: Module, incoming: (&HttpRequest, &[u8], &str)) -> HttpResponse {
        if let Some(counter) = self.counter(module) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let (request, body, path) = incoming;
        match module {
            Module::Notifier => self.notifier.serve(request, body, path).await,
            Module::Templates => self.templates.serve(request, body, path).await,
            Module::Audit => self.audit.serve(request, body, path).await,
            Module::Datashare => self.datashare.serve(request, body, path).await,
            Module::Esignet => self.esignet.serve(request, body, path).await,
            Module::Keycloak => self.keycloak.serve(request, body, path).await,
        }
    }
}

fn stand_in<W: Work>(work: W, (guard, clock, base): (Arc<dyn Guard>, Clock, String)) -> StandIn<W> {
    StandIn::new(work, guard, clock, &base)
}

fn set<W: Work>(stand_in: &StandIn<W>, fault: Option<Fault>) {
    match fault {
        Some(fault) => stand_in.fail(fault),
        None => stand_in.recover(),
    }
}

/// A realm with the demo users. Its admin's password is shown to no one.
fn keycloak(admin: Admin, clock: &Clock) -> KeycloakAdmin {
    let keycloak = KeycloakAdmin::new(admin);
    for user in &DEMO_USERS {
        let person = NewUser {
            username: Some(user.username.to_owned()),
            first_name: Some(user.name.0.to_owned()),
            last_name: Some(user.name.1.to_owned()),
            email: Some(format!("{}@example.org", user.username)),
            enabled: true,
            ..NewUser::default()
        };
        keycloak.add_user(person, &[user.role], clock.now());
    }
    keycloak
}

/// Every request below [`PATH`].
pub(super) async fn serve_peer(
    peers: Data<Peers>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    // As it was sent: what the router has decoded may mean something else.
    let sent = request.uri().path().to_owned();
    match target(&sent) {
        Some((module, path)) => {
            let stand_ins = peers.stand_ins();
            stand_ins.serve(module, (&request, &body, path)).await
        }
        None => not_found(request).await,
    }
}

/// The module that a path names, and the path below it.
fn target(path: &str) -> Option<(Module, &str)> {
    let rest = path.strip_prefix(PATH)?;
    let (name, _) = rest.split_once('/')?;
    let below = rest.strip_prefix(name)?;
    let module = Module::named(name)?;
    is_plain(below).then_some((module, below))
}

/// Whether every reader takes the path in the same way: nothing encoded, no empty
/// segments, no dots that lead elsewhere.
fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~:@+$!*,=".contains(&byte);
    path.split('/')
        .skip(1)
        .all(|segment| !matches!(segment, "" | "." | "..") && segment.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_reach_a_stand_in() {
        let path = "/dev/peers/notifier/v1/notifier/email/send";
        let (module, below) = target(path).unwrap();
        assert_eq!(
            (module, below),
            (Module::Notifier, "/v1/notifier/email/send")
        );

        for path in [
            "/dev/peers/notifier",
            "/dev/peers/notifier/",
            "/dev/peers/unknown/x",
            "/dev/peers//notifier/x",
            "/dev/peers/notifier//x",
            "/dev/peers/notifier/../audit/x",
            "/dev/peers/notifier/%2e%2e/x",
            "/dev/peers/notifier/a%2Fb",
            "/dev/peers/%6eotifier/x",
            "/dev/peers/notifier;x/y",
            "/dev/peers/notifier/x;y",
            "/dev/peers/notifier/x\\y",
            "/dev/peersnotifier/x",
        ] {
            assert!(target(path).is_none(), "{path}");
        }
    }
}
