//! What people say of each other once the work is over.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let who = news.who();
    Some(match news.told.notification.notice {
        Notice::ReviewsPublished => Draft {
            facts: news.number("rating").map(|rating| ("Rating", format!("{rating} of 5"))).into_iter().collect(),
            ..news.draft(
                format!("{who} reviewed you"),
                &[format!("The review that {who} wrote of you can now be read on your profile.")],
                ("Read the review", news.page_of("/collaborations")),
            )
        },
        _ => return None,
    })
}
