//! What follows from a collaboration: lists, timers, and figures that nobody can buy.

use super::{Collaboration, CollaborationState, EndedBy};
use crate::{
    Error, Result,
    campaign::Campaign,
    id::{AccountId, CampaignId},
    store::{
        Key,
        keys::{Table, due, list, tally},
        record::{Derived, Record},
    },
    value::later,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Where it stands how many followers those have who delivered to a campaign and were not cancelled.
#[must_use]
pub fn reach_of(campaign: CampaignId) -> Key {
    tally("campaign-reach").id(campaign).key()
}

/// Where it stands how many collaborations of an account have not ended.
#[must_use]
pub fn open_of(account: AccountId) -> Key {
    tally("open-collaborations").id(account).key()
}

impl Collaboration {
    /// The moment from which the sponsor may cancel work that is awaited.
    #[must_use]
    pub fn overdue_for_sponsor(&self) -> Timestamp {
        later(self.due_at, self.terms.overdue_sponsor())
    }

    /// The moment at which the platform cancels work that is awaited.
    #[must_use]
    pub fn overdue_for_system(&self) -> Timestamp {
        later(self.due_at, self.terms.overdue_system())
    }

    /// The moment at which a dispute that nobody decided is settled by its rule; none while there is no dispute.
    #[must_use]
    pub fn settled_at(&self) -> Option<Timestamp> {
        self.dispute.map(|dispute| later(dispute.since, self.terms.dispute()))
    }

    /// What the clock will do to it, and when: each a job of the worker's.
    fn derive_timers(&self, derived: &mut Derived) {
        let mut at = |moment: Timestamp, what: &str| derived.listed(due(moment, what, self.id));
        if let Some(split) = &self.split {
            at(split.expires_at, "expire_split");
        }
        match (self.state, &self.review, &self.dispute) {
            (CollaborationState::Active, _, _) => at(self.overdue_for_system(), "cancel_abandoned"),
            (CollaborationState::Submitted, None, _) => at(self.submitted_at.unwrap_or(self.created_at), "start_review_clock"),
            (CollaborationState::Submitted, Some(clock), _) => {
                at(clock.ends_at, "approve_unanswered");
                if clock.reminders < 2 {
                    at(
                        later(clock.started_at, SignedDuration::from_hours(24 * (i64::from(clock.reminders) + 1))),
                        "remind_reviewer",
                    );
                }
            }
            (CollaborationState::Disputed, _, Some(dispute)) => {
                at(self.settled_at().unwrap_or(dispute.since), "settle_dispute");
                if let Some(days) = [3, 7].get(dispute.alarms as usize) {
                    at(later(dispute.since, SignedDuration::from_hours(24 * days)), "alarm_admins");
                }
            }
            _ => {}
        }
        if let Some(until) = self.reviews_until {
            at(until, "publish_reviews");
        }
    }

    /// Figures that nobody can buy.
    fn derive_figures(&self, derived: &mut Derived) {
        // What was brought over tells nothing of how somebody works here.
        if self.amount.is_none() {
            return;
        }
        let given_up = matches!(self.end.as_ref().map(|end| end.by), Some(EndedBy::Overdue | EndedBy::Abandoned));
        if let Some(submitted) = self.first_submitted_at.filter(|_| !given_up) {
            derived.count(tally("delivered").id(self.influencer).key(), 1);
            derived.count(tally("delivered-on-time").id(self.influencer).key(), i64::from(submitted <= self.due_at));
        }
        match self.end.as_ref().map(|end| end.by) {
            Some(EndedBy::SteppedDown) => derived.count(tally("stepped-down").id(self.influencer).key(), 1),
            _ if given_up => derived.count(tally("never-delivered").id(self.influencer).key(), 1),
            _ => {}
        }
        if let Some(reach) = self.reach.filter(|_| self.state != CollaborationState::Cancelled) {
            derived.count(reach_of(self.campaign), reach);
        }
    }
}

impl Record for Collaboration {
    const TABLE: Table = Table::Collaboration;
    const VERSION: u8 = 2;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        let state = self.state.word();
        derived.unique(Self::of(self.request), self.id.0);
        for party in [self.sponsor, self.influencer] {
            derived.listed(list("collaborations-of").id(party).id(self.id).key());
            derived.listed(list("collaborations-of-in-state").id(party).word(state).id(self.id).key());
            if !self.state.has_ended() {
                derived.count(open_of(party), 1);
            }
        }
        derived.listed(list("collaborations-in").id(self.campaign).id(self.id).key());
        derived.count(tally("collaborations").word(state).key(), 1);
        derived.count(Campaign::collaborations_with(self.campaign, self.influencer), 1);
        if !self.state.has_ended() {
            derived.count(Campaign::open_collaborations(self.campaign), 1);
        }
        if self.dispute.is_some() {
            derived.listed(list("disputes-open").id(self.id).key());
        }
        self.derive_timers(derived);
        self.derive_figures(derived);
    }

    /// Version 1 did not note how many people the work may have reached: they stay uncounted.
    fn upgrade(from: u8, old: Value) -> Result<Value> {
        match from {
            1 => Ok(old),
            _ => Err(Error::Corrupt(format!("a collaboration was never written in version {from}"))),
        }
    }
}
