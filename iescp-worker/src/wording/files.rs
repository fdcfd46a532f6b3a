//! Files and reports that are ready.

use super::{Draft, News};
use iescp_core::notification::Notice;

pub(super) fn draft(news: &News<'_>) -> Option<Draft> {
    let what = match news.word("kind") {
        "campaigns" => "your campaigns",
        "requests" => "your requests",
        "collaborations" => "your collaborations",
        "ledger" => "the movements of your money",
        "statement" => "your earnings",
        "accounts" => "all accounts",
        "audit" => "the audit trail",
        "everything" => "everything that is held about you",
        _ => "what you asked for",
    };
    let exports = ("Open your exports", news.page("/exports"));
    Some(match news.told.notification.notice {
        Notice::ExportReady => Draft {
            facts: news.number("rows").map(|rows| ("Rows", rows.to_string())).into_iter().collect(),
            after: vec!["It is kept for seven days. Only you can fetch it, once you have signed in.".to_owned()],
            ..news.draft("Your export is ready".to_owned(), &[format!("The file with {what} is ready.")], exports)
        },
        Notice::ExportFailed => news.draft(
            "Your export could not be made".to_owned(),
            &[format!("The file with {what} could not be made. Why, and what you can do, stands beside it.")],
            exports,
        ),
        Notice::ReportReady => {
            let month = news.word("month");
            let first = format!("{month}-01").parse::<jiff::civil::Date>();
            let called = first.map_or_else(|_| "last month".to_owned(), |first| first.strftime("%B %Y").to_string());
            Draft {
                report: news.told.report.as_ref().map(|report| report.laid_out(news.house.settings)),
                ..news.draft(
                    format!("Your report about {called}"),
                    &[format!("The monthly report about {called} is there, also as a document to forward.")],
                    ("Read the report", news.page(&format!("/reports/{month}"))),
                )
            }
        }
        _ => return None,
    })
}
