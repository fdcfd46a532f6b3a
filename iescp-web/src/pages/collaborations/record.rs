//! What happened in a collaboration, newest first.

use super::work::Work;
use crate::text::collaborations as t;
use crate::view::{Look, parts};
use iescp_core::request::Side;
use jiff::Timestamp;
use maud::{Markup, html};

/// One thing that happened: in which order, what, in whose words, and when if that is kept.
type Happening<'a> = (Timestamp, String, Option<&'a str>, Option<Timestamp>);

/// Everything that happened, newest first.
pub fn history(look: &Look, work: &Work) -> Markup {
    html! {
        section aria-labelledby="history" {
            h2 #history { (t::HISTORY) }
            ol.history {
                @for (_, what, words, at) in happenings(work) {
                    li { p { (what) @if let Some(at) = at { span.quiet.small { " · " (look.moment(at)) } } } @if let Some(words) = words.filter(|words| !words.is_empty()) { blockquote.small { (parts::prose(words)) } } }
                }
            }
        }
    }
}

fn happenings(work: &Work) -> Vec<Happening<'_>> {
    let (it, view) = (work.it(), &work.view);
    let told = |at: Timestamp, what: &str| (at, what.to_owned(), None, Some(at));
    let mut all: Vec<Happening<'_>> = vec![told(it.created_at, t::BEGAN)];
    for submission in &view.submissions {
        let at = submission.at;
        // When changes were asked for is not kept: it was after this delivery and before the next.
        all.extend(submission.changes.as_deref().map(|why| (at, t::asked_changes(work.called(Side::Sponsor)), Some(why), None)));
        all.push((at, t::submission(submission.number), Some(&*submission.note), Some(at)));
    }
    for dispute in &view.disputes {
        all.push((dispute.at, t::opened_dispute(work.called(dispute.by)), Some(&*dispute.reason), Some(dispute.at)));
        all.extend(dispute.withdrawn_at.map(|at| told(at, t::DISPUTE_BACK)));
        let ruling = dispute.ruling.as_ref();
        all.extend(ruling.map(|ruling| (ruling.at, t::DISPUTE_RULED.to_owned(), Some(&*ruling.reasons), Some(ruling.at))));
    }
    all.extend(it.end.as_ref().map(|end| (end.at, t::ended_by(end.by).to_owned(), Some(&*end.reason), Some(end.at))));
    all.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    all
}
