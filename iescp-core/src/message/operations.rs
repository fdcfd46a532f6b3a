//! What people do with messages.

use super::{Block, Message, Pair, Said, Thread, lines::say, reach::Reach};
use crate::{
    Error, Likely, Operation, Page, PageRequest, Refusal, Result,
    account::{Account, Named, Role, name_keys, name_of, named, picture_of},
    event::thing,
    id::{AccountId, MessageId, PictureId},
    notification::{self, Notice},
    page::Tail,
    policy::{Action, Subject},
    request::Request,
    store::{
        Key, Read,
        keys::{Table, list},
        record::decode,
    },
    tx::Tx,
    value::Form,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many messages are looked at to find out how many of them are not read.
const COUNTED: usize = 500;

/// Writes a message, and begins the thread where there is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendMessage {
    /// To whom.
    pub to: AccountId,
    /// What: 1 to 4,000 characters.
    pub text: String,
}

impl Operation for SendMessage {
    type Output = Message;
    const ACTION: Action = Action::SendMessage;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Message> {
        let me = tx.me()?.clone();
        let reach = Reach::between(tx, &me, self.to).await?;
        tx.allow(&reach.pair.subject())?;
        let mut form = Form::default();
        let text = form.prose_said("text", &self.text);
        form.finish()?;
        reach.require_open(tx).await?;
        reach.use_allowances(tx).await?;
        let message = say(tx, reach.pair, Said::Written { by: me.id, text }).await?;
        tx.happened([thing("message", message.id), thing("account", self.to)], json!({"from": me.id, "to": self.to}));
        tx.heard_by(self.to);
        if !notification::is_told(tx, self.to, Notice::MessageReceived, me.id).await? {
            tx.tell(self.to, Notice::MessageReceived, thing("account", me.id), json!({}));
        }
        Ok(message)
    }
}

/// Lists the threads one has, the latest first.
#[derive(Clone, Debug, Default)]
pub struct ListThreads {
    /// Which page.
    pub page: PageRequest,
}

/// One thread in a list of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThreadSummary {
    /// With whom.
    pub with: AccountId,
    /// What they are called: the name of their profile, or their user name.
    pub name: String,
    /// Their portrait or logo.
    #[serde(default)]
    pub picture: Option<PictureId>,
    /// How many messages are not read.
    pub unread: u32,
    /// What was last said.
    pub last: Message,
}

impl Operation for ListThreads {
    type Output = Page<ThreadSummary>;
    const ACTION: Action = Action::ListThreads;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        self.page.scan_by(list("threads-of").id(asker.account), Tail::MomentAndId).map(Read::Scan).into_iter().collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<ThreadSummary>> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let role = tx.me()?.role;
        let ids = tx.page_of_ids_by_moment(list("threads-of").id(me), &self.page).await?;
        let pairs: Vec<Pair> = ids.items.into_iter().map(|id| pair(role, me, AccountId(id))).collect();
        tx.load(&pairs.iter().map(|pair| Thread::at(*pair)).collect::<Vec<_>>()).await?;
        let mut threads: Vec<Thread> = Vec::with_capacity(pairs.len());
        for pair in pairs {
            threads.extend(tx.peek_at(Thread::at(pair)).await?);
        }
        let lasts: Vec<Key> = threads.iter().map(|thread| Message::at(thread.pair, thread.last)).collect();
        let names = threads.iter().flat_map(|thread| name_keys(thread.pair.other(me)));
        tx.load(&lasts.iter().cloned().chain(names).collect::<Vec<_>>()).await?;
        let mut items = Vec::with_capacity(threads.len());
        let threads = named(tx, threads, |thread| thread.pair.other(me)).await?;
        for (Named { of: thread, name }, last) in threads.into_iter().zip(lasts) {
            let last = tx.peek_at(last).await?;
            let (with, unread) = (thread.pair.other(me), thread.side(me).unread);
            let picture = picture_of(tx, with).await?;
            items.extend(last.map(|last| ThreadSummary { with, name, picture, unread, last }));
        }
        Ok(Page { items, next: ids.next })
    }
}

/// The pair of an account in a role and whoever is opposite.
fn pair(role: Role, me: AccountId, other: AccountId) -> Pair {
    match role {
        Role::Influencer => Pair { sponsor: other, influencer: me },
        _ => Pair { sponsor: me, influencer: other },
    }
}

/// Reads a thread, the newest message first. One that may be begun but has not been is empty.
#[derive(Clone, Debug)]
pub struct ReadThread {
    /// With whom.
    pub with: AccountId,
    /// Whose, for admins; the actor's own otherwise.
    pub of: Option<AccountId>,
    /// Which page.
    pub page: PageRequest,
}

/// A page of a thread, with what the reader can do now.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadView {
    /// Whose it is.
    pub pair: Pair,
    /// What the one it is with is called.
    pub name: String,
    /// Their portrait or logo.
    pub picture: Option<PictureId>,
    /// Whether the reader has blocked them.
    pub blocked: bool,
    /// The thread, if it has begun.
    pub thread: Option<Thread>,
    /// What was said.
    pub messages: Page<Message>,
    /// Why the reader cannot write now, if they cannot.
    pub closed: Option<Refusal>,
}

impl Operation for ReadThread {
    type Output = ThreadView;
    const ACTION: Action = Action::ReadThread;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let (me, with) = (self.of.unwrap_or(asker.account), self.with);
        let role = if self.of.is_some() { Role::Sponsor } else { asker.role };
        let pair = pair(role, me, with);
        let mut keys = name_keys(with).to_vec();
        keys.extend([Account::at(me), Thread::at(pair), Request::between(pair.sponsor, pair.influencer)]);
        keys.extend([Block::at(me, with), Block::at(with, me), Block::at(asker.account, with)]);
        self.page.ahead(pair.keys(Table::Message)).into_iter().chain(Read::all(keys)).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<ThreadView> {
        let me = tx.me()?.clone();
        let (pair, thread, closed) = match self.of.filter(|of| *of != me.id) {
            None => {
                let reach = Reach::between(tx, &me, self.with).await?;
                let closed = match reach.require_open(tx).await {
                    Ok(()) => None,
                    Err(Error::NotNow(refusal)) => Some(refusal),
                    Err(error) => return Err(error),
                };
                (reach.pair, reach.thread, closed)
            }
            Some(of) => {
                let of: Account = tx.peek_at(Account::at(of)).await?.ok_or(Error::NotFound)?;
                let with: Account = tx.peek_at(Account::at(self.with)).await?.ok_or(Error::NotFound)?;
                let pair = Pair::of(&of, &with).ok_or(Error::NotFound)?;
                let thread = tx.peek_at::<Thread>(Thread::at(pair)).await?;
                (
                    pair,
                    thread,
                    Some(Refusal { code: "not_yours", why: "Only the two themselves write here.".into(), current: None }),
                )
            }
        };
        tx.allow(&pair.subject())?;
        let messages = tx.page_of_rows(pair.keys(Table::Message), &self.page).await?;
        let blocked = tx.peek_at::<Block>(Block::at(me.id, self.with)).await?.is_some();
        let (name, picture) = (name_of(tx, self.with).await?, picture_of(tx, self.with).await?);
        Ok(ThreadView { pair, name, picture, blocked, thread, messages, closed })
    }
}

/// Marks a thread as read: all of it, or what the reader has seen of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkThreadRead {
    /// With whom.
    pub with: AccountId,
    /// The last message the reader has seen; everything without it.
    #[serde(default)]
    pub up_to: Option<MessageId>,
}

/// What was marked as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// How many.
    pub marked: u32,
    /// How many are not read yet.
    pub unread: u32,
}

impl Operation for MarkThreadRead {
    type Output = Marked;
    const ACTION: Action = Action::MarkThreadRead;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Marked> {
        let me = tx.me()?.clone();
        let pair = pair(me.role, me.id, self.with);
        tx.allow(&pair.subject())?;
        let mut thread: Thread = tx.fetch_at(Thread::at(pair)).await?;
        notification::mark_about(tx, me.id, Notice::MessageReceived, self.with).await?;
        let up_to = self.up_to.filter(|up_to| *up_to < thread.last).unwrap_or(thread.last);
        let unread = unread_after(tx, &thread, me.id, up_to).await?;
        let side = thread.side_mut(me.id);
        let before = *side;
        side.unread = unread.min(before.unread);
        side.read_up_to = side.read_up_to.max(Some(up_to));
        let after = *side;
        if after != before {
            tx.put(&thread)?;
        }
        tx.quietly();
        Ok(Marked { marked: before.unread - after.unread, unread: after.unread })
    }
}

/// How many messages the other wrote after this one; counted no further than [`COUNTED`].
async fn unread_after(tx: &mut Tx<'_>, thread: &Thread, me: AccountId, after: MessageId) -> Result<u32> {
    if after >= thread.last {
        return Ok(0);
    }
    let mut later = thread.pair.keys(Table::Message).range();
    later.from = Key([Message::at(thread.pair, after).0, vec![0]].concat());
    later.limit = COUNTED;
    let mut unread = 0;
    for (_, stored) in tx.scan(later).await? {
        let message: Message = decode(&stored.bytes)?;
        unread += u32::from(message.said.by().is_some_and(|by| by != me));
    }
    Ok(unread)
}
