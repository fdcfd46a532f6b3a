//! What the worker does with an export: begins, tells how far it is, ends.
//!
//! Every beginning has a number. What says another than the last has been overtaken, and changes nothing.

use super::{Export, ExportFile, ExportState, KEPT, MOST_ATTEMPTS, TOLD, about};
use crate::{
    Error, Operation, PageRequest, Result, Tx,
    account::{Account, name_of},
    id::ExportId,
    notification::Notice,
    policy::{Action, Subject},
    value::later,
};
use jiff::Timestamp;
use serde_json::json;

/// An export whose making has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// Itself, with the number of this beginning.
    pub export: Export,
    /// What its owner is called, with the user name, which any letters can spell.
    pub owner: String,
}

/// Begins to make an export. None if there is nothing to make any more.
#[derive(Clone, Copy, Debug)]
pub struct BeginExport {
    /// Which.
    pub export: ExportId,
}

impl Operation for BeginExport {
    type Output = Option<Beginning>;
    const ACTION: Action = Action::BeginExport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Beginning>> {
        tx.allow(&Subject::PLATFORM)?;
        let export: Option<Export> = tx.get_at(Export::at(self.export)).await?;
        let Some(mut export) = export.filter(|export| export.state.is_open()) else { return Ok(None) };
        let owner: Option<Account> = tx.peek_at(Account::at(export.owner)).await?;
        let Some(owner) = owner.filter(|owner| owner.state.can_sign_in()) else {
            fail(tx, export, "The account that asked for it cannot sign in any more.")?;
            return Ok(None);
        };
        if export.attempt >= MOST_ATTEMPTS {
            fail(tx, export, "It could not be made, however often it was tried. Please ask for it again later.")?;
            return Ok(None);
        }
        export.state = ExportState::Running;
        export.attempt += 1;
        export.rows = 0;
        tx.put(&export)?;
        tx.quietly();
        let owner = format!("{} (@{})", name_of(tx, export.owner).await?, &*owner.username);
        Ok(Some(Beginning { export, owner }))
    }
}

/// The export, if this beginning of it is the last, and it is still being made.
async fn mine(tx: &mut Tx<'_>, id: ExportId, attempt: u32) -> Result<Export> {
    tx.allow(&Subject::PLATFORM)?;
    let export: Export = tx.fetch_at(Export::at(id)).await?;
    if export.state != ExportState::Running || export.attempt != attempt {
        return Err(Error::not_now("overtaken", "This export is no longer being made here."));
    }
    Ok(export)
}

/// Tells how many rows are done.
#[derive(Clone, Copy, Debug)]
pub struct NoteExportProgress {
    /// Which.
    pub export: ExportId,
    /// Which beginning of it.
    pub attempt: u32,
    /// How many rows are done.
    pub rows: u64,
}

impl Operation for NoteExportProgress {
    type Output = ();
    const ACTION: Action = Action::NoteExportProgress;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let export = mine(tx, self.export, self.attempt).await?;
        tx.quietly();
        tx.put(&Export { rows: self.rows, ..export })
    }
}

/// The file is made and on the disk.
#[derive(Clone, Debug)]
pub struct FinishExport {
    /// Which.
    pub export: ExportId,
    /// Which beginning of it.
    pub attempt: u32,
    /// How many rows there are.
    pub rows: u64,
    /// The moment of which it is true.
    pub as_of: Timestamp,
    /// How large the file is, in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, as hexadecimal digits.
    pub sha256: String,
}

impl Operation for FinishExport {
    type Output = Export;
    const ACTION: Action = Action::FinishExport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Export> {
        let before = mine(tx, self.export, self.attempt).await?;
        let (now, day) = (tx.now(), tx.settings().day_of(self.as_of));
        let name = format!("iescp-{}-{day}.{}", before.kind.word(), before.format.word());
        let export = Export {
            state: ExportState::Ready,
            rows: self.rows,
            as_of: Some(self.as_of),
            ended_at: Some(now),
            until: later(now, KEPT),
            file: Some(ExportFile { name, bytes: self.bytes, sha256: self.sha256.clone() }),
            ..before
        };
        tx.put(&export)?;
        let detail = json!({ "kind": export.kind, "rows": export.rows });
        tx.tell(export.owner, Notice::ExportReady, about(export.id), detail.clone());
        tx.happened([about(export.id)], detail);
        Ok(export)
    }
}

/// It cannot be made.
#[derive(Clone, Debug)]
pub struct FailExport {
    /// Which.
    pub export: ExportId,
    /// Which beginning of it.
    pub attempt: u32,
    /// Why, as a sentence for who asked.
    pub why: String,
}

impl Operation for FailExport {
    type Output = ();
    const ACTION: Action = Action::FailExport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let export = mine(tx, self.export, self.attempt).await?;
        fail(tx, export, &self.why)
    }
}

/// Gives an export up and says so to who asked for it.
pub(super) fn fail(tx: &mut Tx<'_>, export: Export, why: &str) -> Result<()> {
    let now = tx.now();
    let (owner, id, detail) = (export.owner, export.id, json!({ "kind": export.kind }));
    let why = Some(why.to_owned());
    tx.put(&Export { state: ExportState::Failed, ended_at: Some(now), until: later(now, TOLD), why, ..export })?;
    tx.tell(owner, Notice::ExportFailed, about(id), detail.clone());
    tx.happened([about(id)], detail);
    Ok(())
}

/// Which of these exports have a file that is kept, or may get one: the worker's, when it clears its folder. At most a hundred
/// at a time.
#[derive(Clone, Debug)]
pub struct ListKeptExports {
    /// Which are asked about.
    pub exports: Vec<ExportId>,
}

impl Operation for ListKeptExports {
    type Output = Vec<Export>;
    const ACTION: Action = Action::ListKeptExports;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Export>> {
        tx.allow(&Subject::PLATFORM)?;
        let now = tx.now();
        let keys: Vec<_> = self.exports.iter().take(PageRequest::MOST).map(|id| Export::at(*id)).collect();
        tx.load(&keys).await?;
        let mut kept = Vec::new();
        for key in keys {
            let export: Option<Export> = tx.peek_at(key).await?;
            kept.extend(export.filter(|export| export.state.is_open() || export.state_at(now) == ExportState::Ready));
        }
        Ok(kept)
    }
}
