//! Payouts that arrive, or do not.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let to = news.page("/earnings");
    let facts = news.money_fact("Amount", "amount").into_iter().collect();
    let draft = match news.told.notification.notice {
        Notice::PayoutSent => news.draft(
            "Your payout is on its way".to_owned(),
            &["The payout that you asked for was sent.".to_owned()],
            ("Look at your earnings", to),
        ),
        Notice::PayoutFailed => Draft {
            said: news.said("The reason"),
            ..news.draft(
                "Your payout failed".to_owned(),
                &["The payout that you asked for could not be sent. The money is back in your earnings.".to_owned()],
                ("Look at your earnings", to),
            )
        },
        _ => return None,
    };
    Some(Draft { facts, ..draft })
}
