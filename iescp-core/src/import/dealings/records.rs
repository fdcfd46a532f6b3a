//! What a dealing becomes: a request without offers, since V2 recorded none, and a collaboration without an amount.

use super::Dealing;
use crate::{
    collaboration::{Collaboration, CollaborationState, End, EndedBy, Terms},
    id::{CollaborationId, RequestId},
    import::Planner,
    request::{Answers, Direction, Request, RequestState, Side},
    value::{Money, Prose, later},
};
use jiff::{SignedDuration, ToSpan};

/// How long a request that was open stays open here, and work that goes on has at least: people need time to come.
const DAYS: i64 = 30;

const MISSING: &str = "its campaign is not there";

impl Planner<'_> {
    pub(super) fn request_of(&mut self, dealing: &Dealing, id: RequestId) -> Result<Request, String> {
        let drive = self.drives.get_mut(&dealing.drive).ok_or(MISSING)?;
        drive.dealt = true;
        let campaign = &drive.campaign;
        let expires_at = later(self.now, SignedDuration::from_hours(24 * DAYS));
        let at = dealing.at.unwrap_or(self.now);
        Ok(Request {
            id,
            campaign: campaign.id,
            sponsor: campaign.sponsor,
            influencer: dealing.pair.1,
            direction: Direction::Application,
            state: dealing.state,
            offer: 0,
            offered_by: Side::Influencer,
            offered_at: at,
            is_final: false,
            expires_at: campaign.ends_at.map_or(expires_at, |end| end.min(expires_at)),
            wording: campaign.wording,
            sponsor_answers: Answers::default(),
            influencer_answers: Answers::default(),
            created_at: at,
            ended_at: (dealing.state != RequestState::Open).then_some(self.now),
            ended_by: match dealing.state {
                RequestState::Accepted | RequestState::Rejected => Some(Side::Sponsor),
                RequestState::Withdrawn => Some(Side::Influencer),
                RequestState::Open | RequestState::Expired => None,
            },
            reason: Prose::default(),
            legacy_id: Some(dealing.name.legacy),
        })
    }

    pub(super) fn collaboration_of(
        &mut self,
        dealing: &Dealing,
        request: RequestId,
        id: CollaborationId,
    ) -> Result<Collaboration, String> {
        let drive = self.drives.get_mut(&dealing.drive).ok_or(MISSING)?;
        drive.open += u64::from(!dealing.done);
        let campaign = &drive.campaign;
        let today = self.settings.day_of(self.now);
        let soonest = today.checked_add(DAYS.days()).unwrap_or(today);
        let due = campaign.end.map_or(soonest, |end| end.max(soonest));
        let ended = campaign.ends_at.unwrap_or(self.now).min(self.now);
        let end = End { at: ended, by: EndedBy::Imported, reason: Prose::default(), paid: Money::ZERO, returned: Money::ZERO };
        Ok(Collaboration {
            id,
            request,
            campaign: campaign.id,
            sponsor: campaign.sponsor,
            influencer: dealing.pair.1,
            amount: None,
            state: if dealing.done { CollaborationState::Completed } else { CollaborationState::Active },
            due,
            due_at: self.settings.end_of(due).map_err(|error| error.to_string())?,
            terms: Terms::in_force(self.settings),
            submissions: 0,
            first_submitted_at: None,
            reach: None,
            submitted_at: None,
            rounds: 0,
            review: None,
            split: None,
            splits: 0,
            dispute: None,
            disputes: 0,
            results: 0,
            end: dealing.done.then_some(end),
            reviews_until: None,
            created_at: dealing.at.unwrap_or(self.now).min(if dealing.done { ended } else { self.now }),
            legacy_id: Some(dealing.name.legacy),
        })
    }
}
