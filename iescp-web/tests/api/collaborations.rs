//! The agreed work: who may do what, in which state.

use crate::support::{House, Person, text, usd, with};
use serde_json::{Value, json};

struct Work {
    house: House,
    sponsor: Person,
    influencer: Person,
    id: String,
}

impl Work {
    async fn agreed() -> Self {
        let house = House::open();
        let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
        let campaign = house.published(&sponsor, 100_000).await;
        let id = house.agreed(&sponsor, &influencer, &campaign, 50_000).await;
        Self { house, sponsor, influencer, id }
    }

    async fn submitted() -> Self {
        let work = Self::agreed().await;
        work.done(&work.influencer, "submit", work.house.work_done()).await;
        work
    }

    fn path(&self, action: &str) -> String {
        format!("/collaborations/{}/{action}", self.id)
    }

    async fn done(&self, who: &Person, action: &str, body: Value) -> Value {
        self.house.done(who, &self.path(action), body).await
    }

    async fn refused(&self, who: &Person, action: &str, body: Value, status: u16, code: &str) -> Value {
        let before = self.house.picture(&[&self.sponsor, &self.influencer]).await;
        let problem = self.house.post(who, &self.path(action), body).await.fails(status, code);
        assert_eq!(self.house.picture(&[&self.sponsor, &self.influencer]).await, before, "{action}");
        problem
    }
}

#[tokio::test]
async fn work_without_the_label_is_no_submission() {
    let work = Work::agreed().await;
    let unlabelled = with(work.house.work_done(), json!({ "label_shown": false }));
    work.house.post(&work.influencer, &work.path("submit"), unlabelled).await.wrong(&[("/label_shown", "label")]);
    for (works, wrong) in [
        (json!([]), ("/works", "too_few")),
        (json!([{ "deliverable": 0, "url": "javascript:alert(1)" }]), ("/works/0/url", "url")),
        (json!([{ "deliverable": 19, "url": "https://example.com/1" }]), ("/works/0/deliverable", "unknown")),
        (json!([{ "deliverable": 0 }]), ("/works/0/url", "required")),
    ] {
        let body = json!({ "works": works, "label_shown": true });
        let problem = work.house.post(&work.influencer, &work.path("submit"), body).await.fails(422, "invalid");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!(wrong.0), &json!(wrong.1)));
    }
    assert_eq!(work.house.seen(&work.sponsor, "/collaborations?state=active").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn each_party_does_its_own_part() {
    let work = Work::agreed().await;
    work.refused(&work.sponsor, "submit", work.house.work_done(), 403, "forbidden").await;
    work.refused(&work.sponsor, "step-down", json!({ "reason": "No." }), 403, "forbidden").await;
    work.refused(&work.sponsor, "approve", json!({}), 409, "collaboration_state").await;
    work.refused(&work.influencer, "approve", json!({}), 403, "forbidden").await;
    work.refused(&work.influencer, "request-changes", json!({ "reasons": "No." }), 403, "forbidden").await;
    work.refused(&work.influencer, "cancel", json!({}), 403, "forbidden").await;
    work.refused(&work.sponsor, "cancel", json!({ "reason": "Now." }), 409, "not_overdue").await;
    work.refused(&work.influencer, "withdraw-dispute", json!({}), 409, "collaboration_state").await;
    work.refused(&work.influencer, "withdraw-split", json!({}), 409, "no_split").await;
    work.refused(&work.sponsor, "review", json!({ "rating": 5 }), 409, "collaboration_state").await;
    work.refused(&work.influencer, "results", json!({ "deliverable": 0, "views": 1, "source": "x" }), 409, "nothing_submitted")
        .await;
}

#[tokio::test]
async fn after_three_rounds_there_is_approval_or_dispute() {
    let work = Work::submitted().await;
    for _ in 0..3 {
        work.done(&work.sponsor, "request-changes", json!({ "reasons": "Again, please." })).await;
        work.done(&work.influencer, "submit", work.house.work_done()).await;
    }
    work.refused(&work.sponsor, "request-changes", json!({ "reasons": "And again." }), 409, "no_rounds_left").await;
    work.done(&work.sponsor, "approve", json!({})).await;
    work.refused(&work.sponsor, "approve", json!({}), 409, "collaboration_state").await;
}

#[tokio::test]
async fn an_influencer_who_steps_down_gives_the_money_back() {
    let work = Work::agreed().await;
    let ended = work.done(&work.influencer, "step-down", json!({ "reason": "A broken arm." })).await;
    assert_eq!((&ended["state"], &ended["end"]["returned"]), (&json!("cancelled"), &usd(50_000)));
    assert_eq!((&ended["end"]["by"], &ended["end"]["reason"]), (&json!("stepped_down"), &json!("A broken arm.")));
    assert_eq!(work.house.seen(&work.influencer, "/me/balances").await["earned"], usd(0));
}

#[tokio::test]
async fn a_sponsor_cancels_work_that_is_long_overdue() {
    let work = Work::agreed().await;
    work.house.days(20 + 8);
    let sponsor = work.house.sign_in("teahouse").await;
    let ended = work.house.done(&sponsor, &work.path("cancel"), json!({})).await;
    assert_eq!((&ended["state"], &ended["end"]["by"]), (&json!("cancelled"), &json!("overdue")));
}

#[tokio::test]
async fn both_agree_how_to_end_it() {
    let work = Work::submitted().await;
    let split = |amount: i64| json!({ "to_influencer": usd(amount), "note": "Half each." });
    work.house.post(&work.sponsor, &work.path("propose-split"), split(50_001)).await.wrong(&[("/to_influencer", "share")]);
    work.refused(&work.sponsor, "accept-split", json!({ "split": 1 }), 409, "no_split").await;
    let first = work.done(&work.influencer, "propose-split", split(30_000)).await;
    assert_eq!((&first["split"]["number"], &first["split"]["to_sponsor"]), (&json!(1), &usd(20_000)));
    work.refused(&work.influencer, "accept-split", json!({ "split": 1 }), 409, "not_your_turn").await;
    work.refused(&work.sponsor, "propose-split", split(1), 409, "split_open").await;
    let second = work.done(&work.influencer, "propose-split", split(25_000)).await;
    let problem = work.refused(&work.sponsor, "accept-split", json!({ "split": 1 }), 409, "split_changed").await;
    assert_eq!(problem["current"], second["split"], "the same shape as everywhere");
    let ended = work.done(&work.sponsor, "accept-split", json!({ "split": 2 })).await;
    assert_eq!((&ended["state"], &ended["end"]["paid"]), (&json!("completed"), &usd(25_000)));
    work.refused(&work.sponsor, "review", json!({ "rating": 1 }), 409, "no_reviews").await;
}

#[tokio::test]
async fn a_dispute_is_withdrawn_by_who_opened_it() {
    let work = Work::submitted().await;
    work.done(&work.sponsor, "dispute", json!({ "reason": "Not my tea." })).await;
    work.refused(&work.sponsor, "approve", json!({}), 409, "collaboration_state").await;
    work.refused(&work.influencer, "withdraw-dispute", json!({}), 409, "not_your_dispute").await;
    let back = work.done(&work.sponsor, "withdraw-dispute", json!({})).await;
    assert_eq!(back["state"], "submitted");
    let seen = work.house.seen(&work.influencer, &format!("/collaborations/{}", work.id)).await;
    assert!(seen["disputes"][0].get("withdrawn_at").is_some());
}

#[tokio::test]
async fn each_reviews_the_other_once() {
    let work = Work::submitted().await;
    work.done(&work.sponsor, "approve", json!({})).await;
    let path = work.path("review");
    for rating in [json!(0), json!(6), json!(-1)] {
        let problem = work.house.post(&work.sponsor, &path, json!({ "rating": rating })).await.fails(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/rating");
    }
    let review = work.done(&work.sponsor, "review", json!({ "rating": 5, "text": "Lovely." })).await;
    assert_eq!((&review["by"], &review["subject_id"]), (&json!("sponsor"), &json!(work.influencer.id)));
    work.refused(&work.sponsor, "review", json!({ "rating": 1 }), 409, "reviewed").await;
    let hidden = work.house.seen(&work.influencer, &format!("/collaborations/{}", work.id)).await;
    assert_eq!(hidden["reviews"], json!([]), "until both wrote");
    work.house.days(14);
    let late = work.house.sign_in("ines").await;
    work.house.post(&late, &path, json!({ "rating": 3 })).await.fails(409, "review_over");
    work.house.work().await;
    let published = work.house.seen(&late, &format!("/collaborations/{}", work.id)).await;
    assert_eq!(text(&published["reviews"][0]["text"]), "Lovely.");
}
