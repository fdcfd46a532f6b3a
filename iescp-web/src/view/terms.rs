//! What is offered or agreed, in words: pieces of work, terms with what changed, what follows from an acceptance.
//!
//! What changed is marked by a word and by `ins` and `del`, never by colour alone.
//!
//! Not here: the forms that terms are typed into (`pages/requests`).

use super::{Look, parts};
use crate::text::{requests as t, words};
use iescp_core::account::Influencer;
use iescp_core::campaign::Campaign;
use iescp_core::collaboration::Terms;
use iescp_core::request::{Deliverable, Offer, Side};
use iescp_core::value::Money;
use jiff::civil::Date;
use maud::{Markup, html};

/// A piece of work: `2 reels on Instagram`.
#[must_use]
pub fn work(work: &Deliverable) -> String {
    t::work(work.count, words::format(work.format), words::platform(work.platform))
}

/// How a piece of work stands against the offer before.
enum Change<'a> {
    Same(&'a Deliverable),
    Added(&'a Deliverable),
    Removed(&'a Deliverable),
    Changed(&'a Deliverable, &'a Deliverable),
}

/// Pairs what is offered with what was offered before, by format and place.
fn changes<'a>(now: &'a [Deliverable], before: &'a [Deliverable]) -> Vec<Change<'a>> {
    let mut left: Vec<&Deliverable> = before.iter().collect();
    let mut changes: Vec<Change<'a>> = Vec::new();
    for work in now {
        let alike = |other: &&&Deliverable| other.format == work.format && other.platform == work.platform;
        let found = left.iter().position(|other| *other == work).or_else(|| left.iter().position(|other| alike(&other)));
        changes.push(match found.map(|at| left.remove(at)) {
            Some(other) if other == work => Change::Same(work),
            Some(other) => Change::Changed(work, other),
            None => Change::Added(work),
        });
    }
    changes.extend(left.into_iter().map(Change::Removed));
    changes
}

/// A word beside what changed.
fn mark(word: &str) -> Markup {
    html! { span.was-changed { (word) } " " }
}

/// A value with what it was before, if that was something else.
fn value(now: &Markup, before: Option<&Markup>) -> Markup {
    match before {
        Some(before) => html! { (mark(t::CHANGED)) ins { (now) } " " span.was { (t::WAS) " " del { (before) } } },
        None => html! { (now) },
    }
}

fn dated(look: &Look, piece: &Deliverable, offer: &Offer) -> Markup {
    html! { (work(piece)) @if piece.due != offer.due { ", " (t::BY.to_lowercase()) " " (look.day(piece.due)) } }
}

/// The terms of an offer; what differs from the one before is marked.
#[must_use]
pub fn offer(look: &Look, offer: &Offer, before: Option<&Offer>) -> Markup {
    let amount = before.filter(|before| before.amount != offer.amount).map(|before| look.money(before.amount));
    let due = before.filter(|before| before.due != offer.due).map(|before| look.day(before.due));
    let rights = before.filter(|before| before.usage_rights != offer.usage_rights);
    let works = changes(&offer.deliverables, before.map_or(&offer.deliverables, |before| &before.deliverables));
    let all_same = works.iter().all(|change| matches!(change, Change::Same(_)));
    let same = before.is_some() && amount.is_none() && due.is_none() && rights.is_none() && all_same;
    html! {
        @if same { p.quiet.small { (t::NO_CHANGE) } }
        dl.terms {
            div.is-changed[amount.is_some()] { dt { (t::AMOUNT) } dd.pays { (value(&look.money(offer.amount), amount.as_ref())) } }
            div.is-changed[!all_same] {
                dt { (t::WORK) }
                dd { ul.works { @for change in &works { li {
                    @match change {
                        Change::Same(now) => { (dated(look, now, offer)) }
                        Change::Added(now) => { (mark(t::ADDED)) ins { (dated(look, now, offer)) } }
                        Change::Removed(was) => { (mark(t::REMOVED)) del { (work(was)) } }
                        Change::Changed(now, was) => {
                            (mark(t::CHANGED)) ins { (dated(look, now, offer)) } " "
                            span.was { (t::WAS) " " del { (work(was)) @if was.due != now.due { ", " (t::BY.to_lowercase()) " " (look.day(was.due)) } } }
                        }
                    }
                } } } }
            }
            div.is-changed[due.is_some()] { dt { (t::DUE) } dd { (value(&look.day(offer.due), due.as_ref())) } }
            div.is-changed[rights.is_some()] {
                dt { (t::RIGHTS) }
                dd { @match rights {
                    Some(before) => { (mark(t::CHANGED)) ins { (rights_told(&offer.usage_rights)) } " " span.was { (t::WAS) " " del { (rights_told(&before.usage_rights)) } } }
                    None => { (rights_told(&offer.usage_rights)) }
                } }
            }
        }
    }
}

fn rights_told(rights: &str) -> Markup {
    html! { @if rights.is_empty() { span.quiet { (t::NO_RIGHTS) } } @else { span.written dir="auto" { (rights) } } }
}

/// Who the two are, as the steps name them, and which of them reads.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// The sponsor's name.
    pub sponsor: &'a str,
    /// The influencer's name.
    pub influencer: &'a str,
    /// Who reads.
    pub reader: Option<Side>,
}

/// What follows from an acceptance: what is set aside, delivered, reviewed and paid, and when at the latest.
#[must_use]
pub fn steps(look: &Look, offer: &Offer, paid_on: Date, terms: &Terms, parties: Parties<'_>) -> Markup {
    let influencer = parties.reader == Some(Side::Influencer);
    let sponsor = parties.reader == Some(Side::Sponsor);
    let rounds = i64::from(terms.rounds);
    html! {
        ol.steps {
            li { strong { (t::AT_ONCE) } p { (look.money(offer.amount)) " " (t::SET_ASIDE) } }
            li { strong { (t::BY) " " (look.day(offer.due)) } p { @if influencer { (t::DELIVER_YOU) } @else { (t::deliver(parties.influencer)) } } }
            li { strong { (t::WITHIN) " " (look.span(terms.review_seconds)) } p { @if sponsor { (t::review_you(rounds)) } @else { (t::review(parties.sponsor, rounds)) } } }
            li.last {
                strong { (t::BY) " " (look.day(paid_on)) " " (t::AT_LATEST) }
                p { (look.money(offer.amount)) " " @if influencer { (t::PAID_YOU) } @else { (t::paid(parties.influencer)) } }
            }
        }
    }
}

/// What the campaign asks of whoever works in it.
#[must_use]
pub fn brief(campaign: &Campaign) -> Markup {
    let tags = campaign.brief.hashtags.iter().map(|tag| format!("#{}", &**tag));
    let tags: Vec<String> = tags.chain(campaign.brief.mentions.iter().map(|who| format!("@{}", &**who))).collect();
    html! {
        dl.terms {
            div { dt { (t::LABEL) } dd { "“" (&*campaign.label) "”" } }
            @for (name, text) in [(t::GOALS, &*campaign.brief.goals), (t::DOS, &*campaign.brief.dos), (t::DONTS, &*campaign.brief.donts)] {
                @if !text.is_empty() { div { dt { (name) } dd { (parts::prose(text)) } } }
            }
            @if !tags.is_empty() { div { dt { (t::TAGS) } dd dir="auto" { (tags.join(" ")) } } }
        }
    }
}

/// What an influencer usually asks for one piece of each format.
#[must_use]
pub fn rates(look: &Look, influencer: &Influencer) -> Markup {
    html! {
        @if influencer.rate_card.is_empty() { p.quiet { (t::NO_RATES) } } @else {
            dl.pairs { @for (format, price) in &influencer.rate_card { div { dt { (words::format(*format).0) } dd { (look.money(*price)) } } } }
        }
    }
}

/// What a campaign can still promise, and what an offer would leave of it.
#[must_use]
pub fn left(look: &Look, available: Money, amount: Option<Money>) -> Markup {
    html! {
        dl.pairs {
            div { dt { (t::LEFT) } dd { (look.money(available)) } }
            @if let Some(amount) = amount { div { dt { (t::LEFT_AFTER) } dd { (look.money(Money(available.0.saturating_sub(amount.0)))) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iescp_core::value::{Format, SocialPlatform};
    use jiff::civil::date;

    fn piece(format: Format, count: u32) -> Deliverable {
        Deliverable { format, platform: SocialPlatform::Instagram, count, due: date(2026, 12, 1) }
    }

    #[test]
    fn work_is_paired_by_format_and_place_and_what_is_left_was_removed() {
        let before = [piece(Format::Reel, 1), piece(Format::Post, 2)];
        let now = [piece(Format::Post, 3), piece(Format::Story, 1)];
        let said: Vec<String> = changes(&now, &before)
            .iter()
            .map(|change| match change {
                Change::Same(one) => format!("same {}", work(one)),
                Change::Added(one) => format!("added {}", work(one)),
                Change::Removed(one) => format!("removed {}", work(one)),
                Change::Changed(one, was) => format!("{} was {}", work(one), work(was)),
            })
            .collect();
        assert_eq!(
            said,
            ["3 posts on Instagram was 2 posts on Instagram", "added 1 story on Instagram", "removed 1 reel on Instagram"]
        );
    }
}
