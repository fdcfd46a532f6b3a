//! Section 3: negotiations.

use super::{Answer, CAP, Collaboration, DAY, Model, Request, end_of, refuse};
use crate::{
    campaign::CampaignState,
    collaboration::CollaborationState,
    proofs::acts::{Named, RequestAct, Terms, Who},
    request::{RequestState, Side},
};

impl Model {
    /// The state at this moment.
    pub(in crate::proofs) fn request_state(&self, id: usize) -> RequestState {
        let request = &self.requests[id];
        let over = self.now >= request.expires_at || self.is_over(request.campaign);
        if request.state == RequestState::Open && over { RequestState::Expired } else { request.state }
    }

    pub(super) fn apply(&mut self, campaign: usize, by: usize, terms: &Terms) -> Answer {
        self.may_apply(campaign, by)?;
        self.ask(campaign, by, by, Side::Influencer, terms)
    }

    pub(super) fn invite(&mut self, campaign: usize, by: usize, whom: usize, terms: &Terms) -> Answer {
        self.may_invite(campaign, by)?;
        refuse(!Self::is_sponsor(whom) && !self.suspended[whom], "unknown")?;
        self.ask(campaign, by, whom, Side::Sponsor, terms)
    }

    /// An active campaign that is neither past nor flagged takes requests and acceptances.
    fn takes_requests(&self, campaign: usize) -> Answer {
        let of = &self.campaigns[campaign];
        match of.state {
            CampaignState::Draft => Err("campaign_state"),
            CampaignState::Paused => Err("campaign_paused"),
            _ if self.is_over(campaign) => Err("campaign_ended"),
            _ => refuse(!of.flagged, "campaign_flagged"),
        }
    }

    fn ask(&mut self, campaign: usize, by: usize, influencer: usize, asker: Side, terms: &Terms) -> Answer {
        self.takes_requests(campaign)?;
        let of_pair = |request: &Request| request.campaign == campaign && request.influencer == influencer;
        let open =
            (0..self.requests.len()).find(|at| of_pair(&self.requests[*at]) && self.requests[*at].state == RequestState::Open);
        if let Some(open) = open {
            refuse(self.request_state(open) != RequestState::Open, "taken")?;
            self.requests[open].state = RequestState::Expired;
        }
        let said_no = |request: &&Request| {
            let no = matches!(request.state, RequestState::Rejected | RequestState::Withdrawn);
            of_pair(request) && no && request.asker == asker && self.now < request.ended_at + 7 * DAY
        };
        refuse(self.requests.iter().find(said_no).is_none(), "too_soon")?;
        let asked = self.requests.iter().filter(|request| {
            let who = if request.asker == Side::Sponsor { self.campaigns[request.campaign].sponsor } else { request.influencer };
            who == by && request.asked_on == self.today()
        });
        refuse(asked.count() < CAP, "too_often")?;
        let mut request = Request {
            campaign,
            influencer,
            asker,
            asked_on: self.today(),
            state: RequestState::Open,
            offers: 0,
            by: asker,
            is_final: false,
            amount: 0,
            due_day: 0,
            expires_at: 0,
            wording: 0,
            ended_at: 0,
        };
        self.lay(&mut request, asker, terms)?;
        self.requests.push(request);
        Ok(())
    }

    fn lay(&self, request: &mut Request, by: Side, terms: &Terms) -> Answer {
        let campaign = &self.campaigns[request.campaign];
        let due_day = self.today() + terms.due_in;
        refuse(terms.amount >= 1, "too_small")?;
        refuse(due_day >= self.today(), "past")?;
        refuse(due_day <= campaign.end_day + 30, "too_late")?;
        request.offers += 1;
        request.by = by;
        request.is_final = terms.is_final;
        request.amount = terms.amount;
        request.due_day = due_day;
        request.expires_at = (self.now + terms.expires_in.unwrap_or(7 * DAY)).min(end_of(campaign.end_day));
        request.wording = campaign.wording;
        Ok(())
    }

    pub(super) fn negotiate(&mut self, id: usize, by: Who, named: Named, what: &RequestAct) -> Answer {
        let mut request = self.requests[id].clone();
        let sponsor = self.campaigns[request.campaign].sponsor;
        let person = Self::person(by, sponsor, request.influencer);
        self.signed_in(person)?;
        let side = Self::side(person, sponsor, request.influencer)?;
        match self.request_state(id) {
            RequestState::Open => {}
            RequestState::Expired if self.is_over(request.campaign) => return Err("campaign_ended"),
            RequestState::Expired if request.state == RequestState::Open => return Err("expired"),
            RequestState::Expired => return Err("expired"),
            _ => return Err("request_state"),
        }
        let number = match named {
            Named::Current => request.offers,
            Named::Another(number) => number,
        };
        let (my_turn, on_table) = (request.by != side, number == request.offers);
        match what {
            RequestAct::Counter(terms) => {
                refuse(my_turn, "not_your_turn")?;
                refuse(on_table, "offer_changed")?;
                refuse(!request.is_final, "final_offer")?;
                self.lay(&mut request, side, terms)?;
            }
            RequestAct::Amend(terms) => {
                refuse(!my_turn, "your_turn")?;
                refuse(on_table, "offer_changed")?;
                self.lay(&mut request, side, terms)?;
            }
            RequestAct::Confirm => {
                refuse(!my_turn, "your_turn")?;
                refuse(on_table, "offer_changed")?;
                let campaign = &self.campaigns[request.campaign];
                refuse(request.wording < campaign.wording, "not_voided")?;
                request.wording = campaign.wording;
                request.expires_at = (self.now + 7 * DAY).min(end_of(campaign.end_day));
            }
            RequestAct::Reject => {
                refuse(my_turn, "not_your_turn")?;
                refuse(on_table, "offer_changed")?;
                request.state = RequestState::Rejected;
                request.ended_at = self.now;
            }
            RequestAct::Withdraw => {
                refuse(!my_turn, "your_turn")?;
                request.state = RequestState::Withdrawn;
                request.ended_at = self.now;
            }
            RequestAct::Accept => {
                refuse(my_turn, "not_your_turn")?;
                refuse(on_table, "offer_changed")?;
                self.accept(id, &mut request)?;
            }
        }
        self.requests[id] = request;
        Ok(())
    }

    fn accept(&mut self, id: usize, request: &mut Request) -> Answer {
        self.takes_requests(request.campaign)?;
        let campaign = &self.campaigns[request.campaign];
        refuse(request.wording == campaign.wording, "offer_voided")?;
        refuse(request.due_day >= self.today(), "due_past")?;
        refuse(!self.suspended[campaign.sponsor] && !self.suspended[request.influencer], "party_inactive")?;
        let cap = campaign.budget.min(campaign.funded);
        refuse(cap - campaign.held - campaign.paid >= request.amount, "over_budget")?;
        self.campaigns[request.campaign].held += request.amount;
        request.state = RequestState::Accepted;
        request.ended_at = self.now;
        self.collaborations.push(Collaboration {
            request: id,
            campaign: request.campaign,
            influencer: request.influencer,
            amount: request.amount,
            state: CollaborationState::Active,
            due_at: end_of(request.due_day),
            submissions: 0,
            rounds: 0,
            review: None,
            split: None,
            splits: 0,
            dispute: None,
            took_back: [false; 2],
            mutual: false,
            reviewed: [false; 2],
            reviews_until: None,
        });
        Ok(())
    }

    pub(super) fn expire_by_clock(&mut self, id: usize) {
        self.requests[id].state = self.request_state(id);
    }
}
