//! The money of a campaign's budget, as far as the campaign itself moves it: planned when it is published or edited, sent back
//! when it ends.
//!
//! **Not here**: paying in (`ledger`), setting aside for a collaboration (`collaboration`).

use super::Campaign;
use crate::{
    Error, Result, Tx,
    ledger::{Cause, For, LedgerAccount, funded_from, transfer},
    settings::Funding,
    value::Money,
};

/// Moves planned money so that a published campaign has its budget.
pub(super) fn plan(tx: &mut Tx<'_>, campaign: &Campaign, before: Money) -> Result<()> {
    if tx.settings().funding != Funding::Planned {
        return Ok(());
    }
    let budget = LedgerAccount::Budget(campaign.id);
    let whose = For { campaign: Some(campaign.id), sponsor: Some(campaign.sponsor), ..For::default() };
    let change = campaign.budget.minus(before)?;
    if change > Money::ZERO {
        transfer(tx, LedgerAccount::External, budget, change, Cause::Planned, whose)
    } else {
        let why = "The budget cannot be lowered below what is committed to collaborations.";
        tx.on_guard(budget.balance(), Error::invalid("budget", "below_committed", why));
        transfer(tx, budget, LedgerAccount::External, Money(-change.0), Cause::Planned, whose)
    }
}

/// Sends what is left in a campaign's budget back to where it came from: planned and imported money first.
pub(super) async fn refund(tx: &mut Tx<'_>, campaign: &Campaign) -> Result<()> {
    let budget = LedgerAccount::Budget(campaign.id);
    let left = Money(tx.counter_held(budget.balance()).await?);
    let planned = Money(tx.counter(funded_from(campaign.id, LedgerAccount::External)).await?);
    let external = left.min(planned.max(Money::ZERO));
    let whose = For { campaign: Some(campaign.id), sponsor: Some(campaign.sponsor), ..For::default() };
    transfer(tx, budget, LedgerAccount::External, external, Cause::Refunded, whose)?;
    transfer(tx, budget, LedgerAccount::Outside, left.minus(external)?, Cause::Refunded, whose)
}
