//! Every campaign there is, as admins see them.

use super::{Campaign, CampaignMoney, CampaignView};
use crate::{
    Operation, Page, PageRequest, Result, Tx,
    policy::{Action, Subject},
    store::keys::list,
};

/// Lists all campaigns, the newest first, with their money.
#[derive(Clone, Debug, Default)]
pub struct ListAllCampaigns {
    /// Only those that are flagged.
    pub flagged: bool,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListAllCampaigns {
    type Output = Page<CampaignView>;
    const ACTION: Action = Action::ListAllCampaigns;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<CampaignView>> {
        tx.allow(&Subject::PLATFORM)?;
        let of = list(if self.flagged { "campaigns-flagged" } else { "campaigns" });
        let page = tx.page_of::<Campaign>(of, &self.page, |id| Campaign::at(id.into())).await?;
        tx.load(&page.items.iter().flat_map(|campaign| CampaignMoney::keys(campaign.id)).collect::<Vec<_>>()).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for campaign in page.items {
            items.push(CampaignView::of(tx, campaign).await?);
        }
        Ok(Page { items, next: page.next })
    }
}
