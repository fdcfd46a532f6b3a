//! What moves money in the world. The platform ships a sandbox; an installation puts its payment provider behind the trait.

use crate::{id::PayoutId, store::Pending, value::Money};
use std::fmt::Debug;
use uuid::Uuid;

/// A payment provider. Every call names the payment or payout by its id, and calling again with the same id must not move
/// money twice: a crash between the call and our note of its answer makes us ask again.
pub trait Gateway: Send + Sync + Debug + 'static {
    /// Collects a payment from a sponsor.
    fn collect(&self, payment: Uuid, amount: Money) -> Pending<'_, Collected>;

    /// Sends a payout to an influencer.
    fn pay_out(&self, payout: PayoutId, amount: Money) -> Pending<'_, PaidOut>;
}

/// What became of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collected {
    /// The money is there.
    Settled,
    /// Not yet known; ask again later.
    Pending,
    /// It was declined, with a sentence for the sponsor.
    Declined(String),
}

/// What became of a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaidOut {
    /// The money is on its way.
    Sent,
    /// Not yet known; ask again later.
    Pending,
    /// It failed, with a sentence for the influencer.
    Failed(String),
}

/// A gateway that moves no money and settles everything at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sandbox;

impl Gateway for Sandbox {
    fn collect(&self, _payment: Uuid, _amount: Money) -> Pending<'_, Collected> {
        Box::pin(async { Ok(Collected::Settled) })
    }

    fn pay_out(&self, _payout: PayoutId, _amount: Money) -> Pending<'_, PaidOut> {
        Box::pin(async { Ok(PaidOut::Sent) })
    }
}
