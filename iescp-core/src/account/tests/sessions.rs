use super::stage::{PASSWORD, Stage};
use crate::{
    Actor, Error, Origin, Secret, Sight,
    account::{ChangeEmail, EditOwnAccount, ViewOwnAccount},
    notification::Notice,
    session::{
        CreateToken, EndOtherSessions, EndSession, ListSessions, ListTokens, RevokeToken, SignInInput, SignOut, by_cookie,
        by_token, reauthenticate, refresh, sign_in,
    },
};

async fn cookie(stage: &Stage, login: &str, remember: bool) -> Secret {
    let input = SignInInput { login: login.into(), password: PASSWORD.into(), remember, ..SignInInput::default() };
    sign_in(&stage.platform, &Actor::visitor(), &input).await.unwrap().secret
}

async fn refresh_token(stage: &Stage, login: &str) -> crate::session::SignedIn {
    let input = SignInInput { login: login.into(), password: PASSWORD.into(), refreshable: true, ..SignInInput::default() };
    sign_in(&stage.platform, &Actor::visitor(), &input).await.unwrap()
}

async fn lives(stage: &Stage, cookie: &Secret) -> bool {
    by_cookie(&stage.platform, cookie, Origin::default()).await.unwrap().is_some()
}

/// S-14.
#[tokio::test]
async fn a_session_ends_after_eight_idle_hours_and_after_fourteen_days_at_the_latest() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let idle = cookie(&stage, "lena", false).await;
    let used = cookie(&stage, "lena", false).await;
    for _ in 0..2 {
        stage.minutes_pass(4 * 60);
        assert!(lives(&stage, &used).await);
    }
    assert!(!lives(&stage, &idle).await);
    for _ in 2..14 * 6 {
        assert!(lives(&stage, &used).await);
        stage.minutes_pass(4 * 60);
    }
    assert!(!lives(&stage, &used).await);
}

/// S-14.
#[tokio::test]
async fn a_remembered_session_lasts_thirty_days_and_an_admins_half_an_hour_idle_and_twelve_hours() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    stage.admin("root").await;
    let remembered = cookie(&stage, "lena", true).await;
    stage.minutes_pass(30 * 24 * 60 - 1);
    assert!(lives(&stage, &remembered).await);
    stage.minutes_pass(1);
    assert!(!lives(&stage, &remembered).await);

    let idle = cookie(&stage, "root", true).await;
    stage.minutes_pass(30);
    assert!(!lives(&stage, &idle).await);
    let used = cookie(&stage, "root", true).await;
    for _ in 0..48 {
        assert!(lives(&stage, &used).await);
        stage.minutes_pass(15);
    }
    assert!(!lives(&stage, &used).await);
}

/// S-12.
#[tokio::test]
async fn no_secret_stands_in_the_store() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let secrets = [
        cookie(&stage, "lena", false).await,
        refresh_token(&stage, "lena").await.secret,
        stage.platform.run(&lena, token("write", 30)).await.unwrap().token,
        stage.newest_link().await,
        Secret::from(PASSWORD),
    ];
    let stored = stage.everything().await;
    for secret in secrets {
        assert!(!stored.contains(secret.reveal()));
    }
}

/// S-13, S-18.
#[tokio::test]
async fn dangerous_acts_need_the_password_of_the_last_ten_minutes_and_giving_it_changes_the_cookie() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let old = cookie(&stage, "lena", false).await;
    let lena = by_cookie(&stage.platform, &old, Origin::default()).await.unwrap().unwrap();
    let change = || ChangeEmail { email: "new@example.com".into() };
    stage.minutes_pass(11);
    let stale = stage.platform.run(&lena, change()).await.unwrap_err();
    assert!(matches!(stale, Error::NotNow(refusal) if refusal.code == "reauthenticate"));
    let wrong = reauthenticate(&stage.platform, &lena, &"wrong".into(), None).await.unwrap_err();
    assert!(matches!(wrong, Error::Invalid(_)));
    let new = reauthenticate(&stage.platform, &lena, &PASSWORD.into(), None).await.unwrap().unwrap().secret;
    stage.platform.run(&lena, change()).await.unwrap();
    assert!(!lives(&stage, &old).await);
    assert!(lives(&stage, &new).await);
}

/// S-15, S-17.
#[tokio::test]
async fn people_see_their_sessions_and_end_them() {
    let stage = Stage::new();
    let here = stage.influencer("lena").await;
    let (there, elsewhere) = (stage.session("lena").await, stage.session("lena").await);
    let stranger = stage.influencer("mole").await;
    let listed = stage.platform.run(&here, ListSessions::default()).await.unwrap().items;
    assert_eq!(listed.iter().map(|session| session.current).collect::<Vec<_>>(), [false, false, true]);
    let end = EndSession { session: listed[1].id };
    assert!(matches!(stage.platform.run(&stranger, end).await, Err(Error::NotFound)));
    stage.platform.run(&here, end).await.unwrap();
    assert!(stage.platform.run(&there, ListSessions::default()).await.is_err());
    assert_eq!(stage.platform.run(&here, EndOtherSessions).await.unwrap(), 1);
    assert!(stage.platform.run(&elsewhere, ListSessions::default()).await.is_err());
    stage.platform.run(&here, SignOut).await.unwrap();
    assert!(stage.platform.run(&here, ListSessions::default()).await.is_err());
}

/// S-52.
#[tokio::test]
async fn a_refresh_token_works_once_and_a_replaced_one_ends_the_family() {
    let stage = Stage::new();
    let lena = stage.register("influencer", "lena").await.account;
    let visitor = Actor::visitor();
    let first = refresh_token(&stage, "lena").await;
    let second = refresh(&stage.platform, &visitor, &first.secret).await.unwrap();
    let third = refresh(&stage.platform, &visitor, &second.secret).await.unwrap();
    assert_eq!(third.session, first.session);
    assert!(refresh(&stage.platform, &visitor, &first.secret).await.is_err());
    assert!(refresh(&stage.platform, &visitor, &third.secret).await.is_err());
    assert!(stage.platform.run(&Actor::session(lena, first.session), ListSessions::default()).await.is_err());
    assert_eq!(stage.notices(lena).await, [Notice::TokenReused]);
}

/// S-52.
#[tokio::test]
async fn the_token_before_is_taken_once_more_while_its_successor_was_never_used() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let visitor = Actor::visitor();
    let first = refresh_token(&stage, "lena").await.secret;
    let lost = refresh(&stage.platform, &visitor, &first).await.unwrap().secret;
    let third = refresh(&stage.platform, &visitor, &first).await.unwrap().secret;
    let fourth = refresh(&stage.platform, &visitor, &third).await.unwrap().secret;
    assert!(refresh(&stage.platform, &visitor, &lost).await.is_err());
    assert!(refresh(&stage.platform, &visitor, &fourth).await.is_err());
}

/// S-52.
#[tokio::test]
async fn a_lost_answer_is_forgiven_once() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let visitor = Actor::visitor();
    let first = refresh_token(&stage, "lena").await.secret;
    refresh(&stage.platform, &visitor, &first).await.unwrap();
    let third = refresh(&stage.platform, &visitor, &first).await.unwrap().secret;
    assert!(refresh(&stage.platform, &visitor, &first).await.is_err());
    assert!(refresh(&stage.platform, &visitor, &third).await.is_err());
}

/// S-52.
#[tokio::test]
async fn one_token_refreshed_twice_at_once_never_leaves_two_branches() {
    for _ in 0..20 {
        let stage = Stage::new();
        stage.register("influencer", "lena").await;
        let first = refresh_token(&stage, "lena").await.secret;
        let both: Vec<_> = (0..2)
            .map(|_| {
                let (platform, token) = (stage.platform.clone(), first.clone());
                tokio::spawn(async move { refresh(&platform, &Actor::visitor(), &token).await })
            })
            .collect();
        let mut branches = Vec::new();
        for one in both {
            branches.extend(one.await.unwrap().ok().map(|signed_in| signed_in.secret));
        }
        let mut alive = 0;
        for branch in &branches {
            alive += usize::from(refresh(&stage.platform, &Actor::visitor(), branch).await.is_ok());
        }
        assert!(alive <= 1);
    }
}

#[tokio::test]
async fn nobody_ends_a_session_by_making_up_a_token_for_it() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let real = refresh_token(&stage, "lena").await;
    for forged in [format!("{}.0.x.y", real.session), format!("{}.", real.session), String::new(), "x".repeat(10_000)] {
        assert!(refresh(&stage.platform, &Actor::visitor(), &forged.into()).await.is_err());
    }
    assert!(!lives(&stage, &real.secret).await, "a refresh token is no cookie");
    assert!(refresh(&stage.platform, &Actor::visitor(), &real.secret).await.is_ok());
}

/// S-52.
#[tokio::test]
async fn a_family_of_refresh_tokens_lasts_thirty_days() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let mut token = refresh_token(&stage, "lena").await.secret;
    for _ in 0..29 {
        stage.minutes_pass(24 * 60);
        token = refresh(&stage.platform, &Actor::visitor(), &token).await.unwrap().secret;
    }
    stage.minutes_pass(24 * 60);
    assert!(refresh(&stage.platform, &Actor::visitor(), &token).await.is_err());
}

fn token(scope: &str, expires_in_days: i64) -> CreateToken {
    CreateToken { name: "my program".into(), scope: scope.into(), expires_in_days }
}

/// S-54.
#[tokio::test]
async fn a_personal_token_has_a_prefix_a_checksum_a_scope_an_end_and_shows_when_it_was_used() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    for wrong in [token("all", 30), token("read", 0), token("read", 366)] {
        assert!(matches!(stage.platform.run(&lena, wrong).await, Err(Error::Invalid(_))));
    }
    let made = stage.platform.run(&lena, token("read", 365)).await.unwrap();
    assert!(made.token.reveal().starts_with("iescp_pat_"));
    assert!(made.token.reveal().chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    let actor = by_token(&stage.platform, &made.token, Origin::default()).await.unwrap().unwrap();
    assert!(stage.platform.run(&actor, ViewOwnAccount).await.is_ok());
    assert!(matches!(stage.platform.run(&actor, EditOwnAccount::default()).await, Err(Error::Forbidden(_))));
    let listed = stage.platform.run(&lena, ListTokens::default()).await.unwrap().items;
    assert_eq!(listed[0].used_at, Some(stage.now()));

    let mut mistyped = made.token.reveal().to_owned();
    let last = if mistyped.pop() == Some('0') { '1' } else { '0' };
    mistyped.push(last);
    for text in [mistyped.as_str(), "iescp_pat_", "", &"é".repeat(60)] {
        assert!(by_token(&stage.platform, &text.into(), Origin::default()).await.unwrap().is_none(), "{text}");
    }
    stage.minutes_pass(365 * 24 * 60);
    assert!(by_token(&stage.platform, &made.token, Origin::default()).await.unwrap().is_none());
}

/// S-18, S-54.
#[tokio::test]
async fn a_personal_token_makes_no_tokens_changes_no_address_and_ends_when_revoked() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let made = stage.platform.run(&lena, token("write", 30)).await.unwrap();
    let actor = by_token(&stage.platform, &made.token, Origin::default()).await.unwrap().unwrap();
    assert!(matches!(stage.platform.run(&actor, token("write", 30)).await, Err(Error::Forbidden(_))));
    let change = ChangeEmail { email: "new@example.com".into() };
    assert!(matches!(stage.platform.run(&actor, change).await, Err(Error::Forbidden(_))));
    let stranger = stage.influencer("mole").await;
    let revoke = RevokeToken { token: made.summary.id };
    assert!(matches!(stage.platform.run(&stranger, revoke).await, Err(Error::NotFound)));
    stage.platform.run(&lena, revoke).await.unwrap();
    assert!(matches!(stage.platform.run(&actor, ViewOwnAccount).await, Err(Error::SignedOut(_))));
}

/// S-12.
#[tokio::test]
async fn a_cookie_opens_nothing_but_what_it_was_made_for() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    stage.register("sponsor", "sam").await;
    let (lena, sam) = (cookie(&stage, "lena", false).await, cookie(&stage, "sam", false).await);
    let parts = |cookie: &Secret| cookie.reveal().split('.').map(str::to_owned).collect::<Vec<_>>();
    let (mine, theirs) = (parts(&lena), parts(&sam));
    for at in 0..4 {
        let mut mixed = mine.clone();
        mixed[at] = theirs[at].clone();
        assert!(!lives(&stage, &mixed.join(".").into()).await, "part {at}");
    }
    for cut in ["", "...", &mine[3], &mine[..3].join(".")] {
        assert!(!lives(&stage, &cut.into()).await, "{cut}");
    }
    assert!(lives(&stage, &lena).await && lives(&stage, &sam).await);
}

/// S-16, U-02.
#[tokio::test]
async fn what_one_request_has_seen_decides_nothing_and_is_forgotten_after_a_change() {
    let stage = Stage::new();
    let lena = stage.influencer("lena").await;
    let sight = Sight::new();
    let seen = async || stage.platform.run_in(&sight, &lena, ViewOwnAccount).await;
    let before = seen().await.unwrap();
    let edit = |bio: &str| EditOwnAccount {
        patch: [("bio".to_owned(), bio.into())].into_iter().collect(),
        version: Some(before.version),
    };
    stage.platform.run(&lena, edit("Tea.")).await.unwrap();
    assert_eq!(seen().await.unwrap(), before, "one request sees one moment");
    let stale = stage.platform.run_in(&sight, &lena, edit("Coffee.")).await.unwrap_err();
    assert!(matches!(stale, Error::Stale), "what changes something reads for itself: {stale:?}");
    assert_ne!(seen().await.unwrap().version, before.version);
    stage.platform.run(&lena, SignOut).await.unwrap();
    assert!(matches!(stage.platform.run_in(&Sight::new(), &lena, ViewOwnAccount).await, Err(Error::SignedOut(_))));
}
