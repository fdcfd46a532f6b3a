//! Beginning a negotiation: an influencer applies, or a sponsor invites.

use super::{Answers, Direction, Offer, OfferInput, Request, RequestState, RequestView, about};
use crate::{
    Error, Operation, PageRequest, Result, Tx,
    account::{Account, AccountState, Role},
    allowance::{self, Bounded},
    campaign::{Campaign, CampaignState},
    id::{AccountId, CampaignId, RequestId},
    message::{self, SystemLine},
    notification::Notice,
    policy::Action,
    store::keys::list,
    value::{Prose, later},
};
use serde_json::json;

/// An influencer applies to a campaign, with a first offer.
#[derive(Clone, Debug)]
pub struct Apply {
    /// To which campaign.
    pub campaign: CampaignId,
    /// On which terms.
    pub offer: OfferInput,
}

impl Operation for Apply {
    type Output = RequestView;
    const ACTION: Action = Action::Apply;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        let influencer = tx.my_id()?;
        let request = ask(tx, &campaign, influencer, Direction::Application, &self.offer).await?;
        tx.tell(campaign.sponsor, Notice::ApplicationReceived, about(request.id), json!({ "campaign": &campaign.title }));
        RequestView::of(tx, request, Some(campaign)).await
    }
}

/// A sponsor invites an influencer to a campaign, with a first offer.
#[derive(Clone, Debug)]
pub struct Invite {
    /// To which campaign.
    pub campaign: CampaignId,
    /// Whom.
    pub influencer: AccountId,
    /// On which terms.
    pub offer: OfferInput,
}

impl Operation for Invite {
    type Output = RequestView;
    const ACTION: Action = Action::Invite;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        let influencer: Option<Account> = tx.get_at(Account::at(self.influencer)).await?;
        if !influencer.is_some_and(|account| account.role == Role::Influencer && account.state == AccountState::Active) {
            return Err(Error::invalid("influencer_id", "unknown", "There is no such influencer."));
        }
        let request = ask(tx, &campaign, self.influencer, Direction::Invitation, &self.offer).await?;
        tx.tell(self.influencer, Notice::InvitationReceived, about(request.id), json!({ "campaign": &campaign.title }));
        RequestView::of(tx, request, Some(campaign)).await
    }
}

async fn ask(
    tx: &mut Tx<'_>,
    campaign: &Campaign,
    influencer: AccountId,
    direction: Direction,
    offer: &OfferInput,
) -> Result<Request> {
    if campaign.sponsor == influencer {
        return Err(Error::not_now("oneself", "Nobody deals with themselves."));
    }
    require_takes_requests(campaign, tx)?;
    message::require_not_blocked(tx, campaign.sponsor, influencer).await?;
    clear_the_table(tx, campaign, influencer).await?;
    require_not_too_soon(tx, campaign, influencer, direction).await?;
    let (me, most) = (tx.my_id()?, tx.settings().caps.requests);
    allowance::use_today(tx, me, Bounded::Requests, most).await?;
    let now = tx.now();
    let id: RequestId = tx.new_id();
    let offer: Offer = offer.parse(tx, campaign, id, 1, direction.asker()).await?;
    let request = Request {
        id,
        campaign: campaign.id,
        sponsor: campaign.sponsor,
        influencer,
        direction,
        state: RequestState::Open,
        offer: 1,
        offered_by: direction.asker(),
        offered_at: now,
        is_final: offer.is_final,
        expires_at: offer.expires_at,
        wording: campaign.wording,
        sponsor_answers: Answers::default(),
        influencer_answers: Answers::default(),
        created_at: now,
        ended_at: None,
        ended_by: None,
        reason: Prose::default(),
        legacy_id: None,
    };
    tx.put(&offer)?;
    tx.put(&request)?;
    let kind = match direction {
        Direction::Application => SystemLine::Applied,
        Direction::Invitation => SystemLine::Invited,
    };
    message::line(tx, request.pair(), kind, about(id), json!({ "offer": 1, "amount": offer.amount })).await?;
    tx.happened([about(id), crate::campaign::about(campaign.id)], json!({ "offer": 1, "amount": offer.amount }));
    Ok(request)
}

/// Refuses unless a campaign takes new requests, or lets open ones be accepted.
pub(super) fn require_takes_requests(campaign: &Campaign, tx: &Tx<'_>) -> Result<()> {
    match campaign.state {
        CampaignState::Active if campaign.is_past(tx.now()) => {}
        CampaignState::Active if campaign.flagged.is_some() => {
            return Err(Error::not_now(
                "campaign_flagged",
                "An admin flagged this campaign: it takes no requests or agreements for now.",
            ));
        }
        CampaignState::Active => return Ok(()),
        CampaignState::Draft => return Err(Error::not_now("campaign_state", "This campaign is not published yet.")),
        CampaignState::Paused => return Err(Error::not_now("campaign_paused", "This campaign is paused.")),
        _ => {}
    }
    Err(Error::not_now("campaign_ended", "This campaign has ended."))
}

/// Makes sure that the pair has no open request. One that has expired by the clock is written off on the way.
async fn clear_the_table(tx: &mut Tx<'_>, campaign: &Campaign, influencer: AccountId) -> Result<()> {
    let Some(id) = tx.led_to::<RequestId>(Request::open_for(campaign.id, influencer)).await? else { return Ok(()) };
    let mut earlier: Request = tx.fetch_at(Request::at(id)).await?;
    if earlier.is_open_for(tx.now(), campaign) {
        return Err(Error::taken("campaign", "There is an open request between you two in this campaign already."));
    }
    earlier.write_off(tx, "nobody answered in time").await
}

async fn require_not_too_soon(tx: &mut Tx<'_>, campaign: &Campaign, influencer: AccountId, direction: Direction) -> Result<()> {
    let of_pair = list("requests-of-pair").id(campaign.id).id(influencer);
    let earlier = tx.page_of::<Request>(of_pair, &PageRequest::new(10, None), |id| Request::at(id.into())).await?;
    let wait = tx.settings().timers.ask_again;
    let refused = |request: &&Request| {
        let said_no = matches!(request.state, RequestState::Rejected | RequestState::Withdrawn);
        said_no && request.direction == direction && request.ended_at.is_some_and(|ended| tx.now() < later(ended, wait))
    };
    match earlier.items.iter().find(refused) {
        None => Ok(()),
        Some(_) => {
            let why = format!(
                "You asked before and it came to nothing. Please wait {} days before you ask again.",
                wait.as_hours() / 24
            );
            Err(Error::not_now("too_soon", why))
        }
    }
}
