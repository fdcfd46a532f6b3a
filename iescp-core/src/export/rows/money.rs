//! Rows of movements of money. They never change; only what a campaign is called may, and is as it was when its row was written.

use super::{Cell, records};
use crate::{
    Result, Tx,
    campaign::Campaign,
    id::CampaignId,
    ledger::{LedgerAccount, Transfer},
    value::Money,
};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) const LEDGER: &[&str] = &[
    "transfer_id",
    "at",
    "cause",
    "from",
    "to",
    "amount",
    "currency",
    "campaign_id",
    "campaign",
    "collaboration_id",
    "influencer_id",
];

pub(super) async fn ledger(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Vec<Cell>>> {
    let mut rows = Vec::with_capacity(ids.len());
    for (transfer, campaign) in transfers(tx, ids).await? {
        rows.push(vec![
            Cell::id(transfer.id),
            Cell::Moment(transfer.at),
            Cell::Word(transfer.cause.word()),
            Cell::Word(transfer.from.word()),
            Cell::Word(transfer.to.word()),
            Cell::Amount(transfer.amount),
            Cell::Currency,
            Cell::maybe(transfer.campaign, Cell::id),
            campaign,
            Cell::maybe(transfer.collaboration, Cell::id),
            Cell::maybe(transfer.influencer, Cell::id),
        ]);
    }
    Ok(rows)
}

pub(super) const STATEMENT: &[&str] = &[
    "transfer_id",
    "at",
    "cause",
    "amount",
    "change_of_earnings",
    "currency",
    "campaign_id",
    "campaign",
    "collaboration_id",
    "payout_id",
];

pub(super) async fn statement(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Vec<Cell>>> {
    let mut rows = Vec::with_capacity(ids.len());
    for (transfer, campaign) in transfers(tx, ids).await? {
        rows.push(vec![
            Cell::id(transfer.id),
            Cell::Moment(transfer.at),
            Cell::Word(transfer.cause.word()),
            Cell::Amount(transfer.amount),
            Cell::Amount(change_of_earnings(&transfer)),
            Cell::Currency,
            Cell::maybe(transfer.campaign, Cell::id),
            campaign,
            Cell::maybe(transfer.collaboration, Cell::id),
            Cell::maybe(transfer.payout, Cell::id),
        ]);
    }
    Ok(rows)
}

/// What a movement does to what an influencer can withdraw.
fn change_of_earnings(transfer: &Transfer) -> Money {
    let is_earnings = |account: LedgerAccount| matches!(account, LedgerAccount::Earnings(_));
    match (is_earnings(transfer.from), is_earnings(transfer.to)) {
        (false, true) => transfer.amount,
        (true, false) => Money(-transfer.amount.0),
        _ => Money::ZERO,
    }
}

/// The movements, each with what its campaign is called.
async fn transfers(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Transfer, Cell)>> {
    let transfers: Vec<Transfer> = records(tx, ids, |id| Transfer::at(id.into())).await?;
    let campaigns: BTreeSet<CampaignId> = transfers.iter().filter_map(|transfer| transfer.campaign).collect();
    tx.load(&campaigns.into_iter().map(Campaign::at).collect::<Vec<_>>()).await?;
    let mut named = Vec::with_capacity(transfers.len());
    for transfer in transfers {
        let campaign: Option<Campaign> = match transfer.campaign {
            Some(id) => tx.peek_at(Campaign::at(id)).await?,
            None => None,
        };
        named.push((transfer, Cell::maybe(campaign, |campaign| Cell::text(&campaign.title))));
    }
    Ok(named)
}
