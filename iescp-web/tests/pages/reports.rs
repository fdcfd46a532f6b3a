//! Monthly reports: read by whose they are, as a page and as a document.

use crate::deals::{agreed, deliver, does};
use crate::house::House;
use iescp_core::Actor;
use iescp_core::report::{MakeMonthlyReport, MakePlatformReport, MonthlyReport, ReportMonth, SnapshotStatistics};
use uuid::Uuid;

async fn made(house: &House, sponsor: Uuid, month: &str) -> Option<MonthlyReport> {
    let make = MakeMonthlyReport { account: sponsor.into(), month: ReportMonth::parse(month).unwrap() };
    house.platform.run(&Actor::system("reports"), make).await.unwrap()
}

#[tokio::test]
async fn a_sponsor_reads_what_a_month_came_to_and_forwards_it() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    sponsor.get("/reports").await.says("No reports here");
    let work = agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    deliver(&mut influencer, &work).await;
    does(&mut sponsor, &work, "approve", &[]).await;
    house.days(31);
    made(&house, sponsor.id, "2026-05").await.unwrap();

    let mut sponsor = house.sign_in("teahouse").await;
    let list = sponsor.get("/reports").await;
    list.says("May 2026").says("Paid in the month 1,000.00 USD");
    let page = sponsor.follow(&list, "May 2026").await;
    page.says("Monthly report: May 2026").says("Advertisements").says("+1,000.00").says("How these figures are made");
    page.says("Views –").says("This report was made on 1 June 2026.");
    let document = sponsor.follow(&page, "Document (PDF)").await;
    assert_eq!(document.header("content-type"), "application/pdf");
    assert_eq!(document.header("content-disposition"), "attachment; filename=\"iescp-report-2026-05.pdf\"");
    assert_eq!(document.header("cache-control"), "no-store");
    assert!(document.bytes.starts_with(b"%PDF-"));
    assert_eq!(sponsor.get("/notifications").await.html.matches("Your monthly report is ready.").count(), 1);
}

#[tokio::test]
async fn s_27_a_report_is_there_for_nobody_else() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    house.sponsor("coffee").await;
    house.influencer("ines").await;
    house.admin("ada").await;
    house.platform.run(&Actor::system("test"), SnapshotStatistics {}).await.unwrap();
    house.days(31);
    made(&house, sponsor.id, "2026-05").await.unwrap();
    let (mut other, mut influencer, mut admin) =
        (house.sign_in("coffee").await, house.sign_in("ines").await, house.sign_in("ada").await);
    for path in ["/reports/2026-05", "/reports/2026-05/document", "/reports/2026-5", "/reports/x"] {
        for who in [&mut other, &mut influencer, &mut admin] {
            assert_eq!(who.get(path).await.status.as_u16(), 404, "{path}");
        }
    }
    assert_eq!(influencer.get("/reports").await.status.as_u16(), 404, "an influencer has the statement");
    house.visitor().get("/reports/2026-05").await.says("Sign in");
    let month = ReportMonth::parse("2026-05").unwrap();
    house.platform.run(&Actor::system("reports"), MakePlatformReport { month }).await.unwrap().unwrap();
    admin.get("/reports").await.says("May 2026");
    admin.get("/reports/2026-05").await.says("Active sponsors 2").says("As kept on 1 May 2026.");
}
