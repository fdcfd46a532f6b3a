//! What the clock does with exports.

use super::{Export, ExportState, TOLD, making::fail};
use crate::{
    Operation, Result, Tx,
    id::ExportId,
    policy::{Action, Subject},
    value::later,
};

/// Gives up what was not made in time, lets go of files past their time, forgets what was told for long enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeExport {
    pub export: ExportId,
}

impl Operation for TimeExport {
    type Output = ();
    const ACTION: Action = Action::TimeExport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let now = tx.now();
        let export: Option<Export> = tx.get_at(Export::at(self.export)).await?;
        let Some(export) = export.filter(|export| now >= export.until) else { return Ok(()) };
        match export.state {
            ExportState::Queued | ExportState::Running => {
                fail(tx, export, "It was not made within a day. Please ask for it again later.")
            }
            ExportState::Ready => {
                tx.quietly();
                tx.put(&Export { state: ExportState::Expired, until: later(now, TOLD), file: None, ..export })
            }
            ExportState::Failed | ExportState::Expired => {
                tx.quietly();
                tx.remove(&export)
            }
        }
    }
}
