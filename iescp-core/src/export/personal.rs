//! Everything the platform holds about somebody, for the archive they can ask for: section by section, each thing as it is kept.
//!
//! What is another's alone is not in it: what they have not published yet, what admins note for themselves, secrets of any kind.
//!
//! **Not here**: the archive itself (the worker's).

use crate::{
    Operation, Result, Tx,
    account::{Account, Influencer, Role, Sponsor},
    campaign::Campaign,
    chat::Chat,
    collaboration::{Agreement, Collaboration, Dispute, Results, Review, Submission},
    event::Event,
    export::Export,
    id::AccountId,
    ledger::{Payout, Transfer},
    message::{Block, Message},
    notification::{Notification, Preferences},
    picture::Picture,
    policy::{Action, Subject},
    report::MonthlyReport,
    request::{Offer, Request},
    session::{Session, SessionSummary, Token, TokenSummary},
    shortlist::{Shortlist, ShortlistEntry},
    store::{
        Key, Scan, Stored,
        keys::{KeyParts, Table, list},
        record::{Record, decode},
    },
    value::words::words,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// How many things are read at once.
const AT_ONCE: usize = 200;

/// How many things are looked at for what is kept beside each of them.
const OUTER_AT_ONCE: usize = 50;

words! {
    /// A part of what is held about somebody.
    Section {
        /// The account, with what its owner chose.
        Account = "account",
        /// What others see of them.
        Profile = "profile",
        /// Where they are signed in.
        Sessions = "sessions",
        /// Their programs' tokens, without the secrets.
        Tokens = "tokens",
        /// A sponsor's campaigns.
        Campaigns = "campaigns",
        /// Ad requests they are a party to.
        Requests = "requests",
        /// The offers in those.
        Offers = "offers",
        /// Their collaborations.
        Collaborations = "collaborations",
        /// What was agreed in those.
        Agreements = "agreements",
        /// What was handed in.
        Submissions = "submissions",
        /// What was reported of it.
        Results = "results",
        /// Disputes about it.
        Disputes = "disputes",
        /// Reviews they wrote, and published ones of them.
        Reviews = "reviews",
        /// Messages they wrote and got.
        Messages = "messages",
        /// The pictures they brought here, whose files stand beside.
        Pictures = "pictures",
        /// Movements of their money.
        Ledger = "ledger",
        /// Their payouts.
        Payouts = "payouts",
        /// What they were told.
        Notifications = "notifications",
        /// A sponsor's lists of influencers.
        Shortlists = "shortlists",
        /// Who is on those, with their notes.
        ShortlistEntries = "shortlist-entries",
        /// Whom they blocked.
        Blocks = "blocks",
        /// Files they asked for.
        Exports = "exports",
        /// A sponsor's monthly reports.
        Reports = "reports",
        /// What they did, with from where.
        Audit = "audit",
    }
}

/// Where the next page of a section begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCursor {
    outer: Option<Key>,
    inner: Option<Key>,
}

/// Reads a page of what is held about somebody: for the worker.
#[derive(Clone, Debug)]
pub struct ViewOwnData {
    /// About whom.
    pub owner: AccountId,
    /// Which part.
    pub section: Section,
    /// Where the page before ended.
    pub after: Option<DataCursor>,
}

/// A page of what is held about somebody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataPage {
    /// The things, as objects.
    pub rows: Vec<Value>,
    /// Where it goes on, if it does.
    pub next: Option<DataCursor>,
}

impl Operation for ViewOwnData {
    type Output = DataPage;
    const ACTION: Action = Action::ViewOwnData;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<DataPage> {
        tx.allow(&Subject::PLATFORM)?;
        let me = self.owner;
        let of = |table: Table| table.start().id(me);
        let beside = |table: Table| move |id: Uuid| table.start().id(id);
        match self.section {
            Section::Account => account(tx, me).await,
            Section::Profile => profile(tx, me).await,
            Section::Sessions => {
                self.listed(tx, "sessions-of", |id| Session::at(id.into()), |it: Session| Some(told(SessionSummary::from(it))))
                    .await
            }
            Section::Tokens => {
                self.listed(tx, "tokens-of", |id| Token::at(id.into()), |it: Token| Some(told(TokenSummary::from(it)))).await
            }
            Section::Campaigns => self.listed(tx, "campaigns-of", |id| Campaign::at(id.into()), whole::<Campaign>).await,
            Section::Requests => self.listed(tx, "requests-of", |id| Request::at(id.into()), whole::<Request>).await,
            Section::Offers => self.beside(tx, list("requests-of").id(me), beside(Table::Offer), whole::<Offer>).await,
            Section::Collaborations => {
                self.listed(tx, "collaborations-of", |id| Collaboration::at(id.into()), whole::<Collaboration>).await
            }
            Section::Agreements => self.listed(tx, "collaborations-of", |id| Agreement::at(id.into()), whole::<Agreement>).await,
            Section::Submissions => {
                self.beside(tx, list("collaborations-of").id(me), beside(Table::Submission), whole::<Submission>).await
            }
            Section::Results => self.beside(tx, list("collaborations-of").id(me), beside(Table::Results), whole::<Results>).await,
            Section::Disputes => {
                self.beside(tx, list("collaborations-of").id(me), beside(Table::Dispute), whole::<Dispute>).await
            }
            Section::Reviews => {
                let seen = move |it: Review| (it.author == me || it.published_at.is_some()).then(|| told(it));
                let mut page = self.beside(tx, list("collaborations-of").id(me), beside(Table::Review), seen).await?;
                if self.after.is_none() {
                    // A rating that came along from elsewhere belongs to no collaboration, and stands under the account.
                    let (imported, _) = Self::scan(tx, of(Table::Review), None, AT_ONCE).await?;
                    for (_, stored) in imported {
                        page.rows.extend(whole::<Review>(decode(&stored.bytes)?));
                    }
                }
                Ok(page)
            }
            Section::Messages => {
                let role = tx.peek_at::<Account>(Account::at(me)).await?.map(|account| account.role);
                let pair = move |other: Uuid| match role {
                    Some(Role::Sponsor) => Table::Message.start().id(me).id(other),
                    _ => Table::Message.start().id(other).id(me),
                };
                self.beside(tx, list("threads-of").id(me), pair, whole::<Message>).await
            }
            Section::Pictures => self.listed(tx, "pictures-of", |id| Picture::at(id.into()), whole::<Picture>).await,
            Section::Ledger => self.listed(tx, "ledger-of", |id| Transfer::at(id.into()), whole::<Transfer>).await,
            Section::Payouts => self.listed(tx, "payouts-of", |id| Payout::at(id.into()), whole::<Payout>).await,
            Section::Notifications => self.rows(tx, of(Table::Notification), whole::<Notification>).await,
            Section::Shortlists => self.listed(tx, "shortlists-of", |id| Shortlist::at(id.into()), whole::<Shortlist>).await,
            Section::ShortlistEntries => {
                self.beside(tx, list("shortlists-of").id(me), beside(Table::ShortlistEntry), whole::<ShortlistEntry>).await
            }
            Section::Blocks => self.rows(tx, of(Table::Block), whole::<Block>).await,
            Section::Exports => self.listed(tx, "exports-of", |id| Export::at(id.into()), whole::<Export>).await,
            Section::Reports => self.rows(tx, of(Table::Report), whole::<MonthlyReport>).await,
            Section::Audit => self.listed(tx, "events-by", |id| Event::at(id.into()), |it: Event| Some(event(it))).await,
        }
    }
}

/// A thing as it is kept.
fn whole<R: Record>(record: R) -> Option<Value> {
    Some(told(record))
}

fn told(record: impl serde::Serialize) -> Value {
    serde_json::to_value(record).unwrap_or_default()
}

/// Without whom else it was told, and without what hides where it was done in the chain of hashes.
fn event(event: Event) -> Value {
    let origin = event.personal.as_ref().map(|personal| told(&personal.origin)).unwrap_or_default();
    json!({
        "id": event.id, "at": event.at, "action": event.action, "by": event.by, "about": event.about, "detail": event.detail,
        "origin": origin,
    })
}

async fn account(tx: &mut Tx<'_>, me: AccountId) -> Result<DataPage> {
    let Some(account) = tx.peek_at::<Account>(Account::at(me)).await? else { return Ok(DataPage::default()) };
    let chosen = tx.peek_at::<Preferences>(Preferences::at(me)).await?.unwrap_or_else(|| Preferences::of(me));
    let chat =
        tx.peek_at::<Chat>(Chat::at(me)).await?.map(|chat| json!({ "host": chat.host, "on": chat.on, "set_at": chat.set_at }));
    let mut row = told(&account);
    if let Value::Object(members) = &mut row {
        // Admins note this for themselves.
        members.remove("under_review");
        members.insert("by_mail".to_owned(), told(chosen.choices()));
        members.insert("chat".to_owned(), chat.unwrap_or_default());
    }
    Ok(DataPage { rows: vec![row], next: None })
}

async fn profile(tx: &mut Tx<'_>, me: AccountId) -> Result<DataPage> {
    let influencer: Option<Influencer> = tx.peek_at(Influencer::at(me)).await?;
    let sponsor: Option<Sponsor> = tx.peek_at(Sponsor::at(me)).await?;
    Ok(DataPage { rows: influencer.map(told).into_iter().chain(sponsor.map(told)).collect(), next: None })
}

impl ViewOwnData {
    /// The keys and values from where the page before ended, and the last key if there may be more.
    async fn scan(
        tx: &mut Tx<'_>,
        start: KeyParts,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<(Vec<(Key, Stored)>, Option<Key>)> {
        let all = start.range();
        let from = after.map_or(all.from, |after| Key([after.0.as_slice(), &[0]].concat()));
        let found = tx.scan(Scan { from, to: all.to, descending: false, limit }).await?;
        let next = found.last().filter(|_| found.len() == limit).map(|(key, _)| key.clone());
        Ok((found, next))
    }

    fn outer(&self) -> Option<&Key> {
        self.after.as_ref()?.outer.as_ref()
    }

    /// Things that a list of the owner's names.
    async fn listed<R: Record>(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
        at: impl Fn(Uuid) -> Key,
        tell: impl Fn(R) -> Option<Value>,
    ) -> Result<DataPage> {
        let (found, next) = Self::scan(tx, list(name).id(self.owner), self.outer(), AT_ONCE).await?;
        let keys: Vec<Key> = found.iter().filter_map(|(key, _)| key.last_id()).map(at).collect();
        tx.load(&keys).await?;
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            rows.extend(tx.peek_at::<R>(key).await?.and_then(&tell));
        }
        Ok(DataPage { rows, next: next.map(|key| DataCursor { outer: Some(key), inner: None }) })
    }

    /// Things that are kept one beside the other.
    async fn rows<R: Record>(&self, tx: &mut Tx<'_>, start: KeyParts, tell: impl Fn(R) -> Option<Value>) -> Result<DataPage> {
        let (found, next) = Self::scan(tx, start, self.outer(), AT_ONCE).await?;
        let mut rows = Vec::with_capacity(found.len());
        for (_, stored) in found {
            rows.extend(tell(decode::<R>(&stored.bytes)?));
        }
        Ok(DataPage { rows, next: next.map(|key| DataCursor { outer: Some(key), inner: None }) })
    }

    /// Things that are kept beside each of those that a list names.
    async fn beside<R: Record>(
        &self,
        tx: &mut Tx<'_>,
        names: KeyParts,
        start: impl Fn(Uuid) -> KeyParts,
        tell: impl Fn(R) -> Option<Value>,
    ) -> Result<DataPage> {
        let (named, more) = Self::scan(tx, names, self.outer(), OUTER_AT_ONCE).await?;
        let (mut rows, mut inner) = (Vec::new(), self.after.as_ref().and_then(|after| after.inner.clone()));
        let mut before = self.outer().cloned();
        for (name, _) in named {
            let Some(id) = name.last_id() else { continue };
            let (found, next) = Self::scan(tx, start(id), inner.take().as_ref(), AT_ONCE).await?;
            for (_, stored) in found {
                rows.extend(tell(decode::<R>(&stored.bytes)?));
            }
            if let Some(next) = next {
                // The same once more, from there on.
                return Ok(DataPage { rows, next: Some(DataCursor { outer: before, inner: Some(next) }) });
            }
            before = Some(name);
        }
        Ok(DataPage { rows, next: more.map(|key| DataCursor { outer: Some(key), inner: None }) })
    }
}
