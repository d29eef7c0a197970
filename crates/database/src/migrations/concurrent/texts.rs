//! The indexes that the texts of the migrations make.

use std::sync::LazyLock;

/// Version and text of every migration.
pub(super) const TEXTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migration_texts.rs"));

/// Indexes that are made under a condition: version, name, table, the rest, and
/// the index that makes them needless.
const CONDITIONAL: [(&str, &str, &str, &str, &str); 2] = [
    (
        "20250711000800",
        "ix_ddsbi_device",
        "pms.device_detail_sbi",
        "(device_detail_id, sbi_id)",
        "uk_ddsbi_device_sbi",
    ),
    (
        "20250711000800",
        "ix_user_details_user",
        "pms.user_details",
        "(user_id)",
        "uk_user_details_user",
    ),
];

/// An index as a migration makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) version: &'static str,
    pub(super) name: String,
    /// `schema.table`.
    pub(super) table: String,
    /// What stands behind the table.
    pub(super) body: String,
    pub(super) unique: bool,
    /// Its operator class belongs to the extension `pg_trgm`.
    pub(super) trigram: bool,
    pub(super) needless_with: Option<&'static str>,
}

pub(super) static INDEXES: LazyLock<Vec<Index>> = LazyLock::new(|| {
    let mut indexes: Vec<Index> = TEXTS
        .iter()
        .flat_map(|(version, text)| indexes_of(version, text))
        .collect();
    let conditional = CONDITIONAL
        .iter()
        .map(|(version, name, table, body, other)| Index {
            needless_with: Some(*other),
            ..plain(version, name, table, body)
        });
    indexes.extend(conditional);
    // Made by name in a block of its own.
    indexes.push(Index {
        trigram: true,
        ..plain(
            "20250711000350",
            "tx_apol_type",
            "pms.auth_policy",
            "USING gin (lower(policy_type) gin_trgm_ops)",
        )
    });
    indexes
});

/// The indexes that the text of a migration makes.
fn indexes_of(version: &'static str, text: &'static str) -> Vec<Index> {
    let without_comments: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for (number, part) in without_comments.split("$$").enumerate() {
        // Every second part is the body of a block.
        if number % 2 == 0 {
            found.extend(part.split(';').filter_map(|one| statement(version, one)));
        } else {
            found.extend(listed(version, part));
        }
    }
    found
}

/// `CREATE [UNIQUE] INDEX IF NOT EXISTS name ON schema.table …`
fn statement(version: &'static str, statement: &str) -> Option<Index> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let text = words.join(" ");
    let (unique, rest) = match text.strip_prefix("CREATE UNIQUE INDEX IF NOT EXISTS ") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("CREATE INDEX IF NOT EXISTS ")?),
    };
    let (name, rest) = rest.split_once(" ON ")?;
    let (table, body) = rest.split_once(' ')?;
    Some(Index {
        unique,
        ..plain(version, name, table, body)
    })
}

/// The rows of a block's list: `('tx_…', 'table', 'column')` for a trigram index,
/// `('uk_…', 'table (columns)')` for a unique one.
fn listed(version: &'static str, block: &str) -> Vec<Index> {
    let rows = block.lines().filter_map(|line| {
        let row = line.trim().trim_end_matches(',').strip_prefix('(')?;
        let row: Vec<&str> = row
            .strip_suffix(')')?
            .split("', '")
            .map(|value| value.trim_matches('\''))
            .collect();
        match row.as_slice() {
            [name, table, column] if name.starts_with("tx_") => Some(Index {
                trigram: true,
                ..plain(
                    version,
                    name,
                    &format!("pms.{table}"),
                    &format!("USING gin (lower({column}) gin_trgm_ops)"),
                )
            }),
            [name, place] if name.starts_with("uk_") => {
                let (table, columns) = place.split_once(' ')?;
                Some(Index {
                    unique: true,
                    ..plain(version, name, &format!("pms.{table}"), columns)
                })
            }
            _ => None,
        }
    });
    rows.collect()
}

fn plain(version: &'static str, name: &str, table: &str, body: &str) -> Index {
    Index {
        version,
        name: name.to_owned(),
        table: table.to_owned(),
        body: body.to_owned(),
        unique: false,
        trigram: false,
        needless_with: None,
    }
}
