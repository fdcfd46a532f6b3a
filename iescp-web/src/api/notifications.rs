//! What one is told.
//!
//! Not here: the same as it happens (`events`), what reaches one by e-mail (`me`).

use super::happening::Thing;
use super::listing::{listed, told, wanted};
use super::{Body, Chapter, Cursor, Done, Failure, Limit, Listed, Once, Timestamp};
use crate::identity::SignedIn;
use iescp_core::notification::{ListNotifications, MarkNotificationsRead, Notification as Told};
use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

/// The operations.
pub struct Notifications;

/// Something somebody is told.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct Notification {
    /// Its id.
    id: Uuid,
    /// What kind, such as `offer_made`.
    kind: String,
    /// The group by which mails are chosen, such as `requests`.
    topic: String,
    /// The same as a sentence.
    text: String,
    /// What it is about.
    about: Thing,
    /// Figures and words that belong to it.
    detail: Any<Value>,
    /// When it was told.
    created_at: Timestamp,
    /// When it was read.
    read_at: Option<Timestamp>,
}

impl From<Told> for Notification {
    fn from(told: Told) -> Self {
        Self {
            id: told.id.into(),
            kind: told.notice.word().into(),
            topic: told.notice.topic().word().into(),
            text: told.notice.text().into(),
            about: told.about.into(),
            detail: Any(told.detail),
            created_at: Timestamp(told.at),
            read_at: told.read_at.map(Timestamp),
        }
    }
}

/// What was read.
#[derive(Object)]
struct ReadNotifications {
    /// These.
    #[oai(default, validator(max_items = 100))]
    ids: Vec<Uuid>,
    /// This one and everything older.
    up_to: Option<Uuid>,
}

/// What was marked.
#[derive(Object)]
struct MarkedNotifications {
    /// How many.
    marked: u32,
    /// Whether there is more to mark, and the same should be asked again.
    more: bool,
}

#[OpenApi(tag = "Chapter::Notifications")]
impl Notifications {
    /// List what one was told
    ///
    /// The newest first.
    #[oai(path = "/notifications", method = "get", operation_id = "list_notifications")]
    async fn list_notifications(
        &self,
        who: SignedIn,
        request: &Request,
        unread: Query<Option<bool>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Notification>, Failure> {
        let operation = ListNotifications { unread: unread.0.unwrap_or(false), page: wanted(limit.0, cursor.0) };
        let centre = who.0.platform.run(&who.0.actor, operation).await.map_err(told)?;
        Ok(listed(request, centre.notifications, Notification::from))
    }

    /// Mark what one has read
    ///
    /// Those that are named, or one and everything older. Marking twice changes nothing.
    #[oai(path = "/notifications/read", method = "post", operation_id = "mark_notifications_read")]
    async fn mark_notifications_read(
        &self,
        who: SignedIn,
        idempotency_key: Once,
        body: Body<ReadNotifications>,
    ) -> Result<Done<MarkedNotifications>, Failure> {
        let ids = body.0.ids.into_iter().map(Into::into).collect();
        let operation = MarkNotificationsRead { ids, up_to: body.0.up_to.map(Into::into) };
        let done = who.0.run_once(idempotency_key.0, operation).await?;
        let marked = MarkedNotifications { marked: done.output.marked, more: done.output.more };
        Ok(Done::new(marked).replayed(done.replayed))
    }
}
