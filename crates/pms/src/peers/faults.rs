//! `GET /dev/faults.json` and `POST /dev/faults`

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use pms_peers::Fault;
use serde_json::{Value, json};

use super::Peers;
use super::form::{Form, refused};
use super::module::Module;

/// Path of the page, and of what its forms are sent to.
pub(super) const PATH: &str = "/dev/faults";
/// A way for a stand-in to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    None,
    Slow,
    Status,
    Reset,
    Body,
    Expired,
}

impl Switch {
    const ALL: [Self; 6] = [
        Self::None,
        Self::Slow,
        Self::Status,
        Self::Reset,
        Self::Body,
        Self::Expired,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Slow => "slow",
            Self::Status => "500",
            Self::Reset => "reset",
            Self::Body => "body",
            Self::Expired => "expired",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::None => "Work",
            Self::Slow => "Slow (5 s)",
            Self::Status => "Answer 500",
            Self::Reset => "Break off",
            Self::Body => "Nonsense",
            Self::Expired => "Expire tokens",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|switch| switch.name() == name)
    }
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Module(Module),
    Hub,
}

impl Place {
    const fn name(self) -> &'static str {
        match self {
            Self::Module(module) => module.name(),
            Self::Hub => "hub",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Module(module) => module.title(),
            Self::Hub => "Hub",
        }
    }
}

/// The faults that are switched on, by name of the place.
#[derive(Default)]
pub(super) struct Switches(Mutex<HashMap<&'static str, &'static str>>);

impl Switches {
    /// The name of a place's present fault.
    pub(super) fn of(&self, place: Place) -> Option<&'static str> {
        let on = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        on.get(place.name()).copied()
    }

    fn turn(&self, peers: &Peers, place: Place, switch: Switch) {
        let fault = match switch {
            // Only the tokens of the past: there is nothing to switch off again.
            Switch::Expired => return expire_tokens(peers, place),
            Switch::None => None,
            Switch::Slow => Some(Fault::Slow(Duration::from_secs(5))),
            Switch::Status => Some(Fault::Status(500)),
            Switch::Reset => Some(Fault::Reset),
            Switch::Body => Some(Fault::Body("{\"nonsense\":".to_owned())),
        };
        let mut on = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if fault.is_some() {
            on.insert(place.name(), switch.name());
        } else {
            on.remove(place.name());
        }
        set_fault(peers, place, fault);
    }
}

fn set_fault(peers: &Peers, place: Place, fault: Option<Fault>) {
    match (place, peers.hub(), fault) {
        (Place::Module(module), _, fault) => peers.stand_ins().set_fault(module, fault),
        (Place::Hub, Some(hub), Some(fault)) => hub.fail(fault),
        (Place::Hub, Some(hub), None) => hub.recover(),
        (Place::Hub, None, _) => {}
    }
}

fn expire_tokens(peers: &Peers, place: Place) {
    match (place, peers.hub()) {
        (Place::Module(module), _) => peers.stand_ins().expire_tokens(module),
        (Place::Hub, Some(hub)) => hub.expire_tokens(),
        (Place::Hub, None) => {}
    }
}

/// What can go wrong here: another hub than our own can't be told to.
fn places(peers: &Peers) -> impl Iterator<Item = Place> {
    let hub = peers.hub().map(|_| Place::Hub);
    Module::ALL.into_iter().map(Place::Module).chain(hub)
}

/// What can go wrong, with its present fault, and the faults that there are.
pub(super) async fn list_faults(peers: Data<Peers>) -> HttpResponse {
    super::json_endpoints::json(&states(&peers))
}

fn states(peers: &Peers) -> Value {
    let places = places(peers).map(|place| {
        json!({
            "name": place.name(),
            "title": place.title(),
            "fault": peers.switches().of(place),
        })
    });
    let faults =
        Switch::ALL.map(|switch| json!({ "name": switch.name(), "title": switch.title() }));
    json!({
        "peers": places.collect::<Vec<_>>(),
        "faults": faults,
        "esignet": super::releases::state(peers),
    })
}

/// Switches a fault of one module or the hub (`peer`) on or off (`fault`). People are led
/// back to the page, scripts get the new states.
pub(super) async fn switch_fault(
    peers: Data<Peers>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let form = match Form::read(&peers, &request, &body) {
        Ok(form) => form,
        Err(refusal) => return *refusal,
    };
    let place = form
        .field("peer")
        .and_then(|name| places(&peers).find(|place| place.name() == name));
    let switch = form.field("fault").and_then(|name| Switch::named(&name));
    let (Some(place), Some(switch)) = (place, switch) else {
        return refused(StatusCode::BAD_REQUEST, "No such peer or fault.");
    };
    peers.switches().turn(&peers, place, switch);
    form.done(PATH, &states(&peers))
}
