//! Results: what the parties report of the work's effect. What nobody reported is not known.

use super::{Agreement, Collaboration, CollaborationState, about, work::not_recorded};
use crate::{
    Error, Operation, Result, Tx,
    campaign::parse_day,
    id::CollaborationId,
    message::{self, SystemLine},
    policy::Action,
    request::Side,
    store::{Key, keys::Table, record::Record},
    value::{Form, Line},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The most reports one collaboration takes.
const MOST: u64 = 500;
/// More than there are people, times a thousand.
const MOST_COUNTED: i64 = 10_000_000_000_000;

/// One report about one piece of work. Never changed; a later one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// Which deliverable of the agreement, from 0.
    pub deliverable: u32,
    /// Its number in the collaboration, from 1.
    pub number: u64,
    /// Who reports.
    pub by: Side,
    /// How often it was seen.
    pub views: Option<i64>,
    /// How often somebody reacted.
    pub engagements: Option<i64>,
    /// How often somebody followed its link.
    pub clicks: Option<i64>,
    /// How often somebody bought.
    pub sales: Option<i64>,
    /// The day the figures are of.
    pub day: Date,
    /// Where they come from.
    pub source: Line<200>,
    /// When it was reported.
    pub at: Timestamp,
}

impl Results {
    /// Where a report is kept.
    #[must_use]
    pub fn at(collaboration: CollaborationId, deliverable: u32, number: u64) -> Key {
        Table::Results.start().id(collaboration).number(u64::from(deliverable)).number(number).key()
    }
}

impl Record for Results {
    const TABLE: Table = Table::Results;

    fn key(&self) -> Key {
        Self::at(self.collaboration, self.deliverable, self.number)
    }
}

/// What somebody reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResultsInput {
    /// Which deliverable of the agreement, from 0.
    pub deliverable: i64,
    /// How often it was seen.
    pub views: Option<i64>,
    /// How often somebody reacted.
    pub engagements: Option<i64>,
    /// How often somebody followed its link.
    pub clicks: Option<i64>,
    /// How often somebody bought.
    pub sales: Option<i64>,
    /// The day the figures are of, `YYYY-MM-DD`; today if none is given.
    pub day: Option<String>,
    /// Where they come from: 1 to 200 characters.
    pub source: String,
}

/// Reports results of one piece of work, at any time after it was submitted.
#[derive(Clone, Debug)]
pub struct ReportResults {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// What is reported.
    pub input: ResultsInput,
}

impl Operation for ReportResults {
    type Output = Results;
    const ACTION: Action = Action::ReportResults;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Results> {
        let (mut collaboration, side) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        let agreement: Agreement = tx.peek_at(Agreement::at(collaboration.id)).await?.ok_or_else(not_recorded)?;
        if collaboration.submissions == 0 {
            return Err(Error::not_now("nothing_submitted", "Nothing was submitted yet, so there are no results."));
        }
        if collaboration.state == CollaborationState::Cancelled {
            return Err(Error::not_now("collaboration_state", "This collaboration was cancelled."));
        }
        if collaboration.results >= MOST {
            return Err(Error::not_now("too_many_results", "There were five hundred reports already."));
        }
        let today = tx.settings().day_of(tx.now());
        let said = &self.input;
        let mut form = Form::default();
        let deliverable = u32::try_from(said.deliverable).ok().filter(|which| agreement.deliverables.len() > *which as usize);
        if deliverable.is_none() {
            form.wrong("deliverable", "unknown", "The agreement has no such deliverable.");
        }
        let counts = [("views", said.views), ("engagements", said.engagements), ("clicks", said.clicks), ("sales", said.sales)];
        for (field, count) in counts {
            if count.is_some_and(|count| !(0..=MOST_COUNTED).contains(&count)) {
                form.wrong(field, "count", "Please give a number from 0 on.");
            }
        }
        if counts.iter().all(|(_, count)| count.is_none()) {
            form.wrong("views", "required", "Please give at least one figure.");
        }
        let day = said.day.as_deref().and_then(|day| parse_day(&mut form, "day", day)).unwrap_or(today);
        if day > today {
            form.wrong("day", "future", "This day is yet to come.");
        }
        let source = form.line("source", &said.source);
        form.finish()?;
        collaboration.results += 1;
        let results = Results {
            collaboration: collaboration.id,
            deliverable: deliverable.unwrap_or_default(),
            number: collaboration.results,
            by: side,
            views: said.views,
            engagements: said.engagements,
            clicks: said.clicks,
            sales: said.sales,
            day,
            source,
            at: tx.now(),
        };
        tx.put(&results)?;
        tx.put(&collaboration)?;
        let detail = json!({ "deliverable": results.deliverable });
        message::line(tx, collaboration.pair(), SystemLine::ResultsReported, about(collaboration.id), detail.clone()).await?;
        tx.heard_by(collaboration.party(side.other()));
        tx.happened([about(collaboration.id)], detail);
        Ok(results)
    }
}
