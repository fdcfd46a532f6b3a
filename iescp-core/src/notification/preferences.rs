//! What reaches somebody by e-mail. Only what a person chose is kept; the rest follows the topic's default.
//!
//! **Not here**: choosing by the link in a mail (`unsubscribe`).

use super::Topic;
use crate::{
    Operation, Result,
    event::thing,
    id::AccountId,
    policy::{Action, Subject},
    store::{Key, keys::Table, record::Record},
    tx::Tx,
    value::Form,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// What somebody chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Who.
    pub account: AccountId,
    /// Which topics go by e-mail, where they chose.
    pub mail: BTreeMap<Topic, bool>,
}

impl Preferences {
    /// Where they are kept.
    #[must_use]
    pub fn at(account: AccountId) -> Key {
        Table::Preferences.start().id(account).key()
    }

    /// Those of somebody who chose nothing.
    #[must_use]
    pub fn of(account: AccountId) -> Self {
        Self { account, mail: BTreeMap::new() }
    }

    /// Whether this topic goes by e-mail.
    #[must_use]
    pub fn mails(&self, topic: Topic) -> bool {
        !topic.optional() || self.mail.get(&topic).copied().unwrap_or(topic.mailed_by_default())
    }

    /// Every topic, with whether it goes by e-mail.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice> {
        Topic::ALL.iter().map(|topic| Choice { topic: topic.word().to_owned(), mail: self.mails(*topic) }).collect()
    }

    pub(super) fn choose(&mut self, topic: Topic, mail: bool) {
        if mail == topic.mailed_by_default() {
            self.mail.remove(&topic);
        } else {
            self.mail.insert(topic, mail);
        }
    }
}

impl Record for Preferences {
    const TABLE: Table = Table::Preferences;

    fn key(&self) -> Key {
        Self::at(self.account)
    }
}

/// Whether a topic goes by e-mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The topic's word.
    pub topic: String,
    /// Whether it goes by e-mail.
    pub mail: bool,
}

/// Shows what reaches one by e-mail.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewPreferences {}

/// What somebody chose, as they see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesView {
    /// What they chose.
    pub preferences: Preferences,
    /// The version: what [`SetPreferences`] compares. Zero while nothing was ever chosen.
    pub version: u64,
}

impl Operation for ViewPreferences {
    type Output = PreferencesView;
    const ACTION: Action = Action::ViewPreferences;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<PreferencesView> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let version = tx.version_at(&Preferences::at(me)).await?;
        let preferences = tx.peek_at(Preferences::at(me)).await?.unwrap_or_else(|| Preferences::of(me));
        Ok(PreferencesView { preferences, version })
    }
}

/// Chooses what reaches one by e-mail; topics that are not named stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetPreferences {
    /// What is chosen.
    pub choices: Vec<Choice>,
    /// The version the person has seen.
    pub version: Option<u64>,
}

impl Operation for SetPreferences {
    type Output = Preferences;
    const ACTION: Action = Action::SetPreferences;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Preferences> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        tx.require_version(&Preferences::at(me), self.version).await?;
        let before: Option<Preferences> = tx.get_at(Preferences::at(me)).await?;
        let before = before.unwrap_or_else(|| Preferences::of(me));
        let mut after = before.clone();
        let mut form = Form::default();
        form.length("choices", &self.choices, 0, Topic::ALL.len());
        for (number, choice) in self.choices.iter().take(Topic::ALL.len()).enumerate() {
            form.inside(format!("choices/{number}/"));
            match Topic::named(&choice.topic) {
                None => form.wrong("topic", "unknown", "There is no such topic."),
                Some(topic) if !topic.optional() && !choice.mail => {
                    form.wrong("mail", "always_on", "These mails keep your account safe and cannot be switched off.");
                }
                Some(topic) => after.choose(topic, choice.mail),
            }
        }
        form.finish()?;
        if after != before {
            tx.put(&after)?;
            tx.happened([thing("account", me)], json!({}));
        }
        Ok(after)
    }
}
