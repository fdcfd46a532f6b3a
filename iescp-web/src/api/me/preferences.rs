//! What reaches one by e-mail.

use super::super::{Chapter, Done, Failure, IfMatch, IfNoneMatch, Patch, Shown};
use crate::identity::SignedIn;
use iescp_core::notification::{Choice, PreferencesView, SetPreferences, ViewPreferences};
use iescp_core::{Error, FieldError};
use poem_openapi::{Object, OpenApi};
use std::collections::BTreeMap;

/// The operations.
pub struct Preferences;

/// What reaches somebody by e-mail.
#[derive(Object)]
struct MailPreferences {
    /// Each topic, and whether it goes by e-mail.
    mail: BTreeMap<String, bool>,
}

/// What changes; topics that are not named stay as they are.
#[derive(Object)]
struct MailPreferencesPatch {
    /// Topics, and whether they are to go by e-mail. `security` always does.
    mail: Option<BTreeMap<String, bool>>,
}

impl From<PreferencesView> for MailPreferences {
    fn from(view: PreferencesView) -> Self {
        Self { mail: view.preferences.choices().into_iter().map(|choice| (choice.topic, choice.mail)).collect() }
    }
}

/// The core numbers choices; here they have names.
fn named(error: Error, topics: &[String]) -> Error {
    let name = |wrong: FieldError| {
        let number = wrong.field.strip_prefix("choices/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
        match number.and_then(|number| topics.get(number)) {
            Some(topic) => {
                let topic: String = topic.chars().take(40).collect();
                FieldError { field: format!("mail/{}", topic.replace('~', "~0").replace('/', "~1")), ..wrong }
            }
            None => FieldError { field: "mail".into(), ..wrong },
        }
    };
    match error {
        Error::Invalid(fields) => Error::Invalid(fields.into_iter().map(name).collect()),
        error => error,
    }
}

#[OpenApi(tag = "Chapter::Me")]
impl Preferences {
    /// Show what reaches one by e-mail
    ///
    /// Every topic has its entry.
    #[oai(path = "/me/preferences", method = "get", operation_id = "show_preferences")]
    async fn show_preferences(&self, who: SignedIn, if_none_match: IfNoneMatch) -> Result<Shown<MailPreferences>, Failure> {
        let view = who.0.run(ViewPreferences {}).await?;
        let version = view.version;
        Ok(Shown::at(view.into(), version, &if_none_match))
    }

    /// Choose what reaches one by e-mail
    ///
    /// A merge patch of what `GET /me/preferences` shows.
    #[oai(path = "/me/preferences", method = "patch", operation_id = "set_preferences")]
    async fn set_preferences(
        &self,
        who: SignedIn,
        if_match: IfMatch,
        patch: Patch<MailPreferencesPatch>,
    ) -> Result<Done<MailPreferences>, Failure> {
        let chosen = patch.0.mail.unwrap_or_default();
        let topics: Vec<String> = chosen.keys().cloned().collect();
        let choices = chosen.into_iter().map(|(topic, mail)| Choice { topic, mail }).collect();
        let set = SetPreferences { choices, version: if_match.expected()? };
        who.0.platform.run(&who.0.actor, set).await.map_err(|error| named(error, &topics))?;
        let view = who.0.run(ViewPreferences {}).await?;
        let version = view.version;
        Ok(Done::new(view.into()).version(version))
    }
}
