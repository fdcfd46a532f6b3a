//! Reports by a whole worker.

use super::*;
use crate::{jobs, queue::Work};
use iescp_core::{
    account::{AdminInput, CreateAdmin},
    moderation::accounts::ApproveSponsor,
    notification::{ListNotifications, Notice},
    report::{ListMonthlyReports, ReportMonth, ViewMonthlyReport},
};

#[tokio::test]
async fn each_sponsor_gets_one_report_about_a_month_however_often_the_job_runs() {
    let stage = Stage::new();
    let input = AdminInput { username: "warden".into(), email: "warden@example.com".into(), password: PASSWORD.into() };
    let warden = Actor::account(stage.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap().account);
    let mut sponsors = Vec::new();
    for number in 0..20 {
        let sponsor = stage.register_sponsor(&format!("house{number}")).await;
        let account = sponsor.account_id().unwrap();
        stage.platform.run(&warden, ApproveSponsor { account }).await.unwrap();
        sponsors.push(sponsor);
    }
    let waiting = stage.register_sponsor("waiting").await;
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

/// Domain, section 8: the figures as HTML, and the document to forward.
#[tokio::test]
async fn the_mail_about_a_report_holds_its_figures_and_the_document() {
    use mail_parser::{MessageParser, MimeHeaders};
    let stage = Stage::new();
    let admin = stage.admin_who_proved_their_address().await;
    stage.clock.advance(SignedDuration::from_hours(31 * 24));
    let house = stage.worker().await.house;
    let job = serde_json::to_value(jobs::Job::Reports { month: ReportMonth::parse("2026-03").unwrap() }).unwrap();
    house.perform(job).await.unwrap();
    let running = Running::start(stage.worker().await);
    until("the mail", async || running.counts().letters.done == 1).await;
    running.stop().await;
    let [mail] = stage.mailer.mails().try_into().unwrap();
    let bytes = mail.message().formatted();
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject(), Some("Your report about March 2026"));
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    let report = stage.platform.run(&admin, ViewMonthlyReport { month: ReportMonth::parse("2026-03").unwrap() }).await.unwrap();
    let layout = report.laid_out(stage.platform.settings());
    for figure in &layout.figures {
        assert!(text.contains(&format!("\n{}: {} (", figure.label, figure.value)), "{text}");
        assert!(html.contains(&figure.label) && html.contains("How these figures are made"), "{html}");
    }
    assert!(html.contains("/unsubscribe/") && html.contains(&format!("{PUBLIC_URL}/reports/2026-03")));
    let document = message.attachment(0).unwrap();
    assert_eq!(document.attachment_name(), Some("iescp-report-2026-03.pdf"));
    assert!(document.contents().starts_with(b"%PDF-"));
}
