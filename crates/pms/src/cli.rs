//! The command line.

pub mod jobs;
pub mod keys;
pub mod outbox;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::check::CheckOptions;
use crate::commands;
use crate::demo::DemoOptions;
#[cfg(feature = "development")]
use crate::up::UpOptions;

/// Partner management for national digital identity.
#[derive(Debug, Parser)]
#[command(name = "pms", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the whole system in one process, with nothing else installed.
    #[cfg(feature = "development")]
    Up(UpOptions),
    /// Takes a partner from nothing to a working API key, over HTTP.
    Demo(Box<DemoOptions>),
    /// Brings the database schema up to date; adopts a reference database.
    Migrate(MigrateOptions),
    /// Adds the default partner types, policies and partners where missing.
    Seed(DatabaseOptions),
    /// Looks at everything that the services need: database, issuer, key manager, peers.
    ///
    /// Says of each ok, warning or fault, the cause and the cure. Writes nothing and
    /// prints no secret. Fails when there is a fault.
    Check(CheckOptions),
    /// Looks at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Looks after the keys of the embedded key manager.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Prints every route with its owner and role property.
    Routes,
    /// Prints a development token for curl.
    Token(TokenOptions),
    /// Looks at the outbox and queues rows again.
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// Looks at the jobs that run by the clock, and runs one by hand.
    #[command(subcommand)]
    Jobs(jobs::JobsCommand),
}

/// Which database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseOptions {
    /// PostgreSQL URL; the configuration's `database.url` otherwise.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

/// What to do to the schema.
#[derive(Clone, Args)]
pub struct MigrateOptions {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseOptions,
    /// Account that owns the schema, in place of the one in the URL.
    #[arg(
        long,
        value_name = "NAME",
        env = "PMS_MIGRATE_USER",
        requires = "password"
    )]
    pub user: Option<String>,
    /// Its password; give it in the environment: others see the arguments of a process.
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "PMS_MIGRATE_PASSWORD",
        hide_env_values = true
    )]
    pub password: Option<String>,
    /// Only print every statement that would run, and what waits for it how long.
    #[arg(long, conflicts_with_all = ["data_fixes", "undo_additions"])]
    pub plan: bool,
    /// Correct default rows as the reference's 1.2.2.3 and 1.2.2.4 do, after migrating.
    #[arg(long)]
    pub data_fixes: bool,
    /// Take away what was added to a database of the reference. Refused while there are
    /// keys, certificates or undelivered rows.
    #[arg(long, conflicts_with = "data_fixes")]
    pub undo_additions: bool,
    /// Don't ask before taking away.
    #[arg(long, requires = "undo_additions")]
    pub yes: bool,
}

impl std::fmt::Debug for MigrateOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MigrateOptions").finish_non_exhaustive()
    }
}

/// Whose token.
#[derive(Debug, Clone, Args)]
pub struct TokenOptions {
    /// User name, for example partner-admin.
    #[arg(long)]
    pub user: String,
    /// The user's password.
    #[arg(long, default_value = crate::demo::DEMO_PASSWORD)]
    pub password: String,
    /// Where `pms up` listens.
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: String,
}

/// What to do with the configuration.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Prints every setting in force and where it comes from; secrets are masked.
    Show,
}

impl Cli {
    /// Runs the command; what goes wrong is one clear line on standard error.
    pub fn run(self) -> ExitCode {
        let outcome = match self.command {
            #[cfg(feature = "development")]
            Command::Up(options) => commands::in_runtime(crate::up::up(options)),
            Command::Demo(options) => commands::in_runtime(crate::demo::demo(&options)),
            Command::Token(options) => commands::in_runtime(commands::token(options)),
            Command::Check(options) => commands::in_runtime(crate::check::check(options)),
            Command::Migrate(options) => commands::migrate::run(&options),
            Command::Seed(options) => commands::seed(&options),
            Command::Config(ConfigCommand::Show) => commands::config::show(),
            Command::Keys(command) => commands::keys::run(command),
            Command::Routes => commands::routes(),
            Command::Outbox(command) => commands::outbox::run(command),
            Command::Jobs(command) => commands::in_runtime(commands::jobs::run(command)),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                commands::complain(&error);
                ExitCode::FAILURE
            }
        }
    }
}
