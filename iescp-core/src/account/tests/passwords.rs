use super::stage::{PASSWORD, Stage};
use crate::{
    Actor, Error, Secret,
    account::{ChangePasswordInput, Credentials, Password, Register, RegisterInput, Wearer, change_password, verify},
    notification::Notice,
    outbox::Letter,
    session::{ListSessions, SignInInput, sign_in},
    settings::Settings,
    value::Form,
};
use proptest::prelude::*;

fn codes(text: &str, names: &[&str], second_factor: bool) -> Vec<&'static str> {
    let mut form = Form::default();
    let wearer = Wearer { names: names.to_vec(), second_factor };
    Password::choose(&mut form, "password", &text.into(), &wearer, &Settings::default());
    match form.finish() {
        Ok(()) => Vec::new(),
        Err(Error::Invalid(wrong)) => wrong.into_iter().map(|wrong| wrong.code).collect(),
        Err(other) => panic!("{other}"),
    }
}

/// S-01.
#[test]
fn a_password_has_15_to_128_characters_or_8_beside_a_second_factor() {
    assert_eq!(codes("", &[], false), ["required"]);
    assert_eq!(codes("tq8 vgx 2zk wp", &[], false), ["too_short"]);
    assert_eq!(codes("tq8 vgx 2zk wpm", &[], false), Vec::<&str>::new());
    assert_eq!(codes("tq8vgx2", &[], true), ["too_short"]);
    assert_eq!(codes("tq8 vgx2zk", &[], true), Vec::<&str>::new());
    let long = "ß藤 tq8 vgx 2zk ".repeat(9);
    assert_eq!(codes(&long.chars().take(128).collect::<String>(), &[], false), Vec::<&str>::new());
    assert_eq!(codes(&long.chars().take(129).collect::<String>(), &[], false), ["too_long"]);
    assert_eq!(codes(&"x".repeat(1_000_000), &[], false), ["too_long"]);
}

/// S-02.
#[test]
fn what_is_easily_guessed_or_names_somebody_is_refused() {
    for easy in ["passwordpassword", "aaaaaaaaaaaaaaaaaa", "123456789012345678", "qwertyuiopasdfgh", "abcabcabcabcabcabc"] {
        assert_eq!(codes(easy, &[], false), ["too_easy"], "{easy}");
    }
    for name in ["my IESCP violet harbour 41", "Violet Harbour LENA.K 41", "violet harbour acmé 41 sings"] {
        assert_eq!(codes(name, &["lena.k", "Acme"], false), ["contains_name"], "{name}");
    }
    assert_eq!(codes("violet harbour sings 41", &["al", ""], false), Vec::<&str>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// S-01: whatever its characters, exactly the password that was chosen opens, and none that is cut, folded or longer.
    #[test]
    fn every_character_of_a_password_counts(text in "[a-zA-Zß藤é ~\u{1f600}]{1,128}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let stage = Stage::new();
            let mut form = Form::default();
            let wearer = Wearer { names: Vec::new(), second_factor: false };
            let chosen = Password::choose(&mut form, "password", &text.as_str().into(), &wearer, stage.platform.settings());
            let hash = chosen.hash(&stage.platform).await.unwrap();
            let opens = async |typed: &str| verify(&stage.platform, &typed.into(), Some(hash.clone()), vec![]).await.unwrap();
            assert!(opens(&text).await);
            assert!(!opens(&format!("{text}x")).await);
            assert!(!opens(text.get(..text.len() - text.chars().last().unwrap().len_utf8()).unwrap()).await);
            let swapped: String = text.chars().map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect();
            assert_eq!(opens(&swapped).await, swapped == text);
        });
    }
}

/// S-01.
#[tokio::test]
async fn passwords_that_agree_in_their_first_72_bytes_are_different() {
    let stage = Stage::new();
    let start = "violet harbour sings 41 ".repeat(3);
    let input = RegisterInput {
        role: "influencer".into(),
        username: "lena".into(),
        email: "lena@example.com".into(),
        password: format!("{start}one").into(),
        ..RegisterInput::default()
    };
    stage.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap();
    assert!(stage.try_sign_in(&Actor::visitor(), "lena", &format!("{start}two")).await.is_err());
    assert!(stage.try_sign_in(&Actor::visitor(), "lena", &format!("{start}one")).await.is_ok());
}

/// S-03, S-17.
#[tokio::test]
async fn changing_the_password_needs_the_present_one_ends_other_sessions_and_warns() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    stage.verify_newest().await;
    let elsewhere = stage.session("lena").await;
    let change = |current: &str, new: &str| ChangePasswordInput { current_password: current.into(), new_password: new.into() };
    let wrong = change_password(&stage.platform, &lena, &change("not my password at all", "amber lantern walks 73")).await;
    assert!(matches!(wrong, Err(Error::Invalid(fields)) if fields[0].field == "current_password"));
    let weak = change_password(&stage.platform, &lena, &change(PASSWORD, "short")).await;
    assert!(matches!(weak, Err(Error::Invalid(fields)) if fields[0].field == "new_password"));
    change_password(&stage.platform, &lena, &change(PASSWORD, "amber lantern walks 73")).await.unwrap();

    assert!(stage.platform.run(&lena, ListSessions::default()).await.is_ok());
    assert!(matches!(stage.platform.run(&elsewhere, ListSessions::default()).await, Err(Error::SignedOut(_))));
    assert!(stage.sign_in("lena").await.is_err());
    assert!(stage.try_sign_in(&Actor::visitor(), "lena", "amber lantern walks 73").await.is_ok());
    assert_eq!(stage.notices(lena.account_id().unwrap()).await, [Notice::SecurityChanged]);
    assert!(stage.letters().await.iter().any(|letter| matches!(letter, Letter::Security { .. })));
}

/// S-05.
#[tokio::test]
async fn a_weak_hash_is_replaced_at_the_next_sign_in() {
    let before = Stage::new();
    let lena = before.register("influencer", "lena").await.account;
    let hash = async |stage: &Stage| stage.get::<Credentials>(Credentials::at(lena)).await.password.unwrap();
    assert!(hash(&before).await.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    let after = before.restarted_with(|settings| settings.passwords.memory_kib = 128);
    after.sign_in("lena").await.unwrap();
    let replaced = hash(&after).await;
    assert!(replaced.starts_with("$argon2id$v=19$m=128,t=1,p=1$"));
    after.sign_in("lena").await.unwrap();
    assert_eq!(hash(&after).await, replaced);
}

/// S-05.
#[test]
fn the_shipped_parameters_are_at_least_those_owasp_asks_for() {
    let shipped = Settings::default().passwords;
    assert!(shipped.memory_kib >= 19 * 1024 && shipped.passes >= 2 && shipped.lanes >= 1);
}

/// S-05.
#[tokio::test]
async fn only_so_many_passwords_are_hashed_at_once_and_everything_else_goes_on() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let places = stage.platform.hashing().clone().acquire_many_owned(2).await.unwrap();
    let platform = stage.platform.clone();
    let input = SignInInput { login: "lena".into(), password: PASSWORD.into(), ..SignInInput::default() };
    let waiting = tokio::spawn(async move { sign_in(&platform, &Actor::visitor(), &input).await });
    for _ in 0..100 {
        stage.platform.run(&lena, ListSessions::default()).await.unwrap();
    }
    assert!(!waiting.is_finished());
    drop(places);
    assert!(waiting.await.unwrap().is_ok());
}

/// S-61.
#[test]
fn secrets_do_not_show() {
    let input = RegisterInput { password: Secret::from("violet harbour"), ..RegisterInput::default() };
    assert!(!format!("{input:?}").contains("violet"));
    let credentials = Credentials::new(crate::id::AccountId(uuid::Uuid::nil()), "$argon2id$violet".into());
    assert!(!format!("{credentials:?}").contains("violet"));
}
