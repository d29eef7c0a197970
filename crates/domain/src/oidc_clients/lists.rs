//! Lists as the columns of a client hold them
//! (contract clients-users-notifications.md §1.2).

/// The items of a column, without empty ones at the end.
pub fn split(column: &str) -> Vec<String> {
    let mut items: Vec<String> = column.split(',').map(str::to_owned).collect();
    while items.last().is_some_and(String::is_empty) {
        items.pop();
    }
    items
}

/// The redirect URIs of a column. The reference stored URIs that hold commas, and its column
/// does not tell one of them from two: an item without a scheme is the rest of the URI before.
pub fn redirect_uris(column: &str) -> Vec<String> {
    let mut uris: Vec<String> = Vec::new();
    for item in split(column) {
        match uris.last_mut() {
            Some(last) if !has_scheme(&item) => {
                last.push(',');
                last.push_str(&item);
            }
            _ => uris.push(item),
        }
    }
    uris
}

/// Whether it begins as an absolute URI does (RFC 3986, 3.1).
fn has_scheme(uri: &str) -> bool {
    let Some((scheme, _)) = uri.trim_start().split_once(':') else {
        return false;
    };
    let follows = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(follows)
}

/// The column of some items. No item may hold a comma.
pub fn joined(items: &[String]) -> String {
    items.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_they_were_stored() {
        for items in [vec![], vec!["a"], vec!["a", "b"], vec!["", "b"]] {
            let items: Vec<String> = items.into_iter().map(str::to_owned).collect();
            assert_eq!(split(&joined(&items)), items);
        }
        assert_eq!(split("a,,"), ["a"]);
    }

    #[test]
    fn a_redirect_uri_with_commas_is_one() {
        for (column, uris) in [
            (
                "https://a.example/cb?scope=a,b",
                vec!["https://a.example/cb?scope=a,b"],
            ),
            (
                "https://a/?x=1,2,3,app.x://b",
                vec!["https://a/?x=1,2,3", "app.x://b"],
            ),
            ("https://a, https://b", vec!["https://a", " https://b"]),
            ("https://a/?t=1,2:3", vec!["https://a/?t=1,2:3"]),
            ("no address", vec!["no address"]),
            ("no address,https://a", vec!["no address", "https://a"]),
        ] {
            assert_eq!(redirect_uris(column), uris, "{column}");
        }
    }
}
