//! Reads the settings from where they can stand, in their order.

use super::{Secret, secret::Take};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Settings that cannot be used, as a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingsError(pub String);

impl std::fmt::Display for SettingsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SettingsError {}

/// Reads `args` for `command`, with the environment, and with the settings file's values standing in for defaults. Keys of the
/// file that are no options are refused, unless they are among `others`: secrets, and what only another program needs.
///
/// # Errors
/// What clap says about wrong use (or `--help`), with its own exit code; unusable files as wrong use.
pub fn read(
    command: Command,
    args: impl IntoIterator<Item = OsString>,
    others: &[&str],
) -> Result<(ArgMatches, toml::Table), clap::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let first = command.clone().try_get_matches_from(&args)?;
    let refuse = |why: SettingsError| command.clone().error(clap::error::ErrorKind::ValueValidation, why);
    let mut file = find(&first).map_err(refuse)?;
    if !is_said(&first, "store")
        && let Some(url) = Secret::from_named_file("IESCP_STORE", Secret::given).map_err(refuse)?
    {
        file.insert("store".to_owned(), toml::Value::String(url.reveal().to_owned()));
    }
    if file.is_empty() {
        return Ok((first, file));
    }
    let merged = with_defaults(command.clone(), &file, others).map_err(refuse)?;
    Ok((merged.try_get_matches_from(&args)?, file))
}

/// Whether an option or its variable was given.
fn is_said(matches: &ArgMatches, name: &str) -> bool {
    matches!(matches.value_source(name), Some(ValueSource::CommandLine | ValueSource::EnvVariable))
}

fn find(matches: &ArgMatches) -> Result<toml::Table, SettingsError> {
    let named = matches.get_one::<PathBuf>("config");
    let path = named.map_or(Path::new("iescp.toml"), PathBuf::as_path);
    match std::fs::read_to_string(path) {
        Ok(text) => text.parse().map_err(|e| SettingsError(format!("{} cannot be read: {e}", path.display()))),
        Err(e) if named.is_none() && e.kind() == std::io::ErrorKind::NotFound => Ok(toml::Table::new()),
        Err(e) => Err(SettingsError(format!("{} cannot be read: {e}", path.display()))),
    }
}

fn with_defaults(mut command: Command, file: &toml::Table, others: &[&str]) -> Result<Command, SettingsError> {
    for (key, value) in file {
        if others.contains(&key.as_str()) {
            continue;
        }
        let known = command.get_arguments().any(|arg| arg.get_id() == key.as_str());
        if !known || key == "config" {
            return Err(SettingsError(format!("iescp.toml: there is no setting `{key}`")));
        }
        let value = as_text(key, value)?;
        command = command.mut_arg(key, |arg| arg.default_value(value));
    }
    Ok(command)
}

fn as_text(key: &str, value: &toml::Value) -> Result<String, SettingsError> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(yes) => Ok(yes.to_string()),
        toml::Value::Array(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| as_text(key, item)).collect();
            Ok(items?.join(","))
        }
        _ => {
            Err(SettingsError(format!("iescp.toml: `{key}` is neither text, a whole number, true or false, nor a list of these")))
        }
    }
}

/// A secret by its key in the settings file; its variable is the same in capitals, with `IESCP_` before it.
///
/// # Errors
/// When the secret is weak or its file unreadable or open to everybody.
pub fn find_secret_in(file: &toml::Table, key: &str, take: Take) -> Result<Option<Secret>, SettingsError> {
    let name = format!("IESCP_{}", key.to_ascii_uppercase());
    Secret::find(&name, take, file.get(key).and_then(toml::Value::as_str))
}
