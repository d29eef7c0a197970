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
}
