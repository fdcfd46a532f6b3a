//! Whether a sponsor was approved, what came of a report of abuse, that a chat was switched off.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let site = news.house.site();
    Some(match news.told.notification.notice {
        Notice::Approved => Draft {
            after: vec!["The campaigns that you prepared as drafts can now be published.".to_owned()],
            ..news.draft(
                format!("Welcome to {site}: your account was approved"),
                &["Your account was approved. You can publish campaigns, invite creators and answer applications.".to_owned()],
                ("Go to your dashboard", news.page("/dashboard")),
            )
        },
        Notice::NotApproved => Draft {
            said: news.said("The reason"),
            after: vec!["You can mend your profile and apply again.".to_owned()],
            ..news.draft(
                format!("Your {site} account was not approved"),
                &["An admin looked at your account and did not approve it.".to_owned()],
                ("Go to your dashboard", news.page("/dashboard")),
            )
        },
        Notice::AbuseResolved => news.draft(
            "Your report was looked at".to_owned(),
            &[
                "Thank you for your report. An admin looked at it.".to_owned(),
                match news.word("outcome") {
                    "dismiss" => "They found nothing that they had to act on.",
                    _ => "They found that you were right, and acted.",
                }
                .to_owned(),
            ],
            ("Go to your dashboard", news.page("/dashboard")),
        ),
        Notice::ChatOff => Draft {
            after: vec!["Once that is mended, give its address anew or switch it on again.".to_owned()],
            ..news.draft(
                "We stopped writing to your chat".to_owned(),
                &[format!(
                    "Your chat did not take our messages for a while, so nothing is sent there any more. {}",
                    news.word("why")
                )
                .trim_end()
                .to_owned()],
                ("Look at your chat", news.page("/settings/notifications")),
            )
        },
        _ => return None,
    })
}
