//! The parts of a collaboration's page: deliveries, results, reviews, money, facts.

use super::work::{Deed, Work};
use crate::text::collaborations as t;
use crate::view::chart::{self, Bar};
use crate::view::{Look, parts, picture, terms};
use iescp_core::collaboration::{Review, Submission};
use iescp_core::request::Side;
use iescp_core::value::Money;
use maud::{Markup, html};

/// What was agreed to be made, and what was delivered.
pub fn deliveries(look: &Look, work: &Work) -> Markup {
    let view = &work.view;
    let last = view.submissions.last();
    html! {
        section aria-labelledby="work" {
            h2 #work { (t::WORK) }
            @if view.deliverables.is_empty() { p.quiet { (t::NO_TERMS) } }
            ul.rows.pieces {
                @for (number, piece) in (0_u32..).zip(&view.deliverables) {
                    li {
                        div.grow { strong { (terms::work(piece)) } p.quiet.small { (t::DUE) " " (look.day(piece.due)) } }
                        @if let Some(last) = last { ul.found-work { @for found in last.works.iter().filter(|found| found.deliverable == number) { li { (parts::outward(&found.url, &shown(&found.url))) } } } }
                        @else { span.quiet.small { (t::NOTHING_YET) } }
                    }
                }
            }
            @if let Some(label) = &view.label { p.quiet.small.label-told { (t::SHOWS) " “" (&**label) "”." } }
            @if let Some(last) = last { (said(look, last)) }
        }
    }
}

fn said(look: &Look, last: &Submission) -> Markup {
    html! {
        p.quiet.small { (t::submission(last.number)) ", " (look.moment(last.at)) }
        (picture::proofs(&last.proofs))
        @if !last.note.is_empty() { blockquote { (parts::prose(&last.note)) } }
    }
}

/// An address as people read it.
fn shown(url: &str) -> String {
    let bare = url.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    if bare.chars().count() > 48 { bare.chars().take(47).chain(['…']).collect() } else { bare.to_owned() }
}

/// What was reported of the work's effect: the last report for each piece.
pub fn results(look: &Look, work: &Work) -> Markup {
    let view = &work.view;
    if !work.allows(Deed::Report) && view.results.is_empty() {
        return html! {};
    }
    let last = |piece: u32| view.results.iter().rfind(|result| result.deliverable == piece);
    let rows: Vec<_> = (0_u32..).zip(&view.deliverables).filter_map(|(at, piece)| Some((piece, last(at)?))).collect();
    let number = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |value| look.number(value));
    html! {
        section {
            h2 #results { (t::RESULTS) }
            @if rows.is_empty() { p.quiet { (t::NO_RESULTS) } } @else {
                div.table tabindex="0" role="region" aria-labelledby="results" {
                    table {
                        thead { tr { th scope="col" { (t::PIECE) } @for name in [t::VIEWS, t::ENGAGEMENTS, t::CLICKS, t::SALES] { th.number scope="col" { (name) } } th scope="col" { (t::AS_OF) } th scope="col" { (t::SOURCE) } } }
                        tbody { @for (piece, result) in rows {
                            tr {
                                th scope="row" { (terms::work(piece)) }
                                @for value in [result.views, result.engagements, result.clicks, result.sales] { td.number { (number(value)) } }
                                td { (look.day(result.day)) }
                                td { span dir="auto" { (&*result.source) } " (" (work.called(result.by)) ")" }
                            }
                        } }
                    }
                }
            }
            @if work.allows(Deed::Report) { p.just-below { a.button.slim href={ (work.path()) "/results" } { (t::REPORT) } } }
        }
    }
}

/// The reviews that whoever looks may read.
pub fn reviews(look: &Look, work: &Work) -> Markup {
    let reviews = &work.view.reviews;
    html! {
        @if !reviews.is_empty() {
            section.stack aria-labelledby="reviews" { h2 #reviews { (t::REVIEWS) } @for review in reviews { (review_card(look, work, review)) } }
        }
    }
}

fn review_card(look: &Look, work: &Work, review: &Review) -> Markup {
    html! {
        article.card {
            p { strong { (work.called(review.by)) } " · " span.given-stars aria-hidden="true" { (stars(review.rating)) } " " (t::stars(review.rating)) }
            (parts::prose(&review.text))
            p.quiet.small { (look.moment(review.at)) }
        }
    }
}

fn stars(rating: u8) -> String {
    (1..=5).map(|star| if star <= rating { '★' } else { '☆' }).collect()
}

/// Where the money is.
pub fn money(look: &Look, work: &Work) -> Markup {
    let it = work.it();
    let Some(amount) = it.amount else {
        return html! { section.card.stack.purse { h2 { (t::MONEY) } p.figure-value { (t::NOT_RECORDED) } p.quiet { (t::NOT_RECORDED_TOLD) } } };
    };
    let (paid, returned) = it.end.as_ref().map_or((Money::ZERO, Money::ZERO), |end| (end.paid, end.returned));
    let held = if it.end.is_some() { Money::ZERO } else { amount };
    let bar = |name: &str, money: Money| Bar { name: name.to_owned(), value: money.0, shown: look.amount(money) };
    let all = [("held", bar(t::HELD, held)), ("paid", bar(t::PAID, paid)), ("left", bar(t::RETURNED, returned))];
    let some: Vec<(&str, Bar)> = all.into_iter().filter(|(_, bar)| bar.value > 0).collect();
    html! {
        section.card.stack.purse {
            h2 { (t::MONEY) }
            p.figure-value { (look.money(amount)) }
            (chart::parts(t::MONEY, amount.0, &some))
        }
    }
}

/// How an amount is divided.
pub fn shares(look: &Look, to_influencer: Money, to_campaign: Money) -> Markup {
    html! {
        dl.pairs {
            div { dt { (t::TO_INFLUENCER) } dd { (look.money(to_influencer)) } }
            div { dt { (t::TO_CAMPAIGN) } dd { (look.money(to_campaign)) } }
        }
    }
}

/// The collaboration in short, with the ways to what belongs to it.
pub fn facts(look: &Look, work: &Work) -> Markup {
    let (it, view) = (work.it(), &work.view);
    html! {
        section.card.stack {
            h2 { (t::FACTS) }
            dl.pairs {
                div { dt { (t::ALL_DUE) } dd { (look.day(it.due)) } }
                @if !it.state.has_ended() { div { dt { (t::ROUNDS) } dd { (it.terms.rounds.saturating_sub(it.rounds)) } } }
            }
            ul.links {
                @if let Some(number) = view.agreement { li { a href={ (work.path()) "/agreement" } { (t::agreement(number)) } } }
                li { a href={ "/requests/" (it.request) } { (t::NEGOTIATION) } }
                li { a href={ "/campaigns/" (it.campaign) } { (t::CAMPAIGN) } }
                @if let Some(side) = work.side { li { a href={ "/messages/" (it.party(Side::other(side))) } { (t::MESSAGE) } } }
            }
        }
    }
}
