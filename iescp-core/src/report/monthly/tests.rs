//! What a report says, when it is made, and for whom.

use super::*;
use crate::{
    Actor, Settings,
    account::Account,
    campaign::CancelCampaign,
    collaboration::{AcceptSplit, ApproveWork, ProposeSplit, ReportResults, ResultsInput},
    fixture::{Market, code},
    id::CollaborationId,
    notification::Notice,
    report::SnapshotStatistics,
    value::Money,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

fn worker() -> Actor {
    Actor::system("reports")
}

fn month(text: &str) -> ReportMonth {
    ReportMonth::parse(text).unwrap()
}

fn until(market: &Market, moment: &str) {
    let moment: Timestamp = moment.parse().unwrap();
    market.clock.advance(moment.duration_since(market.platform.clock().now()));
}

async fn made(market: &Market, account: &Account, of: &str) -> Option<MonthlyReport> {
    let make = MakeMonthlyReport { account: account.id, month: month(of) };
    market.platform.run(&worker(), make).await.unwrap()
}

fn sponsors(report: &MonthlyReport) -> &SponsorReport {
    match &report.content {
        ReportContent::Sponsor(report) => report,
        ReportContent::Platform(_) => panic!("a sponsor's report was asked for"),
    }
}

async fn reported(market: &Market, by: &Account, of: CollaborationId, day: &str, views: Option<i64>, clicks: Option<i64>) {
    let input = ResultsInput { views, clicks, day: Some(day.into()), source: "the platform".into(), ..ResultsInput::default() };
    market.run(by, ReportResults { collaboration: of, input }).await.unwrap();
}

#[tokio::test]
async fn a_report_says_what_its_month_came_to_and_never_changes() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let work = market.agree(&sponsor, &influencer, campaign, 20_000).await;
    market.submit(&influencer, work).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration: work }).await.unwrap();
    reported(&market, &influencer, work, "2026-03-01", Some(1000), None).await;
    market.draft(&sponsor, 5_000).await;
    until(&market, "2026-04-01T06:00:00Z");
    reported(&market, &sponsor, work, "2026-03-20", Some(1500), Some(30)).await;
    reported(&market, &sponsor, work, "2026-04-01", Some(9000), Some(90)).await;

    let march = made(&market, &sponsor, "2026-03").await.unwrap();
    let report = sponsors(&march);
    assert_eq!((report.campaigns, report.planned, report.committed), (1, Money(100_000), Money(20_000)));
    assert_eq!((report.paid, report.left), (Money(20_000), Money(80_000)));
    assert_eq!((report.month.completed, report.month.paid), (1, Money(20_000)));
    assert!(report.month.advertisements >= 1);
    assert_eq!(report.month.results, ReportedResults { views: Some(1500), clicks: Some(30), ..ReportedResults::default() });
    assert_eq!((report.before.completed, report.before.results.views), (0, None));
    assert_eq!(market.told(&sponsor).await.iter().filter(|told| **told == Notice::ReportReady).count(), 1);
    market.sound().await;

    assert_eq!(made(&market, &sponsor, "2026-03").await, None, "it is made once");
    until(&market, "2026-05-01T06:00:00Z");
    let april = made(&market, &sponsor, "2026-04").await.unwrap();
    let report = sponsors(&april);
    assert_eq!((report.month.results.views, report.before.results.views), (Some(9000), Some(1500)));
    assert_eq!((report.month.completed, report.before.completed), (0, 1));
    assert_eq!(market.run(&sponsor, ViewMonthlyReport { month: month("2026-03") }).await.unwrap(), march);
    let listed = market.run(&sponsor, ListMonthlyReports { year: Some(2026) }).await.unwrap();
    assert_eq!(listed.iter().map(|report| report.month.to_string()).collect::<Vec<_>>(), ["2026-04", "2026-03"]);
    assert!(market.run(&sponsor, ListMonthlyReports { year: Some(2025) }).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_paid_without_being_handed_in_counts_and_what_went_back_is_not_left() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let work = market.agree(&sponsor, &influencer, campaign, 20_000).await;
    let split = ProposeSplit { collaboration: work, to_influencer: 5_000, note: String::new() };
    let number = market.run(&influencer, split).await.unwrap().collaboration.split.unwrap().number;
    market.run(&sponsor, AcceptSplit { collaboration: work, split: number }).await.unwrap();
    market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
    until(&market, "2026-04-01T06:00:00Z");
    let march = made(&market, &sponsor, "2026-03").await.unwrap();
    let report = sponsors(&march);
    assert_eq!((report.month.completed, report.month.paid, report.paid), (1, Money(5_000), Money(5_000)));
    assert_eq!((report.planned, report.left, report.lines[0].left), (Money(100_000), Money::ZERO, Money::ZERO));
    assert_eq!(report.work[0].influencer, *influencer.username, "who is called as they sign in is not named twice");
}

#[tokio::test]
async fn what_is_not_known_is_a_dash_and_growth_needs_both_months() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    until(&market, "2026-04-01T06:00:00Z");
    let report = made(&market, &sponsor, "2026-03").await.unwrap();
    let layout = report.laid_out(&Settings::default());
    let value = |label: &str| {
        let figure = layout.figures.iter().find(|figure| figure.label == label).unwrap();
        (figure.value.clone(), figure.note.clone())
    };
    assert_eq!(value("Views"), (UNKNOWN.to_owned(), UNKNOWN.to_owned()));
    assert_eq!(value("Reach bought"), (UNKNOWN.to_owned(), UNKNOWN.to_owned()));
    assert_eq!(value("Advertisements"), ("0".to_owned(), "as before".to_owned()));
    assert_eq!((layout.month.as_str(), layout.made.as_str()), ("March 2026", "1 April 2026"));
    for part in &layout.parts {
        for row in part.table.iter().flat_map(|table| &table.rows) {
            assert_eq!(Some(row.len()), part.table.as_ref().map(|table| table.columns.len()));
        }
    }
}

#[tokio::test]
async fn s_27_reports_are_their_owners_and_an_admin_s_are_the_platform_s() {
    let market = Market::open();
    let (sponsor, other, influencer, admin) =
        (market.sponsor().await, market.sponsor().await, market.influencer().await, market.admin().await);
    market.platform.run(&Actor::system("snapshot"), SnapshotStatistics {}).await.unwrap();
    until(&market, "2026-04-01T06:00:00Z");
    made(&market, &sponsor, "2026-03").await.unwrap();
    let view = ViewMonthlyReport { month: month("2026-03") };
    assert_eq!(code(market.run(&other, view).await), "not_found");
    assert_eq!(code(market.run(&admin, view).await), "not_found");
    assert_eq!(code(market.run(&influencer, view).await), "forbidden");
    assert_eq!(code(market.run(&sponsor, MakePlatformReport { month: month("2026-03") }).await), "forbidden");

    let platform = MakePlatformReport { month: month("2026-03") };
    let report = market.platform.run(&worker(), platform).await.unwrap().unwrap();
    assert_eq!(market.platform.run(&worker(), platform).await.unwrap(), None);
    let ReportContent::Platform(figures) = &report.content else { panic!("the platform's") };
    assert_eq!(figures.figures.as_ref().map(|figures| (figures.sponsors, figures.influencers)), Some((2, 1)));
    assert_eq!((figures.day, figures.before.as_ref()), (Some("2026-03-01".parse().unwrap()), None));
    assert_eq!(market.run(&admin, view).await.unwrap(), report);
    assert!(market.told(&admin).await.contains(&Notice::ReportReady));
    assert_eq!(market.run(&other, ListMonthlyReports::default()).await.unwrap(), []);
    assert_eq!(market.platform.run(&worker(), ListReportReaders::default()).await.unwrap(), [sponsor.id, other.id]);
}

#[tokio::test]
async fn a_month_is_one_of_the_installation_s_zone_and_must_be_over() {
    let settings = Settings { time_zone: TimeZone::get("America/New_York").unwrap(), ..Settings::default() };
    let market = Market::with(settings);
    let sponsor = market.sponsor().await;
    let make = MakeMonthlyReport { account: sponsor.id, month: month("2026-03") };
    until(&market, "2026-04-01T03:59:59Z");
    assert_eq!(code(market.platform.run(&worker(), make).await), "not_over", "in New York it is still March");
    market.clock.advance(SignedDuration::from_secs(1));
    assert!(market.platform.run(&worker(), make).await.unwrap().is_some());
    let early = MakeMonthlyReport { account: sponsor.id, month: month("2026-02") };
    assert_eq!(market.platform.run(&worker(), early).await.unwrap(), None, "nobody was there yet");
}

#[test]
fn months_have_their_days_and_their_neighbours() {
    let settings = Settings { time_zone: TimeZone::get("Europe/Berlin").unwrap(), ..Settings::default() };
    for (text, before, last, from, until) in [
        ("2028-02", "2028-01", "2028-02-29", "2028-01-31T23:00:00Z", "2028-02-29T23:00:00Z"),
        ("2027-02", "2027-01", "2027-02-28", "2027-01-31T23:00:00Z", "2027-02-28T23:00:00Z"),
        ("2026-01", "2025-12", "2026-01-31", "2025-12-31T23:00:00Z", "2026-01-31T23:00:00Z"),
        ("2026-03", "2026-02", "2026-03-31", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
        ("2026-10", "2026-09", "2026-10-31", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
    ] {
        let month = month(text);
        assert_eq!((month.to_string().as_str(), month.before().to_string().as_str()), (text, before));
        assert_eq!(month.last_day().to_string(), last);
        let span = month.span(&settings).unwrap();
        assert_eq!((span.0.to_string().as_str(), span.1.to_string().as_str()), (from, until), "{text}");
    }
    for text in ["", "2026", "2026-1", "2026-00", "2026-13", "2026-011", "26-01", "2026/01", "x026-01", "-026-01"] {
        assert_eq!(ReportMonth::parse(text), None, "{text}");
    }
}
