//! The agreement as the API writes it.

use crate::api::amount::Currency;
use crate::api::requests::Deliverable;
use crate::api::{Date, Money, Timestamp};
use iescp_core::collaboration as core;
use poem_openapi::Object;
use uuid::Uuid;

/// What was agreed: frozen at the acceptance, never changed.
#[derive(Object)]
pub struct Agreement {
    /// About which collaboration.
    pub collaboration_id: Uuid,
    /// The negotiation it comes from.
    pub request_id: Uuid,
    /// In which campaign.
    pub campaign_id: Uuid,
    /// Its number in that campaign, from 1.
    pub number: u64,
    /// Who pays.
    pub sponsor_id: Uuid,
    /// Who works.
    pub influencer_id: Uuid,
    /// The number of the offer that was accepted.
    pub offer: u64,
    /// What the influencer is paid.
    pub amount: Money,
    /// What the influencer delivers.
    pub deliverables: Vec<Deliverable>,
    /// By which day.
    pub due: Date,
    /// What the sponsor may do with the work.
    pub usage_rights: String,
    /// What the maker of the offer said with it.
    pub note: String,
    /// What the campaign was called.
    pub title: String,
    /// What the campaign was to achieve.
    pub goals: String,
    /// What to do.
    pub dos: String,
    /// What not to do.
    pub donts: String,
    /// Hashtags to use, without the `#`.
    pub hashtags: Vec<String>,
    /// Handles to mention, without the `@`.
    pub mentions: Vec<String>,
    /// What every advertisement must show.
    pub label: String,
    /// What it says about time.
    pub terms: Terms,
    /// The sponsor's signature.
    pub sponsor_signed: Signature,
    /// The influencer's signature.
    pub influencer_signed: Signature,
    /// The SHA-256 over all that was agreed, as the platform keeps it, in hexadecimal digits.
    pub hash: String,
}

/// What an agreement says about time.
#[derive(Object)]
pub struct Terms {
    /// How long the sponsor may review, in seconds.
    pub review_seconds: i64,
    /// How often the sponsor may ask for changes.
    pub rounds: u32,
    /// How long the influencer has at least to make them, in seconds.
    pub rework_seconds: i64,
    /// Overdue for so many seconds with nothing submitted: the sponsor may cancel.
    pub overdue_sponsor_seconds: i64,
    /// Overdue for so many seconds with nothing submitted: the platform cancels.
    pub overdue_system_seconds: i64,
    /// How many seconds a dispute waits for a decision.
    pub dispute_seconds: i64,
}

/// One party's signature.
#[derive(Object)]
pub struct Signature {
    /// The typed name.
    pub name: String,
    /// When.
    pub signed_at: Timestamp,
}

impl Agreement {
    pub(super) fn new(agreement: core::Agreement, currency: Currency) -> Self {
        let (brief, terms) = (agreement.brief, agreement.terms);
        Self {
            collaboration_id: agreement.collaboration.into(),
            request_id: agreement.request.into(),
            campaign_id: agreement.campaign.into(),
            number: agreement.number,
            sponsor_id: agreement.sponsor.into(),
            influencer_id: agreement.influencer.into(),
            offer: agreement.offer,
            amount: currency.money(agreement.amount),
            deliverables: agreement.deliverables.iter().map(Deliverable::new).collect(),
            due: Date(agreement.due),
            usage_rights: agreement.usage_rights.to_string(),
            note: agreement.note.to_string(),
            title: agreement.title.to_string(),
            goals: brief.goals.to_string(),
            dos: brief.dos.to_string(),
            donts: brief.donts.to_string(),
            hashtags: brief.hashtags.iter().map(ToString::to_string).collect(),
            mentions: brief.mentions.iter().map(ToString::to_string).collect(),
            label: agreement.label.to_string(),
            terms: Terms {
                review_seconds: terms.review_seconds,
                rounds: terms.rounds,
                rework_seconds: terms.rework_seconds,
                overdue_sponsor_seconds: terms.overdue_sponsor_seconds,
                overdue_system_seconds: terms.overdue_system_seconds,
                dispute_seconds: terms.dispute_seconds,
            },
            sponsor_signed: Signature {
                name: agreement.sponsor_signed.name.to_string(),
                signed_at: Timestamp(agreement.sponsor_signed.at),
            },
            influencer_signed: Signature {
                name: agreement.influencer_signed.name.to_string(),
                signed_at: Timestamp(agreement.influencer_signed.at),
            },
            hash: agreement.hash,
        }
    }
}
