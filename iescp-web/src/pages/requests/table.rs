//! One negotiation: the offers as a conversation, whose turn it is, and what that one can do.

use crate::pages::{Answer, Refused, Visit, Wrongs};
use crate::text::requests as t;
use crate::view::parts::{self, Tone};
use crate::view::terms::{self, Parties};
use crate::view::{Icon, Page, form, icon, picture};
use iescp_core::account::Role;
use iescp_core::collaboration::Terms;
use iescp_core::id::PictureId;
use iescp_core::request::{Direction, Negotiation, Offer, Request, RequestState, RequestView, Side, ViewNegotiation};
use iescp_core::value::later;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// A negotiation as somebody sits at it.
pub struct Table {
    pub at: Negotiation,
    /// The side of whoever looks; none for an admin.
    pub side: Option<Side>,
}

/// What can be done at a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    Accept,
    Counter,
    Reject,
    Amend,
    Confirm,
    Withdraw,
}

impl Table {
    /// The negotiation that the path names.
    pub async fn of(visit: &Visit) -> Result<Self, Refused> {
        let me = visit.me()?.account.id;
        let at = visit.run(ViewNegotiation { request: visit.id()? }).await?;
        let side = at.view.request.side_of(me);
        Ok(Self { at, side })
    }

    pub fn view(&self) -> &RequestView {
        &self.at.view
    }

    pub fn request(&self) -> &Request {
        &self.at.view.request
    }

    pub fn path(&self) -> String {
        format!("/requests/{}", self.request().id)
    }

    /// The list that it stands in: one's own, or for an admin that of its campaign.
    fn list(&self) -> String {
        self.side.map_or_else(|| format!("/requests?campaign={}", self.request().campaign), |_| "/requests".to_owned())
    }

    /// The offer on the table.
    pub fn offer(&self) -> Option<&Offer> {
        self.numbered(self.request().offer)
    }

    /// An offer by its number.
    pub fn numbered(&self, number: u64) -> Option<&Offer> {
        self.view().offers.iter().find(|offer| offer.number == number)
    }

    pub fn name(&self, side: Side) -> &str {
        match side {
            Side::Sponsor => &self.view().sponsor_name,
            Side::Influencer => &self.view().influencer_name,
        }
    }

    fn picture(&self, side: Side) -> Option<PictureId> {
        match side {
            Side::Sponsor => self.view().sponsor_picture,
            Side::Influencer => self.view().influencer_picture,
        }
    }

    /// The name of the side that does not look; the asked one's for an admin.
    pub fn other(&self) -> &str {
        self.name(self.side.unwrap_or(self.request().direction.asker()).other())
    }

    pub fn title(&self) -> &str {
        if self.view().campaign_title.is_empty() { t::A_CAMPAIGN } else { &self.view().campaign_title }
    }

    pub fn parties(&self) -> Parties<'_> {
        Parties { sponsor: &self.view().sponsor_name, influencer: &self.view().influencer_name, reader: self.side }
    }

    /// Whether whoever looks can do this now.
    pub fn allows(&self, what: Move) -> bool {
        let view = self.view();
        let maker = view.state == RequestState::Open && self.side == Some(view.request.offered_by);
        match what {
            Move::Accept => view.your_turn && !view.voided && view.request.offer > 0,
            Move::Counter => view.your_turn && !view.request.is_final,
            Move::Reject => view.your_turn,
            Move::Amend | Move::Withdraw => maker,
            Move::Confirm => maker && view.voided && view.request.offer > 0,
        }
    }

    /// What follows from the acceptance of an offer.
    pub fn steps(&self, visit: &Visit, offer: &Offer) -> Markup {
        let settings = visit.house().platform.settings();
        let terms = Terms::in_force(settings);
        let due_at = settings.end_of(offer.due).unwrap_or(Timestamp::MAX);
        // The last second of the last day for review.
        let paid_on = settings.day_of(later(due_at, SignedDuration::from_secs(terms.review_seconds - 1)));
        terms::steps(visit.look(), offer, paid_on, &terms, self.parties())
    }
}

/// `GET /requests/{id}`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn show(visit: Visit) -> Answer {
    let table = Table::of(&visit).await?;
    Ok(visit.show(page(&visit, &table, &Wrongs::default())))
}

/// The page of a negotiation, with what could not be done.
pub fn page(visit: &Visit, table: &Table, wrong: &Wrongs) -> Page {
    let (view, look) = (table.view(), visit.look());
    let asker = table.name(view.request.direction.asker());
    let begun = match (view.request.direction, table.side) {
        (Direction::Application, Some(Side::Influencer)) => t::YOU_APPLIED.to_owned(),
        (Direction::Application, _) => t::applied(asker),
        (Direction::Invitation, Some(Side::Sponsor)) => t::YOU_INVITED.to_owned(),
        (Direction::Invitation, _) => t::invited(asker),
    };
    let content = html! {
        (form::summary(wrong))
        header.heading {
            div {
                p.crumb { a href=(table.list()) { (t::TITLE) } }
                h1 { span dir="auto" { (table.title()) } " " span.with { (t::WITH) " " span dir="auto" { (table.other()) } } }
                p.told { (begun) " " (look.ago(view.request.created_at)) " · " (parts::request_state(view.state)) }
            }
        }
        div.columns {
            div {
                (turn(visit, table))
                section.talk aria-labelledby="offers" {
                    h2 #offers { (t::OFFERS) }
                    ol { @for offer in &view.offers { (card(visit, table, offer)) } }
                }
            }
            aside.stack {
                @if let Some(offer) = table.offer().filter(|_| view.state == RequestState::Open) {
                    section.card.stack { h2 { (t::FOLLOWS) } (table.steps(visit, offer)) }
                }
                (figures(visit, table))
            }
        }
    };
    Page::new(t::title_of(table.title(), table.other()), content).about("request", table.request().id)
}

/// Whose turn it is, until when, and what that one can do; or how it ended.
fn turn(visit: &Visit, table: &Table) -> Markup {
    let (view, request, look) = (table.view(), table.request(), visit.look());
    if view.state != RequestState::Open {
        return ended(visit, table);
    }
    let path = table.path();
    let heading = match table.side {
        _ if request.offer == 0 => t::NO_OFFER.to_owned(),
        Some(side) if side == request.turn() => t::your_turn(&t::offer(request.offer), table.other()),
        Some(_) => t::their_turn(table.other()),
        None => t::their_turn(table.name(request.turn())),
    };
    html! {
        section.turn.is-yours[view.your_turn] aria-labelledby="turn" {
            h2 #turn { (icon(if view.your_turn { Icon::Hands } else { Icon::Clock })) (heading) }
            @if request.offer == 0 { p { (t::NO_OFFER_TOLD) } }
            @if let Some(offer) = table.offer() { p.headline { (look.money(offer.amount)) " · " (t::BY.to_lowercase()) " " (look.day(offer.due)) } }
            p { @if view.your_turn { (t::IF_NOBODY_YOU) } @else { (t::IF_NOBODY_THEY) } " " strong { (look.ago(request.expires_at)) } ", " (look.moment(request.expires_at)) "." }
            @if view.voided { p.aside-note { (icon(Icon::Alert)) @if view.your_turn { (t::VOIDED_THEY) } @else { (t::VOIDED_YOU) } } }
            @if view.your_turn && request.is_final { p.aside-note { (icon(Icon::Info)) (t::FINAL) } }
            @if table.side.is_none() { p.quiet { (t::NOT_SEEN) } }
            div.actions {
                @if table.allows(Move::Accept) { a.button.primary href={ (path) "/accept" } { (t::ACCEPT) } }
                @if table.allows(Move::Confirm) {
                    form.inline method="post" action={ (path) "/confirm" } { (form::key()) (form::hidden("offer", &request.offer.to_string())) button.button.primary type="submit" { (t::CONFIRM) } }
                }
                @if table.allows(Move::Counter) { a.button href={ (path) "/counter" } { (if request.offer > 0 { t::COUNTER } else { t::FIRST_OFFER }) } }
                @if table.allows(Move::Amend) { a.button href={ (path) "/amend" } { (if request.offer > 0 { t::AMEND } else { t::FIRST_OFFER }) } }
                @if table.allows(Move::Reject) { a.button.danger href={ (path) "/reject" } { (t::REJECT) } }
                @if table.allows(Move::Withdraw) { a.button.danger href={ (path) "/withdraw" } { (t::WITHDRAW) } }
            }
        }
    }
}

fn ended(visit: &Visit, table: &Table) -> Markup {
    let (view, request) = (table.view(), table.request());
    let by = request
        .ended_by
        .filter(|_| view.state != RequestState::Accepted)
        .map(|side| if table.side == Some(side) { t::YOU.to_lowercase() } else { table.name(side).to_owned() });
    let said = t::ended(super::state_word(view.state), by.as_deref());
    let tone = match view.state {
        RequestState::Accepted => Tone::Good,
        RequestState::Rejected => Tone::Bad,
        _ => Tone::Calm,
    };
    parts::notice(
        tone,
        &html! {
            h2 { (said) }
            @match view.state {
                RequestState::Accepted => { p { (t::AGREED_TOLD) } }
                RequestState::Expired => { p { (t::EXPIRED_TOLD) } }
                _ => { @if !request.reason.is_empty() { p.quiet.small { (t::REASON_GIVEN) } (parts::prose(&request.reason)) } }
            }
            p.quiet.small { (visit.look().moment(request.ended_at.unwrap_or(request.expires_at))) }
            @if let Some(collaboration) = view.collaboration { p { a.button.primary href={ "/collaborations/" (collaboration) } { (t::GO_ON) } } }
        },
    )
}

/// One offer, with what changed against the one before.
pub fn card(visit: &Visit, table: &Table, offer: &Offer) -> Markup {
    let (look, view) = (visit.look(), table.view());
    let mine = table.side == Some(offer.by);
    let who = table.name(offer.by);
    let current = offer.number == view.request.offer;
    html! {
        li.offer.mine[mine].current[current] #{ "offer-" (offer.number) } {
            header {
                (picture::face(who, table.picture(offer.by)))
                div.grow {
                    h3 { (t::offer(offer.number)) " · " @if mine { (t::YOU) } @else { span dir="auto" { (who) } } }
                    p.quiet.small { (look.ago(offer.made_at)) ", " (look.moment(offer.made_at)) }
                }
                @if current && view.state == RequestState::Open { (parts::badge(Tone::Waiting, t::ON_TABLE)) }
                @if current && view.state == RequestState::Accepted { (parts::badge(Tone::Good, t::AGREED_OFFER)) }
                @if offer.is_final { (parts::badge(Tone::Calm, if mine { t::YOUR_LAST } else { t::LAST })) }
            }
            @if !offer.note.is_empty() { blockquote { (parts::prose(&offer.note)) } }
            (terms::offer(look, offer, table.numbered(offer.number.saturating_sub(1))))
            p.quiet.small { (t::SIGNED_AS) " " span.signature dir="auto" { (&*offer.signed) } }
        }
    }
}

/// Figures that help to decide: the campaign's money for its sponsor, and what the influencer usually asks.
pub fn figures(visit: &Visit, table: &Table) -> Markup {
    let look = visit.look();
    let open = table.view().state == RequestState::Open;
    let money = table.at.campaign.as_ref().and_then(|view| view.money);
    let amount = table.offer().filter(|_| open).map(|offer| offer.amount);
    let yours = visit.role() == Some(Role::Influencer);
    html! {
        @if let Some(money) = money { section.card.stack {
            h2 { (t::CAMPAIGN) }
            (terms::left(look, money.available, amount))
            @if open && amount.is_some_and(|amount| amount > money.available) { p.aside-note { (icon(Icon::Alert)) (t::NOT_ENOUGH) } }
            p { a href={ "/campaigns/" (table.request().campaign) } { (t::SHOW_CAMPAIGN) } }
        } }
        @else if let Some(view) = &table.at.campaign { section.card.stack {
            h2 { (t::CAMPAIGN) }
            (terms::brief(&view.campaign))
            p { a href={ "/campaigns/" (view.campaign.id) } { (t::SHOW_CAMPAIGN) } }
        } }
        @if let Some(influencer) = &table.at.influencer { section.card.stack {
            h2 { (if yours { t::OWN_RATES } else { t::RATES }) }
            (terms::rates(look, influencer))
            @if !yours { p { a href={ "/influencers/" (influencer.account) } { (t::SHOW_PROFILE) } } }
        } }
        @if let Some(side) = table.side { p { a href={ "/messages/" (table.request().party(side.other())) } { (t::WRITE) } } }
    }
}
