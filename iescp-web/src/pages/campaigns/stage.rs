//! What is done to a campaign with a button: from state to state, and flags.

use super::{confirm, form, show};
use crate::pages::{Answer, Visit, Wrongs};
use crate::text::campaigns as t;
use iescp_core::campaign::{
    CancelCampaign, CompleteCampaign, FlagCampaign, PauseCampaign, PublishCampaign, RemoveCampaign, ResumeCampaign,
    UnflagCampaign,
};
use iescp_core::id::CampaignId;
use iescp_core::{Error, Operation};
use serde::{Serialize, de::DeserializeOwned};

/// Does something; says so on the campaign's page, or there why not.
async fn does<O>(visit: &Visit, operation: O, said: &str) -> Answer
where
    O: Operation,
    O::Output: Serialize + DeserializeOwned,
{
    visit.me()?;
    let campaign: CampaignId = visit.id()?;
    match visit.run_once(operation).await {
        Ok(_) => Ok(visit.go_saying(&format!("/campaigns/{campaign}"), said)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let page = show::page(visit, campaign, &wrong).await?;
            Ok(visit.show_wrong(page, &wrong))
        }
    }
}

/// `POST /campaigns/{id}/publish`. What is missing is asked for in the form.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn publish(visit: Visit) -> Answer {
    let campaign: CampaignId = visit.id()?;
    match visit.run_once(PublishCampaign { campaign }).await {
        Err(error @ Error::Invalid(_)) => form::incomplete(&visit, campaign, error).await,
        Ok(_) => Ok(visit.go_saying(&format!("/campaigns/{campaign}"), t::PUBLISHED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let page = show::page(&visit, campaign, &wrong).await?;
            Ok(visit.show_wrong(page, &wrong))
        }
    }
}

/// `POST /campaigns/{id}/pause`.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn pause(visit: Visit) -> Answer {
    does(&visit, PauseCampaign { campaign: visit.id()? }, t::PAUSED).await
}

/// `POST /campaigns/{id}/resume`.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn resume(visit: Visit) -> Answer {
    does(&visit, ResumeCampaign { campaign: visit.id()? }, t::RESUMED).await
}

/// `POST /campaigns/{id}/complete`.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn complete(visit: Visit) -> Answer {
    does(&visit, CompleteCampaign { campaign: visit.id()? }, t::COMPLETED).await
}

/// `POST /campaigns/{id}/cancel`.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn cancel(visit: Visit) -> Answer {
    does(&visit, CancelCampaign { campaign: visit.id()? }, t::CANCELLED).await
}

/// `POST /campaigns/{id}/remove`.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn removed(visit: Visit) -> Answer {
    let campaign: CampaignId = visit.id()?;
    match visit.run_once(RemoveCampaign { campaign, version: None }).await {
        Ok(()) => Ok(visit.go_saying("/campaigns", t::REMOVED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let page = show::page(&visit, campaign, &wrong).await?;
            Ok(visit.show_wrong(page, &wrong))
        }
    }
}

/// `POST /campaigns/{id}/flag`.
///
/// # Errors
/// For all but admins; a failing store.
pub async fn flagged(visit: Visit) -> Answer {
    let campaign: CampaignId = visit.id()?;
    match visit.run_once(FlagCampaign { campaign, reason: visit.sent().text("reason") }).await {
        Ok(_) => Ok(visit.go_saying(&format!("/campaigns/{campaign}"), t::FLAGGED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let page = confirm::flag_page(&visit, &wrong).await?;
            Ok(visit.show_wrong(page, &wrong))
        }
    }
}

/// `POST /campaigns/{id}/unflag`.
///
/// # Errors
/// For all but admins; a failing store.
pub async fn unflag(visit: Visit) -> Answer {
    does(&visit, UnflagCampaign { campaign: visit.id()? }, t::UNFLAGGED).await
}
