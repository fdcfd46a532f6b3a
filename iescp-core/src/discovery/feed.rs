//! Keeping the indexes at the store's present: built once from what is there, then fed by its changes.

use super::{campaigns, influencers};
use crate::{
    Actor, Operation, PageRequest, Platform, Result, Tx,
    account::Account,
    basis::Whole,
    campaign::CampaignState,
    collaboration::Review,
    id::{AccountId, CampaignId},
    policy::{Action, Subject},
    search::{Document, Index, Page, Query},
    store::{
        Key, StoreError,
        keys::{Table, list, tally},
    },
};
use std::{
    collections::BTreeSet,
    sync::{PoisonError, RwLock},
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// How many commits are read at once when the indexes catch up.
const STEP: usize = 1000;

/// The indexes and how far they are.
pub(crate) struct Finder {
    indexes: RwLock<Indexes>,
    /// The commit they are at; none before they are built. Held by whoever feeds them.
    at: Mutex<Option<u64>>,
}

struct Indexes {
    influencers: Index,
    campaigns: Index,
}

impl Finder {
    pub(crate) fn new() -> Self {
        let indexes = Indexes {
            influencers: Index::new(influencers::COLUMNS, influencers::POPULAR),
            campaigns: Index::new(campaigns::COLUMNS, campaigns::POPULAR),
        };
        Self { indexes: RwLock::new(indexes), at: Mutex::new(None) }
    }

    pub(super) async fn influencers(&self, platform: &Platform, query: &Query) -> Result<Page> {
        self.catch_up(platform).await?;
        Ok(self.indexes.read().unwrap_or_else(PoisonError::into_inner).influencers.find(query))
    }

    pub(super) async fn campaigns(&self, platform: &Platform, query: &Query) -> Result<Page> {
        self.catch_up(platform).await?;
        Ok(self.indexes.read().unwrap_or_else(PoisonError::into_inner).campaigns.find(query))
    }

    /// Brings the indexes to the store's present.
    pub(crate) async fn catch_up(&self, platform: &Platform) -> Result<()> {
        let goal = platform.store().newest().await?;
        let mut at = self.at.lock().await;
        if at.is_some_and(|at| at >= goal) {
            return Ok(());
        }
        let mut reached = match *at {
            Some(reached) => reached,
            None => self.build(platform).await?,
        };
        while reached < goal {
            let changes = match platform.store().changes(reached, STEP).await {
                Err(StoreError::Forgotten) => {
                    reached = self.build(platform).await?;
                    continue;
                }
                changes => changes?,
            };
            let Some(last) = changes.last().map(|change| change.number) else { break };
            let keys = changes.iter().flat_map(|change| &change.writes).map(|(key, _)| key);
            self.feed(platform, Touched::by(keys)).await?;
            reached = last;
            *at = Some(reached);
        }
        *at = Some(reached.max(goal));
        Ok(())
    }

    /// Builds the indexes from what is in the store; answers from which commit on changes must be fed.
    async fn build(&self, platform: &Platform) -> Result<u64> {
        let since = platform.store().latest();
        let influencers = read_all(platform, Table::Influencer).await?;
        let campaigns = read_all(platform, Table::Campaign).await?;
        let built = Indexes {
            influencers: Index::build(influencers::COLUMNS, influencers::POPULAR, influencers),
            campaigns: Index::build(campaigns::COLUMNS, campaigns::POPULAR, campaigns),
        };
        *self.indexes.write().unwrap_or_else(PoisonError::into_inner) = built;
        Ok(since)
    }

    async fn feed(&self, platform: &Platform, touched: Touched) -> Result<()> {
        if touched.is_empty() {
            return Ok(());
        }
        let documents = platform.run(&Actor::system("search"), ReadTouched { touched }).await?;
        let mut indexes = self.indexes.write().unwrap_or_else(PoisonError::into_inner);
        for (id, document) in documents.influencers {
            replace(&mut indexes.influencers, id, document);
        }
        for (id, document) in documents.campaigns {
            replace(&mut indexes.campaigns, id, document);
        }
        Ok(())
    }
}

fn replace(index: &mut Index, id: Uuid, document: Option<Document>) {
    match document {
        Some(document) => index.insert(document),
        None => index.remove(id),
    };
}

/// Whom and what some commits may have changed in the indexes.
#[derive(Default)]
struct Touched {
    /// Accounts whose profile, state or rating changed.
    accounts: BTreeSet<AccountId>,
    /// Accounts of which only the profile changed.
    profiles: BTreeSet<AccountId>,
    campaigns: BTreeSet<CampaignId>,
}

impl Touched {
    fn by<'k>(keys: impl Iterator<Item = &'k Key>) -> Self {
        let ratings = ["rating-sum", "rating-count"].map(|name| tally(name).key().0);
        let mut touched = Self::default();
        for key in keys {
            let Some(id) = key.last_id() else { continue };
            let of = |table: Table| key.0.first() == Some(&(table as u8));
            let is_rating = || ratings.iter().any(|prefix| key.0.starts_with(prefix));
            if of(Table::Account) || of(Table::Sponsor) || (of(Table::Tally) && is_rating()) {
                touched.accounts.insert(id.into());
            } else if of(Table::Influencer) {
                touched.profiles.insert(id.into());
            } else if of(Table::Campaign) {
                touched.campaigns.insert(id.into());
            }
        }
        touched
    }

    fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.profiles.is_empty() && self.campaigns.is_empty()
    }
}

/// The indexes that a commit of these keys may have changed.
pub(crate) fn touched<'k>(keys: impl Iterator<Item = &'k Key>) -> Vec<Whole> {
    let touched = Touched::by(keys);
    let mut wholes = Vec::new();
    if !touched.accounts.is_empty() || !touched.profiles.is_empty() {
        wholes.push(Whole::Influencers);
    }
    if !touched.accounts.is_empty() || !touched.campaigns.is_empty() {
        wholes.push(Whole::Campaigns);
    }
    wholes
}

/// Reads what was touched, as it is now.
struct ReadTouched {
    touched: Touched,
}

#[derive(Default)]
struct Documents {
    influencers: Vec<(Uuid, Option<Document>)>,
    campaigns: Vec<(Uuid, Option<Document>)>,
}

impl Operation for ReadTouched {
    type Output = Documents;
    const ACTION: Action = Action::FeedSearch;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Documents> {
        tx.allow(&Subject::PLATFORM)?;
        let mut documents = Documents::default();
        for account in self.touched.accounts.union(&self.touched.profiles) {
            documents.influencers.push((account.0, influencers::document(tx, *account).await?));
        }
        let mut campaigns = self.touched.campaigns.clone();
        for sponsor in &self.touched.accounts {
            let mut active = list("campaigns-of-in-state").id(*sponsor).word(CampaignState::Active.word()).range();
            active.limit = 10 * PageRequest::MOST;
            campaigns.extend(tx.scan(active).await?.iter().filter_map(|(key, _)| key.last_id()).map(CampaignId));
        }
        for campaign in campaigns {
            documents.campaigns.push((campaign.0, campaigns::document(tx, campaign).await?));
        }
        Ok(documents)
    }
}

/// Reads everything of a table that is to be found.
async fn read_all(platform: &Platform, table: Table) -> Result<Vec<Document>> {
    let system = Actor::system("search");
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let (documents, next) = platform.run(&system, ReadAll { table, after }).await?;
        all.extend(documents);
        after = next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Reads a thousand rows of a table, those of it that are to be found.
struct ReadAll {
    table: Table,
    after: Option<Key>,
}

impl Operation for ReadAll {
    type Output = (Vec<Document>, Option<Key>);
    const ACTION: Action = Action::FeedSearch;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        let mut rows = self.table.all();
        rows.limit = STEP;
        if let Some(after) = &self.after {
            rows.from = Key([after.0.as_slice(), &[0]].concat());
        }
        let rows = tx.scan(rows).await?;
        let next = rows.last().filter(|_| rows.len() == STEP).map(|(key, _)| key.clone());
        let ids: Vec<Uuid> = rows.iter().filter_map(|(key, _)| key.last_id()).collect();
        let mut documents = Vec::with_capacity(ids.len());
        tx.load_rows(rows);
        if self.table == Table::Influencer {
            let of: [fn(AccountId) -> Key; 3] = [Account::at, Review::rating_sum, Review::rating_count];
            for at in of {
                tx.load_neighbours(&ids.iter().map(|id| at(AccountId(*id))).collect::<Vec<_>>()).await?;
            }
        }
        for id in ids {
            let document = if self.table == Table::Influencer {
                influencers::document(tx, id.into()).await?
            } else {
                campaigns::document(tx, id.into()).await?
            };
            documents.extend(document);
        }
        Ok((documents, next))
    }
}
