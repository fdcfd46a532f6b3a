//! What stories of deals begin with: a campaign with money in it, an offer on the table, work agreed.
#![allow(dead_code)]

use crate::browser::{Browser, Seen};
use crate::house::House;
use iescp_core::Actor;
use iescp_core::campaign::{CampaignChanges, CampaignInput, DraftCampaign, PublishCampaign};
use iescp_core::id::CampaignId;
use iescp_core::ledger::{FundCampaign, fund};

/// A published campaign with its whole budget, in minor units, paid in.
pub async fn campaign(house: &House, sponsor: &Browser<'_>, budget: i64) -> CampaignId {
    let rest = CampaignChanges {
        goals: Some("Show the tea to those who drink coffee.".into()),
        dos: Some("Film the steam.".into()),
        niches: Some(vec!["food".into()]),
        start: Some(house.day(0)),
        end: Some(house.day(60)),
        budget: Some(budget),
        label: Some("Ad".into()),
        ..CampaignChanges::default()
    };
    let drafted = house.run(sponsor.id, DraftCampaign { input: CampaignInput { title: "Tea for all".into(), rest } }).await;
    let campaign = drafted.campaign.id;
    let order = FundCampaign { campaign, amount: budget };
    fund(&house.platform, &Actor::account(sponsor.id.into()), None, order).await.unwrap();
    house.run(sponsor.id, PublishCampaign { campaign }).await;
    campaign
}

/// Applies with one reel for so much; what the page shows then.
pub async fn apply(house: &House, influencer: &mut Browser<'_>, campaign: CampaignId, amount: &str) -> Seen {
    let path = format!("/campaigns/{campaign}/apply");
    let form = influencer.get(&path).await;
    let values = [
        ("amount", amount),
        ("due", &house.day(20)),
        ("deliverables/0/format", "reel"),
        ("deliverables/0/platform", "instagram"),
        ("note", "With pleasure."),
    ];
    influencer.send(&form, &path, &values).await
}

/// Applies, and the sponsor signs at once: the path of the collaboration.
pub async fn agreed(house: &House, sponsor: &mut Browser<'_>, influencer: &mut Browser<'_>, amount: &str) -> String {
    let campaign = campaign(house, sponsor, 500_000).await;
    let request = apply(house, influencer, campaign, amount).await.path;
    let accept = format!("{request}/accept");
    let form = sponsor.get(&accept).await;
    sponsor.send(&form, &accept, &[("signed", "Sam Sponsor")]).await.path
}

/// Delivers a link; what the page shows then.
pub async fn deliver(influencer: &mut Browser<'_>, work: &str) -> Seen {
    let submit = format!("{work}/submit");
    let form = influencer.get(&submit).await;
    influencer.send(&form, &submit, &[("works/0/0", "https://example.com/reel/1"), ("label_shown", "yes")]).await
}

/// Opens the page of a deed and sends its form.
pub async fn does(who: &mut Browser<'_>, work: &str, deed: &str, values: &[(&str, &str)]) -> Seen {
    let path = format!("{work}/{deed}");
    let form = who.get(&path).await;
    who.send(&form, &path, values).await
}
