//! The daily reminder: found page by page, some pages a job, which pushes the next before it sends anything, so that several are
//! at work.
//!
//! Reminders that were sent are kept at once, under their day and account; a page that runs again leaves those out. Between the two a
//! crash can fall, and a mail that is then sent again has the same name, the same Message-ID, and in a folder the same file.

use crate::{
    House,
    jobs::Job,
    mail::{Mail, NoMail},
    queue::Failure,
    wording,
};
use futures_util::{StreamExt, stream};
use iescp_core::{
    Actor,
    account::Role,
    id::AccountId,
    report::{FindReminders, MarkReminded, Reminder},
};
use jiff::{ToSpan, civil::Date};
use std::sync::atomic::{AtomicBool, Ordering};

/// How many accounts are looked at together, and how often a job looks.
const PAGE: usize = 100;
const PAGES: usize = 5;

/// How many reminders of a job are on their way at once.
const AT_ONCE: usize = 32;

pub(super) async fn run(house: &House, day: Date, role: Role, after: Option<AccountId>) -> Result<(), Failure> {
    is_in_time(house, day)?;
    let (mut due, mut after, mut looked) = (Vec::new(), after, 0);
    let more = loop {
        let find = FindReminders { day, role, after, limit: PAGE };
        let found = house.platform.run(&actor(), find).await.map_err(again)?;
        due.extend(found.due);
        (after, looked) = (found.next, looked + 1);
        if after.is_none() || looked == PAGES {
            break after;
        }
    };
    let next = match (more, role) {
        (Some(next), _) => Some(Job::Remind { day, role, after: Some(next) }),
        (None, Role::Influencer) => Some(Job::Remind { day, role: Role::Sponsor, after: None }),
        (None, _) => None,
    };
    if let Some(next) = next {
        house.queue.push(vec![next.queued().map_err(again)?]).await.map_err(again)?;
    }
    // Once one fails no other is begun, and those on their way are waited for: dropped, they would be sent again.
    let failed = AtomicBool::new(false);
    let sending = due.into_iter().map(|reminder| {
        let failed = &failed;
        async move {
            if failed.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let sent = remind(house, day, &reminder).await;
            failed.fetch_or(sent.is_err(), Ordering::Relaxed);
            sent.map(|()| Some(reminder))
        }
    });
    // Those who were reached at the same time are marked in one commit, once what their chats are told is in the queue.
    let mut sent = stream::iter(sending).buffer_unordered(AT_ONCE).ready_chunks(AT_ONCE);
    let mut outcome = Ok(());
    while let Some(some) = sent.next().await {
        let mut reached = Vec::new();
        for one in some {
            match one {
                Ok(reminder) => reached.extend(reminder),
                Err(why) => outcome = Err(why),
            }
        }
        if let Err(why) = mark(house, day, &reached).await {
            failed.store(true, Ordering::Relaxed);
            outcome = Err(why);
        }
    }
    outcome
}

/// Whether no later day's reminder tells the same.
pub(super) fn is_in_time(house: &House, day: Date) -> Result<(), Failure> {
    let today = house.platform.settings().day_of(house.platform.clock().now());
    match today > day + 1.day() {
        true => Err(Failure::Superseded("a later day's reminder tells the same".to_owned())),
        false => Ok(()),
    }
}

/// Has them told in their chats, too, and keeps that they were reached.
async fn mark(house: &House, day: Date, reached: &[Reminder]) -> Result<(), Failure> {
    let chats = reached.iter().filter(|reminder| reminder.chat).map(|reminder| {
        let text = wording::chat::reminder(wording::House::of(house), reminder);
        Job::ChatReminder { account: reminder.account, day, text }.queued()
    });
    let chats = chats.collect::<Result<Vec<_>, _>>().map_err(again)?;
    if !chats.is_empty() {
        house.queue.push(chats).await.map_err(again)?;
    }
    let accounts = reached.iter().map(|reminder| reminder.account).collect();
    house.platform.run(&actor(), MarkReminded { accounts, day }).await.map_err(again)
}

/// Sends a reminder. Whoever cannot be reached today will not be by trying again.
async fn remind(house: &House, day: Date, reminder: &Reminder) -> Result<(), Failure> {
    let sent = match write(house, day, reminder) {
        Ok(mail) => house.mailer.send(mail).await.map_err(|error| (error.is_refused(), error.to_string())),
        Err(error) => Err((true, error.to_string())),
    };
    match sent {
        Ok(()) => house.figures.add(|counts| counts.reminded += 1),
        Err((true, why)) => tracing::warn!(account = %reminder.account, why = ?why, "a reminder was refused"),
        Err((false, why)) => return Err(Failure::Again(why)),
    }
    Ok(())
}

/// The mail of a reminder.
pub(crate) fn write(house: &House, day: Date, reminder: &Reminder) -> Result<Mail, NoMail> {
    let from = house.mail_from.named(&house.platform.settings().site_name);
    let content = wording::remind(wording::House::of(house), reminder);
    let key = format!("reminder:{day}:{}", reminder.account);
    Mail::build(&key, &from, &reminder.to, house.platform.clock().now(), content)
}

fn actor() -> Actor {
    Actor::system("reminder")
}

fn again(error: impl std::fmt::Debug) -> Failure {
    Failure::Again(format!("{error:?}"))
}
