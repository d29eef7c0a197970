use super::*;
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
