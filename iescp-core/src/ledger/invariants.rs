//! What must hold whatever happened: M1 to M8, computed from the records alone.
//!
//! | | holds |
//! |---|---|
//! | M1 | debits equal credits: every transfer goes a way that money goes here, and all balances add up to nothing |
//! | M2 | held and paid of a campaign is at most the lesser of its budget and its funds |
//! | M3 | no account but *outside* and *external* is below zero |
//! | M4 | an accepted request has one collaboration and one hold, a completed collaboration one payment |
//! | M5 | balances and rooms as stored are those computed from the transfers |
//! | M6 | every history is a path through the tables of states |
//! | M7 | what campaigns paid is what influencers earned, imports apart |
//! | M8 | no hold is older than its agreement allows |
//!
//! Feed [`Invariants`] every key of the store in one walk, in any order, and ask it to finish. [`check_invariants`] does both.
//!
//! **Not here**: the other derived keys, checksums, seals (`check`); repairing anything.

mod money;
mod paths;

use super::{LedgerAccount, Payment, Payout, Transfer};
use crate::{
    Error, Platform, Result,
    campaign::{Brief, Campaign},
    collaboration::{Agreement, Collaboration, Dispute, Review, Submission},
    id::{AccountId, CampaignId, CollaborationId, RequestId},
    request::{Offer, Request, RequestState, Side},
    store::{Found, Key, Read, keys::Table, record::decode},
    value::{Money, Prose},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Something that must hold and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which invariant: `M1` to `M8`.
    pub invariant: &'static str,
    /// What is wrong, with the ids of what it is about.
    pub what: String,
}

/// Gathers what the invariants are computed from, in one walk over a store.
pub struct Invariants {
    now: Timestamp,
    grace: SignedDuration,
    every_moment: bool,
    found: Vec<Finding>,
    balances: BTreeMap<LedgerAccount, i64>,
    stored: BTreeMap<Key, i64>,
    campaigns: BTreeMap<CampaignId, SeenCampaign>,
    requests: BTreeMap<RequestId, SeenRequest>,
    collaborations: BTreeMap<CollaborationId, SeenCollaboration>,
    earned: BTreeMap<AccountId, i64>,
    payouts: BTreeMap<AccountId, i64>,
}

/// A campaign and what belongs to it.
#[derive(Default)]
struct SeenCampaign {
    record: Option<Campaign>,
    agreements: BTreeSet<u64>,
    funded: i64,
    held: i64,
    paid: i64,
    paid_in: i64,
    payments: i64,
}

/// A request and what belongs to it.
#[derive(Default)]
struct SeenRequest {
    record: Option<Request>,
    offers: BTreeMap<u64, Laid>,
}

/// What counts of an offer.
struct Laid {
    by: Side,
    is_final: bool,
    made_at: Timestamp,
    amount: Money,
}

/// A collaboration and what belongs to it.
#[derive(Default)]
struct SeenCollaboration {
    record: Option<Collaboration>,
    agreement: Option<Agreement>,
    /// By number: whether changes were asked for.
    submissions: BTreeMap<u64, bool>,
    /// By number: whether it was withdrawn, and whether an admin ruled.
    disputes: BTreeMap<u64, (bool, bool)>,
    reviews: Vec<Review>,
    held: Vec<Money>,
    paid: Vec<Money>,
    returned: Vec<Money>,
}

impl Invariants {
    /// Begins. A timer that should have ended a hold may be late by `grace`: so long a stop of the platform is no finding.
    #[must_use]
    pub fn new(now: Timestamp, grace: SignedDuration) -> Self {
        Self {
            now,
            grace,
            every_moment: false,
            found: Vec::new(),
            balances: BTreeMap::new(),
            stored: BTreeMap::new(),
            campaigns: BTreeMap::new(),
            requests: BTreeMap::new(),
            collaborations: BTreeMap::new(),
            earned: BTreeMap::new(),
            payouts: BTreeMap::new(),
        }
    }

    /// Checks M2 and M3 after each transfer too, in the order of their keys. For stores whose clock never went back, and
    /// walks in the order of keys.
    #[must_use]
    pub fn at_every_moment(self) -> Self {
        Self { every_moment: true, ..self }
    }

    /// Takes one key of the store; what has nothing to do with the invariants is passed over.
    ///
    /// # Errors
    /// If a record is damaged.
    pub fn see(&mut self, key: &Key, bytes: &[u8]) -> Result<()> {
        let Some(table) = key.0.first() else { return Ok(()) };
        let is = |one: Table| *table == one as u8;
        if is(Table::Balance) || is(Table::Room) {
            let number = <[u8; 8]>::try_from(bytes).map_err(|_| Error::Corrupt("a counter is no number".into()))?;
            self.stored.insert(key.clone(), i64::from_be_bytes(number));
        } else if is(Table::Campaign) {
            self.campaign(decode(bytes)?);
        } else if is(Table::Request) {
            let request: Request = decode(bytes)?;
            let id = request.id;
            self.requests.entry(id).or_default().record = Some(Request { reason: Prose::default(), ..request });
        } else if is(Table::Offer) {
            let offer: Offer = decode(bytes)?;
            let laid = Laid { by: offer.by, is_final: offer.is_final, made_at: offer.made_at, amount: offer.amount };
            self.requests.entry(offer.request).or_default().offers.insert(offer.number, laid);
        } else if is(Table::Collaboration) {
            let collaboration: Collaboration = decode(bytes)?;
            let id = collaboration.id;
            self.of(id).record = Some(collaboration);
        } else if is(Table::Agreement) {
            self.agreement(decode(bytes)?)?;
        } else if is(Table::Submission) {
            let submission: Submission = decode(bytes)?;
            self.of(submission.collaboration).submissions.insert(submission.number, submission.changes.is_some());
        } else if is(Table::Dispute) {
            let dispute: Dispute = decode(bytes)?;
            let fate = (dispute.withdrawn_at.is_some(), dispute.ruling.is_some());
            self.of(dispute.collaboration).disputes.insert(dispute.number, fate);
        } else if is(Table::Review) {
            let review: Review = decode(bytes)?;
            self.of(review.collaboration).reviews.push(Review { text: Prose::default(), ..review });
        } else if is(Table::Transfer) {
            self.transfer(&decode::<Transfer>(bytes)?);
        } else if is(Table::Payout) {
            self.payout(&decode::<Payout>(bytes)?);
        } else if is(Table::Payment) {
            self.payment(&decode::<Payment>(bytes)?);
        }
        Ok(())
    }

    fn of(&mut self, collaboration: CollaborationId) -> &mut SeenCollaboration {
        self.collaborations.entry(collaboration).or_default()
    }

    fn campaign(&mut self, campaign: Campaign) {
        let id = campaign.id;
        self.campaigns.entry(id).or_default().record = Some(Campaign { brief: Brief::default(), ..campaign });
    }

    fn agreement(&mut self, agreement: Agreement) -> Result<()> {
        let id = agreement.collaboration;
        if agreement.computed_hash()? != agreement.hash {
            self.find("M6", format!("agreement {id} is not what its hash was made of"));
        }
        if !self.campaigns.entry(agreement.campaign).or_default().agreements.insert(agreement.number) {
            self.find("M6", format!("campaign {} has two agreements {}", agreement.campaign, agreement.number));
        }
        self.of(id).agreement = Some(Agreement { brief: Brief::default(), ..agreement });
        Ok(())
    }

    fn find(&mut self, invariant: &'static str, what: impl Into<String>) {
        self.found.push(Finding { invariant, what: what.into() });
    }

    fn must(&mut self, holds: bool, invariant: &'static str, what: impl FnOnce() -> String) {
        if !holds {
            self.find(invariant, what());
        }
    }

    /// What does not hold; nothing, if all is well.
    #[must_use]
    pub fn finish(mut self) -> Vec<Finding> {
        self.judge_balances();
        self.judge_campaigns();
        let collaborations = std::mem::take(&mut self.collaborations);
        let mut of_request: BTreeMap<RequestId, usize> = BTreeMap::new();
        for (id, seen) in &collaborations {
            let Some(record) = &seen.record else {
                self.find("M6", format!("there is something of a collaboration {id} that is not there"));
                continue;
            };
            *of_request.entry(record.request).or_default() += 1;
            self.judge_hold(record, seen);
            self.judge_collaboration_path(record, seen);
            self.judge_age(record);
        }
        for (id, seen) in std::mem::take(&mut self.requests) {
            let Some(record) = &seen.record else {
                self.find("M6", format!("there are offers of a request {id} that is not there"));
                continue;
            };
            self.judge_request_path(record, &seen, of_request.remove(&id).unwrap_or(0));
        }
        for request in of_request.keys() {
            self.find("M4", format!("there is a collaboration of a request {request} that is not there"));
        }
        self.found
    }
}

/// What has not ended in a campaign.
#[derive(Clone, Copy, Default)]
struct Open {
    collaborations: usize,
    requests: usize,
}

impl Invariants {
    fn judge_campaigns(&mut self) {
        let mut open: BTreeMap<CampaignId, Open> = BTreeMap::new();
        for record in self.collaborations.values().filter_map(|seen| seen.record.as_ref()) {
            open.entry(record.campaign).or_default().collaborations += usize::from(!record.state.has_ended());
        }
        for record in self.requests.values().filter_map(|seen| seen.record.as_ref()) {
            open.entry(record.campaign).or_default().requests += usize::from(record.state == RequestState::Open);
        }
        let campaigns = std::mem::take(&mut self.campaigns);
        for (id, campaign) in &campaigns {
            self.judge_campaign_money(*id, campaign);
            self.judge_campaign_path(*id, campaign, open.get(id).copied().unwrap_or_default());
        }
        let paid: i128 = campaigns.values().map(|campaign| i128::from(campaign.paid)).sum();
        let earned: i128 = self.earned.values().map(|earned| i128::from(*earned)).sum();
        self.must(paid == earned, "M7", || format!("campaigns paid {paid} and influencers earned {earned}"));
    }
}

/// The tables an invariant rests on, in the order of their keys.
const WALK: [Table; 13] = [
    Table::Campaign,
    Table::Request,
    Table::Offer,
    Table::Collaboration,
    Table::Agreement,
    Table::Submission,
    Table::Dispute,
    Table::Review,
    Table::Transfer,
    Table::Payout,
    Table::Payment,
    Table::Balance,
    Table::Room,
];

/// How many keys are read at once.
const BATCH: usize = 1000;

/// A timer may be late by so long: a worker that was stopped for a day is no broken rule.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// Checks M1 to M8 over a whole store. It reads a thousand keys at once, so on a platform that is running, what changes
/// meanwhile can appear as a finding; look twice.
///
/// # Errors
/// If the store fails or a record is damaged.
pub async fn check_invariants(platform: &Platform) -> Result<Vec<Finding>> {
    walk(platform, Invariants::new(platform.clock().now(), GRACE)).await
}

/// Feeds everything in a platform's store to the invariants.
pub(crate) async fn walk(platform: &Platform, mut invariants: Invariants) -> Result<Vec<Finding>> {
    for table in WALK {
        let mut scan = table.all();
        scan.limit = BATCH;
        loop {
            let Some(Found::Many(pairs)) = platform.store().read(vec![Read::Scan(scan.clone())]).await?.pop() else {
                return Err(Error::Corrupt("the store answered out of order".into()));
            };
            for (key, stored) in &pairs {
                invariants.see(key, &stored.bytes)?;
            }
            match pairs.last() {
                Some((last, _)) if pairs.len() == BATCH => scan.from = Key([last.0.as_slice(), &[0]].concat()),
                _ => break,
            }
        }
    }
    Ok(invariants.finish())
}
