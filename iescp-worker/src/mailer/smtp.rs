//! Mails by SMTP, over connections that are kept and verified.
//!
//! Every step has a deadline. A server that is down or puts a mail off fails that mail for now; one recipient whom it refuses for
//! good is that mail's alone. While a server does not answer, the mails behind do not wait for it one by one.
//!
//! **Not here**: when a mail is tried again (`queue`), what it says (`wording`).

mod server;
#[cfg(test)]
mod tests;

pub use server::{Protection, SmtpServer};

use super::{MailError, Mailer, Sending};
use crate::mail::{Mail, Sender};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    transport::smtp::{
        Error as SmtpError, PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use std::{
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// No step of a conversation may take longer.
const STEP: Duration = Duration::from_secs(20);

/// No mail may take longer.
const WHOLE: Duration = Duration::from_secs(60);

/// For so long nobody asks a server again that did not answer.
const REST: Duration = Duration::from_secs(5);

/// Replies that are about us and not about the mail: we said something out of place, or must sign in.
const ABOUT_US: [u16; 8] = [500, 502, 503, 504, 530, 534, 535, 538];

/// How mails leave by SMTP.
#[derive(Clone)]
pub struct SmtpSettings {
    /// The server.
    pub server: SmtpServer,
    /// The password of the user in the server's address.
    pub password: Option<String>,
    /// A file of certificates (PEM) that are trusted besides the public ones.
    pub authorities: Option<PathBuf>,
    /// Whether mails may cross a network unprotected.
    pub plain_allowed: bool,
    /// How many connections are used at once.
    pub connections: u32,
}

/// Sends mails by SMTP.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    turns: Semaphore,
    /// When the server may be asked again.
    resting: Mutex<Option<Instant>>,
}

impl SmtpMailer {
    /// A mailer over this server; nothing is sent yet. Its pool of connections is tended by a task, so a tokio runtime must be
    /// running.
    ///
    /// # Errors
    /// A sentence that says what is wrong: mails would cross a network unprotected, a password without a user or the other way
    /// round, certificates that cannot be read.
    pub fn open(settings: &SmtpSettings, from: &Sender) -> Result<Self, String> {
        let server = &settings.server;
        if server.protection == Protection::None && !settings.plain_allowed && !server.is_on_this_machine() {
            return Err(format!(
                "mails to {} would cross the network unprotected; take smtps:// or smtp+starttls://, or allow it by IESCP_SMTP_PLAIN",
                server.host
            ));
        }
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .timeout(Some(STEP))
            .hello_name(ClientId::Domain(from.domain().to_owned()))
            .pool_config(PoolConfig::new().max_size(settings.connections.max(1)).idle_timeout(Duration::from_secs(30)));
        builder = match server.protection {
            Protection::None => builder,
            Protection::Tls => builder.tls(Tls::Wrapper(verified(settings)?)),
            Protection::Starttls => builder.tls(Tls::Required(verified(settings)?)),
        };
        builder = match (&server.user, &settings.password) {
            (Some(user), Some(password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
            (None, None) => builder,
            (Some(user), None) => return Err(format!("the mail server's user {user} needs IESCP_SMTP_PASSWORD")),
            (None, Some(_)) => return Err("IESCP_SMTP_PASSWORD needs a user in IESCP_SMTP, as in smtps://user@host".to_owned()),
        };
        let turns = Semaphore::new(settings.connections.max(1) as usize);
        Ok(Self { transport: builder.build(), turns, resting: Mutex::new(None) })
    }

    async fn hand_over(&self, mail: &Mail) -> Result<(), MailError> {
        let _turn = self.turns.acquire().await.map_err(|_| MailError::failed("it is over"))?;
        if self.is_resting() {
            return Err(MailError::failed("the mail server did not answer a moment ago"));
        }
        let message = mail.message();
        let raw = message.formatted();
        let Ok(sent) = tokio::time::timeout(WHOLE, self.transport.send_raw(message.envelope(), &raw)).await else {
            self.rest();
            return Err(MailError::failed("the mail server took too long"));
        };
        let Err(error) = sent else { return Ok(()) };
        let why = without_address(&told(&error), mail);
        if error.status().is_none() {
            self.rest();
        }
        if error.is_permanent() && !is_about_us(&error) && self.answers().await {
            return Err(MailError::refused(why));
        }
        Err(MailError::failed(why))
    }

    /// Whether the server speaks with us at all: then what it refused was the mail.
    async fn answers(&self) -> bool {
        matches!(tokio::time::timeout(STEP, self.transport.test_connection()).await, Ok(Ok(true)))
    }

    fn rest(&self) {
        *self.resting.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + REST);
    }

    fn is_resting(&self) -> bool {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until)
    }
}

impl Mailer for SmtpMailer {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(async move { self.hand_over(&mail).await })
    }
}

/// TLS whose certificates are verified, always (S-73).
fn verified(settings: &SmtpSettings) -> Result<TlsParameters, String> {
    let mut tls = TlsParameters::builder(settings.server.host.clone());
    if let Some(file) = &settings.authorities {
        let pem = fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        tls = tls.add_root_certificate(
            Certificate::from_pem(&pem).map_err(|error| format!("{} holds no certificate: {error}", file.display()))?,
        );
    }
    tls.build().map_err(|error| format!("TLS with {} cannot be prepared: {error}", settings.server.host))
}

fn is_about_us(error: &SmtpError) -> bool {
    error.status().is_some_and(|code| ABOUT_US.contains(&u16::from(code)))
}

/// The error with what caused it.
fn told(error: &SmtpError) -> String {
    let mut why = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_told = cause.to_string();
        if !why.contains(&cause_told) {
            why = format!("{why}: {cause_told}");
        }
        source = cause.source();
    }
    why
}

/// Reasons are logged and kept, addresses are not.
fn without_address(why: &str, mail: &Mail) -> String {
    let said = mail.message().envelope().to().iter().fold(why.to_owned(), |said, to| {
        let (to, lower) = (to.to_string(), said.to_lowercase());
        if lower.contains(&to.to_lowercase()) { lower.replace(&to.to_lowercase(), "the recipient") } else { said }
    });
    said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}
