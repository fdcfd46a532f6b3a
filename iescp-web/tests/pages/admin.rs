//! Supervision.

use crate::house::House;
use iescp_core::Platform;
use iescp_core::campaign::{CampaignInput, DraftCampaign};
use iescp_worker::{Mail, MailError, Mailer, Queue, Sender, Sending, Settings, Worker};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn for_others_than_admins_there_is_no_supervision() {
    let house = House::open();
    let (mut ada, mut sam) = (house.influencer("ada").await, house.sponsor("sam").await);
    let account = format!("/admin/accounts/{}", ada.id);
    for path in [
        "/admin",
        "/admin/accounts",
        &account,
        "/admin/campaigns",
        "/admin/abuse-reports",
        "/admin/disputes",
        "/admin/audit",
        "/admin/jobs",
    ] {
        for browser in [&mut ada, &mut sam] {
            assert_eq!(browser.get(path).await.status, 404, "{path}");
        }
    }
    for what in ["approve", "flag", "end-sessions", "password-reset", "verify"] {
        assert_eq!(sam.post(&format!("{account}/{what}"), &[]).await.status, 404, "{what}");
    }
}

#[tokio::test]
async fn a_sponsor_is_turned_down_applies_again_and_is_approved() {
    let house = House::open();
    let (mut pia, mut admin) = (house.pending("pia").await, house.admin("warden").await);
    let path = format!("/admin/accounts/{}", pia.id);
    let list = admin.get("/admin/accounts?state=pending").await;
    let account = admin.follow(&list, "pia of old").await;
    let reject = format!("{path}/reject");
    admin.send(&account, &reject, &[]).await.refuses(422, "Please");
    admin.send(&account, &reject, &[("reject-reason", "No website.")]).await.says("Turned down.");
    let home = pia.get("/dashboard").await;
    home.says("Your account was not approved.").says("No website.");
    pia.send(&home, "/dashboard/apply-again", &[]).await.says("An admin looks at your account again.");
    let account = admin.get(&path).await;
    admin.send(&account, &format!("{path}/approve"), &[]).await.says("Approved.");
    let account = admin.get(&path).await;
    admin
        .send(&account, &format!("{path}/verify"), &[("checked", "Register of companies, 42")])
        .await
        .says("Register of companies, 42");
}

#[tokio::test]
async fn an_account_is_found_by_name_suspended_and_let_in_again() {
    let house = House::open();
    let (mut ada, mut admin) = (house.influencer("ada").await, house.admin("warden").await);
    let path = format!("/admin/accounts/{}", ada.id);
    let found = admin.get("/admin/accounts?named=ADA").await;
    assert_eq!(found.all(".rows li").len(), 1);
    let account = admin.follow(&found, "ada of old").await;
    admin.send(&account, &format!("{path}/flag"), &[("flag-reason", "Fraud.")]).await.says("Suspended.");
    assert!(ada.get("/dashboard").await.path.starts_with("/sign-in"));
    let account = admin.get(&path).await;
    admin.send(&account, &format!("{path}/unflag"), &[]).await.says("The account can sign in again.");
    let trail = admin.get(&format!("/admin/audit?kind=about&id={}", ada.id)).await;
    trail.says("Flag account").says("Unflag account").says("warden");
    admin.get("/admin/audit?id=nothing").await.refuses(422, "Please give an id");
    admin.get("/admin/audit?check=yes").await.says("are whole");
}

#[tokio::test]
async fn a_campaign_is_flagged_with_a_reason() {
    let house = House::open();
    let (sam, mut admin) = (house.sponsor("sam").await, house.admin("warden").await);
    let input = CampaignInput { title: "Tea for all".into(), ..CampaignInput::default() };
    let campaign = house.run(sam.id, DraftCampaign { input }).await.campaign.id;
    let list = admin.get("/admin/campaigns").await;
    let flag = format!("/admin/campaigns/{campaign}/flag");
    admin.send(&list, &flag, &[]).await.refuses(422, "Please");
    let field = format!("reason-{campaign}");
    admin.send(&list, &flag, &[(&field, "Not tea.")]).await.says("The campaign is flagged");
    let flagged = admin.get("/admin/campaigns?flagged=yes").await;
    flagged.says("Tea for all").says("Not tea.");
    admin.send(&flagged, &format!("/admin/campaigns/{campaign}/unflag"), &[]).await.says("The flag is gone");
}

#[tokio::test]
async fn an_admin_reads_the_requests_of_a_campaign_as_neither_side_and_has_none_of_their_own() {
    let house = House::open();
    let (sponsor, mut influencer, mut admin) =
        (house.sponsor("teahouse").await, house.influencer("ines").await, house.admin("warden").await);
    let campaign = crate::deals::campaign(&house, &sponsor, 500_000).await;
    crate::deals::apply(&house, &mut influencer, campaign, "900").await;
    let requests = admin.get(&format!("/requests?campaign={campaign}")).await;
    requests.says("ines of old").says("Tea for all");
    for words in ["Applied to you", "Invited you", "You applied", "you invited"] {
        assert!(!requests.text().contains(words), "{words}: {}", requests.text());
    }
    assert_eq!(admin.get("/requests").await.path, "/admin/campaigns");
    assert_eq!(admin.get("/collaborations").await.path, "/admin/disputes");
}

/// A mailer whose server takes nothing.
struct Refusing;

impl Mailer for Refusing {
    fn send(&self, _: Mail) -> Sending<'_> {
        Box::pin(async { Err(MailError::refused("550 nobody of that <name> here")) })
    }
}

/// A house whose worker has given a letter up, and lies idle.
async fn with_a_job_given_up() -> House {
    let queue = Queue::in_memory().await.unwrap();
    let worker = |platform: &Platform| {
        let settings = Settings::new(Sender::parse("no-reply@iescp.example").unwrap(), iescp_worker::Files::passing().unwrap());
        Worker::new(platform.clone(), queue.clone(), Arc::new(Refusing), "https://iescp.example", settings)
    };
    let house = House::supervised(|platform| worker(platform).desk());
    house.influencer("ada").await;
    let working = worker(&house.platform);
    let desk = working.desk();
    let given_up = async {
        while desk.stock().await.unwrap().dead == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), working.run(given_up)).await.unwrap();
    house
}

#[tokio::test]
async fn a_job_that_was_given_up_is_seen_with_its_reason_tried_again_and_discarded() {
    for (act, said, kept) in [("retry", "It will be tried again at once.", "Retry job"), ("discard", "Discarded.", "Discard job")]
    {
        let house = with_a_job_given_up().await;
        let (mut admin, mut bob) = (house.admin("warden").await, house.influencer("bob").await);
        let page = admin.get("/admin/jobs").await;
        page.says("letter: verify email").says("550 nobody of that <name> here").says("Check of what is stored").says("UTC");
        let path = page.value(&format!("form[action$='/{act}']"), "action");
        assert_eq!(bob.post(&path, &[]).await.status, 404);
        admin.send(&page, &path, &[]).await.says(said).says("Nothing was given up");
        assert_eq!(admin.post(&path, &[]).await.status, 404, "it is not given up any more");
        admin.get("/admin/audit").await.says(kept).says("warden");
    }
}

#[tokio::test]
async fn where_no_worker_runs_the_page_of_jobs_says_so() {
    let house = House::open();
    let mut admin = house.admin("warden").await;
    admin.get("/admin/jobs").await.says("No worker runs in this process");
}
