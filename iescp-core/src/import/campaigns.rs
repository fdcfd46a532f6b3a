//! Campaigns with their budgets. How far one has come is known once the work in it is, so they are finished in a second step.
//!
//! **Not here**: who asked and works in them (`dealings`).

use super::{
    Planner,
    cell::{Changes, amount, day, line, moment, prose, quoted, text, word, yes},
    ids::{RowName, id},
    niche,
    plan::Unit,
    report::TableReport,
    source::{Fielded, Fields},
    tables,
};
use crate::{
    account::Role,
    campaign::{Brief, Campaign, CampaignState, Visibility},
    id::{CampaignId, TransferId},
    ledger::{LedgerAccount, Transfer},
    value::{Line, Money, Prose, later},
};
use jiff::SignedDuration;

/// A campaign that is there, or will be.
pub(super) struct Drive {
    pub campaign: Campaign,
    /// Its row, where it is new.
    new: Option<(RowName, Changes)>,
    /// How much work in it has not ended.
    pub open: u64,
    /// Whether anything was ever dealt in it.
    pub dealt: bool,
}

impl Drive {
    /// Whether it takes nothing new: by its state there, or because its last day is over.
    pub(super) fn is_over(&self, now: jiff::Timestamp) -> bool {
        self.campaign.is_over(now)
    }
}

impl Planner<'_> {
    /// Reads all campaigns; what becomes of the good ones is decided by [`finish_campaigns`](Self::finish_campaigns).
    pub(super) fn campaigns(&mut self) -> TableReport {
        let source = self.source;
        let fields = Fields::of(&source.campaigns, tables::CAMPAIGNS);
        let mut report = TableReport::of("campaign");
        report.columns_left = fields.left();
        for row in fields.rows() {
            let name = tables::name_of(&row);
            let campaign = CampaignId(id(&source.name, "campaign", &name, 0));
            if self.drives.contains_key(&name.legacy) {
                report.refused(name.text, "another row before it has the same id");
                continue;
            }
            if let Some(present) = self.present.campaigns.get(&campaign) {
                if self.continuing {
                    self.budgets += present.budget.0;
                }
                let drive = Drive { campaign: present.clone(), new: None, open: 0, dealt: true };
                self.drives.insert(name.legacy, drive);
                report.unchanged(name.text, campaign);
                continue;
            }
            let mut changes = Changes::of(&row);
            match self.campaign(&mut changes, &fields, &row, campaign, &name) {
                Ok(campaign) => {
                    let drive = Drive { campaign, new: Some((name.clone(), changes)), open: 0, dealt: false };
                    self.drives.insert(name.legacy, drive);
                    self.drive_order.push(name.legacy);
                    // Its place in the report, which is filled in when it is finished.
                    report.brought(name.text, campaign_of(&self.drives, name.legacy), Vec::new());
                }
                Err(why) => report.refused(name.text, why),
            }
        }
        report
    }

    fn campaign(
        &mut self,
        changes: &mut Changes,
        fields: &Fields<'_>,
        row: &Fielded<'_>,
        id: CampaignId,
        name: &RowName,
    ) -> Result<Campaign, String> {
        let sponsor = self.person(row.get("sponsor_id"), "sponsor", Role::Sponsor)?.id;
        let budget = amount(changes, "budget", row.get("budget"), self.exponent())?;
        let zone = self.settings.time_zone.clone();
        let mut start = day(changes, "start", row.get("start_date"), &zone);
        let end = day(changes, "end", row.get("end_date"), &zone);
        if let (Some(first), Some(last)) = (start, end)
            && first > last
        {
            changes.note(format!("start {first} is after its end {last}, and was left out"));
            start = None;
        }
        let created = moment(changes, "time of making", row.get("created_at"), &zone, self.now);
        let ends_at = end.map(|end| self.settings.end_of(end)).transpose().map_err(|error| error.to_string())?;
        let begun = start.and_then(|start| start.to_zoned(zone).ok()).map(|zoned| zoned.timestamp());
        let created_at = created.or(begun).unwrap_or(self.now).min(self.now);
        let state = state(changes, row, ends_at.is_some_and(|end| self.now >= end));
        if end.is_none() && state == CampaignState::Active {
            changes.note("it has no last day, and is not listed until its sponsor gives one");
        }
        let (niches, left) = text(row.get("niche")).map(|said| niche::of(&said)).unwrap_or_default();
        let title = text(row.get("name")).and_then(|text| line(changes, "name", &text));
        let title = title.unwrap_or_else(|| {
            let title = format!("Campaign {}", name.text);
            changes.note(format!("it had no name, and is called “{title}”"));
            Line::parse(&title).unwrap_or_default()
        });
        let mut goals = [row.get("goals"), row.get("description")].into_iter().filter_map(text).collect::<Vec<_>>();
        goals.dedup();
        if !left.is_empty() {
            changes.note(format!("{} is no niche of the list, and stands in the brief", left.join(", ")));
            goals.push(left.join(", "));
        }
        let flagged = yes(changes, "flag", row.get("flag"));
        Ok(Campaign {
            id,
            sponsor,
            title,
            brief: Brief { goals: prose(changes, "description", &goals.join("\n\n")), ..Brief::default() },
            niches,
            platforms: text(row.get("platform")).map(|said| niche::channels(changes, &said)).unwrap_or_default(),
            start,
            end,
            ends_at,
            budget,
            visibility: visibility(changes, fields, row),
            label: Line::parse("Ad").unwrap_or_default(),
            state,
            flagged: flagged.then(|| Prose::parse("Flagged on the earlier platform.").unwrap_or_default()),
            ending: None,
            wording: 0,
            untold_after: None,
            requests_to_close: false,
            created_at,
            published_at: (state != CampaignState::Draft).then_some(created_at),
            closed_at: None,
            picture: None,
            legacy_id: Some(name.legacy),
        })
    }

    /// Decides how far each new campaign has come, and records its budget as money from elsewhere.
    pub(super) fn finish_campaigns(&mut self, report: &mut TableReport) -> Result<(), String> {
        let order = std::mem::take(&mut self.drive_order);
        let mut finished = Vec::with_capacity(order.len());
        for legacy in order {
            let Some(drive) = self.drives.get_mut(&legacy) else { continue };
            let Some((name, mut changes)) = drive.new.take() else { continue };
            settle(drive, &mut changes, self.now);
            let campaign = drive.campaign.clone();
            let mut unit = Unit::default();
            unit.add(&campaign);
            if campaign.budget > Money::ZERO {
                let (budget, outside) = (LedgerAccount::Budget(campaign.id), LedgerAccount::External);
                let over = matches!(campaign.state, CampaignState::Completed | CampaignState::Cancelled);
                let ways = if over { vec![(0, outside, budget), (1, budget, outside)] } else { vec![(0, outside, budget)] };
                for (place, from, to) in ways {
                    unit.add(&Transfer {
                        id: TransferId(id(&self.source.name, "budget", &name, place)),
                        campaign: Some(campaign.id),
                        sponsor: Some(campaign.sponsor),
                        ..self.transfer(from, to, campaign.budget)
                    });
                }
                self.budgets += campaign.budget.0;
            }
            self.campaign_units.push(unit);
            finished.push((name.text, changes.0));
        }
        report.complete(finished);
        Ok(())
    }
}

fn campaign_of(drives: &std::collections::HashMap<i64, Drive>, legacy: i64) -> uuid::Uuid {
    drives.get(&legacy).map(|drive| drive.campaign.id.0).unwrap_or_default()
}

/// What becomes of a campaign whose time is over, or in which work was done although it was a draft.
fn settle(drive: &mut Drive, changes: &mut Changes, now: jiff::Timestamp) {
    let campaign = &mut drive.campaign;
    if campaign.state == CampaignState::Draft && drive.dealt {
        changes.note("it was a draft in which somebody took part, and is active");
        campaign.state = CampaignState::Active;
        campaign.published_at = Some(campaign.created_at);
    }
    if campaign.is_past(now) && matches!(campaign.state, CampaignState::Active | CampaignState::Paused) {
        changes.note("its last day is over, so it has ended");
        campaign.state = CampaignState::Completed;
    }
    if !campaign.state.has_ended() {
        return;
    }
    campaign.closed_at = Some(campaign.ends_at.unwrap_or(now).min(now).max(later(campaign.created_at, SignedDuration::ZERO)));
    if campaign.published_at.is_some() {
        campaign.ending = Some(campaign.state);
    }
    if drive.open > 0 {
        changes.note(format!("it has ended, and waits for {} collaborations that have not", drive.open));
        campaign.state = CampaignState::Closing;
    }
}

fn state(changes: &mut Changes, row: &Fielded<'_>, is_past: bool) -> CampaignState {
    let cell = row.get("status");
    let said = word(cell);
    match said.as_deref() {
        Some("active" | "ongoing" | "open" | "running" | "live" | "published" | "approved" | "in progress") => {
            CampaignState::Active
        }
        Some("completed" | "complete" | "closed" | "ended" | "done" | "finished" | "expired") => CampaignState::Completed,
        Some("paused" | "inactive" | "stopped") => CampaignState::Paused,
        Some("cancelled" | "canceled" | "rejected") => CampaignState::Cancelled,
        Some("draft" | "pending" | "new") => CampaignState::Draft,
        _ => {
            let state = if is_past { CampaignState::Completed } else { CampaignState::Active };
            if said.is_some() {
                changes.note(format!("status {} is not understood: it is {} by its last day", quoted(cell), state.word()));
            }
            state
        }
    }
}

fn visibility(changes: &mut Changes, fields: &Fields<'_>, row: &Fielded<'_>) -> Visibility {
    let cell = row.get("visibility");
    match word(cell).as_deref() {
        Some("public" | "1" | "true" | "visible" | "everyone") => return Visibility::Public,
        Some("private" | "0" | "false" | "hidden") => return Visibility::Private,
        Some(_) => {
            changes.note(format!("visibility {} is not understood: it is private", quoted(cell)));
            return Visibility::Private;
        }
        None => {}
    }
    if fields.has("public") && !row.get("public").is_blank() {
        return if yes(changes, "public", row.get("public")) { Visibility::Public } else { Visibility::Private };
    }
    if yes(changes, "private", row.get("private")) {
        return Visibility::Private;
    }
    if fields.has("visibility") {
        changes.note("it did not say who may see it: it is private");
        return Visibility::Private;
    }
    Visibility::Public
}
