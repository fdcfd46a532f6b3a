//! `iescp-web check`: whether the store holds what it should, also while serving.

use super::Ended;
use super::terminal::{self, Missing};
use crate::admin_socket::Check;
use crate::settings::Settings;
use clap::Args;
use iescp_core::check::{CheckReport, Finding, What};
use std::io::{self, Write};

#[derive(Args, Clone, Copy, Debug)]
pub(super) struct CheckOptions {
    /// Repair what follows from records (indexes, lists, counters); records themselves are never changed
    #[arg(long)]
    repair: bool,
}

pub(super) fn run(settings: &Settings, options: CheckOptions) -> Result<(), Ended> {
    let report = terminal::ask(settings, Check { repair: options.repair }, Missing::Missed)?;
    judge(&report, options.repair)
}

/// Tells what was found; anything wrong is a failure.
pub(super) fn judge(report: &CheckReport, repaired: bool) -> Result<(), Ended> {
    print(report).map_err(|e| format!("nothing can be printed: {e}"))?;
    if report.is_clean() {
        return Ok(());
    }
    let number = report.findings.len() as u64 + report.more;
    let things = if number == 1 { "1 thing is".to_owned() } else { format!("{number} things are") };
    let mendable = report.findings.iter().any(is_mendable);
    let hint = if mendable && !repaired { "; --repair mends indexes, lists and counters" } else { "" };
    Err(Ended::Failed(format!("{things} wrong{hint}")))
}

/// Whether it is about a derived key, which can be mended.
fn is_mendable(finding: &Finding) -> bool {
    matches!(finding.what, What::Missing | What::Surplus | What::Wrong)
}

fn print(report: &CheckReport) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for finding in &report.findings {
        writeln!(out, "{}", words(finding))?;
    }
    if report.more > 0 {
        writeln!(out, "and {} more", report.more)?;
    }
    if report.repaired > 0 {
        writeln!(out, "repaired: {}", report.repaired)?;
    }
    let CheckReport { records, derived, seals, .. } = report;
    writeln!(out, "looked at {records} records, {derived} derived keys and {seals} seals of the audit trail")?;
    if report.is_clean() {
        writeln!(out, "nothing is wrong")?;
    }
    Ok(())
}

/// A finding in words; control characters in what is stored are escaped.
fn words(finding: &Finding) -> String {
    let what = match finding.what {
        What::Damaged => "damaged",
        What::Misplaced => "misplaced",
        What::Missing => "missing",
        What::Surplus => "surplus",
        What::Wrong => "wrong",
        What::Claimed => "claimed twice",
        What::Chain => "audit trail broken",
        What::Invariant => "rule broken",
    };
    format!("{what}: {} ({})", finding.message, finding.place).chars().flat_map(shown).collect()
}

fn shown(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}
