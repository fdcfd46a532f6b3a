//! How a campaign goes from state to state, and ends.

use super::{
    Campaign, CampaignState, about,
    budget::{plan, refund},
    input::require_publishable,
    view::CampaignView,
};
use crate::{
    Error, Operation, PageRequest, Result, Tx,
    id::CampaignId,
    notification::Notice,
    policy::{Action, Subject},
    request::Request,
    value::{Form, Money},
};
use serde_json::json;

/// Makes a draft take requests.
#[derive(Clone, Debug)]
pub struct PublishCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for PublishCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::PublishCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        let mut campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        if campaign.state != CampaignState::Draft {
            return Err(Error::not_now("campaign_state", format!("This campaign is {} already.", campaign.state.word())));
        }
        require_publishable(&campaign, tx.settings().day_of(tx.now()))?;
        campaign.go(CampaignState::Active)?;
        campaign.published_at = Some(tx.now());
        plan(tx, &campaign, Money::ZERO)?;
        tx.put(&campaign)?;
        tx.happened([about(campaign.id)], json!({ "state": campaign.state }));
        CampaignView::of(tx, campaign).await
    }
}

/// Stops a campaign from taking requests for a while.
#[derive(Clone, Debug)]
pub struct PauseCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for PauseCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::PauseCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        go_to(tx, self.campaign, CampaignState::Paused).await
    }
}

/// Lets a paused campaign take requests again.
#[derive(Clone, Debug)]
pub struct ResumeCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for ResumeCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::ResumeCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        go_to(tx, self.campaign, CampaignState::Active).await
    }
}

async fn go_to(tx: &mut Tx<'_>, campaign: CampaignId, to: CampaignState) -> Result<CampaignView> {
    let mut campaign = Campaign::fetch_seen(tx, campaign).await?;
    if campaign.state == CampaignState::Draft {
        return Err(Error::not_now("campaign_state", "This campaign is a draft. Publish it first."));
    }
    campaign.go(to)?;
    if campaign.is_past(tx.now()) {
        return Err(Error::not_now("campaign_ended", "The last day of this campaign is over."));
    }
    tx.put(&campaign)?;
    tx.happened([about(campaign.id)], json!({ "state": campaign.state }));
    CampaignView::of(tx, campaign).await
}

/// Ends a campaign as completed, once its last collaboration has ended.
#[derive(Clone, Debug)]
pub struct CompleteCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for CompleteCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::CompleteCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        close(tx, campaign, CampaignState::Completed).await
    }
}

/// Ends a campaign as cancelled, once its last collaboration has ended.
#[derive(Clone, Debug)]
pub struct CancelCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for CancelCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::CancelCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        if campaign.state == CampaignState::Draft {
            let mut campaign = campaign;
            campaign.go(CampaignState::Cancelled)?;
            campaign.closed_at = Some(tx.now());
            refund(tx, &campaign).await?;
            tx.put(&campaign)?;
            tx.happened([about(campaign.id)], json!({ "state": campaign.state }));
            return CampaignView::of(tx, campaign).await;
        }
        close(tx, campaign, CampaignState::Cancelled).await
    }
}

/// Ends a campaign whose last day is over: the worker's.
#[derive(Clone, Debug)]
pub struct EndCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for EndCampaign {
    type Output = ();
    const ACTION: Action = Action::EndCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let campaign: Campaign = tx.fetch_at(Campaign::at(self.campaign)).await?;
        if matches!(campaign.state, CampaignState::Active | CampaignState::Paused) && campaign.is_past(tx.now()) {
            tx.tell(campaign.sponsor, Notice::CampaignEnded, about(campaign.id), json!({}));
            close(tx, campaign, CampaignState::Completed).await?;
        }
        Ok(())
    }
}

async fn close(tx: &mut Tx<'_>, mut campaign: Campaign, ending: CampaignState) -> Result<CampaignView> {
    if campaign.state == CampaignState::Draft {
        return Err(Error::not_now("campaign_state", "This campaign was never published. Remove the draft instead."));
    }
    campaign.go(CampaignState::Closing)?;
    campaign.ending = Some(ending);
    campaign.closed_at = Some(tx.now());
    campaign.requests_to_close = true;
    if tx.counter_held(Campaign::open_collaborations(campaign.id)).await? == 0 {
        finish(tx, &mut campaign).await?;
    }
    tx.put(&campaign)?;
    tx.happened([about(campaign.id)], json!({ "state": campaign.state, "ending": ending }));
    CampaignView::of(tx, campaign).await
}

/// Finishes a closing campaign if no collaboration is left. What ends a collaboration calls it, after putting the
/// collaboration and moving its money.
///
/// # Errors
/// If the store fails.
pub async fn settle_if_last(tx: &mut Tx<'_>, campaign: CampaignId) -> Result<()> {
    let mut campaign: Campaign = tx.fetch_at(Campaign::at(campaign)).await?;
    if campaign.state != CampaignState::Closing {
        return Ok(());
    }
    if tx.counter_held(Campaign::open_collaborations(campaign.id)).await? > 0 {
        return Ok(());
    }
    finish(tx, &mut campaign).await?;
    tx.put(&campaign)?;
    tx.concerns(about(campaign.id));
    Ok(())
}

async fn finish(tx: &mut Tx<'_>, campaign: &mut Campaign) -> Result<()> {
    let ending = campaign.ending.unwrap_or(CampaignState::Completed);
    campaign.go(ending)?;
    refund(tx, campaign).await
}

/// Writes off the open requests of a campaign that has ended, a hundred at a time: the worker's.
#[derive(Clone, Debug)]
pub struct CloseRequests {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for CloseRequests {
    type Output = ();
    const ACTION: Action = Action::CloseRequests;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut campaign: Campaign = tx.fetch_at(Campaign::at(self.campaign)).await?;
        if !campaign.requests_to_close {
            return Ok(());
        }
        let mut open = Request::open_in(campaign.id).range();
        open.limit = PageRequest::MOST;
        let ids: Vec<_> = tx.scan(open).await?.iter().filter_map(|(key, _)| key.last_id()).collect();
        let all = ids.len() < PageRequest::MOST;
        for id in ids {
            let mut request: Request = tx.fetch_at(Request::at(id.into())).await?;
            request.write_off(tx, "campaign ended").await?;
        }
        if all {
            campaign.requests_to_close = false;
            tx.put(&campaign)?;
        }
        tx.happened([about(campaign.id)], json!({}));
        Ok(())
    }
}

/// Keeps a campaign from taking new requests or acceptances, and from being listed.
#[derive(Clone, Debug)]
pub struct FlagCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Why: 1 to 1,000 characters; its sponsor reads it.
    pub reason: String,
}

impl Operation for FlagCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::FlagCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        let campaign = flag(tx, campaign, &self.reason)?;
        tx.happened([about(campaign.id)], json!({ "reason": &self.reason }));
        CampaignView::of(tx, campaign).await
    }
}

/// Flags a campaign, within an operation that was allowed to.
///
/// # Errors
/// If it is flagged already, or the reason is missing or too long.
pub fn flag(tx: &mut Tx<'_>, mut campaign: Campaign, reason: &str) -> Result<Campaign> {
    let mut form = Form::default();
    let reason = form.prose_said("reason", reason);
    form.finish()?;
    if campaign.flagged.is_some() {
        return Err(Error::not_now("flagged", "This campaign is flagged already."));
    }
    campaign.flagged = Some(reason);
    tx.put(&campaign)?;
    tx.tell(campaign.sponsor, Notice::CampaignFlagged, about(campaign.id), json!({}));
    Ok(campaign)
}

/// Takes the flag off a campaign.
#[derive(Clone, Debug)]
pub struct UnflagCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for UnflagCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::UnflagCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        let mut campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        if campaign.flagged.take().is_none() {
            return Err(Error::not_now("not_flagged", "This campaign is not flagged."));
        }
        tx.put(&campaign)?;
        tx.tell(campaign.sponsor, Notice::CampaignUnflagged, about(campaign.id), json!({}));
        tx.happened([about(campaign.id)], json!({}));
        CampaignView::of(tx, campaign).await
    }
}
