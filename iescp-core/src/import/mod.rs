//! Moving in: accounts, campaigns, dealings and messages from V2 or from a spreadsheet, with a report on every row.
//!
//! 1. A [`Source`] holds the rows as they were found; where they come from is the caller's.
//! 2. [`prepare`] looks at what the store holds already and decides everything: a [`Plan`], whose [`Report`] says of each row what
//!    becomes of it. Nothing is written; that is the dry run.
//! 3. [`Plan::write`] writes it. Ids follow from the source, so the same rows again add nothing, and what broke off is completed by
//!    doing both steps once more. Until then [`Imports::unfinished`] names it, and nobody should serve the store.
//!
//! Nothing here tells anybody anything: what happened before is no news. It is marked as brought over wherever it is shown, holds
//! no money and pays none.
//!
//! - `source`, `tables` and `cell` understand rows; `users`, `campaigns`, `dealings`, `messages` decide; `ids` names; `marks`, `plan`
//!   and `write` write.
//!
//! **Not here**: reading SQLite or a file (`iescp-web`); checking old passwords (`account`).

mod campaigns;
mod cell;
mod dealings;
mod ids;
mod marks;
mod messages;
mod niche;
mod plan;
mod present;
mod report;
mod source;
mod tables;
#[cfg(test)]
mod tests;
mod users;
mod write;

pub use marks::{Import, Imports, ViewImports};
pub use plan::Plan;
pub use present::Present;
pub use report::{Outcome, Report, RowReport, TableReport};
pub use source::{Cell, LeftColumn, Source, Table};

use crate::{Error, Platform, Result, Settings, account::Role, id::AccountId, message::Message, secret::sha256};
use campaigns::Drive;
use jiff::Timestamp;
use plan::Unit;
use std::collections::{BTreeMap, HashMap, HashSet};
use users::Person;

/// By how many users a source is known again.
const MARKS: usize = 16;

/// Decides what becomes of every row, without writing anything.
///
/// # Errors
/// If the store fails; as [`plan`].
pub async fn prepare(platform: &Platform, source: &Source) -> Result<Plan> {
    let present = Present::read(platform, source).await?;
    plan(source, &present, platform.settings(), platform.clock().now())
}

/// Decides what becomes of every row, by what is there already.
///
/// # Errors
/// [`Error::NotNow`] with code `other_source` if another database was brought over under this name, or `same_source` if this one was
/// under another.
pub fn plan(source: &Source, present: &Present, settings: &Settings, now: Timestamp) -> Result<Plan> {
    let marks = marks_of(source);
    require_same(source, present, &marks)?;
    require_new(source, present, &marks)?;
    let continuing = present.imports.unfinished() == Some(source.name.as_str());
    let mut planner = Planner {
        source,
        present,
        settings,
        now,
        continuing,
        people: HashMap::new(),
        usernames: HashSet::new(),
        drives: HashMap::new(),
        drive_order: Vec::new(),
        units: Vec::new(),
        campaign_units: Vec::new(),
        threads: BTreeMap::new(),
        first_admin: None,
        without_niche: 0,
        budgets: 0,
        earnings: 0,
        notes: Vec::new(),
    };
    let planned = planner.all();
    let tables = planned.map_err(Error::Corrupt)?;
    Ok(planner.finish(tables, marks))
}

/// What is known and decided so far.
struct Planner<'a> {
    source: &'a Source,
    present: &'a Present,
    settings: &'a Settings,
    now: Timestamp,
    /// Whether an earlier run broke off.
    continuing: bool,
    /// Who is there or will be, by V2's ids.
    people: HashMap<i64, Person>,
    /// User names that were given in this run, as folded.
    usernames: HashSet<String>,
    /// Campaigns that are there or will be, by V2's ids.
    drives: HashMap<i64, Drive>,
    drive_order: Vec<i64>,
    units: Vec<Unit>,
    campaign_units: Vec<Unit>,
    threads: BTreeMap<Vec<u8>, Message>,
    first_admin: Option<AccountId>,
    without_niche: u64,
    budgets: i64,
    earnings: i64,
    notes: Vec<String>,
}

impl Planner<'_> {
    fn all(&mut self) -> Result<Vec<TableReport>, String> {
        let users = self.users();
        let mut campaigns = self.campaigns();
        let people = std::mem::take(&mut self.units);
        let [requests, participations] = self.dealings()?;
        self.finish_campaigns(&mut campaigns)?;
        let dealings = std::mem::replace(&mut self.units, people);
        self.units.append(&mut self.campaign_units);
        self.units.extend(dealings);
        let messages = self.messages()?;
        if self.without_niche > 0 {
            let number = self.without_niche;
            self.notes.push(format!(
                "{number} influencers have no niche, and are found by name, channel and followers only until they choose one"
            ));
        }
        Ok(vec![users, campaigns, requests, participations, messages])
    }

    fn finish(self, tables: Vec<TableReport>, marks: BTreeMap<i64, String>) -> Plan {
        let report = Report {
            source: self.source.name.clone(),
            tables: tables.into_iter().filter(|table| table.rows > 0 || table.table == "user").collect(),
            tables_left: self.source.others.clone(),
            budgets: self.budgets,
            earnings: self.earnings,
            notes: self.notes,
        };
        Plan {
            report,
            source: self.source.name.clone(),
            units: self.units,
            threads: self.threads.into_values().collect(),
            continuing: self.continuing,
            first_admin: self.first_admin,
            marks,
        }
    }

    /// How many decimals the currency has.
    fn exponent(&self) -> u32 {
        self.settings.currency.exponent().unwrap_or(0).into()
    }

    /// Whom a cell names.
    fn named(&self, cell: &Cell) -> Option<&Person> {
        self.people.get(&cell::id(cell)?)
    }

    /// Whom a cell names, who must have this role.
    fn person(&self, cell: &Cell, what: &str, role: Role) -> Result<&Person, String> {
        match self.named(cell) {
            None => Err(format!("its {what} {} is not there or was not brought over", cell::quoted(cell))),
            Some(person) if person.role != role => {
                Err(format!("its {what} {} has the role {}", cell::quoted(cell), person.role.word()))
            }
            Some(person) => Ok(person),
        }
    }
}

/// By which of its users a source is known again.
fn marks_of(source: &Source) -> BTreeMap<i64, String> {
    let fields = source::Fields::of(&source.users, tables::USERS);
    let known = fields.rows().filter_map(|row| {
        let legacy = cell::id(row.get("id"))?;
        let who = [row.get("username"), row.get("email")].map(|cell| cell::word(cell).unwrap_or_default());
        let [username, email] = &who;
        Some((legacy, sha256(&[username, email])))
    });
    let sorted: BTreeMap<i64, String> = known.collect();
    sorted.into_iter().take(MARKS).collect()
}

/// Refuses a database that is another than the one that was brought over under this name.
fn require_same(source: &Source, present: &Present, marks: &BTreeMap<i64, String>) -> Result<()> {
    let Some(earlier) = present.imports.sources.get(&source.name) else { return Ok(()) };
    let shared: Vec<bool> = marks.iter().filter_map(|(id, who)| earlier.marks.get(id).map(|before| before == who)).collect();
    let same = shared.iter().filter(|same| **same).count();
    if shared.len() <= 2 * same {
        return Ok(());
    }
    let why = format!(
        "Another database was brought over under the name “{}”: its users are others. Give this one a name of its own.",
        source.name
    );
    Err(Error::not_now("other_source", why))
}

/// Refuses a database that was brought over under another name: everybody would be there twice.
fn require_new(source: &Source, present: &Present, marks: &BTreeMap<i64, String>) -> Result<()> {
    if present.imports.sources.contains_key(&source.name) {
        return Ok(());
    }
    let is_it = |earlier: &&Import| {
        let same = marks.iter().filter(|(id, who)| earlier.marks.get(id) == Some(who)).count();
        // One user alone may be in two databases: everybody's first is “admin”.
        same > 1 && 2 * same > marks.len().min(earlier.marks.len())
    };
    let Some((name, _)) = present.imports.sources.iter().find(|(_, earlier)| is_it(earlier)) else { return Ok(()) };
    let why = format!(
        "This database was brought over under the name “{name}”; under the name “{}” everybody in it would be there twice.",
        source.name
    );
    Err(Error::not_now("same_source", why))
}
