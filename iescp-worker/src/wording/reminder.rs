//! The daily reminder: what waits for somebody, in one letter.

use super::{Draft, House};
use crate::mail::one_line;
use iescp_core::report::{Reminder, Task, What};

/// How many things are named; the rest is on the page.
const NAMED: usize = 10;

/// No name of people's making is longer in a letter.
const LONGEST_NAME: usize = 60;

pub(super) fn draft(house: House<'_>, reminder: &Reminder) -> Draft {
    let site = house.site();
    if reminder.tasks.is_empty() {
        return Draft {
            subject: format!("See what is new at {site}"),
            before: vec![
                format!("You have not been at {site} for a while, and nothing waits for you."),
                "There may be campaigns that suit you: have a look.".to_owned(),
            ],
            action: Some(("See campaigns", house.page("/campaigns"))),
            ..Draft::default()
        };
    }
    let many = match (reminder.tasks.len(), reminder.more) {
        (1, false) => "One thing waits".to_owned(),
        (number, false) => format!("{number} things wait"),
        (number, true) => format!("At least {number} things wait"),
    };
    let facts = reminder.tasks.iter().take(NAMED).map(|task| (what(task.what), fact(house, task))).collect();
    let more = reminder.more || reminder.tasks.len() > NAMED;
    Draft {
        subject: format!("{many} for you at {site}"),
        before: vec!["This waits for your answer:".to_owned()],
        facts,
        action: Some(("See what waits", house.page("/dashboard"))),
        after: if more { vec!["There is more on your dashboard.".to_owned()] } else { Vec::new() },
        ..Draft::default()
    }
}

fn what(what: What) -> &'static str {
    match what {
        What::AnswerInvitation => "An invitation",
        What::AnswerApplication => "An application",
        What::AnswerOffer => "An offer",
        What::ConfirmOffer => "Your offer, to confirm",
        What::ReviewWork => "Work to review",
        _ => "Something else",
    }
}

/// Of which campaign, from whom, until when.
fn fact(house: House<'_>, task: &Task) -> String {
    let by = task.by.map(|by| by.to_zoned(house.settings.time_zone.clone()).strftime(", until %-d %B, %H:%M %Z").to_string());
    format!("“{}”, {}{}", name(&task.called), name(&task.with), by.unwrap_or_default())
}

fn name(name: &str) -> String {
    let line = one_line(name);
    match line.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
