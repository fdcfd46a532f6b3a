//! The agreement: what was agreed, frozen, with a hash over all of it.

use super::Collaboration;
use crate::{
    Error, Operation, Result, Tx,
    campaign::{Brief, Campaign},
    id::{AccountId, CampaignId, CollaborationId, RequestId},
    policy::Action,
    request::{Deliverable, Offer, Request, Side},
    secret,
    settings::Settings,
    store::{
        Key,
        keys::{Table, tally},
        record::{Derived, Record},
    },
    value::{Line, Money, Prose},
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// What an agreement says about time: the settings that were in force, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// How long the sponsor may review.
    pub review_seconds: i64,
    /// How often the sponsor may ask for changes.
    pub rounds: u32,
    /// How long the influencer has at least to make them.
    pub rework_seconds: i64,
    /// Overdue for so long with nothing submitted: the sponsor may cancel.
    pub overdue_sponsor_seconds: i64,
    /// Overdue for so long with nothing submitted: the platform cancels.
    pub overdue_system_seconds: i64,
    /// How long a dispute waits for a decision.
    pub dispute_seconds: i64,
}

impl Terms {
    /// Those that are in force now.
    #[must_use]
    pub fn in_force(settings: &Settings) -> Self {
        let timers = settings.timers;
        Self {
            review_seconds: timers.review.as_secs(),
            rounds: timers.rounds,
            rework_seconds: timers.rework.as_secs(),
            overdue_sponsor_seconds: timers.overdue_sponsor.as_secs(),
            overdue_system_seconds: timers.overdue_system.as_secs(),
            dispute_seconds: timers.dispute.as_secs(),
        }
    }

    pub(super) fn review(self) -> SignedDuration {
        SignedDuration::from_secs(self.review_seconds)
    }

    pub(super) fn rework(self) -> SignedDuration {
        SignedDuration::from_secs(self.rework_seconds)
    }

    pub(super) fn overdue_sponsor(self) -> SignedDuration {
        SignedDuration::from_secs(self.overdue_sponsor_seconds)
    }

    pub(super) fn overdue_system(self) -> SignedDuration {
        SignedDuration::from_secs(self.overdue_system_seconds)
    }

    pub(crate) fn dispute(self) -> SignedDuration {
        SignedDuration::from_secs(self.dispute_seconds)
    }
}

/// One party's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The typed name.
    pub name: Line<120>,
    /// When.
    pub at: Timestamp,
}

/// What was agreed. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// What it is about.
    pub collaboration: CollaborationId,
    /// The negotiation it comes from.
    pub request: RequestId,
    /// In which campaign.
    pub campaign: CampaignId,
    /// Its number in that campaign, from 1.
    pub number: u64,
    /// Who pays.
    pub sponsor: AccountId,
    /// Who works.
    pub influencer: AccountId,
    /// The number of the offer that was accepted.
    pub offer: u64,
    /// What the influencer is paid.
    pub amount: Money,
    /// The currency, by its code of ISO 4217.
    pub currency: String,
    /// What the influencer delivers.
    pub deliverables: Vec<Deliverable>,
    /// By which day.
    pub due: Date,
    /// What the sponsor may do with the work.
    pub usage_rights: Prose<2000>,
    /// What the maker of the offer said with it.
    pub note: Prose<2000>,
    /// What the campaign was called.
    pub title: Line<120>,
    /// What the campaign wanted.
    pub brief: Brief,
    /// What every advertisement must show.
    pub label: Line<60>,
    /// What it says about time.
    pub terms: Terms,
    /// The sponsor's signature.
    pub sponsor_signed: Signature,
    /// The influencer's signature.
    pub influencer_signed: Signature,
    /// The SHA-256 over all of the above as JSON, as hexadecimal digits.
    pub hash: String,
}

impl Agreement {
    /// Where an agreement is kept.
    #[must_use]
    pub fn at(collaboration: CollaborationId) -> Key {
        Table::Agreement.start().id(collaboration).key()
    }

    /// Leads from a number in a campaign to its agreement.
    #[must_use]
    pub fn by_number(campaign: CampaignId, number: u64) -> Key {
        Table::AgreementNumber.start().id(campaign).number(number).key()
    }

    /// Freezes what was agreed when `accepted_by` accepts an offer.
    pub(crate) async fn make(
        tx: &mut Tx<'_>,
        campaign: &Campaign,
        request: &Request,
        offer: &Offer,
        accepted_by: Side,
        signed: Line<120>,
        collaboration: CollaborationId,
    ) -> Result<Self> {
        let before = tx.counter_held(tally("agreements").id(campaign.id).key()).await?;
        let accepted = Signature { name: signed, at: tx.now() };
        let offered = Signature { name: offer.signed.clone(), at: offer.made_at };
        let (sponsor_signed, influencer_signed) = match accepted_by {
            Side::Sponsor => (accepted, offered),
            Side::Influencer => (offered, accepted),
        };
        let agreement = Self {
            collaboration,
            request: request.id,
            campaign: campaign.id,
            number: u64::try_from(before).unwrap_or(0) + 1,
            sponsor: request.sponsor,
            influencer: request.influencer,
            offer: offer.number,
            amount: offer.amount,
            currency: tx.settings().currency.code().to_owned(),
            deliverables: offer.deliverables.clone(),
            due: offer.due,
            usage_rights: offer.usage_rights.clone(),
            note: offer.note.clone(),
            title: campaign.title.clone(),
            brief: campaign.brief.clone(),
            label: campaign.label.clone(),
            terms: Terms::in_force(tx.settings()),
            sponsor_signed,
            influencer_signed,
            hash: String::new(),
        };
        Ok(Self { hash: agreement.computed_hash()?, ..agreement })
    }

    /// The hash over what it says, computed anew: equal to [`hash`](Self::hash) unless somebody tampered with it.
    ///
    /// # Errors
    /// If it has no JSON form.
    pub fn computed_hash(&self) -> Result<String> {
        let unhashed = Self { hash: String::new(), ..self.clone() };
        let json = serde_json::to_string(&unhashed).map_err(|error| Error::Corrupt(error.to_string()))?;
        Ok(secret::sha256(&[&json]))
    }
}

impl Record for Agreement {
    const TABLE: Table = Table::Agreement;

    fn key(&self) -> Key {
        Self::at(self.collaboration)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.unique(Self::by_number(self.campaign, self.number), self.collaboration.0);
        derived.count(tally("agreements").id(self.campaign).key(), 1);
    }
}

/// Looks at an agreement.
#[derive(Clone, Debug)]
pub struct ViewAgreement {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for ViewAgreement {
    type Output = Agreement;
    const ACTION: Action = Action::ViewAgreement;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Agreement> {
        Collaboration::fetch_seen(tx, self.collaboration).await?;
        tx.peek_at(Agreement::at(self.collaboration)).await?.ok_or(Error::NotFound)
    }
}
