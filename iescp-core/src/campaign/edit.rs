//! Drafting, editing and removing campaigns.

use super::{
    Campaign, CampaignChanges, CampaignInput, CampaignState, about,
    budget::{plan, refund},
    view::CampaignView,
};
use crate::{
    Error, Operation, PageRequest, Result, Tx,
    campaign::{Brief, Visibility},
    id::CampaignId,
    ledger::{self, LedgerAccount},
    message::{self, SystemLine},
    notification::Notice,
    picture::Picture,
    policy::{Action, Subject},
    request::Request,
    value::{Line, Money},
};
use serde_json::json;
use uuid::Uuid;

/// Begins a campaign.
#[derive(Clone, Debug, Default)]
pub struct DraftCampaign {
    /// What the sponsor says of it.
    pub input: CampaignInput,
}

impl Operation for DraftCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::DraftCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        tx.allow(&Subject::PLATFORM)?;
        let mut campaign = Campaign {
            id: tx.new_id(),
            sponsor: tx.my_id()?,
            title: Line::default(),
            brief: Brief::default(),
            niches: Vec::new(),
            platforms: Vec::new(),
            start: None,
            end: None,
            ends_at: None,
            budget: Money::ZERO,
            visibility: Visibility::Public,
            label: Line::parse("Ad").unwrap_or_default(),
            state: CampaignState::Draft,
            flagged: None,
            ending: None,
            wording: 0,
            untold_after: None,
            requests_to_close: false,
            created_at: tx.now(),
            published_at: None,
            closed_at: None,
            picture: None,
            legacy_id: None,
        };
        let changes = CampaignChanges { title: Some(self.input.title.clone()), ..self.input.rest.clone() };
        changes.apply(&mut campaign, tx.now(), tx.settings())?;
        tx.put(&campaign)?;
        tx.happened([about(campaign.id)], json!({}));
        CampaignView::of(tx, campaign).await
    }
}

/// Changes what a sponsor says of a campaign.
///
/// In an installation with planned budgets, a published campaign's money follows its budget. When words change that open
/// offers rest on, those offers are void until their makers confirm them.
#[derive(Clone, Debug)]
pub struct EditCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
    /// What changes.
    pub changes: CampaignChanges,
    /// The version the sponsor has read, if it must still be that.
    pub version: Option<u64>,
}

impl Operation for EditCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::EditCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        let mut campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        tx.require_version(&Campaign::at(campaign.id), self.version).await?;
        if campaign.is_over(tx.now()) {
            return Err(Error::not_now("campaign_ended", "This campaign has ended and stays as it is."));
        }
        let budget = campaign.budget;
        let reworded = self.changes.apply(&mut campaign, tx.now(), tx.settings())?;
        if reworded && campaign.state != CampaignState::Draft {
            campaign.wording += 1;
            campaign.untold_after = Some(Uuid::nil());
        }
        let why = "The budget cannot be lowered below what is committed to collaborations.";
        tx.on_guard(ledger::room(campaign.id), Error::invalid("budget", "below_committed", why));
        if campaign.state != CampaignState::Draft {
            plan(tx, &campaign, budget)?;
        }
        tx.put(&campaign)?;
        tx.happened([about(campaign.id)], json!({ "reworded": reworded, "budget": campaign.budget }));
        CampaignView::of(tx, campaign).await
    }
}

/// Removes a draft; one that money was paid into is cancelled instead, and the money goes back.
#[derive(Clone, Debug)]
pub struct RemoveCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
    /// The version the sponsor has read, if it must still be that.
    pub version: Option<u64>,
}

impl Operation for RemoveCampaign {
    type Output = ();
    const ACTION: Action = Action::RemoveCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        tx.require_version(&Campaign::at(campaign.id), self.version).await?;
        if campaign.state != CampaignState::Draft {
            let why = "Only a draft can be removed. Complete or cancel a campaign that was published; its history stays.";
            return Err(Error::not_now("campaign_state", why));
        }
        let budget = LedgerAccount::Budget(campaign.id);
        let mut moved = budget.transfers().range();
        moved.limit = 1;
        tx.counter_held(budget.balance()).await?;
        // A payment under way will want to be counted somewhere.
        let payments = tx.counter_held(ledger::payments_into(campaign.id)).await?;
        if payments == 0 && tx.scan(moved).await?.is_empty() {
            Picture::drop(tx, campaign.picture).await?;
            tx.remove(&campaign)?;
        } else {
            campaign.go(CampaignState::Cancelled)?;
            campaign.closed_at = Some(tx.now());
            refund(tx, &campaign).await?;
            tx.put(&campaign)?;
        }
        tx.happened([about(campaign.id)], json!({}));
        Ok(())
    }
}

/// Tells the makers of open offers that the words of a campaign changed, a hundred at a time.
#[derive(Clone, Debug)]
pub struct TellVoidedOffers {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for TellVoidedOffers {
    type Output = ();
    const ACTION: Action = Action::TellVoidedOffers;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut campaign: Campaign = tx.fetch_at(Campaign::at(self.campaign)).await?;
        let Some(told) = campaign.untold_after else { return Ok(()) };
        let mut open = Request::open_in(campaign.id).range();
        open.from = crate::store::Key([Request::open_in(campaign.id).id(told).key().0, vec![0]].concat());
        open.limit = PageRequest::MOST;
        let ids: Vec<Uuid> = tx.scan(open).await?.iter().filter_map(|(key, _)| key.last_id()).collect();
        campaign.untold_after = ids.last().copied().filter(|_| ids.len() == PageRequest::MOST);
        for id in ids {
            let request: Request = tx.fetch_at(Request::at(id.into())).await?;
            if request.is_open_for(tx.now(), &campaign) && request.wording < campaign.wording {
                let about = crate::request::about(request.id);
                message::line(tx, request.pair(), SystemLine::OfferVoided, about.clone(), json!({})).await?;
                tx.tell(request.maker(), Notice::OfferVoided, about, json!({}));
            }
        }
        tx.put(&campaign)?;
        tx.happened([about(campaign.id)], json!({}));
        Ok(())
    }
}
