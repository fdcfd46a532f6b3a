//! The installation's own keys: made at the first start, kept in `keys.json`, readable by the owner alone, or in the database that
//! several processes share.
//!
//! The file holds up to two keys for access tokens, the newer one signs and both verify, and one secret from which the
//! tokens in links are derived; and the SHA-256 of these, since a damaged key is a key like any other.
//!
//! **Not here**: passwords and people's tokens (`iescp-core`), secrets that the operator sets (`settings/secret.rs`).

mod shared;
#[cfg(test)]
mod tests;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use iescp_core::store::PostgresBeside;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// 32 random bytes. Its `Debug` is `***`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key([u8; 32]);

impl Key {
    /// The bytes, for signing and deriving only.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn random() -> io::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        BASE64URL_NOPAD.encode(&key.0)
    }
}

impl TryFrom<String> for Key {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| "a key is not base64url")?;
        bytes.try_into().map(Self).map_err(|_| "a key is not 32 bytes long")
    }
}

/// A key that signs access tokens, or did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningKey {
    /// Its name in a token's header.
    pub kid: String,
    /// The key.
    pub key: Key,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it stopped signing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
}

impl SigningKey {
    fn random(now: Timestamp) -> io::Result<Self> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(io::Error::other)?;
        Ok(Self { kid: BASE64URL_NOPAD.encode(&name), key: Key::random()?, made_at: now, retired_at: None })
    }
}

/// All of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Signs new access tokens.
    pub signing: SigningKey,
    /// Signed them before, and still verifies for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<SigningKey>,
    /// What tokens in links are derived from.
    pub links: Key,
}

/// The file's member that tells the SHA-256 of the others.
const SUM: &str = "sha256";

/// A key older than this is replaced at the next start.
const OLDEST: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Secrets {
    /// New ones, kept nowhere.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn random(now: Timestamp) -> io::Result<Self> {
        Ok(Self { signing: SigningKey::random(now)?, retired: None, links: Key::random()? })
    }

    /// Those kept in `directory`, made when there are none; a signing key that has grown old is replaced.
    ///
    /// # Errors
    /// When the file cannot be read or written, or others than its owner can read it.
    pub fn load(directory: &Path, now: Timestamp) -> io::Result<Self> {
        let path = directory.join("keys.json");
        if !path.try_exists()? {
            fs::create_dir_all(directory)?;
            let made = Self::random(now)?;
            made.save(directory)?;
            return Ok(made);
        }
        if open_to_others(&path)? {
            let why =
                format!("{} holds keys and can be read by others; chmod 600 it, and replace it if it was copied", path.display());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
        let damaged = |why: String| io::Error::new(io::ErrorKind::InvalidData, format!("{} is damaged: {why}", path.display()));
        let (kept, summed) = Self::read(&fs::read(&path)?).map_err(damaged)?;
        if now.duration_since(kept.signing.made_at) <= OLDEST {
            if !summed {
                kept.save(directory)?;
            }
            return Ok(kept);
        }
        let rotated = kept.rotate(now)?;
        rotated.save(directory)?;
        Ok(rotated)
    }

    /// Those that stand in a file.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn of(bytes: &[u8]) -> Result<Self, String> {
        Self::read(bytes).map(|(kept, _)| kept)
    }

    /// Reads what a file holds; and whether it says their SHA-256, as those of early versions do not.
    fn read(bytes: &[u8]) -> Result<(Self, bool), String> {
        let mut file: Map<String, Value> = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        let said = file.remove(SUM);
        let kept: Self = serde_json::from_value(Value::Object(file)).map_err(|e| e.to_string())?;
        let summed = said.is_some();
        if said.is_some_and(|said| kept.sum().is_ok_and(|sum| said != sum.as_str())) {
            return Err(format!("its keys do not have the {SUM} that it says; if you changed them yourself, remove that line"));
        }
        Ok((kept, summed))
    }

    fn sum(&self) -> serde_json::Result<String> {
        Ok(HEXLOWER.encode(&Sha256::digest(serde_json::to_vec(self)?)))
    }

    /// The same with a new signing key; the present one still verifies.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn rotate(self, now: Timestamp) -> io::Result<Self> {
        let retired = SigningKey { retired_at: Some(now), ..self.signing };
        Ok(Self { signing: SigningKey::random(now)?, retired: Some(retired), ..self })
    }

    /// As they stand in a file.
    ///
    /// # Errors
    /// When they cannot be written as text, which no key brings about.
    pub fn written(&self) -> serde_json::Result<String> {
        let mut value = serde_json::to_value(self)?;
        if let Some(members) = value.as_object_mut() {
            members.insert(SUM.to_owned(), self.sum()?.into());
        }
        serde_json::to_string_pretty(&value)
    }

    /// Writes them so that a crash leaves the old or the new file, never half of one.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn save(&self, directory: &Path) -> io::Result<()> {
        let draft = directory.join(format!("keys.json.{}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(self.written()?.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, directory.join("keys.json"))?;
        File::open(directory)?.sync_all()
    }
}

/// Where keys are kept.
#[derive(Clone, Debug, Default)]
pub enum Keyring {
    /// In the file of a directory.
    Directory(PathBuf),
    /// In the database that several processes share.
    Shared(PostgresBeside),
    /// Nowhere: they end with the process.
    #[default]
    Nowhere,
}

impl Keyring {
    /// The keys, made when there are none; a signing key that has grown old is replaced.
    ///
    /// # Errors
    /// When they cannot be used: `InvalidData` if they are damaged.
    pub async fn load(&self, now: Timestamp) -> io::Result<Secrets> {
        match self {
            Self::Directory(directory) => Secrets::load(directory, now),
            Self::Shared(beside) => shared::load(beside, now).await,
            Self::Nowhere => Secrets::random(now),
        }
    }

    /// Keeps keys that came from elsewhere, where there are none.
    ///
    /// # Errors
    /// When they cannot be kept there.
    pub async fn bring(&self, secrets: &Secrets) -> io::Result<()> {
        match self {
            Self::Directory(directory) => {
                fs::create_dir_all(directory)?;
                secrets.save(directory)
            }
            Self::Shared(beside) => shared::bring(beside, secrets).await,
            Self::Nowhere => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The keys as they stand there, damaged or not.
    ///
    /// # Errors
    /// When there are none, or they cannot be read.
    pub async fn text(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Directory(directory) => fs::read(directory.join("keys.json")),
            Self::Shared(beside) => shared::text(beside).await.map(String::into_bytes),
            Self::Nowhere => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The keys as they are now, since another process may have replaced them; none are made.
    ///
    /// # Errors
    /// When there are none, or they cannot be used.
    pub async fn read(&self) -> io::Result<Secrets> {
        Secrets::of(&self.text().await?).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))
    }
}

/// Whether others than the file's owner and group may use it.
///
/// # Errors
/// When there is no such file.
pub fn open_to_others(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.mode() & 0o007 != 0)
}
