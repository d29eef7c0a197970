//! The command line of `pms keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::DatabaseOptions;

/// What to do with keys.
#[derive(Debug, Clone, Subcommand)]
pub enum KeysCommand {
    /// Lists the keys, which are current and until when; no secret.
    List(DatabaseOptions),
    /// Seals every private key with `key_manager.kek`; opens them with it or with
    /// `key_manager.second_kek`.
    Rotate(DatabaseOptions),
    /// Copies keys and certificates from the tables of another key manager.
    Import(Box<ImportArguments>),
    /// Lists certificates of partners that no partner and no chip has.
    Orphans {
        /// Which database.
        #[command(flatten)]
        database: DatabaseOptions,
        /// Most rows.
        #[arg(long, default_value_t = 10_000)]
        limit: u32,
    },
}

/// From where, and how.
#[derive(Clone, Args)]
pub struct ImportArguments {
    /// Which database to import into.
    #[command(flatten)]
    pub database: DatabaseOptions,
    /// PostgreSQL URL of the other key manager's database. Leave its password
    /// to PGPASSWORD or ~/.pgpass: others see the arguments of a process.
    #[arg(
        long,
        value_name = "URL",
        env = "PMS_IMPORT_FROM",
        hide_env_values = true
    )]
    pub from: String,
    /// Schema of its tables.
    #[arg(long, default_value = "keymgr")]
    pub schema: String,
    /// The PKCS#12 file with its master keys.
    #[arg(long, value_name = "FILE")]
    pub keystore: Option<PathBuf>,
    /// File with the password of that file.
    #[arg(long, value_name = "FILE", requires = "keystore")]
    pub keystore_password_file: Option<PathBuf>,
    /// Environment variable with the password, unless a file is given.
    #[arg(long, value_name = "NAME", default_value = "PMS_KEYSTORE_PASSWORD")]
    pub keystore_password_env: String,
    /// End the current keys here that imported ones take the place of.
    #[arg(long)]
    pub replace_current: bool,
    /// Only tell what would happen.
    #[arg(long)]
    pub dry_run: bool,
}

impl std::fmt::Debug for ImportArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportArguments")
            .field("schema", &self.schema)
            .field("keystore", &self.keystore)
            .finish_non_exhaustive()
    }
}
