//! How long a job that failed waits before it is tried again.

use std::time::Duration;

/// No job waits longer than this for its next attempt.
const LONGEST: Duration = Duration::from_secs(3600);

/// After so many failed attempts: twice as long each time, spread by a quarter either way so that jobs which failed together do
/// not come back together. `chance` is anything random.
pub(super) fn wait_after(failed: u32, first: Duration, chance: u64) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(failed.saturating_sub(1)));
    let quarters = 768 + u32::try_from(chance % 513).unwrap_or(0);
    doubled.min(LONGEST).saturating_mul(quarters) / 1024
}

/// After its worker went down: at any time within twice the first wait, so that jobs which were together part.
pub(super) fn wait_apart(first: Duration, chance: u64) -> Duration {
    first.saturating_mul(u32::try_from(chance % 2049).unwrap_or(0)) / 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_were_together_come_back_within_twice_the_first_wait() {
        let waits: Vec<_> = (0..2049).map(|chance| wait_apart(Duration::from_secs(1024), chance).as_secs()).collect();
        assert_eq!((waits.iter().min(), waits.iter().max()), (Some(&0), Some(&2048)));
    }

    #[test]
    fn each_wait_is_twice_as_long_until_an_hour() {
        let first = Duration::from_secs(5);
        let wait = |failed| wait_after(failed, first, 256).as_secs();
        assert_eq!([1, 2, 3, 4, 10, 11, 40, u32::MAX].map(wait), [5, 10, 20, 40, 2560, 3600, 3600, 3600]);
    }

    #[test]
    fn waits_are_spread_by_a_quarter() {
        let waits: Vec<_> = (0..513).map(|chance| wait_after(1, Duration::from_secs(1024), chance).as_secs()).collect();
        assert_eq!((waits.iter().min(), waits.iter().max()), (Some(&768), Some(&1280)));
    }
}
