//! Searching influencers.

use super::{Answer, Fields, Reading, Visit, Wrongs};
use crate::text::{capital, influencers as t, languages, words};
use crate::view::browse::{self, Browse};
use crate::view::{Form, Icon, Look, Page, cards, parts};
use iescp_core::Error;
use iescp_core::discovery::{FoundPage, InfluencerSearch, InfluencerSort, SearchInfluencers};
use iescp_core::value::{Money, SocialPlatform};
use maud::{Markup, html};

/// How many are on a page.
const PAGE: usize = 18;

/// `GET /influencers?q=…`.
///
/// # Errors
/// A failing store.
pub async fn list(visit: Visit) -> Answer {
    let (query, look) = (visit.query(), visit.look());
    let mut reading = Reading::default();
    let search = asked(query, look, &mut reading);
    let found = match reading.wrong.is_empty() {
        true => visit.run(SearchInfluencers { search, page: visit.page_of(PAGE) }).await,
        false => Err(Error::Invalid(reading.wrong)),
    };
    let (found, wrong) = match found {
        Ok(found) => (found, Wrongs::default()),
        Err(error) => (FoundPage { items: Vec::new(), next: None, unfinished: false }, Wrongs::of(error)?),
    };
    if wrong.at("cursor").is_some() {
        return Ok(visit.go(&format!("/influencers?{}", query.clone().without(&["after"]).query())));
    }
    let browse = Browse {
        path: "/influencers",
        fields: query,
        wrong: &wrong,
        label: t::SEARCH_LABEL,
        sorts: &t::SORTS,
        chosen: chosen(query, look),
        kept: &[],
    };
    let results = html! {
        @if !found.items.is_empty() { (cards::influencers(look, &found.items)) }
        @else if !found.unfinished && wrong.is_empty() { (parts::empty(Icon::People, t::NONE_FOUND, t::NONE_FOUND_TOLD, Some(("/influencers", t::ALL)))) }
        (browse.further(found.next.as_deref(), found.unfinished))
    };
    let content = html! {
        (parts::heading(t::TITLE, Some(t::TOLD), None))
        (browse.body(&filters(Form::new(query, &wrong), look), &results))
    };
    Ok(visit.show_wrong(Page::new(t::TITLE, content).described(t::TOLD), &wrong))
}

fn asked(query: &Fields, look: &Look, reading: &mut Reading) -> InfluencerSearch {
    InfluencerSearch {
        text: query.given("q").map(str::to_owned),
        niches: query.all("niche"),
        platforms: query.all("platform"),
        languages: query.all("language"),
        location: query.given("location").map(|place| place.chars().take(120).collect()),
        followers_min: reading.number_if(query, "followers_min"),
        followers_max: reading.number_if(query, "followers_max"),
        rate_min: reading.money_if(query, "rate_min", look.currency),
        rate_max: reading.money_if(query, "rate_max", look.currency),
        rating_min: reading.number_if(query, "rating_min"),
        sort: match query.get("sort") {
            "followers" => InfluencerSort::Followers,
            "rating" => InfluencerSort::Rating,
            "newest" => InfluencerSort::Newest,
            _ => InfluencerSort::Relevance,
        },
    }
}

fn chosen(query: &Fields, look: &Look) -> Vec<(&'static str, String, String)> {
    let platform = |word: &str| SocialPlatform::parse(word).map_or_else(|_| capital(word), |one| words::platform(one).to_owned());
    let amount = |label: &str, text: &str| {
        let amount = Reading::default()
            .money_if(&Fields::default().with("rate", text), "rate", look.currency)
            .filter(|amount| *amount >= 0);
        format!("{label} {}", amount.map_or_else(|| text.to_owned(), |amount| look.amount(Money(amount))))
    };
    let number = |label: &str, text: &str| {
        let number =
            Reading::default().number_if(&Fields::default().with("number", text), "number").filter(|number| *number >= 0);
        format!("{label} {}", number.map_or_else(|| text.to_owned(), |number| look.number(number)))
    };
    let rating = |text: &str| {
        let named = t::RATINGS.iter().find(|(value, _)| *value == text).map_or(text, |(_, name)| *name);
        format!("{} {named}", t::RATING_MIN)
    };
    let mut chosen = browse::chosen(query, "niche", capital);
    chosen.extend(browse::chosen(query, "platform", platform));
    chosen.extend(browse::chosen(query, "language", |code| languages::name(code).to_owned()));
    chosen.extend(browse::chosen(query, "location", str::to_owned));
    chosen.extend(browse::chosen(query, "followers_min", |text| number(t::FOLLOWERS_MIN, text)));
    chosen.extend(browse::chosen(query, "followers_max", |text| number(t::FOLLOWERS_MAX, text)));
    chosen.extend(browse::chosen(query, "rate_min", |text| amount(t::RATE_MIN, text)));
    chosen.extend(browse::chosen(query, "rate_max", |text| amount(t::RATE_MAX, text)));
    chosen.extend(browse::chosen(query, "rating_min", rating));
    chosen
}

fn filters(form: Form<'_>, look: &Look) -> Markup {
    let mut spoken = vec![("", crate::text::search::ANY)];
    spoken.extend(languages::by_name());
    html! {
        (browse::niches(form))
        (browse::platforms(form, t::PLATFORMS))
        (form.choice("language", t::LANGUAGE, spoken))
        (form.line("location", t::LOCATION).longest(120))
        (form.number("followers_min", t::FOLLOWERS_MIN))
        (form.number("followers_max", t::FOLLOWERS_MAX))
        (form.money("rate_min", t::RATE_MIN, look.currency.code()))
        (form.money("rate_max", t::RATE_MAX, look.currency.code()))
        (form.choice("rating_min", t::RATING_MIN, t::RATINGS.to_vec()))
    }
}
