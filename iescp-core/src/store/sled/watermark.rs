//! The number of the latest durable commit, kept beside sled's log.
//!
//! sled takes damage in the part of its log that it reads again at opening for the torn end of a crash, and silently drops
//! everything behind it. This file tells the difference. It is written after each sync and never synced itself: after a
//! power cut it may be behind, which is harmless, but it is never ahead of what is durable.
//!
//! **Not here**: what is done about a loss (`committer` refuses to open).

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

/// The file with the number.
pub(super) struct Watermark {
    file: Mutex<File>,
}

impl Watermark {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        Ok(Self { file: Mutex::new(file) })
    }

    /// The number in the file; zero if there is none or it is torn.
    pub(super) fn read(&self) -> io::Result<u64> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        Read::by_ref(&mut *file).take(12).read_to_end(&mut bytes)?;
        let number = bytes.first_chunk::<8>().map(|number| u64::from_be_bytes(*number)).unwrap_or_default();
        Ok(if bytes == encode(number) { number } else { 0 })
    }

    pub(super) fn write(&self, number: u64) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&encode(number))
    }
}

fn encode(number: u64) -> Vec<u8> {
    let number = number.to_be_bytes();
    let sum = crc32fast::hash(&number).to_be_bytes();
    [number.as_slice(), &sum].concat()
}
