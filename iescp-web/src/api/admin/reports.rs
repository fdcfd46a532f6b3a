//! Abuse reports, as admins see and decide them.

use super::super::listing::{list, wanted};
use super::super::words::{AbuseOutcome, AbuseStage};
use super::super::{Body, Chapter, Cursor, Done, Failure, Limit, Listed, Once, Timestamp};
use crate::identity::SignedIn;
use iescp_core::moderation::{AbuseReport, ListAbuseReports, ResolveAbuseReport};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Reports;

/// A report of abuse, as admins see it.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct SupervisedAbuseReport {
    /// Its id.
    id: Uuid,
    /// Who reports.
    reporter_id: Uuid,
    /// `campaign`, `account` or `message`.
    kind: String,
    /// The id of what it is about.
    target_id: Uuid,
    /// The account behind that.
    accused_id: Uuid,
    /// What is wrong with it.
    category: String,
    /// In the reporter's words.
    text: String,
    /// The message as it was written, where it is about one.
    quote: Option<String>,
    /// When it was made.
    created_at: Timestamp,
    /// `open`, `flagged`, `suspended` or `dismissed`.
    state: String,
    /// Which admin decided.
    resolved_by: Option<Uuid>,
    /// When.
    resolved_at: Option<Timestamp>,
    /// Why.
    resolution: Option<String>,
}

impl From<AbuseReport> for SupervisedAbuseReport {
    fn from(report: AbuseReport) -> Self {
        let resolution = report.resolution.as_ref();
        Self {
            id: report.id.into(),
            reporter_id: report.reporter.into(),
            kind: report.kind.word().into(),
            target_id: report.target,
            accused_id: report.accused.into(),
            category: report.category.word().into(),
            text: report.text.to_string(),
            quote: report.quote.as_ref().map(ToString::to_string),
            created_at: Timestamp(report.at),
            state: report.state.word().into(),
            resolved_by: resolution.map(|resolution| resolution.by.into()),
            resolved_at: resolution.map(|resolution| Timestamp(resolution.at)),
            resolution: resolution.map(|resolution| resolution.reason.to_string()),
        }
    }
}

/// What an admin decides.
#[derive(Object)]
struct AbuseDecision {
    /// Flags the campaign or puts the account under review; suspends the account behind it; or nothing.
    outcome: AbuseOutcome,
    /// Why.
    #[oai(validator(min_length = 1, max_length = 2000))]
    reason: String,
}

#[OpenApi(tag = "Chapter::Supervision")]
impl Reports {
    /// List abuse reports
    ///
    /// The newest first. That an admin looked is kept in the audit trail.
    #[oai(path = "/admin/abuse-reports", method = "get", operation_id = "list_abuse_reports")]
    async fn list_abuse_reports(
        &self,
        who: SignedIn,
        request: &Request,
        state: Query<Option<AbuseStage>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<SupervisedAbuseReport>, Failure> {
        let operation = ListAbuseReports { state: state.0.map(Into::into), page: wanted(limit.0, cursor.0) };
        list(&who.0, request, operation, SupervisedAbuseReport::from).await
    }

    /// Decide on an abuse report
    ///
    /// Once. Whoever reported is told.
    #[oai(path = "/admin/abuse-reports/:id/resolve", method = "post", operation_id = "resolve_abuse_report")]
    async fn resolve_abuse_report(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<AbuseDecision>,
    ) -> Result<Done<SupervisedAbuseReport>, Failure> {
        let AbuseDecision { outcome, reason } = body.0;
        let operation = ResolveAbuseReport { report: id.0.into(), outcome: outcome.word(), reason };
        let done = who.0.run_once(idempotency_key.0, operation).await?;
        Ok(Done::new(done.output.into()).replayed(done.replayed))
    }
}
