//! Where somebody can go: the bar at the side, or at the foot of a phone, with how much waits there.
//!
//! Not here: what stands around it (`layout`).

use super::icon::{Icon, icon};
use crate::text::{self, frame as t};
use iescp_core::account::{AccountState, Role};
use iescp_core::report::Glance;
use maud::{Markup, html};

/// What a role searches for first.
pub(super) fn search(role: Role) -> Markup {
    let (path, label) =
        if role == Role::Sponsor { ("/influencers", t::SEARCH_INFLUENCERS) } else { ("/campaigns", t::SEARCH_CAMPAIGNS) };
    html! {
        form.search role="search" action=(path) method="get" {
            label.hidden for="q-top" { (label) }
            input #q-top name="q" type="search" placeholder=(label) maxlength="200" autocomplete="off" data-search;
            button.quiet type="submit" { (icon(Icon::Search)) span.hidden { (t::SEARCH) } }
        }
    }
}

/// A place to go: its path, name, icon, and how much there waits.
type Place = (&'static str, &'static str, Icon, Option<(&'static str, i64)>);

fn places(me: &Glance) -> Vec<Place> {
    let messages = Some(("messages", me.unread_messages));
    let mut places: Vec<Place> = vec![("/dashboard", t::HOME, Icon::Home, None)];
    match me.account.role {
        Role::Admin => places.extend([
            ("/admin", t::QUEUE, Icon::Inbox, None),
            ("/admin/accounts", t::ACCOUNTS, Icon::People, None),
            ("/admin/campaigns", t::CAMPAIGNS, Icon::Campaign, None),
            ("/admin/abuse-reports", t::ABUSE_REPORTS, Icon::Flag, None),
            ("/admin/disputes", t::DISPUTES, Icon::Scales, None),
            ("/admin/audit", t::AUDIT, Icon::List, None),
            ("/reports", t::REPORTS, Icon::Chart, None),
            ("/admin/jobs", t::JOBS, Icon::Clock, None),
            ("/admin/mails", t::MAILS, Icon::Send, None),
        ]),
        Role::Sponsor => places.extend([
            ("/campaigns", t::CAMPAIGNS, Icon::Campaign, None),
            ("/requests", t::REQUESTS, Icon::Inbox, None),
            ("/messages", t::MESSAGES, Icon::Message, messages),
            ("/collaborations", t::COLLABORATIONS, Icon::Hands, None),
            ("/influencers", t::INFLUENCERS, Icon::People, None),
            ("/shortlists", t::SHORTLISTS, Icon::Star, None),
            ("/earnings", text::earnings::SPENDING, Icon::Money, None),
            ("/reports", t::REPORTS, Icon::Chart, None),
        ]),
        Role::Influencer => places.extend([
            ("/campaigns", t::CAMPAIGNS, Icon::Campaign, None),
            ("/requests", t::REQUESTS, Icon::Inbox, None),
            ("/messages", t::MESSAGES, Icon::Message, messages),
            ("/collaborations", t::COLLABORATIONS, Icon::Hands, None),
            ("/earnings", t::EARNINGS, Icon::Money, None),
        ]),
    }
    if me.account.role == Role::Sponsor && me.account.state != AccountState::Active {
        places.retain(|(path, ..)| !matches!(*path, "/shortlists" | "/reports"));
    }
    places.push(("/exports", t::EXPORTS, Icon::Download, None));
    places.push(("/settings", t::SETTINGS, Icon::Settings, None));
    places
}

/// Places in the bar of a phone; the others are behind "More".
const IN_BAR: usize = 4;

pub(super) fn navigation(path: &str, me: &Glance) -> Markup {
    let places = places(me);
    let (first, rest) = places.split_at(IN_BAR.min(places.len()));
    html! {
        nav.main aria-label=(t::MAIN) {
            ul { @for place in first { li { (place_link(path, place)) } } }
            details.more {
                summary { (icon(Icon::More)) span { (t::MORE) } }
                ul {
                    @for place in rest { li { (place_link(path, place)) } }
                    li { (sign_out()) }
                }
            }
        }
    }
}

fn place_link(path: &str, (to, name, sign, waiting): &Place) -> Markup {
    html! {
        a href=(to) aria-current=[current(path, to)] {
            (icon(*sign)) span { (name) }
            @if let Some((what, number)) = waiting { (count(what, *number)) }
        }
    }
}

fn sign_out() -> Markup {
    html! {
        form method="post" action="/sign-out" hx-boost="false" {
            button.link type="submit" { (icon(Icon::Leave)) span { (t::SIGN_OUT) } }
        }
    }
}

pub(super) fn current(path: &str, to: &str) -> Option<&'static str> {
    let inside = to != "/admin" && path.strip_prefix(to).is_some_and(|rest| rest.starts_with('/'));
    if path == to { Some("page") } else { inside.then_some("true") }
}

pub(super) fn count(what: &str, number: i64) -> Markup {
    html! {
        span.count data-count=(what) hidden[number == 0] title=(t::unread(number)) { (if number > 99 { "99+".to_owned() } else { number.to_string() }) }
    }
}
