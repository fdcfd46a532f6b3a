use crate::letters;
use crate::support::{Answer, House, PASSWORD, text};
use iescp_core::Actor;
use iescp_core::account::MakeSetupLink;
use jiff::SignedDuration;
use poem::http::Method;
use serde_json::{Value, json};

async fn post(house: &House, path: &str, body: Value) -> Answer {
    house.ask(Method::POST, path).json(&body).send().await
}

async fn log_in(house: &House, name: &str, password: &str) -> Answer {
    post(house, "/auth/login", json!({ "username": name, "password": password })).await
}

async fn with_token(house: &House, token: &str, method: Method, path: &str) -> Answer {
    house.ask(method, path).header("Authorization", &format!("Bearer {token}")).send().await
}

fn newcomer(role: &str, name: &str) -> Value {
    json!({ "role": role, "username": name, "email": format!("{name}@example.com"), "password": PASSWORD, "company": "Tea & Co" })
}

#[tokio::test]
async fn an_influencer_registers_signs_in_and_acts_with_the_token() {
    let house = House::open();
    let made = post(&house, "/auth/register", newcomer("influencer", "ines")).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/me"), "{}", made.text());
    assert_eq!((&made.json()["role"], &made.json()["state"]), (&json!("influencer"), &json!("active")));
    let tokens = log_in(&house, "INES", PASSWORD).await.json();
    let mut names: Vec<&str> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["access_token", "expires_in", "refresh_token", "token_type"]);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(300)));
    let me = with_token(&house, &text(&tokens["access_token"]), Method::GET, "/me").await;
    assert_eq!((me.status.as_u16(), &me.json()["username"]), (200, &json!("ines")));
    let by_address = json!({ "email": "ines@example.com", "password": PASSWORD });
    assert_eq!(post(&house, "/auth/login", by_address).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_sponsor_waits_for_approval_but_can_sign_in() {
    let house = House::open();
    let made = post(&house, "/auth/register", newcomer("sponsor", "sam")).await;
    assert_eq!(made.json()["state"], "pending");
    assert_eq!(log_in(&house, "sam", PASSWORD).await.status.as_u16(), 200);
}

#[tokio::test]
async fn nobody_registers_as_an_admin_and_every_wrong_field_is_named() {
    let house = House::open();
    post(&house, "/auth/register", newcomer("admin", "mallory")).await.wrong(&[("/role", "unknown_value")]);
    let body = json!({ "role": "influencer", "username": "x", "email": "nowhere", "password": "short" });
    let wrong = post(&house, "/auth/register", body).await.fails(422, "invalid");
    let pointers: Vec<&str> = wrong["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/username", "/email", "/password"]);
    let mut sneaky = newcomer("influencer", "mallory");
    sneaky["state"] = json!("active");
    post(&house, "/auth/register", sneaky).await.wrong(&[("/state", "unknown_field")]);
    log_in(&house, "mallory", PASSWORD).await.fails(401, "signed_out");
}

#[tokio::test]
async fn s_07_unknown_names_and_wrong_passwords_are_answered_alike() {
    let house = House::open();
    post(&house, "/auth/register", newcomer("influencer", "ines")).await;
    let [mut known, mut unknown] =
        [log_in(&house, "ines", "not-that-one-at-all").await, log_in(&house, "nobody", "not-that-one-at-all").await]
            .map(|answer| answer.fails(401, "signed_out"));
    for problem in [&mut known, &mut unknown] {
        problem.as_object_mut().unwrap().remove("instance");
    }
    assert_eq!(known, unknown);
    let again = post(
        &house,
        "/auth/register",
        json!({ "email": "ines@example.com", "role": "influencer", "username": "other", "password": PASSWORD }),
    );
    assert_eq!(again.await.status.as_u16(), 201);
    for address in ["ines@example.com", "nobody@example.com"] {
        let answer = post(&house, "/auth/password/forgot", json!({ "email": address })).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (202, String::new()));
    }
}

#[tokio::test]
async fn who_gives_no_name_or_two_is_told_so() {
    let house = House::open();
    post(&house, "/auth/login", json!({ "password": PASSWORD })).await.wrong(&[("/username", "required")]);
    let both = json!({ "username": "a", "email": "a@example.com", "password": PASSWORD });
    post(&house, "/auth/login", both).await.wrong(&[("/email", "one_of")]);
}

#[tokio::test]
async fn s_52_a_refresh_token_works_once_and_its_reuse_ends_the_family() {
    let house = House::open();
    post(&house, "/auth/register", newcomer("influencer", "ines")).await;
    let first = log_in(&house, "ines", PASSWORD).await.json();
    let refresh = |token: Value| post(&house, "/auth/refresh", json!({ "refresh_token": token }));
    let second = refresh(first["refresh_token"].clone()).await.json();
    let third = refresh(second["refresh_token"].clone()).await.json();
    refresh(first["refresh_token"].clone()).await.fails(401, "signed_out");
    refresh(third["refresh_token"].clone()).await.fails(401, "signed_out");
    let dead = with_token(&house, &text(&third["access_token"]), Method::GET, "/me").await;
    dead.fails(401, "signed_out");
}

#[tokio::test]
async fn an_expired_access_token_does_not_stand_in_the_way_of_refreshing_it() {
    let house = House::open();
    post(&house, "/auth/register", newcomer("influencer", "ines")).await;
    let tokens = log_in(&house, "ines", PASSWORD).await.json();
    house.clock.advance(SignedDuration::from_mins(6));
    with_token(&house, &text(&tokens["access_token"]), Method::GET, "/me").await.fails(401, "signed_out");
    let refreshed = house
        .ask(Method::POST, "/auth/refresh")
        .header("Authorization", &format!("Bearer {}", text(&tokens["access_token"])))
        .json(&json!({ "refresh_token": tokens["refresh_token"] }))
        .send()
        .await;
    assert_eq!(refreshed.status.as_u16(), 200, "{}", refreshed.text());
}

#[tokio::test]
async fn signing_out_ends_access_and_refresh_token_at_once() {
    let house = House::open();
    post(&house, "/auth/register", newcomer("influencer", "ines")).await;
    let tokens = log_in(&house, "ines", PASSWORD).await.json();
    let access = text(&tokens["access_token"]);
    assert_eq!(with_token(&house, &access, Method::POST, "/auth/logout").await.status.as_u16(), 204);
    with_token(&house, &access, Method::GET, "/me").await.fails(401, "signed_out");
    post(&house, "/auth/refresh", json!({ "refresh_token": tokens["refresh_token"] })).await.fails(401, "signed_out");
}

#[tokio::test]
async fn a_proven_address_gets_the_link_that_lets_choose_a_new_password_once() {
    let house = House::open();
    post(&house, "/auth/register", newcomer("influencer", "ines")).await;
    let tokens = log_in(&house, "ines", PASSWORD).await.json();
    post(&house, "/auth/password/forgot", json!({ "email": "ines@example.com" })).await;
    assert!(letters::resetting(&house).await.is_none());
    let link = letters::proving(&house, "ines@example.com").await;
    assert_eq!(post(&house, "/auth/email/verify", json!({ "token": link })).await.status.as_u16(), 204);
    post(&house, "/auth/email/verify", json!({ "token": link })).await.wrong(&[("/token", "link")]);
    house.clock.advance(SignedDuration::from_hours(1));
    post(&house, "/auth/password/forgot", json!({ "email": "ines@example.com" })).await;
    let link = letters::resetting(&house).await.unwrap();
    let password = "seven green bottles on a wall";
    let reset = json!({ "token": link, "password": password });
    post(&house, "/auth/password/reset", json!({ "token": link, "password": "short" }))
        .await
        .wrong(&[("/password", "too_short")]);
    assert_eq!(post(&house, "/auth/password/reset", reset.clone()).await.status.as_u16(), 204);
    post(&house, "/auth/password/reset", reset).await.wrong(&[("/token", "link")]);
    log_in(&house, "ines", PASSWORD).await.fails(401, "signed_out");
    post(&house, "/auth/refresh", json!({ "refresh_token": tokens["refresh_token"] })).await.fails(401, "signed_out");
    assert_eq!(log_in(&house, "ines", password).await.status.as_u16(), 200);
}

#[tokio::test]
async fn s_06_the_set_up_token_makes_the_first_admin_once() {
    let house = House::open();
    let token = house.platform.run(&Actor::terminal(), MakeSetupLink::default()).await.unwrap();
    let admin = |token: &str, name: &str| json!({ "token": token, "username": name, "email": format!("{name}@example.com"), "password": PASSWORD });
    post(&house, "/auth/setup", admin("guessed.it", "mallory")).await.wrong(&[("/token", "link")]);
    let made = post(&house, "/auth/setup", admin(token.reveal(), "root-of-all")).await;
    assert_eq!((made.status.as_u16(), &made.json()["role"]), (201, &json!("admin")), "{}", made.text());
    post(&house, "/auth/setup", admin(token.reveal(), "mallory")).await.wrong(&[("/token", "link")]);
    let access = text(&log_in(&house, "root-of-all", PASSWORD).await.json()["access_token"]);
    assert_eq!(with_token(&house, &access, Method::GET, "/admin/accounts").await.status.as_u16(), 200);
}
