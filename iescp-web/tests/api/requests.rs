//! Wrong turns in a negotiation: each is refused with a sentence, and changes nothing.

use crate::support::{House, Person, text, usd, with};
use poem::http::StatusCode;
use serde_json::{Value, json};

/// A house with an application on the table: an offer of the influencer's, number 1.
struct Table {
    house: House,
    sponsor: Person,
    influencer: Person,
    campaign: String,
    request: String,
}

impl Table {
    async fn set(budget: i64, amount: i64) -> Self {
        let house = House::open();
        let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
        let campaign = house.published(&sponsor, budget).await;
        let request = house.applied(&influencer, &campaign, amount).await;
        Self { house, sponsor, influencer, campaign, request }
    }

    fn path(&self, action: &str) -> String {
        format!("/requests/{}/{action}", self.request)
    }

    fn offer(&self, answers: u64, amount: i64) -> Value {
        with(self.house.terms(amount), json!({ "offer": answers }))
    }

    async fn picture(&self) -> Vec<Value> {
        self.house.picture(&[&self.sponsor, &self.influencer]).await
    }

    async fn refused(&self, who: &Person, action: &str, body: Value, status: u16, code: &str) -> Value {
        let before = self.picture().await;
        let problem = self.house.post(who, &self.path(action), body).await.fails(status, code);
        assert_eq!(self.picture().await, before, "{action}: {problem}");
        problem
    }
}

fn accept(offer: u64) -> Value {
    json!({ "offer": offer, "name": "Sam Sponsor" })
}

#[tokio::test]
async fn nobody_accepts_their_own_offer() {
    let table = Table::set(200_000, 100_000).await;
    table.refused(&table.influencer, "accept", accept(1), 409, "not_your_turn").await;
    table.house.done(&table.sponsor, &table.path("counter"), table.offer(1, 90_000)).await;
    table.refused(&table.sponsor, "accept", accept(2), 409, "not_your_turn").await;
}

#[tokio::test]
async fn an_offer_is_accepted_once() {
    let table = Table::set(200_000, 100_000).await;
    table.house.done(&table.sponsor, &table.path("accept"), accept(1)).await;
    let problem = table.refused(&table.sponsor, "accept", accept(1), 409, "request_state").await;
    assert_eq!(problem["detail"], "This request is accepted already.");
    table.refused(&table.influencer, "withdraw", json!({}), 409, "request_state").await;
    table.refused(&table.sponsor, "reject", json!({ "offer": 1, "reason": "Too late." }), 409, "request_state").await;
}

#[tokio::test]
async fn who_answers_an_offer_that_was_amended_is_shown_the_one_on_the_table() {
    let table = Table::set(300_000, 100_000).await;
    let amended = table.house.done(&table.influencer, &table.path("amend"), table.offer(1, 150_000)).await;
    assert_eq!((&amended["offer"]["number"], &amended["offer"]["amount"]), (&json!(2), &usd(150_000)));
    let shown = table.house.seen(&table.sponsor, &format!("/requests/{}", table.request)).await["offer"].clone();

    for (action, body) in [
        ("accept", accept(1)),
        ("accept", accept(3)),
        ("reject", json!({ "offer": 1, "reason": "No." })),
        ("counter", table.offer(1, 90_000)),
    ] {
        let problem = table.refused(&table.sponsor, action, body, 409, "offer_changed").await;
        assert_eq!(problem["offer"], shown, "{action}: the same shape as everywhere");
    }
    table.refused(&table.influencer, "amend", table.offer(1, 90_000), 409, "offer_changed").await;
    assert_eq!(table.house.done(&table.sponsor, &table.path("accept"), accept(2)).await["state"], "accepted");
}

#[tokio::test]
async fn nobody_acts_out_of_turn() {
    let table = Table::set(200_000, 100_000).await;
    table.refused(&table.influencer, "counter", table.offer(1, 90_000), 409, "not_your_turn").await;
    table.refused(&table.influencer, "reject", json!({ "offer": 1, "reason": "No." }), 409, "not_your_turn").await;
    table.refused(&table.sponsor, "amend", table.offer(1, 90_000), 409, "your_turn").await;
    table.refused(&table.sponsor, "withdraw", json!({}), 409, "your_turn").await;
    table.refused(&table.sponsor, "confirm", json!({ "offer": 1 }), 409, "your_turn").await;
    table.refused(&table.influencer, "confirm", json!({ "offer": 1 }), 409, "not_voided").await;
}

#[tokio::test]
async fn a_final_offer_is_accepted_or_rejected() {
    let table = Table::set(200_000, 100_000).await;
    let last = with(table.offer(1, 90_000), json!({ "is_final": true }));
    assert_eq!(table.house.done(&table.sponsor, &table.path("counter"), last).await["offer"]["is_final"], true);
    table.refused(&table.influencer, "counter", table.offer(2, 95_000), 409, "final_offer").await;
    let no = json!({ "offer": 2, "reason": "Too little." });
    let rejected = table.house.done(&table.influencer, &table.path("reject"), no).await;
    assert_eq!((&rejected["state"], &rejected["reason"]), (&json!("rejected"), &json!("Too little.")));
}

#[tokio::test]
async fn an_expired_offer_is_expired_before_any_job_has_written_it() {
    let table = Table::set(200_000, 100_000).await;
    table.house.days(7);
    assert_eq!(table.house.seen(&table.sponsor, &format!("/requests/{}", table.request)).await["state"], "expired");
    for (action, body) in
        [("accept", accept(1)), ("reject", json!({ "offer": 1, "reason": "No." })), ("counter", table.offer(1, 90_000))]
    {
        table.refused(&table.sponsor, action, body, 409, "expired").await;
    }
    table.house.work().await;
    table.refused(&table.sponsor, "accept", accept(1), 409, "expired").await;
}

#[tokio::test]
async fn what_the_campaign_cannot_pay_is_not_promised() {
    let table = Table::set(100_000, 100_001).await;
    let problem = table.refused(&table.sponsor, "accept", accept(1), 409, "over_budget").await;
    assert!(text(&problem["detail"]).contains("1,000.00 USD"), "{problem}");
    let money = table.house.seen(&table.sponsor, &format!("/campaigns/{}", table.campaign)).await["money"].clone();
    assert_eq!((&money["held"], &money["available"]), (&usd(0), &usd(100_000)));
}

#[tokio::test]
async fn an_offer_on_words_that_changed_waits_for_its_maker() {
    let table = Table::set(200_000, 100_000).await;
    let path = format!("/campaigns/{}", table.campaign);
    let seen = table.house.get(&table.sponsor, &path).await;
    let patch = table.house.ask(poem::http::Method::PATCH, &path).by(&table.sponsor).header("If-Match", seen.header("etag"));
    assert_eq!(patch.patch(&json!({ "label": "Advertisement" })).send().await.status, StatusCode::OK);
    table.refused(&table.sponsor, "accept", accept(1), 409, "offer_voided").await;
    let confirmed = table.house.done(&table.influencer, &table.path("confirm"), json!({ "offer": 1 })).await;
    assert_eq!(confirmed["voided"], false);
    assert_eq!(table.house.done(&table.sponsor, &table.path("accept"), accept(1)).await["state"], "accepted");
}

#[tokio::test]
async fn a_paused_or_flagged_campaign_takes_no_requests_and_no_acceptances() {
    let table = Table::set(200_000, 100_000).await;
    let (house, admin, other) = (&table.house, table.house.admin("ada").await, table.house.influencer("otto").await);
    let path = |action: &str| format!("/campaigns/{}/{action}", table.campaign);
    house.done(&table.sponsor, &path("pause"), json!({})).await;
    table.refused(&table.sponsor, "accept", accept(1), 409, "campaign_paused").await;
    house.post(&other, &path("requests"), house.terms(1000)).await.fails(404, "not_found");
    house.done(&table.sponsor, &path("resume"), json!({})).await;

    let flag = format!("/admin/campaigns/{}/flag", table.campaign);
    house.post(&table.sponsor, &flag, json!({ "reason": "Mine." })).await.fails(403, "forbidden");
    let flagged = house.done(&admin, &flag, json!({ "reason": "No such tea." })).await;
    assert_eq!((&flagged["flagged"], &flagged["flag_reason"]), (&json!(true), &json!("No such tea.")));
    table.refused(&table.sponsor, "accept", accept(1), 409, "campaign_flagged").await;
    house.post(&other, &path("requests"), house.terms(1000)).await.fails(404, "not_found");
    house.done(&admin, &format!("/admin/campaigns/{}/unflag", table.campaign), json!({})).await;
    house.done(&table.sponsor, &table.path("accept"), accept(1)).await;
}

#[tokio::test]
async fn the_role_decides_who_asks_whom() {
    let table = Table::set(200_000, 100_000).await;
    let (house, path) = (&table.house, format!("/campaigns/{}/requests", table.campaign));
    let terms = house.terms(1000);
    house.post(&table.influencer, &path, terms.clone()).await.fails(409, "taken");
    house.post(&table.sponsor, &path, terms.clone()).await.wrong(&[("/influencer_id", "required")]);
    let oneself = with(terms.clone(), json!({ "influencer_id": table.influencer.id }));
    house.post(&table.influencer, &path, oneself).await.wrong(&[("/influencer_id", "not_yours")]);
    let nobody = with(terms.clone(), json!({ "influencer_id": table.sponsor.id }));
    house.post(&table.sponsor, &path, nobody).await.wrong(&[("/influencer_id", "unknown")]);
    let (rival, other) = (house.sponsor("coffeehouse").await, house.influencer("otto").await);
    let invitation = with(terms, json!({ "influencer_id": other.id }));
    house.post(&rival, &path, invitation).await.fails(403, "forbidden");
}

#[tokio::test]
async fn an_acceptance_is_signed_and_names_an_offer() {
    let table = Table::set(200_000, 100_000).await;
    for (body, wrong) in [
        (json!({}), vec![("/offer", "required"), ("/name", "required")]),
        (json!({ "offer": 1, "name": "" }), vec![("/name", "too_short")]),
        (json!({ "offer": 1, "name": "   " }), vec![("/name", "required")]),
        (json!({ "offer": 1, "name": "a\u{202e}b" }), vec![("/name", "characters")]),
        (json!({ "offer": "1", "name": "Sam" }), vec![("/offer", "wrong_type")]),
        (json!({ "offer": 0, "name": "Sam" }), vec![("/offer", "too_small")]),
        (json!({ "offer": 1, "name": "Sam", "role": "admin" }), vec![("/role", "unknown_field")]),
    ] {
        let answer = table.house.post(&table.sponsor, &table.path("accept"), body.clone()).await;
        answer.wrong(&wrong);
    }
    assert_eq!(table.house.seen(&table.sponsor, "/collaborations").await["items"], json!([]));
}

#[tokio::test]
async fn who_has_no_reason_to_give_sends_no_body() {
    let table = Table::set(200_000, 100_000).await;
    let ask = table.house.ask(poem::http::Method::POST, &table.path("withdraw")).by(&table.influencer).send().await;
    assert_eq!((ask.status, &ask.json()["state"]), (StatusCode::OK, &json!("withdrawn")));
    let path = format!("/campaigns/{}/requests", table.campaign);
    table.house.post(&table.influencer, &path, table.house.terms(1)).await.fails(409, "too_soon");
    table.house.days(7);
    let influencer = table.house.sign_in("ines").await;
    table.house.applied(&influencer, &table.campaign, 1).await;
}
