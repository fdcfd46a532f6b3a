//! Documents, looked at as a reader does: their text, their pages, what people wrote in them.

use super::{table::Column, *};
use iescp_core::{export::Cell, value::Money};
use iso_currency::Currency;
use jiff::tz::TimeZone;

fn title(whose: &str) -> Title {
    let said = |text: &str| text.to_owned();
    Title { site: said("IESCP"), what: said("Report"), whose: whose.to_owned(), when: said("October 2026"), foot: said("foot") }
}

fn pages(pdf: &[u8]) -> usize {
    pdf.windows(11).filter(|window| *window == b"/Type /Page" || window.starts_with(b"/Type/Page")).count()
}

fn row(at: &str, cause: &'static str, change: i64, campaign: &str) -> Vec<Cell> {
    let mut row = vec![Cell::None; iescp_core::export::ExportKind::Statement.columns().len()];
    row[1] = Cell::Moment(at.parse().unwrap());
    row[2] = Cell::Word(cause);
    row[3] = Cell::Amount(Money(change.abs()));
    row[4] = Cell::Amount(Money(change));
    row[7] = Cell::Text(campaign.to_owned());
    row
}

fn statement(rows: usize) -> Vec<u8> {
    let mut statement = Statement::new(Currency::USD, TimeZone::UTC);
    for at in 0..rows {
        let day = format!("2026-{:02}-{:02}T10:00:00Z", at % 9 + 1, at % 27 + 1);
        let (cause, change) = if at % 4 == 3 { ("withdrawn", -60_000) } else { ("paid", 45_050) };
        statement.read(&[row(&day, cause, change, "Ζωή, Жизнь & Café – a summer of tea with a title that is rather long")]);
    }
    statement.set("IESCP", "Ines Ωmega", "2026-11-01T12:00:00Z".parse().unwrap()).unwrap()
}

#[test]
fn a_statement_is_a_document() {
    let pdf = statement(9);
    assert!(pdf.starts_with(b"%PDF-"));
    if let Ok(to) = std::env::var("IESCP_PDF_TO") {
        std::fs::write(std::path::Path::new(&to).join("statement.pdf"), &pdf).unwrap();
        std::fs::write(std::path::Path::new(&to).join("statement-long.pdf"), statement(200)).unwrap();
    }
    assert!(statement(0).starts_with(b"%PDF-"), "also of somebody who earned nothing yet");
}

#[test]
fn s_39_a_document_has_so_many_pages_at_most_and_says_so() {
    let mut paper = Paper::new(title("Teahouse")).unwrap();
    let rows = (0..20_000).map(|row| vec![row.to_string(), "x".repeat(30)]);
    paper.table(&[Column::number("Row", 0.5), Column::text("Text", 0.5)], rows, None);
    paper.prose("Never seen.");
    let pdf = paper.finish().unwrap();
    assert!(pages(&pdf) <= 2 * (MOST_PAGES + 1), "{}", pages(&pdf));
}

#[test]
fn s_39_what_people_write_is_text_and_nothing_else() {
    for text in [
        "",
        " ",
        "\0\u{1}\r\n\t",
        "(unbalanced \\) /Page <</JS (app.alert(1))>> endstream endobj",
        "\u{202e}drawkcab\u{202c}",
        "生活 and ไทย and 🎉",
        "e\u{301}e\u{301}\u{301}\u{301}",
        "שלום עולם",
        "مرحبا بالعالم",
        &"W".repeat(5000),
        &"two words ".repeat(2000),
    ] {
        let mut paper = Paper::new(title(text)).unwrap();
        paper.heading(text);
        paper.prose(text);
        paper.note(text);
        paper.figures(&[Figure { label: text.into(), value: text.into(), note: Some(text.into()) }]);
        paper.table(&[Column::text("Text", 0.7), Column::number("Number", 0.3)], [vec![text.to_owned(), text.to_owned()]], None);
        let pdf = paper.finish().unwrap();
        assert!(!pdf.windows(9).any(|window| window == b"app.alert"), "no object of anybody else's");
    }
}

#[test]
fn the_same_figures_are_the_same_document() {
    assert_eq!(statement(3), statement(3));
}
