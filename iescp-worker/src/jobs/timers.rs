//! Once a minute: does what is due, keeps the day's figures, clears the folder of exports.

use crate::{House, queue::Failure};
use iescp_core::{Actor, report::SnapshotStatistics, run_due};

/// How many due things are done before it is looked whether the worker is to end.
const AT_ONCE: usize = 500;

/// How often that is done in one run; what is left then is the next minute's.
const ROUNDS: usize = 200;

pub(super) async fn run(house: &House) -> Result<(), Failure> {
    for _ in 0..ROUNDS {
        let report = run_due(&house.platform, AT_ONCE).await.map_err(superseded)?;
        house.figures.add(|counts| {
            counts.due_done += report.done as u64;
            counts.due_failed += report.failed.len() as u64;
        });
        // What failed is still due: alone it is no reason for another round.
        if !report.more || report.done == 0 || house.stop.has_begun() {
            break;
        }
    }
    house.platform.run(&Actor::system("timers"), SnapshotStatistics {}).await.map_err(superseded)?;
    super::export::clear(house).await
}

/// The next minute tries again by itself.
fn superseded(error: iescp_core::Error) -> Failure {
    Failure::Superseded(format!("{error:?}"))
}
