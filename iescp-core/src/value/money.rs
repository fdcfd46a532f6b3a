//! Amounts of money: whole minor units of the installation's one currency. Never a float.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The largest amount anybody may name, in minor units: sums of a million of them still fit 64 bits.
pub const MAX_MONEY: i64 = 1_000_000_000_000;

/// An amount in minor units of the installation's currency (cents, where it has cents).
///
/// ```
/// use iescp_core::value::Money;
///
/// assert_eq!(Money(125_000).plus(Money(1))?, Money(125_001));
/// assert!(Money(i64::MAX).plus(Money(1)).is_err());
/// assert_eq!(Money(125_000).show(iso_currency::Currency::USD), "1,250.00 USD");
/// # Ok::<(), iescp_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum.
    ///
    /// # Errors
    /// If it does not fit.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or_else(overflow)
    }

    /// The difference, which may be negative.
    ///
    /// # Errors
    /// If it does not fit.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.0.checked_sub(other.0).map(Self).ok_or_else(overflow)
    }

    /// The amount as people read it, with the exponent of its currency (ISO 4217), grouped by thousands.
    #[must_use]
    pub fn show(self, currency: iso_currency::Currency) -> String {
        let exponent = usize::from(currency.exponent().unwrap_or(0));
        let digits = format!("{:0width$}", self.0.unsigned_abs(), width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        let point = if exponent > 0 { "." } else { "" };
        format!("{sign}{grouped}{point}{fraction} {}", currency.code())
    }
}

fn overflow() -> Error {
    Error::invalid("amount", "too_large", "These amounts are too large to add up.")
}
