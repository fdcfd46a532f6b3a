//! What the store holds already of what is to be brought over.

use super::{
    Imports, cell,
    ids::{RowName, id},
    source::{Fields, Source, Table},
    tables,
};
use crate::{
    Error, Platform, Result,
    account::{Account, FirstAdmin},
    campaign::Campaign,
    collaboration::Collaboration,
    id::{AccountId, CampaignId},
    message::Message,
    request::Request,
    store::{
        Found, Key, Read, Scan,
        keys::{Table as Keys, list},
        record::{Record, decode},
    },
    value::Email,
};
use std::collections::{HashMap, HashSet};

/// How many keys are read at once.
const PAGE: usize = 1000;

/// What the store holds already.
#[derive(Default)]
pub struct Present {
    /// The accounts that rows of the source became, by V2's id.
    pub(super) accounts: HashMap<AccountId, Account>,
    pub(super) campaigns: HashMap<CampaignId, Campaign>,
    pub(super) requests: HashMap<crate::id::RequestId, Request>,
    pub(super) collaborations: HashMap<crate::id::CollaborationId, Collaboration>,
    /// Everything else that is there, by its key.
    pub(super) keys: HashSet<Key>,
    /// The user names that somebody has, as folded.
    pub(super) usernames: HashSet<String>,
    /// Addresses of a spreadsheet that somebody has already, as folded.
    pub(super) addresses: HashSet<String>,
    /// Pairs with an open request.
    pub(super) open: HashSet<(CampaignId, AccountId)>,
    /// What was brought over before, or is being.
    pub(super) imports: Imports,
    /// Whether somebody is the first admin already.
    pub(super) has_admin: bool,
}

impl Present {
    /// Reads what the store holds of a source.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn read(platform: &Platform, source: &Source) -> Result<Self> {
        let mut present = Self { usernames: usernames(platform).await?, ..Self::default() };
        let name = source.name.as_str();
        let accounts = names(&source.users, tables::USERS).map(|row| Account::at(id(name, "account", &row, 0).into()));
        present.accounts = records(platform, accounts.collect(), |account: &Account| account.id).await?;
        let campaigns = names(&source.campaigns, tables::CAMPAIGNS).map(|row| Campaign::at(id(name, "campaign", &row, 0).into()));
        present.campaigns = records(platform, campaigns.collect(), |campaign: &Campaign| campaign.id).await?;
        let asked = names(&source.requests, tables::REQUESTS).map(|row| id(name, "request", &row, 0));
        let made = names(&source.participations, tables::PARTICIPATIONS).map(|row| id(name, "request-of-participation", &row, 0));
        let requests = asked.chain(made).map(|id| Request::at(id.into())).collect();
        present.requests = records(platform, requests, |request: &Request| request.id).await?;
        let taken = names(&source.participations, tables::PARTICIPATIONS).map(|row| id(name, "collaboration", &row, 0));
        let made = names(&source.requests, tables::REQUESTS).map(|row| id(name, "collaboration-of-request", &row, 0));
        let collaborations = taken.chain(made).map(|id| Collaboration::at(id.into())).collect();
        present.collaborations = records(platform, collaborations, |collaboration: &Collaboration| collaboration.id).await?;
        if source.by_address {
            present.addresses = addresses(platform, source).await?;
        }
        present.keys = message_keys(platform, source, &present).await?;
        present.open = open_pairs(platform, source, &present).await?;
        let marks = vec![Read::Get(Imports::at()), Read::Get(FirstAdmin::at())];
        let mut marks = platform.store().read(marks).await?.into_iter();
        if let Some(Found::One(Some(stored))) = marks.next() {
            present.imports = decode(&stored.bytes)?;
        }
        present.has_admin = matches!(marks.next(), Some(Found::One(Some(_))));
        Ok(present)
    }
}

fn names<'a>(table: &'a Table, known: &'a [super::source::Known]) -> impl Iterator<Item = RowName> + 'a {
    let fields = Fields::of(table, known);
    let all: Vec<RowName> = fields.rows().map(|row| tables::name_of(&row)).collect();
    all.into_iter()
}

async fn records<R: Record, I: std::hash::Hash + Eq>(
    platform: &Platform,
    keys: Vec<Key>,
    id_of: impl Fn(&R) -> I,
) -> Result<HashMap<I, R>> {
    let mut found = HashMap::new();
    for page in keys.chunks(PAGE) {
        for answer in platform.store().read(Read::all(page.iter().cloned())).await? {
            if let Found::One(Some(stored)) = answer {
                let record: R = decode(&stored.bytes)?;
                found.insert(id_of(&record), record);
            }
        }
    }
    Ok(found)
}

/// The addresses of the source that somebody has, proven or only said.
async fn addresses(platform: &Platform, source: &Source) -> Result<HashSet<String>> {
    let fields = Fields::of(&source.users, tables::USERS);
    let said = fields.rows().filter_map(|row| Email::parse(&cell::text(row.get("email"))?).ok()).map(|email| email.folded());
    let said: Vec<String> = said.collect();
    let mut there = HashSet::new();
    for page in said.chunks(PAGE / 2) {
        let reads = page.iter().flat_map(|address| {
            let claims = Scan { limit: 1, ..list("email-claims").word(address).range() };
            [Read::Get(Account::by_email(address)), Read::Scan(claims)]
        });
        let answers = platform.store().read(reads.collect()).await?;
        for (address, found) in page.iter().zip(answers.chunks(2)) {
            let somebody = found.iter().any(|found| match found {
                Found::One(one) => one.is_some(),
                Found::Many(many) => !many.is_empty(),
            });
            if somebody {
                there.insert(address.clone());
            }
        }
    }
    Ok(there)
}

/// The messages of the source that are there.
async fn message_keys(platform: &Platform, source: &Source, present: &Present) -> Result<HashSet<Key>> {
    let fields = Fields::of(&source.messages, tables::MESSAGES);
    let people = |legacy: &super::source::Cell| {
        let legacy = cell::id(legacy)?;
        let row = RowName { text: legacy.to_string(), legacy };
        present.accounts.get(&AccountId(id(&source.name, "account", &row, 0)))
    };
    let mut keys = Vec::new();
    for row in fields.rows() {
        let (one, other) = tables::message_parties(&row);
        if let (Some(one), Some(other)) = (people(one), people(other))
            && let Some(pair) = crate::message::Pair::of(one, other)
        {
            keys.push(Message::at(pair, id(&source.name, "message", &RowName::of(&row), 0).into()));
        }
    }
    existing(platform, keys).await
}

/// Pairs of campaigns and influencers of the source with an open request that did not come from there.
async fn open_pairs(platform: &Platform, source: &Source, present: &Present) -> Result<HashSet<(CampaignId, AccountId)>> {
    let fields = Fields::of(&source.requests, tables::REQUESTS);
    let mut pairs = HashMap::new();
    for row in fields.rows() {
        let id_at = |field: &str, kind: &str| {
            let legacy = cell::id(row.get(field))?;
            Some(id(&source.name, kind, &RowName { text: legacy.to_string(), legacy }, 0))
        };
        if let (Some(campaign), Some(influencer)) = (id_at("campaign_id", "campaign"), id_at("influencer_id", "account"))
            && present.campaigns.contains_key(&CampaignId(campaign))
        {
            let pair = (CampaignId(campaign), AccountId(influencer));
            pairs.insert(Request::open_for(pair.0, pair.1), pair);
        }
    }
    let open = existing(platform, pairs.keys().cloned().collect()).await?;
    Ok(open.iter().filter_map(|key| pairs.get(key).copied()).collect())
}

async fn existing(platform: &Platform, keys: Vec<Key>) -> Result<HashSet<Key>> {
    let mut there = HashSet::new();
    for page in keys.chunks(PAGE) {
        let answers = platform.store().read(Read::all(page.iter().cloned())).await?;
        let found = page.iter().zip(answers).filter(|(_, answer)| matches!(answer, Found::One(Some(_))));
        there.extend(found.map(|(key, _)| key.clone()));
    }
    Ok(there)
}

/// Every user name that somebody has, as folded.
async fn usernames(platform: &Platform) -> Result<HashSet<String>> {
    let mut names = HashSet::new();
    let mut scan = Scan { limit: PAGE, ..Keys::AccountByUsername.all() };
    loop {
        let answer = platform.store().read(vec![Read::Scan(scan.clone())]).await?.pop();
        let Some(Found::Many(pairs)) = answer else { return Err(Error::Corrupt("the store answered out of order".into())) };
        for (key, _) in &pairs {
            let word = key.0.get(1..key.0.len().saturating_sub(2)).unwrap_or_default();
            names.insert(String::from_utf8_lossy(word).into_owned());
        }
        let Some((last, _)) = pairs.last().filter(|_| pairs.len() == PAGE) else { return Ok(names) };
        scan.from = Key([last.0.as_slice(), &[0]].concat());
    }
}
