//! The main job: a campaign is found, negotiated, agreed, delivered, paid and reviewed.

use crate::support::{House, text, usd};
use poem::http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_sponsor_and_an_influencer_come_together_work_and_settle() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);

    let made = house.post(&sponsor, "/campaigns", house.campaign("Tea for all", 500_000)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let campaign = text(&made.json()["id"]);
    assert_eq!(made.header("location"), format!("/api/v1/campaigns/{campaign}"));
    assert_eq!(made.json()["state"], "draft");
    house.get(&influencer, &format!("/campaigns/{campaign}")).await.fails(404, "not_found");

    let funded = house.done(&sponsor, &format!("/campaigns/{campaign}/fund"), json!({ "amount": usd(400_000) })).await;
    assert_eq!((&funded["state"], &funded["amount"]), (&json!("settled"), &usd(400_000)));
    let money = house.seen(&sponsor, &format!("/campaigns/{campaign}")).await["money"].clone();
    assert_eq!((&money["funded"], &money["available"]), (&usd(400_000), &usd(400_000)));
    let published = house.done(&sponsor, &format!("/campaigns/{campaign}/publish"), json!({})).await;
    assert_eq!(published["state"], "active");

    let listed = house.seen(&influencer, &format!("/campaigns/{campaign}")).await;
    assert_eq!((&listed["title"], &listed["budget"]), (&json!("Tea for all"), &usd(500_000)));
    assert!(listed.get("money").is_none(), "{listed}");

    let applied = house.post(&influencer, &format!("/campaigns/{campaign}/requests"), house.terms(120_000)).await;
    assert_eq!(applied.status, StatusCode::CREATED);
    let request = text(&applied.json()["id"]);
    assert_eq!((&applied.json()["direction"], &applied.json()["turn"]), (&json!("application"), &json!("sponsor")));
    let waiting = house.seen(&sponsor, "/requests?state=open").await;
    assert_eq!((&waiting["items"][0]["id"], &waiting["items"][0]["your_turn"]), (&json!(request), &json!(true)));

    let counter = with_offer(&house, 1, 100_000);
    let countered = house.done(&sponsor, &format!("/requests/{request}/counter"), counter).await;
    assert_eq!((&countered["offer"]["number"], &countered["turn"]), (&json!(2), &json!("influencer")));
    let offers = house.seen(&influencer, &format!("/requests/{request}")).await;
    assert_eq!(offers["offers"].as_array().unwrap().len(), 2);

    let accept = json!({ "offer": 2, "name": "Ines Influencer" });
    let accepted = house.done(&influencer, &format!("/requests/{request}/accept"), accept).await;
    assert_eq!(accepted["state"], "accepted");
    let collaboration = text(&accepted["collaboration_id"]);
    let money = house.seen(&sponsor, &format!("/campaigns/{campaign}")).await["money"].clone();
    assert_eq!((&money["held"], &money["available"]), (&usd(100_000), &usd(300_000)));

    let agreement = house.seen(&sponsor, &format!("/collaborations/{collaboration}/agreement")).await;
    assert_eq!((&agreement["number"], &agreement["amount"], &agreement["label"]), (&json!(1), &usd(100_000), &json!("Ad")));
    assert_eq!(agreement["influencer_signed"]["name"], "Ines Influencer");
    assert_eq!(text(&agreement["hash"]).len(), 64);

    let path = |action: &str| format!("/collaborations/{collaboration}/{action}");
    assert_eq!(house.done(&influencer, &path("submit"), house.work_done()).await["state"], "submitted");
    let back = house.done(&sponsor, &path("request-changes"), json!({ "reasons": "More steam over the cup." })).await;
    assert_eq!((&back["state"], &back["rounds"]), (&json!("active"), &json!(1)));
    house.done(&influencer, &path("submit"), house.work_done()).await;
    let approved = house.done(&sponsor, &path("approve"), json!({})).await;
    assert_eq!((&approved["state"], &approved["end"]["paid"]), (&json!("completed"), &usd(100_000)));

    let balances = house.seen(&influencer, "/me/balances").await;
    assert_eq!((&balances["earnings"], &balances["earned"]), (&usd(100_000), &usd(100_000)));
    let payout = house.post(&influencer, "/payouts", json!({ "amount": usd(60_000) })).await;
    assert_eq!((payout.status, &payout.json()["state"]), (StatusCode::CREATED, &json!("pending")));
    house.work().await;
    assert_eq!(house.seen(&influencer, "/payouts").await["items"][0]["state"], "sent");
    assert_eq!(house.seen(&influencer, "/me/balances").await["earnings"], usd(40_000));

    let causes = |ledger: serde_json::Value| -> Vec<String> {
        ledger["items"].as_array().unwrap().iter().map(|transfer| text(&transfer["cause"])).collect()
    };
    assert_eq!(causes(house.seen(&sponsor, "/ledger").await), ["paid", "held", "funded"]);
    assert_eq!(causes(house.seen(&influencer, "/ledger").await), ["paid_out", "withdrawn", "paid", "held"]);
    let of_campaign = house.seen(&sponsor, &format!("/ledger?campaign_id={campaign}")).await;
    assert_eq!(of_campaign["items"][0]["to"], json!({ "account": "hold", "id": collaboration }));

    let results = json!({ "deliverable": 0, "views": 12_000, "source": "Instagram insights" });
    assert_eq!(house.done(&influencer, &path("results"), results).await["views"], 12_000);
    house.done(&influencer, &path("review"), json!({ "rating": 5, "text": "Clear and kind." })).await;
    assert_eq!(house.seen(&sponsor, &path("")[..path("").len() - 1]).await["reviews"], json!([]), "not before both wrote");
    house.done(&sponsor, &path("review"), json!({ "rating": 4 })).await;
    let both = house.seen(&sponsor, &format!("/collaborations/{collaboration}")).await;
    assert_eq!(both["reviews"].as_array().unwrap().len(), 2);

    let ended = house.done(&sponsor, &format!("/campaigns/{campaign}/complete"), json!({})).await;
    assert_eq!((&ended["state"], &ended["money"]["funded"]), (&json!("completed"), &usd(100_000)));
    let own = house.seen(&sponsor, "/me/campaigns?state=completed").await;
    assert_eq!(own["items"][0]["id"], json!(campaign));
}

fn with_offer(house: &House, offer: u64, amount: i64) -> serde_json::Value {
    crate::support::with(house.terms(amount), json!({ "offer": offer }))
}

#[tokio::test]
async fn a_sponsor_invites_and_an_influencer_takes_it() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let secret = crate::support::with(house.campaign("A secret tea", 100_000), json!({ "visibility": "private" }));
    let campaign = text(&house.done(&sponsor, "/campaigns", secret).await["id"]);
    house.done(&sponsor, &format!("/campaigns/{campaign}/fund"), json!({ "amount": usd(100_000) })).await;
    house.done(&sponsor, &format!("/campaigns/{campaign}/publish"), json!({})).await;
    let path = format!("/campaigns/{campaign}");
    house.get(&influencer, &path).await.fails(404, "not_found");
    house.ask(Method::GET, &path).send().await.fails(404, "not_found");

    let invitation = crate::support::with(house.terms(80_000), json!({ "influencer_id": influencer.id }));
    let request = house.done(&sponsor, &format!("{path}/requests"), invitation).await;
    assert_eq!((&request["direction"], &request["turn"]), (&json!("invitation"), &json!("influencer")));
    assert_eq!(house.seen(&influencer, &path).await["title"], "A secret tea");
    assert_eq!(house.seen(&sponsor, &format!("{path}/requests?state=open")).await["items"][0]["id"], request["id"]);

    let request = text(&request["id"]);
    let withdrawn = house.done(&sponsor, &format!("/requests/{request}/withdraw"), json!({ "reason": "Too soon." })).await;
    assert_eq!((&withdrawn["state"], &withdrawn["reason"]), (&json!("withdrawn"), &json!("Too soon.")));
    house.get(&influencer, &path).await.fails(404, "not_found");
}

#[tokio::test]
async fn a_dispute_is_ruled_by_an_admin() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let admin = house.admin("ada").await;
    let campaign = house.published(&sponsor, 100_000).await;
    let collaboration = house.agreed(&sponsor, &influencer, &campaign, 50_000).await;
    let path = |action: &str| format!("/collaborations/{collaboration}/{action}");

    let opened = house.done(&influencer, &path("dispute"), json!({ "reason": "The parcel never came." })).await;
    assert_eq!(opened["state"], "disputed");
    let cases = house.seen(&admin, "/admin/disputes").await;
    assert_eq!(cases["items"][0]["id"], json!(collaboration));
    assert_eq!(cases["items"][0]["dispute"]["reason"], "The parcel never came.");
    house.get(&sponsor, "/admin/disputes").await.fails(403, "forbidden");

    let rule = format!("/admin/disputes/{collaboration}/rule");
    let ruling = json!({ "to_influencer": usd(20_000), "reasons": "Half the work was done." });
    house.post(&sponsor, &rule, ruling.clone()).await.fails(403, "forbidden");
    let too_much = json!({ "to_influencer": usd(50_001), "reasons": "All and more." });
    house.post(&admin, &rule, too_much).await.wrong(&[("/to_influencer", "share")]);
    let ruled = house.done(&admin, &rule, ruling).await;
    assert_eq!((&ruled["state"], &ruled["end"]["by"]), (&json!("completed"), &json!("ruling")));
    assert_eq!(house.seen(&influencer, "/me/balances").await["earnings"], usd(20_000));
    assert_eq!(house.seen(&admin, "/admin/disputes").await["items"], json!([]));
    let seen = house.seen(&sponsor, &format!("/collaborations/{collaboration}")).await;
    assert_eq!(seen["disputes"][0]["ruling"]["reasons"], "Half the work was done.");
    assert!(!seen.to_string().contains(&admin.id.to_string()), "who ruled is nobody's affair: {seen}");
}
