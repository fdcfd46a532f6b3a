//! What happens by the clock: each minute's timers, as a job named after the minute; what is regular, as a job named after its day
//! or month; each second's sealing of the audit trail and each hour's sweeping of the queue and of pictures left over, in this
//! process.
//!
//! The platform's clock tells which minute it is. Every worker pushes the minute's job, and the queue takes one. A loop that was
//! late pushes the present minute only: the timers find all that fell due meanwhile.
//!
//! What is regular stands in [`regulars`], a line each: its name, its rhythm, its job. A period is begun by whoever comes first after
//! its moment. After a silence of days a daily thing is begun once, for the last of them; a monthly one for each month. Where
//! nothing was ever begun, in a new installation, nothing is owed.
//!
//! - [`calendar`] tells which period has come in a zone.
//!
//! **Not here**: what the timers do (`iescp_core::run_due`).

mod calendar;
#[cfg(test)]
mod tests;

pub use calendar::Rhythm;

use crate::{
    House,
    jobs::Job,
    queue::{Begun, NewJob, Queue, QueueError},
    trouble::Trouble,
};
use iescp_core::{Actor, account::Role, moderation::audit::SealAudit, picture, report::ReportMonth};
use jiff::{
    Timestamp,
    civil::{Date, Time, time},
    tz::TimeZone,
};
use std::time::Duration;

/// How often the audit trail is sealed.
const SEAL: Duration = Duration::from_secs(1);

/// How often the queue is swept; the first time after as long, when the relay has handed over again what it may have to.
const SWEEP: Duration = Duration::from_secs(3600);

/// How old the bytes of a picture must be before nobody can be about to speak of them.
const LEFT_OVER: Duration = Duration::from_secs(24 * 3600);

/// When the month before is reported on, on the first: all that happened in it is settled.
const REPORTS_AT: Time = time(0, 30, 0, 0);

/// When the store is checked: while most people sleep.
const CHECK_AT: Time = time(4, 10, 0, 0);

/// Something that is done once in each period.
#[derive(Clone, Debug)]
pub(crate) struct Regular {
    /// Its name for ever.
    pub name: &'static str,
    /// How often.
    pub rhythm: Rhythm,
    /// What is to be done for a period.
    job: fn(Date) -> Job,
}

/// THE list of what is regular.
fn regulars(reminder_at: Time, backup_at: Option<Time>) -> Vec<Regular> {
    let remind = |day| Job::Remind { day, role: Role::Influencer, after: None };
    let backup = backup_at.map(|at| Regular { name: "daily-backup", rhythm: Rhythm::Daily(at), job: |day| Job::Backup { day } });
    let mut all = vec![
        Regular { name: "daily-reminder", rhythm: Rhythm::Daily(reminder_at), job: remind },
        Regular {
            name: "monthly-reports",
            rhythm: Rhythm::Monthly(REPORTS_AT),
            job: |month| Job::Reports { month: ReportMonth::of(month) },
        },
        Regular { name: "daily-check", rhythm: Rhythm::Daily(CHECK_AT), job: |day| Job::Check { day } },
    ];
    all.extend(backup);
    all
}

impl House {
    /// What is regular here.
    pub(crate) fn regulars(&self) -> Vec<Regular> {
        regulars(self.reminder_at, self.backups.as_ref().map(|backups| backups.at))
    }
}

impl Regular {
    /// Begins what is owed, unless somebody else has; `known` is what was begun last, as far as this process knows.
    async fn begin(
        &self,
        queue: &Queue,
        known: &mut Option<Date>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Result<Vec<Date>, QueueError> {
        let Some(latest) = self.rhythm.latest(now, zone).filter(|latest| known.is_none_or(|known| *latest > known)) else {
            return Ok(Vec::new());
        };
        let seen = queue.last_period(self.name).await?.map(|begun| begun.period);
        *known = seen;
        let owed = seen.map_or_else(Vec::new, |seen| self.rhythm.owed(seen, now, zone));
        if owed.is_empty() && seen.is_some() {
            return Ok(Vec::new());
        }
        let jobs: Result<Vec<NewJob>, QueueError> = owed.iter().map(|period| (self.job)(*period).queued()).collect();
        let ours = queue
            .begin_period(
                self.name,
                seen,
                Begun { period: latest, at: now, jobs: u32::try_from(owed.len()).unwrap_or(u32::MAX) },
                jobs?,
            )
            .await?;
        if !ours {
            return Ok(Vec::new());
        }
        *known = Some(latest);
        Ok(owed)
    }
}

/// Begins what is regular in its time, until the end begins.
pub(crate) async fn regularly(house: &House) {
    let zone = house.platform.settings().time_zone.clone();
    let trouble = || Trouble::new("what is regular could not be queued; tried again at once", "what is regular is queued again");
    let mut all: Vec<(Regular, Option<Date>, Trouble)> =
        house.regulars().into_iter().map(|regular| (regular, None, trouble())).collect();
    loop {
        let now = house.platform.clock().now();
        for (regular, known, trouble) in &mut all {
            match regular.begin(&house.queue, known, now, &zone).await {
                Ok(begun) => {
                    trouble.went();
                    for period in begun {
                        tracing::info!(name = regular.name, period = regular.rhythm.called(period), "begun");
                    }
                }
                Err(error) => trouble.failed(format_args!("{}: {error}", regular.name)),
            }
        }
        if !house.stop.unless_begun(tokio::time::sleep(house.tick)).await {
            return;
        }
    }
}

/// Has the store checked once, if it was not closed the last time.
pub(crate) async fn check_first(house: &House) {
    if !house.check_first {
        return;
    }
    let mut trouble = Trouble::new("the check after a crash could not be queued; tried again at once", "it is queued");
    loop {
        let job = Job::CheckAfterCrash { begun: house.platform.clock().now() };
        let pushed = match job.queued() {
            Ok(job) => house.queue.push(vec![job]).await,
            Err(error) => Err(error),
        };
        match pushed {
            Ok(()) => return,
            Err(error) => trouble.failed(error),
        }
        if !house.stop.unless_begun(tokio::time::sleep(house.tick)).await {
            return;
        }
    }
}

/// Pushes each minute's timers, until the end begins.
pub(crate) async fn timers(house: &House) {
    let mut last = None;
    let mut trouble = Trouble::new("the minute's timers could not be queued; tried again at once", "timers are queued again");
    loop {
        let minute = minute_of(house.platform.clock().now());
        if last != Some(minute) {
            match push(house, minute).await {
                Ok(()) => {
                    trouble.went();
                    last = Some(minute);
                }
                Err(error) => trouble.failed(error),
            }
        }
        if !house.stop.unless_begun(tokio::time::sleep(house.tick)).await {
            return;
        }
    }
}

async fn push(house: &House, minute: Timestamp) -> Result<(), QueueError> {
    house.queue.push(vec![Job::Timers { minute }.queued()?]).await
}

fn minute_of(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(now)
}

/// Seals the audit trail each second, until the end begins.
pub(crate) async fn sealing(house: &House) {
    let actor = Actor::system("sealer");
    let mut trouble =
        Trouble::new("the audit trail could not be sealed; tried again in a second", "the audit trail is sealed again");
    loop {
        loop {
            match house.platform.run(&actor, SealAudit {}).await {
                Ok(sealed) => {
                    trouble.went();
                    house.figures.add(|counts| counts.sealed += u64::from(sealed.sealed));
                    if !sealed.more || house.stop.has_begun() {
                        break;
                    }
                }
                Err(error) => {
                    trouble.failed(format_args!("{error:?}"));
                    break;
                }
            }
        }
        if !house.stop.unless_begun(tokio::time::sleep(SEAL)).await {
            return;
        }
    }
}

/// Sweeps the queue, and pictures that a crash left over, each hour until the end begins.
pub(crate) async fn sweeping(house: &House) {
    while house.stop.unless_begun(tokio::time::sleep(SWEEP)).await {
        if let Err(error) = house.queue.sweep().await {
            tracing::error!(%error, "the queue could not be swept");
        }
        if let Err(error) = picture::sweep(&house.platform, LEFT_OVER).await {
            tracing::error!(error = ?error, "pictures that were left over could not be swept");
        }
    }
}
