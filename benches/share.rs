//! A share of a processor that a process does not get beyond: a control group of Linux, which only root may make.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

/// In so short turns no answer waits long for the next.
const TURN_MICROSECONDS: u64 = 10_000;

/// In what Linux tells processor time (`USER_HZ`, proc(5)).
const TICKS_A_SECOND: f64 = 100.0;

/// A group of processes with a share of their own. It goes with this value, once they have ended.
pub struct Share {
    group: PathBuf,
    /// The share: 0.5 is half of one processor.
    pub of_one: f64,
}

impl Share {
    /// Gives a process a share.
    ///
    /// # Errors
    /// If there are no control groups, or they may not be made.
    pub fn give(process: u32, of_one: f64) -> io::Result<Self> {
        let turn = (TURN_MICROSECONDS as f64 * of_one) as u64;
        let (first, second) = (Path::new("/sys/fs/cgroup/cpu"), Path::new("/sys/fs/cgroup"));
        let old = first.is_dir();
        let group = if old { first } else { second }.join(format!("iescp-bench-{process}"));
        fs::create_dir(&group)?;
        let share = Self { group, of_one };
        if old {
            share.set("cpu.cfs_period_us", TURN_MICROSECONDS)?;
            share.set("cpu.cfs_quota_us", turn)?;
        } else {
            share.set("cpu.max", format!("{turn} {TURN_MICROSECONDS}"))?;
        }
        share.set("cgroup.procs", process)?;
        Ok(share)
    }

    fn set(&self, name: &str, value: impl ToString) -> io::Result<()> {
        fs::write(self.group.join(name), value.to_string())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // A process that was ended a moment ago may still be counted.
        for _ in 0..100 {
            if fs::remove_dir(&self.group).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// How much processor time a process has taken, in seconds.
#[must_use]
pub fn taken(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let behind_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = behind_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    ticks as f64 / TICKS_A_SECOND
}

/// How much time the machine's processors have had nothing to do, in seconds.
#[must_use]
pub fn idle() -> f64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = stat.lines().next().and_then(|line| line.split_whitespace().nth(4)?.parse::<u64>().ok());
    ticks.unwrap_or_default() as f64 / TICKS_A_SECOND
}
