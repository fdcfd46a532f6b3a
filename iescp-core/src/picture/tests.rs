use super::*;
use crate::{
    Actor, Error, IdempotencyKey, Settings,
    account::{AccountState, CloseAccount},
    campaign::{CancelCampaign, RemoveCampaign},
    check::{self, Options},
    collaboration::{SubmitWork, SubmittedWorkInput, ViewCollaboration},
    fixture::{Market, code},
    platform::Platform,
};
use std::time::Duration;

/// What stands for a decoded picture.
fn image(bytes: usize) -> Image {
    Image { media_type: MediaType::Jpeg, small: vec![1; bytes / 2], large: vec![2; bytes - bytes / 2] }
}

async fn blobs(platform: &Platform) -> usize {
    platform.blobs().list(None, 1000).await.unwrap().len()
}

async fn put_own(market: &Market, account: &Account, bytes: usize) -> Result<PictureId> {
    let actor = Actor::account(account.id);
    let placed = place(&market.platform, &actor, None, image(bytes), |draft| PutOwnPicture { draft }).await?;
    Ok(placed.output.picture)
}

async fn put_campaign(market: &Market, sponsor: &Account, campaign: CampaignId) -> Result<PictureId> {
    let actor = Actor::account(sponsor.id);
    let placed = place(&market.platform, &actor, None, image(100), |draft| PutCampaignPicture { campaign, draft }).await?;
    Ok(placed.output.picture)
}

async fn prove(market: &Market, who: &Account, collaboration: CollaborationId) -> Result<PictureId> {
    let actor = Actor::account(who.id);
    let placed = place(&market.platform, &actor, None, image(100), |draft| AddProof { collaboration, draft }).await?;
    Ok(placed.output.picture)
}

async fn is_sound(market: &Market) {
    let report = check::check(&market.platform, &Actor::terminal(), Options::default(), &mut |_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

#[tokio::test]
async fn a_picture_is_seen_by_everyone_until_it_is_replaced_and_its_bytes_go_with_it() {
    let market = Market::open();
    let lena = market.influencer().await;
    let first = put_own(&market, &lena, 1000).await.unwrap();
    let seen = market.platform.run(&Actor::visitor(), ViewPicture { picture: first }).await.unwrap();
    assert!(seen.public && seen.picture.bytes == 1000);
    let bytes = market.platform.blobs().get(Size::Large.blob(first)).await.unwrap();
    assert_eq!(bytes.map(|bytes| bytes.len()), Some(500));
    let second = put_own(&market, &lena, 600).await.unwrap();
    assert_eq!(code(market.platform.run(&Actor::visitor(), ViewPicture { picture: first }).await), "not_found");
    assert_eq!((blobs(&market.platform).await, market.counter(Picture::bytes_of(lena.id)).await), (2, 600));
    assert!(market.platform.blobs().get(Size::Small.blob(second)).await.unwrap().is_some());
    is_sound(&market).await;
    market.run(&lena, RemoveOwnPicture).await.unwrap();
    market.run(&lena, RemoveOwnPicture).await.unwrap();
    assert_eq!((blobs(&market.platform).await, market.counter(Picture::bytes_of(lena.id)).await), (0, 0));
    is_sound(&market).await;
}

#[tokio::test]
async fn a_picture_is_seen_as_its_profile_is() {
    let market = Market::open();
    let (lena, tea, admin) = (market.influencer().await, market.sponsor().await, market.admin().await);
    let picture = put_own(&market, &lena, 100).await.unwrap();
    market.set_state(&lena, AccountState::Suspended).await;
    assert_eq!(code(market.platform.run(&Actor::visitor(), ViewPicture { picture }).await), "not_found");
    assert_eq!(code(market.run(&tea, ViewPicture { picture }).await), "not_found");
    assert!(!market.run(&admin, ViewPicture { picture }).await.unwrap().public);
    assert_eq!(code(put_own(&market, &admin, 100).await), "forbidden");
    assert_eq!(blobs(&market.platform).await, 2, "what was refused left bytes behind");
}

#[tokio::test]
async fn a_campaigns_picture_is_its_sponsors_to_change_and_is_seen_as_the_campaign_is() {
    let market = Market::open();
    let (tea, rival, lena) = (market.sponsor().await, market.sponsor().await, market.influencer().await);
    let campaign = market.draft(&tea, 1000).await;
    let picture = put_campaign(&market, &tea, campaign).await.unwrap();
    assert_eq!(code(put_campaign(&market, &rival, campaign).await), "not_found");
    for somebody in [&rival, &lena] {
        assert_eq!(code(market.run(somebody, ViewPicture { picture }).await), "not_found");
    }
    assert!(!market.run(&tea, ViewPicture { picture }).await.unwrap().public);
    market.fund(&tea, campaign, 1000).await;
    market.publish(&tea, campaign).await.unwrap();
    assert!(market.run(&lena, ViewPicture { picture }).await.unwrap().public);
    assert_eq!(code(put_campaign(&market, &lena, campaign).await), "forbidden");
    market.run(&tea, CancelCampaign { campaign }).await.unwrap();
    assert_eq!(code(put_campaign(&market, &tea, campaign).await), "campaign_ended");
    assert_eq!(code(market.run(&tea, RemoveCampaignPicture { campaign }).await), "campaign_ended");
    is_sound(&market).await;
}

#[tokio::test]
async fn a_draft_takes_its_picture_with_it() {
    let market = Market::open();
    let tea = market.sponsor().await;
    let campaign = market.draft(&tea, 1000).await;
    put_campaign(&market, &tea, campaign).await.unwrap();
    market.run(&tea, RemoveCampaign { campaign, version: None }).await.unwrap();
    assert_eq!((blobs(&market.platform).await, market.counter(Picture::bytes_of(tea.id)).await), (0, 0));
    is_sound(&market).await;
}

#[tokio::test]
async fn s_47_proof_of_work_is_seen_by_the_two_parties_and_admins_alone() {
    let market = Market::open();
    let (tea, lena, other, admin) =
        (market.sponsor().await, market.influencer().await, market.influencer().await, market.admin().await);
    let campaign = market.campaign(&tea, 1000).await;
    let collaboration = market.agree(&tea, &lena, campaign, 500).await;
    assert_eq!(code(prove(&market, &lena, collaboration).await), "collaboration_state");
    let drafts = vec![store(&market.platform, image(100)).await.unwrap(), store(&market.platform, image(100)).await.unwrap()];
    let works = vec![SubmittedWorkInput { deliverable: 0, url: "https://example.com/reel".into() }];
    let proofs = drafts.clone();
    market.run(&lena, SubmitWork { collaboration, works, note: String::new(), label_shown: true, proofs }).await.unwrap();
    let picture = drafts[0].id;
    for somebody in [&tea, &lena, &admin] {
        assert!(!market.run(somebody, ViewPicture { picture }).await.unwrap().public);
    }
    assert_eq!(code(market.run(&other, ViewPicture { picture }).await), "not_found");
    assert_eq!(code(market.platform.run(&Actor::visitor(), ViewPicture { picture }).await), "not_found");
    assert_eq!(code(prove(&market, &tea, collaboration).await), "forbidden");
    for _ in 2..MOST_PROOFS {
        prove(&market, &lena, collaboration).await.unwrap();
    }
    assert_eq!(code(prove(&market, &lena, collaboration).await), "too_many");
    let view = market.run(&tea, ViewCollaboration { collaboration }).await.unwrap();
    assert_eq!(view.submissions[0].proofs.len(), MOST_PROOFS);
    assert_eq!(blobs(&market.platform).await, 2 * MOST_PROOFS);
    is_sound(&market).await;
}

#[tokio::test]
async fn s_47_nobody_has_more_pictures_than_their_allowance_however_many_come_at_once() {
    let shipped = Settings::default();
    let market = Market::with(Settings { caps: crate::settings::Caps { picture_bytes: 1000, ..shipped.caps }, ..shipped });
    let tea = market.sponsor().await;
    let mut campaigns = Vec::new();
    for _ in 0..12 {
        campaigns.push(market.draft(&tea, 1000).await);
    }
    let mut tries = tokio::task::JoinSet::new();
    for campaign in campaigns {
        let (platform, actor) = (market.platform.clone(), Actor::account(tea.id));
        tries.spawn(async move {
            place(&platform, &actor, None, image(300), |draft| PutCampaignPicture { campaign, draft }).await.map(drop)
        });
    }
    let outcomes: Vec<&str> = tries.join_all().await.into_iter().map(code).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "done").count(), 3, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| ["done", "pictures_full"].contains(outcome)));
    assert_eq!((blobs(&market.platform).await, market.counter(Picture::bytes_of(tea.id)).await), (6, 900));
}

#[tokio::test]
async fn replacing_a_picture_needs_room_for_the_new_one_only() {
    let shipped = Settings::default();
    let market = Market::with(Settings { caps: crate::settings::Caps { picture_bytes: 1000, ..shipped.caps }, ..shipped });
    let lena = market.influencer().await;
    put_own(&market, &lena, 900).await.unwrap();
    put_own(&market, &lena, 1000).await.unwrap();
    assert_eq!(code(put_own(&market, &lena, 1001).await), "pictures_full");
}

#[tokio::test]
async fn closing_an_account_removes_its_picture() {
    let market = Market::open();
    let lena = market.influencer().await;
    let picture = put_own(&market, &lena, 100).await.unwrap();
    market.run(&lena, CloseAccount).await.unwrap();
    let admin = market.admin().await;
    assert_eq!(code(market.run(&admin, ViewPicture { picture }).await), "not_found");
    assert_eq!(blobs(&market.platform).await, 0);
    is_sound(&market).await;
}

#[tokio::test]
async fn what_is_sent_twice_under_one_key_is_one_picture() {
    let market = Market::open();
    let lena = market.influencer().await;
    let key = IdempotencyKey { key: "k".into(), route: "PUT /me/picture".into(), fingerprint: "f".into() };
    let actor = Actor::account(lena.id);
    let put = async || place(&market.platform, &actor, Some(key.clone()), image(100), |draft| PutOwnPicture { draft }).await;
    let (one, again) = (put().await.unwrap(), put().await.unwrap());
    assert!(again.replayed && one.output == again.output);
    assert_eq!(blobs(&market.platform).await, 2);
}

#[tokio::test]
async fn what_a_crash_left_over_is_swept_and_nothing_else() {
    let market = Market::open();
    let lena = market.influencer().await;
    put_own(&market, &lena, 100).await.unwrap();
    store(&market.platform, image(100)).await.unwrap();
    assert_eq!(sweep(&market.platform, Duration::from_secs(3600)).await.unwrap(), 0, "it may be about to be spoken of");
    assert_eq!(sweep(&market.platform, Duration::ZERO).await.unwrap(), 2);
    assert_eq!(blobs(&market.platform).await, 2);
}

#[tokio::test]
async fn check_finds_pictures_that_nothing_names_and_names_without_a_picture() {
    let market = Market::open();
    let (lena, finn) = (market.influencer().await, market.influencer().await);
    let picture = put_own(&market, &lena, 100).await.unwrap();
    market.put(&Account { picture: None, ..market.get::<Account>(Account::at(lena.id)).await.unwrap() }).await;
    market.put(&Account { picture: Some(PictureId(uuid::Uuid::nil())), ..finn.clone() }).await;
    let report = check::check(&market.platform, &Actor::terminal(), Options::default(), &mut |_| {}).await.unwrap();
    let found: Vec<&str> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().any(|message| message.contains(&picture.to_string())));
}

#[tokio::test]
async fn an_image_without_bytes_or_with_too_many_is_refused() {
    let market = Market::open();
    for bytes in [0, 1, 3 * crate::blob::MAX_BLOB_BYTES] {
        assert!(matches!(store(&market.platform, image(bytes)).await, Err(Error::Invalid(_))), "{bytes}");
    }
}
