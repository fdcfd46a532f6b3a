use super::*;
use iescp_core::store::StoreError;
use poem::Request;
use serde_json::json;

async fn answer(error: Error) -> (StatusCode, Value) {
    let edge = Edge::of(&Request::builder().uri_str("/api/v1/things").finish());
    let response = edge.refuse(Problem::from(error));
    assert_eq!(response.content_type(), Some("application/problem+json"));
    (response.status(), serde_json::from_slice(&response.into_body().into_vec().await.unwrap()).unwrap())
}

#[tokio::test]
async fn a_01_every_core_error_has_one_status_and_a_whole_problem() {
    let cases = [
        (Error::invalid("title", "too_long", "The title is too long."), 422),
        (Error::NotFound, 404),
        (Error::SignedOut("Please sign in."), 401),
        (Error::Forbidden("Only the owner may do this.".into()), 403),
        (Error::not_now("closed", "The campaign is closed."), 409),
        (Error::taken("username", "This name is taken."), 409),
        (Error::Stale, 412),
        (Error::TooOften { why: "Too often.".into(), retry_after: 9 }, 429),
        (Error::Busy, 503),
        (Error::Corrupt("record x".into()), 500),
        (Error::Store(StoreError::Full("disk".into())), 507),
    ];
    for (error, status) in cases {
        let (answered, body) = answer(error.clone()).await;
        assert_eq!(answered.as_u16(), status, "{error:?}");
        assert_eq!(body["status"], status);
        for member in ["type", "title", "detail", "instance", "code"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{error:?} lacks {member}");
        }
        assert!(body["type"].as_str().unwrap().starts_with("/api/docs/problems#"));
    }
}

#[tokio::test]
async fn wrong_fields_are_named_by_json_pointer() {
    let (_, body) = answer(Error::invalid("channels/0/url", "not_https", "Use https.")).await;
    assert_eq!(body["errors"], json!([{ "pointer": "/channels/0/url", "code": "not_https", "detail": "Use https." }]));
}

#[tokio::test]
async fn a_refused_offer_carries_the_offer_on_the_table() {
    let refusal =
        Refusal { code: "offer_changed", why: "Another offer is on the table.".into(), current: Some(json!({ "number": 4 })) };
    let (status, body) = answer(Error::NotNow(refusal)).await;
    assert_eq!((status.as_u16(), &body["offer"]["number"], &body["code"]), (409, &json!(4), &json!("offer_changed")));
    let refusal = Refusal { code: "over_budget", why: "No.".into(), current: Some(json!(1)) };
    assert_eq!(answer(Error::NotNow(refusal)).await.1["current"], 1);
}

#[tokio::test]
async fn s_62_what_went_wrong_inside_is_not_told() {
    for error in [Error::Corrupt("/src/store: panicked".into()), Error::Store(StoreError::Full("/src/disk".into()))] {
        let (_, body) = answer(error).await;
        assert!(!body.to_string().contains("/src/"), "{body}");
    }
}

#[test]
fn kinds_have_their_own_anchors() {
    let mut slugs: Vec<_> = KINDS.iter().map(|kind| kind.slug).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), KINDS.len());
}
