//! Collaborations as the API writes them.

use crate::api::amount::Currency;
use crate::api::pictures::Picture;
use crate::api::requests::{Deliverable, said, side};
use crate::api::{Date, Money, Timestamp};
use iescp_core::collaboration::{self as core, CollaborationView, EndedBy};
use poem_openapi::Object;
use uuid::Uuid;

/// The agreed work, from acceptance to payment and reviews.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Collaboration {
    /// Its id.
    pub id: Uuid,
    /// The negotiation it comes from.
    pub request_id: Uuid,
    /// In which campaign.
    pub campaign_id: Uuid,
    /// What the campaign is called.
    pub campaign_title: String,
    /// Who pays.
    pub sponsor_id: Uuid,
    /// What the sponsor is called.
    pub sponsor_name: String,
    /// Who works.
    pub influencer_id: Uuid,
    /// What the influencer is called.
    pub influencer_name: String,
    /// `active`, `submitted`, `disputed`, `completed` or `cancelled`.
    pub state: String,
    /// What is held for it; none where it was brought over without an amount.
    pub amount: Option<Money>,
    /// What was agreed to be delivered; submissions and results name a piece of work by its place here, from 0.
    pub deliverables: Vec<Deliverable>,
    /// What every advertisement must show.
    pub label: Option<String>,
    /// The number of its agreement in the campaign.
    pub agreement_number: Option<u64>,
    /// By which day the work is due.
    pub due: Date,
    /// The moment that day is over.
    pub due_at: Timestamp,
    /// How often the sponsor asked for changes.
    pub rounds: u32,
    /// How often the sponsor may ask for changes.
    pub rounds_at_most: u32,
    /// When work was last submitted.
    pub submitted_at: Option<Timestamp>,
    /// When submitted work counts as approved, once the sponsor's notice was delivered.
    pub review_ends_at: Option<Timestamp>,
    /// A proposal how to end it that nobody has answered.
    pub split: Option<Split>,
    /// How it ended.
    pub end: Option<Ending>,
    /// Until when the parties may review each other.
    pub reviews_until: Option<Timestamp>,
    /// What was submitted, oldest first; only where one collaboration is shown.
    pub submissions: Vec<Submission>,
    /// What was reported of the work's effect; only where one collaboration is shown.
    pub results: Vec<Results>,
    /// The disputes there were, oldest first; only where one collaboration is shown.
    pub disputes: Vec<Dispute>,
    /// One's own review, and the other's once it is published; only where one collaboration is shown.
    pub reviews: Vec<Review>,
    /// When it began.
    pub created_at: Timestamp,
}

/// A proposal how to end a collaboration.
#[derive(Object, Clone)]
pub struct Split {
    /// Its number in the collaboration, from 1; acceptance names it by this.
    pub number: u64,
    /// Who proposes it: `sponsor` or `influencer`.
    pub by: String,
    /// The influencer's share.
    pub to_influencer: Money,
    /// The sponsor's share, which goes back to the campaign.
    pub to_sponsor: Money,
    /// A word to the other side.
    pub note: String,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// How a collaboration ended.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Ending {
    /// By what: `approval`, `clock`, `stepped_down`, `overdue`, `abandoned`, `agreement`, `ruling`, `dispute_clock` or `imported`.
    pub by: String,
    /// Why, in the words of who ended it.
    pub reason: Option<String>,
    /// The influencer's share.
    pub paid: Money,
    /// What went back to the campaign.
    pub returned: Money,
    /// When.
    pub at: Timestamp,
}

/// What was submitted at one time.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Submission {
    /// Its number in the collaboration, from 1.
    pub number: u64,
    /// Where the work is live.
    pub works: Vec<Work>,
    /// A word to the sponsor.
    pub note: String,
    /// That the required label is shown.
    pub label_shown: bool,
    /// When.
    pub submitted_at: Timestamp,
    /// What the sponsor wants changed, if they asked for changes.
    pub changes: Option<String>,
    /// Pictures that prove it.
    pub proofs: Vec<Picture>,
}

/// The live address of one piece of work.
#[derive(Object, Clone)]
pub struct Work {
    /// Which deliverable, from 0.
    pub deliverable: u32,
    /// Where it is live.
    pub url: String,
}

/// What somebody reported of one piece of work's effect; what nobody reported is absent.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Results {
    /// Its number in the collaboration, from 1.
    pub number: u64,
    /// Which deliverable, from 0.
    pub deliverable: u32,
    /// Who reports: `sponsor` or `influencer`.
    pub by: String,
    /// How often it was seen.
    pub views: Option<i64>,
    /// How often somebody reacted.
    pub engagements: Option<i64>,
    /// How often somebody followed its link.
    pub clicks: Option<i64>,
    /// How often somebody bought.
    pub sales: Option<i64>,
    /// The day the figures are of.
    pub day: Date,
    /// Where they come from.
    pub source: String,
    /// When it was reported.
    pub created_at: Timestamp,
}

/// A dispute, with how it was decided.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Dispute {
    /// Its number in the collaboration, from 1.
    pub number: u64,
    /// Who opened it: `sponsor` or `influencer`.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
    /// How an admin ruled, if one did.
    pub ruling: Option<Ruling>,
}

/// How an admin ruled.
#[derive(Object, Clone)]
pub struct Ruling {
    /// The influencer's share.
    pub to_influencer: Money,
    /// Why.
    pub reasons: String,
    /// When.
    pub ruled_at: Timestamp,
}

/// What one party says of the other.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Review {
    /// About which collaboration.
    pub collaboration_id: Uuid,
    /// Who writes: `sponsor` or `influencer`.
    pub by: String,
    /// The account that it is about.
    pub subject_id: Uuid,
    /// From 1 to 5.
    pub rating: u8,
    /// In words.
    pub text: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it appeared.
    pub published_at: Option<Timestamp>,
}

/// A dispute that waits for an admin's ruling.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OpenDispute {
    /// By which it is ruled: the collaboration's id.
    pub id: Uuid,
    /// What it is about.
    pub collaboration: Collaboration,
    /// The dispute.
    pub dispute: Option<Dispute>,
}

impl Collaboration {
    /// As the asker sees it.
    #[must_use]
    pub fn new(view: CollaborationView, currency: Currency) -> Self {
        let it = view.collaboration;
        Self {
            id: it.id.into(),
            request_id: it.request.into(),
            campaign_id: it.campaign.into(),
            campaign_title: view.campaign_title,
            sponsor_id: it.sponsor.into(),
            sponsor_name: view.sponsor_name,
            influencer_id: it.influencer.into(),
            influencer_name: view.influencer_name,
            state: it.state.word().to_owned(),
            amount: it.amount.map(|amount| currency.money(amount)),
            deliverables: view.deliverables.iter().map(Deliverable::new).collect(),
            label: view.label.map(|label| label.to_string()),
            agreement_number: view.agreement,
            due: Date(it.due),
            due_at: Timestamp(it.due_at),
            rounds: it.rounds,
            rounds_at_most: it.terms.rounds,
            submitted_at: it.submitted_at.map(Timestamp),
            review_ends_at: it.review.map(|clock| Timestamp(clock.ends_at)),
            split: it.split.map(|split| Split::new(split, currency)),
            end: it.end.map(|end| Ending::new(&end, currency)),
            reviews_until: it.reviews_until.map(Timestamp),
            submissions: view.submissions.iter().map(Submission::new).collect(),
            results: view.results.iter().map(Results::new).collect(),
            disputes: view.disputes.into_iter().map(|dispute| Dispute::new(dispute, currency)).collect(),
            reviews: view.reviews.iter().map(Review::new).collect(),
            created_at: Timestamp(it.created_at),
        }
    }
}

impl Split {
    pub(super) fn new(split: core::Split, currency: Currency) -> Self {
        Self {
            number: split.number,
            by: side(split.by),
            to_influencer: currency.money(split.to_influencer),
            to_sponsor: currency.money(split.to_sponsor),
            note: split.note.to_string(),
            created_at: Timestamp(split.at),
            expires_at: Timestamp(split.expires_at),
        }
    }
}

impl Ending {
    fn new(end: &core::End, currency: Currency) -> Self {
        let by = match end.by {
            EndedBy::Approval => "approval",
            EndedBy::Clock => "clock",
            EndedBy::SteppedDown => "stepped_down",
            EndedBy::Overdue => "overdue",
            EndedBy::Abandoned => "abandoned",
            EndedBy::Agreement => "agreement",
            EndedBy::Ruling => "ruling",
            EndedBy::DisputeClock => "dispute_clock",
            EndedBy::Imported => "imported",
        };
        Self {
            by: by.to_owned(),
            reason: said(&end.reason),
            paid: currency.money(end.paid),
            returned: currency.money(end.returned),
            at: Timestamp(end.at),
        }
    }
}

impl Submission {
    fn new(submission: &core::Submission) -> Self {
        let work = |work: &core::SubmittedWork| Work { deliverable: work.deliverable, url: work.url.to_string() };
        Self {
            number: submission.number,
            works: submission.works.iter().map(work).collect(),
            note: submission.note.to_string(),
            label_shown: submission.label_shown,
            submitted_at: Timestamp(submission.at),
            changes: submission.changes.as_ref().map(ToString::to_string),
            proofs: submission.proofs.iter().copied().map(Picture::proof).collect(),
        }
    }
}

impl Results {
    pub(super) fn new(results: &core::Results) -> Self {
        Self {
            number: results.number,
            deliverable: results.deliverable,
            by: side(results.by),
            views: results.views,
            engagements: results.engagements,
            clicks: results.clicks,
            sales: results.sales,
            day: Date(results.day),
            source: results.source.to_string(),
            created_at: Timestamp(results.at),
        }
    }
}

impl Dispute {
    pub(super) fn new(dispute: core::Dispute, currency: Currency) -> Self {
        let ruling = |ruling: core::Ruling| Ruling {
            to_influencer: currency.money(ruling.to_influencer),
            reasons: ruling.reasons.to_string(),
            ruled_at: Timestamp(ruling.at),
        };
        Self {
            number: dispute.number,
            by: side(dispute.by),
            reason: dispute.reason.to_string(),
            created_at: Timestamp(dispute.at),
            withdrawn_at: dispute.withdrawn_at.map(Timestamp),
            ruling: dispute.ruling.map(ruling),
        }
    }
}

impl Review {
    /// As those see it who may.
    #[must_use]
    pub fn new(review: &core::Review) -> Self {
        Self {
            collaboration_id: review.collaboration.into(),
            by: side(review.by),
            subject_id: review.subject.into(),
            rating: review.rating,
            text: review.text.to_string(),
            created_at: Timestamp(review.at),
            published_at: review.published_at.map(Timestamp),
        }
    }
}

impl OpenDispute {
    pub(super) fn new((view, dispute): (CollaborationView, Option<core::Dispute>), currency: Currency) -> Self {
        let collaboration = Collaboration::new(view, currency);
        Self { id: collaboration.id, collaboration, dispute: dispute.map(|dispute| Dispute::new(dispute, currency)) }
    }
}
