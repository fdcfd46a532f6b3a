//! What befalls a sponsor's campaigns.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let (title, to) = (news.campaign().unwrap_or_else(|| "Your campaign".to_owned()), news.page_of("/campaigns"));
    Some(match news.told.notification.notice {
        Notice::CampaignFlagged => Draft {
            said: news.said("The reason"),
            after: vec!["Collaborations that are agreed already go on.".to_owned()],
            ..news.draft(
                format!("{title} was flagged"),
                &[format!("An admin flagged {title}: no new requests or agreements for now.")],
                ("Look at the campaign", to),
            )
        },
        Notice::CampaignUnflagged => news.draft(
            format!("{title} is no longer flagged"),
            &[format!("The flag on {title} was removed; requests and agreements are possible again.")],
            ("Look at the campaign", to),
        ),
        Notice::CampaignEnded => news.draft(
            format!("{title} has ended"),
            &[
                format!("{title} has ended. No new requests or agreements are possible."),
                "Collaborations that are agreed go on to their end; what is left of the money then goes back.".to_owned(),
            ],
            ("Look at the campaign", to),
        ),
        _ => return None,
    })
}
