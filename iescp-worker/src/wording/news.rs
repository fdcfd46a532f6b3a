//! A notification as the families read it: names on one line, amounts, days, and where the thing can be seen.

use super::{Draft, House};
use crate::mail::one_line;
use iescp_core::{account::Role, outbox::Told, value::Money};
use jiff::{Timestamp, civil::Date};

/// No name of people's making is longer in a letter.
const LONGEST_NAME: usize = 80;

/// A notification that a letter is written of.
pub(super) struct News<'a> {
    pub house: House<'a>,
    pub told: &'a Told,
}

impl<'a> News<'a> {
    pub fn new(house: House<'a>, told: &'a Told) -> Self {
        Self { house, told }
    }

    pub fn is_for(&self, role: Role) -> bool {
        self.told.role == role
    }

    /// Who is behind it.
    pub fn who(&self) -> String {
        self.told.called.as_deref().map_or_else(|| "The other side".to_owned(), name)
    }

    /// The campaign's title in quotation marks.
    pub fn campaign(&self) -> Option<String> {
        self.told.campaign.as_deref().map(|title| format!("“{}”", name(title)))
    }

    /// The campaign after a word, such as “ for “Spring””; nothing, where its title may not be told.
    pub fn of_campaign(&self, word: &str) -> String {
        self.campaign().map(|title| format!(" {word} {title}")).unwrap_or_default()
    }

    /// The campaign's title as a particular.
    pub fn campaign_fact(&self) -> Option<(&'static str, String)> {
        self.told.campaign.as_deref().map(|title| ("Campaign", name(title)))
    }

    /// An amount among the notification's particulars.
    pub fn amount(&self, field: &str) -> Option<Money> {
        self.told.notification.detail.get(field)?.as_i64().map(Money)
    }

    /// The same, as people read it.
    pub fn money(&self, field: &str) -> Option<String> {
        self.amount(field).map(|amount| amount.show(self.house.settings.currency))
    }

    /// An amount as a particular.
    pub fn money_fact(&self, label: &'static str, field: &str) -> Option<(&'static str, String)> {
        self.money(field).map(|amount| (label, amount))
    }

    /// A number among the particulars.
    pub fn number(&self, field: &str) -> Option<u64> {
        self.told.notification.detail.get(field)?.as_u64()
    }

    /// A word among the particulars.
    pub fn word(&self, field: &str) -> &str {
        self.told.notification.detail.get(field).and_then(|word| word.as_str()).unwrap_or_default()
    }

    /// A day among the particulars: `20 March 2026`.
    pub fn day(&self, field: &str) -> Option<String> {
        let day: Date = self.word(field).parse().ok()?;
        Some(day.strftime("%-d %B %Y").to_string())
    }

    /// A moment among the particulars, where the installation is: `20 March 2026, 18:00 UTC`.
    pub fn moment(&self, field: &str) -> Option<String> {
        let moment: Timestamp = self.word(field).parse().ok()?;
        Some(moment.to_zoned(self.house.settings.time_zone.clone()).strftime("%-d %B %Y, %H:%M %Z").to_string())
    }

    /// A page of ours.
    pub fn page(&self, path: &str) -> String {
        self.house.page(path)
    }

    /// The page of what it is about, which stands under this path.
    pub fn page_of(&self, path: &str) -> String {
        self.page(&format!("{path}/{}", self.told.notification.about.id))
    }

    /// What somebody said, after the words that say who.
    pub fn said(&self, who: &str) -> Option<(String, String)> {
        self.told.said.as_ref().map(|said| (format!("{who}:"), said.clone()))
    }

    /// A letter with this subject.
    pub fn draft(&self, subject: String, before: &[String], action: (&'static str, String)) -> Draft {
        Draft { subject, before: before.to_vec(), action: Some(action), ..Draft::default() }
    }
}

/// What people call something, on one line and not too long.
fn name(text: &str) -> String {
    let line = one_line(text);
    let line = line.trim();
    match line.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line.to_owned(),
    }
}
