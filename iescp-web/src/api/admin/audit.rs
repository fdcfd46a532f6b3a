//! The audit trail: who did what, and whether anybody touched it since.

use super::super::happening::{Thing, word_of};
use super::super::listing::{list, wanted};
use super::super::{Chapter, Cursor, Failure, Limit, Listed, Shown, Timestamp};
use crate::identity::SignedIn;
use crate::problem::Problem;
use iescp_core::Through;
use iescp_core::event::{By, Event};
use iescp_core::moderation::audit::{AuditOf, VerifyAudit, ViewAudit};
use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

/// The operations.
pub struct Audit;

/// Something that happened.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct AuditEntry {
    /// Its id.
    id: Uuid,
    /// When.
    at: Timestamp,
    /// What was done, such as `approve_sponsor`.
    action: String,
    /// Who did it: `account`, `visitor`, `system` or `terminal`.
    by: String,
    /// Which account.
    account_id: Option<Uuid>,
    /// Through what the account acted: `session`, `token` or `embedder`.
    through: Option<String>,
    /// Which session or token.
    through_id: Option<Uuid>,
    /// Which job of the system's.
    job: Option<String>,
    /// To what.
    #[oai(validator(max_items = 300))]
    about: Vec<Thing>,
    /// Numbers, states, reasons.
    detail: Any<Value>,
    /// From which address; erased with the account.
    address: Option<String>,
    /// With what client; erased with the account.
    agent: Option<String>,
}

impl From<Event> for AuditEntry {
    fn from(event: Event) -> Self {
        let (by, account_id, through, job) = match event.by {
            By::Visitor => ("visitor", None, None, None),
            By::Account(account, through) => ("account", Some(account.into()), Some(through), None),
            By::System(job) => ("system", None, None, Some(job)),
            By::Terminal => ("terminal", None, None, None),
        };
        let (through, through_id) = match through {
            None => (None, None),
            Some(Through::Session(id)) => (Some("session".to_owned()), Some(id.into())),
            Some(Through::Token(id)) => (Some("token".to_owned()), Some(id.into())),
            Some(Through::Embedder) => (Some("embedder".to_owned()), None),
        };
        let origin = event.personal.map(|personal| personal.origin).unwrap_or_default();
        Self {
            id: event.id.into(),
            at: Timestamp(event.at),
            action: word_of(event.action),
            by: by.into(),
            account_id,
            through,
            through_id,
            job,
            about: event.about.into_iter().map(Thing::from).collect(),
            detail: Any(event.detail),
            address: origin.address,
            agent: origin.agent,
        }
    }
}

/// What was found in a stretch of the chain of seals.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct VerifiedSeals {
    /// How many seals are whole.
    seals: u64,
    /// Where to go on; absent at the end of the chain or where it is broken.
    next: Option<u64>,
    /// Where the chain is broken first.
    broken: Option<BrokenSeal>,
}

/// Where the chain is broken.
#[derive(Object)]
struct BrokenSeal {
    /// The number of the seal.
    number: u64,
    /// What is wrong there.
    why: String,
}

#[OpenApi(tag = "Chapter::Supervision")]
impl Audit {
    /// List the audit trail
    ///
    /// The newest first: all of it, what happened to a thing (`about`), or what an account did (`by`). That an admin looked is
    /// in it too.
    #[oai(path = "/admin/audit", method = "get", operation_id = "list_audit")]
    async fn list_audit(
        &self,
        who: SignedIn,
        request: &Request,
        about: Query<Option<Uuid>>,
        by: Query<Option<Uuid>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<AuditEntry>, Failure> {
        let of = match (about.0, by.0) {
            (None, None) => AuditOf::Everything,
            (Some(about), None) => AuditOf::About(about),
            (None, Some(by)) => AuditOf::By(by.into()),
            (Some(_), Some(_)) => {
                return Err(Problem::parameter("by", "one_of", "Please give `about` or `by`, not both.").into());
            }
        };
        list(&who.0, request, ViewAudit { of, page: wanted(limit.0, cursor.0) }, AuditEntry::from).await
    }

    /// Verify the audit trail
    ///
    /// A stretch of at most 500 seals, each of which covers an event and the seal before it. `next` says where to go on.
    #[oai(path = "/admin/audit/verify", method = "get", operation_id = "verify_audit")]
    async fn verify_audit(&self, who: SignedIn, after: Query<Option<u64>>) -> Result<Shown<VerifiedSeals>, Failure> {
        let verified = who.0.run(VerifyAudit { after: after.0.unwrap_or(0) }).await?;
        let broken = verified.broken.map(|broken| BrokenSeal { number: broken.number, why: broken.why });
        Ok(Shown::plain(VerifiedSeals { seals: verified.seals, next: verified.next, broken }))
    }
}
