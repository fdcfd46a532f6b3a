//! What the rows of both tables say.

use super::{Dealing, Rows, There, Verdict};
use crate::{
    account::Role,
    id::{CollaborationId, RequestId},
    import::{
        Planner,
        cell::{self, Changes, moment, quoted, word},
        ids::{RowName, id},
        source::{Cell, Fielded, Fields},
        tables,
    },
    request::RequestState,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Which of the two tables.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Requests,
    Participations,
}

impl Planner<'_> {
    pub(super) fn read_participations(&self, fields: &Fields<'_>, there: &mut There) -> Rows {
        let verdicts = self.read(fields, "collaboration", Of::Participations, |here| {
            let present = self.present.collaborations.get(&CollaborationId(here))?;
            there.working.insert((present.campaign, present.influencer));
            Some(Verdict::Unchanged(here))
        });
        Rows { table: "influencer_campaign", verdicts }
    }

    pub(super) fn read_requests(&self, fields: &Fields<'_>, there: &mut There) -> Rows {
        let verdicts = self.read(fields, "request", Of::Requests, |here| {
            let present = self.present.requests.get(&RequestId(here))?;
            let pair = (present.campaign, present.influencer);
            match present.state {
                RequestState::Accepted => drop(there.working.insert(pair)),
                RequestState::Open => drop(there.asking.insert(pair)),
                _ => {}
            }
            Some(Verdict::Unchanged(here))
        });
        Rows { table: "influencer_request", verdicts }
    }

    fn read(
        &self,
        fields: &Fields<'_>,
        kind: &str,
        of: Of,
        mut present: impl FnMut(Uuid) -> Option<Verdict>,
    ) -> Vec<(RowName, Verdict)> {
        let mut ids = HashSet::new();
        let rows = fields.rows().map(|row| {
            let name = tables::name_of(&row);
            let here = id(&self.source.name, kind, &name, 0);
            let verdict = if !ids.insert(here) {
                Verdict::Refused("another row before it has the same id".into())
            } else if let Some(unchanged) = present(here) {
                unchanged
            } else {
                match self.dealing(&row, &name, here, of) {
                    Ok(dealing) => Verdict::Good(Box::new(dealing)),
                    Err(why) => Verdict::Refused(why),
                }
            };
            (name, verdict)
        });
        rows.collect()
    }

    fn dealing(&self, row: &Fielded<'_>, name: &RowName, here: Uuid, of: Of) -> Result<Dealing, String> {
        let influencer = self.person(row.get("influencer_id"), "influencer", Role::Influencer)?.id;
        let named = cell::id(row.get("campaign_id"));
        let Some((drive, campaign)) = named.and_then(|legacy| self.drives.get(&legacy).map(|drive| (legacy, &drive.campaign)))
        else {
            return Err(format!("its campaign {} is not there or was not brought over", quoted(row.get("campaign_id"))));
        };
        let mut changes = Changes::of(row);
        let sponsor = row.get("sponsor_id");
        if !sponsor.is_blank() && self.named(sponsor).is_none_or(|person| person.id != campaign.sponsor) {
            changes.note(format!("sponsor {} is not whose campaign it is, and was left out", quoted(sponsor)));
        }
        let (state, done) = state(&mut changes, row.get("status"), of)?;
        let at = moment(&mut changes, "time of making", row.get("created_at"), &self.settings.time_zone, self.now);
        Ok(Dealing { name: name.clone(), drive, pair: (campaign.id, influencer), state, done, at, here, changes })
    }
}

/// How far a row has come, and whether the work is done.
fn state(changes: &mut Changes, cell: &Cell, of: Of) -> Result<(RequestState, bool), String> {
    let said = word(cell);
    let asks = of == Of::Requests;
    match said.as_deref() {
        Some("active" | "approved" | "accepted" | "ongoing" | "in progress") => Ok((RequestState::Accepted, false)),
        Some("completed" | "complete" | "done" | "finished" | "paid") => Ok((RequestState::Accepted, true)),
        Some("pending" | "requested" | "open" | "waiting" | "sent" | "new") if asks => Ok((RequestState::Open, false)),
        Some("rejected" | "declined" | "denied" | "refused") if asks => Ok((RequestState::Rejected, false)),
        Some("withdrawn" | "cancelled" | "canceled") if asks => Ok((RequestState::Withdrawn, false)),
        Some("expired") if asks => Ok((RequestState::Expired, false)),
        None if asks => {
            changes.note("it had no status, and is pending");
            Ok((RequestState::Open, false))
        }
        None => {
            changes.note("it had no status, and is active");
            Ok((RequestState::Accepted, false))
        }
        Some(_) => Err(format!("its status {} is not understood", quoted(cell))),
    }
}
