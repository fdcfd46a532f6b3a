//! Takes up jobs: runs each as a task of its own, puts back what failed, gives up what cannot be helped, and finds out which job
//! takes workers down.
//!
//! **Not here**: apalis's worker and its life (`life`), how a row is put back (`Queue::put_back`).

use super::{
    Queue, backoff,
    message::Message,
    work::{Failure, Outcome, QueueSettings, Work},
};
use apalis::prelude::BoxDynError;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex as Turn, Notify},
    task::{JoinError, JoinHandle},
};
use uuid::Uuid;

/// Takes up jobs: what apalis calls.
pub(super) struct Hands<W> {
    pub queue: Queue,
    pub work: Arc<W>,
    pub settings: QueueSettings,
    /// The worker's name.
    pub name: Arc<str>,
    /// Tells that the worker cannot go on under its name.
    pub undone: Arc<Notify>,
    /// Held by the one job that runs of those that are suspected of taking workers down.
    pub suspects: Arc<Turn<()>>,
}

impl<W> Clone for Hands<W> {
    fn clone(&self) -> Self {
        let (queue, work, settings) = (self.queue.clone(), self.work.clone(), self.settings);
        let (name, undone, suspects) = (self.name.clone(), self.undone.clone(), self.suspects.clone());
        Self { queue, work, settings, name, undone, suspects }
    }
}

impl<W: Work> Hands<W> {
    /// Takes up a row, for the `taken`th time. An error ends it as a dead letter.
    pub(super) async fn take_up(&self, body: Value, taken: usize, row: &str) -> Result<(), BoxDynError> {
        let message: Message = match serde_json::from_value(body.clone()) {
            Ok(message) => message,
            Err(error) => return self.give_up(&body, "?", format!("this is no job: {error}")),
        };
        if !message.is_as_written() {
            return self.give_up(&message.body, &message.key, "it was damaged in the queue's tables".to_owned());
        }
        let crashes = u32::try_from(taken).unwrap_or(u32::MAX).saturating_sub(1);
        let attempt = message.failed.saturating_add(1);
        let tries = message.tries.unwrap_or(self.settings.attempts);
        if crashes > 0 {
            let message = message.after_crashes(crashes);
            tracing::warn!(job = message.key, crashed = message.crashed, "the worker of this job went down; it will run again");
            return self.put_back(&message, self.wait_apart(), row).await;
        }
        let turn = match message.is_suspected().then(|| self.suspects.try_lock()) {
            Some(Err(_)) => return self.put_back(&message.later(), self.wait_apart(), row).await,
            Some(Ok(turn)) => Some(turn),
            None => None,
        };
        if turn.is_some() {
            match self.queue.begin_suspect(&message.key).await {
                Ok(begun) if begun > self.settings.attempts.saturating_sub(Message::UNSUSPECTED) => {
                    let why = "it took down the worker that ran it, every time";
                    return self.give_up(&message.body, &message.key, why.to_owned());
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(job = message.key, %error, "it cannot be noted that a job began");
                    return self.put_back(&message.later(), self.wait_apart(), row).await;
                }
            }
        }
        let ended = self.perform(message.body.clone()).await;
        if turn.is_some()
            && let Err(error) = self.queue.clear_suspect(&message.key).await
        {
            tracing::warn!(job = message.key, %error, "it cannot be noted that a job ended");
        }
        let failure = match ended {
            Ok(()) => {
                self.work.ended(&message.body, Outcome::Done);
                return Ok(());
            }
            Err(failure) => failure,
        };
        if !matches!(failure, Failure::Later(_)) {
            self.work.ended(&message.body, Outcome::Failed);
        }
        let (key, body) = (message.key.clone(), message.body.clone());
        match failure {
            Failure::Again(why) if attempt < tries => {
                tracing::warn!(job = key, attempt, why = ?why, "a job failed; it will be tried again");
                let wait = backoff::wait_after(attempt, self.settings.backoff, chance());
                self.put_back(&message.again(attempt), wait, row).await
            }
            Failure::Again(why) | Failure::Never(why) => self.give_up(&body, &key, why),
            // The longer it has waited, the longer it waits: many that wait for the same thing do not all ask each time.
            Failure::Later(wait) => {
                let wait = wait.saturating_mul(1 + message.waited.min(7));
                self.put_back(&message.later(), wait, row).await
            }
            Failure::Superseded(why) => {
                tracing::warn!(job = key, why = ?why, "a job failed; a later one does the same");
                Ok(())
            }
        }
    }

    /// Puts a job back. If that cannot be, nothing may be said of its row any more, which would end it: the worker ends instead, and
    /// the row is somebody else's already, or will be.
    async fn put_back(&self, message: &Message, wait: Duration, row: &str) -> Result<(), BoxDynError> {
        match self.queue.put_back(message, wait, row, &self.name).await {
            Ok(true) => return Ok(()),
            Ok(false) => tracing::warn!(job = message.key, "this worker was taken for dead, and another has this job"),
            Err(error) => tracing::error!(job = message.key, %error, "a job could not be put back"),
        }
        self.undone.notify_one();
        std::future::pending().await
    }

    fn wait_apart(&self) -> Duration {
        backoff::wait_apart(self.settings.backoff, chance())
    }

    fn give_up(&self, body: &Value, key: &str, why: String) -> Result<(), BoxDynError> {
        tracing::error!(job = ?key, why = ?why, "a job was given up; it is kept as a dead letter");
        self.work.ended(body, Outcome::Dead);
        // PostgreSQL keeps no text with a zero in it, and a reason that cannot be kept would be told for ever.
        Err(why.replace('\0', "\u{fffd}").into())
    }

    /// Runs it as a task of its own: so its panics end nothing else, and however long it computes, the worker lives on.
    async fn perform(&self, body: Value) -> Result<(), Failure> {
        let (work, longest) = (self.work.clone(), self.settings.longest);
        let mut task = Task(tokio::spawn(async move { work.perform(body).await }));
        match tokio::time::timeout(longest, &mut task.0).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(error)) => Err(Failure::Again(panic_text(error))),
            Err(_) => Err(Failure::Again("it took too long".to_owned())),
        }
    }
}

/// Ends with the one who waits for it.
struct Task(JoinHandle<Result<(), Failure>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn panic_text(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "it was ended".to_owned() };
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("it panicked: {}", text.unwrap_or("without a word"))
}

fn chance() -> u64 {
    Uuid::now_v7().as_u64_pair().1
}
