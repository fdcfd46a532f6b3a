//! What must hold whatever happened: M1 to M8, computed from the records alone in the walk of `check`.
//!
//! | | holds |
//! |---|---|
//! | M1 | debits equal credits: every transfer moves something, a way that money goes here |
//! | M2 | held and paid of a campaign is at most the lesser of its budget and its funds |
//! | M3 | no account but *outside* and *external* is below zero |
//! | M4 | an accepted request has one collaboration and one hold, a completed collaboration one payment |
//! | M5 | every derived total equals its recomputation: this is `check` itself |
//! | M6 | every history is a path through the tables of states |
//! | M7 | what campaigns paid is what influencers earned, imports apart |
//! | M8 | no hold is older than its agreement allows |
//!
//! - `money` is M1 to M4 and M7, sums over transfers; `paths` is M4, M6 and M8, histories that must fit together.
//!
//! **Not here**: derived keys, checksums, the chain of the audit trail (`check`); repairing anything.

mod money;
mod paths;

use super::{Cause, LedgerAccount, Payment, Payout, Transfer};
use crate::{
    campaign::{Brief, Campaign},
    check::{Invariant, Shown},
    collaboration::{Agreement, Collaboration, Dispute, Review, Submission},
    downtime::Downtime,
    id::{AccountId, CampaignId, CollaborationId, RequestId, TransferId},
    request::{Offer, Request, RequestState, Side},
    store::Key,
    value::{Money, Prose},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Something that must hold and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which invariant: `M1` to `M8`.
    pub invariant: &'static str,
    /// What is wrong, with the ids of what it is about.
    pub what: String,
}

/// M1 to M8 over a whole store. It keeps what counts of each record, so it takes a few hundred bytes for each.
#[derive(Default)]
pub struct Invariants {
    every_moment: bool,
    kept: BTreeMap<Key, Kept>,
}

/// What counts of a record.
enum Kept {
    Campaign(Box<Campaign>),
    Request(Box<Request>),
    Offer { request: RequestId, number: u64, laid: Laid },
    Collaboration(Box<Collaboration>),
    Agreement { agreement: Box<Agreement>, is_sound: bool },
    Submission { of: CollaborationId, number: u64, changes: bool },
    Dispute { of: CollaborationId, number: u64, withdrawn_at: Option<Timestamp>, ruled: bool },
    Review(Box<Review>),
    Transfer(Moved),
    Payout(Payout),
    Payment(Payment),
    Downtime(Downtime),
}

/// What counts of an offer.
struct Laid {
    by: Side,
    is_final: bool,
    made_at: Timestamp,
    amount: Money,
}

/// What counts of a transfer.
struct Moved {
    id: TransferId,
    from: LedgerAccount,
    to: LedgerAccount,
    amount: Money,
    cause: Cause,
    campaign: Option<CampaignId>,
    collaboration: Option<CollaborationId>,
}

impl Kept {
    fn of(shown: &Shown<'_>) -> Option<Self> {
        Some(if let Some(campaign) = shown.as_a::<Campaign>() {
            Self::Campaign(Box::new(Campaign { brief: Brief::default(), ..campaign.clone() }))
        } else if let Some(request) = shown.as_a::<Request>() {
            Self::Request(Box::new(Request { reason: Prose::default(), ..request.clone() }))
        } else if let Some(offer) = shown.as_a::<Offer>() {
            let laid = Laid { by: offer.by, is_final: offer.is_final, made_at: offer.made_at, amount: offer.amount };
            Self::Offer { request: offer.request, number: offer.number, laid }
        } else if let Some(collaboration) = shown.as_a::<Collaboration>() {
            Self::Collaboration(Box::new(collaboration.clone()))
        } else if let Some(agreement) = shown.as_a::<Agreement>() {
            let is_sound = agreement.computed_hash().is_ok_and(|hash| hash == agreement.hash);
            let agreement = Agreement { brief: Brief::default(), deliverables: Vec::new(), ..agreement.clone() };
            Self::Agreement { agreement: Box::new(agreement), is_sound }
        } else if let Some(submission) = shown.as_a::<Submission>() {
            let changes = submission.changes.is_some();
            Self::Submission { of: submission.collaboration, number: submission.number, changes }
        } else if let Some(dispute) = shown.as_a::<Dispute>() {
            let (withdrawn_at, ruled) = (dispute.withdrawn_at, dispute.ruling.is_some());
            Self::Dispute { of: dispute.collaboration, number: dispute.number, withdrawn_at, ruled }
        } else if let Some(review) = shown.as_a::<Review>() {
            Self::Review(Box::new(Review { text: Prose::default(), ..review.clone() }))
        } else if let Some(moved) = shown.as_a::<Transfer>() {
            Self::Transfer(Moved {
                id: moved.id,
                from: moved.from,
                to: moved.to,
                amount: moved.amount,
                cause: moved.cause,
                campaign: moved.campaign,
                collaboration: moved.collaboration,
            })
        } else if let Some(payout) = shown.as_a::<Payout>() {
            Self::Payout(payout.clone())
        } else if let Some(payment) = shown.as_a::<Payment>() {
            Self::Payment(payment.clone())
        } else {
            Self::Downtime(*shown.as_a::<Downtime>()?)
        })
    }
}

impl Invariants {
    /// Checks M2 and M3 after each transfer too, in the order of their ids: for stores whose clocks never went back.
    #[must_use]
    pub fn at_every_moment() -> Self {
        Self { every_moment: true, ..Self::default() }
    }

    /// What does not hold; nothing, if all is well.
    #[must_use]
    pub fn judge(&self) -> Vec<Finding> {
        let mut judge = Judge { every_moment: self.every_moment, ..Judge::default() };
        let mut histories: BTreeMap<CollaborationId, History> = BTreeMap::new();
        let mut requests: BTreeMap<RequestId, Negotiation> = BTreeMap::new();
        for kept in self.kept.values() {
            match kept {
                Kept::Campaign(campaign) => judge.campaigns.entry(campaign.id).or_default().record = Some(campaign),
                Kept::Request(request) => requests.entry(request.id).or_default().record = Some(request),
                Kept::Offer { request, number, laid } => {
                    requests.entry(*request).or_default().offers.insert(*number, laid);
                }
                Kept::Collaboration(record) => histories.entry(record.id).or_default().record = Some(record),
                Kept::Agreement { agreement, is_sound } => {
                    judge.take_agreement(agreement, *is_sound);
                    histories.entry(agreement.collaboration).or_default().agreement = Some(agreement);
                }
                Kept::Submission { of, number, changes } => {
                    histories.entry(*of).or_default().submissions.insert(*number, *changes);
                }
                Kept::Dispute { of, number, withdrawn_at, ruled } => {
                    histories.entry(*of).or_default().disputes.insert(*number, (*withdrawn_at, *ruled));
                }
                Kept::Review(review) if review.imported => judge.take_imported_review(review),
                Kept::Review(review) => histories.entry(review.collaboration).or_default().reviews.push(review),
                Kept::Transfer(moved) => {
                    judge.take_transfer(moved);
                    if let Some(hold) = moved.hold() {
                        histories.entry(hold).or_default().moved.push(moved);
                    }
                }
                Kept::Payout(payout) => judge.take_payout(payout),
                Kept::Payment(payment) => judge.take_payment(payment),
                Kept::Downtime(downtime) => judge.downtime = Some(*downtime),
            }
        }
        judge.take_open(&histories, &requests);
        judge.money();
        judge.histories(&histories, &requests);
        judge.found
    }
}

impl Invariant for Invariants {
    fn name(&self) -> &'static str {
        "M1 to M8"
    }

    fn see(&mut self, shown: &Shown<'_>) {
        if let Some(kept) = Kept::of(shown) {
            self.kept.insert(shown.key.clone(), kept);
        }
    }

    fn gone(&mut self, key: &Key) {
        self.kept.remove(key);
    }

    fn finish(self: Box<Self>) -> Vec<String> {
        self.judge().into_iter().map(|finding| format!("{}: {}", finding.invariant, finding.what)).collect()
    }
}

/// Adds up what was seen, and judges it.
#[derive(Default)]
struct Judge<'a> {
    every_moment: bool,
    found: Vec<Finding>,
    balances: BTreeMap<LedgerAccount, i64>,
    campaigns: BTreeMap<CampaignId, Affairs<'a>>,
    earned: BTreeMap<AccountId, i64>,
    payouts: BTreeMap<AccountId, i64>,
    downtime: Option<Downtime>,
}

/// A campaign and what belongs to it.
#[derive(Default)]
struct Affairs<'a> {
    record: Option<&'a Campaign>,
    agreements: BTreeSet<u64>,
    funded: i64,
    held: i64,
    paid: i64,
    /// Funded by payments, and what settled payments say.
    paid_in: i64,
    payments: i64,
    /// What has not ended in it.
    collaborations: usize,
    requests: usize,
}

/// A request and what belongs to it.
#[derive(Default)]
struct Negotiation<'a> {
    record: Option<&'a Request>,
    offers: BTreeMap<u64, &'a Laid>,
}

/// A collaboration and what belongs to it.
#[derive(Default)]
struct History<'a> {
    record: Option<&'a Collaboration>,
    agreement: Option<&'a Agreement>,
    /// By number: whether changes were asked for.
    submissions: BTreeMap<u64, bool>,
    /// By number: when it was withdrawn, and whether an admin ruled.
    disputes: BTreeMap<u64, (Option<Timestamp>, bool)>,
    reviews: Vec<&'a Review>,
    moved: Vec<&'a Moved>,
}

impl<'a> Judge<'a> {
    fn must(&mut self, holds: bool, invariant: &'static str, what: impl FnOnce() -> String) {
        if !holds {
            self.found.push(Finding { invariant, what: what() });
        }
    }

    fn take_agreement(&mut self, agreement: &Agreement, is_sound: bool) {
        let (id, campaign, number) = (agreement.collaboration, agreement.campaign, agreement.number);
        self.must(is_sound, "M6", || format!("the agreement of collaboration {id} is not what its hash was made of"));
        let first = self.campaigns.entry(campaign).or_default().agreements.insert(number);
        self.must(first, "M6", || format!("campaign {campaign} has two agreements {number}"));
    }

    /// A review that stands for what was before belongs to no collaboration, and nobody wrote it.
    fn take_imported_review(&mut self, review: &Review) {
        let subject = review.subject;
        let fits = (1..=5).contains(&review.rating) && review.published_at.is_some() && review.collaboration.0 == subject.0;
        self.must(fits && review.author.0.is_nil(), "M6", || format!("the rating {subject} brought along is none"));
    }

    fn take_open(&mut self, histories: &BTreeMap<CollaborationId, History<'a>>, requests: &BTreeMap<RequestId, Negotiation<'a>>) {
        for record in histories.values().filter_map(|history| history.record) {
            self.campaigns.entry(record.campaign).or_default().collaborations += usize::from(!record.state.has_ended());
        }
        for record in requests.values().filter_map(|request| request.record) {
            let open = record.state == RequestState::Open;
            self.campaigns.entry(record.campaign).or_default().requests += usize::from(open);
        }
    }
}
