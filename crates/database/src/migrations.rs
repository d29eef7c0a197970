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
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::functions::lower;
use crate::schema::partner;

mod concurrent;
mod data_fixes;
mod layout;
mod plan;
mod undo;

pub use data_fixes::fix_data;
pub use layout::{LayoutProblem, Origin};
pub use plan::{Plan, Step, plan};
pub use undo::undo_additions;

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

/// Unique constraints and indexes that rows of an adopted database may forbid.
const UNIQUE: [&str; 12] = [
    "uk_polg",
    "uk_apol",
    "uk_apolh",
    "uk_partcnt_idcnt",
    "uk_partcnt_ideml",
    "uk_ppol",
    "uk_misp",
    "uq_oidc_client_public_key",
    "uk_devdtl_make_model_approval_status",
    "uk_fcdtl_make_model_approval_status",
    "uk_ddsbi_device_sbi",
    "uk_user_details_user",
];

/// Unique constraints that 1.2.2.0 replaced by partial indexes.
const STRICTER: [&str; 2] = ["uk_devdtl_id", "uk_fcdtl_id"];

/// What [`migrate`] found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// Whose database it was before.
    pub origin: Origin,
    /// Versions applied now, in order; empty when nothing was left to do.
    pub applied: Vec<String>,
    /// Unique indexes that existing rows forbid. Advisory locks hold their
    /// uniqueness for new rows; remove the duplicates and create them by hand.
    pub left_out: Vec<String>,
    /// Partners whose `user_id` is not their `id`, ignoring case: they belong to
    /// that user alone. Nothing is rewritten.
    pub owned_by_others: OwnedByOthers,
    /// Constraints of the lines 1.2.0.1 and 1.2.1.0 that forbid devices and chips
    /// which later lines allow. They stay: dropping them is no addition.
    pub stricter: Vec<String>,
    /// Whether substring filters have trigram indexes (extension `pg_trgm`).
    pub trigram_indexes: bool,
}

/// Partners that belong to another user than the one that is named like them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnedByOthers {
    /// How many there are.
    pub count: i64,
    /// `id` and `user_id` of the first of them, by id.
    pub first: Vec<(String, String)>,
}

/// Why a database was not migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// PostgreSQL can't be reached.
    #[error("no connection to the database: {0}")]
    Connection(#[from] ConnectionError),
    /// The tables in the database are not those of a version that can be adopted.
    #[error("this database can't be adopted: {0}")]
    Layout(LayoutProblem),
    /// A statement beside the migrations failed.
    #[error("a statement failed: {0}")]
    Statement(#[from] diesel::result::Error),
    /// A migration failed and was rolled back; those before it stay.
    #[error("a migration failed: {0}")]
    Migration(Box<dyn std::error::Error + Send + Sync>),
}

/// Brings the database at `url` to the newest schema.
///
/// Needs the owner's rights. Processes that start at once wait for each other.
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
    if origin == Origin::Adopted {
        conn.transaction(|conn| conn.batch_execute(OLDER))?;
    }
    let applied = apply(&mut conn)?;
    conn.batch_execute(GRANTS)?;
    let left_out = left_out(&mut conn)?;
    let owned_by_others = owned_by_others(&mut conn)?;
    let trigram_indexes = index_exists(&mut conn, "tx_part_name")?;
    let mut stricter = layout::indexes(&mut conn)?;
    stricter.retain(|index| STRICTER.contains(&index.as_str()));
    stricter.sort();
    Ok(MigrationReport {
        origin,
        applied,
        left_out,
        owned_by_others,
        stricter,
        trigram_indexes,
    })
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
            concurrent::Left::Run => conn.run_migration(&*migration),
            concurrent::Left::Record => conn.run_migration(&Recorded(migration)),
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
/// Asked for again and again: a process that waits within a statement would be
/// waited for by the one that builds an index concurrently, and neither would end.
fn hold_lock(conn: &mut PgConnection) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct Attempt {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        held: bool,
    }
    let mut told = false;
    loop {
        let attempt: Attempt = diesel::sql_query(
            "SELECT pg_try_advisory_lock(hashtext('pms'), hashtext('migrate')) AS held",
        )
        .get_result(conn)?;
        if attempt.held {
            return Ok(());
        }
        if !told {
            tracing::info!("waiting for another process that migrates this database");
            told = true;
        }
        std::thread::sleep(ASK_FOR_LOCK_EVERY);
    }
}

fn left_out(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let mut missing = Vec::new();
    let present = layout::indexes(conn)?;
    for name in UNIQUE {
        if !present.iter().any(|index| index == name) {
            missing.push(name.to_owned());
        }
    }
    Ok(missing)
}

/// At most so many are named.
const NAMED: i64 = 50;

fn owned_by_others(conn: &mut PgConnection) -> QueryResult<OwnedByOthers> {
    // An empty owner is none: then the id counts.
    let others = || {
        partner::table
            .filter(lower(partner::user_id).ne(lower(partner::id)))
            .filter(partner::user_id.ne(""))
    };
    Ok(OwnedByOthers {
        count: others().count().get_result(conn)?,
        first: others()
            .order(partner::id)
            .limit(NAMED)
            .select((partner::id, partner::user_id))
            .load(conn)?,
    })
}

fn index_exists(conn: &mut PgConnection, name: &str) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        found: bool,
    }
    let found: Found = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM pg_indexes WHERE schemaname = 'pms' AND indexname = $1) \
         AS found",
    )
    .bind::<Text, _>(name)
    .get_result(conn)?;
    Ok(found.found)
}
