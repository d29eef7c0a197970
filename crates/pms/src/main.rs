//! The whole partner management system in one process, and its command line.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    pms::cli::Cli::parse().run()
}
