//! Reports by a whole worker.

use super::*;
use crate::{jobs, queue::Work};
use iescp_core::{
    account::{AdminInput, CreateAdmin},
    moderation::accounts::ApproveSponsor,
    notification::{ListNotifications, Notice},
    report::{ListMonthlyReports, ReportMonth},
};

#[tokio::test]
async fn each_sponsor_gets_one_report_about_a_month_however_often_the_job_runs() {
    let stage = Stage::new();
    let input = AdminInput { username: "warden".into(), email: "warden@example.com".into(), password: PASSWORD.into() };
    let warden = Actor::account(stage.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap().account);
    let mut sponsors = Vec::new();
    for number in 0..20 {
        let sponsor = stage.sponsor(&format!("house{number}")).await;
        let account = sponsor.account_id().unwrap();
        stage.platform.run(&warden, ApproveSponsor { account }).await.unwrap();
        sponsors.push(sponsor);
    }
    let waiting = stage.sponsor("waiting").await;
    stage.clock.advance(SignedDuration::from_hours(31 * 24));
    let month = ReportMonth::parse("2026-03").unwrap();
    let house = stage.worker().await.house;
    let job = serde_json::to_value(jobs::Job::Reports { month }).unwrap();
    // Two workers at once, and once more long after.
    let (one, other) = tokio::join!(house.perform(job.clone()), house.perform(job.clone()));
    one.unwrap();
    other.unwrap();
    house.perform(job).await.unwrap();
    for sponsor in &sponsors {
        let reports = stage.platform.run(sponsor, ListMonthlyReports::default()).await.unwrap();
        assert_eq!(reports.iter().map(|report| report.month).collect::<Vec<_>>(), [month]);
        let told = stage.platform.run(sponsor, ListNotifications::default()).await.unwrap().notifications.items;
        assert_eq!(told.iter().filter(|told| told.notice == Notice::ReportReady).count(), 1);
    }
    let none = stage.platform.run(&waiting, ListMonthlyReports::default()).await;
    assert!(none.is_err() || none.is_ok_and(|reports| reports.is_empty()), "who waits for approval has no report");
}
