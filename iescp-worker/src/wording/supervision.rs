//! What waits for admins.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    Some(match news.told.notification.notice {
        Notice::SponsorWaits => {
            let who = news.told.called.as_ref().map_or_else(|| "A sponsor".to_owned(), |_| news.who());
            news.draft(
                format!("{who} waits for approval"),
                &[format!("{who} registered as a sponsor and waits for approval.")],
                ("Look at the account", news.page_of("/admin/accounts")),
            )
        }
        Notice::DisputeWaits => news.draft(
            format!("A dispute waits for a ruling{}", news.of_campaign("about")),
            &["The parties to a dispute have not agreed, and nobody has decided. Please have a look.".to_owned()],
            ("Look at the dispute", news.page_of("/admin/disputes")),
        ),
        Notice::AbuseReported => news.draft(
            "Somebody reported abuse".to_owned(),
            &[match news.word("kind") {
                "campaign" => "Somebody reported a campaign.",
                "account" => "Somebody reported an account.",
                "message" => "Somebody reported a message.",
                _ => "Somebody reported abuse.",
            }
            .to_owned()],
            ("Look at the reports", news.page("/admin/abuse-reports")),
        ),
        Notice::StoreWrong => news.draft(
            "The daily check found something wrong".to_owned(),
            &[
                "The daily check found something wrong in what is stored.".to_owned(),
                "The log names it; `iescp-web check` tells all of it, and what it can mend.".to_owned(),
            ],
            ("Look at the jobs", news.page("/admin/jobs")),
        ),
        _ => return None,
    })
}
