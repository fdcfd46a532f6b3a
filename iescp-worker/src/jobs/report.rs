//! Makes the reports about a month: the platform's, then each active sponsor's.
//!
//! Each is a commit of its own, in which it is told to whom it is for; what was made before is left as it is. So a worker that
//! dies in the midst of it loses none and tells nobody twice.
//!
//! **Not here**: what a report says (`iescp_core::report`), the mail about it (`wording`), when a month's turn is (`schedule`).

use crate::{House, queue::Failure};
use iescp_core::{
    Actor, Error, Platform,
    id::AccountId,
    report::{ListReportReaders, MakeMonthlyReport, MakePlatformReport, ReportMonth},
};
use tokio::task::JoinSet;

/// How many are made at once: their commits go to the disk together.
const AT_ONCE: usize = 8;

/// How many pages of sponsors there are at most.
const MOST_PAGES: usize = 100_000;

/// The name by which the audit trail knows this job.
const NAME: &str = "monthly-reports";

pub(super) async fn run(house: &House, month: ReportMonth) -> Result<(), Failure> {
    let platform = &house.platform;
    platform.run(&Actor::system(NAME), MakePlatformReport { month }).await.map_err(again)?;
    let (mut after, mut failed) = (None, 0_usize);
    for _ in 0..MOST_PAGES {
        let readers = platform.run(&Actor::system(NAME), ListReportReaders { after }).await.map_err(again)?;
        for some in readers.chunks(AT_ONCE) {
            if house.stop.has_begun() {
                return Err(Failure::Again("the worker stops".to_owned()));
            }
            failed += make(platform, some, month).await;
        }
        match readers.last() {
            Some(last) => after = Some(*last),
            None => break,
        }
    }
    if failed > 0 { Err(Failure::Again(format!("{failed} reports could not be made"))) } else { Ok(()) }
}

/// Makes those of some sponsors: how many could not be made.
async fn make(platform: &Platform, some: &[AccountId], month: ReportMonth) -> usize {
    let mut making = JoinSet::new();
    for account in some.iter().copied() {
        let platform = platform.clone();
        making.spawn(async move {
            let made = platform.run(&Actor::system(NAME), MakeMonthlyReport { account, month }).await;
            if let Err(error) = &made {
                tracing::error!(%account, %month, ?error, "a monthly report could not be made; it is tried again with the others");
            }
            made.is_ok()
        });
    }
    let mut failed = 0;
    while let Some(made) = making.join_next().await {
        failed += usize::from(!made.unwrap_or(false));
    }
    failed
}

fn again(error: Error) -> Failure {
    Failure::Again(format!("{error:?}"))
}
