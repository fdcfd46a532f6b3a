//! `/settings/sessions`: where one is signed in.

use super::super::{Answer, Visit, Wrongs};
use super::framed;
use crate::text::settings as t;
use crate::view::{Page, form, parts};
use iescp_core::Page as Listed;
use iescp_core::id::SessionId;
use iescp_core::session::{EndOtherSessions, EndSession, ListSessions, SessionSummary};
use maud::{Markup, html};

const PATH: &str = "/settings/sessions";

/// `GET /settings/sessions`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    Ok(visit.show(page(&visit, &Wrongs::default()).await?))
}

/// `POST /settings/sessions/{id}/end`.
///
/// # Errors
/// Not found, if there is no such session; the password given too long ago.
pub async fn end(visit: Visit) -> Answer {
    visit.me()?;
    visit.run_once(EndSession { session: visit.id::<SessionId>()? }).await?;
    Ok(visit.go_saying(PATH, t::ENDED))
}

/// `POST /settings/sessions/end-others`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn end_others(visit: Visit) -> Answer {
    visit.me()?;
    match visit.run_once(EndOtherSessions).await {
        Ok(ended) => Ok(visit.go_saying(PATH, &t::others_ended(i64::try_from(ended).unwrap_or(i64::MAX)))),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            Ok(visit.show_wrong(page(&visit, &wrong).await?, &wrong))
        }
    }
}

async fn page(visit: &Visit, wrong: &Wrongs) -> Result<Page, super::super::Refused> {
    let sessions: Listed<SessionSummary> = visit.run(ListSessions { page: visit.page_of(20) }).await?;
    let others = sessions.items.iter().any(|session| !session.current);
    let actions = others.then(|| parts::action("/settings/sessions/end-others", t::END_OTHERS, ""));
    let content = html! {
        (form::summary(wrong))
        ul.rows { @for session in &sessions.items { (row(visit, session)) } }
        (parts::pager(PATH, visit.query(), sessions.next.as_deref()))
    };
    Ok(framed(visit, PATH, t::SESSIONS, Some(t::SESSIONS_TOLD), actions.as_ref(), &content))
}

fn row(visit: &Visit, session: &SessionSummary) -> Markup {
    let look = visit.look();
    let client = session.agent.as_deref().map_or_else(|| t::UNKNOWN_CLIENT.to_owned(), client);
    html! {
        li {
            div.grow {
                strong { (client) }
                @if session.current { " " (parts::badge(parts::Tone::Good, t::THIS_SESSION)) }
                @if session.refreshable { " " (parts::badge(parts::Tone::Calm, t::PROGRAM)) }
                p.quiet.small {
                    @if let Some(address) = &session.address { (address) " · " }
                    (t::SIGNED_IN) " " (look.ago(session.created_at)) " · " (t::SEEN) " " (look.ago(session.seen_at))
                }
            }
            @if !session.current { div.above { (parts::action(&format!("{PATH}/{}/end", session.id), t::END, "slim")) } }
        }
    }
}

/// What people call the program that a browser says it is. The order matters: nearly all say to be Mozilla and Safari.
fn client(agent: &str) -> String {
    let known =
        |names: &[(&'static str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("python", "Python"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    match (known(&browsers), known(&systems)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(client(chrome), "Chrome, Linux");
        assert_eq!(client("curl/8.5.0"), "curl");
        assert_eq!(client("Something of one's own"), "Something of one's own");
    }
}
