//! That somebody wrote: once for each thread until it is read. What they wrote stands on the page alone, where it can be
//! reported and blocked.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let who = news.who();
    Some(match news.told.notification.notice {
        Notice::MessageReceived => Draft {
            after: vec!["You get no other mail about this conversation until you have read it.".to_owned()],
            ..news.draft(
                format!("New message from {who}"),
                &[format!("{who} wrote to you.")],
                ("Read and answer", news.page_of("/messages")),
            )
        },
        _ => return None,
    })
}
