use crate::support::{House, text};
use poem::http::Method;
use serde_json::json;

#[tokio::test]
async fn a_sponsor_makes_fills_renames_and_removes_a_shortlist() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let made = house.done(&sam, "/shortlists", json!({ "name": "Summer" })).await;
    let list = format!("/shortlists/{}", text(&made["id"]));
    let entry = format!("{list}/entries/{}", ines.id);
    let put = house.ask(Method::PUT, &entry).by(&sam).json(&json!({ "note": "asks too much" })).send().await;
    assert_eq!((&put.json()["note"], &put.json()["name"]), (&json!("asks too much"), &json!("ines of old")), "{}", put.text());
    assert_eq!(house.ask(Method::PUT, &entry).by(&sam).send().await.json()["note"], "");
    assert_eq!(house.seen(&sam, &format!("{list}/entries")).await["items"].as_array().unwrap().len(), 1);
    let seen = house.get(&sam, &list).await;
    assert_eq!((&seen.json()["entries"], &seen.json()["name"]), (&json!(1), &json!("Summer")));
    let rename =
        |tag: &str| house.ask(Method::PATCH, &list).by(&sam).header("If-Match", tag).patch(&json!({ "name": "Winter" })).send();
    let renamed = rename(seen.header("etag")).await;
    assert_eq!((renamed.status.as_u16(), &renamed.json()["name"]), (200, &json!("Winter")), "{}", renamed.text());
    rename(seen.header("etag")).await.fails(412, "stale");
    assert_eq!(house.ask(Method::DELETE, &entry).by(&sam).send().await.status.as_u16(), 204);
    house.ask(Method::DELETE, &list).by(&sam).send().await.fails(428, "version_needed");
    house.ask(Method::DELETE, &list).by(&sam).header("If-Match", renamed.header("etag")).send().await.fails(412, "stale");
    assert_eq!(house.ask(Method::DELETE, &list).by(&sam).header("If-Match", "*").send().await.status.as_u16(), 204);
    house.get(&sam, &list).await.fails(404, "not_found");
    assert_eq!(house.seen(&sam, "/shortlists").await["items"], json!([]));
}

#[tokio::test]
async fn a_shortlist_does_not_exist_for_anybody_else() {
    let house = House::open();
    let (sam, other, ines) = (house.sponsor("sam").await, house.sponsor("other").await, house.influencer("ines").await);
    let list = format!("/shortlists/{}", text(&house.done(&sam, "/shortlists", json!({ "name": "Mine" })).await["id"]));
    for stranger in [&other, &ines] {
        house.get(stranger, &list).await.fails(404, "not_found");
        house.get(stranger, &format!("{list}/entries")).await.fails(404, "not_found");
        let put = house.ask(Method::PUT, &format!("{list}/entries/{}", ines.id)).by(stranger).send().await;
        put.fails(404, "not_found");
        house.ask(Method::DELETE, &list).by(stranger).header("If-Match", "*").send().await.fails(404, "not_found");
    }
    house.post(&ines, "/shortlists", json!({ "name": "Sponsors" })).await.fails(403, "forbidden");
    house.post(&sam, "/shortlists", json!({ "name": "  " })).await.fails(422, "invalid");
    house.ask(Method::GET, &list).send().await.fails(401, "signed_out");
}
