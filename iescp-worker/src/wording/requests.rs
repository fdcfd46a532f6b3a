//! Applications, invitations, offers, and how they end.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let (who, to) = (news.who(), news.page_of("/requests"));
    Some(match news.told.notification.notice {
        Notice::ApplicationReceived => Draft {
            after: vec!["You can accept the offer, make another, or decline.".to_owned()],
            ..news.draft(
                format!("{who} applied{}", news.of_campaign("to")),
                &[format!("{who} would like to take part in your campaign{} and made you an offer.", named(news))],
                ("Look at the application", to),
            )
        },
        Notice::InvitationReceived => Draft {
            after: vec!["You can accept the offer, make another, or decline.".to_owned()],
            ..news.draft(
                format!("{who} invites you{}", news.of_campaign("to")),
                &[format!("{who} invites you to the campaign{} and made you an offer.", named(news))],
                ("Look at the invitation", to),
            )
        },
        Notice::OfferMade => Draft {
            facts: news.money_fact("Offer", "amount").into_iter().chain(news.campaign_fact()).collect(),
            after: vec!["Now it is your turn: you can accept it, make another, or decline.".to_owned()],
            ..news.draft(
                format!("{who} made a new offer{}", news.of_campaign("for")),
                &[format!("{who} put a new offer on the table.")],
                ("Look at the offer", to),
            )
        },
        Notice::OfferConfirmed => news.draft(
            format!("{who} confirmed the offer{}", news.of_campaign("for")),
            &[format!(
                "The campaign{} was edited, and {who} says that the offer stands all the same. It is your turn.",
                named(news)
            )],
            ("Look at the offer", to),
        ),
        Notice::OfferVoided => news.draft(
            format!("Please confirm your offer{}", news.of_campaign("for")),
            &[
                format!("The campaign{} was edited after you made your offer.", named(news)),
                "Nobody is bound to words they have not seen: your offer counts again once you confirm or change it.".to_owned(),
            ],
            ("Confirm or change it", to),
        ),
        Notice::OfferAccepted => {
            let collaboration = news.word("collaboration");
            let to = if collaboration.is_empty() { to } else { news.page(&format!("/collaborations/{collaboration}")) };
            Draft {
                facts: news.money_fact("Amount", "amount").into_iter().chain(news.campaign_fact()).collect(),
                ..news.draft(
                    format!("{who} accepted your offer{}", news.of_campaign("for")),
                    &["Your offer was accepted. The agreement is made, and its amount is held for the work.".to_owned()],
                    ("Go to the collaboration", to),
                )
            }
        }
        Notice::RequestRejected => Draft {
            said: news.said(&format!("{who} says")),
            ..news.draft(
                format!("{who} declined your offer{}", news.of_campaign("for")),
                &[format!("{who} declined your offer{}.", news.of_campaign("for"))],
                ("Look at the request", to),
            )
        },
        Notice::RequestWithdrawn => news.draft(
            format!("{who} withdrew the request{}", news.of_campaign("for")),
            &[format!("{who} withdrew the request{}. There is nothing left to answer.", news.of_campaign("for"))],
            ("Look at the request", to),
        ),
        Notice::RequestExpired => news.draft(
            format!("The request with {who} has expired"),
            &[match news.word("why") {
                "campaign ended" => format!("The campaign{} has ended, and the request with {who} with it.", named(news)),
                _ => format!("Nobody answered in time, so the request with {who}{} has expired.", news.of_campaign("for")),
            }],
            ("Look at the request", to),
        ),
        _ => return None,
    })
}

/// “ “Spring””, after the word campaign.
fn named(news: &News<'_>) -> String {
    news.campaign().map(|title| format!(" {title}")).unwrap_or_default()
}
