//! The command line: which commands there are, and their exit codes: 0 done, 1 it failed, 2 wrong use.
//!
//! Not here: what a setting means (`settings.rs`).

mod admin;
mod backup;
mod check;
mod copy;
mod demo;
mod import;
mod openapi;
mod progress;
mod restore;
mod serve;
mod terminal;
mod upgrade;

use crate::settings::{self, Settings};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use iescp_worker::installation::log;
use std::ffi::OsString;
use std::process::ExitCode;

/// Influencer Engagement & Sponsorship Coordination Platform
///
/// Without a command it serves. Every option is also a variable (IESCP_…) and a key of iescp.toml; the option wins over the
/// variable, the variable over the file. Secrets are no options: IESCP_METRICS_TOKEN and IESCP_SMTP_PASSWORD, or …_FILE with a
/// path, or the keys metrics_token and smtp_password. The URL of a database may hold a password: IESCP_STORE_FILE names a file
/// with it.
#[derive(Parser, Debug)]
#[command(name = "iescp-web", version, max_term_width = 120)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// Serve the API and the pages, and do the timed work (the default)
    Serve,
    /// Make an admin, also while serving
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Write everything as it is at one moment into one file, also while serving; or look whether such a file is whole
    Backup(backup::BackupOptions),
    /// Bring a backup back, into an empty place
    Restore(restore::RestoreOptions),
    /// Bring a store that nobody uses into another, which is empty, and prove that all of it arrived
    Copy(copy::CopyOptions),
    /// Look whether the store holds what it should, also while serving
    Check(check::CheckOptions),
    /// Finish the upgrade of a store that several machines share, once no program of the version before runs
    Upgrade,
    /// Fill an empty store with a believable, reproducible market
    Demo(demo::DemoOptions),
    /// Bring the people, campaigns and messages of a V2 database over
    Import(import::ImportOptions),
    /// Print the API's OpenAPI document
    Openapi,
}

/// How a command ended when it did not end well.
enum Ended {
    /// The work failed: what and why.
    Failed(String),
    /// It was asked for in a way that can never work.
    Misused(String),
}

impl From<String> for Ended {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

/// Reads the arguments and does what they ask for.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (command, settings) = match read(arguments) {
        Ok(read) => read,
        Err(wrong) => {
            let code = wrong.exit_code();
            let _closed = wrong.print();
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    let command = command.unwrap_or(Command::Serve);
    if !matches!(command, Command::Serve) {
        quiet_log(&settings);
    }
    let outcome = match command {
        Command::Serve => serve::run(settings),
        Command::Admin(command) => admin::run(&settings, command),
        Command::Backup(options) => backup::run(&settings, options),
        Command::Restore(options) => restore::run(&settings, &options),
        Command::Copy(options) => copy::run(&settings, &options),
        Command::Check(options) => check::run(&settings, options),
        Command::Upgrade => upgrade::run(&settings),
        Command::Demo(options) => demo::run(&settings, options),
        Command::Import(options) => import::run(&settings, &options),
        Command::Openapi => openapi::run().map_err(Ended::from),
    };
    let (why, code) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Ended::Failed(why)) => (why, ExitCode::FAILURE),
        Err(Ended::Misused(why)) => (why, ExitCode::from(2)),
    };
    eprintln!("iescp-web: {why}");
    code
}

/// Commands that end say what they have to say themselves: of the log only what is wrong, unless somebody asked for more.
fn quiet_log(settings: &Settings) {
    let said = &settings.installation;
    let filter = if said.log == "info" { "warn" } else { &said.log };
    if let Err(why) = log::start(filter, said.log_format) {
        eprintln!("iescp-web: {why}");
    }
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<(Option<Command>, Settings), clap::Error> {
    let (matches, file) = settings::read(CommandLine::command(), arguments)?;
    let line = CommandLine::from_arg_matches(&matches)?;
    let refuse = |why| CommandLine::command().error(clap::error::ErrorKind::ValueValidation, why);
    Ok((line.command, line.settings.with_secrets(&file).map_err(refuse)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<(Option<Command>, Settings), clap::Error> {
        super::read(std::iter::once("iescp-web").chain(arguments.iter().copied()).map(Into::into))
    }

    #[test]
    fn serve_is_the_default_and_options_may_stand_before_or_after_the_command() {
        assert!(read(&[]).unwrap().0.is_none());
        let (command, settings) = read(&["serve", "--listen", "127.0.0.1:0"]).unwrap();
        assert!(matches!(command, Some(Command::Serve)) && settings.listen.port() == 0);
        assert_eq!(read(&["--listen", "127.0.0.1:0", "serve"]).unwrap().1.listen.port(), 0);
    }

    #[test]
    fn wrong_use_is_exit_code_2_and_help_is_0() {
        assert_eq!(read(&["--nothing"]).unwrap_err().exit_code(), 2);
        assert_eq!(read(&["--listen", "here"]).unwrap_err().exit_code(), 2);
        assert_eq!(read(&["--config", "/nowhere/iescp.toml"]).unwrap_err().exit_code(), 2);
        assert_eq!(read(&["--help"]).unwrap_err().exit_code(), 0);
    }

    #[test]
    fn help_tells_every_setting_with_its_variable() {
        let help = CommandLine::command().render_long_help().to_string();
        for argument in CommandLine::command().get_arguments().filter(|argument| argument.get_id() != "version") {
            let name = argument.get_id().as_str();
            let variable = format!("IESCP_{}", name.to_uppercase());
            assert!(help.contains(&variable), "{variable}");
        }
    }
}
