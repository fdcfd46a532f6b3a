//! M4, M6, M8: states, counters and numbered records that tell one history.

use super::{Invariants, Open, SeenCampaign, SeenCollaboration, SeenRequest};
use crate::{
    campaign::CampaignState,
    collaboration::{Collaboration, CollaborationState, End, EndedBy},
    id::CampaignId,
    request::{Request, RequestState, Side},
    value::{Money, later},
};

/// Whether these are the numbers from one to as many as there are.
fn counts_from_one<'a>(numbers: impl ExactSizeIterator<Item = &'a u64>, most: u64) -> bool {
    numbers.len() as u64 == most && numbers.zip(1..).all(|(number, wanted)| *number == wanted)
}

impl Invariants {
    pub(super) fn judge_campaign_path(&mut self, id: CampaignId, seen: &SeenCampaign, open: Open) {
        let Some(campaign) = &seen.record else { return };
        let agreements = seen.agreements.len() as u64;
        let in_order = counts_from_one(seen.agreements.iter(), agreements);
        self.must(in_order, "M6", || format!("the agreements of campaign {id} are not numbered one after the other"));
        if campaign.legacy_id.is_some() {
            return;
        }
        let (state, ended) = (campaign.state, campaign.state.has_ended());
        let word = state.word();
        self.must(campaign.closed_at.is_some() == ended, "M6", || format!("campaign {id} is {word}; its end says otherwise"));
        let published = campaign.published_at.is_some();
        let never = state == CampaignState::Cancelled && campaign.ending.is_none();
        let draft = state == CampaignState::Draft;
        self.must(published != (draft || never), "M6", || format!("campaign {id} is {word}; its publication says otherwise"));
        self.must(published || agreements == 0, "M6", || format!("campaign {id} was never published and has agreements"));
        self.must(campaign.ending.is_some() == (ended && published), "M6", || {
            format!("campaign {id} is {word}, ending otherwise")
        });
        let as_said = !matches!(state, CampaignState::Completed | CampaignState::Cancelled)
            || campaign.ending.is_none_or(|ending| ending == state);
        self.must(as_said, "M6", || format!("campaign {id} is {word} and was to end otherwise"));
        let Open { collaborations: open, requests } = open;
        self.must(
            open == 0 || !matches!(state, CampaignState::Draft | CampaignState::Completed | CampaignState::Cancelled),
            "M6",
            || format!("campaign {id} is {word} and has {open} open collaborations"),
        );
        self.must(state != CampaignState::Closing || open > 0, "M6", || format!("campaign {id} waits for no collaboration"));
        self.must(requests == 0 || published, "M6", || format!("campaign {id} was never published and has requests"));
        let to_close = campaign.requests_to_close || !ended;
        self.must(requests == 0 || to_close, "M6", || format!("campaign {id} is {word} and {requests} requests stay open"));
    }

    /// M4 and M6 of a request that has so many collaborations.
    pub(super) fn judge_request_path(&mut self, request: &Request, seen: &SeenRequest, collaborations: usize) {
        let (id, word) = (request.id, request.state.word());
        let accepted = request.state == RequestState::Accepted;
        self.must(collaborations == usize::from(accepted), "M4", || {
            format!("request {id} is {word} and has {collaborations} collaborations")
        });
        self.must((request.state == RequestState::Open) == request.ended_at.is_none(), "M6", || {
            format!("request {id} is {word}; its end says otherwise")
        });
        if request.legacy_id.is_some() {
            return;
        }
        let numbered = counts_from_one(seen.offers.keys(), request.offer);
        self.must(numbered, "M6", || format!("request {id} has offers {:?}, not 1 to {}", seen.offers.keys(), request.offer));
        let ended_by = match request.state {
            RequestState::Accepted | RequestState::Rejected => Some(request.turn()),
            RequestState::Withdrawn => Some(request.offered_by),
            RequestState::Open | RequestState::Expired => None,
        };
        self.must(request.ended_by == ended_by, "M6", || format!("request {id} was {word} by {:?}", request.ended_by));
        let mut before: Option<&super::Laid> = None;
        for (number, offer) in &seen.offers {
            let first = offer.by == request.direction.asker();
            self.must(before.is_some() || first, "M6", || format!("request {id} was not begun by who asked"));
            let free = before.is_none_or(|before| !before.is_final || before.by == offer.by);
            self.must(free, "M6", || format!("offer {number} of request {id} counters a final one"));
            let later = before.is_none_or(|before| before.made_at <= offer.made_at);
            self.must(later, "M6", || format!("offer {number} of request {id} is older than the one before"));
            self.must(offer.amount > Money::ZERO, "M6", || format!("offer {number} of request {id} offers nothing"));
            before = Some(offer);
        }
        let on_table = before.is_none_or(|last| last.by == request.offered_by && last.is_final == request.is_final);
        self.must(on_table, "M6", || format!("the offer on the table of request {id} is not what the request says"));
    }

    pub(super) fn judge_collaboration_path(&mut self, record: &Collaboration, seen: &SeenCollaboration) {
        let (id, state, word) = (record.id, record.state, record.state.word());
        self.must(state.has_ended() == record.end.is_some(), "M6", || {
            format!("collaboration {id} is {word}; its end says otherwise")
        });
        self.must((state == CollaborationState::Disputed) == record.dispute.is_some(), "M6", || {
            format!("collaboration {id} is {word}; its dispute says otherwise")
        });
        if record.legacy_id.is_none() {
            self.judge_agreement(record, seen);
        }
        let numbered = counts_from_one(seen.submissions.keys(), record.submissions);
        self.must(numbered, "M6", || {
            format!("collaboration {id} has submissions {:?}, not {}", seen.submissions.keys(), record.submissions)
        });
        let rounds = seen.submissions.values().filter(|changes| **changes).count() as u64;
        self.must(rounds == u64::from(record.rounds), "M6", || {
            format!("collaboration {id} counts {} rounds of {rounds}", record.rounds)
        });
        self.must(record.rounds <= record.terms.rounds, "M6", || format!("collaboration {id} had {} rounds", record.rounds));
        let waiting = record.submissions.checked_sub(rounds);
        let stood = record.dispute.map_or(state, |dispute| dispute.was);
        let fits = match stood {
            CollaborationState::Active => waiting == Some(0),
            CollaborationState::Submitted => waiting == Some(1),
            _ => waiting.is_some_and(|waiting| waiting <= 1),
        };
        self.must(fits, "M6", || {
            format!("collaboration {id} is {word} after {} submissions and {rounds} rounds", record.submissions)
        });
        let reviewing = state == CollaborationState::Submitted || stood == CollaborationState::Submitted;
        self.must(record.review.is_none() || reviewing, "M6", || format!("collaboration {id} is {word} with a review clock"));
        self.judge_disputes(record, seen);
        if let Some(end) = &record.end {
            self.judge_end(record, end, waiting == Some(1));
        }
        self.judge_reviews(record, seen);
    }

    fn judge_agreement(&mut self, record: &Collaboration, seen: &SeenCollaboration) {
        let id = record.id;
        let Some(agreement) = &seen.agreement else {
            self.find("M6", format!("collaboration {id} has no agreement"));
            return;
        };
        let same = agreement.request == record.request
            && agreement.campaign == record.campaign
            && agreement.sponsor == record.sponsor
            && agreement.influencer == record.influencer
            && Some(agreement.amount) == record.amount
            && agreement.terms == record.terms;
        self.must(same, "M6", || format!("collaboration {id} is not what its agreement says"));
        let named = self.requests.get(&record.request).is_none_or(|seen| {
            let accepted = seen.record.as_ref().is_none_or(|request| request.offer == agreement.offer);
            accepted && seen.offers.get(&agreement.offer).is_some_and(|offer| offer.amount == agreement.amount)
        });
        self.must(named, "M6", || format!("the agreement of collaboration {id} is not about the offer that was accepted"));
    }

    fn judge_disputes(&mut self, record: &Collaboration, seen: &SeenCollaboration) {
        let id = record.id;
        let numbered = counts_from_one(seen.disputes.keys(), record.disputes);
        self.must(numbered, "M6", || {
            format!("collaboration {id} counts {} disputes of {:?}", record.disputes, seen.disputes.keys())
        });
        let ruled = record.end.as_ref().is_some_and(|end| end.by == EndedBy::Ruling);
        for (number, (withdrawn, by_admin)) in &seen.disputes {
            let last = *number == record.disputes;
            let fits = (*withdrawn || last) && (*by_admin == (last && ruled)) && !(*withdrawn && *by_admin);
            self.must(fits, "M6", || format!("dispute {number} of collaboration {id} does not fit how it went on"));
        }
        let standing = record.dispute.is_none_or(|open| open.number == record.disputes);
        self.must(standing, "M6", || format!("the dispute that stands about collaboration {id} is not its last"));
    }

    fn judge_end(&mut self, record: &Collaboration, end: &End, under_review: bool) {
        let (id, by, all) = (record.id, end.by, record.amount.unwrap_or(Money::ZERO));
        let sum = end.paid.plus(end.returned).is_ok_and(|sum| sum == all);
        self.must(sum, "M6", || format!("collaboration {id} of {} ended with {} and {}", all.0, end.paid.0, end.returned.0));
        let paid = end.paid > Money::ZERO || (record.amount.is_none() && matches!(by, EndedBy::Approval | EndedBy::Clock));
        self.must(paid == (record.state == CollaborationState::Completed), "M6", || {
            format!("collaboration {id} is {} and paid {}", record.state.word(), end.paid.0)
        });
        let never = record.submissions == 0;
        let fits = match by {
            EndedBy::Approval | EndedBy::Clock => under_review && end.paid == all,
            EndedBy::SteppedDown => end.paid == Money::ZERO && !under_review,
            EndedBy::Overdue => never && end.paid == Money::ZERO && end.at >= record.overdue_for_sponsor(),
            EndedBy::Abandoned => never && end.paid == Money::ZERO && end.at >= record.overdue_for_system(),
            EndedBy::DisputeClock => record.disputes > 0 && end.paid == if never { Money::ZERO } else { all },
            EndedBy::Ruling => record.disputes > 0,
            EndedBy::Agreement => record.splits > 0,
        };
        self.must(fits, "M6", || format!("collaboration {id} cannot have ended by {by:?}"));
        let quiet = record.review.is_none() && record.split.is_none() && record.dispute.is_none();
        self.must(quiet, "M6", || format!("collaboration {id} has ended and something of it goes on"));
    }

    fn judge_reviews(&mut self, record: &Collaboration, seen: &SeenCollaboration) {
        let id = record.id;
        let takes = record.end.as_ref().is_some_and(|end| end.by != EndedBy::Agreement);
        self.must(takes || seen.reviews.is_empty(), "M6", || format!("collaboration {id} has a review and takes none"));
        self.must(takes || record.reviews_until.is_none(), "M6", || format!("collaboration {id} waits for reviews"));
        for review in &seen.reviews {
            let right = review.author == record.party(review.by) && review.subject == record.party(review.by.other());
            self.must(right && (1..=5).contains(&review.rating), "M6", || format!("a review of collaboration {id} is none"));
            let due = record.reviews_until.is_none();
            self.must(review.published_at.is_some() == due, "M6", || {
                format!("a review of collaboration {id} appeared too soon or late")
            });
        }
        let sides = [Side::Sponsor, Side::Influencer].map(|side| seen.reviews.iter().filter(|review| review.by == side).count());
        self.must(sides.iter().all(|count| *count <= 1), "M6", || format!("collaboration {id} has a second review by one side"));
        let both = sides == [1, 1] && record.reviews_until.is_some();
        self.must(!both, "M6", || format!("both have reviewed collaboration {id} and neither appears"));
    }

    /// M8: what the clock ends has ended, give or take the time a worker may have been away.
    pub(super) fn judge_age(&mut self, record: &Collaboration) {
        let ends_at = match (record.state, &record.review, &record.dispute) {
            (CollaborationState::Active, ..) if record.submissions == 0 => Some(record.overdue_for_system()),
            (CollaborationState::Submitted, Some(clock), _) => Some(clock.ends_at),
            (CollaborationState::Submitted, None, _) => record.submitted_at,
            (CollaborationState::Disputed, _, Some(dispute)) => Some(later(dispute.since, record.terms.dispute())),
            _ => None,
        };
        let late = ends_at.is_some_and(|ends_at| self.now > later(ends_at, self.grace));
        self.must(!late, "M8", || format!("collaboration {} should have gone on by {ends_at:?}", record.id));
    }
}
