//! Once a day, and after a crash: whether the store holds what it should. What is wrong is counted, logged, and told to admins.

use crate::{House, queue::Failure};
use iescp_core::{
    Actor,
    check::{self, Options, TellOfCheck},
};
use std::time::Duration;

/// How many findings are logged.
const LOGGED: usize = 20;

/// The rest after each page of the store: people are served meanwhile.
const REST: Duration = Duration::from_millis(1);

pub(super) async fn run(house: &House) -> Result<(), Failure> {
    let system = Actor::system("check");
    let again = |error| Failure::Again(format!("{error:?}"));
    let report =
        check::check(&house.platform, &system, Options { rest: REST, ..Options::default() }, &mut |_| {}).await.map_err(again)?;
    let wrong = report.findings.len() as u64 + report.more;
    house.figures.add(|counts| {
        counts.wrong = wrong;
        counts.checked_at = Some(house.platform.clock().now());
    });
    if wrong == 0 {
        tracing::info!(records = report.records, seals = report.seals, "the store holds what it should");
        return Ok(());
    }
    for finding in report.findings.iter().take(LOGGED) {
        tracing::error!(what = ?finding.what, place = finding.place, why = ?finding.message, "something is wrong in the store");
    }
    tracing::error!(wrong, "a check found something wrong; `iescp-web check` tells all of it");
    house.platform.run(&system, TellOfCheck { wrong }).await.map_err(again)
}
