//! `/exports`: one's own rows as files; asked for, made later, fetched.
//!
//! While one is being made the page asks again by itself; without scripts, whoever reads it does.

use super::{Answer, Fields, Visit, Wrongs, page};
use crate::app::House;
use crate::download;
use crate::text::exports as t;
use crate::view::form::key;
use crate::view::{Form, Icon, Page, parts};
use iescp_core::account::Role;
use iescp_core::export::{Export, ExportFormat, ExportKind, ExportState, ListExports, RequestExport, ViewExport};
use maud::{Markup, html};
use poem::endpoint::make;
use poem::{Endpoint, Request, Response};

const PATH: &str = "/exports";

/// `GET /exports`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    let page = shown(&visit, &Fields::default(), &Wrongs::default()).await?;
    Ok(visit.show(page))
}

/// `POST /exports`: asks for one.
///
/// # Errors
/// If nobody is signed in.
pub async fn ask(visit: Visit) -> Answer {
    visit.me()?;
    let sent = visit.sent();
    // What and as what are one choice on the page: `statement.pdf`.
    let chosen = sent.get("what");
    let (kind, format) = chosen.split_once('.').unwrap_or((chosen, "csv"));
    let wanted = RequestExport { kind: kind.to_owned(), format: Some(format.to_owned()) };
    match visit.run_once(wanted).await {
        Ok(_) => Ok(visit.go_saying(PATH, t::ASKED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?.renamed("kind", "what").renamed("format", "what");
            let page = shown(&visit, sent, &wrong).await?;
            Ok(visit.show_wrong(page, &wrong))
        }
    }
}

/// `GET /exports/{id}/file`.
pub fn file() -> impl Endpoint<Output = Response> {
    make(|request: Request| async move {
        let (house, asked) = (House::of(&request)?, request.headers().clone());
        let answer = move |visit: Visit| {
            let (house, asked) = (house.clone(), asked.clone());
            async move {
                visit.me()?;
                let export = visit.run(ViewExport { export: visit.id()? }).await?;
                Ok(download::file(house.files.as_ref(), &export, house.now(), &asked).await?)
            }
        };
        page(answer).call(request).await
    })
}

async fn shown(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, super::Refused> {
    let role = visit.me()?.account.role;
    let exports = visit.run(ListExports { page: visit.page_of(20) }).await?;
    let begun = visit.query().given("after").is_some();
    let content = html! {
        (Form::new(fields, wrong).summary())
        (parts::heading(t::TITLE, Some(t::told(role)), None))
        div.stack-wide {
            (form(role, fields, wrong))
            @if exports.items.is_empty() && !begun {
                (parts::empty(Icon::Download, t::NONE, t::NONE_TOLD, None))
            } @else {
                section {
                    h2.above { (t::FILES) }
                    (list(visit, &exports.items))
                    (parts::pager(PATH, visit.query(), exports.next.as_deref()))
                }
            }
        }
    };
    Ok(Page::new(t::TITLE, content).about_me())
}

fn form(role: Role, fields: &Fields, wrong: &Wrongs) -> Markup {
    let choices: Vec<(String, String)> = ExportKind::of_role(role).iter().flat_map(choices).collect();
    let choices: Vec<(&str, &str)> = choices.iter().map(|(word, label)| (word.as_str(), label.as_str())).collect();
    html! {
        form.form.card method="post" action=(PATH) {
            (key())
            (Form::new(fields, wrong).choice("what", t::NEW, choices))
            div.buttons { button.button.primary type="submit" { (t::MAKE) } }
        }
    }
}

/// What can be chosen of a kind: one choice for each form it has.
fn choices(kind: &ExportKind) -> Vec<(String, String)> {
    let choice = |format: &ExportFormat| {
        (format!("{}.{}", kind.word(), format.word()), format!("{} – {}", t::kind(*kind), t::format(*format)))
    };
    kind.formats().iter().map(choice).collect()
}

fn list(visit: &Visit, exports: &[Export]) -> Markup {
    let now = visit.house().now();
    let open = exports.iter().any(|export| export.state.is_open());
    html! {
        ul #exports.rows hx-get=[open.then_some(PATH)] hx-trigger=[open.then_some("every 2s")] hx-select=[open.then_some("#exports")] hx-target=[open.then_some("#exports")] hx-swap=[open.then_some("outerMorph")] {
            @for export in exports { (row(visit, export, export.state_at(now))) }
        }
    }
}

fn row(visit: &Visit, export: &Export, state: ExportState) -> Markup {
    let look = visit.look();
    let tone = match state {
        ExportState::Queued | ExportState::Running => parts::Tone::Waiting,
        ExportState::Ready => parts::Tone::Good,
        ExportState::Failed => parts::Tone::Bad,
        ExportState::Expired => parts::Tone::Calm,
    };
    html! {
        li {
            div.grow {
                strong { (t::kind(export.kind)) " – " (t::format(export.format)) }
                p.quiet.small {
                    (parts::badge(tone, t::state(state))) " "
                    @match (state, &export.file, export.as_of) {
                        (ExportState::Ready, Some(file), Some(as_of)) => {
                            (t::rows(export.rows)) " · " (t::size(file.bytes)) " · " (t::AS_OF) " " (look.moment(as_of)) " · " (t::UNTIL) " " (look.moment(export.until))
                        }
                        (ExportState::Running, ..) => { (t::rows_so_far(export.rows)) }
                        _ => { (look.ago(export.asked_at)) }
                    }
                }
                @if let Some(why) = &export.why { p.small { (why) } }
            }
            @if state == ExportState::Ready {
                a.button hx-boost="false" href={ (PATH) "/" (export.id) "/file" } download { (t::FETCH) span.hidden { ": " (t::kind(export.kind)) } }
            }
        }
    }
}
