//! `POST /dev/esignet-release`: which eSignet the stand-in plays. The present one is
//! in `/dev/faults.json`.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use pms_peers::esignet::Release;
use serde_json::{Value, json};

use super::Peers;
use super::form::{Form, refused};

/// Path that the form is sent to.
pub(super) const PATH: &str = "/dev/esignet-release";

/// The release that eSignet's stand-in is of, and those that it can be of.
pub(super) fn state(peers: &Peers) -> Value {
    let releases =
        Release::ALL.map(|release| json!({ "name": release.name(), "title": release.title() }));
    json!({
        "release": peers.stand_ins().esignet().release().name(),
        "releases": releases,
    })
}

/// Makes the stand-in one of another `release`; it keeps its clients.
pub(super) async fn switch_release(
    peers: Data<Peers>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let form = match Form::read(&peers, &request, &body) {
        Ok(form) => form,
        Err(refusal) => return *refusal,
    };
    let Some(release) = form.field("release").and_then(|name| Release::named(&name)) else {
        return refused(StatusCode::BAD_REQUEST, "No such release.");
    };
    peers.stand_ins().esignet().become_release(release);
    form.done(super::faults::PATH, &state(&peers))
}
