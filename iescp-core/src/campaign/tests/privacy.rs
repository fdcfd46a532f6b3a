//! To whom a campaign is known.

use super::*;

#[tokio::test]
async fn a_draft_is_seen_by_its_sponsor_and_admins_alone() {
    let market = Market::open();
    let pending = market.account(Role::Sponsor, AccountState::Pending).await;
    let (other, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let campaign = market.draft(&pending, 1000).await;
    for (who, seen) in
        [(None, false), (Some(&other), false), (Some(&influencer), false), (Some(&pending), true), (Some(&admin), true)]
    {
        assert_eq!(sees(&market, who, campaign).await, seen, "{who:?}");
    }
    assert_eq!(code(market.run(&other, budget(campaign, 5)).await), "not_found");
    assert_eq!(code(market.run(&influencer, Apply { campaign, offer: offer(1) }).await), "not_found");
    assert_eq!(code(market.publish(&pending, campaign).await), "forbidden", "a sponsor who waits for approval");
    market.sound().await;
}

#[tokio::test]
async fn a_private_campaign_is_known_to_those_it_concerns_alone() {
    let market = Market::open();
    let (sponsor, admin) = (market.sponsor().await, market.admin().await);
    let (invited, working, stranger) = (market.influencer().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    market.run(&sponsor, private(campaign)).await.unwrap();
    let invitation = market.invite(&sponsor, campaign, &invited, 100).await;
    let accepted = market.invite(&sponsor, campaign, &working, 100).await;
    market.accept(&working, accepted, 1).await.unwrap();
    let other = market.sponsor().await;
    for (who, seen) in [
        (None, false),
        (Some(&stranger), false),
        (Some(&other), false),
        (Some(&sponsor), true),
        (Some(&admin), true),
        (Some(&invited), true),
        (Some(&working), true),
    ] {
        assert_eq!(sees(&market, who, campaign).await, seen, "{who:?}");
    }
    assert_eq!(code(market.run(&stranger, Apply { campaign, offer: offer(1) }).await), "not_found");
    assert_eq!(market.run(&invited, ViewCampaign { campaign }).await.unwrap().money, None, "its money is its sponsor's affair");
    market.run(&sponsor, WithdrawRequest { request: invitation, reason: String::new() }).await.unwrap();
    assert!(!sees(&market, Some(&invited), campaign).await, "a withdrawn invitation hides it again");
    market.sound().await;
}

#[tokio::test]
async fn who_has_applied_reads_on_when_the_campaign_turns_private_until_the_request_is_over() {
    let market = Market::open();
    let (sponsor, applied, other) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let request = market.apply(&applied, campaign, 100).await;
    market.run(&sponsor, private(campaign)).await.unwrap();
    assert_eq!(code(market.run(&other, ViewCampaign { campaign }).await), "not_found");
    market.run(&applied, ViewCampaign { campaign }).await.unwrap();
    assert_ne!(market.run(&applied, ViewRequest { request }).await.unwrap().campaign_title, "");
    market.run(&applied, WithdrawRequest { request, reason: String::new() }).await.unwrap();
    assert_eq!(code(market.run(&applied, ViewCampaign { campaign }).await), "not_found");
    market.sound().await;
}

#[tokio::test]
async fn a_withdrawn_or_expired_invitation_hides_what_a_private_campaign_is_called_now() {
    let market = Market::open();
    let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    market.run(&sponsor, private(campaign)).await.unwrap();
    let withdrawn = market.invite(&sponsor, campaign, &one, 100).await;
    market.invite(&sponsor, campaign, &two, 100).await;
    market.run(&sponsor, WithdrawRequest { request: withdrawn, reason: String::new() }).await.unwrap();
    market.clock.advance(jiff::SignedDuration::from_hours(7 * 24));
    let renamed = CampaignChanges { title: Some("A secret plan".into()), ..CampaignChanges::default() };
    market.run(&sponsor, edit(campaign, renamed)).await.unwrap();
    for influencer in [&one, &two] {
        assert!(!sees(&market, Some(influencer), campaign).await);
        let listed = market.run(influencer, ListRequests { state: None, page: PageRequest::default() }).await.unwrap();
        assert_eq!(listed.items[0].campaign_title, "");
        let viewed = market.run(influencer, ViewRequest { request: listed.items[0].request.id }).await.unwrap();
        assert_eq!(viewed.campaign_title, "");
    }
    let mine = market.run(&sponsor, ViewRequest { request: withdrawn }).await.unwrap();
    assert_eq!(mine.campaign_title, "A secret plan");
    market.sound().await;
}

#[tokio::test]
async fn the_campaigns_of_a_suspended_sponsor_are_not_listed() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    assert!(sees(&market, Some(&influencer), campaign).await);
    market.set_state(&sponsor, AccountState::Suspended).await;
    assert!(!sees(&market, Some(&influencer), campaign).await);
    assert_eq!(code(market.run(&influencer, Apply { campaign, offer: offer(1) }).await), "not_found");
}
