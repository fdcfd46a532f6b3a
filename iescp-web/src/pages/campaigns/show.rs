//! One campaign: for those it might interest, for its sponsor, for admins.

use super::brief;
use crate::pages::{Answer, Refused, Visit, Wrongs, escaped};
use crate::pictures::path;
use crate::text::{campaigns as t, capital, words};
use crate::view::{Icon, Page, cards, form, icon, parts, picture};
use iescp_core::account::{AccountState, Role};
use iescp_core::campaign::{Campaign, CampaignInFull, CampaignMoney, CampaignState, ViewCampaignInFull, Visibility};
use iescp_core::id::CampaignId;
use iescp_core::picture::Size;
use iescp_core::request::RequestState;
use iescp_core::settings::Funding;
use maud::{Markup, html};
use parts::Tone;

/// `GET /campaigns/{id}`.
///
/// # Errors
/// If there is no such campaign for whoever asks.
pub async fn show(visit: Visit) -> Answer {
    let page = page(&visit, visit.id()?, &Wrongs::default()).await?;
    Ok(visit.show(page))
}

/// The page, with what could not be done on top.
pub async fn page(visit: &Visit, campaign: CampaignId, wrong: &Wrongs) -> Result<Page, Refused> {
    let full = visit.run(ViewCampaignInFull { campaign }).await?;
    let campaign = &full.view.campaign;
    let owner = visit.person().is_some_and(|me| me.account.id == campaign.sponsor);
    let content = html! {
        (form::summary(wrong))
        (heading(visit, &full, owner))
        (picture::banner(&campaign.title, campaign.picture))
        (notices(visit, &full, owner))
        @if let Some(money) = &full.view.money { (figures(visit, &full, money)) }
        div.columns.aside-first {
            div.side.stack {
                @if owner { (owners(visit, &full)) } @else { (offer(visit, &full)) }
                (in_brief(visit, campaign))
                @if visit.role() == Some(Role::Admin) { (admins(campaign)) }
            }
            div.stack {
                (brief::wanted(campaign))
                @if !owner { (behind(visit, &full)) }
                @if visit.person().is_some() && !owner { p.small.no-print { a href={ "/report?about=campaign&id=" (campaign.id) } { (t::REPORT) } } }
            }
        }
    };
    let description = t::description(&full.sponsor.company, &visit.look().amount(campaign.budget));
    let shared = campaign.picture.map(|picture| path(picture, Size::Large));
    let page = Page::new(campaign.title.to_string(), content).described(description).pictured(shared);
    Ok(page.about("campaign", campaign.id))
}

fn heading(visit: &Visit, full: &CampaignInFull, owner: bool) -> Markup {
    let campaign = &full.view.campaign;
    let changes = owner && !campaign.is_over(visit.look().now);
    html! {
        header.heading {
            div {
                h1 dir="auto" { (campaign.title) }
                div.behind {
                    @if full.view.money.is_some() || campaign.state != CampaignState::Active { (parts::campaign_state(campaign.state)) }
                    @if campaign.flagged.is_some() { (parts::badge(Tone::Bad, t::FLAGGED_BADGE)) }
                    @if !owner { span { (t::BY) " " a href={ "/sponsors/" (full.sponsor.id) } dir="auto" { (full.sponsor.company) } } (cards::rating(visit.look(), &full.sponsor.standing)) }
                    @if campaign.visibility == Visibility::Private { span.badge { (icon(Icon::Lock)) (t::PRIVATE) } }
                }
            }
            @if changes { div.actions { a.button href={ "/campaigns/" (campaign.id) "/edit" } { (t::EDIT) } } }
        }
    }
}

fn notices(visit: &Visit, full: &CampaignInFull, owner: bool) -> Markup {
    let campaign = &full.view.campaign;
    let pending = owner && visit.person().is_some_and(|me| me.account.state == AccountState::Pending);
    let say = |tone, said: &str| parts::notice(tone, &html! { p { (said) } });
    html! {
        @if let Some(reason) = &campaign.flagged {
            (parts::notice(Tone::Bad, &html! { p { (t::FLAGGED_NOTICE) } @if !reason.is_empty() { p { strong { (t::FLAGGED_WHY) } } (parts::prose(reason)) } }))
        }
        @match campaign.state {
            CampaignState::Draft if pending => { (say(Tone::Waiting, t::PENDING_NOTICE)) }
            CampaignState::Draft => { (say(Tone::Calm, if owner { t::DRAFT_NOTICE } else { t::DRAFT_ADMIN })) }
            CampaignState::Paused => { (say(Tone::Waiting, t::PAUSED_NOTICE)) }
            CampaignState::Closing => { (say(Tone::Waiting, t::CLOSING_NOTICE)) }
            _ => {}
        }
    }
}

fn figures(visit: &Visit, full: &CampaignInFull, money: &CampaignMoney) -> Markup {
    let look = visit.look();
    let funds = [
        (t::FUNDED, money.funded, t::FUNDED_TOLD),
        (t::HELD, money.held, t::HELD_TOLD),
        (t::PAID, money.paid, t::PAID_TOLD),
        (t::AVAILABLE, money.available, t::AVAILABLE_TOLD),
    ];
    html! {
        section.stack.run-figures aria-label=(t::MONEY) {
            div.figures-row { @for (name, amount, told) in funds { (parts::figure(name, &look.money(amount), Some(&html! { (told) }))) } }
            div.card { (brief::bar(look, money)) (requests(full)) }
        }
    }
}

fn requests(full: &CampaignInFull) -> Markup {
    let campaign = &full.view.campaign;
    let number = |state: RequestState| full.requests.iter().find(|(known, _)| *known == state).map_or(0, |(_, number)| *number);
    html! {
        @if RequestState::ALL.into_iter().any(|state| number(state) > 0) {
            div.requests {
                h2 { (t::REQUESTS) }
                ul.counted { @for state in RequestState::ALL { @if number(state) > 0 { li { a href={ "/requests?campaign=" (campaign.id) "&state=" (state.word()) } { strong { (number(state)) } " " (words::request(state)) } } } } }
                a href={ "/requests?campaign=" (campaign.id) } { (t::SEE_REQUESTS) }
            }
        } @else if campaign.state == CampaignState::Active { p.quiet.small { (t::NO_REQUESTS) } }
    }
}

/// What a visitor, an influencer or somebody else can do.
fn offer(visit: &Visit, full: &CampaignInFull) -> Markup {
    let campaign = &full.view.campaign;
    let takes = campaign.state == CampaignState::Active && campaign.flagged.is_none() && !campaign.is_past(visit.look().now);
    let (apply, sign_in) =
        (format!("/campaigns/{}/apply", campaign.id), format!("/sign-in?next=/campaigns/{}/apply", campaign.id));
    let link = |path: &str, name: &str, told: &str| html! { section.card.stack.no-print { a.button.primary.wide href=(path) { (name) } p.small.quiet { (told) } } };
    match (visit.role(), full.mine) {
        (Some(Role::Influencer), Some(request)) => html! {
            (link(&format!("/requests/{request}"), t::YOURS, t::YOURS_TOLD))
        },
        (Some(Role::Influencer), None) if takes => link(&apply, t::APPLY, t::APPLY_TOLD),
        (None, _) if takes => link(&sign_in, t::APPLY_VISITOR, t::APPLY_VISITOR_TOLD),
        (Some(Role::Influencer) | None, _) => parts::notice(Tone::Calm, &html! { p { (t::TAKES_NONE) } }),
        _ => html! {},
    }
}

fn in_brief(visit: &Visit, campaign: &Campaign) -> Markup {
    let look = visit.look();
    let days = html! {
        @if let (Some(start), Some(end)) = (campaign.start, campaign.end) {
            (look.day(start)) " – " (look.day(end))
            @if let Some(ends) = campaign.ends_at { br; span.quiet.small { (t::ENDS) " " (look.ago(ends)) } }
        } @else { "–" }
    };
    let facts = [
        (t::BUDGET, html! { (look.money(campaign.budget)) br; span.quiet.small { (t::BUDGET_TOLD) } }),
        (t::DAYS, days),
        (t::WHERE, html! { (cards::platforms(&campaign.platforms)) }),
        (
            t::ABOUT,
            html! { @if campaign.niches.is_empty() { "–" } (campaign.niches.iter().map(|niche| capital(niche)).collect::<Vec<_>>().join(", ")) },
        ),
        (t::LABEL, html! { span dir="auto" { "“" (campaign.label) "”" } }),
    ];
    html! { section.card.stack { h2 { (t::IN_BRIEF) } (parts::facts(&facts)) } }
}

fn behind(visit: &Visit, full: &CampaignInFull) -> Markup {
    let (look, sponsor) = (visit.look(), &full.sponsor);
    html! {
        section.card.stack {
            h2 { (t::SPONSOR) }
            div.who {
                (picture::face(&sponsor.company, sponsor.picture))
                div { p { strong dir="auto" { (sponsor.company) } } @if let Some(industry) = &sponsor.industry { p.small.quiet dir="auto" { (industry) } } }
            }
            p.behind {
                @if sponsor.verified { (parts::badge(Tone::Good, t::VERIFIED)) }
                @if sponsor.standing.rating.is_some() { (cards::rating(look, &sponsor.standing)) } @else { span.quiet.small { (t::NEW_SPONSOR) } }
            }
            @if let Some(seconds) = sponsor.standing.answers_within { p.small { (crate::text::influencers::ANSWERS) " " strong { (look.span(seconds)) } } }
            p { a href={ "/sponsors/" (sponsor.id) } { (t::others_by(&sponsor.company)) } }
        }
    }
}

/// What the sponsor can do now: each with its consequence in words.
fn owners(visit: &Visit, full: &CampaignInFull) -> Markup {
    let campaign = &full.view.campaign;
    let active = visit.person().is_some_and(|me| me.account.state == AccountState::Active);
    let paid_in = visit.house().platform.settings().funding == Funding::Gateway;
    let at = |verb: &str| format!("/campaigns/{}/{verb}", campaign.id);
    let over = campaign.is_over(visit.look().now);
    let funding = full.view.money.as_ref().is_some_and(|money| money.funded.0 < money.budget.0);
    let find = campaign.niches.iter().map(|niche| format!("niche={}", escaped(niche)));
    let find = find.chain(campaign.platforms.iter().map(|platform| format!("platform={}", platform.word())));
    let find = format!("/influencers?{}", find.collect::<Vec<_>>().join("&"));
    html! {
        @if active && !over {
            section.card.can.no-print {
                h2 { (t::CAN_DO) }
                ul {
                    @if campaign.state == CampaignState::Draft {
                        li { (parts::action(&at("publish"), t::PUBLISH, "primary")) p { (if campaign.visibility == Visibility::Public { t::PUBLISH_TOLD } else { t::PUBLISH_PRIVATE_TOLD }) } }
                    }
                    @if campaign.state == CampaignState::Active && campaign.flagged.is_none() { li { a.button.primary href=(find) { (t::FIND) } } }
                    @if paid_in && campaign.state != CampaignState::Closing {
                        li { a.button href=(at("fund")) { (t::FUND) } p { (if funding && full.view.money.as_ref().is_some_and(|money| money.funded.0 == 0) { t::NO_MONEY } else { t::FUND_TOLD }) } }
                    }
                    @match campaign.state {
                        CampaignState::Draft => { li { a.button.danger href=(at("remove")) { (t::REMOVE) } p { (t::REMOVE_TOLD) } } }
                        CampaignState::Active => { li { (parts::action(&at("pause"), t::PAUSE, "")) p { (t::PAUSE_TOLD) } } }
                        CampaignState::Paused => { li { (parts::action(&at("resume"), t::RESUME, "primary")) p { (t::RESUME_TOLD) } } }
                        _ => {}
                    }
                    @if matches!(campaign.state, CampaignState::Active | CampaignState::Paused) {
                        li { a.button href=(at("complete")) { (t::COMPLETE) } p { (t::COMPLETE_TOLD) } }
                        li { a.button.danger href=(at("cancel")) { (t::CANCEL) } p { (t::CANCEL_TOLD) } }
                    }
                }
            }
        } @else if campaign.state == CampaignState::Draft {
            section.card.can.no-print { h2 { (t::CAN_DO) } ul { li { a.button.danger href=(at("remove")) { (t::REMOVE) } p { (t::REMOVE_TOLD) } } } }
        }
    }
}

fn admins(campaign: &Campaign) -> Markup {
    let at = |verb: &str| format!("/campaigns/{}/{verb}", campaign.id);
    html! {
        section.card.can.no-print {
            h2 { (t::ADMIN) }
            ul {
                @if campaign.flagged.is_some() { li { (parts::action(&at("unflag"), t::UNFLAG, "")) p { (t::UNFLAG_TOLD) } } }
                @else { li { a.button.danger href=(at("flag")) { (t::FLAG) } p { (t::FLAG_TOLD) } } }
            }
        }
    }
}
