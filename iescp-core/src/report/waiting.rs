//! What waits for somebody: one list, the soonest deadline first.
//!
//! Each kind of thing is looked for among the newest [`LOOKED_AT`] of it, in three round trips whatever somebody has.
//!
//! - [`reminders`] finds whom the daily mail tells of it.
//!
//! **Not here**: that mail's words (the worker's), what is merely unread (`glance`).

mod admins;
mod parties;
pub(super) mod reminders;

use crate::{
    Likely, Operation, PageRequest, Result,
    account::Role,
    event::Thing,
    policy::{Action, Subject},
    report::own::{OwnStatistics, ViewOwnStatistics, figures_of, own_statistics},
    store::{
        Read, Scan,
        keys::{KeyParts, list},
    },
    tx::Tx,
    value::Money,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How many of each kind of thing are looked at.
const LOOKED_AT: usize = 60;
/// How many tasks are told.
const TOLD: usize = 40;

/// What is to be done. Of what has no deadline, the earlier of these comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An admin: a dispute is to be decided.
    Rule,
    /// An admin: a report of abuse is to be decided.
    Resolve,
    /// An admin: a sponsor waits for approval.
    Approve,
    /// An influencer: an invitation nobody has answered.
    AnswerInvitation,
    /// A sponsor: an application nobody has answered.
    AnswerApplication,
    /// An offer in a negotiation that has begun.
    AnswerOffer,
    /// The campaign was edited: one's own offer is to be confirmed.
    ConfirmOffer,
    /// The other side proposes how to end a collaboration.
    AnswerSplit,
    /// An influencer: the sponsor asked for changes.
    MakeChanges,
    /// An influencer: work is due.
    HandIn,
    /// A sponsor: work was handed in.
    ReviewWork,
    /// A review of the other side may be left.
    LeaveReview,
    /// A sponsor: an open campaign has no funds.
    FundCampaign,
    /// A sponsor: a draft is not published.
    PublishCampaign,
    /// The e-mail address is not proven.
    ProveEmail,
    /// The profile does not say enough.
    CompleteProfile,
}

/// Something that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What is to be done.
    pub what: What,
    /// To which thing.
    pub about: Thing,
    /// What the campaign, or for admins the thing, is called.
    pub called: String,
    /// What the other side is called; empty where there is none.
    pub with: String,
    /// How much money it is about.
    pub amount: Option<Money>,
    /// Since when it waits.
    pub since: Timestamp,
    /// Until when it can be done, or what happens by itself.
    pub by: Option<Timestamp>,
}

/// What waits for somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The soonest deadline first; what has none after that, the longest waiting first.
    pub tasks: Vec<Task>,
    /// Whether there is more than is told.
    pub more: bool,
}

/// Tells what waits for whoever asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewWaiting;

impl Operation for ViewWaiting {
    type Output = Waiting;
    const ACTION: Action = Action::ViewWaiting;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let lists = match asker.role {
            Role::Admin => admins::lists().map(|list| some(list, false)).to_vec(),
            Role::Sponsor | Role::Influencer => parties::lists(asker.account, asker.role),
        };
        lists.into_iter().map(Read::Scan).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Waiting> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.me()?.clone();
        let (tasks, cut) = match me.role {
            Role::Admin => admins::tasks(tx).await?,
            Role::Sponsor | Role::Influencer => parties::tasks(tx, &me, Vec::new()).await?,
        };
        Ok(Waiting::of(tasks, cut))
    }
}

impl Waiting {
    /// What is told of these tasks, and of others if they were cut.
    fn of(mut tasks: Vec<Task>, cut: bool) -> Self {
        tasks.sort_by_key(|task| (Reverse(task.by.is_some()), task.by, task.what, task.since));
        let more = cut || tasks.len() > TOLD;
        tasks.truncate(TOLD);
        Self { tasks, more }
    }
}

/// A sponsor's or influencer's affairs: what waits for them, and how they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// What waits.
    pub waiting: Waiting,
    /// How their affairs stand.
    pub own: OwnStatistics,
}

/// Shows what waits for whoever asks and how their affairs stand, in no more round trips than either alone.
#[derive(Clone, Debug, Default)]
pub struct ViewHome {
    /// Which page of a sponsor's campaigns.
    pub page: PageRequest,
}

impl ViewHome {
    fn own(&self) -> ViewOwnStatistics {
        ViewOwnStatistics { page: self.page.clone() }
    }
}

impl Operation for ViewHome {
    type Output = Home;
    const ACTION: Action = Action::ViewWaiting;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        [ViewWaiting.foresees(asker), self.own().foresees(asker)].concat()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Home> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.me()?.clone();
        tx.allow_as(Action::ViewOwnStatistics, &Subject::of(me.id))?;
        let campaigns = match me.role {
            Role::Sponsor => tx.page_of_ids(list("campaigns-of").id(me.id), &self.page).await?.items,
            Role::Influencer | Role::Admin => Vec::new(),
        };
        let figures = campaigns.into_iter().flat_map(|id| figures_of(id.into())).collect();
        let (tasks, cut) = match me.role {
            Role::Admin => (Vec::new(), false),
            Role::Sponsor | Role::Influencer => parties::tasks(tx, &me, figures).await?,
        };
        Ok(Home { waiting: Waiting::of(tasks, cut), own: own_statistics(tx, &self.page).await? })
    }
}

/// The newest of a list, or its oldest.
fn some(list: KeyParts, newest: bool) -> Scan {
    Scan { limit: LOOKED_AT, descending: newest, ..list.range() }
}
