//! Negotiations as the parties see them.

use super::{Offer, Request, RequestState};
use crate::{
    Error, Likely, Operation, Page, PageRequest, Result, Tx,
    account::{Influencer, name_keys, name_of, picture_of},
    campaign::{Campaign, CampaignMoney, CampaignView, Visibility},
    id::{AccountId, CampaignId, CollaborationId, PictureId, RequestId},
    policy::{Action, Subject},
    store::{
        Key, Read,
        keys::{KeyParts, list},
    },
};
use serde::{Deserialize, Serialize};

/// A negotiation as its parties see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// The request, as written.
    pub request: Request,
    /// Its state at this moment: what has expired by the clock is expired.
    pub state: RequestState,
    /// What the campaign is called; empty for an influencer who no longer knows of a private one.
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
    /// The offers, oldest first; in lists only the one on the table.
    pub offers: Vec<Offer>,
    /// Whether the campaign's words changed since the offer on the table was made.
    pub voided: bool,
    /// Whether it is the asker's turn.
    pub your_turn: bool,
    /// What follows from it, if it was accepted.
    pub collaboration: Option<CollaborationId>,
    /// The version of the record; zero where this answers a change.
    pub version: u64,
}

impl RequestView {
    /// The negotiation with the offer on the table.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of(tx: &mut Tx<'_>, request: Request, campaign: Option<Campaign>) -> Result<Self> {
        let version = tx.version_at(&Request::at(request.id)).await?;
        tx.load(&around(&request)).await?;
        let campaign = match campaign {
            Some(campaign) => campaign,
            None => tx.peek_at(Campaign::at(request.campaign)).await?.ok_or(Error::NotFound)?,
        };
        let offer: Option<Offer> = tx.peek_at(Offer::at(request.id, request.offer)).await?;
        let state = request.state_at(tx.now(), &campaign);
        let side = tx.viewer().and_then(|me| request.side_of(me.id));
        let collaboration = if state == RequestState::Accepted {
            tx.led_to(crate::collaboration::Collaboration::of(request.id)).await?
        } else {
            None
        };
        Ok(Self {
            state,
            campaign_title: {
                let viewer = tx.viewer().map(|me| me.id);
                title_for(tx, &campaign, &request, state, viewer).await?
            },
            sponsor_name: name_of(tx, request.sponsor).await?,
            influencer_name: name_of(tx, request.influencer).await?,
            sponsor_picture: picture_of(tx, request.sponsor).await?,
            influencer_picture: picture_of(tx, request.influencer).await?,
            offers: offer.into_iter().collect(),
            voided: state == RequestState::Open && request.wording != campaign.wording,
            your_turn: state == RequestState::Open && side == Some(request.turn()),
            collaboration,
            version,
            request,
        })
    }
}

/// What a look at a negotiation reads, so that it can be read in one round trip.
fn around(request: &Request) -> Vec<Key> {
    let mut keys = vec![
        Campaign::at(request.campaign),
        Offer::at(request.id, request.offer),
        crate::collaboration::Collaboration::of(request.id),
    ];
    keys.extend([request.sponsor, request.influencer].into_iter().flat_map(name_keys));
    keys
}

/// What the campaign is called; nothing, where the campaign is private and the influencer who looks has no part in it any more.
pub(crate) async fn title_for(
    tx: &mut Tx<'_>,
    campaign: &Campaign,
    request: &Request,
    state: RequestState,
    viewer: Option<AccountId>,
) -> Result<String> {
    let concerns = matches!(state, RequestState::Open | RequestState::Accepted)
        || campaign.visibility == Visibility::Public
        || viewer != Some(request.influencer)
        || tx.counter(Campaign::collaborations_with(campaign.id, request.influencer)).await? > 0;
    Ok(if concerns { campaign.title.to_string() } else { String::new() })
}

/// Looks at one negotiation, with all its offers.
#[derive(Clone, Debug)]
pub struct ViewRequest {
    /// Which negotiation.
    pub request: RequestId,
}

impl Operation for ViewRequest {
    type Output = RequestView;
    const ACTION: Action = Action::ViewRequest;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        Read::all([Request::at(self.request)])
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let request: Option<Request> = tx.get_at(Request::at(self.request)).await?;
        let Some(request) = request else { return tx.allow_missing() };
        tx.allow(&request.subject())?;
        with_offers(tx, request, Vec::new()).await
    }
}

/// A negotiation with all its offers; other keys are read on the way.
async fn with_offers(tx: &mut Tx<'_>, request: Request, others: Vec<Key>) -> Result<RequestView> {
    let numbered: Vec<Key> = (1..=request.offer).map(|number| Offer::at(request.id, number)).collect();
    tx.load(&[around(&request), numbered.clone(), others].concat()).await?;
    let mut offers = Vec::with_capacity(numbered.len());
    for key in numbered {
        offers.extend(tx.peek_at(key).await?);
    }
    let view = RequestView::of(tx, request, None).await?;
    Ok(RequestView { offers, ..view })
}

/// A negotiation with what its parties need for their next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Negotiation {
    /// The negotiation, with all its offers.
    pub view: RequestView,
    /// The campaign, its money for its sponsor; none for an influencer who no longer knows of it.
    pub campaign: Option<CampaignView>,
    /// The influencer's profile, with what they usually ask.
    pub influencer: Option<Influencer>,
}

/// Looks at one negotiation, with what its parties need for their next step.
#[derive(Clone, Debug)]
pub struct ViewNegotiation {
    /// Which negotiation.
    pub request: RequestId,
}

impl Operation for ViewNegotiation {
    type Output = Negotiation;
    const ACTION: Action = Action::ViewRequest;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        Read::all([Request::at(self.request)])
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Negotiation> {
        let request: Option<Request> = tx.get_at(Request::at(self.request)).await?;
        let Some(request) = request else { return tx.allow_missing() };
        tx.allow(&request.subject())?;
        let (campaign, influencer) = (request.campaign, request.influencer);
        let view = with_offers(tx, request, CampaignMoney::keys(campaign)).await?;
        let known = (!view.campaign_title.is_empty()).then_some(Campaign::at(campaign));
        let campaign = match known {
            Some(key) => tx.peek_at::<Campaign>(key).await?,
            None => None,
        };
        let campaign = match campaign {
            Some(campaign) => Some(CampaignView::of(tx, campaign).await?),
            None => None,
        };
        Ok(Negotiation { view, campaign, influencer: tx.peek_at(Influencer::at(influencer)).await? })
    }
}

/// One's own negotiations, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListRequests {
    /// Only those in this state.
    pub state: Option<RequestState>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListRequests {
    type Output = Page<RequestView>;
    const ACTION: Action = Action::ListRequests;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        self.page.ahead(self.of(asker.account))
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<RequestView>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        page(tx, self.of(me), &self.page).await
    }
}

impl ListRequests {
    fn of(&self, me: AccountId) -> KeyParts {
        match self.state {
            Some(state) => list("requests-of-in-state").id(me).word(state.word()),
            None => list("requests-of").id(me),
        }
    }
}

/// The negotiations in a campaign, newest first; for its sponsor and admins.
#[derive(Clone, Debug)]
pub struct ListCampaignRequests {
    /// In which campaign.
    pub campaign: CampaignId,
    /// Only those in this state.
    pub state: Option<RequestState>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListCampaignRequests {
    type Output = Page<RequestView>;
    const ACTION: Action = Action::ListCampaignRequests;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        let mut reads = self.page.ahead(self.of());
        reads.push(Read::Get(Campaign::at(self.campaign)));
        reads
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<RequestView>> {
        Campaign::fetch_seen(tx, self.campaign).await?;
        page(tx, self.of(), &self.page).await
    }
}

impl ListCampaignRequests {
    fn of(&self) -> KeyParts {
        match self.state {
            Some(state) => list("requests-in-state").id(self.campaign).word(state.word()),
            None => list("requests-in").id(self.campaign),
        }
    }
}

async fn page(tx: &mut Tx<'_>, of: KeyParts, page: &PageRequest) -> Result<Page<RequestView>> {
    let page = tx.page_of::<Request>(of, page, |id| Request::at(id.into())).await?;
    tx.load(&page.items.iter().flat_map(around).collect::<Vec<Key>>()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for request in page.items {
        items.push(RequestView::of(tx, request, None).await?);
    }
    Ok(Page { items, next: page.next })
}
