//! Public profiles: an influencer's, which prints as a media kit on one page, and a sponsor's.

use super::{Answer, Visit};
use crate::pictures::path;
use crate::text::{capital, influencers as t, languages, words};
use crate::view::{Icon, Look, Page, cards, icon, parts, picture};
use iescp_core::Page as Listed;
use iescp_core::account::{InfluencerInFull, PublicInfluencer, Role, SponsorInFull, ViewInfluencerInFull, ViewSponsorInFull};
use iescp_core::collaboration::ReviewView;
use iescp_core::id::AccountId;
use iescp_core::picture::Size;
use iescp_core::report::Standing;
use maud::{Markup, html};

/// How many reviews are on a page.
const REVIEWS: usize = 10;

/// `GET /influencers/{id}`.
///
/// # Errors
/// If there is no such profile for whoever asks.
pub async fn influencer(visit: Visit) -> Answer {
    let (account, page) = (visit.id::<AccountId>()?, visit.page_of(REVIEWS));
    let InfluencerInFull { profile, standing, reviews } = visit.run(ViewInfluencerInFull { account, page }).await?;
    let look = visit.look();
    let mine = visit.person().is_some_and(|me| me.account.id == account);
    let content = html! {
        article.profile {
            @if mine && !profile.complete { (parts::notice(parts::Tone::Waiting, &html! { p { (t::INCOMPLETE) } })) }
            header.card.face {
                (picture::large_face(&profile.display_name, profile.picture))
                div.grow {
                    p.kit aria-hidden="true" { (t::MEDIA_KIT) " · " (visit.house().settings.installation.site_name) }
                    h1 dir="auto" { (profile.display_name) }
                    @if let Some(place) = &profile.location { p.quiet dir="auto" { (place) } }
                    (cards::niches(&profile.niches))
                }
                div.actions { (actions(&visit, &profile, mine)) }
            }
            div.figures-row {
                (parts::figure(t::REACH, &html! { (look.short(profile.reach)) }, Some(&html! { (t::channels(i64::try_from(profile.channels.len()).unwrap_or_default())) })))
                (trust(look, &standing))
                @if standing.delivered > 0 {
                    (parts::figure(t::ON_TIME, &html! { (standing.delivered_on_time * 100 / standing.delivered) "\u{202f}%" }, Some(&html! { (t::deliveries(standing.delivered_on_time, standing.delivered)) })))
                } @else { (parts::figure(t::ON_TIME, &html! { "–" }, Some(&html! { (t::NO_WORK) }))) }
            }
            div.columns {
                div.stack {
                    @if !profile.bio.is_empty() { section.card.stack { h2 { (t::ABOUT) } (parts::prose(&profile.bio)) } }
                    (channels(look, &profile))
                    (said(look, &format!("/influencers/{account}"), &visit, &reviews))
                }
                div.side.stack {
                    (rates(look, &profile))
                    (facts(look, &profile, &standing))
                }
            }
            @if !mine && visit.person().is_some() { p.small.no-print { a href={ "/report?about=account&id=" (account) } { (t::REPORT) } } }
        }
    };
    let niches = profile.niches.iter().map(|niche| capital(niche)).collect::<Vec<_>>().join(", ");
    let description = t::described(&niches, &look.short(profile.reach), profile.location.as_deref());
    let shared = profile.picture.map(|picture| path(picture, Size::Large));
    Ok(visit.show(Page::new(profile.display_name.to_string(), content).described(description).pictured(shared)))
}

fn actions(visit: &Visit, profile: &PublicInfluencer, mine: bool) -> Markup {
    let id = profile.id;
    html! {
        @match visit.role() {
            Some(Role::Sponsor) => {
                a.button.primary href={ "/influencers/" (id) "/invite" } { (t::INVITE) }
                a.button href={ "/shortlists?for=" (id) } { (icon(Icon::Star)) (t::SHORTLIST) }
                a.button href={ "/messages/" (id) } { (icon(Icon::Message)) (t::MESSAGE) }
            }
            Some(_) if mine => { a.button.primary href="/settings" { (t::EDIT) } }
            Some(_) => {}
            None => { a.button.primary href="/register?role=sponsor" { (t::SIGN_UP) } }
        }
        button.button type="button" data-print { (icon(Icon::Print)) (t::PRINT) }
    }
}

/// Rating and answering time: figures that both kinds of profiles have.
fn trust(look: &Look, standing: &Standing) -> Markup {
    html! {
        @match standing.rating {
            Some(rating) => { (parts::figure(t::RATING, &html! { (t::of_five(&look.hundredths(i64::from(rating)))) }, Some(&html! { (t::reviews(standing.ratings)) }))) }
            None => { (parts::figure(t::RATING, &html! { "–" }, Some(&html! { (t::NO_RATING) }))) }
        }
        @match standing.answers_within {
            Some(seconds) => { (parts::figure(t::ANSWERS, &html! { (look.span(seconds)) }, Some(&html! { (t::ANSWERS_TOLD) }))) }
            None => { (parts::figure(t::ANSWERS, &html! { "–" }, Some(&html! { (t::NO_ANSWERS) }))) }
        }
    }
}

fn channels(look: &Look, profile: &PublicInfluencer) -> Markup {
    html! {
        @if !profile.channels.is_empty() {
            section.stack {
                h2 { (t::CHANNELS) }
                ul.channels {
                    @for channel in &profile.channels {
                        li.card {
                            p.quiet.small { (words::platform(channel.platform)) }
                            p.handle dir="auto" { @match &channel.url { Some(url) => (parts::outward(url, &channel.handle)), None => strong { (channel.handle) } } }
                            p { strong.big { (look.short(channel.followers)) } " " span.quiet { (t::FOLLOWERS) } }
                            @if let Some(rate) = channel.engagement_rate { p.small { strong { (look.per_cent(rate)) } " " span.quiet { (t::ENGAGEMENT_TOLD) } } }
                        }
                    }
                }
            }
        }
    }
}

fn rates(look: &Look, profile: &PublicInfluencer) -> Markup {
    html! {
        section.card.stack {
            h2 { (t::RATES) }
            @if profile.rate_card.is_empty() { p.quiet { (t::NO_RATES) } }
            @else {
                dl.prices { @for (format, price) in &profile.rate_card { div { dt { (t::price(words::format(*format).0)) } dd { (look.money(*price)) } } } }
                p.small.quiet { (t::RATES_TOLD) }
            }
        }
    }
}

fn facts(look: &Look, profile: &PublicInfluencer, standing: &Standing) -> Markup {
    let mut rows: Vec<(&str, Markup)> = Vec::new();
    if !profile.languages.is_empty() {
        let names: Vec<&str> = profile.languages.iter().map(|code| languages::name(code)).collect();
        rows.push((t::LANGUAGES, html! { (names.join(", ")) }));
    }
    if standing.stepped_down > 0 {
        rows.push((t::STEPPED_DOWN, html! { (t::times(standing.stepped_down)) }));
    }
    rows.push((t::SINCE, since(look, profile.member_since)));
    html! { section.card { (parts::facts(&rows)) } }
}

fn since(look: &Look, at: jiff::Timestamp) -> Markup {
    look.day(at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// What those they worked with say.
fn said(look: &Look, path: &str, visit: &Visit, reviews: &Listed<ReviewView>) -> Markup {
    html! {
        section.stack.reviews #reviews {
            h2 { (t::REVIEWS) }
            @if reviews.items.is_empty() { p.quiet { strong { (t::NO_REVIEWS) } " – " (t::NO_REVIEWS_TOLD) } }
            @else {
                ul.stack {
                    @for ReviewView { review, author_name } in &reviews.items {
                        li.card.review {
                            p.behind { (cards::stars(review.rating)) @if review.imported { strong { (t::IMPORTED_RATING) } span.quiet.small { (t::IMPORTED) } }
                                @else { strong dir="auto" { (author_name) } span.quiet.small { (look.ago(review.published_at.unwrap_or(review.at))) } } }
                            @if !review.text.is_empty() { (parts::prose(&review.text)) }
                        }
                    }
                }
            }
            (parts::pager(path, visit.query(), reviews.next.as_deref()))
        }
    }
}

/// `GET /sponsors/{id}`.
///
/// # Errors
/// If there is no such profile for whoever asks.
pub async fn sponsor(visit: Visit) -> Answer {
    let (account, page) = (visit.id::<AccountId>()?, visit.page_of(REVIEWS));
    let SponsorInFull { profile, standing, reviews, campaigns } = visit.run(ViewSponsorInFull { account, page }).await?;
    let look = visit.look();
    let mine = visit.person().is_some_and(|me| me.account.id == account);
    let mut rows = vec![(t::SINCE, since(look, profile.member_since))];
    if let Some(website) = &profile.website {
        let name = website.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned();
        rows.insert(0, (t::WEBSITE, parts::outward(website, &name)));
    }
    if let Some(checked) = &profile.verified {
        rows.push((t::VERIFIED_BY, html! { span dir="auto" { (checked) } }));
    }
    let content = html! {
        article.profile {
            header.card.face {
                (picture::large_face(&profile.company, profile.picture))
                div.grow {
                    h1 dir="auto" { (profile.company) }
                    p.behind { @if let Some(industry) = &profile.industry { span.quiet dir="auto" { (industry) } } @if profile.verified_at.is_some() { (parts::badge(parts::Tone::Good, t::VERIFIED)) } }
                }
                div.actions {
                    @if mine { a.button.primary href="/settings" { (t::EDIT) } }
                    @else if visit.role() == Some(Role::Influencer) { a.button href={ "/messages/" (account) } { (icon(Icon::Message)) (t::MESSAGE) } }
                }
            }
            div.figures-row { (trust(look, &standing)) }
            div.columns {
                div.stack {
                    @if !profile.description.is_empty() { section.card.stack { h2 { (t::ABOUT) } (parts::prose(&profile.description)) } }
                    section.stack {
                        h2 { (t::CAMPAIGNS) }
                        @if campaigns.is_empty() { p.quiet { (t::NO_CAMPAIGNS) } }
                        @else { ul.cards { @for campaign in &campaigns { (cards::campaign(look, campaign, None)) } } }
                    }
                    (said(look, &format!("/sponsors/{account}"), &visit, &reviews))
                }
                div.side.stack { section.card { (parts::facts(&rows)) } }
            }
            @if !mine && visit.person().is_some() { p.small.no-print { a href={ "/report?about=account&id=" (account) } { (t::REPORT) } } }
        }
    };
    let description = t::sponsor_described(profile.industry.as_deref());
    let shared = profile.picture.map(|picture| path(picture, Size::Large));
    Ok(visit.show(Page::new(profile.company.to_string(), content).described(description).pictured(shared)))
}
