//! What an influencer submits: the live address of each piece of work.

use crate::{
    Result,
    id::{CollaborationId, PictureId},
    request::Deliverable,
    store::{Key, keys::Table, record::Record},
    value::{Form, Prose, WebUrl},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The live address of one piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittedWork {
    /// Which deliverable of the agreement, from 0.
    pub deliverable: u32,
    /// Where it is live.
    pub url: WebUrl,
}

/// What was submitted at one time. Never changed, but for what the sponsor wants changed and further pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// Its number there, from 1.
    pub number: u64,
    /// Where the work is live.
    pub works: Vec<SubmittedWork>,
    /// A word to the sponsor.
    pub note: Prose<2000>,
    /// That the required label is shown.
    pub label_shown: bool,
    /// When.
    pub at: Timestamp,
    /// What the sponsor wants changed, if they asked for changes.
    #[serde(default)]
    pub changes: Option<Prose<2000>>,
    /// Pictures that prove it: at most [`MOST_PROOFS`](crate::picture::MOST_PROOFS).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<PictureId>,
}

impl Submission {
    /// Where a submission is kept.
    #[must_use]
    pub fn at(collaboration: CollaborationId, number: u64) -> Key {
        Table::Submission.start().id(collaboration).number(number).key()
    }
}

impl Record for Submission {
    const TABLE: Table = Table::Submission;

    fn key(&self) -> Key {
        Self::at(self.collaboration, self.number)
    }
}

/// What an influencer says of one piece of work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmittedWorkInput {
    /// Which deliverable of the agreement, from 0.
    pub deliverable: i64,
    /// Where it is live.
    pub url: String,
}

/// Parses what is submitted: an address for each deliverable of the agreement, and as many more as each is counted for.
pub(super) fn parse_works(said: &[SubmittedWorkInput], agreed: &[Deliverable]) -> Result<Vec<SubmittedWork>> {
    let most: usize = agreed.iter().map(|work| work.count as usize).sum();
    let mut form = Form::default();
    form.length("works", said, 1, most.clamp(1, 200));
    let mut works = Vec::new();
    for (at, work) in said.iter().take(200).enumerate() {
        form.inside(format!("works/{at}/"));
        let url = form.take("url", WebUrl::parse(&work.url));
        match u32::try_from(work.deliverable).ok().filter(|which| agreed.len() > *which as usize) {
            Some(deliverable) => works.push(SubmittedWork { deliverable, url }),
            None => form.wrong("deliverable", "unknown", "The agreement has no such deliverable."),
        }
    }
    form.inside("");
    for (at, which) in agreed.iter().zip(0_u32..).map(|(agreed, at)| (at, agreed)) {
        let given = works.iter().filter(|work| work.deliverable == at).count();
        if given == 0 {
            form.wrong("works", "missing", format!("Please give the address of deliverable {at} ({}).", which.format.word()));
        } else if given > which.count as usize {
            form.wrong("works", "too_many", format!("Deliverable {at} has {} pieces; you gave {given}.", which.count));
        }
    }
    form.finish()?;
    Ok(works)
}
