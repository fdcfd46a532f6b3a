//! Shows how far long work has come: a bar on a terminal, plain lines elsewhere. On standard error, so that results can be piped.

use crate::admin_socket::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How often a line is printed where there is no terminal, while the same thing goes on.
const EVERY: Duration = Duration::from_secs(5);

/// Where it is shown.
pub(super) enum Shown {
    Bar(ProgressBar),
    Lines { what: String, at: Instant },
}

impl Shown {
    pub(super) fn new() -> Self {
        if !stderr().is_terminal() {
            return Self::Lines { what: String::new(), at: Instant::now() };
        }
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(120));
        Self::Bar(bar)
    }

    pub(super) fn show(&mut self, progress: Progress) {
        match self {
            Self::Bar(bar) => {
                if let Some(of) = progress.of.filter(|of| bar.length() != Some(*of)) {
                    bar.set_length(of);
                    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}") {
                        bar.set_style(style);
                    }
                } else if progress.of.is_none()
                    && let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {human_pos}")
                {
                    bar.set_style(style);
                }
                bar.set_message(progress.what);
                bar.set_position(progress.seen);
            }
            Self::Lines { what, at } => {
                if *what == progress.what && at.elapsed() < EVERY {
                    return;
                }
                let of = progress.of.map(|of| format!(" of {of}")).unwrap_or_default();
                // A pipe that was closed is no reason to stop the work.
                let _closed = writeln!(stderr(), "{}: {}{of}", progress.what, progress.seen);
                (*what, *at) = (progress.what, Instant::now());
            }
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
