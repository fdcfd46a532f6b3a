use super::stage::{PASSWORD, Stage};
use crate::{
    Actor, Error, Secret,
    account::{ChangeEmail, ChangePasswordInput, ForgotPassword, ResetPassword, SendVerification, VerifyEmail, change_password},
    outbox::Letter,
    session::ListSessions,
};

const NEW: &str = "amber lantern walks 73";

async fn forgot(stage: &Stage, email: &str) -> Result<(), Error> {
    stage.platform.run(&Actor::visitor(), ForgotPassword { email: email.into() }).await
}

async fn reset(stage: &Stage, token: Secret) -> Result<(), Error> {
    stage.platform.run(&Actor::visitor(), ResetPassword::new(token, NEW.into())).await
}

/// Somebody whose address is proven, and what letters were sent since do not count.
async fn proven(stage: &Stage) -> Actor {
    let lena = stage.influencer("lena").await;
    stage.verify_newest().await;
    stage.minutes_pass(5 * 60);
    stage.session("lena").await;
    lena
}

/// S-07, S-09.
#[tokio::test]
async fn asking_for_a_reset_is_answered_alike_and_only_proven_addresses_get_a_letter() {
    let stage = Stage::new();
    proven(&stage).await;
    stage.register("influencer", "mole").await;
    for (email, gets_one) in [("nobody@example.com", false), ("mole@example.com", false), ("LENA@example.com", true)] {
        forgot(&stage, email).await.unwrap();
        let asked = stage.letters().await.pop().unwrap();
        assert!(matches!(&asked, Letter::ForgotPassword { to, .. } if **to == *email));
        for _again_after_a_crash in 0..2 {
            let leaves = stage.leaves(&asked).await;
            assert_eq!(leaves.as_ref().map(|leaves| &*leaves.to), gets_one.then_some("lena@example.com"));
            assert!(leaves.is_none_or(|leaves| matches!(leaves.letter, Letter::ResetPassword { .. })));
        }
    }
}

/// S-09.
#[tokio::test]
async fn a_link_opens_nothing_until_its_letter_leaves_nor_after_a_newer_one_did() {
    let stage = Stage::new();
    proven(&stage).await;
    forgot(&stage, "lena@example.com").await.unwrap();
    let older = stage.letters().await.pop().unwrap();
    let Letter::ForgotPassword { link, .. } = &older else { panic!("a reset was asked for") };
    let token = crate::account::Purpose::ResetPassword.token(stage.platform.secret(), *link);
    assert!(reset(&stage, token).await.is_err());
    forgot(&stage, "lena@example.com").await.unwrap();
    let newer = stage.newest_link().await;
    assert_eq!(stage.leaves(&older).await, None, "they left in another order");
    reset(&stage, newer).await.unwrap();
}

/// S-09.
#[tokio::test]
async fn a_reset_link_works_once_and_ends_every_session() {
    let stage = Stage::new();
    let lena = proven(&stage).await;
    forgot(&stage, "lena@example.com").await.unwrap();
    let token = stage.newest_link().await;
    let weak = stage.platform.run(&Actor::visitor(), ResetPassword::new(token.clone(), "short".into())).await;
    assert!(matches!(weak, Err(Error::Invalid(fields)) if fields[0].field == "password"));
    reset(&stage, token.clone()).await.unwrap();
    assert_eq!(stage.sessions_of(lena.account_id().unwrap()).await, 0);
    assert!(stage.platform.run(&lena, ListSessions::default()).await.is_err());
    assert!(matches!(reset(&stage, token).await, Err(Error::Invalid(fields)) if fields[0].field == "token"));
    assert!(stage.sign_in("lena").await.is_err());
    assert!(stage.try_sign_in(&Actor::visitor(), "lena", NEW).await.is_ok());
}

/// S-09.
#[tokio::test]
async fn of_those_who_use_a_reset_link_at_once_exactly_one_wins() {
    for _ in 0..10 {
        let stage = Stage::new();
        proven(&stage).await;
        forgot(&stage, "lena@example.com").await.unwrap();
        let token = stage.newest_link().await;
        let tries: Vec<_> = (0..8)
            .map(|number| {
                let (platform, token) = (stage.platform.clone(), token.clone());
                let password = format!("{NEW} {number}");
                tokio::spawn(
                    async move { platform.run(&Actor::visitor(), ResetPassword::new(token, password.into())).await.is_ok() },
                )
            })
            .collect();
        let mut won = 0;
        for attempt in tries {
            won += usize::from(attempt.await.unwrap());
        }
        assert_eq!(won, 1);
    }
}

/// S-09.
#[tokio::test]
async fn a_reset_link_ends_after_an_hour_by_a_newer_one_and_by_a_change_of_the_password() {
    let stage = Stage::new();
    proven(&stage).await;
    forgot(&stage, "lena@example.com").await.unwrap();
    let late = stage.newest_link().await;
    stage.minutes_pass(60);
    assert!(reset(&stage, late).await.is_err());

    forgot(&stage, "lena@example.com").await.unwrap();
    let older = stage.newest_link().await;
    forgot(&stage, "lena@example.com").await.unwrap();
    let newer = stage.newest_link().await;
    assert!(reset(&stage, older).await.is_err());

    let lena = stage.session("lena").await;
    let input = ChangePasswordInput { current_password: PASSWORD.into(), new_password: "quiet copper drums 58".into() };
    change_password(&stage.platform, &lena, &input).await.unwrap();
    assert!(reset(&stage, newer).await.is_err());
}

/// S-09.
#[tokio::test]
async fn a_link_of_one_purpose_serves_no_other_and_none_can_be_made_up() {
    let stage = Stage::new();
    proven(&stage).await;
    forgot(&stage, "lena@example.com").await.unwrap();
    let token = stage.newest_link().await;
    assert!(stage.platform.run(&Actor::visitor(), VerifyEmail { token: token.clone() }).await.is_err());
    let (id, _) = token.reveal().split_once('.').unwrap();
    for made_up in [id.to_owned(), format!("{id}."), format!("{id}.{}", "A".repeat(43)), String::new()] {
        assert!(reset(&stage, made_up.into()).await.is_err());
    }
    assert!(reset(&stage, token).await.is_ok());
}

/// S-74.
#[tokio::test]
async fn one_address_gets_three_letters_an_hour_however_often_somebody_asks() {
    let stage = Stage::new();
    proven(&stage).await;
    let before = stage.letters().await.len();
    for _ in 0..59 {
        forgot(&stage, "lena@example.com").await.unwrap();
        stage.minutes_pass(1);
    }
    assert_eq!(stage.letters().await.len() - before, 3);
}

/// S-03.
#[tokio::test]
async fn a_new_address_counts_once_it_is_proven_and_the_old_one_is_warned() {
    let stage = Stage::new();
    let lena = proven(&stage).await;
    let id = lena.account_id().unwrap();
    forgot(&stage, "lena@example.com").await.unwrap();
    let in_the_old_mailbox = stage.newest_link().await;
    let lena = stage.session("lena").await;
    stage.platform.run(&lena, ChangeEmail { email: "new@example.com".into() }).await.unwrap();
    assert_eq!(&*stage.account(id).await.email, "lena@example.com");
    assert!(matches!(stage.letters().await.last(), Some(Letter::Security { to, .. }) if &**to == "lena@example.com"));
    stage.verify_newest().await;
    let account = stage.account(id).await;
    assert_eq!((&*account.email, account.email_verified, account.new_email), ("new@example.com", true, None));
    assert!(reset(&stage, in_the_old_mailbox).await.is_err());
    assert!(stage.sign_in("new@example.com").await.is_ok());
    assert!(stage.sign_in("lena@example.com").await.is_err());
}

#[tokio::test]
async fn a_verification_can_be_sent_again_until_the_address_is_proven() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let first = stage.newest_link().await;
    stage.platform.run(&lena, SendVerification).await.unwrap();
    assert!(stage.platform.run(&Actor::visitor(), VerifyEmail { token: first }).await.is_err());
    stage.verify_newest().await;
    assert!(matches!(stage.platform.run(&lena, SendVerification).await, Err(Error::NotNow(_))));
}
