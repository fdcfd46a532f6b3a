//! A monthly report as a document.

use super::{Figure, NoPdf, Paper, Title, chart::Whole, table::Column};
use iescp_core::{
    Settings,
    report::{MonthlyReport, ReportPart},
};

/// A monthly report as a PDF document, of A4 pages.
///
/// # Errors
/// If it cannot be set.
pub fn report_as_pdf(report: &MonthlyReport, settings: &Settings) -> Result<Vec<u8>, NoPdf> {
    let layout = report.laid_out(settings);
    let site = settings.site_name.clone();
    let foot = format!("{site}  ·  made on {}  ·  days in {}", layout.made, zone(settings));
    let title = Title { site, what: "Monthly report".to_owned(), whose: layout.whose, when: layout.month, foot };
    let mut paper = Paper::new(title)?;
    let figures =
        layout.figures.into_iter().map(|figure| Figure { label: figure.label, value: figure.value, note: Some(figure.note) });
    paper.figures(&figures.collect::<Vec<_>>());
    for part in layout.parts {
        set(&mut paper, part);
    }
    paper.heading("How these figures are made");
    for (what, how) in layout.formulas {
        paper.note(&format!("{what}: {how}"));
    }
    paper.finish()
}

fn set(paper: &mut Paper, part: ReportPart) {
    paper.heading(&part.heading);
    if let Some(told) = &part.told {
        paper.prose(told);
    }
    if let Some(chart) = part.chart {
        let wholes =
            chart.bars.into_iter().map(|bar| Whole { name: bar.name, shown: bar.shown, whole: bar.whole, parts: bar.parts });
        paper.wholes(chart.legend, &wholes.collect::<Vec<_>>());
    }
    if let Some(table) = part.table {
        let columns =
            table.columns.iter().map(|(name, share, number)| Column { name, share: f32::from(*share) / 100.0, number: *number });
        paper.table(&columns.collect::<Vec<_>>(), table.rows, table.total);
    }
}

/// What the installation's zone is called.
fn zone(settings: &Settings) -> &str {
    settings.time_zone.iana_name().unwrap_or("UTC")
}
