//! Switching a topic's mails off by the link in one of them, without signing in (RFC 8058).
//!
//! The token in the link is good for nothing else (S-56). It is derived from the account, the topic and the address the mail went
//! to, so that changing the address ends all links in earlier mails.

use super::{Preferences, Topic};
use crate::{
    Error, InstallationSecret, Operation, Result, Secret,
    account::Account,
    event::thing,
    id::AccountId,
    policy::{Action, Subject},
    secret,
    tx::Tx,
    value::Email,
};
use serde_json::json;
use uuid::Uuid;

/// The token of the link that switches this topic's mails to this address off; none for what people cannot do without.
#[must_use]
pub fn unsubscribe_token(secret: &InstallationSecret, account: AccountId, to: &Email, topic: Topic) -> Option<Secret> {
    let proof = proof(secret, account, to, topic).filter(|_| topic.optional())?;
    Some(format!("{}.{}.{proof}", account.0.simple(), topic.word()).into())
}

fn proof(secret: &InstallationSecret, account: AccountId, to: &Email, topic: Topic) -> Option<String> {
    let proof = secret.token("unsubscribe", &format!("{account} {} {}", topic.word(), to.folded()));
    (!proof.is_empty()).then_some(proof)
}

/// What a link is about, if it is one of ours and its account still has that address.
async fn open(tx: &mut Tx<'_>, token: &Secret) -> Result<(AccountId, Topic)> {
    let mut parts = token.reveal().splitn(3, '.');
    let (Some(account), Some(topic), Some(given)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::NotFound);
    };
    let account = AccountId(Uuid::try_parse(account).map_err(|_| Error::NotFound)?);
    let topic = Topic::named(topic).filter(|topic| topic.optional()).ok_or(Error::NotFound)?;
    let to = tx.peek_at::<Account>(Account::at(account)).await?.ok_or(Error::NotFound)?.email;
    let proof = proof(tx.platform().secret(), account, &to, topic).ok_or(Error::NotFound)?;
    if secret::same(&proof, given) { Ok((account, topic)) } else { Err(Error::NotFound) }
}

/// Shows what the link in a mail would switch off.
#[derive(Clone, Debug)]
pub struct ViewUnsubscribe {
    /// The token in the link.
    pub token: Secret,
}

/// What a link switches off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscribing {
    /// The topic.
    pub topic: Topic,
    /// Whether its mails are still sent.
    pub mailed: bool,
}

impl Operation for ViewUnsubscribe {
    type Output = Unsubscribing;
    const ACTION: Action = Action::ViewUnsubscribe;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Unsubscribing> {
        tx.allow(&Subject::PLATFORM)?;
        let (account, topic) = open(tx, &self.token).await?;
        Ok(Unsubscribing { topic, mailed: super::wants(tx, account, topic).await? })
    }
}

/// Switches a topic's mails off by the link in one of them. Twice is once. Mails that wait already are not sent, either.
#[derive(Clone, Debug)]
pub struct Unsubscribe {
    /// The token in the link.
    pub token: Secret,
}

impl Operation for Unsubscribe {
    /// The topic.
    type Output = Topic;
    const ACTION: Action = Action::Unsubscribe;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Topic> {
        tx.allow(&Subject::PLATFORM)?;
        let (account, topic) = open(tx, &self.token).await?;
        let before: Option<Preferences> = tx.get_at(Preferences::at(account)).await?;
        let before = before.unwrap_or_else(|| Preferences::of(account));
        let mut after = before.clone();
        after.choose(topic, false);
        if after != before {
            tx.put(&after)?;
            tx.happened([thing("account", account)], json!({"topic": topic.word()}));
        }
        Ok(topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Actor,
        fixture::{Market, code},
        notification::ViewPreferences,
    };

    fn link(market: &Market, account: &Account, topic: Topic) -> Secret {
        unsubscribe_token(market.platform.secret(), account.id, &account.email, topic).unwrap()
    }

    async fn follow(market: &Market, token: Secret) -> Result<Topic> {
        market.platform.run(&Actor::visitor(), Unsubscribe { token }).await
    }

    #[tokio::test]
    async fn the_link_in_a_mail_switches_its_topic_off_and_no_other() {
        let market = Market::open();
        let sponsor = market.sponsor().await;
        let token = link(&market, &sponsor, Topic::Requests);
        for mailed in [true, false] {
            let view = ViewUnsubscribe { token: token.clone() };
            let seen = market.platform.run(&Actor::visitor(), view).await.unwrap();
            assert_eq!(seen, Unsubscribing { topic: Topic::Requests, mailed });
            assert_eq!(follow(&market, token.clone()).await.unwrap(), Topic::Requests);
        }
        let chosen = market.run(&sponsor, ViewPreferences {}).await.unwrap().preferences;
        assert!(!chosen.mails(Topic::Requests) && chosen.mails(Topic::Campaigns));
    }

    /// S-56: it is made for one account, one topic and one address.
    #[tokio::test]
    async fn s_56_a_link_opens_nothing_but_what_it_was_made_for() {
        let market = Market::open();
        let (sponsor, other) = (market.sponsor().await, market.sponsor().await);
        let token = link(&market, &sponsor, Topic::Requests);
        let proof = token.reveal().rsplit_once('.').unwrap().1.to_owned();
        let forged = |account: &Account, topic: &str| format!("{}.{topic}.{proof}", account.id.0.simple());
        for wrong in [
            forged(&sponsor, "campaigns"),
            forged(&sponsor, "security"),
            forged(&sponsor, "weather"),
            forged(&other, "requests"),
            token.reveal().trim_end_matches(|_: char| true).to_owned(),
            token.reveal()[..token.reveal().len() - 1].to_owned(),
            "..".to_owned(),
        ] {
            assert_eq!(code(follow(&market, wrong.clone().into()).await), "not_found", "{wrong}");
        }
        assert!(unsubscribe_token(market.platform.secret(), sponsor.id, &sponsor.email, Topic::Security).is_none());
        market.put(&Account { email: Email::parse("new@example.com").unwrap(), ..sponsor.clone() }).await;
        assert_eq!(code(follow(&market, token).await), "not_found", "the address is another's by now");
    }
}
