//! The schema: making it, adopting the reference's, saying what is left to do.
//!
//! Migrations live in the workspace's folder `migrations/` and are embedded.
//! They run on a connection of their own whose search path is `public`, because
//! an adopted database defaults to `pms` and would grow a second list of applied
//! migrations there.

use diesel::connection::BoxableConnection;
use diesel::connection::SimpleConnection as _;
use diesel::migration::{self, Migration, MigrationMetadata, MigrationName, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

mod concurrent;
mod data_fixes;
mod layout;
mod owner;
mod plan;
mod report;
mod undo;
mod unique;

pub use data_fixes::fix_data;
pub use layout::{LayoutProblem, Origin};
pub use plan::{Plan, Step, plan};
pub use report::{MigrationReport, OwnedByOthers};
pub use undo::undo_additions;
pub use unique::{LeftOut, Why, left_out};

/// All migrations, in order.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// How often a process that waits for another one's migration looks.
const ASK_FOR_LOCK_EVERY: std::time::Duration = std::time::Duration::from_millis(200);

/// Names of all embedded migrations, in order.
pub fn names() -> Vec<String> {
    let all = MigrationSource::<Pg>::migrations(&MIGRATIONS).unwrap_or_default();
    let mut names: Vec<String> = all.iter().map(|one| one.name().to_string()).collect();
    names.sort();
    names
}

/// Brings tables of the lines 1.2.0.1 and 1.2.1.0 to those of 1.2.2.
const OLDER: &str = include_str!("migrations/older.sql");

/// Lets the roles that use the reference's tables use ours.
const GRANTS: &str = include_str!("migrations/grants.sql");

/// Why a database was not migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// PostgreSQL can't be reached.
    #[error("no connection to the database: {0}")]
    Connection(#[from] ConnectionError),
    /// The tables in the database are not those of a version that can be adopted.
    #[error("this database can't be adopted: {0}")]
    Layout(LayoutProblem),
    /// There is something to do, and the account of the URL may not do it.
    #[error(
        "the schema is not up to date: {first} is pending ({count} in all), and account {account} \
         may not change it. Run `pms migrate` with the account that owns its tables and may \
         create in the schema public"
    )]
    NotOwner {
        /// The account.
        account: String,
        /// The first version that is missing.
        first: String,
        /// How many there are.
        count: usize,
    },
    /// A statement beside the migrations failed.
    #[error("a statement failed: {0}")]
    Statement(#[from] diesel::result::Error),
    /// A migration failed and was rolled back; those before it stay.
    #[error("a migration failed: {0}")]
    Migration(Box<dyn std::error::Error + Send + Sync>),
}

/// Brings the database at `url` to the newest schema.
///
/// Needs the owner's rights if there is anything to do; the services' rights are
/// enough to find that there is nothing. Processes that start at once wait for each
/// other.
/// Unique indexes that rows forbade before are tried again.
/// The tables of the reference's lines 1.2.0.1, 1.2.1, 1.2.2 and of 1.3.0-beta.1
/// are adopted without changing a row.
///
/// # Errors
/// See [`MigrationError`]. An older or foreign layout is refused before anything
/// is changed.
pub fn migrate(url: &str) -> Result<MigrationReport, MigrationError> {
    let mut conn = connect(url)?;
    hold_lock(&mut conn)?;
    let origin = layout::examine(&mut conn)?;
    let account = owner::account(&mut conn)?;
    if !account.is_owner {
        let pending = pending_on(&mut conn)?;
        return match pending.first() {
            None => {
                let left_out = unique::not_tried(&mut conn)?;
                report::report(&mut conn, origin, Vec::new(), left_out)
            }
            Some(first) => Err(MigrationError::NotOwner {
                account: account.name,
                first: first.clone(),
                count: pending.len(),
            }),
        };
    }
    if origin == Origin::Adopted {
        conn.transaction(|conn| conn.batch_execute(OLDER))?;
    }
    let applied = apply(&mut conn)?;
    let left_out = unique::complete(&mut conn)?;
    conn.batch_execute(GRANTS)?;
    report::report(&mut conn, origin, applied, left_out)
}

/// Runs what is pending, in order. Indexes of tables with rows are built before,
/// where they hold up no writer.
fn apply(conn: &mut PgConnection) -> Result<Vec<String>, MigrationError> {
    let pending = conn
        .pending_migrations(MIGRATIONS)
        .map_err(MigrationError::Migration)?;
    if !pending.is_empty() {
        concurrent::drop_invalid(conn)?;
    }
    let mut applied = Vec::new();
    for migration in pending {
        let version = migration.name().version().to_string();
        let done = match concurrent::prepare(conn, &version)? {
            concurrent::Remaining::Run => conn.run_migration(&*migration),
            concurrent::Remaining::Record => conn.run_migration(&Recorded(migration)),
        };
        done.map_err(MigrationError::Migration)?;
        applied.push(version);
    }
    Ok(applied)
}

/// A migration that has been done another way: running it only records it.
struct Recorded(Box<dyn Migration<Pg>>);

impl Migration<Pg> for Recorded {
    fn run(&self, _conn: &mut dyn BoxableConnection<Pg>) -> migration::Result<()> {
        Ok(())
    }

    fn revert(&self, conn: &mut dyn BoxableConnection<Pg>) -> migration::Result<()> {
        self.0.revert(conn)
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        self.0.metadata()
    }

    fn name(&self) -> &dyn MigrationName {
        self.0.name()
    }
}

/// Versions that [`migrate`] would apply now. Changes nothing, and needs only
/// the rights of the services.
///
/// # Errors
/// [`MigrationError::Connection`] and [`MigrationError::Statement`].
pub fn pending(url: &str) -> Result<Vec<String>, MigrationError> {
    pending_on(&mut connect(url)?)
}

/// [`pending`] over a connection that is open.
pub(crate) fn pending_on(conn: &mut PgConnection) -> Result<Vec<String>, MigrationError> {
    let applied = layout::applied(conn)?;
    Ok(versions()?
        .into_iter()
        .filter(|version| !applied.contains(version))
        .collect())
}

/// Whether the tables are those that the services can work with, before and after they
/// are migrated.
///
/// # Errors
/// [`MigrationError::Layout`] with the first one that is not.
pub(crate) fn check_layout(conn: &mut PgConnection) -> Result<(), MigrationError> {
    layout::examine(conn).map(drop)
}

/// Versions of all migrations, in order.
///
/// # Errors
/// None in practice: the migrations are part of the program.
pub fn versions() -> Result<Vec<String>, MigrationError> {
    use diesel::migration::MigrationSource;
    let all = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(MigrationError::Migration)?;
    Ok(all
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect())
}

fn connect(url: &str) -> Result<PgConnection, MigrationError> {
    let mut conn = PgConnection::establish(url)?;
    conn.batch_execute(
        "SET search_path = public; SET TIME ZONE 'UTC'; SET statement_timeout = 0; \
         SET client_min_messages = warning",
    )?;
    Ok(conn)
}

/// Held until the connection closes. The number is ours: "pms" and "migrate".
///
/// Requested by one short statement after another: an index that is built concurrently
/// waits for every statement that runs, so two processes would wait for each other.
fn hold_lock(conn: &mut PgConnection) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct Attempt {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        held: bool,
    }
    let mut reported = false;
    loop {
        let attempt: Attempt = diesel::sql_query(
            "SELECT pg_try_advisory_lock(hashtext('pms'), hashtext('migrate')) AS held",
        )
        .get_result(conn)?;
        if attempt.held {
            return Ok(());
        }
        if !reported {
            tracing::info!("waiting for another process that migrates this database");
            reported = true;
        }
        std::thread::sleep(ASK_FOR_LOCK_EVERY);
    }
}
