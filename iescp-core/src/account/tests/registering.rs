use super::stage::{PASSWORD, Stage, visitor_from};
use crate::{
    Actor, Error,
    account::{AccountState, AdminInput, MakeSetupLink, Register, RegisterInput, Role, SetUp, VerifyEmail},
    moderation::accounts::{ApproveSponsor, ListAccounts},
    notification::Notice,
    outbox::Letter,
};

#[tokio::test]
async fn an_influencer_registers_and_signs_in_at_once() {
    let stage = Stage::new();
    let registered = stage.register("influencer", "lena").await;
    assert_eq!(registered.state, AccountState::Active);
    for login in ["lena", " LENA ", "lena@example.com", "Lena@Example.com"] {
        assert_eq!(stage.sign_in(login).await.unwrap().account, registered.account, "{login}");
    }
}

#[tokio::test]
async fn a_sponsor_waits_until_an_admin_who_was_told_approves() {
    let stage = Stage::new();
    let admin = stage.admin("root").await;
    let sponsor = stage.register("sponsor", "acme").await;
    assert_eq!(sponsor.state, AccountState::Pending);
    let notices = stage.notices(admin.account_id().unwrap()).await;
    assert_eq!(notices, [Notice::SponsorWaits]);
    let waiting = ListAccounts { role: Some(Role::Sponsor), state: Some(AccountState::Pending), ..ListAccounts::default() };
    let page = stage.platform.run(&admin, waiting.clone()).await.unwrap();
    assert_eq!(page.items[0].id, sponsor.account);
    stage.platform.run(&admin, ApproveSponsor { account: sponsor.account }).await.unwrap();
    assert!(stage.platform.run(&admin, waiting).await.unwrap().items.is_empty());
    assert_eq!(stage.notices(sponsor.account).await, [Notice::Approved]);
    let again = stage.platform.run(&admin, ApproveSponsor { account: sponsor.account }).await;
    assert!(matches!(again, Err(Error::NotNow(_))));
}

#[tokio::test]
async fn a_user_name_is_taken_without_regard_to_case() {
    let stage = Stage::new();
    stage.register("influencer", "lena").await;
    let second = stage.try_register("influencer", "LENA", "other@example.com").await;
    assert!(matches!(second, Err(Error::Taken(field)) if field.field == "username"));
}

/// S-07.
#[tokio::test]
async fn registering_tells_nobody_whether_an_address_has_an_account() {
    let stage = Stage::new();
    let owner = stage.register("influencer", "lena").await;
    let token = stage.newest_link().await;
    stage.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();

    let with_hers = stage.try_register("influencer", "mole", "LENA@example.com").await.unwrap();
    let with_new = stage.try_register("influencer", "newt", "newt@example.com").await.unwrap();
    assert_eq!((with_hers.role, with_hers.state), (with_new.role, with_new.state));
    for (login, account) in [("mole", with_hers.account), ("newt", with_new.account), ("newt@example.com", with_new.account)] {
        assert_eq!(stage.sign_in(login).await.unwrap().account, account);
    }
    // The address still leads its owner to her account: the same password signs in the one who has proven it.
    assert_eq!(stage.sign_in("lena@example.com").await.unwrap().account, owner.account);
    let letters = stage.letters().await;
    let of = |account| letters.iter().find(|letter| matches!(letter, Letter::VerifyEmail { account: of, .. } if *of == account));
    let leaves = stage.leaves(of(with_hers.account).unwrap()).await.unwrap();
    assert!(matches!(leaves.letter, Letter::AlreadyRegistered { account, .. } if account == owner.account));
    assert_eq!(&*leaves.username, "lena");
    let leaves = stage.leaves(of(with_new.account).unwrap()).await.unwrap();
    assert!(matches!(leaves.letter, Letter::VerifyEmail { .. }));
}

#[tokio::test]
async fn an_address_somebody_else_registered_first_keeps_its_owner_from_nothing() {
    let stage = Stage::new();
    stage.try_register("influencer", "squatter", "lena@example.com").await.unwrap();
    let lena = stage.try_register("influencer", "lena", "lena@example.com").await.unwrap();
    let token = stage.newest_link().await;
    stage.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
    assert!(stage.account(lena.account).await.email_verified);
    assert_eq!(stage.sign_in("lena@example.com").await.unwrap().account, lena.account);
}

#[tokio::test]
async fn two_who_register_one_user_name_at_once_are_not_both_given_it() {
    let stage = Stage::new();
    let tries = (0..8).map(|number| {
        let platform = stage.platform.clone();
        tokio::spawn(async move {
            let input = RegisterInput {
                role: "influencer".into(),
                username: "lena".into(),
                email: format!("lena{number}@example.com"),
                password: PASSWORD.into(),
                ..RegisterInput::default()
            };
            platform.run(&Actor::visitor(), Register::new(input)).await.is_ok()
        })
    });
    let mut made = 0;
    for attempt in tries.collect::<Vec<_>>() {
        made += usize::from(attempt.await.unwrap());
    }
    assert_eq!(made, 1);
}

/// S-74.
#[tokio::test]
async fn one_network_registers_ten_accounts_an_hour_and_the_machine_itself_any_number() {
    let stage = Stage::new();
    let register = |from: &'static str, name: String| {
        let input = RegisterInput {
            role: "influencer".into(),
            username: name.clone(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            ..RegisterInput::default()
        };
        let platform = stage.platform.clone();
        async move { platform.run(&visitor_from(from), Register::new(input)).await }
    };
    let mut made = 0;
    for number in 0..60 {
        made += usize::from(register("203.0.113.7", format!("a{number:03}")).await.is_ok());
        stage.minutes_pass(1);
    }
    assert_eq!(made, 10);
    for number in 0..20 {
        register("127.0.0.1", format!("b{number:03}")).await.unwrap();
    }
}

/// S-06.
#[tokio::test]
async fn the_first_admin_is_made_by_a_link_that_works_once_and_for_an_hour() {
    let stage = Stage::new();
    let input =
        |name: &str| AdminInput { username: name.into(), email: format!("{name}@example.com"), password: PASSWORD.into() };
    let terminal = Actor::terminal();
    let link = || stage.platform.run(&terminal, MakeSetupLink::default());
    assert!(stage.platform.run(&Actor::visitor(), MakeSetupLink::default()).await.is_err());
    let late = link().await.unwrap();
    stage.minutes_pass(60);
    assert!(stage.platform.run(&Actor::visitor(), SetUp::new(late, input("root"))).await.is_err());
    let replaced = link().await.unwrap();
    let token = link().await.unwrap();
    assert!(stage.platform.run(&Actor::visitor(), SetUp::new(replaced, input("root"))).await.is_err());
    let made = stage.platform.run(&Actor::visitor(), SetUp::new(token.clone(), input("root"))).await.unwrap();
    assert_eq!((made.role, made.state), (Role::Admin, AccountState::Active));
    assert!(stage.platform.run(&Actor::visitor(), SetUp::new(token, input("second"))).await.is_err());
    assert!(matches!(link().await, Err(Error::NotNow(_))));
    assert_eq!(stage.sign_in("root").await.unwrap().account, made.account);
}

/// S-06.
#[tokio::test]
async fn where_several_serve_each_shows_a_link_and_one_of_them_makes_the_first_admin() {
    let stage = Stage::new();
    let input =
        |name: &str| AdminInput { username: name.into(), email: format!("{name}@example.com"), password: PASSWORD.into() };
    let terminal = Actor::terminal();
    let link = || stage.platform.run(&terminal, MakeSetupLink { others_stay: true });
    let (one, other) = (link().await.unwrap(), link().await.unwrap());
    stage.platform.run(&Actor::visitor(), SetUp::new(one, input("root"))).await.unwrap();
    let second = stage.platform.run(&Actor::visitor(), SetUp::new(other, input("second"))).await;
    assert!(matches!(second, Err(Error::NotNow(_))));
}

/// S-06.
#[tokio::test]
async fn there_is_no_default_account_and_nobody_registers_as_admin() {
    let stage = Stage::new();
    for (name, password) in [("admin", "admin"), ("root", "root"), ("admin", "password"), ("admin", "")] {
        assert!(stage.try_sign_in(&Actor::visitor(), name, password).await.is_err());
    }
    let wrong = stage.try_register("admin", "mallory", "mallory@example.com").await;
    assert!(matches!(wrong, Err(Error::Invalid(fields)) if fields[0].field == "role"));
}

#[tokio::test]
async fn every_wrong_field_of_a_registration_is_named() {
    let stage = Stage::new();
    let input = RegisterInput {
        role: "sponsor".into(),
        username: "x".into(),
        email: "nowhere".into(),
        password: "short".into(),
        ..RegisterInput::default()
    };
    let Err(Error::Invalid(wrong)) = stage.platform.run(&Actor::visitor(), Register::new(input)).await else {
        panic!("everything is wrong")
    };
    let fields: Vec<&str> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
    assert_eq!(fields, ["username", "email", "company", "password"]);
}
