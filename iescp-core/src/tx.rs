//! One run of one operation: remembers what was read, stages what is written, keeps what is derived, records what happened.
//!
//! Everything an operation does goes through here, and lands in one commit or not at all.
//!
//! **Not here**: trying again (`platform`), who may (`policy`).

use crate::{
    Error, Refusal, Result,
    account::Account,
    actor::{Actor, Through, Who},
    basis::{Basis, Whole},
    event::{By, Event, MOST_THINGS, Personal, Thing},
    id::{AccountId, EventId, NotificationId},
    notification::{Notice, Notification},
    outbox::{Letter, OutboxItem},
    page::{Page, PageRequest, Tail},
    platform::Platform,
    policy::{self, Action, SeenBy, Subject},
    secret,
    session::{Scope, Session, Token},
    settings::Settings,
    store::{
        Add, Batch, Expect, Found, Key, Read, Scan, StoreError, Stored, Write,
        keys::KeyParts,
        record::{Derived, Entry, Record, decode, encode},
    },
};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One run of one operation.
pub struct Tx<'a> {
    platform: &'a Platform,
    actor: &'a Actor,
    action: Action,
    now: Timestamp,
    account: Option<Account>,
    session: Option<Session>,
    token: Option<Token>,
    read: BTreeMap<Key, Option<Stored>>,
    scanned: Vec<(Key, Key)>,
    wholes: Vec<Whole>,
    held: BTreeSet<Key>,
    staged: BTreeMap<Key, Staged>,
    happening: Happening,
    guards: BTreeMap<Key, Error>,
    asked: bool,
}

/// What will be written at a key, and what followed from the record there before and will follow from it after.
struct Staged {
    bytes: Option<Vec<u8>>,
    before: Derived,
    after: Derived,
}

/// What a unique key led to before a run, and leads to after it.
type BeforeAndAfter = (Option<Vec<u8>>, Option<Vec<u8>>);

/// What will be told of this run.
#[derive(Default)]
struct Happening {
    about: Vec<Thing>,
    detail: Value,
    audience: BTreeSet<AccountId>,
    notices: Vec<(AccountId, Notice, Thing, Value)>,
    letters: Vec<Letter>,
    quiet: bool,
}

impl<'a> Tx<'a> {
    /// Begins: looks up who asks, as they are at this moment.
    pub(crate) async fn begin(platform: &'a Platform, actor: &'a Actor, action: Action) -> Result<Self> {
        let mut tx = Self {
            platform,
            actor,
            action,
            now: platform.clock().now(),
            account: None,
            session: None,
            token: None,
            read: BTreeMap::new(),
            scanned: Vec::new(),
            wholes: Vec::new(),
            held: BTreeSet::new(),
            staged: BTreeMap::new(),
            happening: Happening::default(),
            guards: BTreeMap::new(),
            asked: false,
        };
        if let Who::Account { account, through } = &actor.who {
            tx.look_up(*account, *through).await?;
        }
        Ok(tx)
    }

    async fn look_up(&mut self, account: AccountId, through: Through) -> Result<()> {
        const OVER: Error = Error::SignedOut("Your session has ended. Please sign in again.");
        let now = self.now;
        match through {
            Through::Session(id) => {
                self.load(&[Account::at(account), Session::at(id)]).await?;
                let session: Session = self.peek_at(Session::at(id)).await?.ok_or(OVER)?;
                if session.account != account || session.is_over(now) {
                    return Err(OVER);
                }
                self.session = Some(session);
            }
            Through::Token(id) => {
                self.load(&[Account::at(account), Token::at(id)]).await?;
                let token: Token = self.peek_at(Token::at(id)).await?.ok_or(OVER)?;
                if token.account != account || now >= token.expires_at {
                    return Err(OVER);
                }
                if token.scope == Scope::Read && !self.action.reads() {
                    return Err(Error::Forbidden("This token may only read.".into()));
                }
                self.token = Some(token);
            }
            Through::Embedder => {}
        }
        let account: Account = self.get_at(Account::at(account)).await?.ok_or(OVER)?;
        if !account.state.can_sign_in() {
            return Err(OVER);
        }
        self.account = Some(account);
        Ok(())
    }

    /// The moment this run began.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The installation's settings.
    #[must_use]
    pub fn settings(&self) -> &'a Settings {
        self.platform.settings()
    }

    /// The platform this runs on.
    #[must_use]
    pub fn platform(&self) -> &'a Platform {
        self.platform
    }

    /// Who asks.
    #[must_use]
    pub fn actor(&self) -> &'a Actor {
        self.actor
    }

    /// The account that asks.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if none does.
    pub fn me(&self) -> Result<&Account> {
        self.account.as_ref().ok_or(Error::SignedOut("Please sign in to do this."))
    }

    /// The id of the account that asks.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if none does.
    pub fn my_id(&self) -> Result<AccountId> {
        self.me().map(|account| account.id)
    }

    /// The account that asks, if one does.
    #[must_use]
    pub fn viewer(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// The session through which the account asks, if it is one.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// When that through which the account asks ends by the clock, if it does.
    #[must_use]
    pub(crate) fn ends_at(&self) -> Option<Timestamp> {
        let session = self.session.as_ref().map(|session| session.expires_at.min(session.idle_until));
        session.or(self.token.as_ref().map(|token| token.expires_at))
    }

    /// Refuses unless the password was given a short while ago (S-18); a program that vouches for the account has seen to it.
    ///
    /// # Errors
    /// [`Error::NotNow`] with code `reauthenticate`; [`Error::Forbidden`] for tokens.
    pub fn require_fresh(&self) -> Result<()> {
        self.require_no_token()?;
        let Some(session) = &self.session else { return Ok(()) };
        if self.now.duration_since(session.authenticated_at) > self.settings().sessions.fresh {
            return Err(Error::not_now("reauthenticate", "Please give your password again first."));
        }
        Ok(())
    }

    /// Refuses what a person must do themselves.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for personal tokens.
    pub fn require_no_token(&self) -> Result<()> {
        match self.token {
            Some(_) => Err(Error::Forbidden("A personal token cannot do this. Please sign in.".into())),
            None => Ok(()),
        }
    }

    /// A new id, of this moment.
    #[must_use]
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.platform.uuid_at(self.now))
    }

    /// Asks the policy whether the actor may do what this operation does to that thing.
    ///
    /// # Errors
    /// As the policy decides: not found, forbidden, or signed out.
    pub fn allow(&mut self, subject: &Subject) -> Result<()> {
        self.asked = true;
        policy::decide(self.action, &self.actor.who, self.account.as_ref(), subject)?;
        let me = self.account.as_ref();
        let by_admin = me.is_some_and(|me| me.role == crate::account::Role::Admin && !subject.involves(me.id));
        if by_admin && self.action.reads() && subject.seen_by == SeenBy::Parties {
            let owners = [subject.owner, subject.sponsor, subject.influencer];
            let about = owners.into_iter().flatten().map(|owner| crate::event::thing("account", owner));
            self.happening.about.extend(about);
        }
        Ok(())
    }

    /// Asks the policy by another action's row: where what is looked at on the way has a row of its own.
    ///
    /// # Errors
    /// As the policy decides.
    pub fn allow_as(&mut self, action: Action, subject: &Subject) -> Result<()> {
        let mine = std::mem::replace(&mut self.action, action);
        let answer = self.allow(subject);
        self.action = mine;
        answer
    }

    /// Answers for something that is not there, as for something that may not be seen.
    ///
    /// # Errors
    /// Always: not found, or that the actor must sign in for this at all.
    pub fn allow_missing<T>(&mut self) -> Result<T> {
        self.asked = true;
        Err(Error::NotFound)
    }

    /// Whether the actor might do something else to that thing: for buttons.
    #[must_use]
    pub fn might(&self, action: Action, subject: &Subject) -> bool {
        policy::decide(action, &self.actor.who, self.account.as_ref(), subject).is_ok()
    }

    /// Reads several keys in one round trip, so that reading each of them afterwards costs none.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn load(&mut self, keys: &[Key]) -> Result<()> {
        let missing: Vec<Key> = keys.iter().filter(|key| !self.read.contains_key(*key)).cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let found = self.platform.store().read(missing.iter().cloned().map(Read::Get).collect()).await?;
        for (key, found) in missing.into_iter().zip(found) {
            let Found::One(value) = found else { return Err(Error::Corrupt("the store answered out of order".into())) };
            self.read.insert(key, value);
        }
        Ok(())
    }

    /// Reads keys that lie side by side, in their order, as one range. Where much else lies between them, as [`load`](Self::load).
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) async fn load_neighbours(&mut self, keys: &[Key]) -> Result<()> {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Ok(()) };
        let limit = 4 * keys.len();
        let to = Key([last.0.as_slice(), &[0]].concat());
        let found = self.scan(Scan { from: first.clone(), to, descending: false, limit }).await?;
        if found.len() == limit {
            return self.load(keys).await;
        }
        let mut found: BTreeMap<Key, Stored> = found.into_iter().collect();
        for key in keys {
            let stored = found.remove(key);
            self.read.entry(key.clone()).or_insert(stored);
        }
        Ok(())
    }

    /// Takes over rows that a scan has found, so that reading them costs nothing more.
    pub(crate) fn load_rows(&mut self, rows: Vec<(Key, Stored)>) {
        for (key, stored) in rows {
            self.read.entry(key).or_insert(Some(stored));
        }
    }

    async fn bytes_at(&mut self, key: &Key) -> Result<Option<Vec<u8>>> {
        if let Some(staged) = self.staged.get(key) {
            return Ok(staged.bytes.clone());
        }
        self.load(std::slice::from_ref(key)).await?;
        Ok(self.read.get(key).and_then(Option::as_ref).map(|stored| stored.bytes.clone()))
    }

    /// The record at a key, if there is one. What is decided by it holds when the run lands: if somebody changed it
    /// meanwhile, the operation is run again.
    ///
    /// # Errors
    /// If the store fails or the record is damaged.
    pub async fn get_at<R: Record>(&mut self, key: Key) -> Result<Option<R>> {
        let bytes = self.bytes_at(&key).await?;
        self.held.insert(key);
        bytes.map(|bytes| decode(&bytes)).transpose()
    }

    /// The record at a key, which must be there.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not.
    pub async fn fetch_at<R: Record>(&mut self, key: Key) -> Result<R> {
        self.get_at(key).await?.ok_or(Error::NotFound)
    }

    /// The record at a key, only to look at: it may change before this run lands.
    ///
    /// # Errors
    /// If the store fails or the record is damaged.
    pub async fn peek_at<R: Record>(&mut self, key: Key) -> Result<Option<R>> {
        self.bytes_at(&key).await?.map(|bytes| decode(&bytes)).transpose()
    }

    /// The version of the record at a key: what an `ETag` says and [`require_version`](Self::require_version) compares. Zero for one that this run changes.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn version_at(&mut self, key: &Key) -> Result<u64> {
        if self.staged.contains_key(key) {
            return Ok(0);
        }
        self.load(std::slice::from_ref(key)).await?;
        Ok(self.read.get(key).and_then(Option::as_ref).map_or(0, |stored| stored.version))
    }

    /// Refuses if the record at a key is another version than the actor has read. Nothing to compare is no objection.
    ///
    /// # Errors
    /// [`Error::Stale`].
    pub async fn require_version(&mut self, key: &Key, version: Option<u64>) -> Result<()> {
        match version {
            Some(version) if self.version_at(key).await? != version => Err(Error::Stale),
            _ => Ok(()),
        }
    }

    /// The id a unique key leads to, if somebody has it. Holds when the run lands.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn led_to<T: From<Uuid>>(&mut self, key: Key) -> Result<Option<T>> {
        let bytes = self.bytes_at(&key).await?;
        self.held.insert(key);
        let Some(bytes) = bytes else { return Ok(None) };
        let id = Uuid::from_slice(&bytes).map_err(|_| Error::Corrupt("a unique key leads nowhere".into()))?;
        Ok(Some(T::from(id)))
    }

    /// A counter's value as it will be if this run lands now; only to look at.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn counter(&mut self, key: Key) -> Result<i64> {
        self.load(std::slice::from_ref(&key)).await?;
        let stored = match self.read.get(&key).and_then(Option::as_ref) {
            Some(stored) => <[u8; 8]>::try_from(stored.bytes.as_slice()).map(i64::from_be_bytes),
            None => Ok(0),
        };
        let stored = stored.map_err(|_| Error::Corrupt("a counter is no number".into()))?;
        let share = |derived: &Derived| match derived.entries.get(&key) {
            Some(Entry::Count { by, .. }) => *by,
            _ => 0,
        };
        Ok(self
            .staged
            .values()
            .fold(stored, |sum, staged| sum.saturating_add(share(&staged.after)).saturating_sub(share(&staged.before))))
    }

    /// A counter's value, for a decision that rests on its being exactly this when the run lands.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn counter_held(&mut self, key: Key) -> Result<i64> {
        self.held.insert(key.clone());
        self.counter(key).await
    }

    /// Several counters in one round trip, only to look at.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn counters(&mut self, keys: Vec<Key>) -> Result<Vec<i64>> {
        self.load(&keys).await?;
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            values.push(self.counter(key).await?);
        }
        Ok(values)
    }

    /// A range of keys and values as they are stored; what this run staged is not among them.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn scan(&mut self, scan: Scan) -> Result<Vec<(Key, Stored)>> {
        self.scanned.push((scan.from.clone(), scan.to.clone()));
        match self.platform.store().read(vec![Read::Scan(scan)]).await?.pop() {
            Some(Found::Many(pairs)) => Ok(pairs),
            _ => Err(Error::Corrupt("the store answered out of order".into())),
        }
    }

    /// One page of the ids a list holds, newest first.
    ///
    /// # Errors
    /// If the store fails or the cursor is none of ours.
    pub async fn page_of_ids(&mut self, list: KeyParts, page: &PageRequest) -> Result<Page<Uuid>> {
        let pairs = self.scan(page.scan(list)?).await?;
        Ok(page.cut(pairs.into_iter().filter_map(|(key, _)| key.last_id()).collect(), |id| *id))
    }

    /// One page of the ids a list holds whose keys end in a moment and an id, latest first.
    ///
    /// # Errors
    /// If the store fails or the cursor is none of ours.
    pub async fn page_of_ids_by_moment(&mut self, list: KeyParts, page: &PageRequest) -> Result<Page<Uuid>> {
        let pairs = self.scan(page.scan_by(list, Tail::MomentAndId)?).await?;
        let keys = page.cut(pairs.into_iter().map(|(key, _)| key).collect(), |key| Tail::MomentAndId.of(key));
        Ok(Page { items: keys.items.iter().filter_map(Key::last_id).collect(), next: keys.next })
    }

    /// One page of the records a list names, newest first; only to look at.
    ///
    /// # Errors
    /// If the store fails, a record is damaged, or the cursor is none of ours.
    pub async fn page_of<R: Record>(&mut self, list: KeyParts, page: &PageRequest, at: impl Fn(Uuid) -> Key) -> Result<Page<R>> {
        let ids = self.page_of_ids(list, page).await?;
        let keys: Vec<Key> = ids.items.iter().map(|id| at(*id)).collect();
        self.load(&keys).await?;
        let mut items = Vec::with_capacity(keys.len());
        for key in keys {
            items.extend(self.peek_at(key).await?);
        }
        Ok(Page { items, next: ids.next })
    }

    /// One page of the records whose own keys begin so and end in their id, newest first; only to look at.
    ///
    /// # Errors
    /// If the store fails, a record is damaged, or the cursor is none of ours.
    pub async fn page_of_rows<R: Record>(&mut self, rows: KeyParts, page: &PageRequest) -> Result<Page<R>> {
        let pairs = self.scan(page.scan(rows)?).await?;
        let next = page.cut(pairs.iter().filter_map(|(key, _)| key.last_id()).collect(), |id| *id).next;
        let kept = pairs.into_iter().take(page.limit());
        let items = kept.map(|(_, stored)| decode(&stored.bytes)).collect::<Result<_>>()?;
        Ok(Page { items, next })
    }

    /// Writes a record, with all that follows from it. One that was never read must be new.
    ///
    /// # Errors
    /// If the record that was there is damaged.
    pub fn put<R: Record>(&mut self, record: &R) -> Result<()> {
        self.stage::<R>(record.key(), Some(encode(record)?), Derived::of(record))
    }

    /// Removes a record, with all that follows from it.
    ///
    /// # Errors
    /// If the record that was there is damaged.
    pub fn remove<R: Record>(&mut self, record: &R) -> Result<()> {
        self.stage::<R>(record.key(), None, Derived::default())
    }

    fn stage<R: Record>(&mut self, key: Key, bytes: Option<Vec<u8>>, after: Derived) -> Result<()> {
        self.held.insert(key.clone());
        if let Some(staged) = self.staged.get_mut(&key) {
            staged.bytes = bytes;
            staged.after = after;
            return Ok(());
        }
        let before = match self.read.get(&key).and_then(Option::as_ref) {
            Some(stored) => Derived::of(&decode::<R>(&stored.bytes)?),
            None => Derived::default(),
        };
        self.staged.insert(key, Staged { bytes, before, after });
        Ok(())
    }

    /// Says that something is read that is derived from the store and kept beside it.
    pub(crate) fn reads_whole(&mut self, whole: Whole) {
        self.wholes.push(whole);
    }

    /// Adds to a basis all that was read; more than reading spoils it.
    pub(crate) fn note(&self, basis: &mut Basis) {
        self.read.keys().for_each(|key| basis.rests_on(key));
        self.scanned.iter().for_each(|(from, to)| basis.rests_on_tables(from, to));
        self.wholes.iter().for_each(|whole| basis.rests_on_whole(*whole));
        if !self.staged.is_empty() || !self.happening.about.is_empty() {
            basis.spoil();
        }
    }

    /// Whether this run has staged anything.
    pub(crate) fn changes_something(&self) -> bool {
        !self.staged.is_empty()
    }

    /// Lets a run end with the answer of an earlier one: nothing is asked, nothing is written.
    pub(crate) fn settle_for_replay(&mut self) {
        self.asked = true;
    }

    /// What to answer if the counter at `key` would fall below what its guard allows.
    pub fn on_guard(&mut self, key: Key, error: Error) {
        self.guards.insert(key, error);
    }

    /// Says what happened: to what, with which particulars (no personal values). Every operation that changes something does.
    pub fn happened(&mut self, about: impl IntoIterator<Item = Thing>, detail: Value) {
        self.happening.about.extend(about);
        self.happening.detail = detail;
    }

    /// Says that what happened also concerns this thing.
    pub fn concerns(&mut self, about: Thing) {
        self.happening.about.push(about);
    }

    /// Says that what changes here is no event: housekeeping that nobody needs to hear of.
    pub fn quietly(&mut self) {
        self.happening.quiet = true;
    }

    /// Lets somebody's live streams tell this event, without a notification.
    pub fn heard_by(&mut self, account: AccountId) {
        self.happening.audience.insert(account);
    }

    /// Puts a notification into somebody's centre.
    pub fn tell(&mut self, account: AccountId, notice: Notice, about: Thing, detail: Value) {
        self.happening.audience.insert(account);
        self.happening.notices.push((account, notice, about, detail));
    }

    /// Sends a letter once this run has landed.
    pub fn send(&mut self, letter: Letter) {
        self.happening.letters.push(letter);
    }

    /// Lands what was staged. Reading alone lands nothing.
    pub(crate) async fn land(mut self) -> Result<Landed> {
        if !self.asked {
            return Err(Error::Corrupt(format!("{} never asked the policy", self.action.name())));
        }
        let changes = !self.staged.is_empty();
        if !changes && self.happening.about.is_empty() {
            return Ok(Landed::Whole);
        }
        if !self.happening.quiet {
            if changes && self.happening.about.is_empty() {
                return Err(Error::Corrupt(format!("{} never said what happened", self.action.name())));
            }
            self.write_happening()?;
        }
        let (batch, uniques) = self.batch()?;
        match self.platform.store().commit(batch).await {
            Ok(_) => Ok(Landed::Whole),
            Err(StoreError::Conflict(key)) => {
                tracing::debug!(operation = self.action.name(), ?key, unique = uniques.contains(&key), "somebody was quicker");
                Ok(Landed::Again)
            }
            Err(StoreError::Guard(key)) => Err(self.guards.remove(&key).unwrap_or_else(|| {
                Error::NotNow(Refusal { code: "insufficient", why: "There is not enough left for this.".into(), current: None })
            })),
            Err(error) => Err(error.into()),
        }
    }

    fn write_happening(&mut self) -> Result<()> {
        let happening = std::mem::take(&mut self.happening);
        let id: EventId = self.new_id();
        let mut about = Vec::with_capacity(happening.about.len());
        for thing in happening.about {
            if !about.contains(&thing) && about.len() < MOST_THINGS {
                about.push(thing);
            }
        }
        for (account, notice, about, detail) in happening.notices {
            let notification = Notification {
                id: self.new_id::<NotificationId>(),
                account,
                event: id,
                at: self.now,
                notice,
                about,
                detail,
                read_at: None,
            };
            self.put(&notification)?;
        }
        for (number, letter) in (0..).zip(happening.letters) {
            self.put(&OutboxItem { event: id, number, at: self.now, letter })?;
        }
        let personal = Personal { salt: secret::random_text(16)?, origin: self.actor.origin.clone() };
        let event = Event {
            id,
            at: self.now,
            by: By::from(&self.actor.who),
            action: self.action,
            about,
            detail: happening.detail,
            personal_hash: Some(personal.hash()),
            personal: Some(personal),
            audience: happening.audience.into_iter().collect(),
        };
        self.put(&event)?;
        self.put(&crate::event::Unsealed { event: id })
    }

    /// The batch that says all of it: the records, and the difference of what follows from them.
    fn batch(&self) -> Result<(Batch, BTreeSet<Key>)> {
        let mut batch = Batch { id: Some(self.platform.uuid_at(self.now)), ..Batch::default() };
        let mut uniques: BTreeMap<Key, BeforeAndAfter> = BTreeMap::new();
        let mut listed: BTreeMap<Key, i8> = BTreeMap::new();
        let mut counts: BTreeMap<Key, (i64, Option<i64>)> = BTreeMap::new();
        for (key, staged) in &self.staged {
            batch.writes.push(match &staged.bytes {
                Some(bytes) => Write::Put(key.clone(), bytes.clone()),
                None => Write::Delete(key.clone()),
            });
            for (sign, entries) in [(-1_i8, &staged.before.entries), (1, &staged.after.entries)] {
                for (key, entry) in entries {
                    match entry {
                        Entry::Unique(value) => {
                            let slot = uniques.entry(key.clone()).or_default();
                            *(if sign < 0 { &mut slot.0 } else { &mut slot.1 }) = Some(value.clone());
                        }
                        Entry::Listed => *listed.entry(key.clone()).or_default() += sign,
                        Entry::Count { by, floor } => {
                            let slot = counts.entry(key.clone()).or_insert((0, None));
                            let by = i64::from(sign).checked_mul(*by).and_then(|by| slot.0.checked_add(by));
                            slot.0 = by.ok_or_else(|| Error::invalid("amount", "too_large", "These amounts are too large."))?;
                            slot.1 = slot.1.or(*floor);
                        }
                    }
                }
            }
        }
        for (key, (before, after)) in &uniques {
            match (before, after) {
                (None, Some(after)) => {
                    batch.expect.push(Expect::Absent(key.clone()));
                    batch.writes.push(Write::Put(key.clone(), after.clone()));
                }
                (Some(_), None) => batch.writes.push(Write::Delete(key.clone())),
                (Some(before), Some(after)) if before != after => batch.writes.push(Write::Put(key.clone(), after.clone())),
                _ => {}
            }
        }
        for (key, change) in listed {
            match change {
                1 => batch.writes.push(Write::Put(key, Vec::new())),
                -1 => batch.writes.push(Write::Delete(key)),
                _ => {}
            }
        }
        for (key, (by, floor)) in counts {
            if by != 0 {
                batch.writes.push(Write::Add(Add { key, by, floor: floor.filter(|_| by < 0) }));
            }
        }
        for key in &self.held {
            match self.read.get(key).and_then(Option::as_ref) {
                Some(stored) => batch.expect.push(Expect::Version(key.clone(), stored.version)),
                None if uniques.contains_key(key) => {}
                None => batch.expect.push(Expect::Absent(key.clone())),
            }
        }
        Ok((batch, uniques.into_keys().collect()))
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Landed {
    /// All of it landed.
    Whole,
    /// Somebody was quicker; it must be run again.
    Again,
}
