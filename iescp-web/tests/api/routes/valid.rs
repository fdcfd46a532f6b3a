//! For each operation a request that is right: for a thing of the sponsor's or the influencer's, in a state that allows it.
//!
//! Not here: who asks; the same request is made by everyone.

use super::world::{PARTIES, SUPERVISED, World};
use crate::letters;
use crate::support::{PASSWORD, usd, with};
use iescp_core::Actor;
use iescp_core::report::{MakePlatformReport, ReportMonth};
use serde_json::{Value, json};

/// What whoever asks writes themselves.
const WORDS: &str = "In my own words.";

/// What stands in a path's places, what follows it, and the body.
#[derive(Clone, Default)]
pub struct Valid {
    pub places: Vec<String>,
    pub query: String,
    pub body: Option<Value>,
    /// A file, in place of a body of words.
    pub file: Option<Vec<u8>>,
}

/// Operations that are asked in another way too.
pub const MORE: [(&str, &str); 5] = [
    ("ask_in_campaign", "an invitation"),
    ("edit_me", "a sponsor's"),
    ("send_message", "to the influencer"),
    ("show_campaign", "a public one"),
    ("show_campaign", "a private one"),
];

fn of(place: impl ToString) -> Valid {
    Valid { places: vec![place.to_string()], ..Valid::default() }
}

fn just(body: Value) -> Valid {
    Valid { body: Some(body), ..Valid::default() }
}

impl Valid {
    fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn file(self) -> Self {
        Self { file: Some(crate::pictures::png(64, 36)), ..self }
    }

    fn and(mut self, place: impl ToString) -> Self {
        self.places.push(place.to_string());
        self
    }
}

/// Brings the world into the state that the operation needs, and answers what to ask for. Another way to ask follows after a comma.
pub async fn request(world: &mut World, operation: &str) -> Option<Valid> {
    if operation == "cancel_overdue" {
        world.later(28).await;
    }
    for found in [
        plain(operation),
        own(world, operation).await,
        signing_in(world, operation).await,
        campaigns(world, operation).await,
        requests(world, operation).await,
        collaborations(world, operation).await,
        among_people(world, operation).await,
        supervision(world, operation).await,
        jobs(world, operation).await,
    ] {
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The address of a chat that nobody asks.
const CHAT: &str = "https://chat.example.com/v1/spaces/A/messages?token=hush";

/// Those that need nothing.
fn plain(operation: &str) -> Option<Valid> {
    Some(match operation {
        "show_about"
        | "search_campaigns"
        | "search_influencers"
        | "follow_events"
        | "show_me"
        | "show_balances"
        | "list_own_campaigns"
        | "show_preferences"
        | "list_sessions"
        | "list_tokens"
        | "show_own_statistics"
        | "list_notifications"
        | "list_payouts"
        | "list_requests"
        | "list_collaborations"
        | "list_shortlists"
        | "list_exports"
        | "list_reports"
        | "list_threads"
        | "list_blocks"
        | "log_out"
        | "remove_own_picture"
        | "close_me"
        | "send_verification"
        | "end_other_sessions"
        | "revoke_tokens"
        | "enrol_totp"
        | "list_abuse_reports"
        | "list_accounts"
        | "list_disputes"
        | "show_statistics"
        | "remove_chat"
        | "verify_audit" => Valid::default(),
        _ => return None,
    })
}

/// One's own account.
async fn own(world: &World, operation: &str) -> Option<Valid> {
    let house = &world.house;
    Some(match operation {
        "put_own_picture" => Valid::default().file(),
        "edit_me" => just(json!({ "display_name": "Somebody else" })),
        "edit_me, a sponsor's" => just(json!({ "company": "Something else" })),
        "set_preferences" => just(json!({ "mail": { "messages": true } })),
        "set_chat" => just(json!({ "address": CHAT, "on": false })),
        "show_chat" | "test_chat" => {
            let set = house.ask(poem::http::Method::PUT, "/me/chat").by(&world.sponsor);
            let set = set.json(&json!({ "address": CHAT, "on": false })).send().await;
            assert_eq!(set.status.as_u16(), 200, "{}", set.text());
            Valid::default()
        }
        "apply_again" => {
            let reject = format!("/admin/accounts/{}/reject", world.pending.id);
            house.done(&world.admin, &reject, json!({ "reason": "Which company?" })).await;
            Valid::default()
        }
        "change_email" => just(json!({ "email": "elsewhere@example.com" })),
        "change_password" => just(json!({ "current_password": PASSWORD, "new_password": "seven green bottles on a wall" })),
        "reauthenticate" => just(json!({ "password": PASSWORD })),
        "make_token" => just(json!({ "name": WORDS, "scope": "read" })),
        "revoke_token" => of(&world.token),
        "end_session" => of(world.house.sign_in("teahouse").await.session),
        "confirm_totp" => just(json!({ "code": world.second_factor(false).await.0 })),
        "disable_totp" => just(json!({ "recovery_code": world.second_factor(true).await.1[0] })),
        "mark_notifications_read" => just(json!({})),
        "request_export" => just(json!({ "kind": "requests" })),
        "show_export" | "fetch_export" => of(crate::exports::made(house, &world.sponsor, "requests").await),
        "show_report" | "fetch_report" => {
            let month = ReportMonth::parse("2026-04").unwrap();
            house.platform.run(&Actor::system("reports"), MakePlatformReport { month }).await.unwrap();
            of(month)
        }
        "request_payout" => just(world.earned().await),
        "list_transfers" => Valid { query: format!("?campaign_id={}", world.campaign), ..Valid::default() },
        _ => return None,
    })
}

async fn signing_in(world: &World, operation: &str) -> Option<Valid> {
    let credentials = || json!({ "username": "teahouse", "password": PASSWORD });
    Some(match operation {
        "verify_email" => just(json!({ "token": letters::proving(&world.house, "teahouse@example.com").await })),
        "log_in" => just(credentials()),
        "forget_password" => just(json!({ "email": "teahouse@example.com" })),
        "reset_password" => {
            world.proven().await;
            world.stranger_posts("/auth/password/forgot", json!({ "email": "teahouse@example.com" })).await;
            let token = letters::resetting(&world.house).await.unwrap();
            just(json!({ "token": token, "password": "seven green bottles on a wall" }))
        }
        "refresh" => {
            let tokens = world.stranger_posts("/auth/login", credentials()).await.json();
            just(json!({ "refresh_token": tokens["refresh_token"] }))
        }
        "register" => just(json!({
            "role": "influencer", "username": "olga", "email": "olga@example.com", "password": PASSWORD,
        })),
        "set_up" => just(json!({
            "token": "a-link-that-was-used", "username": "second", "email": "second@example.com", "password": PASSWORD,
        })),
        _ => return None,
    })
}

async fn campaigns(world: &World, operation: &str) -> Option<Valid> {
    let house = &world.house;
    Some(match operation {
        "draft_campaign" => just(house.campaign("Tea for all", 1000)),
        "put_campaign_picture" => of(&world.draft).file(),
        "show_campaign" | "remove_campaign" | "remove_campaign_picture" => of(&world.draft),
        "show_campaign, a public one" => of(&world.campaign),
        "show_campaign, a private one" => of(&world.private),
        "change_campaign" => of(&world.draft).with(json!({ "title": "Mine" })),
        "fund_campaign" => of(&world.campaign).with(json!({ "amount": usd(10) })),
        "publish_campaign" => {
            house.done(&world.sponsor, &format!("/campaigns/{}/fund", world.draft), json!({ "amount": usd(1000) })).await;
            of(&world.draft)
        }
        "pause_campaign" | "cancel_campaign" | "complete_campaign" | "list_campaign_requests" => of(&world.campaign),
        "resume_campaign" => {
            world.steer(&world.sponsor, "pause").await;
            of(&world.campaign)
        }
        "ask_in_campaign" => of(house.published(&world.sponsor, 10_000).await).with(house.terms(1000)),
        "ask_in_campaign, an invitation" => {
            let invitation = with(house.terms(1000), json!({ "influencer_id": world.stranger.id }));
            of(house.published(&world.sponsor, 10_000).await).with(invitation)
        }
        "flag_campaign" => of(&world.campaign).with(json!({ "reason": WORDS })),
        "unflag_campaign" => {
            let flag = format!("/admin/campaigns/{}/flag", world.campaign);
            house.done(&world.admin, &flag, json!({ "reason": SUPERVISED })).await;
            of(&world.campaign)
        }
        _ => return None,
    })
}

async fn requests(world: &World, operation: &str) -> Option<Valid> {
    let request = || of(&world.request);
    let offer = || with(world.house.terms(4000), json!({ "offer": 1, "note": WORDS }));
    Some(match operation {
        "show_request" => request(),
        "accept_offer" => request().with(json!({ "offer": 1, "name": WORDS })),
        "counter_offer" | "amend_offer" => request().with(offer()),
        "reject_request" => request().with(json!({ "offer": 1, "reason": WORDS })),
        "withdraw_request" => request().with(json!({ "reason": WORDS })),
        "confirm_offer" => {
            let edit = world.house.ask(poem::http::Method::PATCH, &format!("/campaigns/{}", world.campaign));
            let edited = edit.by(&world.sponsor).header("If-Match", "*").patch(&json!({ "goals": "Other goals." })).send().await;
            assert!(edited.status.is_success(), "{}", edited.text());
            request().with(json!({ "offer": 1 }))
        }
        _ => return None,
    })
}

async fn collaborations(world: &World, operation: &str) -> Option<Valid> {
    let work = || of(&world.work);
    let split = |note: &str| json!({ "to_influencer": usd(9000), "note": note });
    let halves = || async { world.go_on(&world.sponsor, "propose-split", split(PARTIES)).await };
    Some(match operation {
        "show_collaboration" | "show_agreement" => work(),
        "add_proof" => {
            world.go_on(&world.influencer, "submit", world.house.work_done()).await;
            work().file()
        }
        "submit_work" => work().with(world.house.work_done()),
        "step_down" | "open_dispute" | "cancel_overdue" => work().with(json!({ "reason": WORDS })),
        "propose_split" => work().with(split(WORDS)),
        "accept_split" => {
            halves().await;
            work().with(json!({ "split": 1 }))
        }
        "withdraw_split" => {
            halves().await;
            work()
        }
        "request_changes" => {
            world.submitted().await;
            work().with(json!({ "reasons": WORDS }))
        }
        "approve_work" => {
            world.submitted().await;
            work()
        }
        "report_results" => {
            world.submitted().await;
            work().with(json!({ "deliverable": 0, "views": 1, "source": WORDS }))
        }
        "leave_review" => {
            world.approved().await;
            work().with(json!({ "rating": 5, "text": WORDS }))
        }
        "withdraw_dispute" => {
            world.disputed().await;
            work()
        }
        "rule_dispute" => {
            world.disputed().await;
            work().with(json!({ "to_influencer": usd(9000), "reasons": WORDS }))
        }
        _ => return None,
    })
}

/// Profiles, lists of people, messages.
async fn among_people(world: &World, operation: &str) -> Option<Valid> {
    let (sponsor, influencer) = (world.sponsor.id, world.influencer.id);
    Some(match operation {
        "show_influencer" | "list_influencer_reviews" => of(influencer),
        "show_sponsor" | "list_sponsor_reviews" => of(sponsor),
        "make_shortlist" => just(json!({ "name": WORDS })),
        "show_shortlist" | "remove_shortlist" | "list_shortlist_entries" => of(&world.shortlist),
        "edit_shortlist" => of(&world.shortlist).with(json!({ "name": WORDS })),
        "add_to_shortlist" => of(&world.shortlist).and(world.stranger.id).with(json!({ "note": WORDS })),
        "remove_from_shortlist" => of(&world.shortlist).and(influencer),
        "list_messages" => Valid { query: format!("?of={influencer}"), ..of(sponsor) },
        "send_message" => of(sponsor).with(json!({ "text": WORDS })),
        "send_message, to the influencer" => of(influencer).with(json!({ "text": WORDS })),
        "mark_thread_read" => of(sponsor).with(json!({})),
        "block_account" => of(sponsor),
        "unblock_account" => {
            let block = world.house.ask(poem::http::Method::PUT, &format!("/blocks/{sponsor}"));
            assert!(block.by(&world.influencer).send().await.status.is_success());
            of(sponsor)
        }
        "report_abuse" => just(json!({
            "kind": "message", "id": world.message, "with": sponsor, "category": "spam", "text": WORDS,
        })),
        _ => return None,
    })
}

async fn supervision(world: &World, operation: &str) -> Option<Valid> {
    let sponsor = || of(world.sponsor.id);
    Some(match operation {
        "approve_account" => of(world.pending.id),
        "reject_account" => of(world.pending.id).with(json!({ "reason": "Which company?" })),
        "show_account" | "end_account_sessions" => sponsor(),
        "flag_account" => sponsor().with(json!({ "reason": "Sold what was never made." })),
        "unflag_account" => of(world.suspended.id),
        "review_account" => sponsor().with(json!({ "under_review": true })),
        "verify_account" => sponsor().with(json!({ "checked": "Register no. 7" })),
        "start_password_reset" => {
            world.proven().await;
            sponsor()
        }
        "list_audit" => Valid { query: format!("?about={}", world.sponsor.id), ..Valid::default() },
        "resolve_abuse_report" => {
            let reports = world.house.seen(&world.admin, "/admin/abuse-reports").await;
            of(crate::support::text(&reports["items"][0]["id"])).with(json!({ "outcome": "dismiss", "reason": WORDS }))
        }
        _ => return None,
    })
}

/// What the worker gave up.
async fn jobs(world: &mut World, operation: &str) -> Option<Valid> {
    if !["view_jobs", "list_failed_jobs", "retry_job", "discard_job"].contains(&operation) {
        return None;
    }
    let job = world.house.gives_up_a_job().await;
    Some(if operation.ends_with("_job") { of(job) } else { Valid::default() })
}
