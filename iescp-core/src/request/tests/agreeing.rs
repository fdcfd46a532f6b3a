//! What an acceptance needs, and what it freezes.

use super::*;

#[tokio::test]
async fn the_work_of_an_offer_must_lie_ahead_when_it_is_accepted() {
    let t = Table::laid().await;
    let soon = t.apply_with(|offer| offer.due = "2026-03-03".into());
    let request = t.market.run(&t.influencer, soon).await.unwrap().request.id;
    t.market.clock.set("2026-03-03T23:59:59Z".parse().unwrap());
    let other = t.market.influencer().await;
    let own = t.apply_with(|offer| offer.deliverables[0].due = Some("2026-03-03".into()));
    let own = t.market.run(&other, own).await.unwrap().request.id;
    t.market.clock.set("2026-03-04T00:00:00Z".parse().unwrap());
    assert_eq!(code(t.market.accept(&t.sponsor, request, 1).await), "due_past");
    assert_eq!(code(t.market.accept(&t.sponsor, own, 1).await), "due_past");
    t.market.run(&t.influencer, t.amend(request, 100)).await.unwrap();
    t.market.accept(&t.sponsor, request, 2).await.unwrap();
    t.market.sound().await;
}

#[tokio::test]
async fn an_agreement_freezes_what_was_agreed_under_a_number_and_a_hash() {
    let t = Table::laid().await;
    let mut works = Vec::new();
    for _ in 0..3 {
        let influencer = t.market.influencer().await;
        works.push(t.market.agree(&t.sponsor, &influencer, t.campaign, 100).await);
    }
    let edited = crate::campaign::CampaignChanges {
        label: Some("Paid partnership".into()),
        goals: Some("Else.".into()),
        ..Default::default()
    };
    t.market
        .run(&t.sponsor, crate::campaign::EditCampaign { campaign: t.campaign, changes: edited, version: None })
        .await
        .unwrap();
    for (number, collaboration) in (1..).zip(&works) {
        let agreement = t.market.run(&t.sponsor, ViewAgreement { collaboration: *collaboration }).await.unwrap();
        assert_eq!((agreement.number, &*agreement.label, &*agreement.brief.goals), (number, "Ad", "Be seen."));
        assert_eq!(&*agreement.sponsor_signed.name, "A. Person");
        assert!(agreement.influencer_signed.name.starts_with("influencer-"), "the name of the profile if none is typed");
        assert_eq!(agreement.computed_hash().unwrap(), agreement.hash);
        let forged = Agreement { amount: crate::value::Money(101), ..agreement };
        assert_ne!(forged.computed_hash().unwrap(), forged.hash);
    }
    let stranger = t.market.influencer().await;
    assert_eq!(code(t.market.run(&stranger, ViewAgreement { collaboration: works[0] }).await), "not_found");
    let unsigned = t.market.apply(&t.influencer, t.campaign, 100).await;
    let blank = AcceptOffer { request: unsigned, offer: 1, signed: "  ".into() };
    assert_eq!(code(t.market.run(&t.sponsor, blank).await), "required");
    t.market.sound().await;
}

#[tokio::test]
async fn both_parties_must_be_active_to_agree() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.set_state(&t.influencer, AccountState::Suspended).await;
    assert_eq!(code(t.market.accept(&t.sponsor, request, 1).await), "party_inactive");
    assert_eq!(code(t.market.run(&t.influencer, t.withdraw(request)).await), "signed_out");
    t.market.set_state(&t.influencer, AccountState::Active).await;
    t.market.accept(&t.sponsor, request, 1).await.unwrap();
    t.market.sound().await;
}

#[tokio::test]
async fn a_pause_or_flag_stops_acceptance_and_not_the_talk() {
    let t = Table::laid().await;
    let admin = t.market.admin().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.run(&t.sponsor, PauseCampaign { campaign: t.campaign }).await.unwrap();
    t.market.run(&t.sponsor, t.counter(request, 1, 90)).await.unwrap();
    assert_eq!(code(t.market.accept(&t.influencer, request, 2).await), "campaign_paused");
    t.market.run(&t.sponsor, ResumeCampaign { campaign: t.campaign }).await.unwrap();
    t.market.run(&admin, FlagCampaign { campaign: t.campaign, reason: "odd".into() }).await.unwrap();
    assert_eq!(code(t.market.accept(&t.influencer, request, 2).await), "campaign_flagged");
    t.market.run(&t.influencer, t.reject(request, 2)).await.unwrap();
    t.market.sound().await;
}
