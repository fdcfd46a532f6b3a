//! Disputes, and proposals to end a collaboration by agreement. Admins are told of disputes, too.

use super::{Draft, News};
use iescp_core::{account::Role, notification::Notice};

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    if news.is_for(Role::Admin) {
        return for_admins(news);
    }
    let (who, to) = (news.who(), news.page_of("/collaborations"));
    Some(match news.told.notification.notice {
        Notice::SplitProposed => Draft {
            facts: news.money_fact("To the influencer", "to_influencer").into_iter().chain(news.campaign_fact()).collect(),
            after: vec!["Nothing moves unless you accept.".to_owned()],
            ..news.draft(
                format!("{who} proposes how to end the collaboration"),
                &[format!("{who} proposes to end your collaboration and to split the amount that is held.")],
                ("Look at the proposal", to),
            )
        },
        Notice::SplitWithdrawn => news.draft(
            format!("{who} took back the proposal to end the collaboration"),
            &[format!("The proposal to end your collaboration with {who} is off the table. It goes on as before.")],
            ("Look at the collaboration", to),
        ),
        Notice::DisputeOpened => news.draft(
            format!("{who} opened a dispute{}", news.of_campaign("about")),
            &[
                format!("{who} opened a dispute about your collaboration{}.", news.of_campaign("for")),
                "All clocks stop and no money moves until you agree on a split, the dispute is withdrawn, or an admin decides."
                    .to_owned(),
            ],
            ("Look at the dispute", to),
        ),
        Notice::DisputeWithdrawn => news.draft(
            format!("{who} withdrew the dispute{}", news.of_campaign("about")),
            &[format!("{who} withdrew the dispute. The clocks of your collaboration go on.")],
            ("Look at the collaboration", to),
        ),
        Notice::DisputeRuled => Draft {
            facts: news.money_fact("To the influencer", "paid").into_iter().chain(news.campaign_fact()).collect(),
            ..news.draft(
                format!("The dispute with {who} was decided"),
                &[format!(
                    "The dispute about your collaboration with {who} was decided, and the amount that was held has moved."
                )],
                ("Read the decision", to),
            )
        },
        _ => return None,
    })
}

fn for_admins(news: &News<'_>) -> Option<Draft> {
    let to = news.page_of("/admin/disputes");
    Some(match news.told.notification.notice {
        Notice::DisputeOpened => news.draft(
            format!("A dispute was opened{}", news.of_campaign("about")),
            &["A party to a collaboration opened a dispute. The parties may still agree; if they do not, an admin decides."
                .to_owned()],
            ("Look at the dispute", to),
        ),
        Notice::DisputeWithdrawn => news.draft(
            format!("A dispute was withdrawn{}", news.of_campaign("about")),
            &["A dispute was withdrawn; there is nothing left to decide.".to_owned()],
            ("Look at the collaboration", to),
        ),
        _ => return None,
    })
}
