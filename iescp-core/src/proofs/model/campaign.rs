//! Section 2: campaigns.

use super::{Answer, Campaign, Model, end_of, refuse};
use crate::{
    campaign::CampaignState::{self, Active, Cancelled, Closing, Completed, Draft, Paused},
    proofs::acts::CampaignAct,
    request::RequestState,
};

impl Model {
    pub(super) fn draft(&mut self, sponsor: usize, budget: i64, days: i64) -> Answer {
        self.signed_in(sponsor)?;
        self.campaigns.push(Campaign {
            sponsor,
            state: Draft,
            ending: Completed,
            removed: false,
            ever_paid_in: false,
            budget,
            funded: 0,
            held: 0,
            paid: 0,
            end_day: self.today() + days,
            private: false,
            flagged: false,
            wording: 0,
        });
        Ok(())
    }

    /// Whether a campaign has ended, by what is written or by the clock.
    pub(in crate::proofs) fn is_over(&self, campaign: usize) -> bool {
        let campaign = &self.campaigns[campaign];
        let ended = matches!(campaign.state, Closing | Completed | Cancelled);
        ended || (campaign.state != Draft && self.now >= end_of(campaign.end_day))
    }

    /// Whether somebody knows of a campaign.
    fn sees(&self, id: usize, who: usize) -> bool {
        let campaign = &self.campaigns[id];
        let listed = campaign.state == Active
            && !campaign.private
            && !campaign.flagged
            && self.now < end_of(campaign.end_day)
            && !self.suspended[campaign.sponsor];
        let works = self.collaborations.iter().any(|one| one.campaign == id && one.influencer == who);
        let negotiates = (0..self.requests.len()).any(|at| {
            let request = &self.requests[at];
            let of_pair = request.campaign == id && request.influencer == who;
            of_pair && self.request_state(at) == RequestState::Open
        });
        !campaign.removed && (listed || who == campaign.sponsor || works || negotiates)
    }

    /// Leave to do something that only its sponsor does.
    fn as_its_sponsor(&self, id: usize, by: usize) -> Answer {
        self.signed_in(by)?;
        refuse(self.sees(id, by), "not_found")?;
        refuse(by == self.campaigns[id].sponsor, "forbidden")
    }

    pub(super) fn may_apply(&self, id: usize, by: usize) -> Answer {
        self.signed_in(by)?;
        refuse(self.sees(id, by), "not_found")?;
        refuse(!Self::is_sponsor(by), "forbidden")
    }

    pub(super) fn may_invite(&self, id: usize, by: usize) -> Answer {
        self.as_its_sponsor(id, by)
    }

    pub(super) fn flag(&mut self, id: usize, flagged: bool) -> Answer {
        let campaign = &mut self.campaigns[id];
        refuse(!campaign.removed, "not_found")?;
        refuse(campaign.flagged != flagged, if flagged { "flagged" } else { "not_flagged" })?;
        campaign.flagged = flagged;
        Ok(())
    }

    pub(super) fn campaign(&mut self, id: usize, by: usize, what: &CampaignAct) -> Answer {
        if matches!(what, CampaignAct::Look) {
            self.signed_in(by)?;
            return refuse(self.sees(id, by), "not_found");
        }
        self.as_its_sponsor(id, by)?;
        let (now, over, today, planned) = (self.now, self.is_over(id), self.today(), self.planned);
        let campaign = &mut self.campaigns[id];
        let past = now >= end_of(campaign.end_day);
        match what {
            CampaignAct::Look => {}
            CampaignAct::Publish => {
                refuse(campaign.state == Draft, "campaign_state")?;
                refuse(campaign.budget >= 1, "required")?;
                refuse(campaign.end_day >= today, "past")?;
                campaign.state = Active;
                if planned {
                    campaign.funded = campaign.budget;
                    self.world -= campaign.budget;
                }
            }
            CampaignAct::Pause => {
                refuse(campaign.state == Active, "campaign_state")?;
                refuse(!past, "campaign_ended")?;
                campaign.state = Paused;
            }
            CampaignAct::Resume => {
                refuse(campaign.state == Paused, "campaign_state")?;
                refuse(!past, "campaign_ended")?;
                campaign.state = Active;
            }
            CampaignAct::Complete => self.close(id, Completed)?,
            CampaignAct::Cancel if campaign.state == Draft => self.finish(id, Cancelled),
            CampaignAct::Cancel => self.close(id, Cancelled)?,
            CampaignAct::Remove => {
                refuse(campaign.state == Draft, "campaign_state")?;
                if campaign.ever_paid_in {
                    self.finish(id, Cancelled);
                } else {
                    campaign.removed = true;
                }
            }
            CampaignAct::Budget(budget) => {
                refuse(!over, "campaign_ended")?;
                refuse(*budget >= 1 || campaign.state == Draft, "required")?;
                refuse(*budget >= campaign.held + campaign.paid, "below_committed")?;
                if planned && campaign.state != Draft {
                    campaign.funded += budget - campaign.budget;
                    self.world -= budget - campaign.budget;
                }
                campaign.budget = *budget;
            }
            CampaignAct::Reword => {
                refuse(!over, "campaign_ended")?;
                refuse(campaign.budget >= 1 || campaign.state == Draft, "required")?;
                campaign.wording += u64::from(campaign.state != Draft);
            }
            CampaignAct::Private(private) => {
                refuse(!over, "campaign_ended")?;
                campaign.private = *private;
            }
            CampaignAct::Fund(amount) => {
                refuse(!planned, "planned")?;
                refuse(*amount >= 1, "too_small")?;
                refuse(matches!(campaign.state, Draft | Active | Paused), "campaign_ended")?;
                campaign.funded += amount;
                campaign.ever_paid_in = true;
                self.world -= amount;
            }
        }
        Ok(())
    }

    fn close(&mut self, id: usize, ending: CampaignState) -> Answer {
        let campaign = &mut self.campaigns[id];
        refuse(matches!(campaign.state, Active | Paused), "campaign_state")?;
        campaign.state = Closing;
        campaign.ending = ending;
        self.settle_if_last(id);
        Ok(())
    }

    /// A closing campaign ends with its last collaboration.
    pub(super) fn settle_if_last(&mut self, id: usize) {
        let open = self.collaborations.iter().any(|one| one.campaign == id && !one.state.has_ended());
        if self.campaigns[id].state == Closing && !open {
            self.finish(id, self.campaigns[id].ending);
        }
    }

    /// Over; what is left goes back.
    fn finish(&mut self, id: usize, ending: CampaignState) {
        let campaign = &mut self.campaigns[id];
        campaign.state = ending;
        let left = campaign.funded - campaign.held - campaign.paid;
        campaign.funded -= left;
        self.world += left;
    }

    pub(super) fn end_by_clock(&mut self, id: usize) {
        let campaign = &self.campaigns[id];
        if matches!(campaign.state, Active | Paused) && self.now >= end_of(campaign.end_day) && !campaign.removed {
            self.close(id, Completed).unwrap();
        }
    }
}
