//! Reporting abuse.
//!
//! Not here: what admins do with reports (`admin`).

use super::words::{AbuseCategory, ReportedKind};
use super::{Body, Chapter, Failure, Made, Once, Timestamp};
use crate::identity::SignedIn;
use iescp_core::moderation::{AbuseReport, ReportAbuse};
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Abuse;

/// What somebody says is wrong.
#[derive(Object)]
struct NewAbuseReport {
    /// What it is about.
    kind: ReportedKind,
    /// The id of that.
    id: Uuid,
    /// For a message: the account with whom the thread is shared.
    with: Option<Uuid>,
    /// What is wrong with it.
    category: AbuseCategory,
    /// In words.
    #[oai(validator(min_length = 1, max_length = 4000))]
    text: String,
}

/// A report, as whoever made it sees it.
#[derive(Object)]
struct OwnAbuseReport {
    /// Its id.
    id: Uuid,
    /// `campaign`, `account` or `message`.
    kind: String,
    /// The id of what it is about.
    target_id: Uuid,
    /// What is wrong with it.
    category: String,
    /// In words.
    text: String,
    /// `open` until an admin has decided.
    state: String,
    /// When it was made.
    created_at: Timestamp,
}

impl From<AbuseReport> for OwnAbuseReport {
    fn from(report: AbuseReport) -> Self {
        Self {
            id: report.id.into(),
            kind: report.kind.word().into(),
            target_id: report.target,
            category: report.category.word().into(),
            text: report.text.to_string(),
            state: report.state.word().into(),
            created_at: Timestamp(report.at),
        }
    }
}

#[OpenApi(tag = "Chapter::Supervision")]
impl Abuse {
    /// Report abuse
    ///
    /// A campaign, an account or a message that one can see. Admins decide, and whoever reported is told of the outcome.
    #[oai(path = "/abuse-reports", method = "post", operation_id = "report_abuse")]
    async fn report_abuse(
        &self,
        who: SignedIn,
        idempotency_key: Once,
        body: Body<NewAbuseReport>,
    ) -> Result<Made<OwnAbuseReport>, Failure> {
        let NewAbuseReport { kind, id, with, category, text } = body.0;
        let operation = ReportAbuse {
            kind: kind.word(),
            id: id.to_string(),
            with: with.map(|with| with.to_string()),
            category: category.word(),
            text,
        };
        let made = who.0.run_once(idempotency_key.0, operation).await?;
        Ok(Made::at(format!("/admin/abuse-reports/{}", made.output.id), made.output.into()).replayed(made.replayed))
    }
}
