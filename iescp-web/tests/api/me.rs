use crate::letters;
use crate::support::{House, PASSWORD, Person, text, usd};
use iescp_core::Clock;
use jiff::SignedDuration;
use poem::http::Method;
use serde_json::{Value, json};

async fn patch(house: &House, who: &Person, path: &str, tag: &str, body: Value) -> crate::support::Answer {
    house.ask(Method::PATCH, path).by(who).header("If-Match", tag).patch(&body).send().await
}

#[tokio::test]
async fn an_influencer_edits_their_profile_with_the_version_they_have_seen() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let seen = house.get(&ines, "/me").await;
    let tag = seen.header("etag").to_owned();
    let change = json!({
        "bio": "Tea.", "niches": ["food"], "location": "Lisbon", "languages": ["en"],
        "channels": [{ "platform": "instagram", "handle": "@ines", "followers": 1200, "engagement_rate": 250 }],
        "rate_card": { "reel": usd(25_000), "post": usd(10_000) },
    });
    let edited = patch(&house, &ines, "/me", &tag, change.clone()).await;
    assert_eq!(edited.status.as_u16(), 200, "{}", edited.text());
    let me = edited.json();
    assert_eq!((&me["bio"], &me["reach"], &me["complete"]), (&json!("Tea."), &json!(1200), &json!(true)));
    assert_eq!(me["rate_card"], json!({ "reel": usd(25_000), "post": usd(10_000) }));
    patch(&house, &ines, "/me", &tag, change).await.fails(412, "stale");
    let without = house.ask(Method::PATCH, "/me").by(&ines).patch(&json!({ "bio": "" })).send().await;
    without.fails(428, "version_needed");
    let tag = edited.header("etag");
    let emptied = patch(&house, &ines, "/me", tag, json!({ "location": null, "rate_card": { "post": null } })).await.json();
    assert!(emptied.get("location").is_none(), "{emptied}");
    assert_eq!((&emptied["rate_card"], &emptied["bio"]), (&json!({ "reel": usd(25_000) }), &json!("Tea.")));
}

#[tokio::test]
async fn a_profile_takes_no_fields_but_its_own_and_no_other_currency() {
    let house = House::open();
    let (ines, sam) = (house.influencer("ines").await, house.pending("sam").await);
    let any = |who: &Person, body: Value| {
        let who = who.clone();
        let house = &house;
        async move { patch(house, &who, "/me", "*", body).await }
    };
    for field in ["role", "state", "id", "email", "username", "verified_at", "under_review"] {
        any(&ines, json!({ field: "admin" })).await.wrong(&[(&format!("/{field}"), "unknown_field")]);
    }
    let euros = json!({ "rate_card": { "reel": { "amount": 1, "currency": "EUR" } } });
    any(&ines, euros).await.wrong(&[("/rate_card/reel/currency", "currency")]);
    any(&ines, json!({ "niches": ["no such thing"] })).await.wrong(&[("/niches/0", "unknown")]);
    let channel =
        json!({ "channels": [{ "platform": "instagram", "handle": "a", "followers": 1, "url": "javascript:alert(1)" }] });
    let wrong = any(&ines, channel).await.fails(422, "invalid");
    assert_eq!(wrong["errors"][0]["pointer"], "/channels/0/url");
    any(&sam, json!({ "bio": "I am no influencer." })).await.fails(422, "invalid");
    assert_eq!(any(&sam, json!({ "company": "Tea & Sons" })).await.json()["company"], "Tea & Sons");
}

#[tokio::test]
async fn a_03_what_has_not_changed_is_not_sent_again_and_what_has_is() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let tag = house.get(&ines, "/me").await.header("etag").to_owned();
    let again = || house.ask(Method::GET, "/me").by(&ines).header("If-None-Match", &tag).send();
    let same = again().await;
    assert_eq!((same.status.as_u16(), same.text(), same.header("etag")), (304, String::new(), tag.as_str()));
    let link = letters::proving(&house, "ines@example.com").await;
    house.ask(Method::POST, "/auth/email/verify").json(&json!({ "token": link })).send().await;
    let changed = again().await;
    assert_eq!((changed.status.as_u16(), &changed.json()["email_verified"]), (200, &json!(true)));
    let edited = patch(&house, &ines, "/me", &tag, json!({ "bio": "The profile itself did not change." })).await;
    assert_eq!(edited.status.as_u16(), 200, "{}", edited.text());
}

#[tokio::test]
async fn sessions_are_seen_and_ended() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let (second, third) = (house.sign_in("ines").await, house.sign_in("ines").await);
    let page = house.seen(&ines, "/me/sessions?limit=2").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let rest = house.get(&ines, &format!("/me/sessions?limit=2&cursor={}", text(&page["next_cursor"]))).await.json();
    assert_eq!((&rest["items"][0]["current"], &rest["next_cursor"]), (&json!(true), &Value::Null));
    let newest = text(&page["items"][0]["id"]);
    let end = |path: String| house.ask(Method::DELETE, &path).by(&ines).send();
    let other = house.influencer("other").await;
    let path = format!("/me/sessions/{newest}");
    house.ask(Method::DELETE, &path).by(&other).send().await.fails(404, "not_found");
    assert_eq!(end(path.clone()).await.status.as_u16(), 204);
    end(path).await.fails(404, "not_found");
    house.get(&third, "/me").await.fails(401, "signed_out");
    house.clock.advance(SignedDuration::from_mins(11));
    end("/me/sessions".into()).await.fails(409, "reauthenticate");
    let proof = json!({ "password": PASSWORD });
    assert_eq!(house.post(&ines, "/me/reauthenticate", proof).await.status.as_u16(), 204);
    assert_eq!(end("/me/sessions".into()).await.status.as_u16(), 204);
    house.get(&second, "/me").await.fails(401, "signed_out");
    assert_eq!(house.get(&ines, "/me").await.status.as_u16(), 200);
    house.get(&ines, "/me/sessions?cursor=AAAA").await.fails(400, "bad_parameter");
}

#[tokio::test]
async fn s_54_a_personal_token_is_shown_once_does_what_its_scope_allows_and_ends_with_a_word() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let make = |scope: &str| {
        house.done(&ines, "/me/tokens", json!({ "name": "mine", "scope": scope, "expires_in_days": 30 })).map_token()
    };
    let (reader, writer) = (make("read").await, make("write").await);
    let listed = house.get(&ines, "/me/tokens").await;
    assert!(!listed.text().contains("iescp_pat_"));
    assert_eq!(listed.json()["items"].as_array().unwrap().len(), 2);
    let with = |token: &str, method: Method, path: &str| {
        house.ask(method, path).header("Authorization", &format!("Bearer {token}")).header("If-Match", "*")
    };
    assert_eq!(with(&reader, Method::GET, "/me").send().await.status.as_u16(), 200);
    with(&reader, Method::PATCH, "/me").patch(&json!({ "bio": "x" })).send().await.fails(403, "forbidden");
    assert_eq!(with(&writer, Method::PATCH, "/me").patch(&json!({ "bio": "x" })).send().await.status.as_u16(), 200);
    let another = json!({ "name": "more", "scope": "write" });
    with(&writer, Method::POST, "/me/tokens").json(&another).send().await.fails(403, "forbidden");
    let newest = text(&house.seen(&ines, "/me/tokens").await["items"][0]["id"]);
    let revoke = house.ask(Method::DELETE, &format!("/me/tokens/{newest}")).by(&ines).send().await;
    assert_eq!(revoke.status.as_u16(), 204);
    with(&writer, Method::GET, "/me").send().await.fails(401, "signed_out");
    assert_eq!(house.ask(Method::DELETE, "/me/tokens").by(&ines).send().await.status.as_u16(), 204);
    with(&reader, Method::GET, "/me").send().await.fails(401, "signed_out");
}

trait MapToken {
    async fn map_token(self) -> String;
}

impl<F: Future<Output = Value>> MapToken for F {
    async fn map_token(self) -> String {
        text(&self.await["token"])
    }
}

#[tokio::test]
async fn changing_the_password_needs_the_present_one_and_ends_other_sessions() {
    let house = House::open();
    let (ines, other) = (house.influencer("ines").await, house.sign_in("ines").await);
    let change =
        |current: &str, new: &str| house.post(&ines, "/me/password", json!({ "current_password": current, "new_password": new }));
    change("not it", "seven green bottles on a wall").await.wrong(&[("/current_password", "wrong_password")]);
    change(PASSWORD, "short").await.wrong(&[("/new_password", "too_short")]);
    assert_eq!(house.get(&other, "/me").await.status.as_u16(), 200);
    assert_eq!(change(PASSWORD, "seven green bottles on a wall").await.status.as_u16(), 204);
    house.get(&other, "/me").await.fails(401, "signed_out");
    assert_eq!(house.get(&ines, "/me").await.status.as_u16(), 200);
}

#[tokio::test]
async fn another_address_counts_once_its_link_is_followed() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    assert_eq!(house.post(&ines, "/me/email", json!({ "email": "new@example.com" })).await.status.as_u16(), 202);
    let me = house.seen(&ines, "/me").await;
    assert_eq!((&me["email"], &me["new_email"]), (&json!("ines@example.com"), &json!("new@example.com")));
    assert_eq!(house.post(&ines, "/me/email/verification", json!({})).await.status.as_u16(), 202);
    let link = letters::proving(&house, "new@example.com").await;
    house.ask(Method::POST, "/auth/email/verify").json(&json!({ "token": link })).send().await;
    let me = house.seen(&ines, "/me").await;
    assert_eq!((&me["email"], &me["email_verified"]), (&json!("new@example.com"), &json!(true)));
}

/// What a program that shows codes shows.
pub fn code(house: &House, secret: &str) -> String {
    let seed = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let codes = totp_rs::Builder::new().with_secret(seed).build().unwrap();
    codes.generate(house.clock.now().as_second().try_into().unwrap()).to_string()
}

#[tokio::test]
async fn s_11_a_second_factor_is_asked_for_at_sign_in_and_turned_off_with_a_recovery_code() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let secret = text(&house.done(&ines, "/me/totp", json!({})).await["secret"]);
    house.post(&ines, "/me/totp/confirm", json!({ "code": "000000" })).await.wrong(&[("/code", "wrong_code")]);
    let codes = house.done(&ines, "/me/totp/confirm", json!({ "code": code(&house, &secret) })).await;
    assert_eq!(house.seen(&ines, "/me").await["second_factor"], true);
    let log_in = |more: Value| {
        let body = crate::support::with(json!({ "username": "ines", "password": PASSWORD }), more);
        let house = &house;
        async move { house.ask(Method::POST, "/auth/login").json(&body).send().await }
    };
    log_in(json!({})).await.wrong(&[("/totp_code", "second_factor")]);
    log_in(json!({ "totp_code": code(&house, &secret) })).await.wrong(&[("/totp_code", "wrong_code")]);
    log_in(json!({ "recovery_code": "nonsense" })).await.wrong(&[("/recovery_code", "wrong_code")]);
    house.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(log_in(json!({ "totp_code": code(&house, &secret) })).await.status.as_u16(), 200);
    let recovery = codes["recovery_codes"][0].clone();
    assert_eq!(log_in(json!({ "recovery_code": recovery })).await.status.as_u16(), 200);
    let off = house.post(&ines, "/me/totp/disable", json!({ "recovery_code": codes["recovery_codes"][1] })).await;
    assert_eq!(off.status.as_u16(), 204, "{}", off.text());
    assert_eq!(log_in(json!({})).await.status.as_u16(), 200);
}

#[tokio::test]
async fn preferences_are_merged_topic_by_topic() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let seen = house.get(&ines, "/me/preferences").await;
    assert_eq!((&seen.json()["mail"]["messages"], &seen.json()["mail"]["money"]), (&json!(true), &json!(true)));
    let tag = seen.header("etag").to_owned();
    let set = patch(&house, &ines, "/me/preferences", &tag, json!({ "mail": { "messages": false } })).await;
    assert_eq!((set.status.as_u16(), &set.json()["mail"]["messages"]), (200, &json!(false)), "{}", set.text());
    patch(&house, &ines, "/me/preferences", &tag, json!({ "mail": { "money": false } })).await.fails(412, "stale");
    let bad = json!({ "mail": { "weather": true, "security": false } });
    let wrong = patch(&house, &ines, "/me/preferences", "*", bad).await;
    wrong.wrong(&[("/mail/security", "always_on"), ("/mail/weather", "unknown")]);
}

#[tokio::test]
async fn a_closed_account_is_gone_for_good() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    house.clock.advance(SignedDuration::from_mins(11));
    house.post(&ines, "/me/close", json!({})).await.fails(409, "reauthenticate");
    house.post(&ines, "/me/reauthenticate", json!({ "password": PASSWORD })).await;
    assert_eq!(house.post(&ines, "/me/close", json!({})).await.status.as_u16(), 204);
    house.get(&ines, "/me").await.fails(401, "signed_out");
    let somebody = house.influencer("somebody").await;
    house.get(&somebody, &format!("/influencers/{}", ines.id)).await.fails(404, "not_found");
}

#[tokio::test]
async fn a_rejected_sponsor_reads_why_and_applies_again() {
    let house = House::open();
    let (sam, admin) = (house.pending("sam").await, house.admin("ada").await);
    house.post(&sam, "/me/apply-again", json!({})).await.fails(409, "not_rejected");
    house.done(&admin, &format!("/admin/accounts/{}/reject", sam.id), json!({ "reason": "No such company." })).await;
    let me = house.seen(&sam, "/me").await;
    assert_eq!((&me["state"], &me["state_reason"]), (&json!("rejected"), &json!("No such company.")));
    assert_eq!(house.done(&sam, "/me/apply-again", json!({})).await["state"], "pending");
}
