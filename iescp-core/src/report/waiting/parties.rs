//! What waits for sponsors and influencers: answers, work, reviews, money, their own profile.

use super::{LOOKED_AT, Task, What, some};
use crate::{
    Result,
    account::{Account, AccountState, Influencer, Role, Sponsor, name_keys, name_of},
    campaign::{Campaign, CampaignMoney, CampaignState, CampaignView},
    collaboration::{Collaboration, CollaborationState, Review},
    event::{Thing, thing},
    id::AccountId,
    request::{Direction, Offer, Request, RequestState, Side},
    store::{Key, Scan, keys::list},
    tx::Tx,
    value::Money,
};
use jiff::Timestamp;
use uuid::Uuid;

/// Those of whose states something may wait for one of the parties.
const STATES: [CollaborationState; 5] = CollaborationState::ALL;

/// Where they are looked for.
pub(super) fn lists(me: AccountId, role: Role) -> Vec<Scan> {
    let mut lists = vec![list("requests-of-in-state").id(me).word(RequestState::Open.word())];
    lists.extend(STATES.map(|state| list("collaborations-of-in-state").id(me).word(state.word())));
    if role == Role::Sponsor {
        lists.push(list("campaigns-unfinished-of").id(me));
    }
    lists.into_iter().map(|list| some(list, true)).collect()
}

/// The tasks, and whether there may be more; other keys are read on the way.
pub(super) async fn tasks(tx: &mut Tx<'_>, me: &Account, others: Vec<Key>) -> Result<(Vec<Task>, bool)> {
    let found = tx.scans(lists(me.id, me.role)).await?;
    let cut = found.first().is_some_and(|open| open.len() == LOOKED_AT);
    let mut ids = found.into_iter().map(|found| found.into_iter().filter_map(|(key, _)| key.last_id()).collect::<Vec<Uuid>>());
    let requests = ids.next().unwrap_or_default();
    let collaborations: Vec<Uuid> = ids.by_ref().take(STATES.len()).flatten().collect();
    let campaigns = ids.next().unwrap_or_default();
    let keys = requests.iter().map(|id| Request::at((*id).into()));
    let keys = keys.chain(collaborations.iter().map(|id| Collaboration::at((*id).into())));
    let keys = keys.chain(campaigns.iter().flat_map(|id| campaign_keys(*id))).chain(name_keys(me.id)).chain(others);
    tx.load(&keys.collect::<Vec<_>>()).await?;
    let requests: Vec<Request> = records(tx, requests.iter().map(|id| Request::at((*id).into()))).await?;
    let collaborations = collaborations.iter().map(|id| Collaboration::at((*id).into()));
    let collaborations: Vec<Collaboration> = records(tx, collaborations).await?;
    let side = if me.role == Role::Sponsor { Side::Sponsor } else { Side::Influencer };
    let keys = requests.iter().flat_map(|request| {
        let names = name_keys(request.party(side.other())).into_iter();
        names.chain([Campaign::at(request.campaign), Offer::at(request.id, request.offer)])
    });
    let keys = keys.chain(collaborations.iter().flat_map(|one| {
        let names = name_keys(one.party(side.other())).into_iter();
        names.chain([Campaign::at(one.campaign), Review::at(one.id, side)])
    }));
    tx.load(&keys.collect::<Vec<_>>()).await?;
    let mut tasks = own(tx, me).await?;
    for request in requests {
        tasks.extend(of_request(tx, side, &request).await?);
    }
    for collaboration in collaborations {
        tasks.extend(of_collaboration(tx, side, &collaboration).await?);
    }
    for id in campaigns {
        tasks.extend(of_campaign(tx, me, id).await?);
    }
    Ok((tasks, cut))
}

fn campaign_keys(id: Uuid) -> Vec<Key> {
    CampaignMoney::keys(id.into()).into_iter().chain([Campaign::at(id.into())]).collect()
}

async fn records<R: crate::store::record::Record>(tx: &mut Tx<'_>, keys: impl Iterator<Item = Key>) -> Result<Vec<R>> {
    let mut records = Vec::new();
    for key in keys {
        records.extend(tx.peek_at(key).await?);
    }
    Ok(records)
}

/// What somebody's own account lacks.
async fn own(tx: &mut Tx<'_>, me: &Account) -> Result<Vec<Task>> {
    let incomplete = match me.role {
        Role::Influencer => {
            let profile: Option<Influencer> = tx.peek_at(Influencer::at(me.id)).await?;
            profile.is_some_and(|profile| !profile.is_complete())
        }
        _ => {
            let profile: Option<Sponsor> = tx.peek_at(Sponsor::at(me.id)).await?;
            profile.is_some_and(|profile| profile.description.is_empty())
        }
    };
    let task = |what| Task {
        what,
        about: thing("account", me.id),
        called: String::new(),
        with: String::new(),
        amount: None,
        since: me.created_at,
        by: None,
    };
    let wanted = [(What::ProveEmail, !me.email_verified || me.new_email.is_some()), (What::CompleteProfile, incomplete)];
    Ok(wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(what, _)| task(what)).collect())
}

pub(super) async fn of_request(tx: &mut Tx<'_>, side: Side, request: &Request) -> Result<Option<Task>> {
    let Some(campaign) = tx.peek_at::<Campaign>(Campaign::at(request.campaign)).await? else { return Ok(None) };
    if !request.is_open_for(tx.now(), &campaign) {
        return Ok(None);
    }
    let what = match (request.turn() == side, request.offer, request.direction) {
        (true, 1, Direction::Invitation) => What::AnswerInvitation,
        (true, 1, Direction::Application) => What::AnswerApplication,
        (true, ..) => What::AnswerOffer,
        (false, ..) if request.wording != campaign.wording => What::ConfirmOffer,
        (false, ..) => return Ok(None),
    };
    let offer: Option<Offer> = tx.peek_at(Offer::at(request.id, request.offer)).await?;
    Ok(Some(Task {
        what,
        about: thing("request", request.id),
        called: campaign.title.to_string(),
        with: name_of(tx, request.party(side.other())).await?,
        amount: offer.map(|offer| offer.amount),
        since: request.offered_at,
        by: Some(request.expires_at),
    }))
}

pub(super) async fn of_collaboration(tx: &mut Tx<'_>, side: Side, one: &Collaboration) -> Result<Vec<Task>> {
    let now = tx.now();
    let mut due: Vec<(What, Timestamp, Option<Timestamp>)> = Vec::new();
    if let Some(split) = one.split.as_ref().filter(|split| split.by != side && split.is_open(now)) {
        due.push((What::AnswerSplit, split.at, Some(split.expires_at)));
    }
    match (one.state, side) {
        // What was brought over without terms is closed by its sponsor.
        (CollaborationState::Active, Side::Influencer) if one.amount.is_some() => {
            let what = if one.submissions == 0 { What::HandIn } else { What::MakeChanges };
            due.push((what, one.submitted_at.unwrap_or(one.created_at), Some(one.due_at)));
        }
        (CollaborationState::Submitted, Side::Sponsor) => {
            due.push((What::ReviewWork, one.submitted_at.unwrap_or(one.created_at), one.review.map(|clock| clock.ends_at)));
        }
        _ => {}
    }
    if let Some(until) = one.reviews_until.filter(|until| now < *until)
        && tx.peek_at::<Review>(Review::at(one.id, side)).await?.is_none()
    {
        due.push((What::LeaveReview, one.end.as_ref().map_or(one.created_at, |end| end.at), Some(until)));
    }
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let campaign: Option<Campaign> = tx.peek_at(Campaign::at(one.campaign)).await?;
    let called = campaign.map(|campaign| campaign.title.to_string()).unwrap_or_default();
    let with = name_of(tx, one.party(side.other())).await?;
    let about: Thing = thing("collaboration", one.id);
    let task = |(what, since, by)| Task {
        what,
        about: about.clone(),
        called: called.clone(),
        with: with.clone(),
        amount: one.amount,
        since,
        by,
    };
    Ok(due.into_iter().map(task).collect())
}

async fn of_campaign(tx: &mut Tx<'_>, me: &Account, id: Uuid) -> Result<Option<Task>> {
    let Some(campaign) = tx.peek_at::<Campaign>(Campaign::at(id.into())).await? else { return Ok(None) };
    if me.state != AccountState::Active || campaign.is_over(tx.now()) {
        return Ok(None);
    }
    let (state, since, by, called) = (campaign.state, campaign.created_at, campaign.ends_at, campaign.title.to_string());
    let funded = CampaignView::of(tx, campaign).await?.money.map_or(Money::ZERO, |money| money.funded);
    let what = match state {
        CampaignState::Draft => What::PublishCampaign,
        CampaignState::Active | CampaignState::Paused if funded == Money::ZERO => What::FundCampaign,
        _ => return Ok(None),
    };
    let by = by.filter(|_| what == What::FundCampaign);
    let about = thing("campaign", id);
    Ok(Some(Task { what, about, called, with: String::new(), amount: None, since, by }))
}
