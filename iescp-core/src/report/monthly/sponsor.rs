//! What a month came to for a sponsor.

use super::ReportMonth;
use crate::{
    Result, Tx,
    account::{full_name_of, name_keys},
    campaign::{Campaign, CampaignMoney, CampaignState},
    collaboration::{Agreement, Collaboration, CollaborationState, Results},
    id::{AccountId, CampaignId, CollaborationId},
    store::{
        Scan,
        keys::{KeyParts, Table, list},
        record::decode,
    },
    value::Money,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many campaigns, and how many pieces of work, a report lists; all are in its sums.
const LISTED: usize = 40;
/// How many things are read at once.
const AT_ONCE: usize = 200;
/// How many campaigns, and how many collaborations, a report goes through.
const MOST_READ: usize = 20_000;
/// How many reports of results one collaboration can have.
const MOST_RESULTS: usize = 500;

/// What a sponsor's month came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SponsorReport {
    /// Campaigns that were published before the month was over and had not ended before it began.
    pub campaigns: i64,
    /// Their budgets, added up.
    pub planned: Money,
    /// Held for agreed work in them, or paid.
    pub committed: Money,
    /// Paid to influencers in them.
    pub paid: Money,
    /// Planned less committed, in those that are not over.
    pub left: Money,
    /// What was done in the month.
    pub month: MonthFigures,
    /// What was done in the month before.
    pub before: MonthFigures,
    /// The campaigns: those with the largest budgets.
    pub lines: Vec<CampaignLine>,
    /// Work with results, or completed in the month: what was seen most.
    pub work: Vec<WorkLine>,
    /// Whether there was more than a report goes through.
    #[serde(default)]
    pub more: bool,
}

/// What was done in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFigures {
    /// Collaborations that were completed in it.
    pub completed: i64,
    /// Advertisements that were agreed in those.
    pub advertisements: i64,
    /// What influencers were paid for those.
    pub paid: Money,
    /// The followers of those who delivered, at their first submissions, added up; none if that is not known of any.
    pub reach: Option<i64>,
    /// What was reported of all work until the month was over.
    pub results: ReportedResults,
}

/// What was reported of work: of each piece the last report whose day is not later. None if nobody reported it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedResults {
    /// How often it was seen.
    pub views: Option<i64>,
    /// How often somebody reacted.
    pub engagements: Option<i64>,
    /// How often somebody followed its link.
    pub clicks: Option<i64>,
    /// How often somebody bought.
    pub sales: Option<i64>,
}

/// How a campaign stood when the report was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignLine {
    /// Which.
    pub campaign: CampaignId,
    /// Its title.
    pub title: String,
    /// How far it had come.
    pub state: CampaignState,
    /// What may be committed in all.
    pub planned: Money,
    /// Held for agreed work.
    pub held: Money,
    /// Paid to influencers.
    pub paid: Money,
    /// Planned less held and paid; nothing once it is over.
    pub left: Money,
}

/// One piece of agreed work and what was reported of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkLine {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// The campaign's title in the agreement.
    pub title: String,
    /// Who did it.
    pub influencer: String,
    /// What it is: `3 × reel, instagram`.
    pub what: String,
    /// What was reported of it until the month was over.
    pub results: ReportedResults,
    /// What was reported of it until the month before was over.
    pub before: ReportedResults,
}

impl ReportedResults {
    fn add(&mut self, other: Self) {
        let sum = |one: &mut Option<i64>, other: Option<i64>| {
            if let Some(other) = other {
                *one = Some(one.unwrap_or(0).saturating_add(other));
            }
        };
        sum(&mut self.views, other.views);
        sum(&mut self.engagements, other.engagements);
        sum(&mut self.clicks, other.clicks);
        sum(&mut self.sales, other.sales);
    }

    /// A later report: what it says counts, what it leaves open stays.
    fn renew(&mut self, later: &Results) {
        self.views = later.views.or(self.views);
        self.engagements = later.engagements.or(self.engagements);
        self.clicks = later.clicks.or(self.clicks);
        self.sales = later.sales.or(self.sales);
    }

    fn is_known(&self) -> bool {
        [self.views, self.engagements, self.clicks, self.sales].iter().any(Option::is_some)
    }
}

/// The two months that are looked at.
struct Spans {
    month: (Timestamp, Timestamp),
    before: (Timestamp, Timestamp),
    last_day: Date,
    last_day_before: Date,
}

fn inside(moment: Timestamp, (from, until): (Timestamp, Timestamp)) -> bool {
    from <= moment && moment < until
}

impl SponsorReport {
    /// Reads that of a sponsor about a month.
    pub(super) async fn of(tx: &mut Tx<'_>, sponsor: AccountId, month: ReportMonth) -> Result<Self> {
        let spans = Spans {
            month: month.span(tx.settings())?,
            before: month.before().span(tx.settings())?,
            last_day: month.last_day(),
            last_day_before: month.before().last_day(),
        };
        let mut report = Self::default();
        report.read_campaigns(tx, sponsor, &spans).await?;
        report.read_work(tx, sponsor, &spans).await?;
        report.lines.sort_by_key(|line| std::cmp::Reverse((line.planned, line.campaign)));
        report.lines.truncate(LISTED);
        report.work.sort_by_key(|line| std::cmp::Reverse((line.results.views, line.collaboration)));
        report.work.truncate(LISTED);
        Ok(report)
    }

    async fn read_campaigns(&mut self, tx: &mut Tx<'_>, sponsor: AccountId, spans: &Spans) -> Result<()> {
        let mut after = None;
        for _ in 0..MOST_READ / AT_ONCE {
            let ids = next_of(tx, list("campaigns-of").id(sponsor), after).await?;
            tx.load(&ids.iter().map(|id| Campaign::at((*id).into())).collect::<Vec<_>>()).await?;
            let mut alive = Vec::new();
            for id in &ids {
                let campaign: Option<Campaign> = tx.peek_at(Campaign::at((*id).into())).await?;
                alive.extend(campaign.filter(|campaign| was_alive(campaign, spans.month)));
            }
            tx.load(&alive.iter().flat_map(|campaign| CampaignMoney::keys(campaign.id)).collect::<Vec<_>>()).await?;
            for campaign in alive {
                self.add_campaign(tx, &campaign).await?;
            }
            match ids.last() {
                Some(last) if ids.len() == AT_ONCE => after = Some(*last),
                _ => return Ok(()),
            }
        }
        self.more = true;
        Ok(())
    }

    async fn add_campaign(&mut self, tx: &mut Tx<'_>, campaign: &Campaign) -> Result<()> {
        let money = CampaignMoney::of(tx, campaign).await?;
        let committed = money.held.plus(money.paid)?;
        // What a campaign that is over had left went back.
        let left = if campaign.closed_at.is_some() { Money::ZERO } else { money.budget.minus(committed)? };
        self.campaigns += 1;
        self.planned = self.planned.plus(money.budget)?;
        self.committed = self.committed.plus(committed)?;
        self.paid = self.paid.plus(money.paid)?;
        self.left = self.left.plus(left)?;
        self.lines.push(CampaignLine {
            campaign: campaign.id,
            title: campaign.title.to_string(),
            state: campaign.state,
            planned: money.budget,
            held: money.held,
            paid: money.paid,
            left,
        });
        Ok(())
    }

    async fn read_work(&mut self, tx: &mut Tx<'_>, sponsor: AccountId, spans: &Spans) -> Result<()> {
        let mut after = None;
        for _ in 0..MOST_READ / AT_ONCE {
            let ids = next_of(tx, list("collaborations-of").id(sponsor), after).await?;
            tx.load(&ids.iter().map(|id| Collaboration::at((*id).into())).collect::<Vec<_>>()).await?;
            let mut begun = Vec::new();
            for id in &ids {
                let work: Option<Collaboration> = tx.peek_at(Collaboration::at((*id).into())).await?;
                // Work that ended without being handed in may have been paid in part.
                let counts = |work: &Collaboration| work.sponsor == sponsor && (work.submissions > 0 || work.end.is_some());
                begun.extend(work.filter(counts));
            }
            let keys = |work: &Collaboration| name_keys(work.influencer).into_iter().chain([Agreement::at(work.id)]);
            tx.load(&begun.iter().flat_map(keys).collect::<Vec<_>>()).await?;
            let reported: Vec<&Collaboration> = begun.iter().filter(|work| work.results > 0).collect();
            let scans = reported.iter().map(|work| Scan { limit: MOST_RESULTS, ..Table::Results.start().id(work.id).range() });
            let found = tx.scans(scans.collect()).await?;
            let results: BTreeMap<CollaborationId, _> = reported.iter().map(|work| work.id).zip(found).collect();
            for work in &begun {
                let of_it = results.get(&work.id).map(Vec::as_slice).unwrap_or_default();
                let of_it: Result<Vec<Results>> = of_it.iter().map(|(_, stored)| decode(&stored.bytes)).collect();
                self.add_work(tx, work, of_it?, spans).await?;
            }
            match ids.last() {
                Some(last) if ids.len() == AT_ONCE => after = Some(*last),
                _ => return Ok(()),
            }
        }
        self.more = true;
        Ok(())
    }

    async fn add_work(&mut self, tx: &mut Tx<'_>, work: &Collaboration, mut reports: Vec<Results>, spans: &Spans) -> Result<()> {
        let agreement: Option<Agreement> = tx.peek_at(Agreement::at(work.id)).await?;
        let deliverables = agreement.as_ref().map(|agreement| agreement.deliverables.as_slice()).unwrap_or_default();
        let count = deliverables.iter().map(|deliverable| i64::from(deliverable.count)).sum::<i64>();
        let end = work.end.as_ref().filter(|_| work.state == CollaborationState::Completed);
        let mut now = false;
        if let Some(end) = end {
            now = inside(end.at, spans.month);
            for (counts, figures) in [(now, &mut self.month), (inside(end.at, spans.before), &mut self.before)] {
                if counts {
                    figures.completed += 1;
                    figures.advertisements += count;
                    figures.paid = figures.paid.plus(end.paid)?;
                    if let Some(reach) = work.reach {
                        figures.reach = Some(figures.reach.unwrap_or(0).saturating_add(reach));
                    }
                }
            }
        }
        reports.sort_by_key(|report| (report.day, report.number));
        let influencer = full_name_of(tx, work.influencer).await?;
        for (at, deliverable) in deliverables.iter().enumerate() {
            let mut line = WorkLine {
                collaboration: work.id,
                title: agreement.as_ref().map(|agreement| agreement.title.to_string()).unwrap_or_default(),
                influencer: influencer.clone(),
                what: format!("{} × {}, {}", deliverable.count, deliverable.format.word(), deliverable.platform.word()),
                results: ReportedResults::default(),
                before: ReportedResults::default(),
            };
            for report in reports.iter().filter(|report| report.deliverable as usize == at) {
                if report.day <= spans.last_day {
                    line.results.renew(report);
                }
                if report.day <= spans.last_day_before {
                    line.before.renew(report);
                }
            }
            self.month.results.add(line.results);
            self.before.results.add(line.before);
            if now || (line.results.is_known() && line.results != line.before) {
                self.work.push(line);
            }
        }
        Ok(())
    }
}

/// Whether a campaign was published before a month was over, and had not ended before it began.
fn was_alive(campaign: &Campaign, (from, until): (Timestamp, Timestamp)) -> bool {
    let published = campaign.published_at.is_some_and(|at| at < until);
    published && campaign.closed_at.is_none_or(|at| at >= from)
}

/// The next ids of a list, the oldest first.
async fn next_of(tx: &mut Tx<'_>, of: KeyParts, after: Option<Uuid>) -> Result<Vec<Uuid>> {
    let all = of.clone().range();
    let from = after.map_or(all.from, |after| crate::store::Key([of.id(after).key().0, vec![0]].concat()));
    let found = tx.scan(Scan { from, to: all.to, descending: false, limit: AT_ONCE }).await?;
    Ok(found.iter().filter_map(|(key, _)| key.last_id()).collect())
}
