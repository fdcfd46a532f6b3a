//! Exports.

use iescp_core::account::Role;
use iescp_core::export::{ExportFormat, ExportKind, ExportState};

pub const TITLE: &str = "Exports";
pub const TOLD: &str =
    "Your data as files for a spreadsheet. Each is true of one moment and kept for seven days; only you can fetch it.";
pub const TOLD_ADMIN: &str = "Accounts and the audit trail as files for a spreadsheet. Each is true of one moment and kept for seven days; only you can fetch it.";
pub const NEW: &str = "Make a file of";
pub const MAKE: &str = "Make the file";
pub const ASKED: &str = "Your file is being made. You will be told when it is ready.";
pub const FILES: &str = "Files";
pub const NONE: &str = "No files yet";
pub const NONE_TOLD: &str = "Choose above what you need. It is made while you go on, and you are told when it is ready.";
pub const FETCH: &str = "Download";
pub const LINK: &str = "Export …";
pub const AS_OF: &str = "as of";
pub const UNTIL: &str = "until";

pub const fn kind(kind: ExportKind) -> &'static str {
    match kind {
        ExportKind::Campaigns => "Campaigns",
        ExportKind::Requests => "Requests",
        ExportKind::Collaborations => "Collaborations",
        ExportKind::Ledger => "Spending: every movement",
        ExportKind::Statement => "Earnings statement",
        ExportKind::Accounts => "Accounts",
        ExportKind::Audit => "Audit trail",
        ExportKind::Everything => "Everything about you",
    }
}

pub const fn format(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "Spreadsheet (CSV)",
        ExportFormat::Pdf => "Document (PDF)",
        ExportFormat::Zip => "Archive (ZIP of JSON and CSV)",
    }
}

pub const fn state(state: ExportState) -> &'static str {
    match state {
        ExportState::Queued => "Waiting",
        ExportState::Running => "Being made",
        ExportState::Ready => "Ready",
        ExportState::Failed => "Not made",
        ExportState::Expired => "Expired",
    }
}

pub const fn told(role: Role) -> &'static str {
    if matches!(role, Role::Admin) { TOLD_ADMIN } else { TOLD }
}

pub fn rows(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(rows)) }
}

pub fn rows_so_far(rows: u64) -> String {
    format!("{} so far", self::rows(rows))
}

/// A size as people read it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
