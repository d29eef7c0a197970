//! The service under test.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Path;
use pms_database::{Db, DbSettings};
use pms_domain::ErrorDef;
use pms_runtime::{Runtime, RuntimeError};
use pms_testkit::{TestApp, TestAppBuilder};
use pms_web::openapi::Written;
use pms_web::server::Module;
use pms_web::service::{CERTIFICATE, PARTNER, POLICY, Service};
use pms_web::{
    Access, ApiError, ApiResult, Body, Caller, Checks, Query, Request, Route, Rows, V1, v2,
    v2_checked,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub const FALLBACK: ErrorDef = ErrorDef::new("PMS_X_001", "Error while trying.");
const NO: ErrorDef = ErrorDef::new("PMS_X_002", "No %s.");

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Thing {
    name: Option<String>,
    size: i64,
}

impl Request for Thing {
    fn check(&self, fields: &mut Checks) {
        fields
            .not_blank("name", self.name.as_deref())
            .length("name", self.name.as_deref(), (0, 8));
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    name: String,
    size: i64,
    by: String,
    note: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub struct Paging {
    page_no: Option<i32>,
}

async fn make(caller: Caller, Body(thing): Body<Thing>) -> ApiResult<Made> {
    let name = thing.name.unwrap_or_default();
    match name.as_str() {
        "no" => Err(NO.with(&["thing"]).into()),
        "broken" => Err(ApiError::unexpected("a secret cause")),
        "busy" => Err(ApiError::Busy("test")),
        "down" => Ok(away().read(|_| unreachable!("there is no server")).await?),
        "told" => Err(ApiError::Logged("a fault that a peer's client logged")),
        _ => Ok(Made {
            name,
            size: thing.size,
            by: caller.user_id().to_owned(),
            note: None,
        }),
    }
}

/// A database that can't be reached.
fn away() -> Db {
    let settings = DbSettings {
        url: "postgres://nobody@127.0.0.1:9/none".into(),
        pool_size: 1,
        acquire_timeout: Duration::from_millis(100),
        statement_timeout: Duration::from_secs(1),
        application: "test".to_owned(),
        store_audits: false,
    };
    Db::new(&settings).unwrap()
}

async fn named(_caller: Caller, path: Path<String>) -> ApiResult<String> {
    Ok(path.into_inner())
}

async fn literal(_caller: Caller) -> ApiResult<String> {
    Ok("the literal".to_owned())
}

async fn paged(_caller: Caller, Query(paging): Query<Paging>) -> ApiResult<Option<i32>> {
    Ok(paging.page_no)
}

async fn slow(_caller: Caller) -> ApiResult<String> {
    tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(String::new())
}

/// Signalled when [`soon`] has started.
pub static SOON_STARTED: tokio::sync::Notify = tokio::sync::Notify::const_new();

async fn soon(_caller: Caller) -> ApiResult<String> {
    SOON_STARTED.notify_one();
    tokio::time::sleep(Duration::from_millis(500)).await;
    Ok("done".to_owned())
}

fn routes(service: &'static Service) -> Vec<Route> {
    let rows = Rows::of(service);
    let role = Access::Role("postpolicies");
    let mut routes = vec![
        rows.post("/things", role, V1, make),
        rows.post("/things/echo", role, V1.echo(), make),
        rows.post("/things/dated", role, V1.dated(), make),
        rows.patch(
            "/things/v2",
            role,
            v2_checked("mosip.pms.things.patch", FALLBACK),
            make,
        ),
        rows.patch(
            "/things/strict",
            role,
            v2_checked("mosip.pms.things.patch", FALLBACK).strict_body(),
            make,
        ),
        rows.get(
            "/things/paged",
            Access::AnyToken,
            v2("mosip.pms.things.get", FALLBACK),
            paged,
        ),
        rows.get("/things/literal", Access::AnyToken, V1, literal),
        rows.get("/things/soon", Access::AnyToken, V1, soon),
        rows.get("/things/{id}", Access::AnyToken, V1, named),
        rows.put("/things/{id}", Access::AnyToken, V1, named),
        rows.get("/slow", Access::AnyToken, V1, slow),
    ];
    if service.own == CERTIFICATE.own {
        let rows = Rows::below(service, "/v1/keymanager");
        let dialect = pms_web::Dialect::KeyManager;
        routes.push(rows.post("/make", Access::AnyToken, dialect, make));
    }
    routes
}

pub fn module(runtime: &Runtime, service: &'static Service) -> Module {
    Module {
        service,
        routes: routes(service).into(),
        documented: Vec::new().into(),
        document: Written::default(),
        data: Arc::new(|_| {}),
        health: runtime.health(),
        background: None,
    }
}

pub async fn start(builder: TestAppBuilder, service: &'static Service) -> TestApp {
    builder
        .start(async |runtime| Ok::<_, RuntimeError>(module(runtime, service)))
        .await
}

pub async fn policy() -> TestApp {
    start(TestApp::builder(), &POLICY).await
}

pub async fn partner() -> TestApp {
    start(TestApp::builder(), &PARTNER).await
}
