//! Acceptance: one atomic step from an offer to an agreement, a collaboration and held money.

use super::{Request, RequestState, RequestView, Side, about, ask::require_takes_requests, offer::require_due_ahead};
use crate::{
    Error, Operation, Result, Tx,
    account::{Account, AccountState},
    campaign::Campaign,
    collaboration::{Agreement, Collaboration},
    id::{CollaborationId, RequestId},
    ledger::{self, Cause, For, LedgerAccount, transfer},
    message::{self, SystemLine},
    notification::Notice,
    policy::Action,
    value::{Form, Line, Money, Prose},
};
use serde_json::json;

/// Accepts the offer on the table, naming it by its number.
///
/// The request becomes accepted; an immutable agreement freezes what was agreed; a collaboration begins; the amount is held.
/// If the campaign cannot pay for it any more, nothing of this happens.
#[derive(Clone, Debug)]
pub struct AcceptOffer {
    /// In which negotiation.
    pub request: RequestId,
    /// The number of the offer that is accepted.
    pub offer: u64,
    /// The name the accepting person signs with: 1 to 120 characters.
    pub signed: String,
}

impl Operation for AcceptOffer {
    type Output = RequestView;
    const ACTION: Action = Action::AcceptOffer;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let (mut request, campaign, side) = Request::fetch_mine(tx, self.request).await?;
        request.require_open(tx.now(), &campaign)?;
        // Nobody can accept their own offer: the turn is always the other side's.
        request.require_turn(side)?;
        let offer = request.require_offer(tx, self.offer).await?;
        let mut form = Form::default();
        let signed: Line<120> = form.line("signed", &self.signed);
        form.finish()?;
        require_takes_requests(&campaign, tx)?;
        require_same_words(&request, &campaign)?;
        require_due_ahead(&offer, tx.settings().day_of(tx.now()))?;
        require_both_active(tx, &request).await?;

        request.note_answer(side, tx.now());
        request.end(RequestState::Accepted, tx.now(), Some(side), Prose::default());
        tx.put(&request)?;
        let collaboration: CollaborationId = tx.new_id();
        let agreement = Agreement::make(tx, &campaign, &request, &offer, side, signed, collaboration).await?;
        tx.put(&agreement)?;
        tx.put(&Collaboration::begin(tx, &agreement)?)?;
        hold(tx, &campaign, &request, collaboration, offer.amount).await?;

        let detail = json!({ "offer": offer.number, "amount": offer.amount, "collaboration": collaboration });
        message::line(tx, request.pair(), SystemLine::OfferAccepted, about(request.id), detail.clone()).await?;
        tx.tell(request.party(side.other()), Notice::OfferAccepted, about(request.id), detail.clone());
        tx.happened([about(request.id), crate::collaboration::about(collaboration), crate::campaign::about(campaign.id)], detail);
        let view = RequestView::of(tx, request, Some(campaign)).await?;
        Ok(RequestView { collaboration: Some(collaboration), ..view })
    }
}

fn require_same_words(request: &Request, campaign: &Campaign) -> Result<()> {
    if request.wording == campaign.wording {
        return Ok(());
    }
    let why = "The campaign was edited after this offer was made. Its maker must confirm or change it first.";
    Err(Error::not_now("offer_voided", why))
}

async fn require_both_active(tx: &mut Tx<'_>, request: &Request) -> Result<()> {
    for side in [Side::Sponsor, Side::Influencer] {
        let account: Account = tx.fetch_at(Account::at(request.party(side))).await?;
        if account.state != AccountState::Active {
            return Err(Error::not_now(
                "party_inactive",
                format!("The {} cannot enter into agreements at present.", side.word()),
            ));
        }
    }
    Ok(())
}

/// Holds the amount. What is there is the lesser of budget and funds, less what is committed; both are guarded when this
/// lands, so that as many acceptances succeed at once as there is money for.
async fn hold(
    tx: &mut Tx<'_>,
    campaign: &Campaign,
    request: &Request,
    collaboration: CollaborationId,
    amount: Money,
) -> Result<()> {
    let (budget, room) = (LedgerAccount::Budget(campaign.id), ledger::room(campaign.id));
    let values = tx.counters(vec![budget.balance(), room.clone()]).await?;
    let there = Money(values.iter().copied().min().unwrap_or(0));
    let why = if request.offered_by == Side::Influencer {
        format!("The campaign has {} left to promise, and this offer takes {}.", show(tx, there), show(tx, amount))
    } else {
        "The campaign has not enough money left for this offer.".to_owned()
    };
    let error = Error::not_now("over_budget", why);
    tx.on_guard(budget.balance(), error.clone());
    tx.on_guard(room, error);
    let whose = For {
        campaign: Some(campaign.id),
        collaboration: Some(collaboration),
        sponsor: Some(request.sponsor),
        influencer: Some(request.influencer),
        payout: None,
    };
    transfer(tx, budget, LedgerAccount::Hold(collaboration), amount, Cause::Held, whose)
}

fn show(tx: &Tx<'_>, amount: Money) -> String {
    amount.show(tx.settings().currency)
}
