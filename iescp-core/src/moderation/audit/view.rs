//! The audit trail, as admins read it; and the erasure of what is personal in it.

use crate::{
    Likely, Operation, Page, PageRequest, Result,
    event::{Event, thing},
    id::{AccountId, EventId},
    policy::{Action, Subject},
    store::{
        Read,
        keys::{Table, list},
    },
    tx::Tx,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// Which part of the audit trail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOf {
    /// All of it.
    #[default]
    Everything,
    /// What happened to something.
    About(Uuid),
    /// What somebody did.
    By(AccountId),
}

/// Shows the audit trail, the newest first. That somebody looked is in it too.
#[derive(Clone, Debug, Default)]
pub struct ViewAudit {
    /// Which part.
    pub of: AuditOf,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ViewAudit {
    type Output = Page<Event>;
    const ACTION: Action = Action::ViewAudit;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        self.page.ahead(match self.of {
            AuditOf::Everything => Table::Event.start(),
            AuditOf::About(id) => list("events-about").id(id),
            AuditOf::By(id) => list("events-by").id(id),
        })
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<Event>> {
        tx.allow(&Subject::PLATFORM)?;
        let at = |id| Event::at(EventId(id));
        let (page, about) = match self.of {
            AuditOf::Everything => (tx.page_of_rows(Table::Event.start(), &self.page).await?, thing("audit", Uuid::nil())),
            AuditOf::About(id) => (tx.page_of(list("events-about").id(id), &self.page, at).await?, thing("audit", id)),
            AuditOf::By(id) => (tx.page_of(list("events-by").id(id), &self.page, at).await?, thing("audit", id)),
        };
        // The trail holds private data whoever it is about, so looking at it is always an event (S-66).
        tx.happened([about], json!({}));
        Ok(page)
    }
}

/// Erases what is personal in an event; the chain stays whole, because the salted hash remains.
///
/// # Errors
/// If the event is missing or damaged.
pub async fn erase_personal(tx: &mut Tx<'_>, event: EventId) -> Result<()> {
    let mut event: Event = tx.fetch_at(Event::at(event)).await?;
    if event.personal.take().is_some() {
        tx.put(&event)?;
    }
    Ok(())
}
