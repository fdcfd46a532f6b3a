//! Ad requests: one negotiation about one influencer in one campaign, by numbered offers.
//!
//! The last offer is *on the table*; the turn is the other party's. States: `open -> accepted | rejected | withdrawn | expired`.
//!
//! | action | who | see |
//! |---|---|---|
//! | apply, invite | influencer, sponsor | `ask` |
//! | counter | whose turn it is, unless the offer is final | `bargain` |
//! | amend, confirm, withdraw | whose offer is on the table | `bargain`, `end` |
//! | accept | whose turn it is; **nobody can accept their own offer** | `accept` |
//! | reject | whose turn it is | `end` |
//! | expire | the clock | [`Request::is_open_for`], `end` |
//!
//! **Not here**: what follows from an acceptance (`collaboration`), the money (`ledger`).

mod accept;
mod ask;
mod bargain;
mod end;
mod offer;
mod prepare;
mod rules;
mod view;

pub use accept::AcceptOffer;
pub use ask::{Apply, Invite};
pub use bargain::{AmendOffer, ConfirmOffer, CounterOffer};
pub use end::{ExpireRequest, RejectRequest, WithdrawRequest};
pub use offer::{Deliverable, DeliverableInput, Offer, OfferInput};
pub use prepare::{PrepareApplication, Prepared};
pub(crate) use view::title_for;
pub use view::{ListCampaignRequests, ListRequests, Negotiation, RequestView, ViewNegotiation, ViewRequest};

use crate::{
    Error, Result,
    campaign::Campaign,
    event::{Thing, thing},
    id::{AccountId, CampaignId, RequestId},
    message::Pair,
    policy::Subject,
    store::{
        Key,
        keys::{KeyParts, Table, due, list, tally},
        record::{Derived, Record},
    },
    value::Prose,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One of the two parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The one whose campaign it is.
    Sponsor,
    /// The one who would publish.
    Influencer,
}

impl Side {
    /// The other party.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Sponsor => Self::Influencer,
            Self::Influencer => Self::Sponsor,
        }
    }

    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sponsor => "sponsor",
            Self::Influencer => "influencer",
        }
    }
}

/// Who asked whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The influencer asks.
    Application,
    /// The sponsor asks.
    Invitation,
}

impl Direction {
    /// Who asks.
    #[must_use]
    pub const fn asker(self) -> Side {
        match self {
            Self::Application => Side::Influencer,
            Self::Invitation => Side::Sponsor,
        }
    }
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Somebody has a turn.
    Open,
    /// Agreed.
    Accepted,
    /// The one whose turn it was said no.
    Rejected,
    /// The one who made the last offer took it back.
    Withdrawn,
    /// Nobody answered in time, or the campaign ended.
    Expired,
}

impl RequestState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Open, Self::Accepted, Self::Rejected, Self::Withdrawn, Self::Expired];

    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

/// How often and how quickly a side answered in this request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// How often.
    pub count: u32,
    /// How long it took in all, in seconds.
    pub seconds: i64,
}

/// One negotiation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// In which campaign.
    pub campaign: CampaignId,
    /// Whose campaign it is.
    pub sponsor: AccountId,
    /// Who would publish.
    pub influencer: AccountId,
    /// Who asked whom.
    pub direction: Direction,
    /// How far it has come, as written; the clock may be ahead: see [`Request::state_at`].
    pub state: RequestState,
    /// The number of the offer on the table, which is also how many were made.
    pub offer: u64,
    /// Who made the offer on the table.
    pub offered_by: Side,
    /// When it was made or confirmed.
    pub offered_at: Timestamp,
    /// Whether its maker said that it is their last.
    pub is_final: bool,
    /// When the offer on the table expires.
    pub expires_at: Timestamp,
    /// The campaign's wording that the maker of the offer on the table has seen.
    pub wording: u64,
    /// How the sponsor answered.
    #[serde(default)]
    pub sponsor_answers: Answers,
    /// How the influencer answered.
    #[serde(default)]
    pub influencer_answers: Answers,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    #[serde(default)]
    pub ended_by: Option<Side>,
    /// Why it ended, in the words of who ended it.
    #[serde(default)]
    pub reason: Prose<1000>,
    /// Its number in V2, if it came from there.
    #[serde(default)]
    pub legacy_id: Option<i64>,
}

impl Request {
    /// Where a request is kept.
    #[must_use]
    pub fn at(id: RequestId) -> Key {
        Table::Request.start().id(id).key()
    }

    /// Leads from a pair to their one open request.
    #[must_use]
    pub fn open_for(campaign: CampaignId, influencer: AccountId) -> Key {
        Table::RequestOpenFor.start().id(campaign).id(influencer).key()
    }

    /// Begins the list of the open requests in a campaign.
    #[must_use]
    pub fn open_in(campaign: CampaignId) -> KeyParts {
        list("requests-in-state").id(campaign).word(RequestState::Open.word())
    }

    /// Where it stands how many requests there ever were between two accounts.
    #[must_use]
    pub fn between(sponsor: AccountId, influencer: AccountId) -> Key {
        tally("requests-between").id(sponsor).id(influencer).key()
    }

    /// The two parties, as they share a thread.
    #[must_use]
    pub fn pair(&self) -> Pair {
        Pair { sponsor: self.sponsor, influencer: self.influencer }
    }

    /// As the policy sees it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::between(self.sponsor, self.influencer)
    }

    /// The state at a moment: what has expired by the clock or ended with its campaign is expired, whether or not a job has
    /// written it yet.
    #[must_use]
    pub fn state_at(&self, now: Timestamp, campaign: &Campaign) -> RequestState {
        let over = now >= self.expires_at || campaign.is_over(now);
        if self.state == RequestState::Open && over { RequestState::Expired } else { self.state }
    }

    /// Whether it is open at a moment.
    #[must_use]
    pub fn is_open_for(&self, now: Timestamp, campaign: &Campaign) -> bool {
        self.state_at(now, campaign) == RequestState::Open
    }

    /// Whose turn it is: the side that did not make the offer on the table.
    #[must_use]
    pub fn turn(&self) -> Side {
        self.offered_by.other()
    }

    /// The account of a side.
    #[must_use]
    pub fn party(&self, side: Side) -> AccountId {
        self.pair().party(side)
    }

    /// Whose offer is on the table.
    #[must_use]
    pub fn maker(&self) -> AccountId {
        self.party(self.offered_by)
    }

    /// The side an account is on, if it is a party.
    #[must_use]
    pub fn side_of(&self, account: AccountId) -> Option<Side> {
        self.pair().side_of(account)
    }
}

/// Says of an event that it is about this request.
pub(crate) fn about(request: RequestId) -> Thing {
    thing("request", request)
}

impl Record for Request {
    const TABLE: Table = Table::Request;
    const VERSION: u8 = 2;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        let state = self.state.word();
        if self.state == RequestState::Open {
            derived.unique(Self::open_for(self.campaign, self.influencer), self.id.0);
            derived.listed(due(self.expires_at, "expire_request", self.id));
        }
        for party in [self.sponsor, self.influencer] {
            derived.listed(list("requests-of").id(party).id(self.id).key());
            derived.listed(list("requests-of-in-state").id(party).word(state).id(self.id).key());
        }
        derived.listed(list("requests-in").id(self.campaign).id(self.id).key());
        derived.listed(list("requests-in-state").id(self.campaign).word(state).id(self.id).key());
        derived.listed(list("requests-of-pair").id(self.campaign).id(self.influencer).id(self.id).key());
        derived.count(Self::between(self.sponsor, self.influencer), 1);
        derived.count(tally("requests").word(state).key(), 1);
        derived.count(tally("campaign-requests").id(self.campaign).word(state).key(), 1);
        for (party, answers) in [(self.sponsor, self.sponsor_answers), (self.influencer, self.influencer_answers)] {
            derived.count(tally("answers").id(party).key(), i64::from(answers.count));
            derived.count(tally("answer-seconds").id(party).key(), answers.seconds);
        }
    }

    /// Version 1 noted the day it was asked on, which `allowance` counts now.
    fn upgrade(from: u8, old: Value) -> Result<Value> {
        match from {
            1 => Ok(old),
            _ => Err(Error::Corrupt(format!("a request was never written in version {from}"))),
        }
    }
}

#[cfg(test)]
mod tests;
