//! The pages of deeds: what happens, what must be said, and the way back.

use super::deeds::{PROOFS, PROOFS_ADDRESS};
use super::parts_of_work;
use super::work::{Deed, Work};
use crate::pages::{Fields, Visit, Wrongs};
use crate::text::collaborations as t;
use crate::text::pictures as p;
use crate::view::{Form, Page, form, parts, terms};
use iescp_core::collaboration::SubmittedWorkInput;
use maud::{Markup, html};

/// Most links that the form asks for of one deliverable.
const LINKS: u32 = 20;

const VERBS: [(&str, Deed); 10] = [
    ("submit", Deed::Submit),
    ("approve", Deed::Approve),
    ("request-changes", Deed::RequestChanges),
    ("step-down", Deed::StepDown),
    ("cancel", Deed::Cancel),
    ("propose-split", Deed::ProposeSplit),
    ("accept-split", Deed::AcceptSplit),
    ("dispute", Deed::Dispute),
    ("results", Deed::Report),
    ("review", Deed::Review),
];

/// The deed at an address.
pub fn deed(verb: &str) -> Option<Deed> {
    VERBS.iter().find(|(known, _)| *known == verb).map(|(_, deed)| *deed)
}

fn verb(deed: Deed) -> &'static str {
    VERBS.iter().find(|(_, known)| *known == deed).map_or("", |(verb, _)| verb)
}

/// Whether a deed has a page of its own.
pub fn has_page(deed: Deed) -> bool {
    VERBS.iter().any(|(_, known)| *known == deed)
}

/// What a deed's page says and asks.
struct Told {
    title: String,
    told: Option<String>,
    fields: Markup,
    send: &'static str,
    danger: bool,
}

/// The page of a deed.
pub fn page(visit: &Visit, work: &Work, deed: Deed, wrong: &Wrongs) -> Page {
    let filled = filled(visit, work, deed);
    let form = Form::new(&filled, wrong);
    let said = told(visit, work, deed, form);
    let class = if said.danger { "danger" } else { "primary" };
    let content = html! {
        (form.summary())
        p.crumb { a href=(work.path()) { (work.view.campaign_title) " " (t::WITH) " " (work.other()) } }
        (parts::heading(&said.title, said.told.as_deref(), None))
        form.form method="post" action={ (work.path()) "/" (verb(deed)) } enctype=[(deed == Deed::Submit).then_some("multipart/form-data")] novalidate {
            (form::key())
            (said.fields)
            div.buttons { button.button.(class) type="submit" { (said.send) } a.button href=(work.path()) { (t::BACK) } }
        }
    };
    Page::new(said.title, content)
}

/// What the form shows at first: what was sent, or what is known.
fn filled(visit: &Visit, work: &Work, deed: Deed) -> Fields {
    if visit.sent().has(crate::pages::KEY) || deed != Deed::Submit {
        return visit.sent().clone();
    }
    let last = work.view.submissions.last().map(|last| last.works.as_slice()).unwrap_or_default();
    (0_u32..).zip(&work.view.deliverables).fold(Fields::default(), |fields, (piece, _)| {
        let urls = last.iter().filter(|found| found.deliverable == piece);
        urls.enumerate().fold(fields, |fields, (at, found)| fields.with(&place(piece, at), &*found.url))
    })
}

fn told(visit: &Visit, work: &Work, deed: Deed, form: Form<'_>) -> Told {
    let (it, look) = (work.it(), visit.look());
    let amount = look.amount(work.amount());
    let reason = || form.prose("reason", t::REASON, 4).hint(t::REASON_HINT);
    let say = |title: &str, told: String, fields: Markup, send: &'static str, danger: bool| Told {
        title: title.to_owned(),
        told: Some(told),
        fields,
        send,
        danger,
    };
    match deed {
        Deed::Submit => say(t::SUBMIT_TITLE, t::SUBMIT_TOLD.to_owned(), links(work, form), t::SUBMIT_SEND, false),
        Deed::Approve if it.amount.is_none() => {
            say(t::CLOSE_OLD_TITLE, t::CLOSE_OLD_TOLD.to_owned(), html! {}, t::CLOSE_OLD_SEND, false)
        }
        Deed::StepDown if it.amount.is_none() => {
            say(t::STEP_DOWN_TITLE, t::STEP_DOWN_OLD_TOLD.to_owned(), html! { (reason()) }, t::STEP_DOWN_SEND, true)
        }
        Deed::Approve => {
            let told = t::approve_told(&amount, &work.view.influencer_name);
            say(t::APPROVE_TITLE, told, parts_of_work::deliveries(look, work), t::APPROVE_SEND, false)
        }
        Deed::RequestChanges => {
            let told = t::changes_told(it.terms.rounds.saturating_sub(it.rounds), &look.span(it.terms.rework_seconds));
            let fields = html! { (form.prose("reasons", t::CHANGES_WHAT, 6).hint(t::CHANGES_HINT)) };
            say(t::CHANGES_TITLE, told, fields, t::CHANGES_SEND, false)
        }
        Deed::StepDown => say(t::STEP_DOWN_TITLE, t::step_down_told(&amount), html! { (reason()) }, t::STEP_DOWN_SEND, true),
        Deed::Cancel => say(t::CANCEL_TITLE, t::cancel_told(&amount), html! { (reason().optional()) }, t::CANCEL_SEND, true),
        Deed::ProposeSplit => {
            let fields = html! {
                (form.money("to_influencer", t::SPLIT_SHARE, look.currency.code()))
                (form.prose("note", t::SPLIT_NOTE, 3).optional())
            };
            say(t::SPLIT_TITLE, t::split_told(&amount), fields, t::SPLIT_SEND, false)
        }
        Deed::AcceptSplit => {
            let fields = html! { @if let Some(split) = work.split() {
                (form::hidden("split", &split.number.to_string()))
                section.card { (parts_of_work::shares(look, split.to_influencer, split.to_sponsor)) @if !split.note.is_empty() { blockquote { (parts::prose(&split.note)) } } }
            } };
            say(t::SPLIT_ACCEPT_TITLE, t::SPLIT_ACCEPT_TOLD.to_owned(), fields, t::SPLIT_ACCEPT_SEND, true)
        }
        Deed::Dispute => {
            let told = t::dispute_told(&look.span(it.terms.dispute_seconds), &amount);
            say(t::DISPUTE_TITLE, told, html! { (reason()) }, t::DISPUTE_SEND, true)
        }
        Deed::Review => {
            let fields = html! { (form.radios("rating", t::RATE_STARS, t::RATINGS.to_vec())) (form.prose("text", t::RATE_WORDS, 5).optional()) };
            say(&t::rate(work.other()), t::RATE_TOLD.to_owned(), fields, t::RATE_SEND, false)
        }
        _ => say(t::REPORT_TITLE, t::REPORT_TOLD.to_owned(), report(work, form), t::REPORT_SEND, false),
    }
}

fn report(work: &Work, form: Form<'_>) -> Markup {
    let pieces = (0_u32..).zip(&work.view.deliverables).map(|(at, piece)| (at.to_string(), terms::work(piece)));
    let pieces: Vec<(String, String)> = pieces.collect();
    html! {
        (form.choice("deliverable", t::PIECE, pieces.iter().map(|(at, name)| (at.as_str(), name.as_str())).collect()))
        div.quad {
            (form.number("views", t::VIEWS).optional()) (form.number("engagements", t::ENGAGEMENTS).optional())
            (form.number("clicks", t::CLICKS).optional()) (form.number("sales", t::SALES).optional())
        }
        (form.day("day", t::REPORT_DAY).optional())
        (form.line("source", t::REPORT_SOURCE).hint(t::REPORT_SOURCE_HINT))
    }
}

/// The field of a link: of which deliverable, and which of its links.
fn place(piece: u32, at: usize) -> String {
    format!("works/{piece}/{at}")
}

fn links(work: &Work, form: Form<'_>) -> Markup {
    let label = work.view.label.as_ref().map(|label| t::label_shown(label)).unwrap_or_default();
    html! {
        @for (piece, agreed) in (0_u32..).zip(&work.view.deliverables) {
            @let names: Vec<String> = (1..=agreed.count.min(LINKS) as usize).map(|number| t::link(number, agreed.count)).collect();
            fieldset.group {
                legend { (terms::work(agreed)) }
                @for (at, name) in names.iter().enumerate() {
                    @let field = form.url(place(piece, at), name);
                    @if at == 0 { (field) } @else { (field.optional()) }
                }
            }
        }
        fieldset.group {
            legend { (p::PROOFS) }
            (form.files(PROOFS, p::FILES).hint(p::PROOFS_HINT).optional())
            (form.url(PROOFS_ADDRESS, p::ADDRESS).hint(p::ADDRESS_HINT).optional().autocomplete("off"))
        }
        (form.prose("note", t::SUBMIT_NOTE, 3).optional())
        (form.tick("label_shown", &label))
    }
}

/// The links that were given, as the operation takes them, and the field of each.
pub fn works(visit: &Visit, work: &Work) -> (Vec<SubmittedWorkInput>, Vec<String>) {
    let mut given = (Vec::new(), Vec::new());
    for (piece, agreed) in (0_u32..).zip(&work.view.deliverables) {
        for at in 0..agreed.count.min(LINKS) as usize {
            let field = place(piece, at);
            // The first link of each is sent in any case, so that what is missing is said there.
            if at == 0 || visit.sent().given(&field).is_some() {
                given.0.push(SubmittedWorkInput { deliverable: piece.into(), url: visit.sent().text(&field) });
                given.1.push(field);
            }
        }
    }
    given
}
