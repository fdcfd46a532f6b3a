//! S-64: what was refused stands in the audit trail, and a flood of it does not.

use super::stage::{PASSWORD, Stage, visitor_from};
use crate::{
    Actor, Error, Secret,
    account::{ChangePasswordInput, ConfirmTotp, EnrolTotp, change_password, disable_totp},
    event::Event,
    moderation::{accounts::ListAccounts, audit::ViewAudit},
    policy::Action,
    session::{CreateToken, RevokeToken, SignInInput, reauthenticate, refresh, sign_in},
    store::keys::Table,
};
use uuid::Uuid;

/// What was refused, of whom, and nothing else: the earliest first.
async fn noted(stage: &Stage) -> Vec<(String, Uuid)> {
    let events: Vec<Event> = stage.all(Table::Event.all()).await;
    let refusals = events.into_iter().filter(|event| event.action == Action::NoteRefusal);
    refusals.map(|event| (event.detail["refused"].as_str().unwrap().to_owned(), event.about[0].id)).collect()
}

async fn only_noted(stage: &Stage, what: &str, whom: Uuid) {
    assert_eq!(noted(stage).await, [(what.to_owned(), whom)]);
    assert_eq!(crate::run_due(&stage.platform, 1000).await.unwrap().failed, []);
}

#[tokio::test]
async fn s_64_a_failed_sign_in_is_in_the_audit_trail_without_what_was_typed() {
    let stage = Stage::new();
    let lena = stage.register("influencer", "lena").await.account;
    let from = visitor_from("198.51.100.7");
    assert!(stage.try_sign_in(&from, " LENA", "a wrong password 1").await.is_err());
    only_noted(&stage, "wrong_password", lena.0).await;
    let events: Vec<Event> = stage.all(Table::Event.all()).await;
    let noted = events.iter().find(|event| event.action == Action::NoteRefusal).unwrap();
    assert_eq!(noted.personal.as_ref().unwrap().origin.address.as_deref(), Some("198.51.100.7"));

    let stage = Stage::new();
    assert!(stage.try_sign_in(&Actor::visitor(), "violet harbour sings", "lena").await.is_err());
    only_noted(&stage, "wrong_password", Uuid::nil()).await;
    assert!(!stage.everything().await.contains("violet harbour"), "people type passwords where names belong");
}

#[tokio::test]
async fn s_64_a_refused_second_factor_is_in_the_audit_trail_and_a_missing_one_is_not() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let id = lena.account_id().unwrap().0;
    let seed = stage.platform.run(&lena, EnrolTotp).await.unwrap().seed;
    stage.platform.run(&lena, ConfirmTotp { code: stage.code(&seed) }).await.unwrap();
    let with = async |code: Option<&str>| {
        let code = code.map(Secret::from);
        let input = SignInInput { login: "lena".into(), password: PASSWORD.into(), code, ..SignInInput::default() };
        sign_in(&stage.platform, &Actor::visitor(), &input).await
    };
    assert!(with(None).await.is_err());
    assert_eq!(noted(&stage).await, []);
    assert!(with(Some("000000")).await.is_err());
    only_noted(&stage, "wrong_code", id).await;
    assert!(reauthenticate(&stage.platform, &lena, &PASSWORD.into(), Some(&"000000".into())).await.is_err());
    assert!(disable_totp(&stage.platform, &lena, &"000000".into()).await.is_err());
    assert_eq!(noted(&stage).await, vec![("wrong_code".to_owned(), id); 3]);
}

#[tokio::test]
async fn s_64_a_wrong_present_password_is_in_the_audit_trail() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let id = lena.account_id().unwrap().0;
    assert!(reauthenticate(&stage.platform, &lena, &"wrong".into(), None).await.is_err());
    only_noted(&stage, "wrong_password", id).await;
    let input = ChangePasswordInput { current_password: "wrong".into(), new_password: "amber lantern walks 73".into() };
    assert!(change_password(&stage.platform, &lena, &input).await.is_err());
    assert_eq!(noted(&stage).await, vec![("wrong_password".to_owned(), id); 2]);
}

#[tokio::test]
async fn s_64_a_lockout_is_in_the_audit_trail() {
    let stage = Stage::with(|settings| settings.caps.password_checks = 4);
    let lena = stage.register("influencer", "lena").await.account;
    assert!(stage.try_sign_in(&Actor::visitor(), "lena", "a wrong password 1").await.is_err());
    let locked = stage.try_sign_in(&Actor::visitor(), "lena", PASSWORD).await;
    assert!(matches!(locked, Err(Error::TooOften { .. })));
    assert_eq!(noted(&stage).await, ["wrong_password", "too_often"].map(|what| (what.to_owned(), lena.0)));
}

#[tokio::test]
async fn s_64_a_refused_permission_is_in_the_audit_trail_with_what_was_tried() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let id = lena.account_id().unwrap();
    assert!(matches!(stage.platform.run(&lena, ViewAudit::default()).await, Err(Error::Forbidden(_))));
    assert!(matches!(stage.platform.run(&lena, ListAccounts::default()).await, Err(Error::Forbidden(_))));
    assert_eq!(noted(&stage).await, vec![("forbidden".to_owned(), id.0); 2]);
    let events: Vec<Event> = stage.all(Table::Event.all()).await;
    let tried: Vec<_> = events.iter().filter_map(|event| event.detail.get("action").cloned()).collect();
    assert_eq!(tried, ["ViewAudit", "ListAccounts"]);
}

#[tokio::test]
async fn s_64_a_flood_of_refusals_fills_neither_the_trail_nor_the_disk() {
    let stage = Stage::with(|settings| settings.caps.password_checks = 10_000);
    let lena = stage.influencer("lena").await;
    for number in 0..200 {
        assert!(stage.try_sign_in(&Actor::visitor(), "lena", "wrong").await.is_err());
        assert!(stage.try_sign_in(&Actor::visitor(), "nobody", "wrong").await.is_err());
        assert!(stage.try_sign_in(&Actor::visitor(), &format!("nobody{number}"), "wrong").await.is_err());
        assert!(stage.platform.run(&lena, ListAccounts::default()).await.is_err());
    }
    let noted = noted(&stage).await;
    let count = |what: &str, whom: Uuid| noted.iter().filter(|(of, about)| of == what && *about == whom).count();
    let id = lena.account_id().unwrap().0;
    assert_eq!((count("wrong_password", id), count("forbidden", id)), (10, 10), "half of a day's places at once");
    assert_eq!(count("wrong_password", Uuid::nil()), 10 + 200);
    let mut still = 0;
    for number in 0..1200 {
        still += usize::from(stage.try_sign_in(&Actor::visitor(), &format!("somebody{number}"), "wrong").await.is_err());
    }
    assert_eq!((still, self::noted(&stage).await.len()), (1200, 1000), "and of all of them");
}

#[tokio::test]
async fn s_64_tokens_and_their_reuse_are_in_the_audit_trail_once_each() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let make = CreateToken { name: "script".into(), scope: "read".into(), expires_in_days: 7 };
    let token = stage.platform.run(&lena, make).await.unwrap().summary.id;
    stage.platform.run(&lena, RevokeToken { token }).await.unwrap();
    let input = SignInInput { login: "lena".into(), password: PASSWORD.into(), refreshable: true, ..SignInInput::default() };
    let first = sign_in(&stage.platform, &Actor::visitor(), &input).await.unwrap().secret;
    let second = refresh(&stage.platform, &Actor::visitor(), &first).await.unwrap().secret;
    refresh(&stage.platform, &Actor::visitor(), &second).await.unwrap();
    assert!(refresh(&stage.platform, &Actor::visitor(), &first).await.is_err());
    let events: Vec<Event> = stage.all(Table::Event.all()).await;
    for action in [Action::CreateToken, Action::RevokeToken, Action::RefreshSession] {
        assert_eq!(events.iter().filter(|event| event.action == action).count(), 1, "{action:?}");
    }
}
