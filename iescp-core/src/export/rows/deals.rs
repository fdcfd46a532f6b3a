//! Rows of campaigns, ad requests and collaborations.

use super::{Cell, records};
use crate::{
    Result, Tx,
    account::{name_keys, name_of},
    campaign::{Campaign, CampaignMoney},
    collaboration::Collaboration,
    id::{AccountId, CampaignId},
    request::{Offer, Request},
    store::Key,
};
use jiff::Timestamp;
use uuid::Uuid;

pub(super) const CAMPAIGN: &[&str] = &[
    "campaign_id",
    "title",
    "state",
    "visibility",
    "flagged",
    "niches",
    "platforms",
    "start",
    "end",
    "currency",
    "budget",
    "funded",
    "held",
    "paid",
    "available",
    "label",
    "created_at",
    "published_at",
    "closed_at",
];

pub(super) async fn campaigns(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Vec<Cell>>> {
    let campaigns: Vec<Campaign> = records(tx, ids, |id| Campaign::at(id.into())).await?;
    tx.load(&campaigns.iter().flat_map(|campaign| CampaignMoney::keys(campaign.id)).collect::<Vec<_>>()).await?;
    let mut rows = Vec::with_capacity(campaigns.len());
    for campaign in campaigns {
        let money = CampaignMoney::of(tx, &campaign).await?;
        let platforms: Vec<String> = campaign.platforms.iter().map(|platform| platform.word().to_owned()).collect();
        rows.push(vec![
            Cell::id(campaign.id),
            Cell::text(&campaign.title),
            Cell::Word(campaign.state.word()),
            Cell::Word(campaign.visibility.word()),
            Cell::Word(if campaign.flagged.is_some() { "yes" } else { "no" }),
            Cell::text(campaign.niches.join(", ")),
            Cell::text(platforms.join(", ")),
            Cell::maybe(campaign.start, Cell::Day),
            Cell::maybe(campaign.end, Cell::Day),
            Cell::Currency,
            Cell::Amount(money.budget),
            Cell::Amount(money.funded),
            Cell::Amount(money.held),
            Cell::Amount(money.paid),
            Cell::Amount(money.available),
            Cell::text(&campaign.label),
            Cell::Moment(campaign.created_at),
            Cell::maybe(campaign.published_at, Cell::Moment),
            Cell::maybe(campaign.closed_at, Cell::Moment),
        ]);
    }
    Ok(rows)
}

pub(super) const REQUEST: &[&str] = &[
    "request_id",
    "campaign_id",
    "campaign",
    "sponsor_id",
    "sponsor",
    "influencer_id",
    "influencer",
    "direction",
    "state",
    "offer",
    "offered_by",
    "currency",
    "amount",
    "pieces",
    "due",
    "final",
    "offered_at",
    "expires_at",
    "created_at",
    "ended_at",
    "ended_by",
    "reason",
];

pub(super) async fn requests(tx: &mut Tx<'_>, ids: &[Uuid], at: Timestamp) -> Result<Vec<Vec<Cell>>> {
    let requests: Vec<Request> = records(tx, ids, |id| Request::at(id.into())).await?;
    let offers = requests.iter().map(|request| Offer::at(request.id, request.offer));
    let named = requests.iter().flat_map(|request| named_keys(request.campaign, request.sponsor, request.influencer));
    tx.load(&offers.chain(named).collect::<Vec<_>>()).await?;
    let mut rows = Vec::with_capacity(requests.len());
    for request in requests {
        let offer: Option<Offer> = tx.peek_at(Offer::at(request.id, request.offer)).await?;
        let campaign: Option<Campaign> = tx.peek_at(Campaign::at(request.campaign)).await?;
        let state = campaign.as_ref().map_or(request.state, |campaign| request.state_at(at, campaign));
        let pieces = offer.as_ref().map(|offer| offer.deliverables.iter().map(|work| i64::from(work.count)).sum());
        let mut row = vec![Cell::id(request.id)];
        row.extend(names(tx, campaign, request.campaign, request.sponsor, request.influencer).await?);
        row.extend([
            Cell::Word(match request.direction.asker() {
                crate::request::Side::Influencer => "application",
                crate::request::Side::Sponsor => "invitation",
            }),
            Cell::Word(state.word()),
            Cell::count(request.offer),
            Cell::Word(request.offered_by.word()),
            Cell::Currency,
            Cell::maybe(offer.as_ref(), |offer| Cell::Amount(offer.amount)),
            Cell::maybe(pieces, Cell::Number),
            Cell::maybe(offer.as_ref(), |offer| Cell::Day(offer.due)),
            Cell::Word(if request.is_final { "yes" } else { "no" }),
            Cell::Moment(request.offered_at),
            Cell::Moment(request.expires_at),
            Cell::Moment(request.created_at),
            Cell::maybe(request.ended_at, Cell::Moment),
            Cell::maybe(request.ended_by, |side| Cell::Word(side.word())),
            Cell::text(&request.reason),
        ]);
        rows.push(row);
    }
    Ok(rows)
}

pub(super) const COLLABORATION: &[&str] = &[
    "collaboration_id",
    "campaign_id",
    "campaign",
    "sponsor_id",
    "sponsor",
    "influencer_id",
    "influencer",
    "state",
    "currency",
    "amount",
    "paid",
    "returned",
    "due",
    "submissions",
    "first_submitted_at",
    "last_submitted_at",
    "changes_asked",
    "reach",
    "disputes",
    "created_at",
    "ended_at",
    "request_id",
];

pub(super) async fn collaborations(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Vec<Cell>>> {
    let collaborations: Vec<Collaboration> = records(tx, ids, |id| Collaboration::at(id.into())).await?;
    let named = collaborations.iter().flat_map(|work| named_keys(work.campaign, work.sponsor, work.influencer));
    tx.load(&named.collect::<Vec<_>>()).await?;
    let mut rows = Vec::with_capacity(collaborations.len());
    for work in collaborations {
        let campaign: Option<Campaign> = tx.peek_at(Campaign::at(work.campaign)).await?;
        let mut row = vec![Cell::id(work.id)];
        row.extend(names(tx, campaign, work.campaign, work.sponsor, work.influencer).await?);
        row.extend([
            Cell::Word(work.state.word()),
            Cell::Currency,
            Cell::maybe(work.amount, Cell::Amount),
            Cell::maybe(work.end.as_ref(), |end| Cell::Amount(end.paid)),
            Cell::maybe(work.end.as_ref(), |end| Cell::Amount(end.returned)),
            Cell::Day(work.due),
            Cell::count(work.submissions),
            Cell::maybe(work.first_submitted_at, Cell::Moment),
            Cell::maybe(work.submitted_at, Cell::Moment),
            Cell::count(work.rounds),
            Cell::maybe(work.reach, Cell::Number),
            Cell::count(work.disputes),
            Cell::Moment(work.created_at),
            Cell::maybe(work.end.as_ref(), |end| Cell::Moment(end.at)),
            Cell::id(work.request),
        ]);
        rows.push(row);
    }
    Ok(rows)
}

fn named_keys(campaign: CampaignId, sponsor: AccountId, influencer: AccountId) -> Vec<Key> {
    let names = name_keys(sponsor).into_iter().chain(name_keys(influencer));
    names.chain([Campaign::at(campaign)]).collect()
}

/// The campaign and the two parties, each with its name.
async fn names(
    tx: &mut Tx<'_>,
    campaign: Option<Campaign>,
    id: CampaignId,
    sponsor: AccountId,
    influencer: AccountId,
) -> Result<[Cell; 6]> {
    Ok([
        Cell::id(id),
        Cell::maybe(campaign, |campaign| Cell::text(&campaign.title)),
        Cell::id(sponsor),
        Cell::Text(name_of(tx, sponsor).await?),
        Cell::id(influencer),
        Cell::Text(name_of(tx, influencer).await?),
    ])
}
