//! What happens by the clock: each minute's timers, as a job named after the minute; each second's sealing of the audit trail and
//! each hour's sweeping of the queue and of pictures left over, in this process.
//!
//! The platform's clock tells which minute it is. Every worker pushes the minute's job, and the queue takes one. A loop that was
//! late pushes the present minute only: the timers find all that fell due meanwhile.
//!
//! **Not here**: what the timers do (`iescp_core::run_due`).

use crate::{House, jobs::Job, queue::QueueError};
use iescp_core::{Actor, moderation::audit::SealAudit, picture};
use jiff::Timestamp;
use std::time::Duration;

/// How often the audit trail is sealed.
const SEAL: Duration = Duration::from_secs(1);

/// How often the queue is swept; the first time after as long, when the relay has handed over again what it may have to.
const SWEEP: Duration = Duration::from_secs(3600);

/// How old the bytes of a picture must be before nobody can be about to speak of them.
const LEFT_OVER: Duration = Duration::from_secs(24 * 3600);

/// Pushes each minute's timers, until the end begins.
pub(crate) async fn timers(house: &House) {
    let mut last = None;
    loop {
        let minute = minute_of(house.platform.clock().now());
        if last != Some(minute) {
            match push(house, minute).await {
                Ok(()) => last = Some(minute),
                Err(error) => tracing::error!(%error, "the minute's timers could not be queued; tried again at once"),
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
    loop {
        loop {
            match house.platform.run(&actor, SealAudit {}).await {
                Ok(sealed) => {
                    house.figures.add(|counts| counts.sealed += u64::from(sealed.sealed));
                    if !sealed.more || house.stop.has_begun() {
                        break;
                    }
                }
                Err(error) => {
                    tracing::error!(error = ?error, "the audit trail could not be sealed; tried again in a second");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_named_by_its_beginning() {
        for (now, minute) in [
            ("2026-03-01T12:00:59.999Z", "2026-03-01T12:00:00Z"),
            ("2026-03-01T12:01:00Z", "2026-03-01T12:01:00Z"),
            ("1969-12-31T23:59:30Z", "1969-12-31T23:59:00Z"),
        ] {
            assert_eq!(minute_of(now.parse().unwrap()).to_string(), minute);
        }
    }
}
