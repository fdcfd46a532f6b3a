//! Disputes: clocks stand still and no money moves until somebody decides.

use super::{Collaboration, CollaborationState, CollaborationView, EndedBy, StandingDispute, about, ending::end, view::around};
use crate::{
    Error, Likely, Operation, Page, PageRequest, Result, Tx,
    id::{AccountId, CollaborationId},
    message::{self, SystemLine},
    notification::{Notice, tell_admins},
    policy::{Action, Subject},
    request::Side,
    store::{
        Key, Read,
        keys::{Table, list},
        record::{Record, decode},
    },
    value::{Form, MAX_MONEY, Money, Prose, later},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// More disputes than a collaboration has: each side takes one back, and the next is decided.
const EARLIER_DISPUTES: usize = 10;

/// A dispute, with how it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// About which collaboration.
    pub collaboration: CollaborationId,
    /// Its number there, from 1.
    pub number: u64,
    /// Who opened it.
    pub by: Side,
    /// Why.
    pub reason: Prose<2000>,
    /// When.
    pub at: Timestamp,
    /// How an admin ruled, if one did.
    #[serde(default)]
    pub ruling: Option<Ruling>,
    /// When it was withdrawn, if it was.
    #[serde(default)]
    pub withdrawn_at: Option<Timestamp>,
}

/// How an admin ruled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Which admin.
    pub by: AccountId,
    /// The influencer's share.
    pub to_influencer: Money,
    /// Why.
    pub reasons: Prose<2000>,
    /// When.
    pub at: Timestamp,
}

impl Dispute {
    /// Where a dispute is kept.
    #[must_use]
    pub fn at(collaboration: CollaborationId, number: u64) -> Key {
        Table::Dispute.start().id(collaboration).number(number).key()
    }
}

impl Record for Dispute {
    const TABLE: Table = Table::Dispute;

    fn key(&self) -> Key {
        Self::at(self.collaboration, self.number)
    }
}

/// Opens a dispute about a collaboration.
#[derive(Clone, Debug)]
pub struct OpenDispute {
    /// About which collaboration.
    pub collaboration: CollaborationId,
    /// Why: 1 to 2,000 characters.
    pub reason: String,
}

impl Operation for OpenDispute {
    type Output = CollaborationView;
    const ACTION: Action = Action::OpenDispute;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, side) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Active, CollaborationState::Submitted])?;
        collaboration.require_review_open(tx.now())?;
        let mut form = Form::default();
        let reason: Prose<2000> = form.prose_said("reason", &self.reason);
        form.finish()?;
        let was = collaboration.state;
        collaboration.go(CollaborationState::Disputed)?;
        collaboration.disputes += 1;
        let number = collaboration.disputes;
        collaboration.dispute = Some(StandingDispute { number, by: side, since: tx.now(), was, alarms: 0 });
        tx.put(&collaboration)?;
        tx.put(&Dispute {
            collaboration: collaboration.id,
            number,
            by: side,
            reason,
            at: tx.now(),
            ruling: None,
            withdrawn_at: None,
        })?;
        message::line(tx, collaboration.pair(), SystemLine::DisputeOpened, about(collaboration.id), json!({ "by": side }))
            .await?;
        tx.tell(collaboration.party(side.other()), Notice::DisputeOpened, about(collaboration.id), json!({ "by": side }));
        tell_admins(tx, Notice::DisputeOpened, &about(collaboration.id), &json!({})).await?;
        tx.happened([about(collaboration.id)], json!({ "by": side, "was": was }));
        CollaborationView::of(tx, collaboration).await
    }
}

/// Takes back a dispute, by whoever opened it: the clocks go on where they stood. Each side can do so once in a collaboration,
/// so that nobody moves its days for ever; a dispute after that stands until it is decided.
#[derive(Clone, Debug)]
pub struct WithdrawDispute {
    /// About which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for WithdrawDispute {
    type Output = CollaborationView;
    const ACTION: Action = Action::WithdrawDispute;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, side) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Disputed])?;
        let Some(open) = collaboration.dispute.take() else { return Err(Error::NotFound) };
        if open.by != side {
            return Err(Error::not_now("not_your_dispute", "Only who opened the dispute can withdraw it."));
        }
        if has_withdrawn(tx, &collaboration, open.number, side).await? {
            let why = "You took a dispute back before. This one ends when you both agree or an admin decides.";
            return Err(Error::not_now("withdrawn_before", why));
        }
        let now = tx.now();
        let stood_still = now.duration_since(open.since);
        collaboration.go(open.was)?;
        collaboration.due_at = later(collaboration.due_at, stood_still);
        collaboration.due = tx.settings().day_of(later(collaboration.due_at, jiff::SignedDuration::from_secs(-1)));
        if let Some(clock) = &mut collaboration.review {
            clock.started_at = later(clock.started_at, stood_still);
            clock.ends_at = later(clock.ends_at, stood_still);
        }
        tx.put(&collaboration)?;
        let mut dispute: Dispute = tx.fetch_at(Dispute::at(collaboration.id, open.number)).await?;
        dispute.withdrawn_at = Some(now);
        tx.put(&dispute)?;
        message::line(tx, collaboration.pair(), SystemLine::DisputeWithdrawn, about(collaboration.id), json!({})).await?;
        tx.tell(collaboration.party(side.other()), Notice::DisputeWithdrawn, about(collaboration.id), json!({}));
        tell_admins(tx, Notice::DisputeWithdrawn, &about(collaboration.id), &json!({})).await?;
        tx.happened([about(collaboration.id)], json!({}));
        CollaborationView::of(tx, collaboration).await
    }
}

/// Whether a side took back one of the disputes before this one.
async fn has_withdrawn(tx: &mut Tx<'_>, collaboration: &Collaboration, before: u64, side: Side) -> Result<bool> {
    let mut earlier = Table::Dispute.start().id(collaboration.id).range();
    earlier.limit = EARLIER_DISPUTES;
    let earlier = tx.scan(earlier).await?.into_iter().map(|(_, stored)| decode::<Dispute>(&stored.bytes));
    let earlier: Vec<Dispute> = earlier.collect::<Result<_>>()?;
    Ok(earlier.iter().any(|dispute| dispute.number < before && dispute.by == side && dispute.withdrawn_at.is_some()))
}

/// An admin decides a dispute: any split, with reasons.
#[derive(Clone, Debug)]
pub struct RuleDispute {
    /// About which collaboration.
    pub collaboration: CollaborationId,
    /// The influencer's share in minor units, from nothing to all of it.
    pub to_influencer: i64,
    /// Why: 1 to 2,000 characters.
    pub reasons: String,
}

impl Operation for RuleDispute {
    type Output = CollaborationView;
    const ACTION: Action = Action::RuleDispute;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let mut collaboration = Collaboration::fetch_seen(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Disputed])?;
        let Some(open) = collaboration.dispute else { return Err(Error::NotFound) };
        let held = collaboration.amount.unwrap_or(Money::ZERO);
        let mut form = Form::default();
        if !(0..=held.0.min(MAX_MONEY)).contains(&self.to_influencer) {
            form.wrong("to_influencer", "share", format!("Please give a share from 0 to {} in minor units.", held.0));
        }
        let reasons: Prose<2000> = form.prose_said("reasons", &self.reasons);
        form.finish()?;
        let to_influencer = Money(self.to_influencer);
        let mut dispute: Dispute = tx.fetch_at(Dispute::at(collaboration.id, open.number)).await?;
        dispute.ruling = Some(Ruling { by: tx.my_id()?, to_influencer, reasons: reasons.clone(), at: tx.now() });
        tx.put(&dispute)?;
        end(tx, &mut collaboration, EndedBy::Ruling, to_influencer, reasons).await?;
        CollaborationView::of(tx, collaboration).await
    }
}

/// The disputes that nobody has decided, newest collaboration first; for admins.
#[derive(Clone, Debug, Default)]
pub struct ListDisputes {
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListDisputes {
    type Output = Page<(CollaborationView, Option<Dispute>)>;
    const ACTION: Action = Action::ListDisputes;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        self.page.ahead(list("disputes-open"))
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        let page = tx.page_of::<Collaboration>(list("disputes-open"), &self.page, |id| Collaboration::at(id.into())).await?;
        let latest = |one: &Collaboration| Dispute::at(one.id, one.dispute.as_ref().map_or(one.disputes, |open| open.number));
        tx.load(&page.items.iter().flat_map(|one| around(one).into_iter().chain([latest(one)])).collect::<Vec<_>>()).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for collaboration in page.items {
            let dispute = tx.peek_at(latest(&collaboration)).await?;
            items.push((CollaborationView::of(tx, collaboration).await?, dispute));
        }
        Ok(Page { items, next: page.next })
    }
}
