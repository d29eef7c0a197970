//! `GET /dev/faults.json` and `POST /dev/faults`

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, LOCATION, ORIGIN};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use pms_peers::Fault;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::Peers;
use super::module::Module;
use crate::identity::is_loopback;

/// Path of the page, and of what its forms are sent to.
pub(super) const PATH: &str = "/dev/faults";
/// Largest form, in bytes.
pub(super) const MAX_FORM: usize = 4096;

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
    json!({ "peers": places.collect::<Vec<_>>(), "faults": faults })
}

/// Switches a fault of one module or the hub (`peer`) on or off (`fault`). People are led
/// back to the page, scripts get the new states.
pub(super) async fn switch_fault(
    peers: Data<Peers>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    if is_foreign(&request, peers.base()) {
        return refused(StatusCode::FORBIDDEN, "The form is on another site.");
    }
    if request.content_type() != "application/x-www-form-urlencoded" {
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "A form, please.");
    }
    let field = |name: &str| {
        let mut fields = form_urlencoded::parse(&body);
        fields.find_map(|(key, value)| (key == name).then_some(value))
    };
    let place = field("peer").and_then(|name| places(&peers).find(|place| place.name() == name));
    let switch = field("fault").and_then(|name| Switch::named(&name));
    let (Some(place), Some(switch)) = (place, switch) else {
        return refused(StatusCode::BAD_REQUEST, "No such peer or fault.");
    };
    peers.switches().turn(&peers, place, switch);
    let accept = request.headers().get(ACCEPT);
    let by_people = accept.is_some_and(|types| types.to_str().is_ok_and(|t| t.contains("html")));
    if by_people {
        return HttpResponse::SeeOther()
            .insert_header((LOCATION, PATH))
            .finish();
    }
    super::json_endpoints::json(&states(&peers))
}

fn refused(status: StatusCode, why: &str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(format!("{why}\n"))
}

/// Whether a page of another site sent the request. Scripts send neither of
/// these headers, browsers always do with a form.
fn is_foreign(request: &HttpRequest, base: &Url) -> bool {
    let site = request.headers().get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return true;
    }
    let Some(origin) = request.headers().get(ORIGIN) else {
        return false;
    };
    let origin = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
    // Loopback has several names, the port makes it ours.
    let ours = origin.is_some_and(|origin| {
        origin.origin() == base.origin()
            || (is_loopback(&origin)
                && origin.scheme() == base.scheme()
                && origin.port_or_known_default() == base.port_or_known_default())
    });
    !ours
}
