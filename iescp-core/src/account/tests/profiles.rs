use super::stage::Stage;
use crate::{
    Actor, Error,
    account::{EditOwnAccount, ViewInfluencer, ViewOwnAccount, ViewSponsor},
    id::AccountId,
};
use serde_json::{Value, json};

fn edit(patch: Value) -> EditOwnAccount {
    EditOwnAccount { patch: patch.as_object().cloned().unwrap(), version: None }
}

fn channels() -> Value {
    json!([
        { "platform": "instagram", "handle": "lena", "url": "https://instagram.com/lena", "followers": 12_000, "engagement_rate": 310 },
        { "platform": "youtube", "handle": "lena tv", "followers": 45_000 },
    ])
}

#[tokio::test]
async fn a_profile_grows_by_patches_until_it_can_be_found() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let account = lena.account_id().unwrap();
    let view = async || stage.platform.run(&Actor::visitor(), ViewInfluencer { account }).await.unwrap();
    assert!(!view().await.complete);
    stage.platform.run(&lena, edit(json!({ "niches": ["Travel", "food", "travel"], "bio": "I travel." }))).await.unwrap();
    stage
        .platform
        .run(&lena, edit(json!({ "channels": channels(), "rate_card": { "reel": 25_000, "story": 9_000 } })))
        .await
        .unwrap();
    stage.platform.run(&lena, edit(json!({ "bio": null, "rate_card": { "story": null } }))).await.unwrap();
    let profile = view().await;
    assert!(profile.complete);
    assert_eq!((profile.reach, &*profile.primary_channel.unwrap().handle, &*profile.bio), (57_000, "lena tv", ""));
    assert_eq!(profile.niches, ["travel", "food"]);
    assert_eq!(profile.rate_card.len(), 1);
}

/// S-28, S-32.
#[tokio::test]
async fn a_patch_names_every_field_that_is_wrong_and_changes_nothing() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let before = stage.platform.run(&lena, ViewOwnAccount).await.unwrap();
    let wrong = async |patch: Value| match stage.platform.run(&lena, edit(patch)).await {
        Err(Error::Invalid(wrong)) => wrong.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for field in ["role", "state", "email_verified", "verified", "account", "id", "rating", "earnings"] {
        assert_eq!(wrong(json!({ field: "admin" })).await, [field]);
    }
    assert_eq!(wrong(json!({ "bio": 7, "niches": "travel" })).await, ["bio", "niches"]);
    assert_eq!(wrong(json!({ "display_name": "  " })).await, ["display_name"]);
    assert_eq!(wrong(json!({ "display_name": null })).await, ["display_name"]);
    assert_eq!(wrong(json!({ "niches": ["travel", "witchcraft"], "languages": ["xx"] })).await, ["languages/0", "niches/1"]);
    assert_eq!(wrong(json!({ "niches": ["art", "books", "dance", "film", "food", "music"] })).await, ["niches"]);
    let channel = json!([{ "platform": "myspace", "handle": "", "url": "javascript:alert(1)", "followers": -1, "engagement_rate": 10_001 }]);
    let fields = ["platform", "handle", "url", "followers", "engagement_rate"].map(|field| format!("channels/0/{field}"));
    assert_eq!(wrong(json!({ "channels": channel })).await, fields);
    assert_eq!(wrong(json!({ "channels": vec![&channels()[0]; 9] })).await, ["channels"]);
    assert_eq!(wrong(json!({ "rate_card": { "reel": 0, "song": 5 } })).await, ["rate_card/reel", "rate_card/song"]);
    assert_eq!(stage.platform.run(&lena, ViewOwnAccount).await.unwrap(), before);
}

#[tokio::test]
async fn a_patch_for_a_version_that_is_no_more_is_stale() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let version = Some(stage.platform.run(&lena, ViewOwnAccount).await.unwrap().version);
    let first = EditOwnAccount { version, ..edit(json!({ "bio": "one" })) };
    let second = EditOwnAccount { version, ..edit(json!({ "bio": "two" })) };
    stage.platform.run(&lena, first).await.unwrap();
    assert!(matches!(stage.platform.run(&lena, second).await, Err(Error::Stale)));
}

#[tokio::test]
async fn a_pending_sponsor_exists_for_itself_and_admins_only() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let account = stage.register("sponsor", "acme").await.account;
    let acme = stage.session("acme").await;
    let view = ViewSponsor { account };
    stage.platform.run(&acme, view).await.unwrap();
    stage.platform.run(&admin, view).await.unwrap();
    let lena = stage.influencer("lena").await;
    let nobody = ViewSponsor { account: AccountId(uuid::Uuid::nil()) };
    for actor in [Actor::visitor(), lena] {
        let hidden = stage.platform.run(&actor, view).await.unwrap_err();
        assert_eq!(hidden, stage.platform.run(&actor, nobody).await.unwrap_err());
        assert_eq!(hidden, Error::NotFound);
    }
    assert!(matches!(stage.platform.run(&admin, ViewInfluencer { account }).await, Err(Error::NotFound)));
}
