//! A setting that nobody may read in a log: from the environment, from a file, never from the command line.

use super::SettingsError;
use std::fmt;
use std::path::Path;

/// A secret text. Its `Debug` is `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for comparing and signing only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Takes `value` when it is strong enough to keep something with: 16 characters or more.
    ///
    /// # Errors
    /// When it is shorter; the message does not contain it.
    pub fn new(name: &str, value: &str) -> Result<Self, SettingsError> {
        let value = value.trim();
        if value.chars().count() < 16 {
            return Err(SettingsError(format!("{name} is too short to be a secret: 16 characters or more, please")));
        }
        Ok(Self(value.to_owned()))
    }

    /// Takes a secret that somebody else chose, as long as there is one.
    ///
    /// # Errors
    /// When it is empty.
    pub fn given(name: &str, value: &str) -> Result<Self, SettingsError> {
        let value = value.trim_end_matches(['\r', '\n']);
        if value.is_empty() {
            return Err(SettingsError(format!("{name} is empty")));
        }
        Ok(Self(value.to_owned()))
    }

    /// `IESCP_NAME`, else what the file in `IESCP_NAME_FILE` holds, else `from_file`, else nothing.
    ///
    /// # Errors
    /// When a file cannot be read or is open to everybody, or the secret is weak.
    pub fn find(name: &str, take: Take, from_file: Option<&str>) -> Result<Option<Self>, SettingsError> {
        if let Ok(value) = std::env::var(name) {
            return take(name, &value).map(Some);
        }
        if let Some(secret) = Self::from_named_file(name, take)? {
            return Ok(Some(secret));
        }
        from_file.map(|value| take(name, value)).transpose()
    }

    /// What the file in `IESCP_NAME_FILE` holds, if that names one.
    ///
    /// # Errors
    /// When the file cannot be read or is open to everybody, or the secret is weak.
    pub(super) fn from_named_file(name: &str, take: Take) -> Result<Option<Self>, SettingsError> {
        let path = std::env::var_os(format!("{name}_FILE"));
        path.map(|path| take(name, &read(name, Path::new(&path))?)).transpose()
    }
}

/// [`Secret::new`] or [`Secret::given`].
pub(super) type Take = fn(&str, &str) -> Result<Secret, SettingsError>;

fn read(name: &str, path: &Path) -> Result<String, SettingsError> {
    let unreadable = |e| SettingsError(format!("{name}_FILE: {} cannot be read: {e}", path.display()));
    if crate::installation::secrets::open_to_others(path).map_err(unreadable)? {
        return Err(SettingsError(format!("{name}_FILE: {} can be read by everybody; chmod 600 it", path.display())));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
