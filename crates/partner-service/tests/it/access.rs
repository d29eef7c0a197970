//! Every endpoint called by every kind of caller: the answers are the table in
//! `access/table.txt`, so that a door that opens shows in a diff.
//! `UPDATE_ACCESS_TABLE=1` writes it anew.

pub(crate) mod calls;
mod deactivated;
mod other_modules;

use std::fmt::Write as _;

use pms_testkit::{Reply, Who};
use serde_json::Value;

use crate::support::{Row, Stage};
use calls::{Call, calls};

const TABLE: &str = include_str!("access/table.txt");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access/table.txt");

/// All roles of partners, so that only ownership decides between two of them.
pub(super) const PARTNER_ROLES: [&str; 8] = [
    "ABIS_PARTNER",
    "AUTH_PARTNER",
    "CREDENTIAL_PARTNER",
    "DEVICE_PROVIDER",
    "FTM_PROVIDER",
    "MISP_PARTNER",
    "ONLINE_VERIFICATION_PARTNER",
    "SDK_PARTNER",
];

/// Columns of the table. Each caller has rows of their own, `mine-…`; the rows
/// that the request names belong to the owner of the cell.
const CALLERS: [&str; 6] = [
    "owner",
    "other partner",
    "admin",
    "policy manager",
    "no role",
    "no token",
];

/// Services that run at the same time: each waits for its database more than it works.
const SIDE_BY_SIDE: usize = 8;

#[test]
fn the_table_of_access_is_true() {
    let calls = calls();
    let share = calls.len().div_ceil(SIDE_BY_SIDE);
    // A thread for each share: rows are furnished by blocking statements, and a
    // service that shares their thread would give up its connections meanwhile.
    let lines: Vec<String> = std::thread::scope(|scope| {
        let shares = calls.chunks(share).map(|calls| {
            scope.spawn(move || {
                actix_web::rt::System::new().block_on(async {
                    let mut lines = Vec::new();
                    for call in calls {
                        lines.push(line_of(call).await);
                    }
                    lines
                })
            })
        });
        let running: Vec<_> = shares.collect();
        let lines = running.into_iter().map(|share| share.join().unwrap());
        lines.flatten().collect()
    });
    let table = format!("{}{}\n", header(), lines.join("\n"));
    if std::env::var_os("UPDATE_ACCESS_TABLE").is_some() {
        std::fs::write(PATH, &table).unwrap();
        return;
    }
    assert!(
        table == TABLE,
        "access changed; look at the difference, then UPDATE_ACCESS_TABLE=1\n{}",
        difference(TABLE, &table)
    );
}

#[test]
fn every_endpoint_is_called() {
    let called: Vec<String> = calls().iter().map(Call::name).collect();
    for route in pms_partner_service::routes() {
        let row = route.descriptor;
        let path = row.path.trim_start_matches("/v1/partnermanager");
        let name = format!("{} {path}", row.method);
        assert!(called.contains(&name), "no call of {name}");
    }
}

/// What each caller gets from one endpoint, on a service and a database of its own:
/// what one call changes is not seen by others.
async fn line_of(call: &Call) -> String {
    let stage = Stage::start().await;
    let mut cells = Vec::new();
    for (index, name) in CALLERS.iter().enumerate() {
        let owner = format!("p{index}");
        furnish(&stage, &owner);
        cells.push((who(name, &owner), owner));
    }
    furnish(&stage, "someone");
    let mut answers = Vec::new();
    for (who, owner) in cells {
        answers.push(describe(&call.send(&stage, &who, &owner).await));
    }
    line(&call.name(), &answers)
}

fn who(name: &str, owner: &str) -> Who {
    match name {
        "owner" => Who::user(owner, &PARTNER_ROLES),
        "other partner" => Who::user("someone", &PARTNER_ROLES),
        "admin" => Who::admin(),
        "policy manager" => Who::policy_manager(),
        "no role" => Who::user(owner, &[]),
        _ => Who::Nobody,
    }
}

/// A partner with a bit of everything, whose user has the partner's id.
pub(super) fn furnish(stage: &Stage, id: &str) {
    let email = format!("{id}@example.org");
    stage.partner(&Row {
        id,
        user: id,
        email: &email,
        ..Row::default()
    });
    let (requested, held) = (format!("{id}-asked"), format!("{id}-held"));
    for policy in [&requested, &held] {
        stage.policy(policy, Some("g-1"), policy, true);
    }
    stage.mapping(&format!("{id}-m1"), id, &requested, "InProgress");
    stage.mapping(&format!("{id}-m2"), id, &held, "approved");
    stage.sql(&format!(
        "INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
           valid_to_datetime, is_active, label, cr_by, cr_dtimes, is_deleted)
         VALUES ('{id}-key', '{id}', '{held}', '2026-01-01', '2030-01-01', true, 'label', 'u',
           now(), false);
         INSERT INTO partner_policy_bioextract (id, part_id, policy_id, attribute_name,
           extractor_provider, extractor_provider_version, biometric_modality, biometric_sub_types,
           cr_by, cr_dtimes)
         VALUES ('{id}-be', '{id}', '{held}', 'photo', 'mock', '1.1', 'face', '', 'u', now());
         INSERT INTO partner_policy_credential_type (part_id, policy_id, credential_type,
           is_active, cr_by, cr_dtimes)
         VALUES ('{id}', '{held}', 'auth', true, 'u', now());
         INSERT INTO user_details (id, user_id, consent_given_dtimes, cr_dtimes, cr_by)
         VALUES ('id-{id}', '{id}', now(), now(), '{id}');
         INSERT INTO notifications (id, partner_id, notification_type, notification_status,
           notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes)
         VALUES ('{id}-note', '{id}', 'PARTNER_CERT_EXPIRY', 'ACTIVE', '{{}}', 'sealed', 'eng',
           'SYSTEM', now());
         INSERT INTO oidc_client (id, name, rp_id, policy_id, logo_uri, redirect_uris, claims,
           acr_values, public_key, grant_types, auth_methods, status, cr_by, cr_dtimes)
         VALUES ('{id}-client', 'Client', '{id}', '{held}', 'l', 'r', 'c', 'a', '{id}', 'g', 'm',
           'ACTIVE', 'u', now())"
    ));
    stage.device(&format!("{id}-device"), id, id, "approved", true);
    let (chip, alias) = (format!("{id}-chip"), Some("cert-1"));
    stage.chip(&chip, id, ("approved", true), alias);
    let waiting = format!("{id}-waiting");
    stage.device(&waiting, id, &waiting, "pending_approval", false);
    let (sbi, other) = (format!("{id}-sbi"), format!("{id}-waiting-sbi"));
    stage.interface(&sbi, Some(id), "1", "approved", true);
    stage.interface(&other, Some(id), "0", "pending_approval", false);
    stage.device_of(&waiting, &sbi);
    stage.sql(&format!(
        "UPDATE device_detail_sbi SET dprovider_id = '{id}' WHERE sbi_id = '{sbi}'"
    ));
}

/// `ok`, with the number of rows of a list, or the status and code of the refusal.
fn describe(reply: &Reply) -> String {
    let body: Value = serde_json::from_str(&reply.text).unwrap_or(Value::Null);
    let error = &body["errors"][0];
    if error.is_object() {
        let code = error["errorCode"].as_str().unwrap_or("null");
        return match reply.status {
            200 => code.to_owned(),
            status => format!("{status} {code}"),
        };
    }
    if reply.status != 200 {
        return reply.status.to_string();
    }
    match rows(&body["response"]) {
        Some(rows) => format!("ok, {rows} rows"),
        None => "ok".to_owned(),
    }
}

fn rows(response: &Value) -> Option<usize> {
    if let Some(list) = response.as_array() {
        return Some(list.len());
    }
    for name in ["data", "partners", "apikeyRequests", "filters"] {
        match response.get(name) {
            Some(Value::Array(list)) => return Some(list.len()),
            Some(Value::Null) => return Some(0),
            _ => {}
        }
    }
    None
}

fn header() -> String {
    let columns: Vec<String> = CALLERS.iter().map(|&name| name.to_owned()).collect();
    let title = line("endpoint", &columns);
    format!("{title}\n{}\n", "-".repeat(title.chars().count()))
}

fn line(name: &str, cells: &[String]) -> String {
    let mut text = format!("{name:<84}");
    for cell in cells {
        write!(text, " | {cell:<26}").unwrap();
    }
    text.trim_end().to_owned()
}

fn difference(old: &str, new: &str) -> String {
    let mut text = String::new();
    for gone in old.lines().filter(|line| !new.contains(line)) {
        writeln!(text, "- {gone}").unwrap();
    }
    for come in new.lines().filter(|line| !old.contains(line)) {
        writeln!(text, "+ {come}").unwrap();
    }
    text
}
