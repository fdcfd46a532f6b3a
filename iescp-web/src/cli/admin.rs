//! `iescp-web admin create`: makes an admin, also while serving. The password is never an argument: others could read it.

use super::Ended;
use super::terminal::{self, Missing};
use crate::admin_socket::CreateAdmin;
use crate::secrets::open_to_others;
use crate::settings::Settings;
use clap::{Args, Subcommand};
use console::Term;
use iescp_core::Secret;
use iescp_core::account::{AdminInput, LONGEST};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// What is written for somebody who gave no address; nobody can prove it.
const NO_ADDRESS: &str = "unknown@users.invalid";

/// More bytes than a password has.
const MOST_BYTES: u64 = 16 * LONGEST as u64;

#[derive(Subcommand, Clone, Debug)]
pub(super) enum AdminCommand {
    /// Make an admin; asks for the password on the terminal, or reads it from a file or standard input
    Create(Create),
}

#[derive(Args, Clone, Debug)]
pub(super) struct Create {
    /// The admin's user name
    #[arg(long, env = "IESCP_ADMIN_USERNAME", value_name = "NAME")]
    username: String,

    /// The admin's address, for letters
    #[arg(long, env = "IESCP_ADMIN_EMAIL", value_name = "ADDRESS")]
    email: Option<String>,

    /// A file that holds the password on one line, readable by its owner alone
    #[arg(long, env = "IESCP_ADMIN_PASSWORD_FILE", value_name = "FILE")]
    password_file: Option<PathBuf>,
}

pub(super) fn run(settings: &Settings, command: AdminCommand) -> Result<(), Ended> {
    let AdminCommand::Create(Create { username, email, password_file }) = command;
    let password = match &password_file {
        Some(file) => from_file(file)?,
        None if io::stdin().is_terminal() => from_person()?,
        None => first_line(io::stdin()).map_err(|e| format!("no password can be read from standard input: {e}"))?,
    };
    let unreachable = email.is_none();
    let admin = AdminInput { username, email: email.unwrap_or_else(|| NO_ADDRESS.to_owned()), password };
    let made = terminal::ask(settings, CreateAdmin { admin }, Missing::Made)?;
    let note = if unreachable { "; no letters will reach them, since no address was given" } else { "" };
    writeln!(io::stdout(), "{} is an admin now{note}", made.username).map_err(|e| format!("nothing can be printed: {e}"))?;
    Ok(())
}

/// Asks twice, without showing what is typed.
fn from_person() -> Result<Secret, String> {
    let terminal = Term::stderr();
    let ask = |question: &str| -> io::Result<Secret> {
        terminal.write_str(question)?;
        Ok(terminal.read_secure_line()?.into())
    };
    let cannot = |e: io::Error| format!("the terminal cannot be asked for a password: {e}");
    let password = ask("Password: ").map_err(cannot)?;
    if ask("The same again: ").map_err(cannot)? != password {
        return Err("these were two different passwords".to_owned());
    }
    Ok(password)
}

fn from_file(path: &Path) -> Result<Secret, String> {
    let cannot = |e: io::Error| format!("{} cannot be read: {e}", path.display());
    if open_to_others(path).map_err(cannot)? {
        return Err(format!("{} can be read by everybody; chmod 600 it", path.display()));
    }
    std::fs::File::open(path).and_then(first_line).map_err(cannot)
}

fn first_line(from: impl Read) -> io::Result<Secret> {
    let mut text = String::new();
    from.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().into())
}
