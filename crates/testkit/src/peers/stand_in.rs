//! Stand-ins on ports of their own, with the tokens of the test realm.

use std::sync::Arc;

use actix_web::App;
use pms_database::Clock;
use pms_peers::{Claims, Guard, StandIn, Work};
use serde_json::Value;

use crate::tokens;

/// The test realm.
struct Realm;

impl Guard for Realm {
    fn claims(&self, token: &str) -> Option<Claims> {
        let claims = tokens::verify(token)?;
        let of = |access: &Value| -> Vec<String> {
            let roles = access["roles"].as_array().into_iter().flatten();
            roles.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let mut roles = of(&claims["realm_access"]);
        roles.extend(of(&claims["resource_access"]["realm-management"]));
        let scope = claims["scope"].as_str().unwrap_or_default();
        Some(Claims {
            roles,
            scopes: scope.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

/// A stand-in on a free port of loopback.
pub(super) struct Served<W> {
    server: actix_test::TestServer,
    pub(super) stand_in: StandIn<W>,
}

impl<W: Work> Served<W> {
    pub(super) fn start(work: W) -> Self {
        Self::at(work, Clock::system())
    }

    pub(super) fn at(work: W, clock: Clock) -> Self {
        let stand_in = StandIn::new(work, Arc::new(Realm), clock, "").recording();
        let served = stand_in.clone();
        let server = actix_test::start(move || App::new().configure(|app| served.mount(app, "")));
        stand_in.moved(&server.url(""));
        Self { server, stand_in }
    }

    pub(super) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    pub(super) fn work(&self) -> &W {
        self.stand_in.work()
    }
}

/// Gives a peer its faults and records.
macro_rules! faulty {
    ($peer:ty) => {
        impl $peer {
            /// Goes wrong from now on.
            pub fn fail(&self, fault: super::Fault) {
                self.served.stand_in.fail(fault);
            }

            /// Works again.
            pub fn recover(&self) {
                self.served.stand_in.recover();
            }

            /// Takes every token that it has seen for expired.
            pub fn expire_tokens(&self) {
                self.served.stand_in.expire_tokens();
            }

            /// Its requests so far.
            pub fn recorded(&self) -> Vec<super::Recorded> {
                self.served.stand_in.recorded()
            }
        }
    };
}
pub(super) use faulty;
