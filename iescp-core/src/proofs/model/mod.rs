//! The reference: who may do what when, and what it does to states and money. Written from the tables, not from the code.
//!
//! Time is in minutes since the first of March 2026, 00:00 UTC. People are numbers: two sponsors, then three influencers.

mod campaign;
mod collaboration;
mod request;

use super::acts::{Act, Who};
use crate::{
    campaign::CampaignState,
    collaboration::CollaborationState,
    request::{RequestState, Side},
};

pub(super) const DAY: i64 = 24 * 60;
pub(super) const SPONSORS: usize = 2;
pub(super) const PEOPLE: usize = 5;
/// How often somebody may ask in a day, in these walks.
pub(super) const CAP: usize = 4;

/// What an act answers: `done`, or the code of a refusal.
pub(super) type Answer = Result<(), &'static str>;

#[derive(Clone, Debug)]
pub(super) struct Campaign {
    pub sponsor: usize,
    pub state: CampaignState,
    pub ending: CampaignState,
    pub removed: bool,
    pub ever_paid_in: bool,
    pub budget: i64,
    pub funded: i64,
    pub held: i64,
    pub paid: i64,
    pub end_day: i64,
    pub private: bool,
    pub flagged: bool,
    pub wording: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Request {
    pub campaign: usize,
    pub influencer: usize,
    pub asker: Side,
    pub asked_on: i64,
    /// As written; the clock may be ahead.
    pub state: RequestState,
    pub offers: u64,
    pub by: Side,
    pub is_final: bool,
    pub amount: i64,
    pub due_day: i64,
    pub expires_at: i64,
    pub wording: u64,
    pub ended_at: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Collaboration {
    pub request: usize,
    pub campaign: usize,
    pub influencer: usize,
    pub amount: i64,
    pub state: CollaborationState,
    pub due_at: i64,
    pub submissions: u64,
    pub rounds: u32,
    /// When the review clock started and when it ends.
    pub review: Option<(i64, i64)>,
    /// Number, who, share, expiry.
    pub split: Option<(u64, Side, i64, i64)>,
    pub splits: u64,
    /// Who, since when, and the state before.
    pub dispute: Option<(Side, i64, CollaborationState)>,
    /// Which sides took a dispute back.
    pub took_back: [bool; 2],
    pub mutual: bool,
    pub reviewed: [bool; 2],
    pub reviews_until: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct Payout {
    pub influencer: usize,
    pub amount: i64,
    pub at: i64,
    pub ask_at: i64,
    pub sent: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    pub planned: bool,
    pub now: i64,
    pub up_at: Option<i64>,
    /// When the last downtime began and ended.
    pub down: (i64, i64),
    pub suspended: [bool; PEOPLE],
    pub campaigns: Vec<Campaign>,
    pub requests: Vec<Request>,
    pub collaborations: Vec<Collaboration>,
    pub earnings: [i64; PEOPLE],
    pub payouts: Vec<Payout>,
    /// What all of the world has on the platform, negative as the ledger says it.
    pub world: i64,
    pub last: Answer,
}

pub(super) const fn end_of(day: i64) -> i64 {
    (day + 1) * DAY
}

pub(super) fn refuse(unless: bool, code: &'static str) -> Answer {
    if unless { Ok(()) } else { Err(code) }
}

impl Model {
    pub(super) fn new(planned: bool) -> Self {
        Self {
            planned,
            now: 12 * 60,
            up_at: None,
            down: (0, 0),
            suspended: [false; PEOPLE],
            campaigns: Vec::new(),
            requests: Vec::new(),
            collaborations: Vec::new(),
            earnings: [0; PEOPLE],
            payouts: Vec::new(),
            world: 0,
            last: Ok(()),
        }
    }

    pub(super) fn today(&self) -> i64 {
        self.now.div_euclid(DAY)
    }

    pub(super) const fn is_sponsor(who: usize) -> bool {
        who < SPONSORS
    }

    /// Whoever is suspended has no session that lives.
    pub(super) fn signed_in(&self, who: usize) -> Answer {
        refuse(!self.suspended[who], "signed_out")
    }

    /// The person meant, in something between a sponsor and an influencer.
    pub(super) fn person(who: Who, sponsor: usize, influencer: usize) -> usize {
        match who {
            Who::Sponsor => sponsor,
            Who::Influencer => influencer,
            Who::Person(person) => person,
        }
    }

    /// The side a person is on; for all others the thing is not there.
    pub(super) fn side(person: usize, sponsor: usize, influencer: usize) -> Result<Side, &'static str> {
        if person == sponsor {
            Ok(Side::Sponsor)
        } else if person == influencer {
            Ok(Side::Influencer)
        } else {
            Err("not_found")
        }
    }

    pub(super) fn does(mut self, act: &Act) -> Self {
        let before = self.clone();
        let answer = self.tries(act);
        if answer.is_err() {
            self = before;
        }
        self.last = answer;
        self
    }

    fn tries(&mut self, act: &Act) -> Answer {
        match act {
            Act::Draft { sponsor, budget, days } => self.draft(*sponsor, *budget, *days),
            Act::Campaign { campaign, by, what } => self.campaign(*campaign, *by, what),
            Act::Flag { campaign, flagged } => self.flag(*campaign, *flagged),
            Act::Apply { campaign, by, terms } => self.apply(*campaign, *by, terms),
            Act::Invite { campaign, by, whom, terms } => self.invite(*campaign, *by, *whom, terms),
            Act::Request { request, by, named, what } => self.negotiate(*request, *by, *named, what),
            Act::Work { collaboration, by, what } => self.work(*collaboration, *by, what),
            Act::Rule { collaboration, share } => self.rule(*collaboration, *share),
            Act::Payout { by, amount } => self.ask_payout(*by, *amount),
            Act::Suspend { who, suspended } => {
                self.suspended[*who] = *suspended;
                Ok(())
            }
            Act::Pass { minutes } => {
                self.now += minutes;
                Ok(())
            }
            Act::RunDue { was_up } => {
                self.run_due(*was_up);
                Ok(())
            }
        }
    }

    fn ask_payout(&mut self, by: usize, amount: i64) -> Answer {
        self.signed_in(by)?;
        refuse(!Self::is_sponsor(by), "forbidden")?;
        refuse(amount > 0, "too_small")?;
        refuse(amount <= self.earnings[by], "insufficient_earnings")?;
        self.earnings[by] -= amount;
        self.payouts.push(Payout { influencer: by, amount, at: self.now, ask_at: self.now, sent: false });
        Ok(())
    }

    /// Everything the clock does, in any order: the rows of the tables that name the System.
    fn run_due(&mut self, was_up: bool) {
        match self.up_at {
            None => self.down = (self.now, self.now),
            Some(up_at) if !was_up && self.now - up_at > 10 => self.down = (up_at, self.now),
            Some(_) => {}
        }
        self.up_at = Some(self.now);
        for campaign in 0..self.campaigns.len() {
            self.end_by_clock(campaign);
        }
        for collaboration in 0..self.collaborations.len() {
            self.go_on_by_clock(collaboration);
        }
        for request in 0..self.requests.len() {
            self.expire_by_clock(request);
        }
        for at in 0..self.payouts.len() {
            let payout = &mut self.payouts[at];
            if payout.sent || payout.ask_at > self.now {
                continue;
            }
            if self.suspended[payout.influencer] {
                payout.ask_at = self.now + (self.now - payout.at).clamp(1, 60);
            } else {
                payout.sent = true;
                self.world += payout.amount;
            }
        }
    }
}
