//! Reads a backup's file, and believes nothing of it that is not proved.

use super::{
    BackupError, Progress, Step, Tell,
    frame::Frame,
    manifest::{Beside, Counts, HEAD_BYTES, Manifest},
    part::{END, Part},
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

/// Reads a backup part by part. Only after the last part is it known that all of them are as they were written.
pub struct Reader {
    from: Hashing,
    manifest: Manifest,
    counts: Counts,
    ended: bool,
}

/// Hashes what is read.
struct Hashing {
    from: BufReader<File>,
    hasher: Sha256,
    bytes: u64,
}

impl Read for Hashing {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.hasher.update(into.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}

impl Reader {
    /// Opens a backup and reads what it says of itself.
    ///
    /// # Errors
    /// If it cannot be read, is no backup, or a newer version's.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let mut from = BufReader::new(File::open(path)?);
        let mut head = vec![0; HEAD_BYTES];
        from.read_exact(&mut head)?;
        let manifest = Manifest::read(&head)?;
        if manifest.layout > crate::upgrade::LAYOUT {
            let (its, ours) = (manifest.layout, crate::upgrade::LAYOUT);
            return Err(BackupError::Newer(format!("its store has layout {its}, and layouts up to {ours} are known here")));
        }
        let from = Hashing { from, hasher: Sha256::new(), bytes: 0 };
        Ok(Self { from, manifest, counts: Counts::default(), ended: false })
    }

    /// What it says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How many bytes were read.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.from.bytes
    }

    /// The next part; none when all of them were read and are as they were written.
    ///
    /// # Errors
    /// If they are not.
    #[allow(clippy::should_implement_trait, reason = "an iterator would go on after an error")]
    pub fn next(&mut self) -> Result<Option<Part>, BackupError> {
        if self.ended {
            return Ok(None);
        }
        let frame = Frame::read(&mut self.from)?;
        if frame.kind == END {
            self.end(&frame)?;
            self.ended = true;
            return Ok(None);
        }
        let part = Part::read(frame)?;
        self.count(&part);
        Ok(Some(part))
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// If it is not whole.
    pub fn verify(mut self, tell: Tell<'_>) -> Result<Manifest, BackupError> {
        while self.next()?.is_some() {
            tell(Progress { step: Step::Reading, seen: self.bytes(), of: Some(self.manifest.bytes) });
        }
        Ok(self.manifest)
    }

    fn count(&mut self, part: &Part) {
        match part {
            Part::Writes(writes) => self.counts.keys += writes.len() as u64,
            Part::Blob(_, bytes) => {
                self.counts.blobs += 1;
                self.counts.blob_bytes += bytes.len() as u64;
            }
            Part::File(name, bytes) => {
                let bytes = bytes.len() as u64;
                match self.counts.beside.last_mut().filter(|last| last.name == *name) {
                    Some(last) => last.bytes += bytes,
                    None => self.counts.beside.push(Beside { name: name.clone(), bytes }),
                }
            }
        }
    }

    /// Whether what was read is what was written.
    fn end(&mut self, frame: &Frame) -> Result<(), BackupError> {
        let said: Counts =
            serde_json::from_slice(&frame.bytes).map_err(|_| BackupError::damaged("it does not say how much it holds"))?;
        let (manifest, counted) = (&self.manifest, &self.counts);
        let writes_agree = said.keys + said.changes == counted.keys;
        let others_agree = (said.blobs, said.blob_bytes, &said.beside) == (counted.blobs, counted.blob_bytes, &counted.beside);
        if said != manifest.counts || !writes_agree || !others_agree {
            return Err(BackupError::damaged("it holds more or less than it says"));
        }
        if self.from.bytes != manifest.bytes {
            return Err(BackupError::damaged("it is not as long as it says"));
        }
        if HEXLOWER.encode(&self.from.hasher.clone().finalize()) != manifest.sha256 {
            return Err(BackupError::damaged("its bytes are not those that were written"));
        }
        if self.from.from.read(&mut [0])? > 0 {
            return Err(BackupError::damaged("something was added to it"));
        }
        Ok(())
    }
}
