//! The command line.

pub mod keys;
pub mod outbox;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::commands;
use crate::demo::DemoOptions;
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
    Up(UpOptions),
    /// Takes a partner from nothing to a working API key, over HTTP.
    Demo(Box<DemoOptions>),
    /// Brings the database schema up to date; adopts a reference database.
    Migrate(DatabaseOptions),
    /// Adds the default partner types, policies and partners where missing.
    Seed(DatabaseOptions),
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
}

/// Which database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseOptions {
    /// PostgreSQL URL; the configuration's `database.url` otherwise.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

/// Whose token.
#[derive(Debug, Clone, Args)]
pub struct TokenOptions {
    /// User name, for example partner-admin.
    #[arg(long)]
    pub user: String,
    /// The user's password.
    #[arg(long, default_value = crate::identity::DEMO_PASSWORD)]
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
            Command::Up(options) => commands::in_runtime(crate::up::up(options)),
            Command::Demo(options) => commands::in_runtime(crate::demo::demo(&options)),
            Command::Token(options) => commands::in_runtime(commands::token(options)),
            Command::Migrate(options) => commands::migrate(&options),
            Command::Seed(options) => commands::seed(&options),
            Command::Config(ConfigCommand::Show) => commands::config::show(),
            Command::Keys(command) => commands::keys::run(command),
            Command::Routes => commands::routes(),
            Command::Outbox(command) => commands::outbox::run(command),
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
