//! The worked example of `docs/development.md`, compiled and run. The page shows
//! these files with the paths that they have inside of the service, and the files of
//! a list as they are.

mod count_active;
mod query;
mod routes;
mod tests;

use std::sync::Arc;

use actix_web::web::Data;
use pms_database::Db;
use pms_runtime::{Runtime, RuntimeError};
use pms_web::openapi::Written;
use pms_web::server::Module;
use pms_web::service::PARTNER;

use query as api_keys;

/// As much of the service's context as the example needs.
pub struct Context {
    pub db: Db,
}

async fn module(runtime: &Runtime) -> Result<Module, RuntimeError> {
    let context = Data::new(Context {
        db: runtime.db.clone(),
    });
    Ok(Module {
        service: &PARTNER,
        routes: routes::routes().into(),
        documented: Vec::new().into(),
        document: Written::default(),
        data: Arc::new(move |app| {
            app.app_data(context.clone());
        }),
        health: runtime.health(),
        background: None,
    })
}

/// Paths here, and those of the service.
const PATHS: [(&str, &str); 3] = [
    (
        "use pms_database::partners;",
        "use pms_database::{api_keys, partners};",
    ),
    ("use super::{Context, api_keys};", "use crate::Context;"),
    ("super::module", "pms_partner_service::module"),
];

#[test]
fn the_page_shows_what_is_compiled() {
    for file in [
        include_str!("guide/count_active.rs"),
        include_str!("guide/query.rs"),
        include_str!("guide/routes.rs"),
        include_str!("guide/tests.rs"),
    ] {
        let (_, shown) = file.split_once("// The page begins here.\n").unwrap();
        let shown = shown.split("// And ends here.\n").next().unwrap();
        let shown = PATHS.iter().fold(shown.to_owned(), |shown, (here, there)| {
            shown.replace(here, there)
        });
        assert_shown(&shown);
    }
}

#[test]
fn the_list_of_the_page_is_one_of_the_service() {
    assert_shown(include_str!(
        "../../../database/src/search/lists/ftm_chips.rs"
    ));
    let list = include_str!("../../src/ftm_chips/list.rs");
    let (_, handler) = list.split_once("pub async fn").unwrap();
    let (handler, _) = handler.split_once("\nimpl From").unwrap();
    assert_shown(&format!("pub async fn{handler}"));
}

fn assert_shown(code: &str) {
    let page = include_str!("../../../../docs/development.md");
    assert!(
        page.contains(code),
        "docs/development.md differs from\n{code}"
    );
}
