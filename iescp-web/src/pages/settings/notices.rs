//! `/settings/notifications`: what also comes by e-mail, and in a chat (`chat`).

use super::super::{Answer, Fields, Refused, Visit, Wrongs};
use super::{chat, framed};
use crate::text::settings as t;
use crate::view::{Form, Page, form};
use iescp_core::account::Role;
use iescp_core::chat::ViewChat;
use iescp_core::notification::{Choice, SetPreferences, Topic, ViewPreferences};
use maud::html;

pub(super) const PATH: &str = "/settings/notifications";

/// The topics that concern a role.
fn topics(role: Role) -> impl Iterator<Item = Topic> {
    let concerns = move |topic: &Topic| match topic {
        Topic::Security | Topic::Account => true,
        Topic::Supervision => role == Role::Admin,
        Topic::Disputes | Topic::Exports => true,
        Topic::Campaigns => role == Role::Sponsor,
        Topic::Reports => role != Role::Influencer,
        Topic::Requests | Topic::Work | Topic::Money | Topic::Messages | Topic::Ratings | Topic::Reminders => role != Role::Admin,
    };
    Topic::ALL.iter().copied().filter(concerns)
}

/// `GET /settings/notifications`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    let role = visit.me()?.account.role;
    Ok(visit.show(page(&visit, role, &Fields::default(), &Wrongs::default()).await?))
}

/// `POST /settings/notifications`.
///
/// # Errors
/// If nobody is signed in.
pub async fn set(visit: Visit) -> Answer {
    let role = visit.me()?.account.role;
    let sent = visit.sent();
    let mailed = sent.all("mail");
    let choice = |topic: Topic| Choice { topic: topic.word().to_owned(), mail: mailed.iter().any(|word| word == topic.word()) };
    let choices = topics(role).filter(|topic| topic.optional()).map(choice).collect();
    match visit
        .run_once(SetPreferences { choices, version: sent.given("version").and_then(|version| version.parse().ok()) })
        .await
    {
        Ok(_) => Ok(visit.go_saying(PATH, t::SAVED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            Ok(visit.show_wrong(page(&visit, role, &Fields::default(), &wrong).await?, &wrong))
        }
    }
}

/// The page; `fields` are what was typed about the chat.
pub(super) async fn page(visit: &Visit, role: Role, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    let (chosen, chat) = (visit.run(ViewPreferences {}).await?, visit.run(ViewChat).await?);
    let content = html! {
        (form::summary(wrong))
        form method="post" action=(PATH) {
            (form::key()) (form::hidden("version", &chosen.version.to_string()))
            fieldset.rows {
                legend.hidden { (t::BY_MAIL) }
                @for topic in topics(role) {
                    label.option {
                        input type="checkbox" name="mail" value=(topic.word()) checked[chosen.preferences.mails(topic)] disabled[!topic.optional()];
                        span { (topic.label()) @if !topic.optional() { small { (t::ALWAYS) } } }
                    }
                }
            }
            div.buttons { button.button.primary type="submit" { (t::SAVE) } }
        }
        (chat::section(visit, chat.as_ref(), Form::new(fields, wrong)))
    };
    Ok(framed(visit, PATH, t::NOTICES, Some(t::NOTICES_TOLD), None, &content))
}
