//! What is logged of a path that no route has.

use std::rc::Rc;

use actix_web::HttpRequest;

use super::table::Table;

/// The label of requests that no route answers.
pub(crate) const UNMATCHED: &str = "unmatched";
/// Longest first segment that no route has, in bytes.
const LONGEST: usize = 40;
/// Stands for what is not told.
const REST: &str = "…";

/// What the log says of the path of a request that no route answers.
pub(crate) fn unanswered(request: &HttpRequest) -> String {
    let table = request.app_data::<Rc<Table>>();
    let known = table.map(|table| table.known_part(request.path()));
    known.unwrap_or_else(|| UNMATCHED.to_owned())
}

/// The segments of `path` as far as one of `templates` has them, as that spells them, and
/// the next one if it reads like a word. What stands behind may be a key, and so may
/// anything with a digit.
pub(super) fn known_part<'a>(templates: impl Iterator<Item = &'a str>, path: &str) -> String {
    let known = templates.map(|template| (common(template, path), template));
    let (count, template) = known.max_by_key(|(count, _)| *count).unwrap_or((0, ""));
    let mut shown: Vec<&str> = template.split('/').take(count).collect();
    let mut others = path.split('/').skip(count);
    if let Some(next) = others.next() {
        let word = next.len() <= LONGEST
            && next
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
        shown.push(if word { next } else { REST });
        if word && others.next().is_some() {
            shown.push(REST);
        }
    }
    shown.join("/")
}

/// How many segments of a path a template has.
fn common(template: &str, path: &str) -> usize {
    let pairs = template.split('/').zip(path.split('/'));
    pairs
        .take_while(|(known, asked)| {
            let parameter = known.starts_with('{') && !known.contains(":.*");
            known == asked || (parameter && !asked.is_empty())
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_up_to_the_first_segment_that_no_route_has() {
        let templates = [
            "/v1/p/partners",
            "/v1/p/partners/{id}/keys",
            "/v1/p/login/{tail:.*}",
        ];
        for (path, told) in [
            ("/v1/p/partnrs/k3y-of-secrets", "/v1/p/partnrs/…"),
            ("/v1/p/partners/s3cret/kees", "/v1/p/partners/{id}/kees"),
            ("/v1/p/partners/s3cret/k3y", "/v1/p/partners/{id}/…"),
            (
                "/v1/p/partners/s3cret/keys/x9",
                "/v1/p/partners/{id}/keys/…",
            ),
            ("/v1/p/partners/", "/v1/p/partners/"),
            ("/V1/p", "/…"),
            ("/wp-admin/x", "/wp-admin/…"),
            ("/", "/"),
        ] {
            assert_eq!(known_part(templates.into_iter(), path), told, "{path}");
        }
        let long = format!("/{}", "a".repeat(LONGEST + 1));
        assert_eq!(known_part(templates.into_iter(), &long), "/…");
    }
}
