//! The default rows that other modules of the platform rely on (contract schema.md §4).
//!
//! Seeding can be repeated: rows that exist stay as they are, and rows whose
//! parents are missing are left out.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::DbError;

/// How many rows seeding added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeedReport {
    /// Table and rows, for each table in the order of insertion.
    pub inserted: Vec<(&'static str, usize)>,
}

impl SeedReport {
    /// Rows of all tables.
    pub fn total(&self) -> usize {
        self.inserted.iter().map(|(_, rows)| rows).sum()
    }
}

macro_rules! sql {
    ($table:literal) => {
        ($table, include_str!(concat!("../seeds/", $table, ".sql")))
    };
}

/// What policies need.
const BEFORE_POLICIES: [(&str, &str); 4] = [
    sql!("partner_type"),
    sql!("policy_group"),
    sql!("partner"),
    sql!("partner_h"),
];

/// What needs policies, and what needs neither.
const AFTER_POLICIES: [(&str, &str); 10] = [
    sql!("auth_policy_h"),
    sql!("partner_policy"),
    sql!("partner_policy_request"),
    sql!("partner_policy_bioextract"),
    sql!("partner_policy_credential_type"),
    sql!("reg_device_type"),
    sql!("reg_device_sub_type"),
    sql!("device_detail"),
    sql!("secure_biometric_interface"),
    sql!("secure_biometric_interface_h"),
];

macro_rules! policy {
    ($name:literal in $group:literal) => {
        (
            concat!("mpolicy-default-", $name),
            concat!("mpolicygroup-default-", $group),
            include_str!(concat!(
                "../seeds/policies/mpolicy-default-",
                $name,
                ".json"
            )),
        )
    };
}

/// Policy id, group id and document.
const POLICIES: [(&str, &str, &str); 13] = [
    policy!("auth" in "auth"),
    policy!("abis" in "abis"),
    policy!("qrcode" in "print"),
    policy!("euin" in "print"),
    policy!("reprint" in "print"),
    policy!("resident" in "resident"),
    policy!("adjudication" in "adjudication"),
    policy!("cert" in "cert"),
    policy!("eUIN_with_QR" in "print"),
    policy!("eUIN_with_faceQR" in "print"),
    policy!("PDFCard" in "digitalcard"),
    policy!("digitalcard" in "digitalcard"),
    policy!("mobile" in "mobile"),
];

/// Adds the default rows that are missing, all or none.
///
/// # Errors
/// [`DbError::Query`] when a statement fails.
pub fn seed(conn: &mut PgConnection) -> Result<SeedReport, DbError> {
    conn.transaction(|conn| {
        let mut report = SeedReport::default();
        for (table, sql) in BEFORE_POLICIES {
            report
                .inserted
                .push((table, diesel::sql_query(sql).execute(conn)?));
        }
        report.inserted.push(("auth_policy", seed_policies(conn)?));
        for (table, sql) in AFTER_POLICIES {
            report
                .inserted
                .push((table, diesel::sql_query(sql).execute(conn)?));
        }
        Ok(report)
    })
}

fn seed_policies(conn: &mut PgConnection) -> Result<usize, DbError> {
    let (_, sql) = sql!("auth_policy");
    let mut rows = 0;
    for (id, group_id, document) in POLICIES {
        rows += diesel::sql_query(sql)
            .bind::<Text, _>(id)
            .bind::<Text, _>(group_id)
            .bind::<Text, _>(compact(document)?)
            .execute(conn)?;
    }
    Ok(rows)
}

/// The document without its white space, members in their order: the column is
/// narrow, and the legacy search answers the stored text.
fn compact(document: &str) -> Result<String, DbError> {
    let value: serde_json::Value = serde_json::from_str(document)
        .map_err(|error| DbError::Internal(format!("a seeded policy is not JSON: {error}")))?;
    Ok(value.to_string())
}
