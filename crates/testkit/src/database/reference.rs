//! Databases that the reference's scripts made, for tests of taking them over.

use super::TestDatabase;

const TABLES: &str = include_str!("../../../database/tests/it/reference.sql");
const ROWS: &str = include_str!("../../../database/tests/it/reference_rows.sql");
const BACK_TO_1_2_2: &str = include_str!("../../../database/tests/it/reference_1_2_2.sql");
const SEARCH_PATH: &str = "DO $$ BEGIN EXECUTE format(
    'ALTER DATABASE %I SET search_path = pms, pg_catalog, public', current_database()); END $$";

impl TestDatabase {
    /// What release 1.3.0-beta.1 of the reference leaves: its tables, rows as they are
    /// found in the field, and its search path. Not migrated.
    pub fn of_reference() -> Self {
        let database = Self::empty();
        for statements in [TABLES, ROWS, SEARCH_PATH] {
            database.sql(statements);
        }
        database
    }

    /// [`Self::of_reference`] as the line 1.2.2 leaves it.
    pub fn of_reference_1_2_2() -> Self {
        let database = Self::of_reference();
        database.sql(BACK_TO_1_2_2);
        database
    }
}
