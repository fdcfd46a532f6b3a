//! The letters that wait to be sent, and the links in them.

use crate::support::House;
use iescp_core::Actor;
use iescp_core::account::Purpose;
use iescp_core::outbox::{AddressLetter, Letter, OutboxItem};
use iescp_core::store::{Found, Read, keys::Table, record::decode};

/// The letters that wait, the earliest first.
pub async fn waiting(house: &House) -> Vec<Letter> {
    let found = house.platform.store().read(vec![Read::Scan(Table::Outbox.all())]).await.unwrap();
    let Some(Found::Many(rows)) = found.into_iter().next() else { panic!("the store answered out of order") };
    rows.iter().map(|(_, stored)| decode::<OutboxItem>(&stored.bytes).unwrap().letter).collect()
}

/// The token in the last letter that proves an address.
pub async fn proving(house: &House, address: &str) -> String {
    let mut newest = waiting(house).await.into_iter().rev().filter_map(|letter| match letter {
        Letter::VerifyEmail { to, link, .. } if to.to_string() == address => Some(link),
        _ => None,
    });
    Purpose::VerifyEmail.token(house.platform.secret(), newest.next().unwrap()).reveal().to_owned()
}

/// The token in the last letter by which a password is chosen anew.
pub async fn resetting(house: &House) -> Option<String> {
    for letter in waiting(house).await.into_iter().rev() {
        let leaves = house.platform.run(&Actor::system("letters"), AddressLetter { letter }).await.unwrap();
        if let Some(Letter::ResetPassword { link, .. }) = leaves.map(|leaves| leaves.letter) {
            return Some(Purpose::ResetPassword.token(house.platform.secret(), link).reveal().to_owned());
        }
    }
    None
}
