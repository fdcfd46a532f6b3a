//! Monthly reports.

use crate::support::{House, Person};
use iescp_core::Actor;
use iescp_core::report::{MakeMonthlyReport, MakePlatformReport, ReportMonth};
use jiff::SignedDuration;
use serde_json::json;

async fn a_month_later(house: &House, sponsor: &Person) {
    house.clock.advance(SignedDuration::from_hours(24 * 31));
    let (account, month) = (sponsor.id.into(), ReportMonth::parse("2026-05").unwrap());
    let system = Actor::system("reports");
    house.platform.run(&system, MakeMonthlyReport { account, month }).await.unwrap().unwrap();
    house.platform.run(&system, MakePlatformReport { month }).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_sponsor_reads_every_past_month_as_figures_and_as_a_document() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    assert_eq!(house.get(&sponsor, "/reports").await.json(), json!({ "reports": [] }));
    house.published(&sponsor, 10_000).await;
    a_month_later(&house, &sponsor).await;
    let sponsor = house.sign_in("teahouse").await;
    let list = house.get(&sponsor, "/reports").await.json();
    let report = house.get(&sponsor, "/reports/2026-05").await.json();
    assert_eq!((&list["reports"][0], list["reports"].as_array().map(Vec::len)), (&report, Some(1)));
    assert_eq!((&report["month"], &report["campaigns"]["count"]), (&json!("2026-05"), &json!(1)));
    assert_eq!(report["campaigns"]["planned"], json!({ "amount": 10_000, "currency": "USD" }));
    assert_eq!(report["campaigns"]["month"]["results"], json!({}), "what nobody knows is left out");
    assert!(report.get("platform").is_none());
    let earlier = house.get(&sponsor, "/reports?year=2025").await.json();
    assert_eq!(earlier, json!({ "reports": [] }));
    let document = house.get(&sponsor, "/reports/2026-05/pdf").await;
    assert_eq!(document.header("content-type"), "application/pdf");
    assert_eq!(document.header("content-disposition"), "attachment; filename=\"iescp-report-2026-05.pdf\"");
    assert!(document.body.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn s_27_a_report_is_there_for_nobody_else_and_an_admins_is_the_platforms() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    house.sponsor("coffee").await;
    house.influencer("ines").await;
    house.admin("ada").await;
    a_month_later(&house, &sponsor).await;
    let (other, influencer, admin) = (house.sign_in("coffee").await, house.sign_in("ines").await, house.sign_in("ada").await);
    for path in ["/reports/2026-05", "/reports/2026-05/pdf", "/reports/2026-04", "/reports/2026-5", "/reports/x"] {
        house.get(&other, path).await.fails(404, "not_found");
    }
    for path in ["/reports", "/reports/2026-05", "/reports/2026-05/pdf"] {
        house.get(&influencer, path).await.fails(403, "forbidden");
    }
    let seen = house.get(&admin, "/reports/2026-05").await.json();
    assert!(seen.get("campaigns").is_none() && seen["platform"].is_object(), "{seen}");
}
