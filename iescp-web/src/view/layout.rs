//! What stands around every page: head, navigation, notices, foot.
//!
//! Navigation by htmx fills `#view`; what stands outside of it (the dialog of keys, the place for news) stays.

use super::icon::{Icon, icon, mark};
use super::navigation::{count, current, navigation, search};
use super::{Look, parts, picture};
use crate::assets;
use crate::text::frame as t;
use iescp_core::report::Glance;
use maud::{DOCTYPE, Markup, html};

/// What a page is put into.
pub struct Frame<'a> {
    /// What the platform calls itself.
    pub site: &'a str,
    /// The platform's address for people.
    pub public_url: &'a str,
    /// The page's path.
    pub path: &'a str,
    /// Who looks, if they have signed in.
    pub me: Option<&'a Glance>,
    /// How figures are written for them.
    pub look: &'a Look,
    /// The number of the last event when the page began: what happens after it is told.
    pub since: u64,
    /// What is said first.
    pub said: Option<&'a str>,
    /// Light or dark, if the person chose.
    pub theme: Option<&'a str>,
}

/// What stands in the frame.
pub struct Page {
    title: String,
    content: Markup,
    wrong: bool,
    private: bool,
    bare: bool,
    description: Option<String>,
    picture: Option<String>,
    about: Option<String>,
}

impl Page {
    /// A page with this title, of its own among all pages.
    pub fn new(title: impl Into<String>, content: Markup) -> Self {
        let title = title.into();
        Self { title, content, wrong: false, private: false, bare: false, description: None, picture: None, about: None }
    }

    /// Something on it is wrong: the title says so first.
    #[must_use]
    pub fn wrong(self) -> Self {
        Self { wrong: true, ..self }
    }

    /// Its address is a secret: it is told to nobody.
    #[must_use]
    pub fn private(self) -> Self {
        Self { private: true, ..self }
    }

    /// One thing only, in the middle: a form for somebody who is not signed in.
    #[must_use]
    pub fn bare(self) -> Self {
        Self { bare: true, ..self }
    }

    /// What is said of it where it is shared.
    #[must_use]
    pub fn described(self, description: impl Into<String>) -> Self {
        Self { description: Some(description.into()), ..self }
    }

    /// It shows this, and shows it anew when something happens to it: `request:…`, as the stream calls things.
    #[must_use]
    pub fn about(self, kind: &str, id: impl std::fmt::Display) -> Self {
        Self { about: Some(format!("{kind}:{id}")), ..self }
    }

    /// It shows what concerns its reader, and shows it anew when anything happens that does.
    #[must_use]
    pub fn about_me(self) -> Self {
        Self { about: Some("any".to_owned()), ..self }
    }

    /// The path of the picture that is shown where it is shared.
    #[must_use]
    pub fn pictured(self, path: Option<String>) -> Self {
        Self { picture: path, ..self }
    }

    /// Whether its address is a secret.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.private
    }

    fn title(&self, site: &str) -> String {
        let error = if self.wrong { format!("{}: ", t::ERROR_TITLE) } else { String::new() };
        if self.title == site { format!("{error}{site}") } else { format!("{error}{} · {site}", self.title) }
    }
}

/// How htmx is to behave: nothing of its own style, no waiting for ever; what somebody opened stays open.
const HTMX: &str = r#"{"includeIndicatorCSS":false,"defaultTimeout":15000,"morphIgnore":["data-htmx-powered","open"]}"#;
/// What links and forms do.
const BOOST: &str = r##"{"target":"#view"}"##;

/// The whole page.
#[must_use]
pub fn whole(frame: &Frame<'_>, page: &Page) -> Markup {
    let title = page.title(frame.site);
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[frame.theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" content="#0f4c3a";
                meta name="htmx-config" content=(HTMX);
                title { (title) }
                link rel="stylesheet" href=(assets::url("app.css"));
                link rel="icon" type="image/svg+xml" href=(assets::url("mark.svg"));
                link rel="apple-touch-icon" href=(assets::url("touch-180.png"));
                link rel="manifest" href="/manifest.webmanifest";
                @if let Some(description) = &page.description {
                    meta name="description" content=(description);
                    meta property="og:title" content=(page.title);
                    meta property="og:description" content=(description);
                    meta property="og:site_name" content=(frame.site);
                    meta property="og:type" content="website";
                    meta property="og:url" content={ (frame.public_url) (frame.path) };
                    @if let Some(picture) = &page.picture { meta property="og:image" content={ (frame.public_url) (picture) }; }
                }
                script src=(assets::url("app.js")) defer {}
            }
            body hx-boost:inherited=(BOOST) data-person=[frame.me.map(|_| frame.since)] {
                div #view hx-history-elt { (inside(frame, page)) }
                div.toasts #toasts role="status" aria-live="polite"
                    data-offline=(t::OFFLINE) data-retry=(t::RETRY) data-dismiss=(t::DISMISS) data-news=(t::NEWS) data-show=(t::SHOW_NEWS) {}
                (keys())
            }
        }
    }
}

/// A page without a frame, for failures before anybody is known.
#[must_use]
pub fn apart(page: &Page) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (t::ERROR_TITLE) ": " (page.title) }
                link rel="stylesheet" href=(assets::url("app.css"));
                link rel="icon" type="image/svg+xml" href=(assets::url("mark.svg"));
            }
            body { main #main { (page.content) } }
        }
    }
}

/// What htmx puts into `#view`.
#[must_use]
pub fn view(frame: &Frame<'_>, page: &Page) -> Markup {
    html! { title { (page.title(frame.site)) } (inside(frame, page)) }
}

fn inside(frame: &Frame<'_>, page: &Page) -> Markup {
    html! {
        a.skip href="#main" { (t::SKIP) }
        @if frame.me.is_some_and(|me| me.demo) { aside.demo aria-label=(t::DEMO_LABEL) { (t::DEMO) } }
        div.frame.bare[page.bare].visitor[frame.me.is_none()] {
            (top(frame))
            @if let Some(me) = frame.me { (navigation(frame.path, me)) }
            main #main tabindex="-1" data-about=[&page.about] data-since=[page.about.as_ref().map(|_| frame.since)] {
                @if let Some(said) = frame.said { (parts::said(said)) }
                (page.content)
            }
            (foot(frame))
        }
    }
}

fn top(frame: &Frame<'_>) -> Markup {
    html! {
        header.top {
            a.brand href=(if frame.me.is_some() { "/dashboard" } else { "/" }) { (mark()) span { (frame.site) } }
            @match frame.me {
                Some(me) => {
                    (search(me.account.role))
                    a.bell href="/notifications" aria-current=[current(frame.path, "/notifications")] {
                        (icon(Icon::Bell))
                        span.hidden { (t::NOTIFICATIONS) }
                        (count("notifications", me.unread_notifications))
                    }
                    a.person href="/settings" aria-current=[current(frame.path, "/settings")] { (picture::face(&me.name, me.account.picture)) span.name { (me.name) } }
                }
                None => {
                    nav.outside aria-label=(t::MAIN) {
                        a href="/campaigns" { (t::CAMPAIGNS) }
                        a href="/influencers" { (t::INFLUENCERS) }
                        a href="/sign-in" { (t::SIGN_IN) }
                        a.button.primary href="/register" { (t::REGISTER) }
                    }
                }
            }
        }
    }
}

fn foot(frame: &Frame<'_>) -> Markup {
    let themes = [("light", t::LIGHT), ("dark", t::DARK), ("auto", t::AUTO)];
    html! {
        footer.foot {
            form.inline method="post" action="/look" hx-boost="false" {
                input type="hidden" name="next" value=(frame.path);
                span #look-label { (t::LOOK) }
                span.choices role="group" aria-labelledby="look-label" {
                    @for (value, name) in themes {
                        @let chosen = frame.theme.unwrap_or("auto") == value;
                        button.link name="theme" value=(value) aria-pressed=(chosen) { (name) }
                    }
                }
            }
            button.link type="button" data-keys { (t::HELP) }
            a href="/api/docs" hx-boost="false" { (t::API) }
        }
    }
}

/// The keys there are, behind `?`.
fn keys() -> Markup {
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { (t::KEYS) }
            dl.keys { @for (key, what) in t::SHORTCUTS { dt { @for one in key.split(' ') { kbd { (one) } } } dd { (what) } } }
            form method="dialog" { button.button type="submit" { (t::CLOSE) } }
        }
    }
}
