//! Passwords from V2: the hashes below were made by Werkzeug 3.1, whose form of them V2 kept.

use super::stage::{PASSWORD, Stage};
use crate::{
    Actor, Error, Operation, Result, Tx,
    account::{Credentials, OldPassword, kinds_in_use},
    event::thing,
    id::AccountId,
    notification::Notice,
    policy::{Action, Subject},
};
use serde_json::json;

const SCRYPT: &str = "scrypt:32768:8:1$xGeWDbxWvnqbs1yO$b3a5f67cf7f49aa69a450998e5e070ebcf1ab7170f828d01e69d53fac780a33a940967971ceea5c4417859c2c451f5732ba757aa942b2671301b5bd6b9405dba";
const UMLAUTS: &str = "scrypt:16384:8:1$G1zuJNh1Q561Bu6E$773b65d9742a549b8e6dbfe25b1a233354e7e6a2578952032d7e987b2fdf119744744f1df7223b534dc3ff87a2cbdad2adeb22a2db574b34d4313acd993a6b91";
const PBKDF2: &str = "pbkdf2:sha256:1000$kPZ6lIZF$5cbaa397275e9a869f7c05ed61fba67979e3f9bf8e3f75649188296c15a95a81";
const NEWER: &str = "pbkdf2:sha256:260000$6HO2gaWxabiGKx2p$01df4d30617eb2e3b6347dbf11eb501f30f67dcb8b785eeb913ff46c22022cbc";
const SHA512: &str = "pbkdf2:sha512:1000$3EiTZJeM67yP2ZkY$02ff8a05e179d6d1c2f5d284940c60f15845d67c6db28cb1a10dd80e20a9fdd2e2889141878a53ef444686260bf2a787f0f05c59e93f65701863171a9e8f4975";
const EMPTY: &str = "pbkdf2:sha256:1000$POfLChYBwGs0lYe1$6174c496ce0dce7f4bff0c436aee99e7cfb1637591ece08563f91810c123fc51";

/// Gives an account the password it had in V2, as moving in does.
struct Brought(AccountId, &'static str);

impl Operation for Brought {
    type Output = ();
    const ACTION: Action = Action::SignIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let _before: Option<Credentials> = tx.get_at(Credentials::at(self.0)).await?;
        tx.put(&Credentials::moved_in(self.0, OldPassword::parse(self.1)))?;
        tx.happened([thing("account", self.0)], json!({}));
        Ok(())
    }
}

struct KindsInUse;

impl Operation for KindsInUse {
    type Output = usize;
    const ACTION: Action = Action::SignIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<usize> {
        tx.allow(&Subject::PLATFORM)?;
        Ok(kinds_in_use(tx).await?.len())
    }
}

async fn moved_in(stage: &Stage, name: &str, hash: &'static str) -> AccountId {
    let account = stage.register("influencer", name).await.account;
    stage.platform.run(&Actor::visitor(), Brought(account, hash)).await.unwrap();
    account
}

#[test]
fn every_form_that_v2_wrote_is_checked_byte_by_byte() {
    let is = |hash: &str, typed: &str| OldPassword::parse(hash).unwrap().is(typed);
    for hash in [SCRYPT, PBKDF2, NEWER, SHA512] {
        assert!(is(hash, "V2 secret"), "{hash}");
        assert!(!is(hash, "V2 secret ") && !is(hash, "v2 secret") && !is(hash, ""), "{hash}");
        assert_eq!(OldPassword::parse(hash).unwrap().to_string(), hash);
    }
    assert!(is(UMLAUTS, "ünïcode pässwört"));
}

#[test]
fn a_hash_that_asks_for_too_much_or_is_damaged_is_no_password() {
    let (_, salt_and_digest) = SCRYPT.split_once('$').unwrap();
    let (_, short) = PBKDF2.split_once('$').unwrap();
    for kind in
        ["scrypt:1048576:8:1", "scrypt:32768:64:1", "scrypt:32768:8:1000000", "scrypt:32767:8:1", "scrypt:0:8:1", "scrypt"]
    {
        assert_eq!(OldPassword::parse(&format!("{kind}${salt_and_digest}")), None, "{kind}");
    }
    for kind in ["pbkdf2:sha256:2000001", "pbkdf2:sha256:0", "pbkdf2:sha256", "pbkdf2:md5:1000", "pbkdf2:sha256:99999999999999"] {
        assert_eq!(OldPassword::parse(&format!("{kind}${short}")), None, "{kind}");
    }
    for text in [
        "",
        "$",
        "$$",
        "hunter2",
        "$2b$12$abcdefghijklmnopqrstuv",
        "scrypt:32768:8:1$salt$zz",
        "pbkdf2:sha256:1000$salt$00",
        "pbkdf2:sha256:1000$$5cbaa397275e9a869f7c05ed61fba67979e3f9bf8e3f75649188296c15a95a81",
    ] {
        assert_eq!(OldPassword::parse(text), None, "{text}");
    }
}

/// S-05.
#[tokio::test]
async fn an_old_password_signs_in_once_and_becomes_a_hash_of_today() {
    let stage = Stage::new();
    let lena = moved_in(&stage, "lena", PBKDF2).await;
    assert!(matches!(stage.try_sign_in(&Actor::visitor(), "lena", PASSWORD).await, Err(Error::SignedOut(_))));
    assert!(stage.get::<Credentials>(Credentials::at(lena)).await.legacy.is_some(), "a wrong guess changes nothing");
    stage.try_sign_in(&Actor::visitor(), "lena", "V2 secret").await.unwrap();
    let after: Credentials = stage.get(Credentials::at(lena)).await;
    assert!(after.legacy.is_none() && after.short && after.password.unwrap().starts_with("$argon2id$"));
    assert!(!stage.everything().await.contains("pbkdf2"), "nothing is left of the old hash");
    stage.try_sign_in(&Actor::visitor(), "lena", "V2 secret").await.unwrap();
    assert!(stage.try_sign_in(&Actor::visitor(), "lena", "v2 secret").await.is_err());
}

#[tokio::test]
async fn whoever_brings_a_password_that_is_easily_guessed_is_asked_once_to_choose_another() {
    let stage = Stage::new();
    let lena = moved_in(&stage, "lena", SCRYPT).await;
    for _ in 0..2 {
        stage.try_sign_in(&Actor::visitor(), "lena", "V2 secret").await.unwrap();
    }
    assert_eq!(stage.notices(lena).await, [Notice::PasswordFallsShort]);
}

#[tokio::test]
async fn nobody_signs_in_with_an_empty_password_or_without_any() {
    let stage = Stage::new();
    moved_in(&stage, "lena", EMPTY).await;
    moved_in(&stage, "mara", "no hash at all").await;
    for name in ["lena", "mara"] {
        for typed in ["", " ", PASSWORD, "no hash at all"] {
            assert!(stage.try_sign_in(&Actor::visitor(), name, typed).await.is_err(), "{name} {typed:?}");
        }
    }
}

/// S-07.
#[tokio::test]
async fn as_long_as_somebody_has_an_old_password_every_check_does_its_work() {
    let stage = Stage::new();
    let kinds = async || stage.platform.run(&Actor::visitor(), KindsInUse).await.unwrap();
    assert_eq!(kinds().await, 0);
    moved_in(&stage, "lena", PBKDF2).await;
    moved_in(&stage, "mara", PBKDF2).await;
    moved_in(&stage, "nora", SHA512).await;
    assert_eq!(kinds().await, 2);
    stage.try_sign_in(&Actor::visitor(), "nora", "V2 secret").await.unwrap();
    stage.try_sign_in(&Actor::visitor(), "lena", "V2 secret").await.unwrap();
    assert_eq!(kinds().await, 1);
    stage.try_sign_in(&Actor::visitor(), "mara", "V2 secret").await.unwrap();
    assert_eq!(kinds().await, 0);
}

/// S-07: how old somebody's hash is does not show in the time it takes, however many kinds there are.
#[tokio::test]
async fn of_many_kinds_everybody_signs_in_and_a_check_does_the_work_of_the_dearest_of_each_way() {
    let stage = Stage::new();
    let kinds = async || stage.platform.run(&Actor::visitor(), KindsInUse).await.unwrap();
    let brought = [("lena", SCRYPT), ("mara", PBKDF2), ("nora", SHA512), ("olga", NEWER)];
    for (name, hash) in brought {
        moved_in(&stage, name, hash).await;
    }
    for rounds in 1..=8 {
        let hash: &'static str = format!("pbkdf2:sha256:{rounds}$salt${}", "00".repeat(32)).leak();
        moved_in(&stage, &format!("other{rounds}"), hash).await;
    }
    assert_eq!(kinds().await, 3, "SHA-256, SHA-512 and scrypt, each with the most that anybody asks");
    for (name, _) in brought {
        assert!(stage.try_sign_in(&Actor::visitor(), name, "v2 secret").await.is_err());
        stage.try_sign_in(&Actor::visitor(), name, "V2 secret").await.unwrap();
    }
    assert_eq!(kinds().await, 1);
}
