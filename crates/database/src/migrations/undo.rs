//! Taking away what was added to a database of the reference.

use diesel::connection::SimpleConnection as _;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_migrations::MigrationHarness as _;

use super::{MIGRATIONS, MigrationError, connect, hold_lock, layout};

/// Reverts every migration but the base, newest first, in one transaction, and
/// forgets that there were any. Tells their versions.
///
/// Columns and tables that the base added to the reference's own stay: its
/// services don't mind them, and they may hold what was written since. So do all
/// rows of the reference's tables.
///
/// # Errors
/// [`MigrationError::Migration`] with the reason, and nothing is changed, while the
/// key manager holds keys or certificates, certificates are revoked, or the outbox
/// holds undelivered rows.
pub fn undo_additions(url: &str) -> Result<Vec<String>, MigrationError> {
    let mut conn = connect(url)?;
    hold_lock(&mut conn)?;
    let applied = layout::applied(&mut conn)?;
    let mut migrations: Vec<Box<dyn Migration<Pg>>> =
        MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(MigrationError::Migration)?;
    migrations.sort_by_key(|migration| migration.name().version().to_string());
    conn.transaction(|conn| {
        let mut undone = Vec::new();
        for migration in migrations.iter().skip(1).rev() {
            let version = migration.name().version().to_string();
            if applied.contains(&version) {
                conn.revert_migration(migration)
                    .map_err(MigrationError::Migration)?;
                undone.push(version);
            }
        }
        conn.batch_execute("DROP TABLE IF EXISTS public.__diesel_schema_migrations")?;
        Ok(undone)
    })
}
