//! What can be done in a walk, and how it is drawn.

use super::model::{DAY, Model, PEOPLE, SPONSORS};
use crate::{
    collaboration::CollaborationState,
    request::{RequestState, Side},
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
pub(super) enum Act {
    Draft { sponsor: usize, budget: i64, days: i64 },
    Campaign { campaign: usize, by: usize, what: CampaignAct },
    Flag { campaign: usize, flagged: bool },
    Apply { campaign: usize, by: usize, terms: Terms },
    Invite { campaign: usize, by: usize, whom: usize, terms: Terms },
    Request { request: usize, by: Who, named: Named, what: RequestAct },
    Work { collaboration: usize, by: Who, what: WorkAct },
    Rule { collaboration: usize, share: i64 },
    Payout { by: usize, amount: i64 },
    Suspend { who: usize, suspended: bool },
    Pass { minutes: i64 },
    RunDue { was_up: bool },
}

#[derive(Clone, Debug)]
pub(super) enum CampaignAct {
    Look,
    Publish,
    Pause,
    Resume,
    Complete,
    Cancel,
    Remove,
    Budget(i64),
    Reword,
    Private(bool),
    Fund(i64),
}

/// Who does something in what belongs to two.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    Sponsor,
    Influencer,
    Person(usize),
}

/// Which offer is named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    Current,
    Another(u64),
}

#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub amount: i64,
    /// In so many days.
    pub due_in: i64,
    pub is_final: bool,
    /// In so many minutes; a week if nothing is said.
    pub expires_in: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) enum RequestAct {
    Counter(Terms),
    Amend(Terms),
    Confirm,
    Accept,
    Reject,
    Withdraw,
}

#[derive(Clone, Debug)]
pub(super) enum WorkAct {
    Submit,
    Approve,
    Changes,
    StepDown,
    CancelOverdue,
    Propose(i64),
    AcceptSplit(Option<u64>),
    WithdrawSplit,
    Dispute,
    WithdrawDispute,
    Review,
}

fn terms() -> impl Strategy<Value = Terms> {
    let amount = prop_oneof![1 => Just(0), 30 => 1..400_i64];
    let due_in = prop_oneof![1 => Just(-1), 20 => 0..40_i64, 1 => Just(200)];
    let expires_in = prop_oneof![3 => Just(None), 1 => (1..30 * DAY).prop_map(Some)];
    (amount, due_in, prop::bool::weighted(0.15), expires_in).prop_map(|(amount, due_in, is_final, expires_in)| Terms {
        amount,
        due_in,
        is_final,
        expires_in,
    })
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![6 => Just(Who::Sponsor), 6 => Just(Who::Influencer), 1 => (0..PEOPLE).prop_map(Who::Person)]
}

fn campaign_act() -> impl Strategy<Value = CampaignAct> {
    use CampaignAct as Do;
    prop_oneof![
        6 => Just(Do::Look),
        4 => Just(Do::Publish),
        1 => Just(Do::Pause),
        3 => Just(Do::Resume),
        1 => Just(Do::Complete),
        1 => Just(Do::Cancel),
        1 => Just(Do::Remove),
        2 => (0..1500_i64).prop_map(Do::Budget),
        2 => Just(Do::Reword),
        2 => any::<bool>().prop_map(Do::Private),
        4 => (0..1500_i64).prop_map(Do::Fund),
    ]
}

fn request_act() -> impl Strategy<Value = RequestAct> {
    use RequestAct as Do;
    prop_oneof![
        2 => terms().prop_map(Do::Counter),
        1 => terms().prop_map(Do::Amend),
        1 => Just(Do::Confirm),
        9 => Just(Do::Accept),
        1 => Just(Do::Reject),
        1 => Just(Do::Withdraw),
    ]
}

fn work_act() -> impl Strategy<Value = WorkAct> {
    use WorkAct as Do;
    prop_oneof![
        5 => Just(Do::Submit),
        2 => Just(Do::Approve),
        3 => Just(Do::Changes),
        1 => Just(Do::StepDown),
        1 => Just(Do::CancelOverdue),
        2 => (-1..420_i64).prop_map(Do::Propose),
        2 => prop::option::weighted(0.2, 0..4_u64).prop_map(Do::AcceptSplit),
        1 => Just(Do::WithdrawSplit),
        2 => Just(Do::Dispute),
        2 => Just(Do::WithdrawDispute),
        3 => Just(Do::Review),
    ]
}

fn time() -> impl Strategy<Value = Act> {
    let short = prop::sample::select(vec![1, 9, 60, 12 * 60, DAY]);
    let long = prop::sample::select(vec![2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY, 30 * DAY]);
    prop_oneof![
        4 => short.prop_map(|minutes| Act::Pass { minutes }),
        1 => long.prop_map(|minutes| Act::Pass { minutes }),
        3 => prop::bool::weighted(0.8).prop_map(|was_up| Act::RunDue { was_up }),
    ]
}

/// An act that is likely to be answered with yes, as far as a glance at the model tells.
fn likely_in_request(model: &Model) -> Vec<(usize, Who, Likely)> {
    let mut likely = Vec::new();
    for (at, request) in model.requests.iter().enumerate() {
        if model.request_state(at) != RequestState::Open {
            continue;
        }
        let (maker, turn) = (who_is(request.by), who_is(request.by.other()));
        likely.extend([Likely::Accept, Likely::Accept, Likely::Counter, Likely::Reject].map(|what| (at, turn, what)));
        likely.extend([Likely::Amend, Likely::Withdraw].map(|what| (at, maker, what)));
        if request.wording < model.campaigns[request.campaign].wording {
            likely.extend([(at, maker, Likely::Confirm); 3]);
        }
    }
    likely
}

fn who_is(side: Side) -> Who {
    match side {
        Side::Sponsor => Who::Sponsor,
        Side::Influencer => Who::Influencer,
    }
}

#[derive(Clone, Copy, Debug)]
enum Likely {
    Accept,
    Counter,
    Reject,
    Amend,
    Withdraw,
    Confirm,
}

fn likely_in_work(model: &Model) -> Vec<(usize, Who, WorkAct)> {
    use WorkAct as Do;
    let mut likely = Vec::new();
    for (at, it) in model.collaborations.iter().enumerate() {
        let (sponsor, influencer) = (Who::Sponsor, Who::Influencer);
        let mut add = |who, what| likely.push((at, who, what));
        match it.state {
            CollaborationState::Active => {
                add(influencer, Do::Submit);
                add(influencer, Do::Submit);
                add(influencer, Do::StepDown);
                add(sponsor, Do::CancelOverdue);
            }
            CollaborationState::Submitted => {
                add(sponsor, Do::Approve);
                add(sponsor, Do::Changes);
                add(sponsor, Do::Changes);
            }
            CollaborationState::Disputed => {
                let (by, ..) = it.dispute.unwrap();
                add(who_is(by), Do::WithdrawDispute);
                add(who_is(by), Do::WithdrawDispute);
            }
            _ => {
                add(sponsor, Do::Review);
                add(influencer, Do::Review);
                continue;
            }
        }
        add(if it.submissions % 2 == 0 { sponsor } else { influencer }, Do::Dispute);
        match it.split {
            None => add(if it.submissions % 2 == 0 { influencer } else { sponsor }, Do::Propose(it.amount / 3)),
            Some((_, by, ..)) => {
                add(who_is(by.other()), Do::AcceptSplit(None));
                add(who_is(by), Do::WithdrawSplit);
            }
        }
    }
    likely
}

/// Two campaigns that are published and paid for: where walks begin.
pub(super) fn opening(planned: bool) -> Vec<Act> {
    let mut opening = Vec::new();
    for campaign in 0..SPONSORS {
        opening.push(Act::Draft { sponsor: campaign, budget: 1000, days: 40 });
        if !planned {
            opening.push(Act::Campaign { campaign, by: campaign, what: CampaignAct::Fund(900) });
        }
        opening.push(Act::Campaign { campaign, by: campaign, what: CampaignAct::Publish });
    }
    opening
}

/// What may be drawn next: anything about the things there are, the likely more often.
pub(super) fn next(model: &Model) -> BoxedStrategy<Act> {
    let draft = (0..SPONSORS, 0..1500_i64, 0..60_i64).prop_map(|(sponsor, budget, days)| Act::Draft { sponsor, budget, days });
    let suspended = model.suspended.iter().position(|suspended| *suspended);
    let suspend = match suspended {
        Some(who) => Just(Act::Suspend { who, suspended: false }).boxed(),
        None => (0..PEOPLE).prop_map(|who| Act::Suspend { who, suspended: true }).boxed(),
    };
    let rich: Vec<usize> = (0..PEOPLE).filter(|who| model.earnings[*who] > 0).chain([SPONSORS]).collect();
    let pay = (prop::sample::select(rich), prop::option::weighted(0.1, 0..PEOPLE), 0..200_i64);
    let pay = pay.prop_map(|(rich, other, amount)| Act::Payout { by: other.unwrap_or(rich), amount });
    let mut any: Vec<(u32, BoxedStrategy<Act>)> =
        vec![(1, draft.boxed()), (2, pay.boxed()), (if suspended.is_some() { 4 } else { 1 }, suspend), (10, time().boxed())];
    add_about_campaigns(model, &mut any);
    let likely = likely_in_request(model);
    if !likely.is_empty() {
        let act = (prop::sample::select(likely), terms()).prop_map(|((request, by, what), terms)| {
            let what = match what {
                Likely::Accept => RequestAct::Accept,
                Likely::Counter => RequestAct::Counter(terms),
                Likely::Reject => RequestAct::Reject,
                Likely::Amend => RequestAct::Amend(terms),
                Likely::Withdraw => RequestAct::Withdraw,
                Likely::Confirm => RequestAct::Confirm,
            };
            Act::Request { request, by, named: Named::Current, what }
        });
        any.push((16, act.boxed()));
    }
    if !model.requests.is_empty() {
        let named = prop_oneof![4 => Just(Named::Current), 1 => (0..4_u64).prop_map(Named::Another)];
        let act = (0..model.requests.len(), who(), named, request_act());
        any.push((5, act.prop_map(|(request, by, named, what)| Act::Request { request, by, named, what }).boxed()));
    }
    let likely = likely_in_work(model);
    if !likely.is_empty() {
        let act = prop::sample::select(likely).prop_map(|(collaboration, by, what)| Act::Work { collaboration, by, what });
        any.push((20, act.boxed()));
    }
    let works = model.collaborations.len();
    if works > 0 {
        let act = (0..works, who(), work_act());
        any.push((8, act.prop_map(|(collaboration, by, what)| Act::Work { collaboration, by, what }).boxed()));
        let disputed = (0..works).filter(|at| model.collaborations[*at].state == CollaborationState::Disputed);
        let which: Vec<usize> = disputed.chain([works - 1]).collect();
        let rule =
            (prop::sample::select(which), -1..200_i64).prop_map(|(collaboration, share)| Act::Rule { collaboration, share });
        any.push((1, rule.boxed()));
    }
    prop::strategy::Union::new_weighted(any).boxed()
}

fn add_about_campaigns(model: &Model, any: &mut Vec<(u32, BoxedStrategy<Act>)>) {
    let campaigns = model.campaigns.len();
    if campaigns == 0 {
        return;
    }
    let sponsors: Vec<usize> = model.campaigns.iter().map(|campaign| campaign.sponsor).collect();
    let whose = sponsors.clone();
    let act = (0..campaigns, prop::option::weighted(0.15, 0..PEOPLE), campaign_act());
    let act = act.prop_map(move |(campaign, by, what)| Act::Campaign { campaign, by: by.unwrap_or(whose[campaign]), what });
    any.push((8, act.boxed()));
    let flagged = (0..campaigns).find(|at| model.campaigns[*at].flagged);
    let flag = match flagged {
        Some(campaign) => Just(Act::Flag { campaign, flagged: false }).boxed(),
        None => (0..campaigns, prop::bool::weighted(0.9)).prop_map(|(campaign, flagged)| Act::Flag { campaign, flagged }).boxed(),
    };
    any.push((if flagged.is_some() { 3 } else { 1 }, flag));
    let active: Vec<usize> = (0..campaigns).filter(|at| !model.is_over(*at)).collect();
    let which = if active.is_empty() { (0..campaigns).collect() } else { active };
    let apply = (prop::sample::select(which.clone()), prop::option::weighted(0.9, SPONSORS..PEOPLE), terms());
    let apply = apply.prop_map(|(campaign, by, terms)| Act::Apply { campaign, by: by.unwrap_or(0), terms });
    any.push((8, apply.boxed()));
    let invite = (
        prop::sample::select(which),
        prop::option::weighted(0.1, 0..PEOPLE),
        prop::option::weighted(0.9, SPONSORS..PEOPLE),
        terms(),
    );
    let invite = invite.prop_map(move |(campaign, by, whom, terms)| {
        let by = by.unwrap_or(sponsors[campaign]);
        Act::Invite { campaign, by, whom: whom.unwrap_or(1), terms }
    });
    any.push((5, invite.boxed()));
}
