//! Who or what is behind a notification: the other party of what is between two, a campaign's title, an account's name.
//!
//! A campaign is named only to its sponsor: an influencer may no longer know of a private one.

use super::Notification;
use crate::{
    Result,
    account::{name_keys, name_of},
    campaign::Campaign,
    collaboration::Collaboration,
    id::AccountId,
    message::Pair,
    request::Request,
    store::Key,
    tx::Tx,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whose name is told.
#[derive(Clone, Copy)]
enum Behind {
    Account(AccountId),
    Campaign,
}

/// The names, by the ids of what the notifications are about, in two round trips.
pub(crate) async fn called(tx: &mut Tx<'_>, me: AccountId, told: &[Notification]) -> Result<BTreeMap<Uuid, String>> {
    tx.load(&told.iter().filter_map(place).collect::<Vec<_>>()).await?;
    let mut behind = BTreeMap::new();
    for about in told.iter().map(|one| &one.about) {
        let id = about.id;
        let found = match about.kind.as_str() {
            "request" => tx.peek_at::<Request>(Request::at(id.into())).await?.map(|request| other(request.pair(), me)),
            "collaboration" => {
                let collaboration: Option<Collaboration> = tx.peek_at(Collaboration::at(id.into())).await?;
                collaboration.map(|collaboration| other(collaboration.pair(), me))
            }
            "campaign" => {
                let campaign: Option<Campaign> = tx.peek_at(Campaign::at(id.into())).await?;
                campaign.filter(|campaign| campaign.sponsor == me).map(|_| Behind::Campaign)
            }
            "account" if id != me.0 => Some(Behind::Account(id.into())),
            _ => None,
        };
        behind.extend(found.map(|found| (id, found)));
    }
    let accounts = behind.values().filter_map(|found| if let Behind::Account(account) = found { Some(*account) } else { None });
    tx.load(&accounts.flat_map(name_keys).collect::<Vec<_>>()).await?;
    let mut called = BTreeMap::new();
    for (id, found) in behind {
        let name = match found {
            Behind::Account(account) => name_of(tx, account).await?,
            Behind::Campaign => title(tx, id).await?,
        };
        called.insert(id, name);
    }
    called.retain(|_, name| !name.is_empty());
    Ok(called)
}

async fn title(tx: &mut Tx<'_>, id: Uuid) -> Result<String> {
    let campaign: Option<Campaign> = tx.peek_at(Campaign::at(id.into())).await?;
    Ok(campaign.map(|campaign| campaign.title.to_string()).unwrap_or_default())
}

/// Where what a notification is about is kept.
fn place(told: &Notification) -> Option<Key> {
    let id = told.about.id;
    match told.about.kind.as_str() {
        "request" => Some(Request::at(id.into())),
        "collaboration" => Some(Collaboration::at(id.into())),
        "campaign" => Some(Campaign::at(id.into())),
        _ => None,
    }
}

fn other(pair: Pair, me: AccountId) -> Behind {
    Behind::Account(pair.other(me))
}
