//! What somebody needs before they ask.

use super::Request;
use crate::{
    Likely, Operation, Result, Tx,
    account::Influencer,
    campaign::Campaign,
    id::{CampaignId, RequestId},
    policy::Action,
    store::Read,
};
use serde::{Deserialize, Serialize};

/// What an influencer needs before they apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The campaign.
    pub campaign: Campaign,
    /// The influencer's profile, with what they usually ask.
    pub influencer: Option<Influencer>,
    /// The request that is open between the two already.
    pub open: Option<RequestId>,
}

/// Shows an influencer what they need before they apply to a campaign.
#[derive(Clone, Debug)]
pub struct PrepareApplication {
    /// To which campaign.
    pub campaign: CampaignId,
}

impl Operation for PrepareApplication {
    type Output = Prepared;
    const ACTION: Action = Action::ViewCampaign;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let (campaign, me) = (self.campaign, asker.account);
        Read::all([
            Campaign::at(campaign),
            Influencer::at(me),
            Request::open_for(campaign, me),
            Campaign::collaborations_with(campaign, me),
        ])
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Prepared> {
        let me = tx.my_id()?;
        let open = Request::open_for(self.campaign, me);
        tx.load(&[Campaign::at(self.campaign), Influencer::at(me), open.clone()]).await?;
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        let open = match tx.led_to::<RequestId>(open).await? {
            Some(id) => tx.peek_at::<Request>(Request::at(id)).await?.filter(|request| request.is_open_for(tx.now(), &campaign)),
            None => None,
        };
        Ok(Prepared { campaign, influencer: tx.peek_at(Influencer::at(me)).await?, open: open.map(|request| request.id) })
    }
}
