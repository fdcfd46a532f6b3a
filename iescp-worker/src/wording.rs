//! What letters say.
//!
//! Links begin with the configured public address, never with what a request called this host (S-09).
//!
//! **Not here**: to whom they go (`iescp_core::outbox`), how they become mails (`mail`).

#[cfg(test)]
mod tests;

use crate::mail::Content;
use iescp_core::{InstallationSecret, account::Purpose, outbox::Letter};
use std::fmt::Write;

/// What every letter needs to know about the house it comes from.
#[derive(Clone, Copy)]
pub(crate) struct House<'a> {
    /// What the platform calls itself.
    pub site_name: &'a str,
    /// Where people reach it, without a slash at the end.
    pub public_url: &'a str,
    /// What tokens are derived from.
    pub secret: &'a InstallationSecret,
    /// How long a link lasts, in minutes.
    pub link_minutes: i64,
}

/// The parts of a letter.
struct Draft {
    subject: String,
    before: Vec<String>,
    /// What to press, and where it leads.
    action: Option<(&'static str, String)>,
    after: Vec<String>,
}

/// Writes a letter to somebody. None for those that no mail is written of yet, notices, and for what is no letter until it is
/// known whose address it has.
pub(crate) fn write(house: House<'_>, username: &str, letter: &Letter) -> Option<Content> {
    let site = house.site_name;
    let link = |path: &str, purpose: Purpose, link| {
        let token = purpose.token(house.secret, link);
        format!("{}{path}?token={}", house.public_url, token.reveal())
    };
    let lasts = format!("The link works once, within {} minutes.", house.link_minutes);
    let draft = match letter {
        Letter::VerifyEmail { link: id, .. } => Draft {
            subject: format!("Please confirm your e-mail address for {site}"),
            before: vec![format!("please confirm that this address belongs to the {site} account {username}.")],
            action: Some(("Confirm this address", link("/verify-email", Purpose::VerifyEmail, *id))),
            after: vec![lasts, format!("If you have no account at {site}, somebody mistyped theirs; you need do nothing.")],
        },
        Letter::ResetPassword { link: id, .. } => Draft {
            subject: format!("Choose a new password for {site}"),
            before: vec![format!("somebody, probably you, asked to choose a new password for the {site} account {username}.")],
            action: Some(("Choose a new password", link("/password/reset", Purpose::ResetPassword, *id))),
            after: vec![lasts, "If that was not you, you need do nothing: your password stays as it is.".to_owned()],
        },
        Letter::AlreadyRegistered { .. } => Draft {
            subject: format!("You have an account at {site} already"),
            before: vec![
                format!(
                    "somebody, perhaps you, just gave this address for another account at {site}. It belongs to the account {username}, and stays with it."
                ),
                "If that was you, sign in with that account. If you forgot its password, you can choose a new one:".to_owned(),
            ],
            action: Some(("Choose a new password", format!("{}/password/forgot", house.public_url))),
            after: vec!["If that was not you, you need do nothing.".to_owned()],
        },
        Letter::Security { what, .. } => Draft {
            subject: format!("Security notice for your {site} account"),
            before: vec![
                format!("this concerns the {site} account {username}:"),
                what.clone(),
                "If that was you, you need do nothing. If it was not, choose a new password at once and end all other sessions:"
                    .to_owned(),
            ],
            action: Some(("Choose a new password", format!("{}/password/forgot", house.public_url))),
            after: Vec::new(),
        },
        Letter::ForgotPassword { .. } | Letter::MakeExport { .. } | Letter::Notice { .. } => return None,
    };
    Some(draft.content(site, username))
}

impl Draft {
    fn content(self, site: &str, username: &str) -> Content {
        let hello = format!("Hello {username},");
        let signed = format!("{site} sent this by itself; nobody reads what is answered to it.");
        let mut text = format!("{hello}\n\n");
        let mut html = String::from(HEAD);
        paragraph(&mut html, &hello);
        for said in &self.before {
            let _infallible = write!(text, "{said}\n\n");
            paragraph(&mut html, said);
        }
        if let Some((label, url)) = &self.action {
            let _infallible = write!(text, "{label}:\n{url}\n\n");
            let (label, url) = (escape(label), escape(url));
            let _infallible = write!(html, "<p><a href=\"{url}\">{label}</a></p>\n<p>Or open this address:<br>{url}</p>\n");
        }
        for said in &self.after {
            let _infallible = write!(text, "{said}\n\n");
            paragraph(&mut html, said);
        }
        let _infallible = write!(text, "-- \n{signed}\n");
        let _infallible = write!(html, "<hr>\n<p><small>{}</small></p>\n</body>\n</html>\n", escape(&signed));
        Content { subject: self.subject, text, html }
    }
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"></head>\n\
<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36rem\">\n";

fn paragraph(html: &mut String, text: &str) {
    let _infallible = writeln!(html, "<p>{}</p>", escape(text));
}

/// A text as it stands in HTML, between tags and in quoted attributes.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        escaped
    })
}
