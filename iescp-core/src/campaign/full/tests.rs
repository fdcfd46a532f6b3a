use super::*;
use crate::{
    Actor, Settings,
    account::{Account, Influencer, Sponsor, ViewInfluencerInFull, ViewSponsorInFull},
    campaign::PauseCampaign,
    collaboration::{ApproveWork, LeaveReview},
    discovery::{SearchCampaigns, SearchInfluencers},
    fixture::{Counted, Market, code},
    shortlist::{AddToShortlist, ListShortlistsFor, MakeShortlist, ViewShortlistInFull},
    value::{Line, SocialPlatform},
};
use std::sync::atomic::{AtomicUsize, Ordering};

async fn profiles(market: &Market, sponsor: &Account, influencers: &[&Account]) {
    let company = Line::parse("Leaf").unwrap();
    let verified = Some(crate::account::Verified {
        by: sponsor.id,
        at: "2026-03-01T12:00:00Z".parse().unwrap(),
        checked: Line::parse("Register").unwrap(),
    });
    market
        .put(&Sponsor { account: sponsor.id, company, industry: None, website: None, description: Default::default(), verified })
        .await;
    for influencer in influencers {
        let channel = crate::account::Channel {
            platform: SocialPlatform::Blog,
            handle: Line::parse("ana").unwrap(),
            url: None,
            followers: 10,
            engagement_rate: None,
        };
        market
            .put(&Influencer {
                account: influencer.id,
                display_name: Line::parse("Ana").unwrap(),
                bio: Default::default(),
                location: None,
                languages: Vec::new(),
                niches: vec!["food".into()],
                channels: vec![channel],
                rate_card: Default::default(),
            })
            .await;
    }
}

fn number(requests: &[(RequestState, i64)], wanted: RequestState) -> i64 {
    requests.iter().find(|(state, _)| *state == wanted).unwrap().1
}

#[tokio::test]
async fn a_campaign_in_full_shows_each_what_concerns_them() {
    let market = Market::open();
    let (sponsor, ana, ben, admin) =
        (market.sponsor().await, market.influencer().await, market.influencer().await, market.admin().await);
    profiles(&market, &sponsor, &[]).await;
    let campaign = market.campaign(&sponsor, 1000).await;
    let request = market.apply(&ana, campaign, 100).await;
    market.agree(&sponsor, &ben, campaign, 200).await;
    for who in [&sponsor, &admin] {
        let full = market.run(who, ViewCampaignInFull { campaign }).await.unwrap();
        assert_eq!(number(&full.requests, RequestState::Open), 1);
        assert_eq!(number(&full.requests, RequestState::Accepted), 1);
        assert_eq!((full.running, full.mine, &*full.sponsor.company, full.sponsor.verified), (1, None, "Leaf", true));
        assert_eq!(full.view.money.unwrap().held.0, 200);
    }
    let full = market.run(&ana, ViewCampaignInFull { campaign }).await.unwrap();
    assert_eq!((full.mine, full.requests.len(), full.running, full.view.money), (Some(request), 0, 0, None));
    let visitor = market.platform.run(&Actor::visitor(), ViewCampaignInFull { campaign }).await.unwrap();
    assert_eq!((visitor.mine, visitor.requests.len()), (None, 0));
    market.run(&sponsor, PauseCampaign { campaign }).await.unwrap();
    assert_eq!(code(market.platform.run(&Actor::visitor(), ViewCampaignInFull { campaign }).await), "not_found");
    market.sound().await;
}

#[tokio::test]
async fn ones_own_campaigns_are_counted_by_state() {
    let market = Market::open();
    let (sponsor, other) = (market.sponsor().await, market.sponsor().await);
    market.campaign(&other, 5).await;
    let (draft, open) = (market.draft(&sponsor, 10).await, market.campaign(&sponsor, 20).await);
    let own = market.run(&sponsor, ListOwnCampaignsInFull::default()).await.unwrap();
    let counted = |wanted| own.states.iter().find(|(state, _)| *state == wanted).unwrap().1;
    assert_eq!((counted(CampaignState::Draft), counted(CampaignState::Active), counted(CampaignState::Paused)), (1, 1, 0));
    assert_eq!(own.campaigns.items.iter().map(|one| one.view.campaign.id).collect::<Vec<_>>(), [open, draft]);
    let drafts = ListOwnCampaignsInFull { state: Some(CampaignState::Draft), ..Default::default() };
    assert_eq!(market.run(&sponsor, drafts).await.unwrap().campaigns.items.len(), 1);
    let influencer = market.influencer().await;
    assert_eq!(code(market.run(&influencer, ListOwnCampaignsInFull::default()).await), "forbidden");
}

async fn cost<O: Operation>(market: &Market, reads: &AtomicUsize, by: &Account, operation: O) -> usize {
    let before = reads.load(Ordering::Relaxed);
    market.run(by, operation).await.unwrap();
    reads.load(Ordering::Relaxed) - before
}

#[tokio::test]
async fn what_pages_show_costs_few_round_trips_however_much_there_is() {
    let (store, reads) = Counted::new();
    let market = Market::over(store, Settings::default());
    let (sponsor, ana, ben) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    profiles(&market, &sponsor, &[&ana, &ben]).await;
    let mut campaign = market.campaign(&sponsor, 1000).await;
    for _ in 0..3 {
        campaign = market.campaign(&sponsor, 1000).await;
        let collaboration = market.agree(&sponsor, &ana, campaign, 100).await;
        market.submit(&ana, collaboration).await.unwrap();
        market.run(&sponsor, ApproveWork { collaboration }).await.unwrap();
        for who in [&sponsor, &ana] {
            market.run(who, LeaveReview { collaboration, rating: 5, text: "Good.".into() }).await.unwrap();
        }
    }
    let shortlist = market.run(&sponsor, MakeShortlist { name: "Summer".into() }).await.unwrap().id;
    for influencer in [ana.id, ben.id] {
        market.run(&sponsor, AddToShortlist { shortlist, influencer, note: String::new() }).await.unwrap();
    }
    let page = PageRequest::default;
    market.run(&sponsor, SearchInfluencers::default()).await.unwrap();
    market.run(&sponsor, SearchCampaigns::default()).await.unwrap();
    // One more than each page's own: who asks.
    let costs = [
        ("one campaign", 4, cost(&market, &reads, &ana, ViewCampaignInFull { campaign }).await),
        ("own campaigns", 4, cost(&market, &reads, &sponsor, ListOwnCampaignsInFull::default()).await),
        ("an influencer", 5, cost(&market, &reads, &sponsor, ViewInfluencerInFull { account: ana.id, page: page() }).await),
        ("a sponsor", 5, cost(&market, &reads, &ana, ViewSponsorInFull { account: sponsor.id, page: page() }).await),
        ("a shortlist", 4, cost(&market, &reads, &sponsor, ViewShortlistInFull { shortlist, page: page() }).await),
        ("shortlists", 4, cost(&market, &reads, &sponsor, ListShortlistsFor { influencer: ana.id, page: page() }).await),
        ("found campaigns", 3, cost(&market, &reads, &ana, SearchCampaigns::default()).await),
        ("found influencers", 2, cost(&market, &reads, &sponsor, SearchInfluencers::default()).await),
    ];
    let dear: Vec<_> = costs.into_iter().filter(|(_, most, cost)| cost > most).collect();
    assert!(dear.is_empty(), "name, allowed, taken: {dear:?}");
}
