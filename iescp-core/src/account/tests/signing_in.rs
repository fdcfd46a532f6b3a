use super::stage::{PASSWORD, Stage, visitor_from};
use crate::{
    Actor, Error, Operation, Origin, Tx,
    account::{ConfirmTotp, EnrolTotp, disable_totp},
    moderation::accounts::FlagAccount,
    policy::Action,
    session::{ListSessions, SignInInput, sign_in},
    tx::Landed,
};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// S-07.
#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_suspended_account_are_answered_alike() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    stage.register("influencer", "lena").await;
    let mole = stage.register("influencer", "mole").await.account;
    stage.platform.run(&admin, FlagAccount { account: mole, reason: "fake followers".into() }).await.unwrap();
    let mut answers = BTreeSet::new();
    for (login, password) in [
        ("nobody", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("not\u{0}a name", PASSWORD),
        ("lena", "wrong"),
        ("lena", ""),
        ("lena@example.com", "wrong"),
        ("mole", PASSWORD),
        ("mole", "wrong"),
    ] {
        let error = stage.try_sign_in(&Actor::visitor(), login, password).await.unwrap_err();
        answers.insert(format!("{error:?}"));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
}

/// S-07: what is refused for being tried too often tells as little.
#[tokio::test]
async fn an_unknown_name_is_refused_after_as_many_guesses_as_a_known_one() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let mut counts = Vec::new();
    for login in ["lena", "nobody", "lena@example.com", "nobody@example.com"] {
        let mut guesses = 0;
        while !matches!(stage.try_sign_in(&Actor::visitor(), login, "wrong").await, Err(Error::TooOften { .. })) {
            guesses += 1;
        }
        counts.push(guesses);
    }
    assert_eq!(counts, [25; 4]);
}

/// S-08: guesses from many networks, for a day and through a restart; the owner's own sign-in works all the while.
#[tokio::test]
async fn ten_thousand_guesses_a_day_reach_the_hash_a_hundred_times_and_lock_nobody_out() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let home = visitor_from("198.51.100.20");
    stage.try_sign_in(&home, "lena", PASSWORD).await.unwrap();
    let mut stage = stage;
    let mut checked = 0;
    for guess in 0..10_000_u32 {
        let from = visitor_from(&format!("10.{}.{}.9", guess % 2, guess % 250));
        let login = if guess % 3 == 0 { "lena@example.com" } else { "lena" };
        match stage.try_sign_in(&from, login, "wrong").await {
            Err(Error::SignedOut(_)) => checked += 1,
            Err(Error::TooOften { retry_after, .. }) => assert!(retry_after > 0),
            other => panic!("{other:?}"),
        }
        stage.clock.advance(SignedDuration::from_millis(8_640));
        if guess == 5_000 {
            stage = stage.restarted_with(|_| {});
        }
        if guess % 2_000 == 1_999 {
            stage.try_sign_in(&home, "lena", PASSWORD).await.unwrap();
        }
    }
    assert!((50..=100).contains(&checked), "{checked}");
}

/// S-08.
#[tokio::test]
async fn one_network_checks_thirty_passwords_in_a_quarter_of_an_hour_whatever_the_names() {
    let stage = Stage::new();
    let mut checked = 0;
    for guess in 0..90 {
        let from = visitor_from(if guess % 2 == 0 { "2001:db8:1:2::1" } else { "2001:db8:1:2:ffff::9" });
        let refused = stage.try_sign_in(&from, &format!("name{guess}"), "wrong").await.unwrap_err();
        checked += usize::from(matches!(refused, Error::SignedOut(_)));
        stage.clock.advance(SignedDuration::from_secs(10));
    }
    assert!((15..=30).contains(&checked), "{checked}");
    let from_next_door = stage.try_sign_in(&visitor_from("2001:db8:1:3::1"), "name", "wrong").await.unwrap_err();
    assert!(matches!(from_next_door, Error::SignedOut(_)));
}

/// S-08.
#[tokio::test]
async fn right_passwords_are_no_guesses() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    for _ in 0..200 {
        stage.try_sign_in(&visitor_from("203.0.113.9"), "lena", PASSWORD).await.unwrap();
    }
}

/// S-16.
#[tokio::test]
async fn whoever_signs_in_while_being_suspended_has_no_session_after_it() {
    for _ in 0..20 {
        let stage = Stage::new();
        let admin = stage.admin("root").await;
        let lena = stage.register("influencer", "lena").await.account;
        let platform = stage.platform.clone();
        let signing_in = tokio::spawn(async move {
            let input = SignInInput { login: "lena".into(), password: PASSWORD.into(), ..SignInInput::default() };
            sign_in(&platform, &Actor::visitor(), &input).await
        });
        stage.platform.run(&admin, FlagAccount { account: lena, reason: "fake followers".into() }).await.unwrap();
        if let Ok(signed_in) = signing_in.await.unwrap() {
            let actor = Actor::session(lena, signed_in.session);
            assert!(matches!(stage.platform.run(&actor, ListSessions::default()).await, Err(Error::SignedOut(_))));
        }
        assert_eq!(stage.sessions_of(lena).await, 0);
    }
}

/// S-16.
#[tokio::test]
async fn a_session_that_begins_between_a_suspensions_look_and_its_landing_is_found() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let lena = stage.register("influencer", "lena").await.account;
    let mut tx = Tx::new(&stage.platform, &admin, Action::FlagAccount, crate::sight::Seen::default());
    tx.look_up().await.unwrap();
    FlagAccount { account: lena, reason: "fake followers".into() }.run(&mut tx).await.unwrap();
    stage.sign_in("lena").await.unwrap();
    assert_eq!(tx.land().await.unwrap(), Landed::Again);
}

#[tokio::test]
async fn the_oldest_session_ends_when_there_are_fifty() {
    let stage = Stage::new();
    let first = stage.influencer("lena").await;
    for _ in 0..50 {
        assert!(stage.platform.run(&first, ListSessions::default()).await.is_ok());
        stage.minutes_pass(1);
        stage.sign_in("lena").await.unwrap();
        if stage.sessions_of(first.account_id().unwrap()).await == 50 {
            break;
        }
    }
    stage.sign_in("lena").await.unwrap();
    assert!(stage.platform.run(&first, ListSessions::default()).await.is_err());
    assert_eq!(stage.sessions_of(first.account_id().unwrap()).await, 50);
}

/// S-11.
#[tokio::test]
async fn one_code_used_twice_at_once_signs_in_once() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let seed = stage.platform.run(&lena, EnrolTotp).await.unwrap().seed;
    let wrong = stage.platform.run(&lena, ConfirmTotp { code: "12345".into() }).await;
    assert!(matches!(wrong, Err(Error::Invalid(_))));
    stage.platform.run(&lena, ConfirmTotp { code: stage.code(&seed) }).await.unwrap();
    stage.minutes_pass(1);
    let missing = stage.sign_in("lena").await.unwrap_err();
    assert!(matches!(missing, Error::Invalid(fields) if fields[0].code == "second_factor"));

    let code = stage.code(&seed);
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (platform, code) = (stage.platform.clone(), code.clone());
            tokio::spawn(async move {
                let input =
                    SignInInput { login: "lena".into(), password: PASSWORD.into(), code: Some(code), ..SignInInput::default() };
                sign_in(&platform, &Actor::visitor(), &input).await.is_ok()
            })
        })
        .collect();
    let mut signed_in = 0;
    for attempt in tries {
        signed_in += usize::from(attempt.await.unwrap());
    }
    assert_eq!(signed_in, 1);
}

/// S-11.
#[tokio::test]
async fn a_recovery_code_signs_in_once_and_the_second_factor_is_turned_off_with_a_code() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let seed = stage.platform.run(&lena, EnrolTotp).await.unwrap().seed;
    let recovery = stage.platform.run(&lena, ConfirmTotp { code: stage.code(&seed) }).await.unwrap();
    assert_eq!(recovery.len(), 10);
    let with = |code: &crate::Secret| SignInInput {
        login: "lena".into(),
        password: PASSWORD.into(),
        code: Some(code.clone()),
        ..SignInInput::default()
    };
    assert!(sign_in(&stage.platform, &Actor::visitor(), &with(&recovery[0])).await.is_ok());
    assert!(sign_in(&stage.platform, &Actor::visitor(), &with(&recovery[0])).await.is_err());
    assert!(disable_totp(&stage.platform, &lena, &"000000".into()).await.is_err());
    disable_totp(&stage.platform, &lena, &recovery[1]).await.unwrap();
    assert!(stage.sign_in("lena").await.is_ok());
}

/// S-11: a code cannot be guessed at leisure by whoever knows the password.
#[tokio::test]
async fn wrong_codes_count_like_wrong_passwords() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let seed = stage.platform.run(&lena, EnrolTotp).await.unwrap().seed;
    stage.platform.run(&lena, ConfirmTotp { code: stage.code(&seed) }).await.unwrap();
    let mut guesses = 0;
    let stranger = Actor::visitor().from(Origin { address: Some("127.0.0.1".into()), agent: Some("another".into()) });
    loop {
        let input = SignInInput {
            login: "lena".into(),
            password: PASSWORD.into(),
            code: Some("000000".into()),
            ..SignInInput::default()
        };
        match sign_in(&stage.platform, &stranger, &input).await {
            Err(Error::Invalid(_)) => guesses += 1,
            Err(Error::TooOften { .. }) => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(guesses <= 50, "{guesses}");
}
