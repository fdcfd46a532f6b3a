//! A backup's first lines: what it is, of when, how much, and what to do with it; for people and for this program.

use super::BackupError;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The format of backups that this program makes.
pub const FORMAT: u32 = 1;

/// How many bytes the lines take, with the spaces behind them.
pub const HEAD_BYTES: usize = 4096;

/// What the first line begins with, and the last.
const FIRST: &str = "IESCP backup, format ";
const LAST: &str = "sha256 of the lines above: ";

/// What a backup says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the file.
    pub format: u32,
    /// The version of this program that made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// The layout of what the store holds.
    pub layout: u32,
    /// The commit after which the store was as it is in here.
    pub commit: u64,
    /// How much there is.
    pub counts: Counts,
    /// How many bytes follow the manifest.
    pub bytes: u64,
    /// Their SHA-256, as hexadecimal digits.
    pub sha256: String,
}

/// How much of each part there is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Keys that were read.
    pub keys: u64,
    /// Changes to them that were committed meanwhile, and were taken in.
    pub changes: u64,
    /// Pictures' files.
    pub blobs: u64,
    /// Their bytes.
    pub blob_bytes: u64,
    /// The files beside the store.
    pub beside: Vec<Beside>,
}

/// A file beside the store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Beside {
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
}

impl Manifest {
    /// As the first bytes of a file.
    pub(super) fn write(&self) -> Result<Vec<u8>, BackupError> {
        let mut text = self.lines();
        let sum = digest(text.as_bytes());
        // Writing into a string does not fail.
        let _ = writeln!(text, "{LAST}{sum}");
        let mut head = text.into_bytes();
        if head.len() >= HEAD_BYTES {
            return Err(BackupError::damaged("its manifest would be too long"));
        }
        head.resize(HEAD_BYTES - 1, b' ');
        head.push(b'\n');
        Ok(head)
    }

    /// The lines, without the last.
    fn lines(&self) -> String {
        let Self { format, made_by, made_at, layout, commit, counts, bytes, sha256 } = self;
        let Counts { keys, changes, blobs, blob_bytes, beside } = counts;
        let files: Vec<String> = beside.iter().map(|file| format!("{} {}", file.name, file.bytes)).collect();
        format!(
            "{FIRST}{format}\n\
             \n\
             Everything of one installation as it was at one moment, its keys and people's data included:\n\
             keep this file as safe as the installation itself.\n\
             \n\
             made at: {made_at}\n\
             made by: iescp {made_by}\n\
             layout of the store: {layout}\n\
             as of commit: {commit}\n\
             keys: {keys}\n\
             changes taken in: {changes}\n\
             pictures' files: {blobs}\n\
             pictures' bytes: {blob_bytes}\n\
             beside the store: {}\n\
             bytes after these lines: {bytes}\n\
             sha256 of them: {sha256}\n\
             \n\
             Is it whole?             iescp-web backup --verify FILE\n\
             To bring it back:        iescp-web restore FILE --store sled:PATH\n\
             into an empty place, with this version of the program or a newer one.\n\
             These lines and the spaces behind them are {HEAD_BYTES} bytes long.\n\
             \n",
            files.join(", ")
        )
    }

    /// Out of the first bytes of a file.
    pub(super) fn read(head: &[u8]) -> Result<Self, BackupError> {
        let wrong = |why: &str| BackupError::damaged(format!("its first lines are {why}"));
        let text = std::str::from_utf8(head).map_err(|_| wrong("no text"))?;
        let format = text.strip_prefix(FIRST).and_then(|rest| rest.lines().next()?.trim().parse::<u32>().ok());
        let format = format.ok_or_else(|| wrong("not those of a backup"))?;
        if format > FORMAT {
            return Err(BackupError::Newer(format!("its format is {format}, and formats up to {FORMAT} are known here")));
        }
        let (lines, rest) = text.split_at_checked(text.find(LAST).ok_or_else(|| wrong("not all there"))?).unwrap_or_default();
        let (sum, padding) = rest.split_once('\n').ok_or_else(|| wrong("not all there"))?;
        let padded = padding.strip_suffix('\n').is_some_and(|spaces| spaces.bytes().all(|byte| byte == b' '));
        if sum.strip_prefix(LAST) != Some(digest(lines.as_bytes()).as_str()) || !padded {
            return Err(wrong("not as they were written"));
        }
        Self::parse(format, lines).ok_or_else(|| wrong("not understood"))
    }

    fn parse(format: u32, lines: &str) -> Option<Self> {
        let said = |name: &str| lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let number = |name: &str| said(name)?.parse::<u64>().ok();
        let beside = said("beside the store")?.split(", ").filter(|file| !file.is_empty());
        let beside: Option<Vec<Beside>> = beside
            .map(|file| {
                let (name, bytes) = file.split_once(' ')?;
                Some(Beside { name: name.to_owned(), bytes: bytes.parse().ok()? })
            })
            .collect();
        Some(Self {
            format,
            made_by: said("made by")?.strip_prefix("iescp ")?.to_owned(),
            made_at: said("made at")?.parse().ok()?,
            layout: said("layout of the store")?.parse().ok()?,
            commit: number("as of commit")?,
            counts: Counts {
                keys: number("keys")?,
                changes: number("changes taken in")?,
                blobs: number("pictures' files")?,
                blob_bytes: number("pictures' bytes")?,
                beside: beside?,
            },
            bytes: number("bytes after these lines")?,
            sha256: said("sha256 of them")?.to_owned(),
        })
    }
}

pub(super) fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
