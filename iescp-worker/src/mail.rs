//! One mail, as it travels: built by lettre, so that no text can become a header (S-40).
//!
//! A mail is the same to the byte however often it is built: its id, date and boundary follow from the job that sends it.
//!
//! **Not here**: what mails say (`wording`), how they travel (`mailer`).

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
};
use std::{fmt, time::SystemTime};
use url::Host;

/// Encoded words are no longer, so that their lines stay within what programs for mail like.
const LONGEST_WORD: usize = 54;

/// From whom mails are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl Sender {
    /// An address (`no-reply@example.com`), or a name and an address (`IESCP <no-reply@example.com>`).
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().any(char::is_control) {
            return Err("a sender has no control characters".to_owned());
        }
        text.parse()
            .map(Self)
            .map_err(|error| format!("“{text}” is no sender of mails such as IESCP <no-reply@example.com>: {error}"))
    }

    /// The same, under this name unless it has one already.
    pub(crate) fn named(&self, name: &str) -> Self {
        Self(Mailbox::new(self.0.name.clone().or_else(|| Some(one_line(name))), self.0.email.clone()))
    }

    pub(crate) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

/// What a mail says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Where mails of its kind are switched off by one click, for those that people can do without.
    pub unsubscribe: Option<String>,
    /// What comes with it.
    pub attached: Option<Attached>,
}

/// A document that comes with a mail.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Attached {
    /// What it is called: letters, digits, dashes and dots.
    pub name: String,
    /// The PDF itself.
    pub pdf: Vec<u8>,
}

/// A mail. Its `Debug` shows neither to whom it goes nor what it says.
#[derive(Clone)]
pub struct Mail {
    key: String,
    message: Message,
}

/// Why no mail could be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoMail(pub(crate) String);

impl fmt::Display for NoMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no mail could be written: {}", self.0)
    }
}

impl std::error::Error for NoMail {}

/// An address as every mail server takes it: the domain in ASCII (RFC 5890). Before the `@` that would need another protocol
/// (RFC 6531), which few servers speak.
fn reached(address: &str) -> Option<Address> {
    let (local, domain) = address.rsplit_once('@').filter(|(local, _)| local.is_ascii())?;
    let Host::Domain(domain) = Host::parse(domain).ok()? else { return None };
    Address::new(local, domain).ok()
}

impl Mail {
    /// Builds the mail of the job named `key`, of that moment.
    pub(crate) fn build(key: &str, from: &Sender, to: &str, at: Timestamp, content: Content) -> Result<Self, NoMail> {
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || ":.-_#".contains(c)) {
            return Err(NoMail("its job has a name that no mail can have".to_owned()));
        }
        let name = file_name(key);
        // The address itself is not told: the reason is kept, and logged.
        let to = reached(to).ok_or_else(|| NoMail("its address is none that mail reaches".to_owned()))?;
        let parts = MultiPart::alternative()
            .boundary(format!("=_{name}"))
            .singlepart(part(ContentType::TEXT_PLAIN, content.text))
            .singlepart(part(ContentType::TEXT_HTML, content.html));
        let mut builder = Message::builder()
            .from(from.0.clone())
            .to(Mailbox::new(None, to))
            .header(Subject(one_line(&content.subject)))
            .date(SystemTime::from(at))
            .message_id(Some(format!("<{name}@{}>", from.domain())))
            .header(AutoSubmitted);
        if let Some(url) = content.unsubscribe {
            builder = builder.header(ListUnsubscribe::at(&url)?).header(ListUnsubscribePost);
        }
        let parts = match content.attached {
            Some(Attached { name: called, pdf }) => {
                MultiPart::mixed().boundary(format!("=_{name}_")).multipart(parts).singlepart(
                    Attachment::new(called).body(pdf, ContentType::parse("application/pdf").map_err(|e| NoMail(e.to_string()))?),
                )
            }
            None => parts,
        };
        let message = builder.multipart(parts).map_err(|error| NoMail(error.to_string()))?;
        Ok(Self { key: key.to_owned(), message })
    }

    /// The job that sends it: its name for ever.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The mail as lettre has it, with its envelope.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// The name of a file that holds it.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.eml", file_name(&self.key))
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({})", self.key)
    }
}

/// A job's name as it stands in ids of messages and names of files, where a colon has no place.
fn file_name(key: &str) -> String {
    key.replace(':', ".").replace('#', "_")
}

fn part(kind: ContentType, text: String) -> SinglePart {
    SinglePart::builder().header(kind).body(text)
}

/// A text without what would end its line, or turn about how it reads.
pub(crate) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

/// What a mail is about. What looks like an encoded word (RFC 2047) but was typed by somebody is encoded, so that it is read as
/// it was typed and not as what it would stand for.
#[derive(Clone)]
struct Subject(String);

impl Header for Subject {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Subject")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        if self.0.contains("=?") {
            return HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), encoded_words(&self.0));
        }
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// A text as encoded words, each on a line of its own.
fn encoded_words(text: &str) -> String {
    let mut words = vec![String::new()];
    for c in text.chars() {
        let mut bytes = [0; 4];
        let encoded = match c {
            c if c.is_ascii_alphanumeric() => c.to_string(),
            ' ' => "_".to_owned(),
            c => c.encode_utf8(&mut bytes).bytes().map(|byte| format!("={byte:02X}")).collect(),
        };
        match words.last_mut() {
            Some(word) if word.len() + encoded.len() <= LONGEST_WORD => word.push_str(&encoded),
            _ => words.push(encoded),
        }
    }
    words.iter().map(|word| format!("=?utf-8?q?{word}?=")).collect::<Vec<_>>().join("\r\n ")
}

/// Says that no person wrote this, so that no machine answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

/// Says where such mails are switched off (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

/// Says that one request there suffices, without a question (RFC 8058).
#[derive(Clone)]
struct ListUnsubscribePost;

impl ListUnsubscribe {
    fn at(url: &str) -> Result<Self, NoMail> {
        let plain = |c: char| c.is_ascii_graphic() && !"<>,\"".contains(c);
        if url.is_empty() || !url.chars().all(plain) {
            return Err(NoMail("the address where such mails are switched off is none".to_owned()));
        }
        Ok(Self(format!("<{url}>")))
    }
}

/// Declares a header that is only ever written.
macro_rules! written {
    ($type:ident, $name:literal, $this:ident => $value:expr, $parsed:expr) => {
        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                let parsed: fn(&str) -> Self = $parsed;
                Ok(parsed(text))
            }

            fn display(&self) -> HeaderValue {
                let $this = self;
                HeaderValue::new(Self::name(), $value)
            }
        }
    };
}

written!(AutoSubmitted, "Auto-Submitted", _this => "auto-generated".to_owned(), |_| Self);
written!(ListUnsubscribe, "List-Unsubscribe", this => this.0.clone(), |text| Self(text.to_owned()));
written!(ListUnsubscribePost, "List-Unsubscribe-Post", _this => "List-Unsubscribe=One-Click".to_owned(), |_| Self);
