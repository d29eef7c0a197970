//! The tables of another key manager, in its own database.
//!
//! Its versions differ in columns: what is not there reads as NULL.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract keymanager.md §5"
)]

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text, Timestamp};

use crate::DbError;

/// Rows that are read at once.
const PAGE: i64 = 500;

/// Where the tables are, and which columns they have.
#[derive(Debug, Clone)]
pub struct Tables {
    schema: String,
    columns: HashSet<(String, String)>,
}

/// A row of `key_policy_def`.
#[derive(Debug, Clone, QueryableByName)]
pub struct Policy {
    #[diesel(sql_type = Nullable<Text>)]
    pub app_id: Option<String>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub key_validity_duration: Option<i16>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub is_active: Option<bool>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub pre_expire_days: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    pub access_allowed: Option<String>,
}

/// A row of `key_alias`.
#[derive(Debug, Clone, QueryableByName)]
pub struct Alias {
    #[diesel(sql_type = Text)]
    pub id: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub app_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub ref_id: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub key_gen_dtimes: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub key_expire_dtimes: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<Text>)]
    pub uni_ident: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub is_deleted: Option<bool>,
    #[diesel(sql_type = Nullable<Text>)]
    pub cr_by: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub cr_dtimes: Option<NaiveDateTime>,
}

/// A row of `key_store`.
#[derive(Clone, QueryableByName)]
pub struct Stored {
    #[diesel(sql_type = Text)]
    pub id: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub master_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub private_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub certificate_data: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub cr_by: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub cr_dtimes: Option<NaiveDateTime>,
}

/// A row of `ca_cert_store` or `partner_cert_store`.
#[derive(Debug, Clone, QueryableByName)]
pub struct Certificate {
    #[diesel(sql_type = Text)]
    pub cert_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub issuer_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub partner_domain: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub cert_data: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub signed_cert_data: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub organization_name: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub is_deleted: Option<bool>,
    #[diesel(sql_type = Nullable<Text>)]
    pub cr_by: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub cr_dtimes: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub del_dtimes: Option<NaiveDateTime>,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

/// Runs `work` on one unchanging picture of the database, which it can't write.
///
/// # Errors
/// What `work` answers.
pub fn snapshot<T>(
    conn: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> Result<T, DbError>,
) -> Result<T, DbError> {
    conn.build_transaction()
        .repeatable_read()
        .read_only()
        .run(work)
}

const POLICY: &[(&str, &str)] = &[
    ("app_id", "text"),
    ("key_validity_duration", "smallint"),
    ("is_active", "boolean"),
    ("pre_expire_days", "smallint"),
    ("access_allowed", "text"),
];
const ALIAS: &[(&str, &str)] = &[
    ("id", "text"),
    ("app_id", "text"),
    ("ref_id", "text"),
    ("key_gen_dtimes", "timestamp"),
    ("key_expire_dtimes", "timestamp"),
    ("uni_ident", "text"),
    ("is_deleted", "boolean"),
    ("cr_by", "text"),
    ("cr_dtimes", "timestamp"),
];
const STORED: &[(&str, &str)] = &[
    ("id", "text"),
    ("master_key", "text"),
    ("private_key", "text"),
    ("certificate_data", "text"),
    ("cr_by", "text"),
    ("cr_dtimes", "timestamp"),
];
const CERTIFICATE: &[(&str, &str)] = &[
    ("cert_id", "text"),
    ("issuer_id", "text"),
    ("partner_domain", "text"),
    ("cert_data", "text"),
    ("signed_cert_data", "text"),
    ("organization_name", "text"),
    ("is_deleted", "boolean"),
    ("cr_by", "text"),
    ("cr_dtimes", "timestamp"),
    ("del_dtimes", "timestamp"),
];

impl Tables {
    /// Looks which tables and columns there are.
    ///
    /// # Errors
    /// When the schema has no table of a key manager.
    pub fn inspect(conn: &mut PgConnection, schema: &str) -> Result<Self, DbError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if schema.is_empty() || !schema.chars().all(plain) {
            return Err(DbError::Internal(
                "the name of the schema is not plain".into(),
            ));
        }
        let found: Vec<Column> = diesel::sql_query(
            "SELECT table_name::text AS table_name, column_name::text AS column_name \
             FROM information_schema.columns WHERE table_schema = $1",
        )
        .bind::<Text, _>(schema)
        .load(conn)?;
        let columns = found.into_iter();
        let tables = Self {
            schema: schema.to_owned(),
            columns: columns
                .map(|column| (column.table_name, column.column_name))
                .collect(),
        };
        if ["key_alias", "ca_cert_store"]
            .iter()
            .any(|name| tables.has(name))
        {
            Ok(tables)
        } else {
            Err(DbError::Internal(format!(
                "the schema {schema} of that database has no tables of a key manager"
            )))
        }
    }

    /// Whether there is a table of this name.
    pub fn has(&self, table: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == table)
    }

    /// Every key policy.
    pub fn policies(&self, conn: &mut PgConnection) -> QueryResult<Vec<Policy>> {
        self.query("key_policy_def", POLICY, "ORDER BY app_id")
            .map_or(Ok(Vec::new()), |query| diesel::sql_query(query).load(conn))
    }

    /// Every alias.
    pub fn aliases(&self, conn: &mut PgConnection) -> QueryResult<Vec<Alias>> {
        self.query("key_alias", ALIAS, "ORDER BY id")
            .map_or(Ok(Vec::new()), |query| diesel::sql_query(query).load(conn))
    }

    /// The next keys and certificates of other domains behind the id `after`.
    pub fn stored_after(&self, conn: &mut PgConnection, after: &str) -> QueryResult<Vec<Stored>> {
        let rest = "WHERE id > $1 ORDER BY id LIMIT $2";
        self.query("key_store", STORED, rest)
            .map_or(Ok(Vec::new()), |query| page(conn, query, after))
    }

    /// The next certificates of authorities behind the id `after`.
    pub fn authorities_after(
        &self,
        conn: &mut PgConnection,
        after: &str,
    ) -> QueryResult<Vec<Certificate>> {
        self.certificates_after(conn, "ca_cert_store", after)
    }

    /// The next certificates of partners behind the id `after`.
    pub fn partners_after(
        &self,
        conn: &mut PgConnection,
        after: &str,
    ) -> QueryResult<Vec<Certificate>> {
        self.certificates_after(conn, "partner_cert_store", after)
    }

    fn certificates_after(
        &self,
        conn: &mut PgConnection,
        table: &str,
        after: &str,
    ) -> QueryResult<Vec<Certificate>> {
        let rest = "WHERE cert_id > $1 ORDER BY cert_id LIMIT $2";
        self.query(table, CERTIFICATE, rest)
            .map_or(Ok(Vec::new()), |query| page(conn, query, after))
    }

    /// Reads `columns` of a table; `None` when it does not exist.
    fn query(&self, table: &str, columns: &[(&str, &str)], rest: &str) -> Option<String> {
        if !self.has(table) {
            return None;
        }
        let one = |(name, kind): &(&str, &str)| {
            let there = (table.to_owned(), (*name).to_owned());
            if self.columns.contains(&there) {
                format!("stored.{name}::{kind} AS {name}")
            } else {
                format!("NULL::{kind} AS {name}")
            }
        };
        let list: Vec<String> = columns.iter().map(one).collect();
        let rest = rest
            .replace("BY ", "BY stored.")
            .replace("WHERE ", "WHERE stored.");
        Some(format!(
            "SELECT {} FROM \"{}\".{table} AS stored {rest}",
            list.join(", "),
            self.schema
        ))
    }
}

fn page<R>(conn: &mut PgConnection, query: String, after: &str) -> QueryResult<Vec<R>>
where
    R: QueryableByName<diesel::pg::Pg> + 'static,
{
    diesel::sql_query(query)
        .bind::<Text, _>(after)
        .bind::<BigInt, _>(PAGE)
        .load(conn)
}
