//! The yardstick of `make bench`: the two hot reads as a bare actix-web handler
//! over diesel and r2d2. Same statements, same answers, nothing else: no token, no
//! role, no metrics, no log, no deadline.
//!
//! Environment: `BENCH_URL` (database), `BENCH_POOL` (connections), `BENCH_PORT`.
//! Loopback only.

#![expect(
    clippy::disallowed_methods,
    reason = "the yardstick is what one writes without a bound on the threads"
)]

use std::env::var;
use std::io::{Error, Result};

use actix_web::error::{ErrorInternalServerError, ErrorNotFound};
use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use pms_database::partners;
use pms_database::policies::{self, PolicyWithGroup};
use serde::Serialize;
use serde_json::value::RawValue;

type Connections = Pool<ConnectionManager<PgConnection>>;

/// Settings of a session, as the services have them.
#[derive(Debug)]
struct Session;

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Session {
    fn on_acquire(&self, conn: &mut PgConnection) -> std::result::Result<(), diesel::r2d2::Error> {
        conn.batch_execute("SET search_path = pms, pg_catalog, public; SET jit = off")
            .map_err(diesel::r2d2::Error::QueryError)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<T> {
    id: Option<String>,
    version: Option<String>,
    responsetime: &'static str,
    response: T,
    errors: [(); 0],
}

impl<T: Serialize> Envelope<T> {
    fn around(response: T) -> HttpResponse {
        HttpResponse::Ok().json(Self {
            id: None,
            version: None,
            responsetime: "2026-01-01T00:00:00.000Z",
            response,
            errors: [],
        })
    }
}

/// The members of a policy, as the wire has them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy<'a> {
    policy_group_id: Option<&'a str>,
    policy_group_name: Option<&'a str>,
    policy_group_desc: Option<&'a str>,
    policy_group_status: Option<bool>,
    #[serde(rename = "policyGroup_cr_by")]
    policy_group_cr_by: Option<&'a str>,
    #[serde(rename = "policyGroup_cr_dtimes")]
    policy_group_cr_dtimes: Option<chrono::NaiveDateTime>,
    #[serde(rename = "policyGroup_up_by")]
    policy_group_up_by: Option<&'a str>,
    #[serde(rename = "policyGroup_upd_dtimes")]
    policy_group_upd_dtimes: Option<chrono::NaiveDateTime>,
    policy_id: &'a str,
    policy_name: &'a str,
    policy_desc: &'a str,
    policy_type: &'a str,
    publish_date: chrono::NaiveDateTime,
    valid_till: chrono::NaiveDateTime,
    status: &'static str,
    version: &'a str,
    schema: Option<&'a str>,
    #[serde(rename = "is_Active")]
    is_active: bool,
    #[serde(rename = "cr_by")]
    cr_by: &'a str,
    #[serde(rename = "cr_dtimes")]
    cr_dtimes: chrono::NaiveDateTime,
    #[serde(rename = "up_by")]
    up_by: Option<&'a str>,
    #[serde(rename = "upd_dtimes")]
    upd_dtimes: Option<chrono::NaiveDateTime>,
    policies: &'a RawValue,
}

fn policy_members<'a>(found: &'a PolicyWithGroup, document: &'a RawValue) -> Policy<'a> {
    let (policy, group) = (&found.policy, found.group.as_ref());
    Policy {
        policy_group_id: policy.policy_group_id.as_deref(),
        policy_group_name: group.map(|group| group.name.as_str()),
        policy_group_desc: group.map(|group| group.descr.as_str()),
        policy_group_status: group.map(|group| group.is_active),
        policy_group_cr_by: group.map(|group| group.cr_by.as_str()),
        policy_group_cr_dtimes: group.map(|group| group.cr_dtimes),
        policy_group_up_by: group.and_then(|group| group.upd_by.as_deref()),
        policy_group_upd_dtimes: group.and_then(|group| group.upd_dtimes),
        policy_id: &policy.id,
        policy_name: &policy.name,
        policy_desc: &policy.descr,
        policy_type: &policy.policy_type,
        publish_date: policy.valid_from_date,
        valid_till: policy.valid_to_date,
        status: if policy.is_active {
            "PUBLISHED"
        } else {
            "DRAFTED"
        },
        version: &policy.version,
        schema: policy.policy_schema.as_deref(),
        is_active: policy.is_active,
        cr_by: &policy.cr_by,
        cr_dtimes: policy.cr_dtimes,
        up_by: policy.upd_by.as_deref(),
        upd_dtimes: policy.upd_dtimes,
        policies: document,
    }
}

async fn policy(
    path: web::Path<(String, String)>,
    pool: web::Data<Connections>,
) -> actix_web::Result<HttpResponse> {
    let (policy_id, partner_id) = path.into_inner();
    let found = web::block(move || {
        let mut conn = pool.get().map_err(|error| error.to_string())?;
        policies::for_partner(&mut conn, &policy_id, &partner_id).map_err(|error| error.to_string())
    });
    let found = found.await?.map_err(ErrorInternalServerError)?;
    let found = found.ok_or_else(|| ErrorNotFound("no such policy"))?;
    let (found, _version) = found;
    let document = serde_json::from_str(&found.policy.policy_file_id)?;
    Ok(Envelope::around(policy_members(&found, document)))
}

/// The members of a partner, as the wire has them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    #[serde(rename = "partnerID")]
    partner_id: &'a str,
    status: &'static str,
    organization_name: &'a str,
    contact_number: Option<&'a str>,
    email_id: Option<&'a str>,
    address: Option<&'a str>,
    partner_type: &'a str,
    policy_group: Option<&'a str>,
    is_active: bool,
}

async fn partner(
    id: web::Path<String>,
    pool: web::Data<Connections>,
) -> actix_web::Result<HttpResponse> {
    let found = web::block(move || {
        let mut conn = pool.get().map_err(|error| error.to_string())?;
        partners::find_profile(&mut conn, &id).map_err(|error| error.to_string())
    });
    let found = found.await?.map_err(ErrorInternalServerError)?;
    let partner = found.ok_or_else(|| ErrorNotFound("no such partner"))?;
    Ok(Envelope::around(Profile {
        partner_id: &partner.id,
        status: if partner.is_active {
            "active"
        } else {
            "De-active"
        },
        organization_name: &partner.name,
        contact_number: partner.contact_no.as_deref(),
        email_id: partner.email_id.as_deref(),
        address: partner.address.as_deref(),
        partner_type: &partner.partner_type_code,
        policy_group: partner.group_name.as_deref(),
        is_active: partner.is_active,
    }))
}

fn setting(name: &str) -> Result<String> {
    var(name).map_err(|error| Error::other(format!("{name}: {error}")))
}

#[actix_web::main]
async fn main() -> Result<()> {
    let size = setting("BENCH_POOL")?.parse().map_err(Error::other)?;
    let port: u16 = setting("BENCH_PORT")?.parse().map_err(Error::other)?;
    let pool = Pool::builder()
        .max_size(size)
        .test_on_check_out(false)
        .connection_customizer(Box::new(Session))
        .build(ConnectionManager::new(setting("BENCH_URL")?))
        .map_err(Error::other)?;
    let pool = web::Data::new(pool);
    HttpServer::new(move || {
        App::new()
            .app_data(pool.clone())
            .route(
                "/v1/policymanager/policies/{policy}/partner/{partner}",
                web::get().to(policy),
            )
            .route(
                "/v1/partnermanager/partners/{partner}",
                web::get().to(partner),
            )
    })
    .bind(("127.0.0.1", port))?
    .run()
    .await
}
