//! M4, M6, M8: states, counters and numbered records that tell one history.

use super::{Affairs, History, Judge, Laid, Negotiation};
use crate::{
    campaign::CampaignState,
    collaboration::{Collaboration, CollaborationState, End, EndedBy},
    id::{CampaignId, CollaborationId, RequestId},
    request::{Request, RequestState, Side},
    value::{Money, later},
};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// A worker that is up has done within this time what fell due.
const GRACE: SignedDuration = SignedDuration::from_hours(1);

/// Whether these are the numbers from one to as many as there are.
fn counts_from_one<'a>(numbers: impl ExactSizeIterator<Item = &'a u64>, most: u64) -> bool {
    numbers.len() as u64 == most && numbers.zip(1..).all(|(number, wanted)| *number == wanted)
}

impl Judge<'_> {
    pub(super) fn campaign_path(&mut self, id: CampaignId, affairs: &Affairs<'_>) {
        use CampaignState::{Cancelled, Closing, Completed, Draft};
        let Some(campaign) = affairs.record else { return };
        let agreements = affairs.agreements.len() as u64;
        let in_order = counts_from_one(affairs.agreements.iter(), agreements);
        self.must(in_order, "M6", || format!("the agreements of campaign {id} are not numbered one after the other"));
        if campaign.legacy_id.is_some() {
            return;
        }
        let (state, ended, word) = (campaign.state, campaign.state.has_ended(), campaign.state.word());
        let published = campaign.published_at.is_some();
        let never = state == Draft || (state == Cancelled && campaign.ending.is_none());
        let over = matches!(state, Completed | Cancelled);
        let (collaborations, requests) = (affairs.collaborations, affairs.requests);
        let written_off = requests == 0 || campaign.requests_to_close || !ended;
        for (holds, what) in [
            (campaign.closed_at.is_some() == ended, "closed where it has not ended, or the other way round"),
            (published != never, "published where it never was, or the other way round"),
            (campaign.ending.is_some() == (ended && published), "ending where it does not, or the other way round"),
            (!over || campaign.ending.is_none_or(|ending| ending == state), "ended otherwise than it was to"),
            (published || agreements + requests as u64 == 0, "dealt in and was never published"),
            (collaborations == 0 || !(over || state == Draft), "there with collaborations that are open"),
            (state != Closing || collaborations > 0, "waiting for no collaboration"),
            (written_off, "over, and requests in it stay open"),
        ] {
            self.must(holds, "M6", || format!("campaign {id} is {word}, and {what}"));
        }
    }

    pub(super) fn histories(
        &mut self,
        histories: &BTreeMap<CollaborationId, History<'_>>,
        requests: &BTreeMap<RequestId, Negotiation<'_>>,
    ) {
        let mut of_request: BTreeMap<RequestId, usize> = BTreeMap::new();
        for (id, history) in histories {
            let Some(record) = history.record else {
                self.must(false, "M6", || format!("something belongs to a collaboration {id} that is not there"));
                continue;
            };
            *of_request.entry(record.request).or_default() += 1;
            self.hold(record, history);
            if record.legacy_id.is_none() {
                self.agreement(record, history, requests.get(&record.request));
            }
            self.collaboration_path(record, history);
            self.age(record, history);
        }
        for (id, negotiation) in requests {
            let Some(record) = negotiation.record else {
                self.must(false, "M6", || format!("an offer belongs to a request {id} that is not there"));
                continue;
            };
            self.request_path(record, negotiation, of_request.remove(id).unwrap_or(0));
        }
        for request in of_request.keys() {
            self.must(false, "M4", || format!("a collaboration comes from a request {request} that is not there"));
        }
    }

    /// M4 and M6 of a request that has so many collaborations.
    fn request_path(&mut self, request: &Request, seen: &Negotiation<'_>, collaborations: usize) {
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
        let mut before: Option<&Laid> = None;
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

    fn collaboration_path(&mut self, record: &Collaboration, seen: &History<'_>) {
        let (id, state, word) = (record.id, record.state, record.state.word());
        self.must(state.has_ended() == record.end.is_some(), "M6", || {
            format!("collaboration {id} is {word}; its end says otherwise")
        });
        self.must((state == CollaborationState::Disputed) == record.dispute.is_some(), "M6", || {
            format!("collaboration {id} is {word}; its dispute says otherwise")
        });
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
        self.disputes(record, seen);
        if let Some(end) = &record.end {
            self.end(record, end, waiting == Some(1));
        }
        self.reviews(record, seen);
    }

    fn agreement(&mut self, record: &Collaboration, history: &History<'_>, from: Option<&Negotiation<'_>>) {
        let id = record.id;
        let Some(agreement) = history.agreement else {
            self.must(false, "M6", || format!("collaboration {id} has no agreement"));
            return;
        };
        let same = agreement.request == record.request
            && agreement.campaign == record.campaign
            && agreement.sponsor == record.sponsor
            && agreement.influencer == record.influencer
            && Some(agreement.amount) == record.amount
            && agreement.terms == record.terms;
        self.must(same, "M6", || format!("collaboration {id} is not what its agreement says"));
        let accepted = from.is_some_and(|from| {
            from.record.is_some_and(|request| request.offer == agreement.offer)
                && from.offers.get(&agreement.offer).is_some_and(|offer| offer.amount == agreement.amount)
        });
        self.must(accepted, "M6", || format!("the agreement of collaboration {id} is not about the offer that was accepted"));
    }

    fn disputes(&mut self, record: &Collaboration, seen: &History<'_>) {
        let id = record.id;
        let numbered = counts_from_one(seen.disputes.keys(), record.disputes);
        self.must(numbered, "M6", || {
            format!("collaboration {id} counts {} disputes of {:?}", record.disputes, seen.disputes.keys())
        });
        let ruled = record.end.as_ref().is_some_and(|end| end.by == EndedBy::Ruling);
        for (number, (withdrawn_at, by_admin)) in &seen.disputes {
            let withdrawn = withdrawn_at.is_some();
            let last = *number == record.disputes;
            let fits = (withdrawn || last) && (*by_admin == (last && ruled)) && !(withdrawn && *by_admin);
            self.must(fits, "M6", || format!("dispute {number} of collaboration {id} does not fit how it went on"));
        }
        let standing = record.dispute.is_none_or(|open| open.number == record.disputes);
        self.must(standing, "M6", || format!("the dispute that stands about collaboration {id} is not its last"));
    }

    fn end(&mut self, record: &Collaboration, end: &End, under_review: bool) {
        let (id, by, all) = (record.id, end.by, record.amount.unwrap_or(Money::ZERO));
        let sum = end.paid.plus(end.returned).is_ok_and(|sum| sum == all);
        self.must(sum, "M6", || format!("collaboration {id} of {} ended with {} and {}", all.0, end.paid.0, end.returned.0));
        let unpaid = matches!(by, EndedBy::Approval | EndedBy::Clock | EndedBy::Imported);
        let paid = end.paid > Money::ZERO || (record.amount.is_none() && unpaid);
        self.must(paid == (record.state == CollaborationState::Completed), "M6", || {
            format!("collaboration {id} is {} and paid {}", record.state.word(), end.paid.0)
        });
        let never = record.submissions == 0;
        let fits = match by {
            EndedBy::Approval | EndedBy::Clock => under_review && end.paid == all,
            EndedBy::SteppedDown => end.paid == Money::ZERO && !under_review,
            EndedBy::Overdue => !under_review && end.paid == Money::ZERO && end.at >= record.overdue_for_sponsor(),
            EndedBy::Abandoned => !under_review && end.paid == Money::ZERO && end.at >= record.overdue_for_system(),
            EndedBy::DisputeClock => record.disputes > 0 && end.paid == if never { Money::ZERO } else { all },
            EndedBy::Ruling => record.disputes > 0,
            EndedBy::Agreement => record.splits > 0,
            EndedBy::Imported => record.legacy_id.is_some() && record.amount.is_none() && never,
        };
        self.must(fits, "M6", || format!("collaboration {id} cannot have ended by {by:?}"));
        let quiet = record.review.is_none() && record.split.is_none() && record.dispute.is_none();
        self.must(quiet, "M6", || format!("collaboration {id} has ended and something of it goes on"));
    }

    fn reviews(&mut self, record: &Collaboration, seen: &History<'_>) {
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

    /// M8: what the clock ends has ended, as far as the platform was up to do it.
    fn age(&mut self, record: &Collaboration, history: &History<'_>) {
        let Some(downtime) = self.downtime else { return };
        let ends_at = match (record.state, &record.review, &record.dispute) {
            (CollaborationState::Active, ..) => Some(record.overdue_for_system()),
            (CollaborationState::Submitted, Some(clock), _) => Some(clock.ends_at),
            (CollaborationState::Submitted, None, _) => record.submitted_at,
            (CollaborationState::Disputed, _, Some(dispute)) => Some(later(dispute.since, record.terms.dispute())),
            _ => None,
        };
        // A clock that stood still while a dispute did goes on when that is withdrawn.
        let resumed = history.disputes.values().filter_map(|(withdrawn_at, _)| *withdrawn_at).max();
        let from = resumed.unwrap_or(downtime.until).max(downtime.until);
        let late = ends_at.is_some_and(|ends_at| downtime.up_at > later(ends_at.max(from), GRACE));
        self.must(!late, "M8", || format!("collaboration {} should have gone on by {ends_at:?}", record.id));
    }
}
