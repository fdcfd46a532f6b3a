//! What each operation asks of the store: counted, not timed.

use benches::{account, admin, campaign, counted::Counted, platform};
use iescp_core::{
    Actor, Operation, PageRequest, Platform,
    campaign::{DraftCampaign, PublishCampaign, ViewCampaign},
    collaboration::{ApproveWork, LeaveReview, SubmitWork, SubmittedWorkInput, ViewCollaboration},
    discovery::{CampaignSearch, InfluencerSearch, SearchCampaigns, SearchInfluencers},
    id::AccountId,
    message::{ReadThread, SendMessage},
    notification::ListNotifications,
    report::ViewHome,
    request::{AcceptOffer, Apply, CounterOffer, DeliverableInput, ListRequests, OfferInput, ViewRequest},
    store::{MemoryStore, Store},
};
use std::{error::Error, sync::Arc};

/// What an operation costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The operation's name.
    pub name: &'static str,
    /// How often each account does it in a day, on average over all accounts, of which a fifth come on a day. An assumption.
    pub a_day: f64,
    /// Round trips that read.
    pub trips: usize,
    /// Pairs found.
    pub found: usize,
    /// Their bytes.
    pub found_bytes: usize,
    /// Commits.
    pub commits: usize,
    /// Rows written.
    pub rows: usize,
    /// Their bytes.
    pub bytes: usize,
}

/// A platform whose store counts.
struct Counter {
    platform: Platform,
    store: Arc<Counted<MemoryStore>>,
    costs: Vec<Cost>,
}

impl Counter {
    async fn cost<O: Operation>(
        &mut self,
        name: &'static str,
        a_day: f64,
        who: AccountId,
        operation: O,
    ) -> Result<O::Output, Box<dyn Error>> {
        self.platform.warm().await?;
        let (before, _) = (self.store.latest(), self.store.take());
        let output = self.platform.run(&Actor::account(who), operation).await?;
        let noted = self.store.take();
        let written = self.store.written_after(before).await?;
        self.costs.push(Cost {
            name,
            a_day,
            trips: noted.trips.len(),
            found: noted.found,
            found_bytes: noted.found_bytes,
            commits: noted.commits,
            rows: written.len(),
            bytes: written.iter().map(|(key, value)| key.len() + value.len()).sum(),
        });
        Ok(output)
    }
}

fn reel(amount: i64) -> OfferInput {
    let work = DeliverableInput { format: "reel".into(), platform: "instagram".into(), count: 1, due: None };
    OfferInput { amount, deliverables: vec![work], due: "2030-06-01".into(), ..OfferInput::default() }
}

/// Everything people do often, in a market of some dozens.
pub async fn counted() -> Result<Vec<Cost>, Box<dyn Error>> {
    let store = Arc::new(Counted::over(MemoryStore::new()));
    let platform = platform(Arc::clone(&store) as Arc<dyn Store>)?;
    let admin = admin(&platform).await?;
    let sponsor = account(&platform, admin, "sponsor", "sponsor").await?;
    let mut influencers = Vec::new();
    for number in 0..30 {
        influencers.push(account(&platform, admin, "influencer", &format!("influencer-{number}")).await?);
    }
    let influencer = influencers.first().copied().ok_or("nobody is there")?;
    let campaign = campaign(&platform, sponsor, "Quiet shoes").await?;
    for other in influencers.iter().skip(1).take(10) {
        platform.run(&Actor::account(*other), Apply { campaign, offer: reel(30_000) }).await?;
    }
    let mut at = Counter { platform, store, costs: Vec::new() };
    let page = PageRequest::default;

    let input = benches::campaign_input("Another");
    let drafted = at.cost("DraftCampaign", 0.003, sponsor, DraftCampaign { input }).await?.campaign.id;
    at.cost("PublishCampaign", 0.003, sponsor, PublishCampaign { campaign: drafted }).await?;
    at.cost("SearchCampaigns", 0.4, influencer, SearchCampaigns { search: CampaignSearch::default(), page: page() }).await?;
    at.cost("SearchInfluencers", 0.2, sponsor, SearchInfluencers { search: InfluencerSearch::default(), page: page() }).await?;
    at.cost("ViewCampaign", 0.5, influencer, ViewCampaign { campaign }).await?;
    let request = at.cost("Apply", 0.05, influencer, Apply { campaign, offer: reel(40_000) }).await?.request.id;
    at.cost("CounterOffer", 0.03, sponsor, CounterOffer { request, offer: 1, terms: reel(35_000) }).await?;
    at.cost("ViewRequest", 0.3, influencer, ViewRequest { request }).await?;
    at.cost("ListRequests", 0.2, sponsor, ListRequests { state: None, page: page() }).await?;
    at.cost(
        "SendMessage",
        0.2,
        sponsor,
        SendMessage { to: influencer, text: "Would you show our shoes in your next film?".into() },
    )
    .await?;
    at.cost("ReadThread", 0.3, influencer, ReadThread { with: sponsor, of: None, page: page() }).await?;
    at.cost("ListNotifications", 0.2, influencer, ListNotifications::default()).await?;
    at.cost("ViewHome", 0.3, influencer, ViewHome::default()).await?;
    let accepted =
        at.cost("AcceptOffer", 0.01, influencer, AcceptOffer { request, offer: 2, signed: "Ines Example".into() }).await?;
    let collaboration = accepted.collaboration.ok_or("an acceptance begins a collaboration")?;
    let works = vec![SubmittedWorkInput { deliverable: 0, url: "https://example.com/reel/1".into() }];
    let work = SubmitWork { collaboration, works, note: String::new(), label_shown: true, proofs: Vec::new() };
    at.cost("SubmitWork", 0.01, influencer, work).await?;
    at.cost("ViewCollaboration", 0.15, sponsor, ViewCollaboration { collaboration }).await?;
    at.cost("ApproveWork", 0.01, sponsor, ApproveWork { collaboration }).await?;
    at.cost("LeaveReview", 0.01, sponsor, LeaveReview { collaboration, rating: 5, text: "Lovely.".into() }).await?;
    Ok(at.costs)
}
