//! Every campaign there is, as admins see them.

use super::{Campaign, CampaignView, view::money_too};
use crate::{
    Likely, Operation, Page, PageRequest, Result, Tx,
    policy::{Action, Subject},
    store::{
        Read,
        keys::{KeyParts, list},
    },
};

/// Lists all campaigns, the newest first, with their money.
#[derive(Clone, Debug, Default)]
pub struct ListAllCampaigns {
    /// Only those that are flagged.
    pub flagged: bool,
    /// Which page.
    pub page: PageRequest,
}

impl ListAllCampaigns {
    fn of(&self) -> KeyParts {
        list(if self.flagged { "campaigns-flagged" } else { "campaigns" })
    }
}

impl Operation for ListAllCampaigns {
    type Output = Page<CampaignView>;
    const ACTION: Action = Action::ListAllCampaigns;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        self.page.ahead(self.of())
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<CampaignView>> {
        tx.allow(&Subject::PLATFORM)?;
        let ids = tx.page_of_ids(self.of(), &self.page).await?.items;
        tx.load(&ids.into_iter().flat_map(|id| money_too(id.into())).collect::<Vec<_>>()).await?;
        let page = tx.page_of::<Campaign>(self.of(), &self.page, |id| Campaign::at(id.into())).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for campaign in page.items {
            items.push(CampaignView::of(tx, campaign).await?);
        }
        Ok(Page { items, next: page.next })
    }
}
