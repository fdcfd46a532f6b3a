//! Writes one letter and sends it, under the name of its place in the outbox.
//!
//! A letter that is out of date when its turn comes, or that nobody wants any more, is not sent. What is too much for one person
//! in an hour waits; what keeps an account safe or was asked for does not.

use crate::{
    House,
    mail::{Attached, Mail},
    pdf::report_as_pdf,
    queue::Failure,
    wording,
};
use iescp_core::{
    Actor, Error,
    outbox::{AddressLetter, OutboxItem, PaceMail},
    report::MonthlyReport,
    value::Email,
};
use std::time::Duration;

/// No larger document comes with a mail, in bytes: many servers take no more than ten million in all, of letters and digits.
const MOST_ATTACHED: usize = 4 * 1024 * 1024;

pub(super) async fn send(house: &House, item: &OutboxItem) -> Result<(), Failure> {
    let key = item.place().key();
    let operation = AddressLetter { letter: item.letter.clone() };
    let addressee = match house.platform.run(&Actor::system("letters"), operation).await {
        Ok(Some(addressee)) => addressee,
        Ok(None) => {
            tracing::info!(letter = key, "a letter was out of date when its turn came; it was not sent");
            return Ok(());
        }
        Err(error @ Error::Corrupt(_)) => return Err(Failure::Never(format!("{error:?}"))),
        Err(error) => return Err(Failure::Again(format!("{error:?}"))),
    };
    let Some(mut content) = wording::write(wording::House::of(house), &addressee) else {
        return Err(Failure::Never("no mail is written of such a letter".to_owned()));
    };
    if let Some(report) = addressee.told.and_then(|told| told.report) {
        content.attached = document(house, *report).await;
    }
    let from = house.mail_from.named(&house.platform.settings().site_name);
    let mail = Mail::build(&key, &from, &addressee.to, item.at, content);
    let mail = mail.map_err(|error| Failure::Never(error.to_string()))?;
    if addressee.letter.can_wait() {
        pace(house, &addressee.to).await?;
    }
    house.mailer.send(mail).await.map_err(|error| match error.is_refused() {
        true => Failure::Never(error.to_string()),
        false => Failure::Again(error.to_string()),
    })
}

/// A report as a document to forward; none, where it would be too large for mail or cannot be set. The mail leads to it anyway.
async fn document(house: &House, report: MonthlyReport) -> Option<Attached> {
    let (name, settings) = (format!("iescp-report-{}.pdf", report.month), house.platform.settings().clone());
    let setting = tokio::task::spawn_blocking(move || report_as_pdf(&report, &settings));
    match setting.await {
        Ok(Ok(pdf)) => Some(Attached { name, pdf }).filter(|attached| attached.pdf.len() <= MOST_ATTACHED),
        failed => {
            tracing::warn!(why = ?failed.map(|set| set.err()), "a report's mail leaves without its document");
            None
        }
    }
}

/// Waits for its turn among the mails of this hour.
async fn pace(house: &House, to: &Email) -> Result<(), Failure> {
    match house.platform.run(&Actor::system("letters"), PaceMail { to: to.clone() }).await {
        Ok(()) => Ok(()),
        Err(Error::TooOften { retry_after, .. }) => Err(Failure::Later(Duration::from_secs(retry_after))),
        Err(error) => Err(Failure::Again(format!("{error:?}"))),
    }
}
