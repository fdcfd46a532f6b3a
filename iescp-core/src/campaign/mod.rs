//! Campaigns: what a sponsor wants done, by when, for how much.
//!
//! | from | to | by | see |
//! |---|---|---|---|
//! | – | draft | `DraftCampaign` | `edit` |
//! | draft | active | `PublishCampaign` | `stage` |
//! | active, paused | paused, active | `PauseCampaign`, `ResumeCampaign` | `stage` |
//! | active, paused | closing | `CompleteCampaign`, `CancelCampaign`, `EndCampaign` | `stage` |
//! | closing | completed, cancelled | the last settlement | [`settle_if_last`] |
//! | draft | removed, cancelled | `RemoveCampaign` | `edit` |
//!
//! **Not here**: requests and collaborations in a campaign; its money (`ledger`); finding it (`search`).

mod budget;
mod edit;
mod full;
mod input;
mod stage;
mod supervise;
mod view;

pub use edit::{DraftCampaign, EditCampaign, RemoveCampaign, TellVoidedOffers};
pub use full::{CampaignInFull, ListOwnCampaignsInFull, OwnCampaign, OwnCampaigns, ViewCampaignInFull};
pub(crate) use input::parse_day;
pub use input::{Brief, CampaignChanges, CampaignInput};
pub use stage::{
    CancelCampaign, CloseRequests, CompleteCampaign, EndCampaign, FlagCampaign, PauseCampaign, PublishCampaign, ResumeCampaign,
    UnflagCampaign, flag, settle_if_last,
};
pub use supervise::ListAllCampaigns;
pub use view::{CampaignMoney, CampaignView, ListOwnCampaigns, ViewCampaign};

use crate::{
    Error, Result, Tx,
    account::{Account, AccountState},
    id::{AccountId, CampaignId, PictureId},
    policy::{Action, SeenBy, Subject},
    request::Request,
    store::{
        Key,
        keys::{Table, due, list, tally},
        record::{Derived, Record},
    },
    value::{Line, Money, Prose, SocialPlatform},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who may know of a campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone, while it is listed.
    #[default]
    Public,
    /// Its sponsor, those with an open invitation or a collaboration in it, and admins.
    Private,
}

impl Visibility {
    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }
}

/// How far a campaign has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// Being prepared.
    Draft,
    /// Takes requests.
    Active,
    /// Takes no new requests; collaborations go on.
    Paused,
    /// Takes nothing new; ends with its last collaboration.
    Closing,
    /// Over.
    Completed,
    /// Over before its time.
    Cancelled,
}

impl CampaignState {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Draft, Self::Active, Self::Paused, Self::Closing, Self::Completed, Self::Cancelled];

    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Closing => "closing",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it is over or ending: its open requests count as expired.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Closing | Self::Completed | Self::Cancelled)
    }

    /// The table of states: whether a campaign may go from here to there.
    #[must_use]
    pub const fn leads_to(self, to: Self) -> bool {
        use CampaignState::{Active, Cancelled, Closing, Completed, Draft, Paused};
        matches!(
            (self, to),
            (Draft, Active | Cancelled)
                | (Active, Paused | Closing)
                | (Paused, Active | Closing)
                | (Closing, Completed | Cancelled)
        )
    }
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Whose it is.
    pub sponsor: AccountId,
    /// What it is called.
    pub title: Line<120>,
    /// What is wanted.
    pub brief: Brief,
    /// What it is about: of the managed list.
    pub niches: Vec<String>,
    /// Where it is to be published; empty means anywhere.
    #[serde(default)]
    pub platforms: Vec<SocialPlatform>,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// The moment its last day is over, in the installation's zone.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// What may be committed in all.
    pub budget: Money,
    /// Who may know of it.
    pub visibility: Visibility,
    /// What every advertisement must show.
    pub label: Line<60>,
    /// How far it has come.
    pub state: CampaignState,
    /// Why an admin flagged it, if one did.
    #[serde(default)]
    pub flagged: Option<Prose<1000>>,
    /// Whether it ends completed or cancelled, once it is closing.
    #[serde(default)]
    pub ending: Option<CampaignState>,
    /// Grows when the words change that offers rest on.
    #[serde(default)]
    pub wording: u64,
    /// Makers of open offers who have not been told that the words changed: the last request that has been.
    #[serde(default)]
    pub untold_after: Option<Uuid>,
    /// Open requests that have not been written off since the campaign ended.
    #[serde(default)]
    pub requests_to_close: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was first published.
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    /// When it began to end.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// Its number in V2, if it came from there.
    #[serde(default)]
    pub legacy_id: Option<i64>,
}

impl Campaign {
    /// Where a campaign is kept.
    #[must_use]
    pub fn at(id: CampaignId) -> Key {
        Table::Campaign.start().id(id).key()
    }

    /// Where it stands how many collaborations in a campaign have not ended.
    #[must_use]
    pub fn open_collaborations(id: CampaignId) -> Key {
        tally("campaign-open-collaborations").id(id).key()
    }

    /// Whether it takes requests and appears in searches, as far as the campaign itself decides it. Its owner must also be
    /// active.
    #[must_use]
    pub fn is_listed(&self, now: Timestamp) -> bool {
        self.state == CampaignState::Active
            && self.visibility == Visibility::Public
            && self.flagged.is_none()
            && self.ends_at.is_some_and(|end| now < end)
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_past(&self, now: Timestamp) -> bool {
        self.ends_at.is_some_and(|end| now >= end)
    }

    /// Whether it has ended, or its last day is over and no job has said so yet.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.state.has_ended() || (self.state != CampaignState::Draft && self.is_past(now))
    }

    /// As the policy sees it, for somebody who has (or has not) been let in.
    #[must_use]
    pub fn subject(&self, seen: bool) -> Subject {
        let seen_by = if seen { SeenBy::Everyone } else { SeenBy::Parties };
        Subject { owner: Some(self.sponsor), sponsor: Some(self.sponsor), influencer: None, seen_by }
    }

    /// The campaign, after the policy has been asked about it.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for a campaign that the actor may not know of.
    pub async fn fetch_seen(tx: &mut Tx<'_>, id: CampaignId) -> Result<Self> {
        let campaign: Option<Self> = tx.get_at(Self::at(id)).await?;
        let Some(campaign) = campaign else { return tx.allow_missing() };
        let seen = campaign.is_seen(tx).await?;
        tx.allow(&campaign.subject(seen))?;
        Ok(campaign)
    }

    /// The same, where the operation's own row says nothing about campaigns and another's decides.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for a campaign that the actor may not know of.
    pub async fn fetch_seen_as(tx: &mut Tx<'_>, id: CampaignId, action: Action) -> Result<Self> {
        let campaign: Self = tx.fetch_at(Self::at(id)).await?;
        let seen = campaign.is_seen(tx).await?;
        tx.allow_as(action, &campaign.subject(seen))?;
        Ok(campaign)
    }

    /// Whether somebody who is neither its sponsor nor an admin may know of it.
    async fn is_seen(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if self.is_listed(tx.now()) {
            let owner: Account = tx.fetch_at(Account::at(self.sponsor)).await?;
            if owner.state == AccountState::Active {
                return Ok(true);
            }
        }
        let Some(me) = tx.viewer().map(|me| me.id) else { return Ok(false) };
        if me == self.sponsor {
            return Ok(false);
        }
        if tx.counter(Self::collaborations_with(self.id, me)).await? > 0 {
            return Ok(true);
        }
        Request::is_open_between(tx, self, me).await
    }

    /// Where it stands how many collaborations an influencer has or had in a campaign.
    #[must_use]
    pub fn collaborations_with(id: CampaignId, influencer: AccountId) -> Key {
        tally("collaborations-in").id(id).id(influencer).key()
    }

    /// Goes to another state, if the table allows it.
    pub(crate) fn go(&mut self, to: CampaignState) -> Result<()> {
        if !self.state.leads_to(to) {
            let why = format!("A campaign that is {} cannot become {}.", self.state.word(), to.word());
            return Err(Error::not_now("campaign_state", why));
        }
        self.state = to;
        Ok(())
    }
}

impl Record for Campaign {
    const TABLE: Table = Table::Campaign;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("campaigns").id(self.id).key());
        derived.listed(list("campaigns-of").id(self.sponsor).id(self.id).key());
        derived.listed(list("campaigns-of-in-state").id(self.sponsor).word(self.state.word()).id(self.id).key());
        derived.count(tally("campaigns").word(self.state.word()).key(), 1);
        derived.count(tally("campaigns-visibility").word(self.visibility.word()).key(), 1);
        derived.count(tally("campaigns-of").id(self.sponsor).word(self.state.word()).key(), 1);
        derived.count_down_to_zero(crate::ledger::room(self.id), self.budget.0);
        if self.flagged.is_some() {
            derived.listed(list("campaigns-flagged").id(self.id).key());
            derived.count(tally("campaigns-flagged").key(), 1);
        }
        if !matches!(self.state, CampaignState::Completed | CampaignState::Cancelled) {
            derived.listed(list("campaigns-unfinished-of").id(self.sponsor).id(self.id).key());
        }
        if let (CampaignState::Active | CampaignState::Paused, Some(end)) = (self.state, self.ends_at) {
            derived.listed(due(end, "end_campaign", self.id));
        }
        if self.requests_to_close {
            derived.listed(due(self.closed_at.unwrap_or(self.created_at), "close_requests", self.id));
        }
        if self.untold_after.is_some() {
            derived.listed(due(self.created_at, "tell_voided_offers", self.id));
        }
    }
}

/// Says of an event that it is about this campaign.
pub(crate) fn about(campaign: CampaignId) -> crate::event::Thing {
    crate::event::thing("campaign", campaign)
}

#[cfg(test)]
mod tests;
