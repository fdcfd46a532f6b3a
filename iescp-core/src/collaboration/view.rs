//! Collaborations as the parties see them.

use super::{Agreement, Collaboration, CollaborationState, Dispute, Results, Review, Submission};
use crate::{
    Error, Likely, Operation, Page, PageRequest, Result, Tx,
    account::{name_keys, name_of, picture_of},
    campaign::Campaign,
    id::{AccountId, CollaborationId, PictureId},
    policy::{Action, Subject},
    request::{Deliverable, Side},
    store::{
        Key, Read, Scan,
        keys::{KeyParts, Table, list},
        record::{Record, decode},
    },
    value::Line,
};
use serde::{Deserialize, Serialize};

/// A collaboration as its parties see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollaborationView {
    /// The collaboration.
    pub collaboration: Collaboration,
    /// What the campaign is called.
    pub campaign_title: String,
    /// What the sponsor is called.
    pub sponsor_name: String,
    /// What the influencer is called.
    pub influencer_name: String,
    /// The sponsor's logo, where everyone may see it.
    #[serde(default)]
    pub sponsor_picture: Option<PictureId>,
    /// The influencer's portrait, where everyone may see it.
    #[serde(default)]
    pub influencer_picture: Option<PictureId>,
    /// The number of its agreement in the campaign; none for those of V2.
    pub agreement: Option<u64>,
    /// What was agreed to be delivered.
    pub deliverables: Vec<Deliverable>,
    /// What every advertisement must show.
    pub label: Option<Line<60>>,
    /// What was submitted, oldest first; in lists nothing.
    pub submissions: Vec<Submission>,
    /// What was reported, oldest first for each deliverable; in lists nothing.
    pub results: Vec<Results>,
    /// The disputes there were, oldest first; in lists nothing.
    pub disputes: Vec<Dispute>,
    /// The reviews the actor may see: their own, and the other's once it is published.
    pub reviews: Vec<Review>,
    /// The version of the record; zero where this answers a change.
    pub version: u64,
}

impl CollaborationView {
    /// The collaboration without what grew in it.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of(tx: &mut Tx<'_>, collaboration: Collaboration) -> Result<Self> {
        let version = tx.version_at(&Collaboration::at(collaboration.id)).await?;
        tx.load(&around(&collaboration)).await?;
        let campaign: Option<Campaign> = tx.peek_at(Campaign::at(collaboration.campaign)).await?;
        let agreement: Option<Agreement> = tx.peek_at(Agreement::at(collaboration.id)).await?;
        Ok(Self {
            campaign_title: campaign.map(|campaign| campaign.title.to_string()).unwrap_or_default(),
            sponsor_name: name_of(tx, collaboration.sponsor).await?,
            influencer_name: name_of(tx, collaboration.influencer).await?,
            sponsor_picture: picture_of(tx, collaboration.sponsor).await?,
            influencer_picture: picture_of(tx, collaboration.influencer).await?,
            agreement: agreement.as_ref().map(|agreement| agreement.number),
            label: agreement.as_ref().map(|agreement| agreement.label.clone()),
            deliverables: agreement.map(|agreement| agreement.deliverables).unwrap_or_default(),
            submissions: Vec::new(),
            results: Vec::new(),
            disputes: Vec::new(),
            reviews: Vec::new(),
            version,
            collaboration,
        })
    }
}

/// Looks at one collaboration, with what was submitted, reported, disputed and reviewed.
#[derive(Clone, Debug)]
pub struct ViewCollaboration {
    /// Which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for ViewCollaboration {
    type Output = CollaborationView;
    const ACTION: Action = Action::ViewCollaboration;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        Read::all([Collaboration::at(self.collaboration), Agreement::at(self.collaboration)])
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let collaboration = Collaboration::fetch_seen(tx, self.collaboration).await?;
        let (id, me) = (collaboration.id, tx.viewer().map(|me| me.id));
        let mine = me.and_then(|me| collaboration.side_of(me));
        let Whole { keys, ranges, written, submitted, disputed } = whole(&collaboration);
        let reported = !ranges.is_empty();
        tx.load_all(&keys, ranges).await?;
        let view = CollaborationView::of(tx, collaboration).await?;
        let mut reviews: Vec<Review> = rows(tx, written).await?;
        reviews.retain(|review| review.published_at.is_some() || mine.is_none() || mine == Some(review.by));
        Ok(CollaborationView {
            submissions: rows(tx, submitted).await?,
            results: if reported { results(tx, id).await? } else { Vec::new() },
            disputes: rows(tx, disputed).await?,
            reviews,
            ..view
        })
    }
}

/// What a look at a collaboration reads in any case, so that it can be read in one round trip.
pub(super) fn around(collaboration: &Collaboration) -> Vec<Key> {
    let mut keys = vec![Campaign::at(collaboration.campaign), Agreement::at(collaboration.id)];
    keys.extend([collaboration.sponsor, collaboration.influencer].into_iter().flat_map(name_keys));
    keys
}

/// Where all of a collaboration is kept.
pub(super) struct Whole {
    /// All single keys.
    pub keys: Vec<Key>,
    /// The results, if there are any.
    pub ranges: Vec<Scan>,
    written: [Key; 2],
    submitted: Vec<Key>,
    disputed: Vec<Key>,
}

pub(super) fn whole(collaboration: &Collaboration) -> Whole {
    let id = collaboration.id;
    let written = [Side::Sponsor, Side::Influencer].map(|side| Review::at(id, side));
    let submitted: Vec<Key> = (1..=collaboration.submissions).map(|number| Submission::at(id, number)).collect();
    let disputed: Vec<Key> = (1..=collaboration.disputes).map(|number| Dispute::at(id, number)).collect();
    let keys = [around(collaboration), written.to_vec(), submitted.clone(), disputed.clone()].concat();
    let ranges = if collaboration.results > 0 { vec![reports_of(id)] } else { Vec::new() };
    Whole { keys, ranges, written, submitted, disputed }
}

async fn rows<R: Record>(tx: &mut Tx<'_>, keys: impl IntoIterator<Item = Key>) -> Result<Vec<R>> {
    let mut rows = Vec::new();
    for key in keys {
        rows.extend(tx.peek_at(key).await?);
    }
    Ok(rows)
}

fn reports_of(collaboration: CollaborationId) -> Scan {
    Table::Results.start().id(collaboration).range()
}

async fn results(tx: &mut Tx<'_>, collaboration: CollaborationId) -> Result<Vec<Results>> {
    let pairs = tx.scan(reports_of(collaboration)).await?;
    pairs.into_iter().map(|(_, stored)| decode(&stored.bytes)).collect()
}

/// An agreement with the names of its parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// The agreement.
    pub agreement: Agreement,
    /// What the sponsor is called.
    pub sponsor_name: String,
    /// What the influencer is called.
    pub influencer_name: String,
}

/// Looks at an agreement as a contract between two who have names.
#[derive(Clone, Debug)]
pub struct ViewContract {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for ViewContract {
    type Output = Contract;
    const ACTION: Action = Action::ViewAgreement;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        Read::all([Collaboration::at(self.collaboration), Agreement::at(self.collaboration)])
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Contract> {
        let collaboration = Collaboration::fetch_seen(tx, self.collaboration).await?;
        tx.load(&around(&collaboration)).await?;
        let agreement: Option<Agreement> = tx.peek_at(Agreement::at(self.collaboration)).await?;
        Ok(Contract {
            agreement: agreement.ok_or(Error::NotFound)?,
            sponsor_name: name_of(tx, collaboration.sponsor).await?,
            influencer_name: name_of(tx, collaboration.influencer).await?,
        })
    }
}

/// One's own collaborations, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListCollaborations {
    /// Only those in this state.
    pub state: Option<CollaborationState>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListCollaborations {
    type Output = Page<CollaborationView>;
    const ACTION: Action = Action::ListCollaborations;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        self.page.ahead(self.of(asker.account))
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<CollaborationView>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let page = tx.page_of::<Collaboration>(self.of(me), &self.page, |id| Collaboration::at(id.into())).await?;
        tx.load(&page.items.iter().flat_map(around).collect::<Vec<Key>>()).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for collaboration in page.items {
            items.push(CollaborationView::of(tx, collaboration).await?);
        }
        Ok(Page { items, next: page.next })
    }
}

impl ListCollaborations {
    fn of(&self, me: AccountId) -> KeyParts {
        match self.state {
            Some(state) => list("collaborations-of-in-state").id(me).word(state.word()),
            None => list("collaborations-of").id(me),
        }
    }
}
