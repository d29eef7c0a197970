//! PostgreSQL: reachable, migrated, writable, on time; what waits in the outbox.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text, Timestamptz};
use pms_database::outbox::depths;
use pms_database::startup::{self, NotReady};
use pms_database::{Clock, migrations};
use pms_runtime::Runtime;
use secrecy::ExposeSecret as _;

use super::findings::{Finding, Report};

#[derive(QueryableByName)]
struct Server {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    read_only: bool,
    #[diesel(sql_type = Integer)]
    connections: i32,
    #[diesel(sql_type = Timestamptz)]
    now: chrono::DateTime<chrono::Utc>,
}

#[derive(QueryableByName)]
struct Rights {
    #[diesel(sql_type = Text)]
    table_name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

pub(super) async fn look(runtime: &Runtime, limit: Duration, report: &mut Report) {
    let url = runtime.settings.database.url.expose_secret().to_owned();
    let pool = runtime.settings.database.pool_size.get();
    let task = tokio::task::spawn_blocking(move || {
        let mut found = Vec::new();
        server(&url, pool, &mut found);
        found
    });
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(findings)) => findings.into_iter().for_each(|finding| report.add(finding)),
        Ok(Err(error)) => report.add(Finding::fault("database", error, "")),
        Err(_late) => report.add(Finding::fault(
            "database",
            format!("no answer within {} s", limit.as_secs()),
            "Is the host right, and does a firewall or network policy drop the packets?",
        )),
    }
    if report.faults() == 0 {
        outbox(runtime, report).await;
    }
}

fn server(url: &str, pool: u32, found: &mut Vec<Finding>) {
    let mut conn = match pms_database::connect(url) {
        Ok(conn) => conn,
        Err(error) => {
            found.push(Finding::fault(
                "database",
                error,
                "Check host, port, name, account and password of database.url (or javax.persistence.jdbc.*), and that PostgreSQL accepts this address.",
            ));
            return;
        }
    };
    let server: Result<Server, _> = diesel::sql_query(
        "SELECT current_setting('server_version') AS version, current_user::text AS account, \
                current_database()::text AS name, clock_timestamp() AS now, \
                pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only, \
                current_setting('max_connections')::int AS connections",
    )
    .get_result(&mut conn);
    let server = match server {
        Ok(server) => server,
        Err(error) => {
            found.push(Finding::fault(
                "database",
                error,
                "See the log of PostgreSQL.",
            ));
            return;
        }
    };
    found.push(Finding::ok(
        "database",
        format!(
            "PostgreSQL {}, {} as {}",
            server.version, server.name, server.account
        ),
    ));
    found.push(super::identity::skew(
        "clock of the database",
        Clock::system().now(),
        server.now,
    ));
    let half = server.connections / 2;
    if i64::from(pool) > i64::from(half) {
        found.push(Finding::warning(
            "connections",
            format!("one process may open {pool} of the {} connections", server.connections),
            "Lower database.pool_size or raise max_connections: replicas and other services need some too.",
        ));
    }
    schema(url, &server, &mut conn, found);
}

fn schema(url: &str, server: &Server, conn: &mut PgConnection, found: &mut Vec<Finding>) {
    match migrations::pending(url) {
        Ok(pending) if pending.is_empty() => match startup::check(url) {
            // What the account may not read is reported below, with all the tables.
            Ok(()) | Err(NotReady::Forbidden(_)) => {
                found.push(Finding::ok("schema", "up to date"));
                unique_indexes(url, found);
            }
            Err(fault) => {
                let cure = "The services refuse to start until it is there again.";
                found.push(Finding::fault("schema", fault, cure));
                return;
            }
        },
        Ok(pending) => {
            found.push(Finding::fault(
                "schema",
                format!(
                    "{} migrations are missing, the first is {}",
                    pending.len(),
                    pending.first().map_or("", String::as_str)
                ),
                "Run `pms migrate` with the account that owns the schema.",
            ));
            return;
        }
        Err(error) => {
            found.push(Finding::fault(
                "schema",
                error,
                "Run `pms migrate` with the account that owns the schema.",
            ));
            return;
        }
    }
    writable(server, conn, found);
    default_rows(conn, found);
}

/// What rows of an adopted database forbade, and may forbid no longer.
fn unique_indexes(url: &str, found: &mut Vec<Finding>) {
    match migrations::left_out(url) {
        Ok(left_out) if left_out.is_empty() => {}
        Ok(left_out) => found.push(Finding::warning(
            "unique indexes",
            format!("missing: {}", left_out.join(", ")),
            "`pms migrate` with the account that owns the schema makes them, or tells which rows forbid it.",
        )),
        Err(error) => found.push(Finding::warning(
            "unique indexes",
            error,
            "See the log of PostgreSQL.",
        )),
    }
}

/// Whether the account may write, according to its rights: nothing is written.
fn writable(server: &Server, conn: &mut PgConnection, found: &mut Vec<Finding>) {
    if server.read_only {
        found.push(Finding::fault(
            "writable",
            "the database takes no writes: it is a standby, or read-only",
            "Let database.url lead to the primary; services answer reads meanwhile.",
        ));
        return;
    }
    let denied: Result<Vec<Rights>, _> = diesel::sql_query(
        "SELECT c.oid::regclass::text AS table_name FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'pms' AND c.relkind IN ('r', 'p') \
           AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') \
                    AND has_table_privilege(c.oid, 'UPDATE')) \
         ORDER BY 1",
    )
    .load(conn);
    match denied {
        Ok(denied) if denied.is_empty() => {
            found.push(Finding::ok("writable", "every table of schema pms"));
        }
        Ok(denied) => {
            let names: Vec<&str> = denied.iter().map(|row| row.table_name.as_str()).collect();
            found.push(Finding::fault(
                "writable",
                format!("{} may not read and write {}", server.account, names.join(", ")),
                "Run `pms migrate`: it grants what the services need to the roles that have the other tables.",
            ));
        }
        Err(error) => found.push(Finding::fault(
            "writable",
            error,
            "See the log of PostgreSQL.",
        )),
    }
}

fn default_rows(conn: &mut PgConnection, found: &mut Vec<Finding>) {
    let partners: Result<Count, _> =
        diesel::sql_query("SELECT count(*) AS found FROM (SELECT FROM pms.partner_type LIMIT 1) t")
            .get_result(conn);
    if partners.is_ok_and(|count| count.found == 0) {
        found.push(Finding::warning(
            "default rows",
            "there are no partner types: no partner can be registered",
            "Run `pms seed` once on a new database.",
        ));
    }
}

async fn outbox(runtime: &Runtime, report: &mut Report) {
    let depths = match runtime.db.read(depths::depths).await {
        Ok(depths) => depths,
        Err(error) => {
            report.add(Finding::fault(
                "outbox",
                error,
                "See the findings about the database.",
            ));
            return;
        }
    };
    let pending: i64 = depths.iter().map(|depth| depth.pending).sum();
    let dead: i64 = depths.iter().map(|depth| depth.dead).sum();
    let oldest = depths.iter().filter_map(|depth| depth.oldest_seconds).max();
    let minutes = oldest.map_or(0, |seconds| seconds / 60);
    if dead > 0 {
        report.add(Finding::warning(
            "outbox",
            format!("{dead} rows are parked after their last attempt"),
            "`pms outbox list --status dead` tells why; then `pms outbox retry --all-dead`.",
        ));
    }
    if minutes >= 15 {
        report.add(Finding::warning(
            "outbox",
            format!("{pending} rows wait, the oldest for {minutes} minutes"),
            "`pms outbox list --status pending` tells the last error: a peer is away or has no address.",
        ));
    } else if dead == 0 {
        report.add(Finding::ok("outbox", format!("{pending} rows wait")));
    }
}
