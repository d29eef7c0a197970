//! Lists whose rows come in the order of their making.

/// `columns` and `newest` of a list whose table has the columns that all tables have,
/// and that key.
macro_rules! newest_first {
    ($table:ident, $key:ident) => {
        fn columns() -> &'static [$crate::search::lists::ListColumn<Self::Source>] {
            &COLUMNS
        }

        fn newest() -> Vec<$crate::search::Order<Self::Source>> {
            vec![
                Box::new($table::cr_dtimes.desc()),
                Box::new($table::$key.asc()),
            ]
        }
    };
}

pub(super) use newest_first;
