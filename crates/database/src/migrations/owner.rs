//! Whether the account of a connection may change the schema.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

/// The account of a connection.
#[derive(QueryableByName)]
pub(super) struct Account {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Whether the tables are its own, or it can make them.
    #[diesel(sql_type = Bool)]
    pub is_owner: bool,
}

/// Asks the catalogue, which answers an account without any right too.
///
/// The list of migrations asks for the right to create in `public` even where it
/// exists: PostgreSQL checks the right before it looks for the table.
pub(super) fn account(conn: &mut PgConnection) -> QueryResult<Account> {
    diesel::sql_query(
        "SELECT current_user::text AS name, \
                EXISTS (SELECT FROM pg_namespace \
                        WHERE nspname = 'public' AND has_schema_privilege(oid, 'CREATE')) \
                AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                                WHERE (n.nspname, c.relname) IN (('pms', 'partner'), \
                                      ('public', '__diesel_schema_migrations')) \
                                  AND NOT pg_has_role(c.relowner, 'USAGE')) AS is_owner",
    )
    .get_result(conn)
}
