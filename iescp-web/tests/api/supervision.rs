use crate::letters;
use crate::support::{House, text};
use iescp_core::outbox::Letter;
use poem::http::Method;
use serde_json::json;

#[tokio::test]
async fn an_admin_approves_a_sponsor_once() {
    let house = House::open();
    let (admin, sam) = (house.admin("ada").await, house.pending("sam").await);
    let waiting = house.seen(&admin, "/admin/accounts?role=sponsor&state=pending").await;
    assert_eq!(waiting["items"][0]["id"], json!(sam.id));
    let path = format!("/admin/accounts/{}/approve", sam.id);
    assert_eq!(house.done(&admin, &path, json!({})).await["state"], "active");
    house.post(&admin, &path, json!({})).await.fails(409, "not_pending");
    assert_eq!(house.seen(&sam, "/me").await["state"], "active");
    assert_eq!(house.seen(&sam, "/notifications").await["items"][0]["kind"], "approved");
}

#[tokio::test]
async fn the_same_approval_under_one_key_answers_the_same() {
    let house = House::open();
    let (admin, sam) = (house.admin("ada").await, house.pending("sam").await);
    let approve = || {
        let path = format!("/admin/accounts/{}/approve", sam.id);
        let ask = house.ask(Method::POST, &path).by(&admin).header("Idempotency-Key", "once");
        async move { ask.send().await }
    };
    let (first, second) = (approve().await, approve().await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200), "{}", second.text());
    assert_eq!((first.json(), second.header("idempotency-replayed")), (second.json(), "true"));
}

#[tokio::test]
async fn nobody_but_an_admin_supervises() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    for path in ["/admin/accounts", "/admin/abuse-reports", "/admin/audit", "/admin/audit/verify", "/admin/statistics"] {
        house.ask(Method::GET, path).send().await.fails(401, "signed_out");
        for who in [&sam, &ines] {
            house.get(who, path).await.fails(403, "forbidden");
        }
    }
    let before = house.seen(&ines, "/me").await;
    for (act, body) in [
        ("approve", json!({})),
        ("reject", json!({ "reason": "No." })),
        ("flag", json!({ "reason": "No." })),
        ("unflag", json!({})),
        ("review", json!({ "under_review": true })),
        ("verify", json!({ "checked": "Everything." })),
        ("end-sessions", json!({})),
        ("password-reset", json!({})),
    ] {
        house.post(&sam, &format!("/admin/accounts/{}/{act}", ines.id), body).await.fails(404, "not_found");
    }
    assert_eq!(house.seen(&ines, "/me").await, before);
}

#[tokio::test]
async fn s_16_a_flagged_account_is_out_at_once_and_comes_back_without_its_old_sessions() {
    let house = House::open();
    let (admin, ines) = (house.admin("ada").await, house.influencer("ines").await);
    let account = format!("/admin/accounts/{}", ines.id);
    house.post(&admin, &format!("{account}/flag"), json!({ "reason": " " })).await.fails(422, "invalid");
    assert_eq!(house.done(&admin, &format!("{account}/flag"), json!({ "reason": "Fraud." })).await["state"], "suspended");
    house.get(&ines, "/me").await.fails(401, "signed_out");
    assert_eq!(house.done(&admin, &format!("{account}/unflag"), json!({})).await["state"], "active");
    house.get(&ines, "/me").await.fails(401, "signed_out");
    let back = house.sign_in("ines").await;
    assert_eq!(house.get(&back, "/me").await.status.as_u16(), 200);
    let own = house.post(&admin, &format!("/admin/accounts/{}/flag", admin.id), json!({ "reason": "Tired." })).await;
    own.fails(409, "last_admin");
}

#[tokio::test]
async fn only_admins_know_who_is_under_review_and_everyone_who_is_verified() {
    let house = House::open();
    let (admin, sam) = (house.admin("ada").await, house.sponsor("sam").await);
    let account = format!("/admin/accounts/{}", sam.id);
    assert_eq!(house.done(&admin, &format!("{account}/review"), json!({ "under_review": true })).await["under_review"], true);
    assert_eq!(house.seen(&admin, "/admin/accounts?under_review=true").await["items"][0]["id"], json!(sam.id));
    house.done(&admin, &format!("{account}/verify"), json!({ "checked": "Register no. 7" })).await;
    let (me, profile) = (house.get(&sam, "/me").await, house.get(&sam, &format!("/sponsors/{}", sam.id)).await);
    assert!(!me.text().contains("review") && !profile.text().contains("review"), "{}", me.text());
    assert_eq!(profile.json()["verified"], "Register no. 7");
    let seen = house.seen(&admin, &account).await;
    assert_eq!((&seen["sponsor"]["verified_by"], &seen["account"]["under_review"]), (&json!(admin.id), &json!(true)));
    house.post(&admin, &format!("{account}/verify"), json!({})).await.wrong(&[("/checked", "required")]);
    house.done(&admin, &format!("{account}/verify"), json!({ "checked": null })).await;
    assert!(house.seen(&sam, &format!("/sponsors/{}", sam.id)).await.get("verified").is_none());
}

#[tokio::test]
async fn s_10_an_admin_ends_sessions_and_starts_a_reset_but_learns_no_secret() {
    let house = House::open();
    let (admin, ines) = (house.admin("ada").await, house.influencer("ines").await);
    let account = format!("/admin/accounts/{}", ines.id);
    house.post(&admin, &format!("{account}/password-reset"), json!({})).await.fails(409, "unproven_email");
    let link = letters::proving(&house, "ines@example.com").await;
    house.ask(Method::POST, "/auth/email/verify").json(&json!({ "token": link })).send().await;
    let started = house.post(&admin, &format!("{account}/password-reset"), json!({})).await;
    assert_eq!((started.status.as_u16(), started.text()), (202, String::new()));
    assert!(letters::waiting(&house).await.iter().any(|letter| matches!(letter, Letter::ResetPassword { .. })));
    assert_eq!(house.post(&admin, &format!("{account}/end-sessions"), json!({})).await.status.as_u16(), 204);
    house.get(&ines, "/me").await.fails(401, "signed_out");
}

#[tokio::test]
async fn an_abuse_report_is_made_decided_and_answered() {
    let house = House::open();
    let (admin, sam, ines) = (house.admin("ada").await, house.sponsor("sam").await, house.influencer("ines").await);
    let sent = house.done(&sam, &format!("/threads/{}/messages", ines.id), json!({ "text": "You fool." })).await;
    let about = json!({ "kind": "message", "id": sent["id"], "category": "harassment", "text": "Not nice." });
    house.post(&ines, "/abuse-reports", about.clone()).await.wrong(&[("/with", "required")]);
    let about = crate::support::with(about, json!({ "with": sam.id }));
    let made = house.post(&ines, "/abuse-reports", about).await;
    assert_eq!((made.status.as_u16(), &made.json()["state"]), (201, &json!("open")), "{}", made.text());
    assert!(made.json().get("accused_id").is_none());
    let report = house.seen(&admin, "/admin/abuse-reports?state=open").await["items"][0].clone();
    assert_eq!((&report["quote"], &report["accused_id"]), (&json!("You fool."), &json!(sam.id)));
    let resolve = format!("/admin/abuse-reports/{}/resolve", text(&report["id"]));
    let decision = json!({ "outcome": "suspend", "reason": "He called her a fool." });
    house.post(&ines, &resolve, decision.clone()).await.fails(403, "forbidden");
    house.post(&sam, &resolve, decision.clone()).await.fails(403, "forbidden");
    house.post(&sam, &format!("/admin/abuse-reports/{}/resolve", sam.id), decision.clone()).await.fails(403, "forbidden");
    house.post(&admin, &resolve, json!({ "outcome": "behead", "reason": "x" })).await.wrong(&[("/outcome", "unknown_value")]);
    let resolved = house.done(&admin, &resolve, decision.clone()).await;
    assert_eq!((&resolved["state"], &resolved["resolved_by"]), (&json!("suspended"), &json!(admin.id)));
    house.post(&admin, &resolve, decision).await.fails(409, "resolved");
    house.get(&sam, "/me").await.fails(401, "signed_out");
    assert_eq!(house.seen(&ines, "/notifications").await["items"][0]["kind"], "abuse_resolved");
}

#[tokio::test]
async fn s_66_the_audit_trail_says_who_did_what_and_verifies() {
    let house = House::open();
    let (admin, sam) = (house.admin("ada").await, house.pending("sam").await);
    house.done(&admin, &format!("/admin/accounts/{}/approve", sam.id), json!({})).await;
    let trail = house.seen(&admin, &format!("/admin/audit?about={}", sam.id)).await;
    let approval = trail["items"].as_array().unwrap().iter().find(|entry| entry["action"] == "approve_sponsor").unwrap();
    assert_eq!((&approval["by"], &approval["account_id"]), (&json!("account"), &json!(admin.id)));
    assert_eq!((&approval["through"], &approval["detail"]["to"]), (&json!("session"), &json!("active")));
    let by = house.seen(&admin, &format!("/admin/audit?by={}&limit=1", admin.id)).await;
    assert_eq!((by["items"].as_array().unwrap().len(), by["next_cursor"].is_string()), (1, true));
    let both = format!("/admin/audit?by={}&about={}", admin.id, sam.id);
    house.get(&admin, &both).await.fails(400, "bad_parameter");
    assert_eq!(house.seen(&admin, "/admin/audit/verify").await.get("broken"), None);
}

#[tokio::test]
async fn figures_count_accounts_by_role_and_state() {
    let house = House::open();
    let (admin, _pending, _ines) = (house.admin("ada").await, house.pending("pat").await, house.influencer("ines").await);
    let now = house.seen(&admin, "/admin/statistics?days=7").await["now"].clone();
    assert_eq!((&now["accounts"]["sponsor"]["pending"], &now["accounts"]["influencer"]["active"]), (&json!(1), &json!(1)));
    assert_eq!(now["money_held"]["currency"], "USD");
    house.get(&admin, "/admin/statistics?days=9999").await.fails(400, "bad_parameter");
    assert_eq!(house.seen(&admin, "/me/statistics").await, json!({ "role": "admin" }));
}

#[tokio::test]
async fn a_job_that_was_given_up_is_listed_with_its_reason_and_decided_about_once() {
    let mut house = House::open();
    let (admin, ines) = (house.admin("ada").await, house.influencer("ines").await);
    assert_eq!(house.seen(&admin, "/admin/jobs").await["here"], json!(false));
    assert_eq!(house.seen(&admin, "/admin/jobs/failed").await["items"], json!([]));
    let job = house.gives_up_a_job().await;
    let jobs = house.seen(&admin, "/admin/jobs").await;
    assert_eq!((&jobs["here"], &jobs["zone"]), (&json!(true), &json!("UTC")));
    assert!(jobs["failed"].as_u64().unwrap() >= 1);
    let regular: Vec<_> = jobs["regular"].as_array().unwrap().iter().map(|regular| text(&regular["name"])).collect();
    assert!(regular.iter().any(|name| name == "daily-check"), "{regular:?}");
    let failed = house.seen(&admin, "/admin/jobs/failed").await;
    let first = failed["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(job)).unwrap();
    assert_eq!((&first["id"], &first["kind"], &first["attempts"]), (&json!(job), &json!("letter: verify email"), &json!(1)));
    assert!(text(&first["reason"]).contains("550 nobody here"));
    let retry = format!("/admin/jobs/failed/{job}/retry");
    house.post(&ines, &retry, json!({})).await.fails(403, "forbidden");
    assert_eq!(house.done(&admin, &retry, json!({})).await["id"], json!(job));
    house.post(&admin, &retry, json!({})).await.fails(404, "not_found");
    house.post(&admin, &format!("/admin/jobs/failed/{job}/discard"), json!({})).await.fails(404, "not_found");
    assert_eq!(house.seen(&admin, "/admin/audit?limit=1").await["items"][0]["action"], "retry_job");
}
