//! Work that is handed in, looked at and paid, and collaborations that end without it.

use super::{Draft, News};
use iescp_core::{account::Role, notification::Notice};

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let (who, to) = (news.who(), news.page_of("/collaborations"));
    Some(match news.told.notification.notice {
        Notice::WorkSubmitted => news.draft(
            format!("{who} submitted work{}", news.of_campaign("for")),
            &[
                format!("{who} submitted work{} for your review.", news.of_campaign("for")),
                "You can approve it or ask for changes. If nobody says anything until the review ends, it counts as approved."
                    .to_owned(),
            ],
            ("Review the work", to),
        ),
        Notice::ReviewDue => Draft {
            facts: news.moment("ends_at").map(|end| ("Review ends", end)).into_iter().chain(news.campaign_fact()).collect(),
            after: vec!["What nobody has reviewed by then counts as approved, and is paid.".to_owned()],
            ..news.draft(
                format!("Work by {who} waits for your review"),
                &[format!("The work that {who} submitted still waits for your review.")],
                ("Review the work", to),
            )
        },
        Notice::ChangesRequested => Draft {
            facts: news.day("due").map(|day| ("Now due", day)).into_iter().chain(news.campaign_fact()).collect(),
            said: news.said(&format!("{who} says")),
            ..news.draft(
                format!("{who} asks for changes{}", news.of_campaign("for")),
                &[format!("{who} looked at your work and asks for changes.")],
                ("See what is asked", to),
            )
        },
        Notice::WorkCompleted => completed(news, &who, to),
        Notice::CollaborationCancelled => news.draft(
            format!("The collaboration with {who} was cancelled"),
            &[
                format!("The collaboration with {who}{} was cancelled.", news.of_campaign("for")),
                match news.is_for(Role::Sponsor) {
                    true => "The amount that was held is back in the campaign's budget.",
                    false => "There is nothing left to do.",
                }
                .to_owned(),
            ],
            ("Look at the collaboration", to),
        ),
        _ => return None,
    })
}

fn completed(news: &News<'_>, who: &str, to: String) -> Draft {
    let facts = news.money_fact("Paid", "paid").into_iter().chain(news.campaign_fact()).collect();
    let draft = match news.is_for(Role::Sponsor) {
        true => news.draft(
            format!("The work by {who} is done and paid"),
            &[format!("The collaboration with {who} is complete, and the amount was paid.")],
            ("Look at the collaboration", to),
        ),
        false => news.draft(
            format!("Your work{} was approved", news.of_campaign("for")),
            &["Your work was approved, and the money is in your earnings.".to_owned()],
            ("Look at the collaboration", to),
        ),
    };
    Draft { facts, ..draft }
}
