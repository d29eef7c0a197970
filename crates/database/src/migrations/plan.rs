//! What [`super::migrate`] would do: every statement, what it locks and for how long.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{MigrationError, Origin, connect, layout, pending_on};

/// Version and text of every migration.
const TEXTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migration_texts.rs"));

/// What would be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Whose database it is.
    pub origin: Origin,
    /// The statements, in order.
    pub steps: Vec<Step>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Version of its migration; empty for what prepares an older layout.
    pub version: String,
    /// Its text, on one line.
    pub statement: String,
    /// What waits for it, and how long.
    pub lock: String,
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Tells what [`super::migrate`] would do to the database at `url`. Changes
/// nothing, and needs only the rights to read.
///
/// # Errors
/// As [`super::migrate`], before anything is changed.
pub fn plan(url: &str) -> Result<Plan, MigrationError> {
    let mut conn = connect(url)?;
    let origin = layout::examine(&mut conn)?;
    let pending = pending_on(&mut conn)?;
    let tables: Vec<Table> = diesel::sql_query(
        "SELECT n.nspname || '.' || c.relname AS name, \
                greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::bigint AS rows \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname IN ('pms', 'keymgr') AND c.relkind IN ('r', 'p')",
    )
    .load(&mut conn)?;
    let rows: BTreeMap<String, i64> = tables.into_iter().map(|one| (one.name, one.rows)).collect();
    let older = (origin == Origin::Adopted).then_some(("", super::OLDER));
    let texts = TEXTS
        .iter()
        .filter(|(version, _)| pending.iter().any(|one| one == version));
    let mut steps = Vec::new();
    for (version, text) in older.into_iter().chain(texts.copied()) {
        for statement in statements(text) {
            steps.push(Step {
                version: version.to_owned(),
                lock: lock(&statement, &rows),
                statement,
            });
        }
    }
    Ok(Plan { origin, steps })
}

/// What a statement holds up. Times are for ordinary hardware, to plan with.
fn lock(statement: &str, rows: &BTreeMap<String, i64>) -> String {
    let upper = statement.to_uppercase();
    let words: Vec<&str> = statement.split_whitespace().collect();
    let named = words.iter().find_map(|word| {
        let name: String = word
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_'))
            .collect();
        rows.get_key_value(&name)
    });
    let about = |(table, rows): (&String, &i64)| format!("{table}, about {rows} rows");
    let seconds = |rows: i64| (rows / 200_000).max(1);
    if upper.starts_with("DO ") {
        return "a block: its statements are looked at one by one when it runs; it adds what is \
                missing, and indexes of tables with rows were built before it, beside the writers"
            .to_owned();
    }
    if upper.contains("INDEX") && upper.starts_with("CREATE") {
        return match named {
            Some((table, 0)) => format!("{table} is empty: no time"),
            Some(named) => format!(
                "built beside readers and writers ({}): some {} s",
                about(named),
                seconds(*named.1)
            ),
            None => "a table of ours, empty: no time".to_owned(),
        };
    }
    match (upper.starts_with("ALTER TABLE"), named) {
        (true, Some(named)) => format!(
            "everything on {} waits for a moment: the catalogue alone changes",
            about(named)
        ),
        (true, None) | (false, None) => "nothing waits".to_owned(),
        (false, Some(named)) => format!("touches {}", about(named)),
    }
}

/// The statements of a text, each on one line, without comments.
fn statements(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current = String::new();
    // Every second part between dollar signs is the body of a block.
    let bare: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .flat_map(|line| [line, "\n"])
        .collect();
    for (number, part) in bare.split("$$").enumerate() {
        if number % 2 == 1 {
            current.push_str("$$ … $$");
            continue;
        }
        let mut pieces = part.split(';').peekable();
        while let Some(piece) = pieces.next() {
            current.push_str(piece);
            if pieces.peek().is_some() {
                push(&mut found, &mut current);
            }
        }
    }
    push(&mut found, &mut current);
    found
}

fn push(found: &mut Vec<String>, current: &mut String) {
    let words: Vec<&str> = current.split_whitespace().collect();
    if !words.is_empty() {
        found.push(words.join(" "));
    }
    current.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_at_its_statements() {
        let text =
            "-- no; statement\nCREATE TABLE a (\n  b int\n);\nDO $$ BEGIN x; END $$;\nSELECT 1;\n";

        assert_eq!(
            statements(text),
            ["CREATE TABLE a ( b int )", "DO $$ … $$", "SELECT 1"]
        );
    }

    #[test]
    fn an_index_tells_its_table_and_an_added_column_its_moment() {
        let rows = BTreeMap::from([("pms.partner".to_owned(), 1_000_000)]);

        let index = lock("CREATE INDEX IF NOT EXISTS x ON pms.partner (id)", &rows);
        let column = lock("ALTER TABLE pms.partner ADD COLUMN x int", &rows);

        assert!(
            index.contains("1000000 rows") && index.contains("5 s"),
            "{index}"
        );
        assert!(column.contains("waits for a moment"), "{column}");
        assert_eq!(lock("CREATE TABLE pms.x (id int)", &rows), "nothing waits");
    }
}
