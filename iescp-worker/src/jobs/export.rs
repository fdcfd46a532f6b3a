//! Makes one export: its rows, true of one moment, as a file; tells how far it is while it does.
//!
//! A beginning that dies leaves a draft and a number. The next begins anew under its own number, and only its file counts.

mod archive;
mod cut;
mod sheet;
mod spool;

use crate::{House, files::Draft, pdf::Statement, queue::Failure};
use cut::{Cut, Sink, Unmade};
use iescp_core::{
    Actor, Error, Platform,
    export::{BeginExport, Beginning, Cell, Export, ExportFormat, FailExport, FinishExport, ListKeptExports, NoteExportProgress},
    id::ExportId,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::{
    io::{self, Read, Seek, Write},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How often it is told how far an export is.
const TELL: Duration = Duration::from_secs(1);

/// How many exports are asked about at once when the folder is cleared.
const CLEARED_AT_ONCE: usize = 100;

/// The name by which the audit trail knows this job.
const NAME: &str = "exports";

pub(super) async fn run(house: &House, id: ExportId) -> Result<(), Failure> {
    let begun = house.platform.run(&Actor::system(NAME), BeginExport { export: id }).await.map_err(again)?;
    let Some(Beginning { export, owner }) = begun else { return Ok(()) };
    match make(house, &export, owner).await {
        Ok(()) => Ok(()),
        Err(Unmade::Core(Error::NotNow(refusal))) if refusal.code == "overtaken" => Ok(()),
        Err(Unmade::Never(why)) => {
            let failed = FailExport { export: id, attempt: export.attempt, why };
            house.platform.run(&Actor::system(NAME), failed).await.map_err(again)
        }
        Err(unmade) => Err(Failure::Again(unmade.to_string())),
    }
}

async fn make(house: &House, export: &Export, owner: String) -> Result<(), Unmade> {
    let draft = house.files.begin(&export.stored_as())?;
    let mut telling = Telling { platform: &house.platform, export, last: Instant::now() };
    let cut = Cut::of(house, export);
    let settings = house.platform.settings();
    let (rows, as_of) = if export.format == ExportFormat::Zip {
        archive::make(house, export, &draft, &mut telling).await?
    } else if export.format == ExportFormat::Pdf {
        let mut statement = Statement::new(settings.currency, settings.time_zone.clone());
        let (rows, as_of) = cut.append_only(&mut statement, &mut telling).await?;
        let (site, mut file) = (settings.site_name.clone(), draft.file.try_clone()?);
        let setting = move || file.write_all(&statement.set(&site, &owner, as_of).map_err(io::Error::other)?);
        tokio::task::spawn_blocking(setting).await.map_err(io::Error::other)??;
        (rows, as_of)
    } else if export.kind.is_append_only() {
        let mut lines = sheet::Lines::new(&draft.file, export.kind, settings.currency);
        cut.append_only(&mut lines, &mut telling).await?
    } else {
        let spool = house.files.begin(&format!("{}-spool", export.stored_as()))?;
        cut.settled(&spool, &draft, &mut telling).await?
    };
    let (bytes, sha256) = finished(draft).await?;
    let finish = FinishExport { export: export.id, attempt: export.attempt, rows, as_of, bytes, sha256 };
    house.platform.run(&Actor::system(NAME), finish).await?;
    Ok(())
}

impl Sink for Statement {
    fn take(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        self.read(rows);
        Ok(())
    }
}

/// Reads a draft once more for its hash, and keeps it: both take the disk's time.
async fn finished(mut draft: Draft) -> io::Result<(u64, String)> {
    let hashing = move || {
        draft.file.rewind()?;
        let (mut hash, mut piece, mut bytes) = (Sha256::new(), vec![0; 256 * 1024], 0);
        loop {
            let read = draft.file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            hash.update(piece.get(..read).unwrap_or_default());
        }
        let hexadecimal = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok::<_, io::Error>((draft, bytes, hexadecimal))
    };
    let (draft, bytes, hexadecimal) = tokio::task::spawn_blocking(hashing).await.map_err(io::Error::other)??;
    draft.keep().await?;
    Ok((bytes, hexadecimal))
}

/// Tells how many rows are done, now and then.
struct Telling<'a> {
    platform: &'a Platform,
    export: &'a Export,
    last: Instant,
}

impl Telling<'_> {
    async fn rows(&mut self, rows: u64) -> Result<(), Error> {
        if self.last.elapsed() < TELL {
            return Ok(());
        }
        self.last = Instant::now();
        let (export, attempt) = (self.export.id, self.export.attempt);
        self.platform.run(&Actor::system(NAME), NoteExportProgress { export, attempt, rows }).await
    }
}

fn again(error: Error) -> Failure {
    Failure::Again(format!("{error:?}"))
}

/// Removes the files and drafts of exports that no longer have any.
pub(super) async fn clear(house: &House) -> Result<(), Failure> {
    let names = house.files.names().await.map_err(|error| Failure::Superseded(error.to_string()))?;
    for some in names.chunks(CLEARED_AT_ONCE) {
        let exports = some.iter().filter_map(|name| export_of(name)).collect();
        let kept = house.platform.run(&Actor::system(NAME), ListKeptExports { exports }).await.map_err(again)?;
        let gone = |name: &&String| !kept.iter().any(|export| is_of(name, export));
        for name in some.iter().filter(gone) {
            if let Err(error) = house.files.remove(name).await {
                tracing::warn!(file = ?name, %error, "a file that nobody needs could not be removed");
            }
        }
    }
    Ok(())
}

/// Whose file it is, by its name.
fn export_of(name: &str) -> Option<ExportId> {
    let name = name.strip_prefix('.').unwrap_or(name);
    Uuid::try_parse(name.get(..36)?).ok().map(ExportId)
}

/// Whether a file is that of the last beginning of an export, or a draft of it.
fn is_of(name: &str, export: &Export) -> bool {
    name.strip_prefix('.').unwrap_or(name).starts_with(&export.stored_as())
}

/// Nothing that lands from now on is older than this.
fn window(now: Timestamp) -> Timestamp {
    now.checked_sub(iescp_core::export::WINDOW).unwrap_or(Timestamp::MIN)
}
