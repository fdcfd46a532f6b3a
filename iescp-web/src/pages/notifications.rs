//! `/notifications`: what one was told, the unread first. Opening one leads to what it is about, and marks it as read.

use super::{Answer, Fields, Visit};
use crate::text::notifications as t;
use crate::view::{Icon, Page, form, icon, parts};
use iescp_core::account::Role;
use iescp_core::id::NotificationId;
use iescp_core::notification::{Centre, ListNotifications, MarkNotificationsRead, Notice, Notification, Topic};
use maud::{Markup, html};
use uuid::Uuid;

const PATH: &str = "/notifications";
/// How often "all" is asked for again while there is more; each time is many.
const ROUNDS: usize = 20;

/// `GET /notifications?show=unread|all`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    let me = visit.me()?;
    let unread = match visit.query().get("show") {
        "all" => false,
        "unread" => true,
        _ => me.unread_notifications > 0,
    };
    let centre = visit.run(ListNotifications { unread, page: visit.page_of(20) }).await?;
    let newest = centre.notifications.items.first().map(|newest| newest.id.to_string()).unwrap_or_default();
    let actions = (centre.unread > 0).then(|| {
        html! { form.inline method="post" action="/notifications/read" { (form::key()) (form::hidden("up_to", &newest)) button.button type="submit" { (t::READ_ALL) } } }
    });
    let show = Fields::default().with("show", if unread { "unread" } else { "all" });
    let content = html! {
        (parts::heading(t::TITLE, None, actions.as_ref()))
        nav.tabs aria-label=(t::SHOWN) {
            a href="/notifications?show=unread" aria-current=[unread.then_some("page")] { (t::unread(centre.unread)) }
            a href="/notifications?show=all" aria-current=[(!unread).then_some("page")] { (t::ALL) }
        }
        @if centre.notifications.items.is_empty() {
            @if unread { (parts::empty(Icon::Check, t::NONE, t::NONE_TOLD, None)) }
            @else { (parts::empty(Icon::Bell, t::NONE_EVER, t::NONE_EVER_TOLD, None)) }
        } @else {
            ul.rows { @for told in &centre.notifications.items { (row(&visit, &centre, told)) } }
        }
        (parts::pager(PATH, &show, centre.notifications.next.as_deref()))
        p.after.small { a href="/settings/notifications" { (t::CHOOSE_MAILS) } }
    };
    Ok(visit.show(Page::new(t::TITLE, content).about_me()))
}

/// `POST /notifications/read`: all of them, up to the newest that was shown.
///
/// # Errors
/// If nobody is signed in.
pub async fn read(visit: Visit) -> Answer {
    visit.me()?;
    let up_to = visit.sent().given("up_to").and_then(|id| Uuid::try_parse(id).ok()).map(NotificationId);
    for _ in 0..ROUNDS {
        if !visit.run(MarkNotificationsRead { ids: Vec::new(), up_to }).await?.more {
            break;
        }
    }
    Ok(visit.go_saying(PATH, t::READ_DONE))
}

/// `POST /notifications/{id}/open`: marks one as read and leads to what it is about.
///
/// # Errors
/// If nobody is signed in.
pub async fn open(visit: Visit) -> Answer {
    visit.me()?;
    visit.run(MarkNotificationsRead { ids: vec![visit.id()?], up_to: None }).await?;
    Ok(visit.go(visit.next_or(PATH)))
}

fn row(visit: &Visit, centre: &Centre, told: &Notification) -> Markup {
    let role = visit.role().unwrap_or(Role::Influencer);
    let to = place(told, role).unwrap_or_else(|| "/notifications?show=all".to_owned());
    let who = centre.called.get(&told.about.id);
    let new = told.read_at.is_none();
    let open = format!("/notifications/{}/open", told.id);
    let sentence = html! { @if new { span.hidden { (t::UNREAD_MARK) " " } } @if let Some(who) = who { strong dir="auto" { (who) } " · " } (told.notice.text()) };
    html! {
        li.is-new[new] {
            span.sign.(tone(told.notice).class()) aria-hidden="true" { (icon(sign(told.notice.topic()))) }
            div.grow {
                @if new { form.inline method="post" action=(open) { (form::key()) (form::hidden("next", &to)) button.row-link type="submit" { (sentence) } } }
                @else { a href=(to) { (sentence) } }
                @if let Some(more) = t::more(told) { p.small { (more) } }
                p.quiet.small { (visit.look().ago(told.at)) }
            }
            @if new {
                form.inline.above method="post" action=(open) { (form::key()) (form::hidden("next", "/notifications")) button.button.slim type="submit" { (t::READ) } }
            }
        }
    }
}

/// Where what a notification is about can be seen.
fn place(told: &Notification, role: Role) -> Option<String> {
    let id = told.about.id;
    Some(match (told.about.kind.as_str(), role) {
        ("request", _) => format!("/requests/{id}"),
        ("collaboration", Role::Admin) => format!("/admin/disputes/{id}"),
        ("collaboration", _) => format!("/collaborations/{id}"),
        ("campaign", _) => format!("/campaigns/{id}"),
        ("export", _) => "/exports".to_owned(),
        ("report", _) => told
            .detail
            .get("month")
            .and_then(|month| month.as_str())
            .map_or("/reports".to_owned(), |month| format!("/reports/{month}")),
        ("payout", _) => "/earnings".to_owned(),
        ("store", Role::Admin) => "/admin/jobs".to_owned(),
        ("abuse_report", Role::Admin) => format!("/admin/abuse-reports#r-{id}"),
        ("account", Role::Admin) if told.notice == Notice::SponsorWaits => format!("/admin/accounts/{id}"),
        ("account", _) if told.notice == Notice::MessageReceived => format!("/messages/{id}"),
        ("account", _) if told.notice.topic() == Topic::Security => "/settings/security".to_owned(),
        ("account", _) => "/dashboard".to_owned(),
        _ => return None,
    })
}

const fn sign(topic: Topic) -> Icon {
    match topic {
        Topic::Security => Icon::Lock,
        Topic::Account => Icon::People,
        Topic::Requests => Icon::Inbox,
        Topic::Work => Icon::Hands,
        Topic::Disputes => Icon::Scales,
        Topic::Money => Icon::Money,
        Topic::Campaigns => Icon::Campaign,
        Topic::Messages => Icon::Message,
        Topic::Ratings => Icon::Star,
        Topic::Supervision => Icon::Flag,
        Topic::Reports | Topic::Exports => Icon::Download,
        Topic::Reminders => Icon::Bell,
    }
}

const fn tone(notice: Notice) -> parts::Tone {
    match notice {
        Notice::Approved
        | Notice::OfferAccepted
        | Notice::WorkCompleted
        | Notice::PayoutSent
        | Notice::CampaignUnflagged
        | Notice::ExportReady
        | Notice::ReportReady => parts::Tone::Good,
        Notice::NotApproved
        | Notice::TokenReused
        | Notice::RequestRejected
        | Notice::CollaborationCancelled
        | Notice::DisputeOpened
        | Notice::PayoutFailed
        | Notice::ExportFailed
        | Notice::ChatOff
        | Notice::CampaignFlagged
        | Notice::AbuseReported => parts::Tone::Bad,
        Notice::ApplicationReceived
        | Notice::InvitationReceived
        | Notice::OfferMade
        | Notice::OfferVoided
        | Notice::WorkSubmitted
        | Notice::ReviewDue
        | Notice::ChangesRequested
        | Notice::SplitProposed
        | Notice::DisputeWaits
        | Notice::SponsorWaits => parts::Tone::Waiting,
        _ => parts::Tone::Calm,
    }
}
