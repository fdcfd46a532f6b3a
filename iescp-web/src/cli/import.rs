//! `iescp-web import`: brings a V2 database over, and says what became of every row.

use super::Ended;
use super::progress::Shown;
use crate::admin_socket::Progress;
use crate::settings::Settings;
use crate::v2::beside;
use crate::{sheet, v2};
use clap::Args;
use iescp_core::Actor;
use iescp_core::demo::ViewDemo;
use iescp_core::import::{Outcome, Report, RowReport, Source, TableReport, prepare};
use iescp_worker::installation::{Installation, runtime};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Rows come to places all over the store: what was read of these last is kept in so many mebibytes.
const CACHE_MB: u32 = 512;

/// How many rows of a table are printed; the file has all of them.
const PRINTED: usize = 50;

#[derive(Args, Clone, Debug)]
pub(super) struct ImportOptions {
    /// The database of a V2 that was stopped: a file of SQLite
    file: PathBuf,

    /// The file is a spreadsheet of influencers: comma-, semicolon- or tab-separated, with the columns' names in its first line
    #[arg(long)]
    csv: bool,

    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Write what became of every row to this file, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// What this is called: its rows are known again by that name, so another file needs another [default: v2, or sheet]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

impl ImportOptions {
    fn source(&self) -> &str {
        self.source.as_deref().unwrap_or(if self.csv { "sheet" } else { "v2" })
    }
}

pub(super) fn run(settings: &Settings, options: &ImportOptions) -> Result<(), Ended> {
    let store = &settings.installation.store;
    if !store.lasts() {
        return Err(Ended::Misused(format!("{store} keeps nothing, so there is nothing to bring rows into")));
    }
    let source = options.source();
    if source.is_empty() || source.len() > 60 || source.chars().any(char::is_control) {
        return Err(Ended::Misused("--source takes a name of 1 to 60 characters".to_owned()));
    }
    let runtime = runtime()?;
    runtime.block_on(bring(settings, options))?;
    Ok(())
}

async fn bring(settings: &Settings, options: &ImportOptions) -> Result<(), String> {
    let file = options.report.as_deref().map(ReportFile::begin).transpose()?;
    let source = match options.csv {
        true => sheet::read(&options.file, options.source())?,
        false => v2::read(&options.file, options.source()).await?,
    };
    let report = write(settings, options, &source).await?;
    if let Some(file) = file {
        file.end(&report)?;
    }
    print(&report, settings, options).map_err(|e| format!("nothing can be printed: {e}"))
}

/// The file of a report: made before anything else happens, and in its place once it is whole.
struct ReportFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
}

impl ReportFile {
    fn begin(path: &Path) -> Result<Self, String> {
        let unwritten = |why: &dyn std::fmt::Display| format!("the report cannot be written to {}: {why}", path.display());
        if path.is_dir() {
            return Err(unwritten(&"it is a directory"));
        }
        let part = beside(path, ".part");
        let file = File::create(&part).map_err(|e| unwritten(&e))?;
        Ok(Self { path: path.to_owned(), part, file })
    }

    fn end(mut self, report: &Report) -> Result<(), String> {
        let json = serde_json::to_vec_pretty(report).map_err(|e| e.to_string())?;
        let written = self.file.write_all(&json).and_then(|()| self.file.sync_all());
        let done = written.and_then(|()| fs::rename(&self.part, &self.path));
        done.map_err(|e| format!("the report cannot be written to {}: {e}", self.path.display()))
    }
}

impl Drop for ReportFile {
    fn drop(&mut self) {
        // What broke off leaves nothing; what ended is no longer there under this name.
        let _nothing_left = fs::remove_file(&self.part);
    }
}

async fn write(settings: &Settings, options: &ImportOptions, source: &Source) -> Result<Report, String> {
    let mut shown = Shown::new();
    let mut tell = |what: &str, seen, of| shown.show(Progress { what: what.to_owned(), seen, of });
    let rows = [&source.users, &source.campaigns, &source.requests, &source.participations, &source.messages];
    let rows: u64 = rows.iter().map(|table| table.rows.len() as u64).sum();
    tell("planning", rows, None);
    let mut settings = settings.clone();
    settings.installation.cache_mb.get_or_insert(CACHE_MB);
    let installation = match options.dry_run {
        true => Installation::open_or_nothing(&settings.installation, settings.of_the_platform()).await?,
        false => settings.open().await?,
    };
    let platform = &installation.platform;
    if platform.run(&Actor::terminal(), ViewDemo).await.map_err(|e| e.to_string())?.is_some() {
        return Err("everybody in this store is made up: real people do not move in with them. Choose another --store".to_owned());
    }
    let plan = prepare(platform, source).await.map_err(|e| e.to_string())?;
    if !options.dry_run {
        let of = Some(plan.len());
        let written = plan.write(platform, &Actor::terminal(), &mut |seen| tell("writing", seen, of)).await;
        written.map_err(|e| format!("bringing rows over broke off: {e} The same command goes on where it stopped"))?;
    }
    Ok(plan.report)
}

fn print(report: &Report, settings: &Settings, options: &ImportOptions) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if options.dry_run {
        writeln!(out, "This is what would happen; nothing was changed.\n")?;
    }
    writeln!(out, "{:<22}{:>9}{:>14}{:>9}{:>9}{:>15}", "table", "rows", "brought over", "changed", "refused", "there already")?;
    for table in &report.tables {
        let TableReport { table: name, rows, brought_over, changed, refused, unchanged, .. } = table;
        writeln!(out, "{name:<22}{rows:>9}{brought_over:>14}{changed:>9}{refused:>9}{unchanged:>15}")?;
    }
    for (title, outcome) in [("refused", Outcome::Refused), ("changed", Outcome::Changed)] {
        for table in &report.tables {
            let rows: Vec<&RowReport> = table.remarkable().filter(|row| row.outcome == outcome).collect();
            if rows.is_empty() {
                continue;
            }
            writeln!(out, "\n{title} in {}:", table.table)?;
            for row in rows.iter().take(PRINTED) {
                writeln!(out, "  {}: {}", safe(&row.id), safe(&row.why.join("; ")))?;
            }
            if rows.len() > PRINTED {
                writeln!(out, "  and {} more, which --report FILE tells", rows.len() - PRINTED)?;
            }
        }
    }
    for table in report.tables.iter().filter(|table| !table.columns_left.is_empty()) {
        let left = table.columns_left.iter().map(|left| format!("{} ({})", safe(&left.column), left.values));
        writeln!(out, "\ncolumns of {} that were not brought over: {}", table.table, left.collect::<Vec<_>>().join(", "))?;
    }
    if !report.tables_left.is_empty() {
        let left: Vec<String> = report.tables_left.iter().map(|table| safe(table)).collect();
        writeln!(out, "\ntables that were not looked at: {}", left.join(", "))?;
    }
    let currency = settings.of_the_platform().currency;
    let [budgets, earnings] = [report.budgets, report.earnings].map(|total| iescp_core::value::Money(total).show(currency));
    writeln!(out, "\nbudgets brought over: {budgets}; earnings: {earnings}")?;
    for note in &report.notes {
        writeln!(out, "note: {}", safe(note))?;
    }
    let (new, rows) = (report.new_rows(), report.rows());
    let verb = if options.dry_run { "would be brought over" } else { "were brought over" };
    writeln!(out, "{new} of {rows} rows {verb}")
}

/// A text of the database as a terminal may show it.
fn safe(text: &str) -> String {
    text.chars()
        .flat_map(|c| match c {
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => c.escape_default().collect(),
            c => vec![c],
        })
        .collect()
}
