//! `/style-guide`: every part that pages are made of, in every state.

use super::{Answer, Fields, Visit, Wrongs};
use crate::text::style_guide as t;
use crate::view::chart::{self, Bar};
use crate::view::parts::{self, Tone};
use crate::view::{Form, Icon, Page, cards, icon};
use iescp_core::FieldError;
use iescp_core::report::Standing;
use maud::{Markup, html};

/// `GET /style-guide`.
///
/// # Errors
/// Never.
pub async fn show(visit: Visit) -> Answer {
    let content = html! {
        (parts::heading(t::TITLE, Some(t::TOLD), None))
        div.stack-wide {
            (section("Colours", &colours()))
            (section("Buttons", &buttons()))
            (section("States and notices", &states()))
            (section("People and places", &people()))
            (section("Fields", &fields()))
            (section("Ratings and topics", &ratings(&visit)))
            (section("Figures", &figures(&visit)))
            (section("Icons", &html! { ul.tags { @for one in Icon::ALL { li.tag { (icon(*one)) (one.word()) } } } }))
        }
    };
    Ok(visit.show(Page::new(t::TITLE, content)))
}

fn section(title: &str, content: &Markup) -> Markup {
    html! { section.stack { h2 { (title) } (content) } }
}

fn colours() -> Markup {
    html! { ul.swatches { @for name in ["paper", "card", "sunk", "ink", "quiet", "brand", "brand-wash", "apricot", "good", "waiting", "bad"] { li.swatch.{ "swatch-" (name) } { (name) } } } }
}

fn buttons() -> Markup {
    html! {
        div.actions {
            button.button.primary type="button" { "Accept the offer" }
            button.button type="button" { "Make another offer" }
            button.button.danger type="button" { "Decline" }
            button.button.slim type="button" { "Mark as read" }
            button.button type="button" disabled { "Not now" }
            button.link type="button" { "As a link" }
        }
    }
}

fn states() -> Markup {
    html! {
        div.actions { @for tone in Tone::ALL { (parts::badge(tone, tone.class())) } }
        div { @for tone in Tone::ALL { (parts::notice(tone, &html! { p { "Something that the reader should know before going on." } })) } }
    }
}

fn people() -> Markup {
    html! {
        div.actions { @for name in ["Ada Byron", "蔡 明亮", "مريم حسن", "Zoë", "🎈"] { (parts::avatar(name)) } }
        (parts::empty(Icon::Star, "No shortlists yet", "Keep the creators you like together and invite them at once.", Some(("#", "Find creators"))))
    }
}

fn ratings(visit: &Visit) -> Markup {
    let standing = Standing { rating: Some(460), ratings: 12, ..Standing::default() };
    html! {
        p { (cards::rating(visit.look(), &standing)) }
        @for number in 1..=5 { p { (cards::stars(number)) } }
        (cards::niches(&["food".to_owned(), "travel".to_owned()]))
    }
}

fn fields() -> Markup {
    let typed = Fields::default().with("title", "Spring tea").with("budget", "a lot").with("formats", "reel");
    let wrong = Wrongs::unread(vec![FieldError::new("budget", "amount", "Please write an amount, such as 1200 or 1,200.50.")]);
    let form = Form::new(&typed, &wrong);
    html! {
        form.form {
            (form.summary())
            (form.line("title", "Title").hint("What people see first."))
            (form.money("budget", "Budget", "USD"))
            (form.prose("goals", "Goals", 4).optional())
            (form.choice("niche", "Niche", vec![("", "Please choose"), ("food", "Food"), ("travel", "Travel")]))
            (form.radios("visibility", "Who sees it", vec![("public", "Everyone", "It is listed."), ("private", "Only those you invite", "")]))
            (form.boxes("formats", "Formats", vec![("post", "Post"), ("reel", "Reel"), ("story", "Story")]))
            (form.day("due", "Due"))
            (form.password("password", "Password"))
            (form.tick("agree", "I have read the agreement"))
        }
    }
}

fn figures(visit: &Visit) -> Markup {
    let look = visit.look();
    let bar =
        |name: &str, value: i64| Bar { name: name.to_owned(), value, shown: look.amount(iescp_core::value::Money(value * 100)) };
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun"].iter().zip([120, 0, 340, 560, 410, 720]).map(|(name, value)| bar(name, value));
    html! {
        div.figures-row {
            (parts::figure("Earned", &look.money(iescp_core::value::Money(215_000)), Some(&html! { "since January" })))
            (parts::figure("Answers within", &html! { "5 hours" }, None))
        }
        (chart::columns("Earned by month", "Earned", &months.collect::<Vec<_>>()))
        (chart::parts("Budget", 1000, &[("paid", bar("Paid", 300)), ("held", bar("Held", 450)), ("left", bar("Left", 0))]))
    }
}
