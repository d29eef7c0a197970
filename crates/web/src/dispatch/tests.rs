use actix_web::dev::{Path, Url};

use actix_web::http::Method;

use super::allow::Allowed;
use super::*;
use crate::error::ApiResult;
use crate::route::Access;

fn row(method: Method, path: &str) -> Descriptor {
    Descriptor {
        method,
        path: path.to_owned(),
        access: Access::Public,
        dialect: Dialect::Raw,
        service: &crate::service::PARTNER,
        style: crate::service::PARTNER.style(),
        operation: "",
    }
}

#[test]
fn allow_lists_the_methods_of_every_pattern_that_a_path_matches() {
    let rows = [
        row(Method::GET, "/p/v2"),
        row(Method::PUT, "/p/{id}"),
        row(Method::POST, "/{x}/v2"),
        row(Method::PATCH, "/p/{id}/x"),
        row(Method::POST, "/tail/{rest:.*}"),
    ];
    let rows: Vec<&Descriptor> = rows.iter().collect();
    let at = |pattern: &str, path: &str| Allowed::of(pattern, &rows).at(path).into_owned();

    assert_eq!(at("/p/v2", "/p/v2"), "GET,HEAD,OPTIONS,POST,PUT");
    assert_eq!(at("/p/{id}", "/p/7"), "OPTIONS,PUT");
    assert_eq!(at("/{x}/v2", "/q/v2"), "OPTIONS,POST");
    assert_eq!(at("/p/{id}/x", "/p/7/x"), "OPTIONS,PATCH");
    assert_eq!(at("/tail/{rest:.*}", "/tail/a/b"), "OPTIONS,POST");
}

#[test]
fn literal_paths_come_before_parameters() {
    let mut paths = [
        "/p/{id}/x",
        "/p/{tail:.*}",
        "/p/v2/{id}",
        "/p/{id}",
        "/p/v2",
    ];
    paths.sort_by_key(|path| specificity(path));

    assert_eq!(
        paths,
        [
            "/p/v2",
            "/p/v2/{id}",
            "/p/{id}",
            "/p/{id}/x",
            "/p/{tail:.*}"
        ]
    );
}

async fn nothing(_: crate::auth::Anyone) -> ApiResult<String> {
    Ok(String::new())
}

/// The pattern that a request is routed to, with its parameters.
fn routed(table: &Table, method: &Method, path: &str) -> Option<(String, Vec<(String, String)>)> {
    let mut url = Path::new(Url::new(path.parse().unwrap()));
    let (pattern, _) = table.row(url.as_str(), method)?;
    pattern.capture(&mut url);
    let found = url
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some((pattern.observed.route.to_string(), found.collect()))
}

#[test]
fn a_request_finds_the_row_of_its_path_and_method() {
    let rows = [
        (Method::GET, "/p"),
        (Method::GET, "/p/v2"),
        (Method::GET, "/p/{id}"),
        (Method::PUT, "/p/{id}"),
        (Method::GET, "/p/{id}/x"),
        (Method::POST, "/{any}/v2"),
        (Method::GET, "/p/{a}/{b}/c"),
        (Method::GET, "/t/{rest:.*}"),
        (Method::GET, "/lists/{name}.crl"),
    ];
    let routes = rows.map(|(method, path)| Route::new(row(method, path), nothing));
    let table = Table::new(routes.iter());
    let at = |method: &Method, path: &str| routed(&table, method, path);
    let found = |pattern: &str, values: &[(&str, &str)]| {
        let values = values.iter();
        let values = values.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Some((pattern.to_owned(), values.collect::<Vec<_>>()))
    };

    assert_eq!(at(&Method::GET, "/p"), found("/p", &[]));
    assert_eq!(at(&Method::HEAD, "/p/v2"), found("/p/v2", &[]));
    assert_eq!(at(&Method::PUT, "/p/v2"), found("/p/{id}", &[("id", "v2")]));
    assert_eq!(
        at(&Method::POST, "/p/v2"),
        found("/{any}/v2", &[("any", "p")])
    );
    assert_eq!(
        at(&Method::GET, "/p/%41%20"),
        found("/p/{id}", &[("id", "A ")])
    );
    assert_eq!(
        at(&Method::GET, "/p/7/x"),
        found("/p/{id}/x", &[("id", "7")])
    );
    let two = found("/p/{a}/{b}/c", &[("a", "1"), ("b", "2")]);
    assert_eq!(at(&Method::GET, "/p/1/2/c"), two);
    assert_eq!(
        at(&Method::GET, "/t/"),
        found("/t/{rest:.*}", &[("rest", "")])
    );
    let tail = found("/t/{rest:.*}", &[("rest", "a/b")]);
    assert_eq!(at(&Method::GET, "/t/a/b"), tail);
    let ending = found("/lists/{name}.crl", &[("name", "a.b")]);
    assert_eq!(at(&Method::GET, "/lists/a.b.crl"), ending);
    for path in [
        "/p/",
        "/p/7/",
        "/p/7/y",
        "/p//x",
        "/t",
        "/q",
        "/",
        "/lists/a",
        "/lists/.crl",
    ] {
        assert_eq!(at(&Method::GET, path), None, "{path}");
    }
    assert_eq!(at(&Method::DELETE, "/p/7"), None);
    assert!(table.pattern("/p/7").is_some() && table.pattern("/q").is_none());
}
