//! Warnings that something about the security of an account changed. They cannot be switched off.

use super::{Draft, House};

pub(super) fn warning(house: House<'_>, username: &str, what: &str, by_admin: bool) -> Draft {
    let site = house.site();
    let in_short = what.split_once(". ").map_or(what, |(first, _)| first).trim_end_matches('.');
    let draft = Draft {
        subject: format!("{site} security: {in_short}"),
        before: vec![format!("This concerns the {site} account {username}:"), what.to_owned()],
        ..Draft::default()
    };
    if by_admin {
        return Draft { action: Some(("Sign in", house.page("/sign-in"))), ..draft };
    }
    let and_then =
        "If that was you, you need do nothing. If it was not, choose a new password at once and end all other sessions:";
    Draft {
        before: [draft.before, vec![and_then.to_owned()]].concat(),
        action: Some(("Choose a new password", house.page("/password/forgot"))),
        ..draft
    }
}
