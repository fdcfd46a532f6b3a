//! Writes one letter and sends it, under the name of its place in the outbox.
//!
//! A letter that is out of date when its turn comes is not sent. A notice becomes a dead letter, with that reason: no operation
//! sends any yet, and should one, it is kept until mails about notifications can be written.

use crate::{House, mail::Mail, queue::Failure, wording};
use iescp_core::{
    Actor, Error,
    outbox::{AddressLetter, OutboxItem},
};

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
    let settings = house.platform.settings();
    let words = wording::House {
        site_name: &settings.site_name,
        public_url: &house.public_url,
        secret: house.platform.secret(),
        link_minutes: settings.sessions.link.as_mins(),
    };
    let Some(content) = wording::write(words, &addressee.username, &addressee.letter) else {
        return Err(Failure::Never("no mail is written for such a letter yet".to_owned()));
    };
    let from = house.mail_from.named(&settings.site_name);
    let mail = Mail::build(&key, &from, &addressee.to, item.at, content);
    let mail = mail.map_err(|error| Failure::Never(error.to_string()))?;
    house.mailer.send(mail).await.map_err(|error| match error.is_refused() {
        true => Failure::Never(error.to_string()),
        false => Failure::Again(error.to_string()),
    })
}
