//! Amounts of money: whole minor units in the core, money with its currency in the API.

use super::{Failure, Money};
use crate::identity::Asker;
use iescp_core::Error;
use iescp_core::value::Money as Minor;
use poem_openapi::Object;

/// An amount of money that somebody names, in the installation's currency.
#[derive(Object, Clone, PartialEq, Eq, Debug)]
pub struct Amount {
    /// Minor units, such as cents.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000000")))]
    pub amount: i64,
    /// ISO 4217, such as USD; there is one in the whole installation.
    #[oai(validator(min_length = 3, max_length = 3))]
    pub currency: String,
}

/// The installation's one currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Currency(&'static str);

impl Currency {
    /// That of the platform that is asked.
    #[must_use]
    pub fn of(asker: &Asker) -> Self {
        Self(asker.platform.settings().currency.code())
    }

    /// An amount of the core's as the API writes it.
    #[must_use]
    pub fn money(self, amount: Minor) -> Money {
        Money { amount: amount.0, currency: self.0.to_owned() }
    }

    /// An amount that somebody named in a field, in minor units; whether it is a good one, the core decides.
    ///
    /// # Errors
    /// When it is in another currency.
    pub fn minor(self, field: &str, named: &Amount) -> Result<i64, Failure> {
        if named.currency == self.0 {
            return Ok(named.amount);
        }
        let detail = format!("Amounts are in {} here.", self.0);
        Err(Error::invalid(format!("{field}/currency"), "currency", detail).into())
    }
}
