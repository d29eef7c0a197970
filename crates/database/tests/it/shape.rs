//! What a fresh database looks like, and that the code knows it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use pms_testkit::TestDatabase;

use crate::support::lines;

/// Columns, constraints and indexes in a form that a reviewer can read.
fn listing(conn: &mut PgConnection) -> String {
    lines(
        conn,
        "SELECT line FROM (
             SELECT table_schema || '.' || table_name AS place, 0 AS kind, ordinal_position AS rank,
                    '  ' || column_name || ' ' ||
                    CASE WHEN data_type = 'character varying' THEN 'varchar' ||
                              coalesce('(' || character_maximum_length || ')', '')
                         WHEN data_type = 'timestamp without time zone' THEN 'timestamp'
                         WHEN data_type = 'ARRAY' THEN substr(udt_name, 2) || '[]'
                         ELSE data_type END ||
                    CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END ||
                    coalesce(' default ' || column_default, '') AS line
             FROM information_schema.columns
             UNION ALL
             SELECT table_schema || '.' || table_name, -1, 0, table_schema || '.' || table_name
             FROM information_schema.tables
             UNION ALL
             SELECT conrelid::regclass::text, 1, 0,
                    '  constraint ' || conname || ' ' || pg_get_constraintdef(oid)
             FROM pg_constraint WHERE conrelid <> 0 AND contype <> 'n'
             UNION ALL
             SELECT schemaname || '.' || tablename, 2, 0,
                    '  ' || replace(regexp_replace(indexdef, ' ON [^ ]+ USING', ' USING'),
                                    'CREATE ', '')
             FROM pg_indexes
             WHERE indexname NOT LIKE 'tx_%'
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
         ) AS everything
         WHERE place LIKE 'pms.%' OR place LIKE 'keymgr.%'
         ORDER BY place COLLATE \"C\", kind, rank, line COLLATE \"C\"",
    )
    .join("\n")
}

#[test]
fn a_fresh_database_has_the_contracts_shape_and_our_additions() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    // Names of tables are written with their schema.
    crate::support::run(&mut conn, "SET search_path = pg_catalog");

    insta::assert_snapshot!(listing(&mut conn));
}

/// Table and column to type, as written in `schema.rs`.
fn declared() -> BTreeMap<(String, String), String> {
    let mut columns = BTreeMap::new();
    let mut table = String::new();
    for line in include_str!("../../src/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (")
            && (name.starts_with("pms.") || name.starts_with("keymgr."))
        {
            table = name.to_owned();
        }
        if let Some((column, kind)) = line.split_once(" -> ")
            && !line.starts_with("diesel::")
        {
            let kind = kind.trim_end_matches(',').to_owned();
            columns.insert((table.clone(), column.to_owned()), kind);
        }
    }
    columns
}

/// The same from the database, in diesel's words.
fn present(conn: &mut PgConnection) -> BTreeMap<(String, String), String> {
    let found = lines(
        conn,
        "SELECT table_schema || '.' || table_name || '|' || column_name || '|'
                || CASE data_type WHEN 'ARRAY' THEN udt_name ELSE data_type END || '|'
                || is_nullable
         FROM information_schema.columns WHERE table_schema IN ('pms', 'keymgr')",
    );
    let parts = found.iter().map(|line| line.split('|').collect::<Vec<_>>());
    parts
        .map(|part| {
            let kind = match part[2] {
                "character varying" | "text" => "Text",
                "timestamp without time zone" => "Timestamp",
                "boolean" => "Bool",
                "bytea" => "Bytea",
                "smallint" => "SmallInt",
                "integer" => "Integer",
                "bigint" => "BigInt",
                "uuid" => "Uuid",
                "jsonb" => "Jsonb",
                "_date" => "Array<Date>",
                other => panic!("{other}"),
            };
            let kind = if part[3] == "YES" {
                format!("Nullable<{kind}>")
            } else {
                kind.to_owned()
            };
            ((part[0].to_owned(), part[1].to_owned()), kind)
        })
        .collect()
}

#[test]
fn the_code_declares_the_columns_that_the_migrations_make() {
    let database = TestDatabase::new();

    assert_eq!(declared(), present(&mut database.conn()));
}
