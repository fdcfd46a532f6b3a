//! What sponsors and influencers say to each other, and who wants to hear nothing from whom.

use super::happening::Thing;
use super::listing::{list, listed, told, wanted};
use super::{Body, Chapter, Cursor, Done, Failure, Limit, Listed, Made, Nothing, Once, Timestamp};
use crate::identity::SignedIn;
use iescp_core::account::Named;
use iescp_core::message::{
    Block, BlockAccount, ListBlocks, ListThreads, MarkThreadRead, Message, ReadThread, Said, SendMessage, ThreadSummary,
    UnblockAccount,
};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

/// The operations.
pub struct Threads;

/// Something that was said in a thread.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct ThreadMessage {
    /// Its id; ids are in the order in which a thread's messages were written.
    id: Uuid,
    /// The sponsor of the thread.
    sponsor_id: Uuid,
    /// The influencer of the thread.
    influencer_id: Uuid,
    /// `written` by one of the two, a `line` of the platform about what changed, or `imported`, whose writer is not known.
    kind: String,
    /// Who wrote it, if one of the two did.
    author_id: Option<Uuid>,
    /// What was written, or the platform's sentence.
    text: String,
    /// What changed, as a word, for a line.
    line: Option<String>,
    /// What a line is about.
    about: Option<Thing>,
    /// Numbers and words that belong to a line.
    detail: Option<Any<Value>>,
    /// When.
    created_at: Timestamp,
}

impl From<Message> for ThreadMessage {
    fn from(message: Message) -> Self {
        let (author_id, text) = (message.said.by().map(Uuid::from), message.said.text().to_owned());
        let (kind, line, about, detail) = match message.said {
            Said::Written { .. } => ("written", None, None, None),
            Said::Imported { .. } => ("imported", None, None, None),
            Said::Line { line, about, detail } => ("line", Some(line.word().to_owned()), Some(about.into()), Some(Any(detail))),
        };
        Self {
            id: message.id.into(),
            sponsor_id: message.pair.sponsor.into(),
            influencer_id: message.pair.influencer.into(),
            kind: kind.into(),
            author_id,
            text,
            line,
            about,
            detail,
            created_at: Timestamp(message.at),
        }
    }
}

/// One thread in a list of them.
#[derive(Object)]
struct Thread {
    /// With whom.
    account_id: Uuid,
    /// What they are called.
    name: String,
    /// How many messages are not read.
    unread: u32,
    /// What was last said.
    last: ThreadMessage,
}

impl From<ThreadSummary> for Thread {
    fn from(thread: ThreadSummary) -> Self {
        Self { account_id: thread.with.into(), name: thread.name, unread: thread.unread, last: thread.last.into() }
    }
}

/// A message to be written.
#[derive(Object)]
struct NewMessage {
    /// What.
    #[oai(validator(min_length = 1, max_length = 8000))]
    text: String,
}

/// What was read.
#[derive(Object)]
struct ReadMessages {
    /// The last message that was seen; all of the thread without it.
    up_to: Option<Uuid>,
}

/// What was marked.
#[derive(Object)]
struct MarkedMessages {
    /// How many.
    marked: u32,
    /// How many are not read yet.
    unread: u32,
}

/// Somebody from whom one wants to hear nothing.
#[derive(Object)]
struct BlockedAccount {
    /// Who is blocked.
    account_id: Uuid,
    /// What they are called.
    name: String,
    /// Since when.
    created_at: Timestamp,
}

impl From<Named<Block>> for BlockedAccount {
    fn from(Named { of: block, name }: Named<Block>) -> Self {
        Self { account_id: block.whom.into(), name, created_at: Timestamp(block.at) }
    }
}

#[OpenApi(tag = "Chapter::Messages")]
impl Threads {
    /// List one's threads
    ///
    /// That in which something was said last comes first.
    #[oai(path = "/threads", method = "get", operation_id = "list_threads")]
    async fn list_threads(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Thread>, Failure> {
        list(&who.0, request, ListThreads { page: wanted(limit.0, cursor.0) }, Thread::from).await
    }

    /// List the messages of a thread
    ///
    /// With an account, the newest first; empty when the thread could be begun but has not been. An admin names both: the
    /// account whose thread it is as `of`.
    #[oai(path = "/threads/:account_id/messages", method = "get", operation_id = "list_messages")]
    async fn list_messages(
        &self,
        who: SignedIn,
        request: &Request,
        account_id: Path<Uuid>,
        of: Query<Option<Uuid>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<ThreadMessage>, Failure> {
        let page = wanted(limit.0, cursor.0);
        let operation = ReadThread { with: account_id.0.into(), of: of.0.map(Into::into), page };
        let view = who.0.platform.run(&who.0.actor, operation).await.map_err(told)?;
        Ok(listed(request, view.messages, ThreadMessage::from))
    }

    /// Write a message
    ///
    /// Begins the thread where there is none. A sponsor may begin one with any influencer, an influencer with a sponsor with
    /// whom there is an application or invitation.
    #[oai(path = "/threads/:account_id/messages", method = "post", operation_id = "send_message")]
    async fn send_message(
        &self,
        who: SignedIn,
        account_id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<NewMessage>,
    ) -> Result<Made<ThreadMessage>, Failure> {
        let operation = SendMessage { to: account_id.0.into(), text: body.0.text };
        let sent = who.0.run_once(idempotency_key.0, operation).await?;
        let location = format!("/threads/{}/messages", account_id.0);
        Ok(Made::at(location, sent.output.into()).replayed(sent.replayed))
    }

    /// Mark a thread as read
    ///
    /// All of it, or what was seen of it.
    #[oai(path = "/threads/:account_id/read", method = "post", operation_id = "mark_thread_read")]
    async fn mark_thread_read(
        &self,
        who: SignedIn,
        account_id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Option<ReadMessages>>,
    ) -> Result<Done<MarkedMessages>, Failure> {
        let up_to = body.0.and_then(|read| read.up_to).map(Into::into);
        let done = who.0.run_once(idempotency_key.0, MarkThreadRead { with: account_id.0.into(), up_to }).await?;
        let marked = MarkedMessages { marked: done.output.marked, unread: done.output.unread };
        Ok(Done::new(marked).replayed(done.replayed))
    }

    /// List whom one has blocked
    ///
    /// By their ids.
    #[oai(path = "/blocks", method = "get", operation_id = "list_blocks")]
    async fn list_blocks(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<BlockedAccount>, Failure> {
        list(&who.0, request, ListBlocks { page: wanted(limit.0, cursor.0) }, BlockedAccount::from).await
    }

    /// Block an account
    ///
    /// No messages, applications and invitations between the two from then on. Blocking twice changes nothing.
    #[oai(path = "/blocks/:account_id", method = "put", operation_id = "block_account")]
    async fn block_account(&self, who: SignedIn, account_id: Path<Uuid>) -> Result<Done<BlockedAccount>, Failure> {
        Ok(Done::new(who.0.run(BlockAccount { account: account_id.0.into() }).await?.into()))
    }

    /// Lift a block
    ///
    /// What was not sent meanwhile is not sent now.
    #[oai(path = "/blocks/:account_id", method = "delete", operation_id = "unblock_account")]
    async fn unblock_account(&self, who: SignedIn, account_id: Path<Uuid>) -> Result<Nothing, Failure> {
        who.0.run(UnblockAccount { account: account_id.0.into() }).await?;
        Ok(Nothing)
    }
}
