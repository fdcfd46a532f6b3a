//! A dispute as admins decide it: the work, and what the two said to each other.

use super::{
    Collaboration, CollaborationView, ViewCollaboration,
    view::{Whole, whole},
};
use crate::{
    Likely, Operation, PageRequest, Result, Tx,
    account::Role,
    event::thing,
    id::CollaborationId,
    message::{ReadThread, ThreadView},
    policy::Action,
    store::Read,
};
use serde_json::json;

/// A dispute with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The collaboration, with its disputes and what was submitted.
    pub view: CollaborationView,
    /// What the two said to each other, newest first.
    pub thread: ThreadView,
}

/// Looks at a dispute, to decide it. That it was looked at, the messages included, is kept (S-66).
#[derive(Clone, Debug)]
pub struct ViewCase {
    /// Which collaboration.
    pub collaboration: CollaborationId,
    /// How many messages are shown.
    pub page: PageRequest,
}

impl Operation for ViewCase {
    type Output = Case;
    const ACTION: Action = Action::ViewCase;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        ViewCollaboration { collaboration: self.collaboration }.foresees(asker)
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Case> {
        let collaboration = Collaboration::fetch_seen(tx, self.collaboration).await?;
        let (sponsor, influencer) = (collaboration.sponsor, collaboration.influencer);
        let thread = ReadThread { with: influencer, of: Some(sponsor), page: self.page.clone() };
        let Whole { mut keys, mut ranges, .. } = whole(&collaboration);
        let asker = Likely { account: tx.my_id()?, role: Role::Admin, today: tx.settings().day_of(tx.now()) };
        for read in thread.foresees(asker) {
            match read {
                Read::Get(key) => keys.push(key),
                Read::Scan(scan) => ranges.push(scan),
            }
        }
        tx.load_all(&keys, ranges).await?;
        let view = ViewCollaboration { collaboration: self.collaboration }.run(tx).await?;
        let thread = thread.run(tx).await?;
        tx.happened([thing("collaboration", self.collaboration)], json!({ "messages": true }));
        Ok(Case { view, thread })
    }
}
