use pms_peers::templates::Templates;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::running::{read, run, status};

const TOKEN: &str = "roles:ZONAL_ADMIN";
const PATH: &str = "/v1/masterdata/templates/fra/partner-reg-sub-template";

#[actix_web::test]
async fn a_template_is_found_until_it_is_removed() {
    let running = run(Templates::default());
    let templates = running.stand_in.work();
    templates.put("fra", "partner-reg-sub-template", "Bonjour $partnerName");
    let get = || running.ask(Method::GET, PATH, TOKEN);

    let (_, found) = read(get()).await;
    templates.remove("fra", "partner-reg-sub-template");
    let (code, missing) = read(get()).await;

    let template = json!({
        "id": "1", "name": "partner-reg-sub-template", "description": "",
        "fileFormatCode": "txt", "model": "velocity", "fileText": "Bonjour $partnerName",
        "moduleId": "10007", "moduleName": "PMS",
        "templateTypeCode": "partner-reg-sub-template", "langCode": "fra", "isActive": true,
    });
    assert_eq!(found["response"], json!({ "templates": [template] }));
    assert_eq!(found["errors"], Value::Null);
    assert_eq!(code, StatusCode::OK);
    let expected = json!({
        "id": null, "version": null, "responsetime": "2026-11-24T10:00:00.000Z",
        "metadata": null, "response": null,
        "errors": [{ "errorCode": "KER-MSD-046", "message": "Template not found." }],
    });
    assert_eq!(missing, expected);
    assert!(templates.all().is_empty());
}

#[actix_web::test]
async fn what_it_refuses() {
    let running = run(Templates::default());
    let open = status(running.open(Method::GET, PATH)).await;
    assert_eq!(open, StatusCode::UNAUTHORIZED);
    let other = status(running.ask(Method::GET, PATH, "roles:X")).await;
    assert_eq!(other, StatusCode::FORBIDDEN);
    let post = status(running.ask(Method::POST, PATH, TOKEN)).await;
    assert_eq!(post, StatusCode::METHOD_NOT_ALLOWED);
    for path in [
        "/v1/masterdata/templates/fra",
        "/v1/masterdata/templates/fra/a/b",
        "/",
    ] {
        let elsewhere = status(running.ask(Method::GET, path, TOKEN)).await;
        assert_eq!(elsewhere, StatusCode::NOT_FOUND, "{path}");
    }
}
