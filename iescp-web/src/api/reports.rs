//! Monthly reports: a sponsor's own; an admin's are the platform's.

use super::amount::Currency;
use super::{Chapter, Date, Failure, Money, Shown, Timestamp};
use crate::download;
use crate::identity::SignedIn;
use crate::problem::Problem;
use iescp_core::Error;
use iescp_core::report::{
    self as core, ListMonthlyReports, ReportContent, ReportInBrief, ReportMonth, SponsorReport, ViewMonthlyReport, WorkLine,
};
use iescp_worker::report_as_pdf;
use poem::http::header;
use poem::{IntoResponse, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct MonthlyReports;

/// The reports of a year.
#[derive(Object)]
struct ReportsOfYear {
    /// The last month first.
    #[oai(validator(max_items = 12))]
    reports: Vec<MonthlyReport>,
}

/// What a month came to. It was made when the month was over, and never changes.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct MonthlyReport {
    /// The month: `2026-10`.
    month: String,
    /// When the report was made.
    made_at: Timestamp,
    /// Of a sponsor's campaigns, in a sponsor's report.
    campaigns: Option<MonthOfCampaigns>,
    /// Of the platform, in an admin's.
    platform: Option<MonthOfPlatform>,
}

/// What a month came to for a sponsor. What nobody knows is left out, never nought.
#[derive(Object)]
struct MonthOfCampaigns {
    /// Campaigns that were published before the month was over and had not ended before it began.
    count: i64,
    /// Their budgets, added up.
    planned: Money,
    /// Held for agreed work in them, or paid.
    committed: Money,
    /// Paid to influencers in them.
    paid: Money,
    /// Planned less committed.
    left: Money,
    /// What was done in the month.
    month: DoneInMonth,
    /// What was done in the month before.
    month_before: DoneInMonth,
    /// The campaigns: those with the largest budgets.
    #[oai(validator(max_items = 40))]
    list: Vec<CampaignOfMonth>,
    /// Work with results, or completed in the month: what was seen most.
    #[oai(validator(max_items = 40))]
    work: Vec<WorkOfMonth>,
    /// Whether there was more than a report goes through.
    more: bool,
}

/// What was done in one month.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct DoneInMonth {
    /// Collaborations that were completed in it.
    completed: i64,
    /// Advertisements that were agreed in those.
    advertisements: i64,
    /// What influencers were paid for those.
    paid: Money,
    /// The followers of those who delivered, at their first submissions, added up.
    reach: Option<i64>,
    /// What was reported of all work until the month was over.
    results: ResultsOfMonth,
}

/// What was reported of work.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct ResultsOfMonth {
    /// How often it was seen.
    views: Option<i64>,
    /// How often somebody reacted.
    engagements: Option<i64>,
    /// How often somebody followed its link.
    clicks: Option<i64>,
    /// How often somebody bought.
    sales: Option<i64>,
}

/// How a campaign stood when the report was made.
#[derive(Object)]
struct CampaignOfMonth {
    /// Which.
    campaign_id: Uuid,
    /// Its title.
    title: String,
    /// How far it had come.
    state: String,
    /// What may be committed in all.
    planned: Money,
    /// Held for agreed work.
    held: Money,
    /// Paid to influencers.
    paid: Money,
    /// Planned less held and paid.
    left: Money,
}

/// One piece of agreed work and what was reported of it.
#[derive(Object)]
struct WorkOfMonth {
    /// Of which collaboration.
    collaboration_id: Uuid,
    /// The campaign's title in the agreement.
    title: String,
    /// Who did it.
    influencer: String,
    /// What it is: `3 × reel, instagram`.
    what: String,
    /// What was reported of it until the month was over.
    results: ResultsOfMonth,
    /// What was reported of it until the month before was over.
    results_before: ResultsOfMonth,
}

/// How the platform stood at the end of a month, and of the month before.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct MonthOfPlatform {
    /// The day of the last figures of the month, if any were kept.
    day: Option<Date>,
    /// Those.
    figures: Option<FiguresOfMonth>,
    /// The last of the month before.
    figures_before: Option<FiguresOfMonth>,
}

/// How the platform stood.
#[derive(Object)]
struct FiguresOfMonth {
    /// Sponsors who are active.
    sponsors: i64,
    /// Influencers who are active.
    influencers: i64,
    /// Sponsors who wait for approval.
    waiting: i64,
    /// Accounts that are suspended.
    suspended: i64,
    /// Campaigns that are active.
    campaigns_active: i64,
    /// Campaigns that were completed, ever.
    campaigns_completed: i64,
    /// Requests that are open.
    requests_open: i64,
    /// Requests that were accepted, ever.
    requests_accepted: i64,
    /// Collaborations that were completed, ever.
    collaborations_completed: i64,
    /// Collaborations in dispute.
    disputes: i64,
    /// Campaigns that are flagged.
    flagged: i64,
    /// Held for agreed work.
    money_held: Money,
    /// Paid to influencers, ever.
    money_paid: Money,
}

impl MonthlyReport {
    fn new(report: ReportInBrief, currency: Currency) -> Self {
        let (campaigns, platform) = match report.content {
            ReportContent::Sponsor(content) => (Some(MonthOfCampaigns::new(content, currency)), None),
            ReportContent::Platform(content) => (None, Some(MonthOfPlatform::new(content, currency))),
        };
        Self { month: report.month.to_string(), made_at: Timestamp(report.made_at), campaigns, platform }
    }
}

impl MonthOfCampaigns {
    fn new(report: SponsorReport, currency: Currency) -> Self {
        let line = |line: core::CampaignLine| CampaignOfMonth {
            campaign_id: line.campaign.into(),
            title: line.title,
            state: line.state.word().into(),
            planned: currency.money(line.planned),
            held: currency.money(line.held),
            paid: currency.money(line.paid),
            left: currency.money(line.left),
        };
        Self {
            count: report.campaigns,
            planned: currency.money(report.planned),
            committed: currency.money(report.committed),
            paid: currency.money(report.paid),
            left: currency.money(report.left),
            month: DoneInMonth::new(report.month, currency),
            month_before: DoneInMonth::new(report.before, currency),
            list: report.lines.into_iter().map(line).collect(),
            work: report.work.into_iter().map(WorkOfMonth::from).collect(),
            more: report.more,
        }
    }
}

impl DoneInMonth {
    fn new(done: core::MonthFigures, currency: Currency) -> Self {
        Self {
            completed: done.completed,
            advertisements: done.advertisements,
            paid: currency.money(done.paid),
            reach: done.reach,
            results: done.results.into(),
        }
    }
}

impl From<core::ReportedResults> for ResultsOfMonth {
    fn from(results: core::ReportedResults) -> Self {
        let core::ReportedResults { views, engagements, clicks, sales } = results;
        Self { views, engagements, clicks, sales }
    }
}

impl From<WorkLine> for WorkOfMonth {
    fn from(work: WorkLine) -> Self {
        Self {
            collaboration_id: work.collaboration.into(),
            title: work.title,
            influencer: work.influencer,
            what: work.what,
            results: work.results.into(),
            results_before: work.before.into(),
        }
    }
}

impl MonthOfPlatform {
    fn new(report: core::PlatformReport, currency: Currency) -> Self {
        let figures = |figures: core::PlatformFigures| FiguresOfMonth {
            sponsors: figures.sponsors,
            influencers: figures.influencers,
            waiting: figures.waiting,
            suspended: figures.suspended,
            campaigns_active: figures.campaigns_active,
            campaigns_completed: figures.campaigns_completed,
            requests_open: figures.requests_open,
            requests_accepted: figures.requests_accepted,
            collaborations_completed: figures.collaborations_completed,
            disputes: figures.disputes,
            flagged: figures.flagged,
            money_held: currency.money(figures.money_held),
            money_paid: currency.money(figures.money_paid),
        };
        Self { day: report.day.map(Date), figures: report.figures.map(figures), figures_before: report.before.map(figures) }
    }
}

#[OpenApi(tag = "Chapter::Reports")]
impl MonthlyReports {
    /// List the monthly reports of a year
    ///
    /// One's own, as a sponsor; as an admin, the platform's.
    #[oai(path = "/reports", method = "get", operation_id = "list_reports")]
    async fn list_reports(
        &self,
        who: SignedIn,
        /// Which year; that of the last report if nobody says.
        #[oai(validator(minimum(value = "1"), maximum(value = "9998")))]
        year: Query<Option<i16>>,
    ) -> Result<Shown<ReportsOfYear>, Failure> {
        let currency = Currency::of(&who.0);
        let reports = who.0.run(ListMonthlyReports { year: year.0 }).await?;
        let reports = reports.into_iter().map(|report| MonthlyReport::new(report, currency)).collect();
        Ok(Shown::plain(ReportsOfYear { reports }))
    }

    /// Show the report about a month
    #[oai(path = "/reports/:month", method = "get", operation_id = "show_report")]
    async fn show_report(&self, who: SignedIn, month: Path<String>) -> Result<Shown<MonthlyReport>, Failure> {
        let currency = Currency::of(&who.0);
        let core::MonthlyReport { month, made_at, content, .. } = found(&who, &month.0).await?;
        Ok(Shown::plain(MonthlyReport::new(ReportInBrief { month, made_at, content }, currency)))
    }

    /// Fetch the report about a month as a document
    ///
    /// A PDF to print or forward.
    #[oai(path = "/reports/:month/pdf", method = "get", operation_id = "fetch_report")]
    async fn fetch_report(&self, who: SignedIn, month: Path<String>) -> Result<Document, Failure> {
        let report = found(&who, &month.0).await?;
        let (name, settings) = (format!("iescp-report-{}.pdf", report.month), who.0.platform.settings().clone());
        let setting = tokio::task::spawn_blocking(move || report_as_pdf(&report, &settings));
        let bytes = setting.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
        Ok(Document { name, bytes })
    }
}

async fn found(who: &SignedIn, month: &str) -> Result<core::MonthlyReport, Failure> {
    let month = ReportMonth::parse(month).ok_or(Error::NotFound)?;
    who.0.run(ViewMonthlyReport { month }).await
}

/// 200: a document.
struct Document {
    name: String,
    bytes: Vec<u8>,
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let answer = Response::builder().content_type("application/pdf");
        answer.header(header::CONTENT_DISPOSITION, download::attachment(&self.name)).body(self.bytes)
    }
}

impl ApiResponse for Document {
    fn meta() -> MetaResponses {
        let schema = MetaSchemaRef::Inline(Box::new(MetaSchema { format: Some("binary"), ..MetaSchema::new("string") }));
        let name = MetaHeader {
            name: "Content-Disposition".to_owned(),
            description: Some("The name of the file.".to_owned()),
            required: false,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let response = MetaResponse {
            description: "The document.",
            status: Some(200),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/pdf", schema }],
            headers: vec![name],
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_: &mut Registry) {}
}
