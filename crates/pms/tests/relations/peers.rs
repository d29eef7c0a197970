//! The other modules that get something from us, all at once.

use std::time::Duration;

use pms_testkit::peers::{
    AuditPeer, Behaviour, DatasharePeer, Fault, NotifierPeer, RecordingPeer, TemplatesPeer,
};
use serde_json::Value;

use crate::system::{NOBODY, System};

/// Hub, data share, notifier, master data and Audit Manager.
pub struct Peers {
    pub hub: RecordingPeer,
    pub datashare: DatasharePeer,
    pub notifier: NotifierPeer,
    pub templates: TemplatesPeer,
    pub audit: AuditPeer,
}

impl Peers {
    pub fn start() -> Self {
        Self {
            hub: RecordingPeer::start(accepts()),
            datashare: DatasharePeer::start(),
            notifier: NotifierPeer::start(),
            templates: TemplatesPeer::start(),
            audit: AuditPeer::start(),
        }
    }

    /// Tells a deployment where they are.
    pub fn introduce(&self, system: &mut System) {
        system.set("websub.url", &self.hub.url());
        system.set("datashare.url", &self.datashare.url());
        system.set("notifier.url", &self.notifier.url());
        system.set("templates.url", &self.templates.url());
        system.set("audit.url", &self.audit.url());
    }

    /// All but the Audit Manager go wrong.
    pub fn fail_but_audit(&self, hub: Behaviour, fault: &Fault) {
        self.hub.behave(hub);
        self.datashare.fail(fault.clone());
        self.notifier.fail(fault.clone());
        self.templates.fail(fault.clone());
    }

    pub fn recover(&self) {
        self.hub.behave(accepts());
        self.datashare.recover();
        self.notifier.recover();
        self.templates.recover();
        self.audit.recover();
    }

    /// The events that the hub got, oldest first.
    pub fn events(&self) -> Vec<Value> {
        let recorded = self.hub.recorded();
        let published = recorded
            .iter()
            .filter(|got| got.uri.contains("hub.mode=publish"));
        published.map(pms_testkit::peers::Recorded::json).collect()
    }

    /// Ids of the events, each once, in the order in which they came first.
    pub fn event_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for event in self.events() {
            let id = event["event"]["id"].as_str().unwrap().to_owned();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
}

/// Addresses of peers that are down.
pub fn nobody(system: &mut System) {
    let templates = "/v1/masterdata/templates/{langcode}/{templatetypecode}";
    for (key, path) in [
        ("websub.url", "/hub/"),
        ("datashare.url", "/v1/datashare/create"),
        ("notifier.url", "/v1/notifier/email/send"),
        ("templates.url", templates),
        ("audit.url", "/v1/auditmanager/audits"),
    ] {
        system.set(key, &format!("{NOBODY}{path}"));
    }
}

pub fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

/// Far longer than we wait for an answer.
pub const TOO_SLOW: Fault = Fault::Slow(Duration::from_secs(600));
