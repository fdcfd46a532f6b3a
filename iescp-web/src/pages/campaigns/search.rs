//! Searching open campaigns.

use crate::pages::{Answer, Fields, Reading, Visit, Wrongs};
use crate::text::{campaigns as t, capital, search as s, words};
use crate::view::browse::{self, Browse};
use crate::view::{Form, Icon, Look, Page, cards, parts};
use iescp_core::Error;
use iescp_core::account::Role;
use iescp_core::discovery::{CampaignSearch, CampaignSort, FoundPage, SearchCampaigns};
use iescp_core::value::{Money, SocialPlatform};
use maud::{Markup, html};

/// How many are on a page.
const PAGE: usize = 18;

/// `GET /campaigns?q=…`.
///
/// # Errors
/// A failing store.
pub async fn list(visit: Visit) -> Answer {
    let (query, look) = (visit.query(), visit.look());
    let mut reading = Reading::default();
    let search = asked(query, look, &mut reading);
    let found = match reading.wrong.is_empty() {
        true => visit.run(SearchCampaigns { search, page: visit.page_of(PAGE) }).await,
        false => Err(Error::Invalid(reading.wrong)),
    };
    let (found, wrong) = match found {
        Ok(found) => (found, Wrongs::default()),
        Err(error) => (FoundPage { items: Vec::new(), next: None, unfinished: false }, Wrongs::of(error)?),
    };
    if wrong.at("cursor").is_some() {
        return Ok(visit.go(&format!("/campaigns?{}", query.clone().without(&["after"]).query())));
    }
    let browse = Browse {
        path: "/campaigns",
        fields: query,
        wrong: &wrong,
        label: t::SEARCH_LABEL,
        sorts: &t::SORTS,
        chosen: chosen(query, look),
        kept: &["all"],
    };
    let results = html! {
        @if !found.items.is_empty() { (cards::campaigns(look, &found.items)) }
        @else if !found.unfinished && wrong.is_empty() { (parts::empty(Icon::Search, t::NONE_FOUND, t::NONE_FOUND_TOLD, Some(("/campaigns?all=yes", t::ALL)))) }
        (browse.further(found.next.as_deref(), found.unfinished))
    };
    let back = html! { a.button href="/campaigns" { (t::BACK_TO_MINE) } };
    let actions = (visit.role() == Some(Role::Sponsor)).then_some(&back);
    let content = html! {
        (parts::heading(t::SEARCH_TITLE, Some(t::SEARCH_TOLD), actions))
        (browse.body(&filters(Form::new(query, &wrong), look), &results))
    };
    Ok(visit.show_wrong(Page::new(t::SEARCH_TITLE, content).described(t::SEARCH_TOLD), &wrong))
}

fn asked(query: &Fields, look: &Look, reading: &mut Reading) -> CampaignSearch {
    CampaignSearch {
        text: query.given("q").map(str::to_owned),
        niches: query.all("niche"),
        platforms: query.all("platform"),
        budget_min: reading.money_if(query, "budget_min", look.currency),
        budget_max: reading.money_if(query, "budget_max", look.currency),
        starts_by: reading.day(query, "starts_by"),
        ends_from: reading.day(query, "ends_from"),
        sort: match query.get("sort") {
            "newest" => CampaignSort::Newest,
            "budget" => CampaignSort::Budget,
            "rating" => CampaignSort::Rating,
            "ending" => CampaignSort::Ending,
            _ => CampaignSort::Relevance,
        },
    }
}

fn chosen(query: &Fields, look: &Look) -> Vec<(&'static str, String, String)> {
    let platform = |word: &str| SocialPlatform::parse(word).map_or_else(|_| capital(word), |one| words::platform(one).to_owned());
    let amount = |name, text: &str| {
        let amount =
            Reading::default().money_if(&Fields::default().with(name, text), name, look.currency).filter(|amount| *amount >= 0);
        amount.map_or_else(|| text.to_owned(), |amount| look.amount(Money(amount)))
    };
    let mut chosen = browse::chosen(query, "niche", capital);
    chosen.extend(browse::chosen(query, "platform", platform));
    chosen.extend(browse::chosen(query, "budget_min", |text| format!("{} {}", t::BUDGET_MIN, amount("budget_min", text))));
    chosen.extend(browse::chosen(query, "budget_max", |text| format!("{} {}", t::BUDGET_MAX, amount("budget_max", text))));
    chosen.extend(browse::chosen(query, "starts_by", |day| format!("{} {day}", t::STARTS_BY)));
    chosen.extend(browse::chosen(query, "ends_from", |day| format!("{} {day}", t::ENDS_FROM)));
    chosen
}

fn filters(form: Form<'_>, look: &Look) -> Markup {
    html! {
        (browse::niches(form))
        (browse::platforms(form, s::PLATFORMS))
        (form.money("budget_min", t::BUDGET_MIN, look.currency.code()))
        (form.money("budget_max", t::BUDGET_MAX, look.currency.code()))
        (form.day("starts_by", t::STARTS_BY))
        (form.day("ends_from", t::ENDS_FROM))
    }
}
