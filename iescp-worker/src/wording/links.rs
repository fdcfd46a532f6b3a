//! Letters with a link that somebody asked for: to prove an address, to choose a new password.

use super::{Draft, House};
use iescp_core::{account::Purpose, id::LinkId};

pub(super) fn verify(house: House<'_>, username: &str, link: LinkId) -> Draft {
    let site = house.site();
    Draft {
        subject: format!("Please confirm your e-mail address for {site}"),
        before: vec![format!("Please confirm that this address belongs to the {site} account {username}.")],
        action: Some(("Confirm this address", address(house, "/verify-email", Purpose::VerifyEmail, link))),
        after: vec![lasts(house), format!("If you have no account at {site}, somebody mistyped theirs; you need do nothing.")],
        ..Draft::default()
    }
}

pub(super) fn reset(house: House<'_>, username: &str, link: LinkId) -> Draft {
    let site = house.site();
    Draft {
        subject: format!("Choose a new password for {site}"),
        before: vec![format!("Somebody, probably you, asked to choose a new password for the {site} account {username}.")],
        action: Some(("Choose a new password", address(house, "/password/reset", Purpose::ResetPassword, link))),
        after: vec![lasts(house), "If that was not you, you need do nothing: your password stays as it is.".to_owned()],
        ..Draft::default()
    }
}

pub(super) fn registered(house: House<'_>, username: &str) -> Draft {
    let site = house.site();
    Draft {
        subject: format!("You have an account at {site} already"),
        before: vec![
            format!(
                "Somebody, perhaps you, just gave this address for another account at {site}. It belongs to the account {username}, and stays with it."
            ),
            "If that was you, sign in with that account. If you forgot its password, you can choose a new one:".to_owned(),
        ],
        action: Some(("Choose a new password", house.page("/password/forgot"))),
        after: vec!["If that was not you, you need do nothing.".to_owned()],
        ..Draft::default()
    }
}

fn address(house: House<'_>, path: &str, purpose: Purpose, link: LinkId) -> String {
    house.page(&format!("{path}?token={}", purpose.token(house.secret, link).reveal()))
}

fn lasts(house: House<'_>) -> String {
    format!("The link works once, within {} minutes.", house.settings.sessions.link.as_mins())
}
