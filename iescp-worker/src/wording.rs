//! What letters say: one file for each family of them.
//!
//! - `links` are the letters with a link that was asked for, `security` warns; the others are of the notification topics.
//! - A family makes a [`Draft`] of each letter; `sheet` sets it, once as text and once as HTML.
//!
//! Links begin with the configured public address, never with what a request called this host (S-09). What people typed is one
//! line or a quotation, and becomes neither markup nor a header (S-40).
//!
//! **Not here**: to whom they go (`iescp_core::outbox`), how they become mails (`mail`).

mod account;
mod campaigns;
pub(crate) mod chat;
mod disputes;
mod files;
mod links;
mod messages;
mod money;
mod news;
mod ratings;
mod reminder;
mod requests;
mod security;
mod sheet;
mod supervision;
#[cfg(test)]
mod tests;
mod work;

pub use chat::trial as chat_trial;

use crate::mail::Content;
use iescp_core::{
    InstallationSecret, Settings,
    notification::Topic,
    outbox::{Addressee, Letter},
    report::{Reminder, ReportLayout},
};
use news::News;
use sheet::Reader;

/// What every letter needs to know about the house it comes from.
#[derive(Clone, Copy)]
pub(crate) struct House<'a> {
    /// How the installation is set.
    pub settings: &'a Settings,
    /// Where people reach it, without a slash at the end.
    pub public_url: &'a str,
    /// What tokens are derived from.
    pub secret: &'a InstallationSecret,
}

impl<'a> House<'a> {
    pub(crate) fn of(house: &'a crate::House) -> Self {
        Self { settings: house.platform.settings(), public_url: &house.public_url, secret: house.platform.secret() }
    }

    /// What the platform calls itself.
    fn site(self) -> &'a str {
        &self.settings.site_name
    }

    /// A page of ours.
    fn page(self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

/// The parts of a letter, in the order in which they stand.
#[derive(Default)]
struct Draft {
    subject: String,
    /// Sentences.
    before: Vec<String>,
    /// Particulars: what, and which.
    facts: Vec<(&'static str, String)>,
    /// What a person said, after the words that say who.
    said: Option<(String, String)>,
    /// What to press, and where it leads.
    action: Option<(&'static str, String)>,
    /// More sentences.
    after: Vec<String>,
    /// A report that stands in it whole.
    report: Option<ReportLayout>,
}

/// Writes a letter. None for what is no letter until it is known whose address it has, and for notices that have a letter of
/// another kind.
pub(crate) fn write(house: House<'_>, addressee: &Addressee) -> Option<Content> {
    let username: &str = &addressee.username;
    let draft = match &addressee.letter {
        Letter::VerifyEmail { link, .. } => links::verify(house, username, *link),
        Letter::ResetPassword { link, .. } => links::reset(house, username, *link),
        Letter::AlreadyRegistered { .. } => links::registered(house, username),
        Letter::Security { what, by_admin, .. } => security::warning(house, username, what, *by_admin),
        Letter::Notice { .. } => notice(&News::new(house, addressee.told.as_ref()?))?,
        Letter::ForgotPassword { .. } | Letter::MakeExport { .. } | Letter::Chat { .. } => return None,
    };
    let Addressee { account, to, letter, .. } = addressee;
    Some(sheet::set(&draft, house, &Reader { account: *account, to, username, topic: letter.topic() }))
}

/// Writes the daily reminder to somebody.
pub(crate) fn remind(house: House<'_>, reminder: &Reminder) -> Content {
    let Reminder { account, to, username, .. } = reminder;
    let reader = Reader { account: *account, to, username, topic: Some(Topic::Reminders) };
    sheet::set(&reminder::draft(house, reminder), house, &reader)
}

/// Each family's words.
fn notice(news: &News<'_>) -> Option<Draft> {
    match news.told.notification.notice.topic() {
        Topic::Account => account::draft(news),
        Topic::Requests => requests::draft(news),
        Topic::Work => work::draft(news),
        Topic::Disputes => disputes::draft(news),
        Topic::Money => money::draft(news),
        Topic::Campaigns => campaigns::draft(news),
        Topic::Messages => messages::draft(news),
        Topic::Ratings => ratings::draft(news),
        Topic::Supervision => supervision::draft(news),
        Topic::Exports | Topic::Reports => files::draft(news),
        // The first are letters of their own; the other tells of no notification.
        Topic::Security | Topic::Reminders => None,
    }
}
