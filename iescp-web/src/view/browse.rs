//! Searching: filters beside (on phones above) what was found; the whole search stands in the address.
//!
//! Without script the form has a button; with it, results follow what is chosen.

use super::icon::{Icon, icon};
use super::{Form, form, parts};
use crate::pages::{Fields, Wrongs};
use crate::text::{capital, search as t, words};
use iescp_core::value::{NICHES, SocialPlatform};
use maud::{Markup, html};

/// A search: its address, what it asks, its filters.
pub struct Browse<'a> {
    /// Where it is.
    pub path: &'a str,
    /// What is asked, as it was typed.
    pub fields: &'a Fields,
    /// What of it cannot be searched for.
    pub wrong: &'a Wrongs,
    /// What the field for words is called.
    pub label: &'a str,
    /// Orders: values and names.
    pub sorts: &'a [(&'a str, &'a str)],
    /// Chosen filters: field, value, name.
    pub chosen: Vec<(&'static str, String, String)>,
    /// Values that go along unseen.
    pub kept: &'a [&'a str],
}

/// Chosen filters of a field with many values, named by a function.
#[must_use]
pub fn chosen(fields: &Fields, field: &'static str, name: impl Fn(&str) -> String) -> Vec<(&'static str, String, String)> {
    fields
        .all(field)
        .into_iter()
        .map(|value| {
            let name = name(&value);
            (field, value, name)
        })
        .collect()
}

impl Browse<'_> {
    /// The page's body: the form with these further filters, and the results.
    #[must_use]
    pub fn body(&self, filters: &Markup, results: &Markup) -> Markup {
        let form = Form::new(self.fields, self.wrong);
        html! {
            (form.summary())
            div.browse {
                form.asked method="get" action=(self.path) role="search" aria-label=(self.label) hx-get=(self.path) hx-target="#view" hx-swap="innerMorph"
                    hx-push-url="true" hx-trigger="submit, change, input delay:350ms from:find input[type=search]" {
                    @for name in self.kept { @if let Some(value) = self.fields.given(name) { (form::hidden(name, value)) } }
                    div.words {
                        label.hidden for="f-q" { (self.label) }
                        input #f-q type="search" name="q" value=(self.fields.get("q")) placeholder=(self.label) maxlength="200" autocomplete="off";
                        button.button.primary type="submit" { (icon(Icon::Search)) span.hidden { (t::SEARCH) } }
                    }
                    details.more-filters open[!self.wrong.fields.is_empty()] {
                        summary.button { (t::FILTERS) @if !self.chosen.is_empty() { " (" (self.chosen.len()) ")" } }
                        div.stack {
                            (form.choice("sort", t::SORT, self.sorts.to_vec()))
                            (filters)
                            button.button.slim type="submit" { (t::SHOW) }
                        }
                    }
                }
                section.found aria-labelledby="found" {
                    h2.hidden #found { (t::RESULTS) }
                    (self.chips())
                    (results)
                }
            }
        }
    }

    /// What was chosen, each with the way to be without it.
    fn chips(&self) -> Markup {
        html! {
            @if !self.chosen.is_empty() {
                ul.chips aria-label=(t::CHOSEN) {
                    @for (field, value, name) in &self.chosen {
                        li { a.chip href=(self.without(field, value)) aria-label=(t::without(name)) { (name) (icon(Icon::Close)) } }
                    }
                    li { a.chip.clear href=(self.clear()) { (t::CLEAR) } }
                }
            }
        }
    }

    fn without(&self, field: &str, value: &str) -> String {
        let left = self.fields.iter().filter(|(name, known)| *name != "after" && (*name != field || *known != value));
        self.at(&left.fold(Fields::default(), |fields, (name, value)| fields.and(name, value)))
    }

    /// The search without filters.
    #[must_use]
    pub fn clear(&self) -> String {
        let kept = self.fields.iter().filter(|(name, _)| *name == "q" || *name == "sort" || self.kept.contains(name));
        self.at(&kept.fold(Fields::default(), |fields, (name, value)| fields.and(name, value)))
    }

    fn at(&self, fields: &Fields) -> String {
        let query = fields.query();
        if query.is_empty() { self.path.to_owned() } else { format!("{}?{query}", self.path) }
    }

    /// The way to the next page; and a word where the list was only looked through in part.
    #[must_use]
    pub fn further(&self, next: Option<&str>, unfinished: bool) -> Markup {
        html! {
            @if unfinished { (parts::notice(parts::Tone::Calm, &html! { p { (t::GOES_ON) } })) }
            (parts::pager(self.path, self.fields, next))
        }
    }
}

/// Niches to choose from.
#[must_use]
pub fn niches(form: Form<'_>) -> Markup {
    let chosen = form.fields.all("niche");
    let mut names: Vec<(&str, String)> = NICHES.iter().map(|niche| (*niche, capital(niche))).collect();
    // What was chosen comes first: the list is longer than what of it can be seen.
    names.sort_by_key(|(value, _)| !chosen.iter().any(|one| one == value));
    html! { div.long { (form.boxes("niche", t::NICHES, names.iter().map(|(value, name)| (*value, name.as_str())).collect())) } }
}

/// Platforms to choose from.
#[must_use]
pub fn platforms(form: Form<'_>, label: &str) -> Markup {
    let names = SocialPlatform::ALL.iter().map(|platform| (platform.word(), words::platform(*platform)));
    html! { div.long { (form.boxes("platform", label, names.collect())) } }
}
