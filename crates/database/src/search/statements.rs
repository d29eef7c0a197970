//! The statements of lists and searches: the same over other rows.
//!
//! They are macros, because generic code would need a page of bounds to say
//! "any joined tables of diesel". Each takes the rows as an expression: a table,
//! or a function that joins some.

/// `columns`, `key`, `created` and `deleted` of an entity whose table has the
/// columns that all tables have, and that key.
macro_rules! usual_columns {
    ($table:ident, $key:ident) => {
        fn columns() -> &'static [$crate::search::Column<Self::Source>] {
            &COLUMNS
        }

        fn key()
        -> $crate::search::Expr<Self::Source, diesel::sql_types::Nullable<diesel::sql_types::Text>>
        {
            Box::new($table::$key.nullable())
        }

        fn created() -> $crate::search::Expr<
            Self::Source,
            diesel::sql_types::Nullable<diesel::sql_types::Timestamp>,
        > {
            Box::new($table::cr_dtimes.nullable())
        }

        fn deleted()
        -> $crate::search::Expr<Self::Source, diesel::sql_types::Nullable<diesel::sql_types::Bool>>
        {
            Box::new($table::is_deleted)
        }
    };
}

/// `load`: a page of rows, each as `$item`, which is `Selectable`.
macro_rules! load_rows {
    ($rows:expr => $item:ty) => {
        fn load(
            conn: &mut diesel::PgConnection,
            spec: $crate::search::QuerySpec<Self::Source>,
        ) -> diesel::QueryResult<Vec<$item>> {
            let rows = $rows.select(<$item as diesel::SelectableHelper<_>>::as_select());
            spec.apply(rows.into_boxed()).load(conn)
        }
    };
}

/// `count`: the rows of all pages.
macro_rules! count_rows {
    ($rows:expr) => {
        fn count(
            conn: &mut diesel::PgConnection,
            spec: $crate::search::QuerySpec<Self::Source>,
        ) -> diesel::QueryResult<i64> {
            spec.filter($rows.count().into_boxed()).get_result(conn)
        }
    };
}

/// `key_lookup`: rows by their primary key, for tables that grow large.
macro_rules! key_lookup {
    ($rows:expr, $key:expr) => {
        fn key_lookup() -> Option<$crate::search::KeyLookup<Self::Source>> {
            Some($crate::search::KeyLookup {
                with: |keys| {
                    let ids: Vec<_> = keys.iter().map(|key| key.id.clone()).collect();
                    Box::new($key.eq_any($crate::pool::padded(ids)).nullable())
                },
                keys: |conn, spec| {
                    let ids: Vec<String> =
                        spec.apply($rows.select($key).into_boxed()).load(conn)?;
                    Ok(ids.into_iter().map($crate::search::RowKey::from).collect())
                },
            })
        }
    };
}

/// `values`: pairs of a code and a value.
macro_rules! value_rows {
    ($rows:expr) => {
        fn values(
            conn: &mut diesel::PgConnection,
            value: $crate::search::Expr<
                Self::Source,
                diesel::sql_types::Nullable<diesel::sql_types::Text>,
            >,
            distinct: bool,
            spec: $crate::search::QuerySpec<Self::Source>,
        ) -> diesel::QueryResult<Vec<$crate::search::CodeAndValue>> {
            let query = $rows.select((Self::code(), value)).into_boxed();
            let query = if distinct { query.distinct() } else { query };
            spec.apply(query).load(conn)
        }
    };
}

pub(super) use {count_rows, key_lookup, load_rows, usual_columns, value_rows};
