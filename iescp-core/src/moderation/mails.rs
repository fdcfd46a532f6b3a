//! Whether somebody may look at the mails that an installation keeps because it has no server for them, and how closely.
//!
//! **Not here**: the mails; whoever sends them keeps them.

use crate::{
    Operation, Result, Tx,
    demo::Demo,
    policy::{Action, Subject},
    value::Email,
};

/// Asks to look at the mails that are kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewMails;

/// How closely somebody may look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailsReader {
    /// Their own address.
    pub own: Email,
    /// Whether everything here is made up.
    pub demo: bool,
}

impl MailsReader {
    /// Whether they may see what opens accounts in a mail to this address: nobody acts for others, admins neither.
    #[must_use]
    pub fn sees_links_to(&self, address: &str) -> bool {
        self.demo || Email::parse(address).is_ok_and(|address| address.folded() == self.own.folded())
    }
}

impl Operation for ViewMails {
    type Output = MailsReader;
    const ACTION: Action = Action::ViewMails;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<MailsReader> {
        tx.allow(&Subject::PLATFORM)?;
        let own = tx.me()?.email.clone();
        let demo = tx.peek_at::<Demo>(Demo::at()).await?.is_some();
        Ok(MailsReader { own, demo })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Market, code};

    #[tokio::test]
    async fn only_admins_look_at_mails_and_see_only_their_own_links() {
        let market = Market::open();
        let (admin, sponsor) = (market.admin().await, market.sponsor().await);
        assert_eq!(code(market.run(&sponsor, ViewMails).await), "forbidden");
        let reader = market.run(&admin, ViewMails).await.unwrap();
        assert!(reader.sees_links_to(&admin.email.to_uppercase()));
        assert!(!reader.sees_links_to(&sponsor.email) && !reader.sees_links_to("nobody"));
        assert!(MailsReader { demo: true, ..reader }.sees_links_to(&sponsor.email));
    }
}
