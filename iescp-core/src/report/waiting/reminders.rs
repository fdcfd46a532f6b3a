//! The daily reminder: whom it reaches, what waits for them, and that it reached them.
//!
//! Active influencers whose answer somebody waits for, or who were not seen for long, and approved sponsors with work to look at: if
//! their address is proven and they want such mails. Who was not seen, and for whom nothing waits, is reminded once in as long
//! as they were not to be seen. Found in pages by the list of accounts, in the same few round trips for each.
//!
//! **Not here**: when (the worker's schedule), the words and the way of the mail (the worker's).

use super::{
    Task, What,
    parties::{of_collaboration, of_request},
};
use crate::{
    Error, Operation, Result, Tx,
    account::{Account, AccountState, Role, name_keys},
    campaign::Campaign,
    chat::Chat,
    collaboration::{Collaboration, CollaborationState, Review},
    id::AccountId,
    notification::{Preferences, Topic},
    policy::{Action, Subject},
    request::{Offer, Request, RequestState, Side},
    session::Session,
    store::{
        Key, Scan,
        keys::{KeyParts, Table, list},
        record::Record,
    },
    value::{Email, Username},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many accounts are looked at, at most, in one step.
const AT_ONCE: usize = 200;

/// How many of the newest things of each kind are looked at for one person.
const LOOKED_AT: usize = 10;

/// The last reminder of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Who was reminded.
    pub account: AccountId,
    /// Of which day the reminder was.
    pub day: Date,
    /// When it was sent.
    pub at: Timestamp,
}

impl Reminded {
    /// Where it is kept.
    #[must_use]
    pub fn at(account: AccountId) -> Key {
        Table::Reminded.start().id(account).key()
    }
}

impl Record for Reminded {
    const TABLE: Table = Table::Reminded;

    fn key(&self) -> Key {
        Self::at(self.account)
    }
}

/// Finds whom a day's reminder has yet to reach: the worker's.
#[derive(Clone, Copy, Debug)]
pub struct FindReminders {
    /// The day.
    pub day: Date,
    /// Among whom: influencers or sponsors.
    pub role: Role,
    /// Only those behind this account.
    pub after: Option<AccountId>,
    /// How many accounts are looked at; at most two hundred.
    pub limit: usize,
}

/// Whom it has yet to reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reminders {
    /// The reminders.
    pub due: Vec<Reminder>,
    /// The last account that was looked at, if there may be more behind it.
    pub next: Option<AccountId>,
}

/// Somebody's reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Who.
    pub account: AccountId,
    /// Their proven address.
    pub to: Email,
    /// Their user name.
    pub username: Username,
    /// What they are.
    pub role: Role,
    /// What waits for them, the soonest deadline first; empty for those who were merely not seen.
    pub tasks: Vec<Task>,
    /// Whether there is more of it.
    pub more: bool,
    /// Whether they have a chat that it is told in, too.
    pub chat: bool,
}

/// What was found of one account before its things are read.
struct Looked {
    account: Account,
    requests: Vec<Uuid>,
    work: Vec<Uuid>,
    sessions: Vec<Uuid>,
    last: Option<Reminded>,
    chat: bool,
}

impl Looked {
    fn keys(&self) -> impl Iterator<Item = Key> {
        let requests = self.requests.iter().map(|id| Request::at((*id).into()));
        let work = self.work.iter().map(|id| Collaboration::at((*id).into()));
        requests.chain(work).chain(self.sessions.iter().map(|id| Session::at((*id).into())))
    }

    fn side(&self) -> Side {
        if self.account.role == Role::Sponsor { Side::Sponsor } else { Side::Influencer }
    }
}

impl Operation for FindReminders {
    type Output = Reminders;
    const ACTION: Action = Action::FindReminders;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Reminders> {
        tx.allow(&Subject::PLATFORM)?;
        let (people, next) = self.people(tx).await?;
        tx.load(&people.iter().flat_map(Looked::keys).collect::<Vec<_>>()).await?;
        let mut around = Vec::new();
        for one in &people {
            let side = one.side();
            for id in &one.requests {
                if let Some(request) = tx.peek_at::<Request>(Request::at((*id).into())).await? {
                    around.extend(name_keys(request.party(side.other())));
                    around.extend([Campaign::at(request.campaign), Offer::at(request.id, request.offer)]);
                }
            }
            for id in &one.work {
                if let Some(work) = tx.peek_at::<Collaboration>(Collaboration::at((*id).into())).await? {
                    around.extend(name_keys(work.party(side.other())));
                    around.extend([Campaign::at(work.campaign), Review::at(work.id, side)]);
                }
            }
        }
        tx.load(&around).await?;
        let mut due = Vec::new();
        for one in people {
            due.extend(reminder(tx, one).await?);
        }
        Ok(Reminders { due, next })
    }
}

impl FindReminders {
    /// Those whom reminders may reach, with where what waits for them stands: two round trips.
    async fn people(&self, tx: &mut Tx<'_>) -> Result<(Vec<Looked>, Option<AccountId>)> {
        let limit = self.limit.clamp(1, AT_ONCE);
        let all = list("accounts-of-role-in-state").word(self.role.word()).word(AccountState::Active.word());
        let mut scan = Scan { limit, ..all.clone().range() };
        if let Some(after) = self.after {
            scan.from = Key([all.id(after).key().0, vec![0]].concat());
        }
        let ids: Vec<AccountId> = last_ids(&tx.scan(scan).await?).into_iter().map(AccountId).collect();
        let next = ids.last().copied().filter(|_| ids.len() == limit);
        let keys: Vec<Key> = ids.iter().flat_map(|id| around(*id)).collect();
        tx.load(&keys).await?;
        let mut people = Vec::new();
        for id in ids {
            let Some(account) = tx.peek_at::<Account>(Account::at(id)).await? else { continue };
            let preferences: Option<Preferences> = tx.peek_at(Preferences::at(id)).await?;
            let wanted = preferences.is_none_or(|chosen| chosen.mails(Topic::Reminders));
            let last: Option<Reminded> = tx.peek_at(Reminded::at(id)).await?;
            if account.email_verified && wanted && last.is_none_or(|last| last.day < self.day) {
                let chat = tx.peek_at::<Chat>(Chat::at(id)).await?.is_some_and(|chat| chat.on);
                people.push(Looked { account, requests: Vec::new(), work: Vec::new(), sessions: Vec::new(), last, chat });
            }
        }
        let lists = people.iter().flat_map(|one| self.lists(one.account.id));
        let mut found = tx.scans(lists.collect()).await?.into_iter().map(|rows| last_ids(&rows));
        for one in &mut people {
            one.requests = found.next().unwrap_or_default();
            let others = found.next().unwrap_or_default();
            *(if self.role == Role::Sponsor { &mut one.work } else { &mut one.sessions }) = others;
        }
        Ok((people, next))
    }

    /// Where requests that are open stand, and a sponsor's work to look at or an influencer's sessions.
    fn lists(&self, account: AccountId) -> [Scan; 2] {
        let newest = |list: KeyParts| Scan { limit: LOOKED_AT, descending: true, ..list.range() };
        let others = match self.role {
            Role::Sponsor => list("collaborations-of-in-state").id(account).word(CollaborationState::Submitted.word()),
            Role::Influencer | Role::Admin => list("sessions-of").id(account),
        };
        [newest(list("requests-of-in-state").id(account).word(RequestState::Open.word())), newest(others)]
    }
}

/// What is read of each before it is known what waits for them.
fn around(id: AccountId) -> [Key; 4] {
    [Account::at(id), Preferences::at(id), Reminded::at(id), Chat::at(id)]
}

fn last_ids(rows: &[(Key, crate::store::Stored)]) -> Vec<Uuid> {
    rows.iter().filter_map(|(key, _)| key.last_id()).collect()
}

/// The reminder that somebody gets, if they get one.
async fn reminder(tx: &mut Tx<'_>, one: Looked) -> Result<Option<Reminder>> {
    let side = one.side();
    let more = one.requests.len() == LOOKED_AT || one.work.len() == LOOKED_AT;
    let mut tasks = Vec::new();
    for id in &one.requests {
        if let Some(request) = tx.peek_at::<Request>(Request::at((*id).into())).await? {
            tasks.extend(of_request(tx, side, &request).await?);
        }
    }
    for id in &one.work {
        if let Some(work) = tx.peek_at::<Collaboration>(Collaboration::at((*id).into())).await? {
            tasks.extend(of_collaboration(tx, side, &work).await?.into_iter().filter(|task| task.what == What::ReviewWork));
        }
    }
    let is_due = match one.account.role {
        Role::Sponsor => tasks.iter().any(|task| task.what == What::ReviewWork),
        Role::Influencer => !tasks.is_empty() || was_away(tx, &one).await?,
        Role::Admin => false,
    };
    if !is_due {
        return Ok(None);
    }
    tasks.sort_by_key(|task| (task.by.is_none(), task.by, task.what, task.since));
    let Account { id, email, username, role, .. } = one.account;
    Ok(Some(Reminder { account: id, to: email, username, role, tasks, more, chat: one.chat }))
}

/// Whether somebody was not seen for long, and not reminded for as long.
async fn was_away(tx: &mut Tx<'_>, one: &Looked) -> Result<bool> {
    let (now, long) = (tx.now(), tx.settings().timers.away);
    let mut seen = one.account.last_login_at.unwrap_or(one.account.created_at);
    for id in &one.sessions {
        let session: Option<Session> = tx.peek_at(Session::at((*id).into())).await?;
        seen = seen.max(session.map_or(seen, |session| session.seen_at));
    }
    let quiet = |since: Timestamp| now.duration_since(since) >= long;
    Ok(quiet(seen) && one.last.is_none_or(|last| quiet(last.at)))
}

/// Keeps whom a day's reminder has reached: the worker's, once it was sent.
#[derive(Clone, Debug)]
pub struct MarkReminded {
    /// Who: at most two hundred, all of them in one commit.
    pub accounts: Vec<AccountId>,
    /// The day.
    pub day: Date,
}

impl Operation for MarkReminded {
    type Output = ();
    const ACTION: Action = Action::MarkReminded;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        if self.accounts.len() > AT_ONCE {
            return Err(Error::not_now("too-many", format!("At most {AT_ONCE} are marked in one step.")));
        }
        tx.load(&self.accounts.iter().copied().map(Reminded::at).collect::<Vec<_>>()).await?;
        for account in self.accounts.iter().copied() {
            let last: Option<Reminded> = tx.get_at(Reminded::at(account)).await?;
            if last.is_none_or(|last| last.day < self.day) {
                tx.put(&Reminded { account, day: self.day, at: tx.now() })?;
            }
        }
        Ok(())
    }
}
