//! What people do: ask for an export, and look how far it has come.

use super::{Export, ExportFormat, ExportKind, ExportState, MAKING, MOST_A_DAY, MOST_AT_ONCE, about};
use crate::{
    Error, Operation, Page, PageRequest, Result, Tx,
    allowance::{self, Bounded},
    id::ExportId,
    outbox::Letter,
    policy::{Action, Subject},
    store::keys::list,
    value::{Form, later},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Asks for an export of one's own rows; an admin's of everybody's.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestExport {
    /// What: the word of an [`ExportKind`].
    pub kind: String,
    /// As what: the word of an [`ExportFormat`]; the first of those it is exported as if nobody says.
    pub format: Option<String>,
}

impl Operation for RequestExport {
    type Output = Export;
    const ACTION: Action = Action::RequestExport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Export> {
        tx.allow(&Subject::PLATFORM)?;
        let (owner, role, now) = (tx.my_id()?, tx.me()?.role, tx.now());
        let mut form = Form::default();
        let kind = ExportKind::named(&self.kind).filter(|kind| ExportKind::of_role(role).contains(kind));
        if kind.is_none() {
            form.wrong("kind", "unknown", "Please choose something that you can export.");
        }
        let kind = kind.unwrap_or(ExportKind::Requests);
        let format = match &self.format {
            Some(format) => ExportFormat::named(format).filter(|format| kind.formats().contains(format)),
            None => kind.formats().first().copied(),
        };
        if format.is_none() {
            form.wrong("format", "unknown", "This is not exported as such a file.");
        }
        form.finish()?;
        if tx.counter_held(Export::open_of(owner)).await? >= MOST_AT_ONCE {
            return Err(Error::not_now(
                "too_many",
                "You have as many exports in the making as one may have. Please wait for one.",
            ));
        }
        allowance::use_today(tx, owner, Bounded::Exports, MOST_A_DAY).await?;
        let export = Export {
            id: tx.new_id(),
            owner,
            kind,
            format: format.unwrap_or(ExportFormat::Csv),
            state: ExportState::Queued,
            asked_at: now,
            attempt: 0,
            rows: 0,
            as_of: None,
            ended_at: None,
            until: later(now, MAKING),
            file: None,
            why: None,
        };
        tx.put(&export)?;
        tx.send(Letter::MakeExport { export: export.id });
        tx.happened([about(export.id)], json!({ "kind": export.kind, "format": export.format }));
        Ok(export)
    }
}

/// Lists one's own exports, the newest first.
#[derive(Clone, Debug, Default)]
pub struct ListExports {
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListExports {
    type Output = Page<Export>;
    const ACTION: Action = Action::ListExports;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<Export>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        tx.page_of(list("exports-of").id(me), &self.page, |id| Export::at(ExportId(id))).await
    }
}

/// Looks at one of one's own exports. Everybody else's is not there, also for admins: what an admin may see, they export
/// themselves.
#[derive(Clone, Copy, Debug)]
pub struct ViewExport {
    /// Which.
    pub export: ExportId,
}

impl Operation for ViewExport {
    type Output = Export;
    const ACTION: Action = Action::ViewExport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Export> {
        let me = tx.my_id()?;
        let export: Option<Export> = tx.peek_at(Export::at(self.export)).await?;
        let Some(export) = export.filter(|export| export.owner == me) else { return tx.allow_missing() };
        tx.allow(&export.subject())?;
        Ok(export)
    }
}
