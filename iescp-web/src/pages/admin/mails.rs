//! `/admin/mails`: the mails that were written where no server sends them, so that whoever tries the platform sees them.
//!
//! A mail is shown in a frame whose document may do nothing but look: no script, no form, nothing from elsewhere. Links that open
//! somebody's account are left out, except in one's own mails and in a demonstration.
//!
//! Not here: writing and keeping mails (the worker).

use super::super::{Answer, Refused, Visit};
use super::only;
use crate::problem::Problem;
use crate::text::mails as t;
use crate::view::{Icon, Page, icon, parts};
use iescp_core::Error;
use iescp_core::moderation::{MailsReader, ViewMails};
use iescp_worker::{Destination, KeptMail};
use maud::{Markup, html};
use poem::Response;
use poem::http::{HeaderValue, header};
use std::io;

const PATH: &str = "/admin/mails";
/// How many are listed.
const MOST: usize = 100;

/// The page of a mail may hold the frame with it.
const WITH_FRAME: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     manifest-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     object-src 'none'";

/// What is in the frame may look as it likes, and do nothing.
const IN_FRAME: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/// `GET /admin/mails`.
///
/// # Errors
/// Not found, for all but admins; a folder that cannot be read.
pub async fn list(visit: Visit) -> Answer {
    only(&visit)?;
    visit.run(ViewMails).await?;
    let mails = &visit.house().mails;
    let latest = mails.latest(MOST).await.map_err(unreadable)?;
    let kept = matches!(mails, Destination::Folder(_) | Destination::Shared(_) | Destination::Memory(_));
    let content = html! {
        (parts::heading(t::TITLE, Some(t::told(mails)), None))
        @if !kept { (parts::empty(Icon::Send, t::ON_THEIR_WAY, &t::gone(mails), None)) }
        @else if latest.mails.is_empty() { (parts::empty(Icon::Send, t::NONE, t::NONE_TOLD, None)) }
        @else {
            ul.rows { @for mail in &latest.mails { (row(&visit, mail)) } }
            p.after.small.quiet { (t::shown(latest.mails.len(), latest.kept)) }
        }
    };
    Ok(visit.show(Page::new(t::TITLE, content)))
}

fn row(visit: &Visit, mail: &KeptMail) -> Markup {
    html! {
        li {
            span.sign aria-hidden="true" { (icon(Icon::Send)) }
            div.grow {
                // Its page lets a frame in, which a page that is swapped in cannot.
                a href={ (PATH) "/" (mail.name) } hx-boost="false" dir="auto" { (subject(mail)) }
                p.quiet.small { (t::TO) " " bdi { (mail.to) } " · " (visit.look().ago(mail.at)) }
            }
        }
    }
}

fn subject(mail: &KeptMail) -> &str {
    if mail.subject.is_empty() { t::UNNAMED } else { &mail.subject }
}

/// `GET /admin/mails/{name}`.
///
/// # Errors
/// Not found, for all but admins; also if there is no such mail.
pub async fn show(visit: Visit) -> Answer {
    let (mail, reader) = find(&visit).await?;
    let open = reader.sees_links_to(&mail.to);
    let text = if open { mail.text.clone() } else { veiled(&mail.text) };
    let links: Vec<&str> = mail.text.lines().filter(|line| is_ours(&visit, line)).collect();
    let content = html! {
        p.back { a href=(PATH) { "← " (t::TITLE) } }
        (parts::heading(subject(&mail), None, None))
        (parts::facts(&[
            (t::FROM, html! { bdi { (mail.from) } }),
            (t::TO, html! { bdi { (mail.to) } }),
            (t::AT, visit.look().moment(mail.at)),
        ]))
        iframe.mail src={ (PATH) "/" (mail.name) "/html" } title=(t::AS_SET) sandbox {}
        @if !open { p.small.quiet { (t::VEILED) } }
        @if open && !links.is_empty() {
            section.after {
                h2 { (t::LINKS) }
                ul.plain { @for link in links { li { a href=(link) { (link) } } } }
            }
        }
        details.after {
            summary { (t::AS_TEXT) }
            pre.mail dir="auto" { (text) }
        }
    };
    let mut answer = visit.show(Page::new(subject(&mail).to_owned(), content).private());
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WITH_FRAME));
    Ok(answer)
}

/// `GET /admin/mails/{name}/html`: what stands in the frame.
///
/// # Errors
/// As [`show`].
pub async fn set(visit: Visit) -> Answer {
    let (mail, reader) = find(&visit).await?;
    let html = if reader.sees_links_to(&mail.to) { mail.html } else { veiled(&mail.html) };
    let answer = Response::builder()
        .header(header::CONTENT_SECURITY_POLICY, IN_FRAME)
        .header(header::X_FRAME_OPTIONS, "SAMEORIGIN")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header("x-robots-tag", "noindex");
    Ok(answer.content_type("text/html; charset=utf-8").body(html))
}

async fn find(visit: &Visit) -> Result<(KeptMail, MailsReader), Refused> {
    only(visit)?;
    let reader = visit.run(ViewMails).await?;
    let mail = visit.house().mails.find(visit.token()).await.map_err(unreadable)?;
    Ok((mail.ok_or(Error::NotFound)?, reader))
}

fn unreadable(error: io::Error) -> Refused {
    Problem::internal(format!("the mails that are kept cannot be read: {error}")).into()
}

/// Whether a line of a mail is an address of ours.
fn is_ours(visit: &Visit, line: &str) -> bool {
    let rest = line.strip_prefix(visit.house().public_url.as_str());
    rest.is_some_and(|rest| rest.starts_with('/') && !rest.contains(char::is_whitespace))
}

/// A mail without what opens an account: the tokens in its links.
fn veiled(text: &str) -> String {
    let mut veiled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = ["token=", "/unsubscribe/"].iter().filter_map(|mark| Some(rest.find(mark)? + mark.len())).min() {
        let (before, after) = rest.split_at(end);
        veiled.push_str(before);
        veiled.push('…');
        rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "._-~%".contains(c));
    }
    veiled.push_str(rest);
    veiled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_an_account_is_left_out_of_others_mails() {
        let text = "a https://x/reset?token=0190-a.B_c\nb <a href=\"https://x/unsubscribe/01.requests.Ab-c\">end</a> token=";
        assert_eq!(veiled(text), "a https://x/reset?token=…\nb <a href=\"https://x/unsubscribe/…\">end</a> token=…");
        assert_eq!(veiled("nothing"), "nothing");
    }
}
