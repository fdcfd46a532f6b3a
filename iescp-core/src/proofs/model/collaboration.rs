//! Section 4: the agreed work.

use super::{Answer, DAY, Model, end_of, refuse};
use crate::{
    collaboration::CollaborationState::{Active, Cancelled, Completed, Disputed, Submitted},
    proofs::acts::{Who, WorkAct},
    request::Side,
};

const REVIEW: i64 = 3 * DAY;
const REWORK: i64 = 5 * DAY;
const OVERDUE_SPONSOR: i64 = 7 * DAY;
const OVERDUE_SYSTEM: i64 = 30 * DAY;
const DISPUTE: i64 = 30 * DAY;
const SPLIT: i64 = 7 * DAY;
const REVIEWS: i64 = 14 * DAY;
const ROUNDS: u32 = 3;

impl Model {
    pub(super) fn work(&mut self, id: usize, by: Who, what: &WorkAct) -> Answer {
        let mut it = self.collaborations[id].clone();
        let sponsor = self.campaigns[it.campaign].sponsor;
        let person = Self::person(by, sponsor, it.influencer);
        self.signed_in(person)?;
        let side = Self::side(person, sponsor, it.influencer)?;
        let for_one = match what {
            WorkAct::Submit | WorkAct::StepDown => Some(Side::Influencer),
            WorkAct::Approve | WorkAct::Changes | WorkAct::CancelOverdue => Some(Side::Sponsor),
            _ => None,
        };
        refuse(for_one.is_none_or(|one| one == side), "forbidden")?;
        let (now, state) = (self.now, it.state);
        let open_split = it.split.filter(|(.., expires_at)| now < *expires_at);
        let over = it.review.is_some_and(|(_, ends_at)| now >= ends_at);
        const NO: &str = "collaboration_state";
        match what {
            WorkAct::Submit => {
                refuse(state == Active, NO)?;
                it.state = Submitted;
                it.submissions += 1;
                it.review = None;
            }
            WorkAct::Approve => {
                refuse(state == Submitted, NO)?;
                self.end(id, it.amount, false);
                return Ok(());
            }
            WorkAct::Changes => {
                refuse(state == Submitted, NO)?;
                refuse(!over, "review_over")?;
                refuse(it.rounds < ROUNDS, "no_rounds_left")?;
                it.state = Active;
                it.rounds += 1;
                it.review = None;
                if now + REWORK > it.due_at {
                    it.due_at = end_of((now + REWORK).div_euclid(DAY));
                }
            }
            WorkAct::StepDown => {
                refuse(state == Active, NO)?;
                self.end(id, 0, false);
                return Ok(());
            }
            WorkAct::CancelOverdue => {
                refuse(state == Active, NO)?;
                refuse(now >= it.due_at + OVERDUE_SPONSOR, "not_overdue")?;
                self.end(id, 0, false);
                return Ok(());
            }
            WorkAct::Propose(share) => {
                refuse(!state.has_ended(), NO)?;
                refuse(open_split.is_none_or(|(_, by, ..)| by == side), "split_open")?;
                refuse((0..=it.amount).contains(share), "share")?;
                it.splits += 1;
                it.split = Some((it.splits, side, *share, now + SPLIT));
            }
            WorkAct::AcceptSplit(number) => {
                refuse(!state.has_ended(), NO)?;
                let (current, by, share, _) = open_split.ok_or("no_split")?;
                refuse(by != side, "not_your_turn")?;
                refuse(number.is_none_or(|number| number == current), "split_changed")?;
                self.end(id, share, true);
                return Ok(());
            }
            WorkAct::WithdrawSplit => {
                refuse(open_split.is_some(), "no_split")?;
                it.split = None;
            }
            WorkAct::Dispute => {
                refuse(matches!(state, Active | Submitted), NO)?;
                refuse(!over, "review_over")?;
                it.dispute = Some((side, now, state));
                it.state = Disputed;
            }
            WorkAct::WithdrawDispute => {
                refuse(state == Disputed, NO)?;
                let (by, since, was) = it.dispute.take().unwrap();
                refuse(by == side, "not_your_dispute")?;
                let mine = usize::from(side == Side::Influencer);
                refuse(!it.took_back[mine], "withdrawn_before")?;
                it.took_back[mine] = true;
                it.state = was;
                it.due_at += now - since;
                it.review = it.review.map(|(started, ends)| (started + now - since, ends + now - since));
            }
            WorkAct::Review => {
                refuse(state.has_ended(), NO)?;
                let mine = usize::from(side == Side::Influencer);
                refuse(!it.reviewed[mine], "reviewed")?;
                refuse(!it.mutual, "no_reviews")?;
                refuse(it.reviews_until.is_some_and(|until| now < until), "review_over")?;
                it.reviewed[mine] = true;
                if it.reviewed == [true; 2] {
                    it.reviews_until = None;
                }
            }
        }
        self.collaborations[id] = it;
        Ok(())
    }

    pub(super) fn rule(&mut self, id: usize, share: i64) -> Answer {
        let it = &self.collaborations[id];
        refuse(it.state == Disputed, "collaboration_state")?;
        refuse((0..=it.amount).contains(&share), "share")?;
        self.end(id, share, false);
        Ok(())
    }

    /// The influencer gets `paid`, the campaign the rest.
    fn end(&mut self, id: usize, paid: i64, mutual: bool) {
        let it = &mut self.collaborations[id];
        it.state = if paid > 0 { Completed } else { Cancelled };
        it.review = None;
        it.split = None;
        it.dispute = None;
        it.mutual = mutual;
        it.reviews_until = (!mutual).then_some(self.now + REVIEWS);
        let campaign = &mut self.campaigns[it.campaign];
        campaign.held -= it.amount;
        campaign.paid += paid;
        self.earnings[it.influencer] += paid;
        let campaign = it.campaign;
        self.settle_if_last(campaign);
    }

    pub(super) fn go_on_by_clock(&mut self, id: usize) {
        let (now, down) = (self.now, self.down);
        let it = &mut self.collaborations[id];
        it.split = it.split.filter(|(.., expires_at)| now < *expires_at);
        it.reviews_until = it.reviews_until.filter(|until| now < *until);
        match (it.state, it.review, it.dispute) {
            (Active, ..) if now >= it.due_at + OVERDUE_SYSTEM => self.end(id, 0, false),
            (Submitted, None, _) => it.review = Some((now, now + REVIEW)),
            (Submitted, Some((started, ends)), _) if now >= ends => {
                let fair = if down.1 > started && down.0 < ends { down.1 + DAY } else { now };
                if now < fair {
                    it.review = Some((started, fair));
                } else {
                    let amount = it.amount;
                    self.end(id, amount, false);
                }
            }
            (Disputed, _, Some((_, since, _))) if now >= since + DISPUTE => {
                let paid = if it.submissions > 0 { it.amount } else { 0 };
                self.end(id, paid, false);
            }
            _ => {}
        }
    }
}
