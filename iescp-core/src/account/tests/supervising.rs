use super::stage::{PASSWORD, Stage};
use crate::{
    Actor, Error, Origin, PageRequest,
    account::{
        AccountState, ApplyAgain, CloseAccount, EditOwnAccount, Role, Sponsor, ViewInfluencer, ViewOwnAccount, ViewSponsor,
    },
    event::Event,
    moderation::accounts::{
        EndSessionsOf, FlagAccount, ListAccounts, PutUnderReview, RejectSponsor, StartPasswordReset, UnflagAccount,
        VerifySponsor, ViewAccount,
    },
    notification::Notice,
    outbox::Letter,
    policy::Action,
    session::{CreateToken, ListSessions, by_token},
    store::keys::Table,
};
use serde_json::json;

fn flag(account: crate::id::AccountId) -> FlagAccount {
    FlagAccount { account, reason: "fake followers".into() }
}

/// S-16.
#[tokio::test]
async fn a_suspended_account_loses_every_session_and_token_at_once_and_gets_none_of_them_back() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let lena = stage.influencer("lena").await;
    let id = lena.account_id().unwrap();
    let create = CreateToken { name: "program".into(), scope: "write".into(), expires_in_days: 30 };
    let token = stage.platform.run(&lena, create).await.unwrap().token;
    stage.platform.run(&admin, flag(id)).await.unwrap();
    for actor in [lena.clone(), Actor::account(id)] {
        assert!(matches!(stage.platform.run(&actor, ViewOwnAccount).await, Err(Error::SignedOut(_))));
    }
    assert!(by_token(&stage.platform, &token, Origin::default()).await.unwrap().is_none());
    assert!(stage.sign_in("lena").await.is_err());
    assert!(matches!(stage.platform.run(&Actor::visitor(), ViewInfluencer { account: id }).await, Err(Error::NotFound)));
    assert!(stage.platform.run(&admin, ViewInfluencer { account: id }).await.is_ok());

    stage.platform.run(&admin, UnflagAccount { account: id }).await.unwrap();
    assert!(stage.platform.run(&lena, ListSessions::default()).await.is_err());
    assert!(stage.sign_in("lena").await.is_ok());
    assert_eq!(stage.notices(id).await, [Notice::AccountTouched, Notice::AccountTouched]);
}

#[tokio::test]
async fn a_suspension_needs_a_reason_and_an_active_account() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let acme = stage.register("sponsor", "acme").await.account;
    let without = stage.platform.run(&admin, FlagAccount { account: acme, reason: " ".into() }).await;
    assert!(matches!(without, Err(Error::Invalid(_))));
    assert!(matches!(stage.platform.run(&admin, flag(acme)).await, Err(Error::NotNow(_))));
    let lena = stage.influencer("lena").await;
    assert!(matches!(stage.platform.run(&lena, flag(acme)).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn the_last_active_admin_cannot_be_suspended_even_if_two_suspend_each_other_at_once() {
    for _ in 0..20 {
        let stage = Stage::new();
        let (one, two) = (stage.admin("root").await, stage.admin("ruth").await);
        let (id_one, id_two) = (one.account_id().unwrap(), two.account_id().unwrap());
        let (platform, other) = (stage.platform.clone(), two.clone());
        let theirs = tokio::spawn(async move { platform.run(&other, flag(id_one)).await.is_ok() });
        let mine = stage.platform.run(&one, flag(id_two)).await.is_ok();
        assert!(mine != theirs.await.unwrap());
        let left = if mine { (one, id_one) } else { (two, id_two) };
        let refused = stage.platform.run(&left.0, flag(left.1)).await.unwrap_err();
        assert!(matches!(refused, Error::NotNow(refusal) if refusal.code == "last_admin"));
        let leave = stage.platform.run(&left.0, CloseAccount).await.unwrap_err();
        assert!(matches!(leave, Error::NotNow(refusal) if refusal.code == "last_admin"));
    }
}

#[tokio::test]
async fn a_rejected_sponsor_reads_why_and_applies_again() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let account = stage.register("sponsor", "acme").await.account;
    stage.platform.run(&admin, RejectSponsor { account, reason: "No such company.".into() }).await.unwrap();
    let acme = stage.session("acme").await;
    let seen = stage.platform.run(&acme, ViewOwnAccount).await.unwrap();
    assert_eq!((seen.state, seen.state_reason.as_deref()), (AccountState::Rejected, Some("No such company.")));
    stage.platform.run(&acme, ApplyAgain).await.unwrap();
    assert_eq!(stage.account(account).await.state, AccountState::Pending);
    assert!(matches!(stage.platform.run(&acme, ApplyAgain).await, Err(Error::NotNow(_))));
    let told = stage.notices(admin.account_id().unwrap()).await;
    assert_eq!(told, [Notice::SponsorWaits, Notice::SponsorWaits]);
}

/// S-10.
#[tokio::test]
async fn an_admin_starts_a_reset_and_learns_neither_link_nor_password() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let lena = stage.influencer("lena").await.account_id().unwrap();
    let start = StartPasswordReset { account: lena };
    assert!(matches!(stage.platform.run(&admin, start).await, Err(Error::NotNow(_))));
    stage.register_and_verify("tom").await;
    let tom = stage.sign_in("tom").await.unwrap().account;
    let () = stage.platform.run(&admin, StartPasswordReset { account: tom }).await.unwrap();
    assert!(matches!(stage.letters().await.last(), Some(Letter::ResetPassword { account, .. }) if *account == tom));
    assert_eq!(stage.notices(tom).await, [Notice::AccountTouched]);
    assert!(stage.sign_in("tom").await.is_ok(), "until the link is used, the password stays");
}

/// S-17.
#[tokio::test]
async fn an_admin_ends_somebodys_sessions() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let lena = stage.influencer("lena").await;
    stage.platform.run(&admin, EndSessionsOf { account: lena.account_id().unwrap() }).await.unwrap();
    assert!(stage.platform.run(&lena, ListSessions::default()).await.is_err());
    assert!(stage.sign_in("lena").await.is_ok());
}

/// S-66.
#[tokio::test]
async fn an_admins_look_at_an_account_is_in_the_audit_trail_and_a_review_is_seen_by_admins_alone() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let lena = stage.influencer("lena").await;
    let id = lena.account_id().unwrap();
    stage.platform.run(&admin, ViewAccount { account: id }).await.unwrap();
    let events: Vec<Event> = stage.all(Table::Event.all()).await;
    assert!(events.iter().any(|event| event.action == Action::ViewAccount && event.about.iter().any(|about| about.id == id.0)));

    stage.platform.run(&admin, PutUnderReview { account: id, on: true }).await.unwrap();
    let reviewed = ListAccounts { under_review: true, ..ListAccounts::default() };
    assert_eq!(stage.platform.run(&admin, reviewed.clone()).await.unwrap().items[0].id, id);
    assert!(stage.notices(id).await.is_empty());
    let own = serde_json::to_string(&stage.platform.run(&lena, ViewOwnAccount).await.unwrap()).unwrap();
    assert!(!own.contains("review"));
    stage.platform.run(&admin, PutUnderReview { account: id, on: false }).await.unwrap();
    assert!(stage.platform.run(&admin, reviewed).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn accounts_are_listed_by_role_and_state_in_pages_and_to_admins_only() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    for number in 0..5 {
        stage.register("influencer", &format!("person{number}")).await;
        stage.register("sponsor", &format!("company{number}")).await;
    }
    let list =
        |page| ListAccounts { role: Some(Role::Sponsor), state: Some(AccountState::Pending), page, ..ListAccounts::default() };
    let first = stage.platform.run(&admin, list(PageRequest::new(3, None))).await.unwrap();
    let second = stage.platform.run(&admin, list(PageRequest::new(3, first.next.clone()))).await.unwrap();
    assert_eq!((first.items.len(), second.items.len(), second.next), (3, 2, None));
    assert_eq!(&*first.items[0].username, "company4");
    let lena = stage.influencer("lena").await;
    assert!(matches!(stage.platform.run(&lena, ListAccounts::default()).await, Err(Error::Forbidden(_))));
    assert!(matches!(stage.platform.run(&lena, ViewAccount { account: first.items[0].id }).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_verified_mark_says_what_was_checked_and_goes_when_the_company_is_another() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let acme = stage.approved_sponsor("acme", &admin).await;
    let account = acme.account_id().unwrap();
    let mark = VerifySponsor { account, checked: Some("register of companies, 4711".into()) };
    stage.platform.run(&admin, mark).await.unwrap();
    let seen = stage.platform.run(&Actor::visitor(), ViewSponsor { account }).await.unwrap();
    assert_eq!(seen.verified.as_deref(), Some("register of companies, 4711"));
    let edit = |patch: serde_json::Value| EditOwnAccount { patch: patch.as_object().cloned().unwrap(), version: None };
    stage.platform.run(&acme, edit(json!({ "description": "We make things." }))).await.unwrap();
    assert!(stage.get::<Sponsor>(Sponsor::at(account)).await.verified.is_some());
    stage.platform.run(&acme, edit(json!({ "company": "A Bank" }))).await.unwrap();
    assert!(stage.get::<Sponsor>(Sponsor::at(account)).await.verified.is_none());
}

/// S-31.
#[tokio::test]
async fn what_somebody_may_do_is_looked_up_at_every_request() {
    let stage = Stage::new();
    let (one, two) = (stage.admin("root").await, stage.admin("ruth").await);
    assert!(stage.platform.run(&two, ListAccounts::default()).await.is_ok());
    stage.platform.run(&one, flag(two.account_id().unwrap())).await.unwrap();
    assert!(matches!(stage.platform.run(&two, ListAccounts::default()).await, Err(Error::SignedOut(_))));
    let borrowed = Actor::session(one.account_id().unwrap(), stage.sign_in("root").await.unwrap().session);
    assert!(stage.platform.run(&borrowed, ListAccounts::default()).await.is_ok());
    let foreign = Actor::session(two.account_id().unwrap(), stage.sign_in("root").await.unwrap().session);
    assert!(matches!(stage.platform.run(&foreign, ListAccounts::default()).await, Err(Error::SignedOut(_))));
}

#[tokio::test]
async fn a_closed_account_is_gone_and_its_names_are_free() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    stage.minutes_pass(11);
    assert!(
        matches!(stage.platform.run(&lena, CloseAccount).await, Err(Error::NotNow(refusal)) if refusal.code == "reauthenticate")
    );
    let lena = stage.session("lena").await;
    stage.platform.run(&lena, CloseAccount).await.unwrap();
    assert!(stage.sign_in("lena").await.is_err());
    assert!(stage.platform.run(&lena, ViewOwnAccount).await.is_err());
    let again = stage.register("influencer", "lena").await;
    assert_eq!(stage.try_sign_in(&Actor::visitor(), "lena", PASSWORD).await.unwrap().account, again.account);
}
