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
    /// Makes the key of an application, unless there ever was one.
    Make {
        /// Which database.
        #[command(flatten)]
        database: DatabaseOptions,
        /// Application id, for example RESIDENT.
        application: String,
        /// Reference id, for example SIGN; none means the master key.
        #[arg(default_value = "")]
        reference: String,
    },
    /// Makes a key encryption key and prints it, or keeps it in a secret of Kubernetes.
    MakeKek(MakeKekArguments),
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

/// Where the key is kept.
#[derive(Debug, Clone, Args)]
pub struct MakeKekArguments {
    /// Name of a secret in the pod's own namespace. It is made if it is not there, and
    /// never changed.
    #[arg(long, value_name = "NAME")]
    pub kubernetes_secret: Option<String>,
    /// Key in the secret.
    #[arg(long, value_name = "KEY", default_value = "kek")]
    pub secret_key: String,
    /// Directory with the pod's token, namespace and certificate authority.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "/var/run/secrets/kubernetes.io/serviceaccount"
    )]
    pub service_account: PathBuf,
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
    /// Only list what would happen.
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
