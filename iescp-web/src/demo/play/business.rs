//! Campaigns, negotiations, work and money.

use super::{Stage, Standing, of};
use crate::demo::deal::Move;
use crate::demo::dice::Dice;
use crate::demo::pictures;
use crate::demo::story::{Beat, Deal, Drive};
use crate::demo::words;
use iescp_core::campaign::{
    CampaignChanges, CampaignInput, CancelCampaign, CompleteCampaign, DraftCampaign, FlagCampaign, PauseCampaign, PublishCampaign,
};
use iescp_core::collaboration::{
    AcceptSplit, ApproveWork, CancelOverdue, LeaveReview, OpenDispute, ProposeSplit, ReportResults, RequestChanges, ResultsInput,
    RuleDispute, StepDown, SubmitWork, SubmittedWorkInput, WithdrawDispute,
};
use iescp_core::id::{AccountId, CampaignId, CollaborationId, RequestId};
use iescp_core::ledger::{FundCampaign, RequestPayout, fund};
use iescp_core::message::SendMessage;
use iescp_core::picture::PutCampaignPicture;
use iescp_core::request::{
    AcceptOffer, Apply, CounterOffer, DeliverableInput, Invite, OfferInput, RejectRequest, Side, WithdrawRequest,
};
use iescp_core::settings::Funding;
use iescp_core::{Actor, Error};
use std::sync::OnceLock;

const FORMATS: [(&str, &str); 5] =
    [("reel", "instagram"), ("short", "tiktok"), ("video", "youtube"), ("story", "instagram"), ("article", "blog")];

impl Stage<'_> {
    pub(super) async fn campaign(&self, beat: Beat) -> Result<(), Error> {
        match beat {
            Beat::Draft(at) => self.draft(at).await,
            Beat::Fund(at) => self.fund(at).await,
            Beat::Publish(at) => self.act(self.owner(at)?, PublishCampaign { campaign: self.drive(at)? }).await.map(drop),
            Beat::Pause(at) => self.act(self.owner(at)?, PauseCampaign { campaign: self.drive(at)? }).await.map(drop),
            Beat::Complete(at) => self.act(self.owner(at)?, CompleteCampaign { campaign: self.drive(at)? }).await.map(drop),
            Beat::Cancel(at) => self.act(self.owner(at)?, CancelCampaign { campaign: self.drive(at)? }).await.map(drop),
            Beat::Flag(at) => {
                let reason = "The brief asks to hide that this is advertising.".to_owned();
                self.act(&self.admin, FlagCampaign { campaign: self.drive(at)?, reason }).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    async fn draft(&self, at: usize) -> Result<(), Error> {
        let mut dice = Dice::of(self.story.seed, "brief", at);
        let Drive { backer, good, private, budget, days } = of(&self.story.drives, at)?.clone();
        let company = &of(&self.story.backers, backer)?.company;
        let brief = words::brief(&mut dice, &company.name, good);
        let how_many = dice.between(1, 3);
        let words_of = |words: Vec<&&'static str>| words.into_iter().map(|word| (*word).to_owned()).collect();
        let input = CampaignInput {
            title: words::title(&mut dice, good),
            rest: CampaignChanges {
                goals: Some(brief.goals),
                dos: Some(brief.dos.to_owned()),
                donts: Some(brief.donts.to_owned()),
                hashtags: Some(vec![good.split(' ').collect::<String>(), "ad".to_owned()]),
                mentions: Some(vec![company.slug.clone()]),
                niches: Some(words_of(dice.some(company.trade().niches, how_many))),
                platforms: Some(words_of(dice.some(&["instagram", "tiktok", "youtube", "blog"], how_many))),
                start: Some(self.day(days.0)),
                end: Some(self.day(days.1)),
                budget: Some(budget),
                visibility: Some(if private { "private" } else { "public" }.to_owned()),
                label: Some(dice.word(&["Ad", "Anzeige", "Paid partnership", "#ad"]).to_owned()),
                ..CampaignChanges::default()
            },
        };
        let made = self.act(of(&self.backers, backer)?, DraftCampaign { input }).await?;
        let campaign = made.campaign.id;
        let _first = of(&self.drives, at)?.set(campaign);
        if at < pictures::LANDSCAPES {
            let image = pictures::landscape(self.story.seed, at);
            self.hang(of(&self.backers, backer)?, image, |draft| PutCampaignPicture { campaign, draft }).await?;
        }
        Ok(())
    }

    async fn fund(&self, at: usize) -> Result<(), Error> {
        if self.platform.settings().funding == Funding::Planned {
            return Ok(());
        }
        let order = FundCampaign { campaign: self.drive(at)?, amount: of(&self.story.drives, at)?.budget };
        let owner = self.owner(at)?.get().ok_or(Error::NotFound)?;
        fund(self.platform, &Actor::account(*owner), None, order).await.map(drop)
    }

    pub(super) async fn deal(&self, slot: i64, at: usize, step: Move) -> Result<(), Error> {
        let deal = of(&self.story.deals, at)?;
        let mut dice = Dice::of(self.story.seed, "move", at * 4096 + usize::try_from(slot).unwrap_or(0));
        match step {
            Move::Ask | Move::Counter(_) | Move::Accept(_) | Move::Reject(_) | Move::Withdraw(_) | Move::Say(_) => {
                self.talk(at, deal, step, &mut dice).await
            }
            _ => self.work(deal, self.standing(at)?, step, &mut dice).await,
        }
    }

    /// What leads to an agreement, or not.
    async fn talk(&self, at: usize, deal: &Deal, step: Move, dice: &mut Dice) -> Result<(), Error> {
        let Standing { offer, .. } = self.standing(at)?;
        match step {
            Move::Ask => {
                let (campaign, influencer) = (self.drive(deal.drive)?, self.creator(deal)?);
                let terms = self.offer(deal, deal.amount, asking(deal, dice), dice);
                let made = match deal.asker {
                    Side::Influencer => self.act(self.party(deal, Side::Influencer)?, Apply { campaign, offer: terms }).await?,
                    Side::Sponsor => {
                        self.act(self.party(deal, Side::Sponsor)?, Invite { campaign, influencer, offer: terms }).await?
                    }
                };
                self.stands(at, |standing| {
                    *standing = Standing { request: Some(made.request.id), collaboration: None, offer: 1, amount: deal.amount };
                });
            }
            Move::Counter(by) => {
                let percent = if by == Side::Influencer { 125 } else { 80 } + dice.between(-5, 5);
                let amount = (deal.amount * percent / 100 / 500 * 500).max(500);
                let terms = self.offer(deal, amount, words::counter(dice), dice);
                let request = self.request(at)?;
                self.act(self.party(deal, by)?, CounterOffer { request, offer, terms }).await?;
                self.stands(at, |standing| (standing.offer, standing.amount) = (offer + 1, amount));
            }
            Move::Accept(by) => {
                let signed = match by {
                    Side::Influencer => of(&self.story.creators, deal.creator)?.identity.name.clone(),
                    Side::Sponsor => crate::demo::names::person(dice).name,
                };
                let request = self.request(at)?;
                let agreed = self.act(self.party(deal, by)?, AcceptOffer { request, offer, signed }).await?;
                self.stands(at, |standing| standing.collaboration = agreed.collaboration);
            }
            Move::Reject(by) => {
                let (request, reason) = (self.request(at)?, words::no(dice).to_owned());
                self.act(self.party(deal, by)?, RejectRequest { request, offer, reason }).await?;
            }
            Move::Withdraw(by) => {
                let (request, reason) = (self.request(at)?, words::no(dice).to_owned());
                self.act(self.party(deal, by)?, WithdrawRequest { request, reason }).await?;
            }
            Move::Say(by) => {
                let to = *self.party(deal, by.other())?.get().ok_or(Error::NotFound)?;
                self.act(self.party(deal, by)?, SendMessage { to, text: words::chat(dice).to_owned() }).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What follows on an agreement.
    async fn work(&self, deal: &Deal, standing: Standing, step: Move, dice: &mut Dice) -> Result<(), Error> {
        let collaboration = standing.collaboration.ok_or(Error::NotFound)?;
        let (sponsor, influencer) = (self.party(deal, Side::Sponsor)?, self.party(deal, Side::Influencer)?);
        match step {
            Move::Submit => self.submit(deal, influencer, collaboration, dice).await?,
            Move::AskChanges => {
                let reasons = words::changes(dice).to_owned();
                self.act(sponsor, RequestChanges { collaboration, reasons }).await.map(drop)?;
            }
            Move::Approve => self.act(sponsor, ApproveWork { collaboration }).await.map(drop)?,
            Move::StepDown => {
                let reason = words::stepping_down(dice).to_owned();
                self.act(influencer, StepDown { collaboration, reason }).await.map(drop)?;
            }
            Move::CancelOverdue => {
                let reason = "We waited a week and heard nothing.".to_owned();
                self.act(sponsor, CancelOverdue { collaboration, reason }).await.map(drop)?;
            }
            Move::Dispute(by) => {
                let reason = words::dispute(dice, by == Side::Sponsor).to_owned();
                self.act(self.party(deal, by)?, OpenDispute { collaboration, reason }).await.map(drop)?;
            }
            Move::WithdrawDispute(by) => self.act(self.party(deal, by)?, WithdrawDispute { collaboration }).await.map(drop)?,
            Move::Rule => {
                let to_influencer = standing.amount * dice.between(0, 4) / 4;
                let reasons = words::ruling(dice).to_owned();
                self.act(&self.admin, RuleDispute { collaboration, to_influencer, reasons }).await.map(drop)?;
            }
            Move::ProposeSplit(by) => {
                let to_influencer = standing.amount * dice.between(1, 3) / 4;
                let note = "Let us part in peace: this for what is done already.".to_owned();
                self.act(self.party(deal, by)?, ProposeSplit { collaboration, to_influencer, note }).await.map(drop)?;
            }
            Move::AcceptSplit(by) => self.act(self.party(deal, by)?, AcceptSplit { collaboration, split: 1 }).await.map(drop)?,
            Move::Review(by, rating) => {
                let text = words::review(dice, rating, by == Side::Influencer).to_owned();
                self.act(self.party(deal, by)?, LeaveReview { collaboration, rating, text }).await.map(drop)?;
            }
            Move::Results => self.report_results(deal, influencer, collaboration, dice).await?,
            Move::Payout => self.act(influencer, RequestPayout { amount: standing.amount }).await.map(drop)?,
            _ => {}
        }
        Ok(())
    }

    async fn submit(
        &self,
        deal: &Deal,
        influencer: &OnceLock<AccountId>,
        collaboration: CollaborationId,
        dice: &mut Dice,
    ) -> Result<(), Error> {
        let handle = &of(&self.story.creators, deal.creator)?.username;
        let works = (0..deal.pieces).map(|deliverable| {
            let url = format!("https://{handle}.example/{}", dice.between(100_000, 999_999));
            SubmittedWorkInput { deliverable, url }
        });
        let submission = SubmitWork {
            collaboration,
            works: works.collect(),
            note: "It is online.".into(),
            label_shown: true,
            proofs: Vec::new(),
        };
        self.act(influencer, submission).await.map(drop)
    }

    async fn report_results(
        &self,
        deal: &Deal,
        influencer: &OnceLock<AccountId>,
        collaboration: CollaborationId,
        dice: &mut Dice,
    ) -> Result<(), Error> {
        let views = of(&self.story.creators, deal.creator)?.followers * dice.between(10, 140) / 100;
        for deliverable in 0..deal.pieces {
            let input = ResultsInput {
                deliverable,
                views: Some(views / (deliverable + 1)),
                engagements: Some(views * dice.between(1, 8) / 100),
                clicks: dice.chance(60).then_some(views * dice.between(1, 20) / 1000),
                sales: dice.chance(25).then_some(views / 4000),
                day: None,
                source: "Figures of the platform".into(),
            };
            self.act(influencer, ReportResults { collaboration, input }).await?;
        }
        Ok(())
    }

    fn offer(&self, deal: &Deal, amount: i64, note: &str, dice: &mut Dice) -> OfferInput {
        let pieces = usize::try_from(deal.pieces).unwrap_or(1);
        // The same pieces in every offer of a negotiation.
        let kinds = FORMATS.iter().cycle().skip(deal.creator % FORMATS.len()).take(pieces);
        let deliverables = kinds.map(|(format, platform)| DeliverableInput {
            format: (*format).to_owned(),
            platform: (*platform).to_owned(),
            count: 1,
            due: None,
        });
        OfferInput {
            amount,
            deliverables: deliverables.collect(),
            due: self.day(deal.due),
            usage_rights: dice
                .word(&["", "Three months on the sponsor's own channels.", "None beyond the post itself."])
                .to_owned(),
            note: note.to_owned(),
            ..OfferInput::default()
        }
    }

    fn request(&self, deal: usize) -> Result<RequestId, Error> {
        self.standing(deal)?.request.ok_or(Error::NotFound)
    }

    fn drive(&self, at: usize) -> Result<CampaignId, Error> {
        of(&self.drives, at)?.get().copied().ok_or(Error::NotFound)
    }

    fn owner(&self, drive: usize) -> Result<&OnceLock<AccountId>, Error> {
        of(&self.backers, of(&self.story.drives, drive)?.backer)
    }

    fn creator(&self, deal: &Deal) -> Result<AccountId, Error> {
        of(&self.creators, deal.creator)?.get().copied().ok_or(Error::NotFound)
    }

    fn party(&self, deal: &Deal, side: Side) -> Result<&OnceLock<AccountId>, Error> {
        match side {
            Side::Influencer => of(&self.creators, deal.creator),
            Side::Sponsor => self.owner(deal.drive),
        }
    }
}

fn asking(deal: &Deal, dice: &mut Dice) -> &'static str {
    match deal.asker {
        Side::Influencer => words::pitch(dice),
        Side::Sponsor => words::invitation(dice),
    }
}
