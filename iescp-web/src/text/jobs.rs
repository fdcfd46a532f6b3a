//! The worker's jobs, for admins.

pub const JOBS: &str = "Jobs";
pub const JOBS_TOLD: &str = "What the platform does later: letters, timers, reminders, checks.";
pub const ELSEWHERE: &str = "No worker runs in this process, so nothing can be seen here.";
pub const WAITING: &str = "Waiting";
pub const LATER: &str = "To be tried again";
pub const RUNNING: &str = "Running";
pub const FAILED: &str = "Given up";
pub const NEXT_RUNS: &str = "What is regular";
pub const NAME: &str = "What";
pub const LAST: &str = "Last";
pub const NEXT: &str = "Next";
pub const NEVER: &str = "never yet";
pub const EACH_MINUTE: &str = "each minute";
pub const RUNS_NOW: &str = "Running now";
pub const GIVEN_UP: &str = "Given up";
pub const GIVEN_UP_TOLD: &str =
    "Each was tried as often as it may be, or cannot succeed. Mend the cause, then try again; or discard it.";
pub const NONE_GIVEN_UP: &str = "Nothing was given up";
pub const NONE_GIVEN_UP_TOLD: &str = "A job that fails for good stays here, with the reason, until you decide about it.";
pub const ATTEMPTS: &str = "Tried";
pub const GIVEN_UP_AT: &str = "Given up";
pub const JOB: &str = "Name";
pub const RETRY: &str = "Try again";
pub const DISCARD: &str = "Discard";
pub const RETRIED: &str = "It will be tried again at once.";
pub const DISCARDED: &str = "Discarded.";
pub const NO_REASON: &str = "No reason was kept.";

/// What a regular thing is called on the page.
pub fn regular(name: &str) -> String {
    match name {
        "timers" => "Timers: what falls due".to_owned(),
        "daily-check" => "Check of what is stored".to_owned(),
        "daily-reminder" => "Daily reminder".to_owned(),
        "monthly-reports" => "Monthly reports".to_owned(),
        other => other.replace('-', " "),
    }
}

pub fn in_zone(zone: &str) -> String {
    format!("Times are of the installation's zone, {zone}.")
}

pub fn times(number: u32) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{number} times"),
    }
}
