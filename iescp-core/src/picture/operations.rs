//! Putting, removing and showing pictures. Those that take a draft are run by [`place`](super::place), which sees to the bytes.

use super::{MOST_PROOFS, Picture, PictureDraft, PictureOf};
use crate::{
    Error, Likely, Operation, Result, Tx,
    account::{Account, AccountState, Role},
    campaign::Campaign,
    collaboration::{Collaboration, CollaborationState, Submission},
    event::thing,
    id::{AccountId, CampaignId, CollaborationId, PictureId},
    policy::{Action, SeenBy, Subject},
    store::Read,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;

/// What came of putting a picture somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The picture that is there now.
    pub picture: PictureId,
}

/// Puts a picture on one's own profile, in place of the one before.
#[derive(Clone, Copy, Debug)]
pub struct PutOwnPicture {
    /// The picture.
    pub draft: PictureDraft,
}

impl Operation for PutOwnPicture {
    type Output = Placed;
    const ACTION: Action = Action::PutOwnPicture;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Placed> {
        let mut me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        if me.role == Role::Admin {
            return Err(Error::Forbidden("Admins have no profile that a picture could be on.".into()));
        }
        Picture::drop(tx, me.picture.replace(self.draft.id)).await?;
        Picture::add(tx, &self.draft, me.id, PictureOf::Account(me.id)).await?;
        tx.put(&me)?;
        tx.happened([thing("account", me.id)], json!({ "picture": self.draft.id }));
        Ok(Placed { picture: self.draft.id })
    }
}

/// Takes the picture off one's own profile.
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoveOwnPicture;

impl Operation for RemoveOwnPicture {
    type Output = ();
    const ACTION: Action = Action::RemoveOwnPicture;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        let Some(picture) = me.picture.take() else { return Ok(()) };
        Picture::drop(tx, Some(picture)).await?;
        tx.put(&me)?;
        tx.happened([thing("account", me.id)], json!({ "picture": null }));
        Ok(())
    }
}

/// Gives a campaign a picture, in place of the one before. It changes no words that offers rest on.
#[derive(Clone, Copy, Debug)]
pub struct PutCampaignPicture {
    /// Which campaign.
    pub campaign: CampaignId,
    /// The picture.
    pub draft: PictureDraft,
}

impl Operation for PutCampaignPicture {
    type Output = Placed;
    const ACTION: Action = Action::PutCampaignPicture;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Placed> {
        let mut campaign = changeable(tx, self.campaign).await?;
        Picture::drop(tx, campaign.picture.replace(self.draft.id)).await?;
        Picture::add(tx, &self.draft, campaign.sponsor, PictureOf::Campaign(campaign.id)).await?;
        tx.put(&campaign)?;
        tx.happened([thing("campaign", campaign.id)], json!({ "picture": self.draft.id }));
        Ok(Placed { picture: self.draft.id })
    }
}

/// Takes a campaign's picture away.
#[derive(Clone, Copy, Debug)]
pub struct RemoveCampaignPicture {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for RemoveCampaignPicture {
    type Output = ();
    const ACTION: Action = Action::RemoveCampaignPicture;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut campaign = changeable(tx, self.campaign).await?;
        let Some(picture) = campaign.picture.take() else { return Ok(()) };
        Picture::drop(tx, Some(picture)).await?;
        tx.put(&campaign)?;
        tx.happened([thing("campaign", campaign.id)], json!({ "picture": null }));
        Ok(())
    }
}

async fn changeable(tx: &mut Tx<'_>, id: CampaignId) -> Result<Campaign> {
    let campaign = Campaign::fetch_seen(tx, id).await?;
    if campaign.is_over(tx.now()) {
        return Err(Error::not_now("campaign_ended", "This campaign has ended and stays as it is."));
    }
    Ok(campaign)
}

/// Adds a picture to what was submitted last, while it waits for its review or is disputed. What was submitted stays as it was.
#[derive(Clone, Copy, Debug)]
pub struct AddProof {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// The picture.
    pub draft: PictureDraft,
}

impl Operation for AddProof {
    type Output = Placed;
    const ACTION: Action = Action::AddProof;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Placed> {
        let collaboration = Collaboration::fetch_seen(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Submitted, CollaborationState::Disputed])?;
        let last = Submission::at(collaboration.id, collaboration.submissions);
        let nothing = || Error::not_now("nothing_submitted", "Nothing has been submitted yet that this could prove.");
        let mut submission: Submission = tx.get_at(last).await?.ok_or_else(nothing)?;
        add_proofs(tx, &mut submission, collaboration.influencer, &[self.draft]).await?;
        tx.put(&submission)?;
        tx.happened(
            [thing("collaboration", collaboration.id)],
            json!({ "submission": submission.number, "picture": self.draft.id }),
        );
        tx.heard_by(collaboration.sponsor);
        Ok(Placed { picture: self.draft.id })
    }
}

/// Adds pictures to a submission that is about to be written.
pub(crate) async fn add_proofs(
    tx: &mut Tx<'_>,
    submission: &mut Submission,
    owner: AccountId,
    drafts: &[PictureDraft],
) -> Result<()> {
    if submission.proofs.len() + drafts.len() > MOST_PROOFS {
        return Err(Error::invalid("proofs", "too_many", format!("A submission has at most {MOST_PROOFS} pictures.")));
    }
    let of = PictureOf::Submission { collaboration: submission.collaboration, number: submission.number };
    for draft in drafts {
        Picture::add(tx, draft, owner, of).await?;
        submission.proofs.push(draft.id);
    }
    Ok(())
}

/// A picture that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureView {
    /// It.
    pub picture: Picture,
    /// Whether everyone may see it, also those who have not signed in.
    pub public: bool,
}

/// Looks at a picture: whether it is there for whoever asks. Its bytes are the platform's [`blobs`](crate::Platform::blobs).
#[derive(Clone, Copy, Debug)]
pub struct ViewPicture {
    /// Which picture.
    pub picture: PictureId,
}

impl Operation for ViewPicture {
    type Output = PictureView;
    const ACTION: Action = Action::ViewPicture;

    fn foresees(&self, _asker: Likely) -> Vec<Read> {
        vec![Read::Get(Picture::at(self.picture))]
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<PictureView> {
        let Some(picture) = tx.peek_at::<Picture>(Picture::at(self.picture)).await? else { return tx.allow_missing() };
        let public = match picture.of {
            PictureOf::Account(id) => {
                let Some(account) = tx.peek_at::<Account>(Account::at(id)).await? else { return tx.allow_missing() };
                let subject = account.profile_subject();
                tx.allow(&subject)?;
                subject.seen_by == SeenBy::Everyone
            }
            PictureOf::Campaign(id) => {
                let campaign = Campaign::fetch_seen(tx, id).await?;
                let owner: Option<Account> = tx.peek_at(Account::at(campaign.sponsor)).await?;
                campaign.is_listed(tx.now()) && owner.is_some_and(|owner| owner.state == AccountState::Active)
            }
            PictureOf::Submission { collaboration, .. } => {
                Collaboration::fetch_seen(tx, collaboration).await?;
                false
            }
        };
        if !picture.is_named(tx).await? {
            return Err(Error::NotFound);
        }
        Ok(PictureView { picture, public })
    }
}

/// Says which of these pictures there are: for the sweep.
#[derive(Clone, Debug)]
pub(crate) struct ListKnownPictures {
    /// Their ids.
    pub of: BTreeSet<PictureId>,
}

impl Operation for ListKnownPictures {
    type Output = BTreeSet<PictureId>;
    const ACTION: Action = Action::ListKnownPictures;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<BTreeSet<PictureId>> {
        tx.allow(&Subject::PLATFORM)?;
        tx.load(&self.of.iter().map(|id| Picture::at(*id)).collect::<Vec<_>>()).await?;
        let mut known = BTreeSet::new();
        for id in &self.of {
            known.extend(tx.peek_at::<Picture>(Picture::at(*id)).await?.map(|picture| picture.id));
        }
        Ok(known)
    }
}
