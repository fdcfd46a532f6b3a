//! Sets a letter: once as text, once as HTML that looks the same in programs for mail, which know little more than tables and
//! styles on the spot. No pictures, no fonts, nothing from elsewhere; dark where the reader's program is.
//!
//! **Not here**: what letters say (the families).

use super::{Draft, House};
use crate::{
    mail::{Content, one_line},
    report_page,
};
use iescp_core::{
    id::AccountId,
    notification::{Topic, unsubscribe_token},
    value::Email,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::fmt::Write;

/// Who reads a letter, and of which topic it is, if it is one that people can do without.
pub(super) struct Reader<'a> {
    pub account: AccountId,
    pub to: &'a Email,
    pub username: &'a str,
    pub topic: Option<Topic>,
}

/// The letter, with what stands in every letter.
pub(super) fn set(draft: &Draft, house: House<'_>, reader: &Reader<'_>) -> Content {
    let foot = Foot::of(house, reader);
    let hello = format!("Hello {},", reader.username);
    Content {
        subject: draft.subject.clone(),
        text: text(draft, &hello, &foot),
        html: page(draft, house.site(), &hello, &foot).into_string(),
        unsubscribe: foot.stop.map(|(_, url)| url),
        attached: None,
    }
}

const END: &str = "End these mails";

/// What stands below every letter.
struct Foot {
    signed: String,
    /// Why somebody gets such mails and where they end them, for letters that they can do without.
    stop: Option<(String, String)>,
    /// Where they choose what they get.
    choose: Option<(&'static str, String)>,
}

impl Foot {
    fn of(house: House<'_>, reader: &Reader<'_>) -> Self {
        let site = house.site();
        let stop = reader.topic.and_then(|topic| {
            let token = unsubscribe_token(house.secret, reader.account, reader.to, topic)?;
            let why = format!("You get this because you want mails about “{}”.", topic.label());
            Some((why, house.page(&format!("/unsubscribe/{}", token.reveal()))))
        });
        Self {
            signed: format!("This is an automatic message from {site}. Nobody reads replies to it."),
            choose: stop.is_some().then(|| ("Choose what you get:", house.page("/settings/notifications"))),
            stop,
        }
    }
}

fn text(draft: &Draft, hello: &str, foot: &Foot) -> String {
    let mut text = format!("{hello}\n\n");
    for said in &draft.before {
        let _infallible = write!(text, "{said}\n\n");
    }
    for (label, fact) in &draft.facts {
        let _infallible = writeln!(text, "{label}: {fact}");
    }
    if !draft.facts.is_empty() {
        text.push('\n');
    }
    if let Some((who, said)) = &draft.said {
        let _infallible = writeln!(text, "{who}");
        for line in said.lines() {
            let _infallible = writeln!(text, "{}", format!("> {line}").trim_end());
        }
        text.push('\n');
    }
    if let Some((label, url)) = &draft.action {
        let _infallible = write!(text, "{label}:\n{url}\n\n");
    }
    for said in &draft.after {
        let _infallible = write!(text, "{said}\n\n");
    }
    if let Some(report) = &draft.report {
        for figure in &report.figures {
            let _infallible = writeln!(text, "{}: {} ({})", figure.label, one_line(&figure.value), one_line(&figure.note));
        }
        text.push('\n');
    }
    let _infallible = writeln!(text, "-- \n{}", foot.signed);
    if let Some((why, url)) = &foot.stop {
        let _infallible = writeln!(text, "{why} {END}:\n{url}");
    }
    if let Some((sentence, url)) = &foot.choose {
        let _infallible = writeln!(text, "{sentence}\n{url}");
    }
    text
}

/// What programs for mail that know dark colours add to the styles on the spot.
const DARK: &str = ":root{color-scheme:light dark;supported-color-schemes:light dark}\
@media (prefers-color-scheme:dark){\
.paper{background:#101815!important}.card{background:#1a2420!important;border-color:#33403a!important}\
.ink{color:#eceee9!important}.quiet{color:#b4bcb4!important}.link{color:#6fd0ab!important}\
.rule{border-color:#33403a!important}.button{background:#6fd0ab!important;color:#0c241b!important}\
.said{background:#212d28!important;border-color:#f2a65a!important}}";

const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const INK: &str = "margin:0 0 16px;font-size:16px;line-height:1.55;color:#1f2a25";
const QUIET: &str = "margin:0 0 8px;font-size:13px;line-height:1.5;color:#56635c;overflow-wrap:anywhere";
const BUTTON: &str = "display:inline-block;padding:13px 24px;border-radius:10px;background:#0f5a42;color:#ffffff;\
font-size:16px;font-weight:600;line-height:1.2;text-decoration:none";

fn page(draft: &Draft, site: &str, hello: &str, foot: &Foot) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                title { (draft.subject) }
                style { (PreEscaped(DARK)) }
            }
            body.paper style=(format!("margin:0;padding:0;background:#faf9f5;{FONT}")) {
                @if let Some(first) = draft.before.first() {
                    div style="display:none;max-height:0;overflow:hidden" { (first) }
                }
                table.paper role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#faf9f5" {
                    tr { td align="center" style="padding:28px 12px" {
                        table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px" {
                            tr { td style="padding:0 6px 16px" { (mark(site)) } }
                            tr { td.card style="padding:28px 28px 20px;background:#ffffff;border:1px solid #e2e3dc;border-radius:14px" {
                                (letter(draft, hello))
                            } }
                            tr { td style="padding:18px 6px 0" { (below(foot)) } }
                        }
                    } }
                }
            }
        }
    }
}

/// The platform's sign and name: two discs, as they stand in its pages.
fn mark(site: &str) -> Markup {
    let disc = "display:inline-block;width:15px;height:15px;border-radius:8px;vertical-align:middle";
    html! {
        span style=(format!("{disc};background:#1c7a5c")) {}
        span style=(format!("{disc};margin-left:-5px;background:#f2a65a")) {}
        span.ink dir="auto" style="padding-left:9px;font-size:17px;font-weight:700;vertical-align:middle;color:#1f2a25" { (site) }
    }
}

fn letter(draft: &Draft, hello: &str) -> Markup {
    html! {
        p.ink dir="auto" style=(INK) { (hello) }
        @for said in &draft.before { p.ink dir="auto" style=(INK) { (said) } }
        @if !draft.facts.is_empty() { (facts(draft)) }
        @if let Some((who, said)) = &draft.said {
            p.ink dir="auto" style=(INK) { (who) }
            blockquote.said dir="auto" style="margin:0 0 20px;padding:12px 16px;border-left:3px solid #f2a65a;border-radius:0 10px 10px 0;background:#f6f5ef" {
                @for line in said.lines() { p.ink style="margin:0;font-size:16px;line-height:1.55;color:#1f2a25" { (line) } }
            }
        }
        @if let Some((label, url)) = &draft.action {
            p style="margin:24px 0" { a.button href=(url) style=(BUTTON) { (label) } }
        }
        @for said in &draft.after { p.ink dir="auto" style=(INK) { (said) } }
        @if let Some(report) = &draft.report { (report_page::body(report)) }
        @if let Some((_, url)) = &draft.action {
            p.quiet style=(QUIET) { "Or open this address:" br; a.link href=(url) style="color:#0f5a42" { (url) } }
        }
    }
}

fn facts(draft: &Draft) -> Markup {
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px" {
            @for (label, fact) in &draft.facts {
                tr {
                    td.quiet.rule style="padding:9px 12px 9px 0;border-top:1px solid #e2e3dc;font-size:14px;color:#56635c;white-space:nowrap;vertical-align:top" { (label) }
                    td.ink.rule align="right" dir="auto" style="padding:9px 0;border-top:1px solid #e2e3dc;font-size:16px;font-weight:600;color:#1f2a25;text-align:right" { (fact) }
                }
            }
        }
    }
}

fn below(foot: &Foot) -> Markup {
    html! {
        p.quiet style=(QUIET) { (foot.signed) }
        @if let Some((why, url)) = &foot.stop {
            p.quiet style=(QUIET) { (why) " " a.link href=(url) style="color:#0f5a42" { (END) } }
        }
        @if let Some((sentence, url)) = &foot.choose {
            p.quiet style=(QUIET) { (sentence) " " a.link href=(url) style="color:#0f5a42" { (url) } }
        }
    }
}
