//! Money over HTTP: `/ledger`, `/me/balances`, `/payouts`.
//!
//! Not here: paying into a campaign (`campaigns`); what moves money between a sponsor and an influencer (`requests`,
//! `collaborations`).

use super::amount::{Amount, Currency};
use super::listing::{list, wanted};
use super::{Body, Chapter, Cursor, Failure, IfNoneMatch, Limit, Listed, Made, Money, OnceRequired, Shown, Timestamp};
use crate::identity::SignedIn;
use iescp_core::ledger::{self as core, LedgerAccount, PayoutState};
use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Ledger;

/// One movement of money. It never changes.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Transfer {
    /// Its id.
    id: Uuid,
    /// Whence.
    from: Purse,
    /// Whither.
    to: Purse,
    /// How much.
    amount: Money,
    /// Why: `funded`, `planned`, `held`, `paid`, `returned`, `refunded`, `withdrawn`, `paid_out`, `payout_failed` or `imported`.
    cause: String,
    /// The campaign it belongs to.
    campaign_id: Option<Uuid>,
    /// The collaboration it belongs to.
    collaboration_id: Option<Uuid>,
    /// The payout it belongs to.
    payout_id: Option<Uuid>,
    /// When.
    created_at: Timestamp,
}

/// One account of the ledger.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Purse {
    /// `outside`, `external`, `budget` (a campaign's), `hold` (a collaboration's), `earnings` or `payout` (an influencer's).
    account: String,
    /// The id of what it belongs to; none for the two of the world.
    id: Option<Uuid>,
}

/// What somebody has on the platform.
#[derive(Object)]
pub struct Balances {
    /// Can be withdrawn.
    earnings: Money,
    /// Asked for and not yet confirmed.
    on_its_way: Money,
    /// Earned in all on this platform.
    earned: Money,
    /// Earned before, on the platform that was moved from; it cannot be withdrawn here.
    earned_before: Money,
}

/// An influencer's withdrawal.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Payout {
    /// Its id, which the payment provider knows it by.
    id: Uuid,
    /// How much.
    amount: Money,
    /// `pending`, `sent` or `failed`.
    state: String,
    /// Why it failed, if it did; the money is then back in the earnings.
    why: Option<String>,
    /// When it was asked for.
    created_at: Timestamp,
    /// When it was sent or failed.
    settled_at: Option<Timestamp>,
}

/// How much is withdrawn.
#[derive(Object)]
pub struct NewPayout {
    /// The amount; at least one minor unit, at most the earnings.
    amount: Amount,
}

impl Transfer {
    fn new(transfer: &core::Transfer, currency: Currency) -> Self {
        Self {
            id: transfer.id.into(),
            from: Purse::new(transfer.from),
            to: Purse::new(transfer.to),
            amount: currency.money(transfer.amount),
            cause: transfer.cause.word().to_owned(),
            campaign_id: transfer.campaign.map(Into::into),
            collaboration_id: transfer.collaboration.map(Into::into),
            payout_id: transfer.payout.map(Into::into),
            created_at: Timestamp(transfer.at),
        }
    }
}

impl Purse {
    fn new(account: LedgerAccount) -> Self {
        Self { account: account.word().to_owned(), id: (!account.is_the_world()).then(|| account.id()) }
    }
}

impl Payout {
    fn new(payout: core::Payout, currency: Currency) -> Self {
        let (state, why) = match payout.state {
            PayoutState::Pending => ("pending", None),
            PayoutState::Sent => ("sent", None),
            PayoutState::Failed { why } => ("failed", Some(why)),
        };
        Self {
            id: payout.id.into(),
            amount: currency.money(payout.amount),
            state: state.to_owned(),
            why,
            created_at: Timestamp(payout.at),
            settled_at: payout.settled_at.map(Timestamp),
        }
    }
}

#[OpenApi(tag = "Chapter::Money")]
impl Ledger {
    /// List one's own transfers
    ///
    /// Every movement of money that concerns the asker, or those of one campaign of theirs; newest first.
    #[oai(path = "/ledger", method = "get", operation_id = "list_transfers")]
    async fn list_transfers(
        &self,
        who: SignedIn,
        request: &Request,
        /// Only those of this campaign of one's own.
        campaign_id: Query<Option<Uuid>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Transfer>, Failure> {
        let currency = Currency::of(&who.0);
        let operation = core::ViewLedger { campaign: campaign_id.0.map(Into::into), page: wanted(limit.0, cursor.0) };
        list(&who.0, request, operation, |transfer| Transfer::new(&transfer, currency)).await
    }

    /// Show one's own balances
    ///
    /// What an influencer can withdraw, what is on its way, and what was earned in all.
    #[oai(path = "/me/balances", method = "get", operation_id = "show_balances")]
    async fn show_balances(&self, who: SignedIn, if_none_match: IfNoneMatch) -> Result<Shown<Balances>, Failure> {
        let (currency, balances) = (Currency::of(&who.0), who.0.run(core::ViewBalances).await?);
        let balances = Balances {
            earnings: currency.money(balances.earnings),
            on_its_way: currency.money(balances.on_its_way),
            earned: currency.money(balances.earned),
            earned_before: currency.money(balances.earned_before),
        };
        Ok(Shown::as_seen(balances, 0, &if_none_match))
    }

    /// List one's own payouts
    ///
    /// Newest first.
    #[oai(path = "/payouts", method = "get", operation_id = "list_payouts")]
    async fn list_payouts(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Payout>, Failure> {
        let currency = Currency::of(&who.0);
        let operation = core::ListPayouts { page: wanted(limit.0, cursor.0) };
        list(&who.0, request, operation, |payout| Payout::new(payout, currency)).await
    }

    /// Withdraw earnings
    ///
    /// By an influencer. The money leaves the earnings at once and is sent soon after; if that fails, it comes back.
    #[oai(path = "/payouts", method = "post", operation_id = "request_payout")]
    async fn request_payout(
        &self,
        who: SignedIn,
        idempotency_key: OnceRequired,
        body: Body<NewPayout>,
    ) -> Result<Made<Payout>, Failure> {
        let currency = Currency::of(&who.0);
        let operation = core::RequestPayout { amount: currency.minor("amount", &body.0.amount)? };
        let made = who.0.run_once(Some(idempotency_key.0), operation).await?;
        Ok(Made::at("/payouts", Payout::new(made.output, currency)).replayed(made.replayed))
    }
}
