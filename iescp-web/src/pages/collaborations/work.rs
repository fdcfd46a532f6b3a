//! One collaboration: the next thing first, then the work, the money and what happened.

use super::parts_of_work as part;
use super::record;
use crate::pages::{Answer, Refused, Visit, Wrongs};
use crate::text::collaborations as t;
use crate::view::parts::{self, Tone};
use crate::view::{Icon, Look, Page, form, icon};
use iescp_core::collaboration::{Collaboration, CollaborationState, CollaborationView, End, Split, ViewCollaboration};
use iescp_core::request::Side;
use iescp_core::value::{Money, later};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// A collaboration as somebody looks at it.
pub struct Work {
    pub view: CollaborationView,
    /// The side of whoever looks; none for an admin.
    pub side: Option<Side>,
    pub now: Timestamp,
}

/// What can be done to a collaboration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    Submit,
    Approve,
    RequestChanges,
    StepDown,
    Cancel,
    ProposeSplit,
    AcceptSplit,
    WithdrawSplit,
    Dispute,
    WithdrawDispute,
    Report,
    Review,
}

impl Work {
    /// The collaboration that the path names.
    pub async fn of(visit: &Visit) -> Result<Self, Refused> {
        let me = visit.me()?.account.id;
        let view = visit.run(ViewCollaboration { collaboration: visit.id()? }).await?;
        let side = view.collaboration.side_of(me);
        Ok(Self { side, now: visit.look().now, view })
    }

    pub fn it(&self) -> &Collaboration {
        &self.view.collaboration
    }

    pub fn path(&self) -> String {
        format!("/collaborations/{}", self.it().id)
    }

    pub fn name(&self, side: Side) -> &str {
        match side {
            Side::Sponsor => &self.view.sponsor_name,
            Side::Influencer => &self.view.influencer_name,
        }
    }

    /// The name of the side that does not look.
    pub fn other(&self) -> &str {
        self.name(self.side.unwrap_or(Side::Sponsor).other())
    }

    /// What a side is called by whoever looks.
    pub fn called(&self, side: Side) -> &str {
        if self.side == Some(side) { t::YOU } else { self.name(side) }
    }

    pub fn amount(&self) -> Money {
        self.it().amount.unwrap_or(Money::ZERO)
    }

    /// A proposal that can still be accepted.
    pub fn split(&self) -> Option<&Split> {
        self.it().split.as_ref().filter(|split| split.is_open(self.now))
    }

    fn has_reviewed(&self) -> bool {
        self.view.reviews.iter().any(|review| Some(review.by) == self.side)
    }

    /// Whether a side took a dispute back before: the next one ends otherwise.
    fn took_back(&self, side: Side) -> bool {
        self.view.disputes.iter().any(|dispute| dispute.by == side && dispute.withdrawn_at.is_some())
    }

    /// Whether whoever looks can do this now.
    pub fn allows(&self, deed: Deed) -> bool {
        use CollaborationState::{Active, Cancelled, Disputed, Submitted};
        let (it, Some(side)) = (self.it(), self.side) else { return false };
        let (sponsor, influencer) = (side == Side::Sponsor, side == Side::Influencer);
        let running = matches!(it.state, Active | Submitted);
        let in_time = it.review.is_none_or(|clock| self.now < clock.ends_at);
        let theirs = self.split().is_some_and(|split| split.by != side);
        match deed {
            Deed::Submit => influencer && it.state == Active && self.view.agreement.is_some(),
            Deed::Approve => sponsor && (it.state == Submitted || it.state == Active && it.amount.is_none()),
            Deed::RequestChanges => sponsor && it.state == Submitted && in_time && it.rounds < it.terms.rounds,
            Deed::StepDown => influencer && it.state == Active,
            Deed::Cancel => sponsor && it.state == Active && self.now >= it.overdue_for_sponsor(),
            Deed::ProposeSplit => (running || it.state == Disputed) && !theirs,
            Deed::AcceptSplit => (running || it.state == Disputed) && theirs,
            Deed::WithdrawSplit => self.split().is_some(),
            Deed::Dispute => running && in_time,
            Deed::WithdrawDispute => it.dispute.is_some_and(|open| open.by == side) && !self.took_back(side),
            Deed::Report => it.submissions > 0 && it.state != Cancelled && self.view.agreement.is_some(),
            Deed::Review => it.reviews_until.is_some_and(|until| self.now < until) && !self.has_reviewed(),
        }
    }
}

/// `GET /collaborations/{id}`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn show(visit: Visit) -> Answer {
    let work = Work::of(&visit).await?;
    Ok(visit.show(page(&visit, &work, &Wrongs::default())))
}

/// The page of a collaboration, with what could not be done.
pub fn page(visit: &Visit, work: &Work, wrong: &Wrongs) -> Page {
    let look = visit.look();
    let it = work.it();
    let content = html! {
        (form::summary(wrong))
        header.heading {
            div {
                p.crumb {
                    @if work.side.is_some() { a href="/collaborations" { (t::TITLE) } }
                    @else { a href="/admin/disputes" { (crate::text::admin::DISPUTES) } }
                }
                h1 { span dir="auto" { (work.view.campaign_title) } " " span.with { (t::WITH) " " span dir="auto" { (work.other()) } } }
                p.told { (parts::collaboration_state(it.state)) }
            }
        }
        div.columns {
            div.stack-wide {
                div { (next(look, work)) @if let Some(split) = work.split() { (proposal(look, work, split)) } }
                (part::deliveries(look, work))
                (part::results(look, work))
                (part::reviews(look, work))
                (record::history(look, work))
            }
            aside.stack {
                (part::money(look, work))
                (part::facts(look, work))
                (ways(work))
            }
        }
    };
    Page::new(format!("{} {} {}", work.view.campaign_title, t::WITH, work.other()), content).about("collaboration", work.it().id)
}

/// A sentence with a moment at its end.
fn until(look: &Look, said: &str, at: Timestamp) -> Markup {
    html! { p { (said) " " strong { (look.ago(at)) } ", " (look.moment(at)) "." } }
}

/// The same for the day that the work is due.
fn due(look: &Look, said: &str, it: &Collaboration) -> Markup {
    html! { p { (said) " " strong { (look.ago(it.due_at)) } ", " (t::BY) " " (look.day(it.due)) "." } }
}

/// What waits for whom, until when.
fn next(look: &Look, work: &Work) -> Markup {
    let it = work.it();
    let (sponsor, influencer) = (work.side == Some(Side::Sponsor), work.side == Some(Side::Influencer));
    let yours = [Deed::Submit, Deed::Approve, Deed::Cancel, Deed::Review].into_iter().any(|deed| work.allows(deed));
    let (title, told) = match it.state {
        CollaborationState::Active if it.amount.is_none() => (t::BROUGHT_OVER.to_owned(), html! { p { (t::BROUGHT_OVER_TOLD) } }),
        CollaborationState::Active if influencer => {
            let title = if it.rounds > 0 { t::MEND } else { t::DELIVER };
            let said = if it.rounds > 0 { t::MEND_UNTIL } else { t::DELIVER_UNTIL };
            let late = it.due_at < look.now;
            (
                title.to_owned(),
                html! {
                    @if late { p { (t::LATE) ": " strong { (look.ago(it.overdue_for_sponsor())) } " " (t::LATE_CANCEL) "." } }
                    @else { (due(look, said, it)) }
                    @if let Some(wanted) = work.view.submissions.last().and_then(|last| last.changes.as_ref()) { blockquote { (parts::prose(wanted)) } }
                },
            )
        }
        CollaborationState::Active => (
            t::at_work(work.name(Side::Influencer)),
            html! {
                @if work.allows(Deed::Cancel) { p { (t::CAN_CANCEL) "." } (until(look, t::SYSTEM_CANCELS, it.overdue_for_system())) }
                @else if it.due_at < look.now { p { (sentence(t::OVERDUE)) " " strong { (look.day(it.due)) } "." } }
                @else { (due(look, &sentence(t::DUE), it)) }
            },
        ),
        CollaborationState::Submitted if sponsor => (
            t::REVIEW.to_owned(),
            match &it.review {
                Some(clock) => until(look, t::REVIEW_UNTIL, clock.ends_at),
                None => html! { p { (t::REVIEW_NO_CLOCK) } },
            },
        ),
        CollaborationState::Submitted => (
            t::reviews(work.name(Side::Sponsor)),
            match &it.review {
                Some(clock) => until(look, t::REVIEWED_UNTIL, clock.ends_at),
                None => html! { p { (t::REVIEWED_NO_CLOCK) } },
            },
        ),
        CollaborationState::Disputed => (t::IN_DISPUTE.to_owned(), disputed(look, work)),
        CollaborationState::Completed => (t::DONE.to_owned(), ended(look, work, it.end.as_ref())),
        CollaborationState::Cancelled => (t::CANCELLED.to_owned(), ended(look, work, it.end.as_ref())),
    };
    html! {
        section.turn.is-yours[yours] aria-labelledby="next" {
            h2 #next { (icon(if yours { Icon::Hands } else if it.state.has_ended() { Icon::Check } else { Icon::Clock })) (title) }
            (told)
            div.actions {
                @for (deed, verb, name, class) in [
                    (Deed::Submit, "submit", t::SUBMIT, "primary"), (Deed::Approve, "approve", if it.amount.is_some() { t::APPROVE } else { t::CLOSE_OLD }, "primary"),
                    (Deed::RequestChanges, "request-changes", t::CHANGES, ""), (Deed::Cancel, "cancel", t::CANCEL, "danger"),
                    (Deed::Review, "review", t::RATE, "primary"),
                ] { @if work.allows(deed) { a.button.(class) href={ (work.path()) "/" (verb) } { (name) } } }
                @if work.allows(Deed::WithdrawDispute) { (parts::action(&format!("{}/withdraw-dispute", work.path()), t::DISPUTE_WITHDRAW, "")) }
            }
        }
    }
}

fn sentence(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn disputed(look: &Look, work: &Work) -> Markup {
    let it = work.it();
    let Some(open) = it.dispute else { return html! {} };
    let settled = later(open.since, SignedDuration::from_secs(it.terms.dispute_seconds));
    let reason = work.view.disputes.last().map(|dispute| &dispute.reason);
    html! {
        p { (t::opened_dispute(work.called(open.by))) " " (look.ago(open.since)) "." }
        @if let Some(reason) = reason { blockquote { (parts::prose(reason)) } }
        (until(look, if it.submissions > 0 { t::DISPUTE_PAID } else { t::DISPUTE_RETURNED }, settled))
        p { (t::DISPUTE_TALK) }
    }
}

fn ended(look: &Look, work: &Work, end: Option<&End>) -> Markup {
    let until = work.it().reviews_until.filter(|until| look.now < *until);
    html! {
        @if let Some(end) = end {
            p { (t::ended_by(end.by)) " " (look.moment(end.at)) }
            @if !end.reason.is_empty() { blockquote { (parts::prose(&end.reason)) } }
        }
        @if let Some(until) = until { p { @if work.allows(Deed::Review) { (t::REVIEWS_UNTIL) } @else { (t::REVIEW_WRITTEN) } " " strong { (look.ago(until)) } "." } }
    }
}

/// A proposal how to end it.
fn proposal(look: &Look, work: &Work, split: &Split) -> Markup {
    let theirs = work.allows(Deed::AcceptSplit);
    let title = if work.side == Some(split.by) { t::SPLIT_OURS.to_owned() } else { t::split_theirs(work.name(split.by)) };
    parts::notice(
        Tone::Waiting,
        &html! {
            h2 { (title) }
            (part::shares(look, split.to_influencer, split.to_sponsor))
            @if !split.note.is_empty() { blockquote { (parts::prose(&split.note)) } }
            p.small { (t::SPLIT_EXPIRES) " " (look.ago(split.expires_at)) ", " (look.moment(split.expires_at)) "." }
            @if work.side.is_some() {
                div.actions {
                    @if theirs { a.button.primary href={ (work.path()) "/accept-split" } { (t::SPLIT_ACCEPT) } }
                    (parts::action(&format!("{}/withdraw-split", work.path()), if theirs { t::SPLIT_DECLINE } else { t::SPLIT_WITHDRAW }, ""))
                }
            }
        },
    )
}

/// Ways out, for when something is not right.
fn ways(work: &Work) -> Markup {
    let ways = [
        (Deed::ProposeSplit, "propose-split", t::SPLIT),
        (Deed::StepDown, "step-down", t::STEP_DOWN),
        (Deed::Dispute, "dispute", t::DISPUTE),
    ];
    let open: Vec<_> = ways.into_iter().filter(|(deed, ..)| work.allows(*deed)).collect();
    html! {
        @if !open.is_empty() {
            section.card.stack { h2 { (t::OTHER_WAYS) } ul.links { @for (_, verb, name) in open { li { a href={ (work.path()) "/" (verb) } { (name) } } } } }
        }
    }
}
