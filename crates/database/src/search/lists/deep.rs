//! Pages far from the beginning: the keys of a page are found first, over no
//! more tables than its conditions and order need, and then its rows.

use std::collections::HashMap;

/// The rows in the order of their keys.
pub(super) fn in_order<R>(keys: &[String], rows: Vec<R>, key: fn(&R) -> &String) -> Vec<R> {
    let mut found: HashMap<String, R> = rows
        .into_iter()
        .map(|row| (key(&row).clone(), row))
        .collect();
    keys.iter().filter_map(|key| found.remove(key)).collect()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn rows_follow_their_keys_and_a_row_that_is_gone_is_left_out() {
        let keys = ["b", "gone", "a"].map(str::to_owned);
        let rows = vec!["a".to_owned(), "b".to_owned()];

        assert_eq!(in_order(&keys, rows, |row| row), ["b", "a"]);
    }
}
