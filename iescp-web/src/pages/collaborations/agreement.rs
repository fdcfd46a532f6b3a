//! The agreement as a contract that prints.

use crate::pages::{Answer, Visit};
use crate::text::collaborations as t;
use crate::view::{Icon, Look, Page, icon, parts, terms};
use iescp_core::collaboration::{Agreement, Contract, Signature, ViewContract};
use iescp_core::id::CollaborationId;
use maud::{Markup, html};

/// `GET /collaborations/{id}/agreement`.
///
/// # Errors
/// If the collaboration is not this person's, or has none.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    let collaboration: CollaborationId = visit.id()?;
    let contract = visit.run(ViewContract { collaboration }).await?;
    let title = format!("{}: {}", t::agreement(contract.agreement.number), &*contract.agreement.title);
    let content = html! {
        p.crumb.no-print { a href={ "/collaborations/" (collaboration) } { (t::TO_WORK) } }
        article.contract {
            header {
                div { h1 { (t::agreement(contract.agreement.number)) } p.told dir="auto" { (&*contract.agreement.title) } }
                button.button.no-print type="button" data-print { (icon(Icon::Print)) (t::PRINT) }
            }
            (parties(&contract))
            (clauses(visit.look(), &contract))
            (signatures(visit.look(), &contract))
            footer { p.small { (t::FINGERPRINT) } p { code.hash { (contract.agreement.hash) } } p.small.quiet { (t::offer_taken(contract.agreement.offer)) } }
        }
    };
    Ok(visit.show(Page::new(title, content)))
}

fn parties(contract: &Contract) -> Markup {
    html! {
        dl.parties {
            div { dt { (t::SPONSOR) } dd dir="auto" { (contract.sponsor_name) } }
            div { dt { (t::INFLUENCER) } dd dir="auto" { (contract.influencer_name) } }
        }
    }
}

fn clauses(look: &Look, contract: &Contract) -> Markup {
    let agreement = &contract.agreement;
    let (sponsor, influencer) = (contract.sponsor_name.as_str(), contract.influencer_name.as_str());
    let terms = &agreement.terms;
    let clause = |title: &str, content: Markup| html! { li { h2 { (title) } (content) } };
    html! {
        ol.clauses {
            (clause(t::SUBJECT, html! {
                p { (t::subject(influencer, &agreement.title, sponsor)) }
                ul { @for piece in &agreement.deliverables { li { (terms::work(piece)) ", " (t::BY) " " (look.day(piece.due)) } } }
            }))
            (clause(t::PAY, html! { p { (t::pay(sponsor, influencer, &look.amount(agreement.amount), &agreement.currency)) } }))
            (clause(t::DELIVERY, html! { p { (t::delivery(&look.date(agreement.due), &look.span(terms.review_seconds), terms.rounds, &look.span(terms.rework_seconds))) } }))
            (clause(t::LABELLING, html! { p { (t::labelling(&agreement.label)) } }))
            (clause(t::RIGHTS, html! { @if agreement.usage_rights.is_empty() { p { (t::NO_RIGHTS) } } @else { (parts::prose(&agreement.usage_rights)) } }))
            (clause(t::FAILING, html! { p { (t::failing(&look.span(terms.overdue_sponsor_seconds), &look.span(terms.overdue_system_seconds))) } }))
            (clause(t::DISPUTES, html! { p { (t::disputes(&look.span(terms.dispute_seconds))) } }))
            (clause(t::BRIEF, brief(agreement)))
            @if !agreement.note.is_empty() { (clause(t::NOTE, parts::prose(&agreement.note))) }
        }
    }
}

fn brief(agreement: &Agreement) -> Markup {
    use crate::text::requests as r;
    let brief = &agreement.brief;
    let tags = brief.hashtags.iter().map(|tag| format!("#{}", &**tag));
    let tags: Vec<String> = tags.chain(brief.mentions.iter().map(|who| format!("@{}", &**who))).collect();
    html! {
        @for (name, text) in [(r::GOALS, &*brief.goals), (r::DOS, &*brief.dos), (r::DONTS, &*brief.donts)] {
            @if !text.is_empty() { h3 { (name) } (parts::prose(text)) }
        }
        @if !tags.is_empty() { h3 { (r::TAGS) } p dir="auto" { (tags.join(" ")) } }
    }
}

fn signatures(look: &Look, contract: &Contract) -> Markup {
    let agreement = &contract.agreement;
    let signed = |role: &str, name: &str, signature: &Signature| {
        html! {
            div {
                p.signature dir="auto" { (&*signature.name) }
                p.small { (role) ", " span dir="auto" { (name) } }
                p.small.quiet { (look.moment(signature.at)) }
            }
        }
    };
    html! {
        section.signatures aria-labelledby="signatures" {
            h2 #signatures { (t::SIGNATURES) }
            div.pair {
                (signed(t::SPONSOR, &contract.sponsor_name, &agreement.sponsor_signed))
                (signed(t::INFLUENCER, &contract.influencer_name, &agreement.influencer_signed))
            }
        }
    }
}
