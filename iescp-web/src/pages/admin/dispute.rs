//! `/admin/disputes`: those that nobody has decided; and one of them with both sides' words, the work and the money.

use super::super::{Answer, Fields, Reading, Refused, Visit, Wrongs};
use super::only;
use crate::text::{admin as t, words};
use crate::view::{Form, Icon, Page, form, parts};
use iescp_core::PageRequest;
use iescp_core::collaboration::{Case, CollaborationState, CollaborationView, Dispute, ListDisputes, RuleDispute, ViewCase};
use iescp_core::id::CollaborationId;
use iescp_core::message::{Said, ThreadView};
use iescp_core::request::Side;
use iescp_core::value::Money;
use maud::{Markup, html};

const PATH: &str = "/admin/disputes";
/// How many messages of the two are shown.
const WORDS: usize = 30;

/// `GET /admin/disputes`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn list(visit: Visit) -> Answer {
    only(&visit)?;
    let disputes = visit.run(ListDisputes { page: visit.page_of(20) }).await?;
    let content = html! {
        (parts::heading(t::DISPUTES, Some(t::DISPUTES_TOLD), None))
        @if disputes.items.is_empty() { (parts::empty(Icon::Scales, t::NO_DISPUTES, t::NO_DISPUTES_TOLD, None)) }
        @else { ul.rows { @for (view, dispute) in &disputes.items { (row(&visit, view, dispute.as_ref())) } } }
        (parts::pager(PATH, visit.query(), disputes.next.as_deref()))
    };
    Ok(visit.show(Page::new(t::DISPUTES, content)))
}

fn row(visit: &Visit, view: &CollaborationView, dispute: Option<&Dispute>) -> Markup {
    let (one, look) = (&view.collaboration, visit.look());
    let ends = one.settled_at();
    html! {
        li {
            div.grow {
                h2 { a href={ (PATH) "/" (one.id) } dir="auto" { (view.campaign_title) } }
                p.quiet.small dir="auto" { (view.sponsor_name) " · " (view.influencer_name) @if let Some(amount) = one.amount { " · " (look.money(amount)) } }
                @if let Some(dispute) = dispute { p.small.one-line dir="auto" { (dispute.reason.chars().take(160).collect::<String>()) } }
            }
            @if let Some(ends) = ends { small.quiet { (t::SETTLES) " " (look.ago(ends)) } }
        }
    }
}

/// `GET /admin/disputes/{id}`, by the id of the collaboration.
///
/// # Errors
/// Not found, for all but admins, and if there never was a dispute.
pub async fn show(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, &Fields::default(), &Wrongs::default()).await?))
}

/// `POST /admin/disputes/{id}/rule`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn rule(visit: Visit) -> Answer {
    only(&visit)?;
    let (collaboration, sent): (CollaborationId, _) = (visit.id()?, visit.sent());
    let mut reading = Reading::default();
    let share = reading.money_if(sent, "to_influencer", visit.look().currency).unwrap_or(-1);
    match visit.run_once(RuleDispute { collaboration, to_influencer: share, reasons: sent.text("reasons") }).await {
        Ok(_) => Ok(visit.go_saying(&format!("{PATH}/{collaboration}"), t::RULED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?.and_unread(reading.wrong);
            Ok(visit.show_wrong(page(&visit, sent, &wrong).await?, &wrong))
        }
    }
}

async fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    only(visit)?;
    let page = PageRequest::new(WORDS, None);
    let Case { view, thread } = visit.run(ViewCase { collaboration: visit.id()?, page }).await?;
    if view.disputes.is_empty() {
        return Err(iescp_core::Error::NotFound.into());
    }
    let one = &view.collaboration;
    let asked = Form::new(fields, wrong);
    let content = html! {
        (asked.summary())
        p.back { a href=(PATH) { (t::DISPUTES) } }
        header.heading { div { h1 dir="auto" { (t::DISPUTE) ": " (view.campaign_title) } p.told { (parts::collaboration_state(one.state)) } } }
        div.columns {
            div.stack-wide { (reasons(visit, &view)) (work(visit, &view)) (talk(visit, &view, &thread)) }
            aside.stack { (money(visit, &view)) @if one.state == CollaborationState::Disputed { (ruling(visit, &view, asked)) } @else { (parts::notice(parts::Tone::Calm, &html! { p { (t::OVER) } })) } }
        }
    };
    Ok(Page::new(format!("{}: {}, {}", t::DISPUTE, view.sponsor_name, view.influencer_name), content))
}

fn name(view: &CollaborationView, side: Side) -> &str {
    match side {
        Side::Sponsor => &view.sponsor_name,
        Side::Influencer => &view.influencer_name,
    }
}

fn reasons(visit: &Visit, view: &CollaborationView) -> Markup {
    let look = visit.look();
    html! {
        section.stack {
            h2 { (t::REASON) }
            @for dispute in view.disputes.iter().rev() {
                article.card.stack {
                    p.quiet.small dir="auto" { (t::opened_by(name(view, dispute.by))) ", " (look.ago(dispute.at)) }
                    (parts::prose(&dispute.reason))
                    @if let Some(ruling) = &dispute.ruling {
                        div.notice.good { div { p { strong { (t::RULING) ": " (look.money(ruling.to_influencer)) " – " (t::SHARE) } } (parts::prose(&ruling.reasons)) } }
                    }
                }
            }
            @if let Some(split) = view.collaboration.split.as_ref().filter(|split| split.is_open(look.now)) {
                article.card.stack { h3 { (t::PROPOSAL) } p.quiet.small dir="auto" { (name(view, split.by)) ", " (look.ago(split.at)) } p { (t::SHARE) ": " (look.money(split.to_influencer)) } (parts::prose(&split.note)) }
            }
        }
    }
}

fn work(visit: &Visit, view: &CollaborationView) -> Markup {
    let look = visit.look();
    html! {
        section.stack {
            h2 { (t::WORK) }
            @if view.submissions.is_empty() { p.quiet { (t::NO_WORK) } }
            @for submission in view.submissions.iter().rev() {
                article.card.stack {
                    p.quiet.small { (look.moment(submission.at)) }
                    ul.plain { @for work in &submission.works { li { (parts::outward(&work.url, &work.url)) } } }
                    (parts::prose(&submission.note))
                }
            }
        }
    }
}

fn talk(visit: &Visit, view: &CollaborationView, thread: &ThreadView) -> Markup {
    let one = &view.collaboration;
    html! {
        section.stack {
            h2 { (t::WORDS) }
            @if thread.messages.items.is_empty() { p.quiet { (t::NO_WORDS) } }
            ol.thread {
                @for message in thread.messages.items.iter().rev() {
                    @let by = message.said.by().and_then(|by| one.side_of(by));
                    @match (&message.said, by) {
                        (Said::Line { line, .. }, _) => li.line { p { (line.text()) " " small.quiet { (visit.look().ago(message.at)) } } },
                        (said, by) => li.said.mine[by == Some(Side::Sponsor)] { p.small.quiet dir="auto" { (by.map_or("", |by| name(view, by))) } (parts::prose(said.text())) small.quiet { (visit.look().ago(message.at)) } },
                    }
                }
            }
        }
    }
}

fn money(visit: &Visit, view: &CollaborationView) -> Markup {
    let (one, look) = (&view.collaboration, visit.look());
    let pieces: Vec<String> =
        view.deliverables.iter().map(|piece| crate::text::plural(piece.count.into(), words::format(piece.format))).collect();
    html! {
        section.card.stack {
            (parts::facts(&[
                (t::HELD, one.amount.map_or_else(|| html! { "–" }, |amount| look.money(amount))),
                (t::DUE, look.day(one.due)),
                (t::SPONSOR, html! { a href={ "/admin/accounts/" (one.sponsor) } dir="auto" { (view.sponsor_name) } }),
                (t::INFLUENCER, html! { a href={ "/admin/accounts/" (one.influencer) } dir="auto" { (view.influencer_name) } }),
                (t::AGREED, html! { (pieces.join(", ")) }),
            ]))
            p.small { a href={ "/collaborations/" (one.id) "/agreement" } { (t::AGREEMENT) } }
        }
    }
}

fn ruling(visit: &Visit, view: &CollaborationView, asked: Form<'_>) -> Markup {
    let held = view.collaboration.amount.unwrap_or(Money::ZERO);
    let hint = format!("0 – {}", visit.look().amount(held));
    html! {
        section.card.stack.attention {
            h2 { (t::RULE) }
            p.quiet.small { (t::RULE_TOLD) }
            form method="post" action={ (PATH) "/" (view.collaboration.id) "/rule" } novalidate {
                (form::key())
                (asked.money("to_influencer", t::SHARE, visit.look().currency.code()).hint(&hint))
                (asked.prose("reasons", t::REASONS, 5).longest(2000))
                button.button.primary type="submit" { (t::RULE_SEND) }
            }
        }
    }
}
