//! What people say when they do something to a collaboration.

use crate::api::Date;
use crate::api::amount::Amount;
use iescp_core::collaboration::{ResultsInput, SubmittedWorkInput};
use poem_openapi::Object;

/// Work that is submitted.
#[derive(Object)]
pub struct NewSubmission {
    /// The live address of each piece of work.
    #[oai(validator(min_items = 1, max_items = 200))]
    pub works: Vec<NewWork>,
    /// A word to the sponsor.
    #[oai(validator(max_length = 2000))]
    pub note: Option<String>,
    /// That the required label is shown on each; without it there is no submission.
    pub label_shown: bool,
}

/// One piece of work that is submitted.
#[derive(Object)]
pub struct NewWork {
    /// Which deliverable, from 0.
    #[oai(validator(minimum(value = "0"), maximum(value = "19")))]
    pub deliverable: i64,
    /// Where it is live.
    #[oai(validator(min_length = 1, max_length = 500))]
    pub url: String,
}

impl NewWork {
    pub(super) fn input(self) -> SubmittedWorkInput {
        SubmittedWorkInput { deliverable: self.deliverable, url: self.url }
    }
}

/// What is to be changed in submitted work.
#[derive(Object)]
pub struct WantedChanges {
    /// What, and why.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub reasons: String,
}

/// Why something is done.
#[derive(Object)]
pub struct Grounds {
    /// In words that the other side reads.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub reason: String,
}

/// Why something is done, if one wants to say.
#[derive(Object)]
pub struct GroundsIfAny {
    /// In words that the other side reads.
    #[oai(validator(max_length = 2000))]
    pub reason: Option<String>,
}

/// How somebody would end a collaboration.
#[derive(Object)]
pub struct NewSplit {
    /// The influencer's share, from nothing to all of it; the sponsor gets the rest.
    pub to_influencer: Amount,
    /// A word to the other side.
    #[oai(validator(max_length = 2000))]
    pub note: Option<String>,
}

/// Yes to the other side's proposal.
#[derive(Object)]
pub struct SplitAcceptance {
    /// The number of the proposal.
    #[oai(validator(minimum(value = "1")))]
    pub split: u64,
}

/// An admin's decision.
#[derive(Object)]
pub struct NewRuling {
    /// The influencer's share, from nothing to all of it; the campaign gets the rest.
    pub to_influencer: Amount,
    /// Why; both parties read it.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub reasons: String,
}

/// A review of the other party.
#[derive(Object)]
pub struct NewReview {
    /// From 1 to 5.
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    pub rating: i64,
    /// In words.
    #[oai(validator(max_length = 2000))]
    pub text: Option<String>,
}

/// Figures about one piece of work; at least one of the four.
#[derive(Object)]
pub struct NewResults {
    /// Which deliverable, from 0.
    #[oai(validator(minimum(value = "0"), maximum(value = "19")))]
    pub deliverable: i64,
    /// How often it was seen.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000000000000")))]
    pub views: Option<i64>,
    /// How often somebody reacted.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000000000000")))]
    pub engagements: Option<i64>,
    /// How often somebody followed its link.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000000000000")))]
    pub clicks: Option<i64>,
    /// How often somebody bought.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000000000000")))]
    pub sales: Option<i64>,
    /// The day the figures are of; today when none is given.
    pub day: Option<Date>,
    /// Where they come from.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub source: String,
}

impl NewResults {
    pub(super) fn input(self) -> ResultsInput {
        ResultsInput {
            deliverable: self.deliverable,
            views: self.views,
            engagements: self.engagements,
            clicks: self.clicks,
            sales: self.sales,
            day: self.day.map(|day| day.0.to_string()),
            source: self.source,
        }
    }
}
