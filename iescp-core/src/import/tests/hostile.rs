//! A V2 as real installations left it: everything that can be wrong with it, and what becomes of each.

use super::{SECRET, bring, sound, table};
use crate::{
    account::tests::stage::Stage,
    import::{Cell, Outcome, Report, Source, prepare},
};

pub(super) fn hostile() -> Source {
    let long = "ä".repeat(9000);
    let mut source = Source {
        name: "v2".into(),
        users: table(
            "ID UserName E_mail Password ROLE Last_Login Platform Followers Industry Ratings Earnings Flag is_flagged Shoe_Size",
            &[
                &[
                    "#1",
                    "admin",
                    "admin@example.com",
                    SECRET,
                    "Admin",
                    "2024-01-01T10:00:00",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "#0",
                    "NULL",
                    "NULL",
                ],
                &[
                    "#2",
                    "Brand",
                    "brand@example.com",
                    SECRET,
                    "SPONSOR",
                    "01/02/2024",
                    "NULL",
                    "NULL",
                    "<script>alert(1)</script>",
                    "#3",
                    "#0",
                    "#0",
                    "#0",
                    "NULL",
                ],
                &[
                    "#3",
                    "brand",
                    "BRAND@example.com",
                    SECRET,
                    "sponsor ",
                    "soon",
                    "X",
                    "#10",
                    "NULL",
                    "NULL",
                    "#5",
                    "#0",
                    "#0",
                    "NULL",
                ],
                &[
                    "#4",
                    "Ann Lee",
                    "not an address",
                    "hunter2",
                    "influencer",
                    "NULL",
                    "Myspace",
                    "12k",
                    "NULL",
                    "#4.5",
                    "#0.125",
                    "#0",
                    "#1",
                    "#42",
                ],
                &[
                    "#5",
                    "NULL",
                    "NULL",
                    "NULL",
                    "influencer",
                    "NULL",
                    "Instagram",
                    "many",
                    "NULL",
                    "#7",
                    "#-3",
                    "no",
                    "#0",
                    "NULL",
                ],
                &[
                    "#6",
                    "flagged",
                    "f@example.com",
                    SECRET,
                    "Influencer",
                    "NULL",
                    "instagram",
                    "#-1",
                    "NULL",
                    "#0",
                    "nan",
                    "#1",
                    "#0",
                    "NULL",
                ],
                &[
                    "#7",
                    "wizard",
                    "w@example.com",
                    SECRET,
                    "wizard",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "#0",
                    "#0",
                    "NULL",
                ],
                &[
                    "#8",
                    "none",
                    "n@example.com",
                    SECRET,
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "#0",
                    "#0",
                    "NULL",
                ],
                &[
                    "#9",
                    "=cmd|' /C calc'!A0",
                    "x@example.com",
                    "scrypt:1048576:8:1$salt$00",
                    "influencer",
                    "NULL",
                    "YouTube, TikTok",
                    "#99.0",
                    "NULL",
                    "five",
                    "#1e300",
                    "#0",
                    "#0",
                    "NULL",
                ],
                &[
                    "#9",
                    "twice",
                    "t@example.com",
                    SECRET,
                    "influencer",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "#0",
                    "#0",
                    "NULL",
                ],
                &[
                    "NULL",
                    "nobody",
                    "nobody@example.com",
                    SECRET,
                    "influencer",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "#0",
                    "#0",
                    "NULL",
                ],
                &[
                    "ten",
                    "李",
                    "li@example.com",
                    SECRET,
                    "influencer",
                    "1709251200",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "NULL",
                    "#0",
                    "#0",
                    "NULL",
                ],
            ],
        ),
        campaigns: table(
            "id sponsor_id name description start_date end_date budget niche visibility status picture",
            &[
                &[
                    "#1",
                    "#2",
                    "Fine",
                    "Good",
                    "2026-01-01",
                    "31/12/2026",
                    "#99.995",
                    "Tech & Knitting",
                    "PUBLIC",
                    "Active",
                    "NULL",
                ],
                &[
                    "#2",
                    "#2",
                    "Past",
                    "Good",
                    "2024-01-01 00:00:00.000000",
                    "2024-02-01T00:00:00",
                    "#10",
                    "food",
                    "Private",
                    "ACTIVE",
                    "cat.jpg",
                ],
                &["#3", "#4", "Of an influencer", "", "NULL", "NULL", "#1", "NULL", "public", "active", "NULL"],
                &["#4", "#99", "Of nobody", "", "NULL", "NULL", "#1", "NULL", "public", "active", "NULL"],
                &["#5", "#2", "Minus", "", "NULL", "NULL", "#-1", "NULL", "public", "active", "NULL"],
                &["#6", "#2", "NULL", "NULL", "whenever", "NULL", "NULL", "NULL", "NULL", "unheard of", "NULL"],
                &["#7", "#3", "Backwards", "x", "2026-09-01", "2026-08-01", "nan", "NULL", "public", "active", "NULL"],
                &["#8", "#3", "Backwards", "x", "2026-09-01", "2026-08-01", "1,000.50", "NULL", "friends", "completed", "NULL"],
            ],
        ),
        requests: table(
            "id influencer_id campaign_id status",
            &[
                &["#1", "#4", "#1", "APPROVED"],
                &["#2", "#4", "#1", "pending"],
                &["#3", "#5", "#1", "Pending"],
                &["#4", "#5", "#1", "pending"],
                &["#5", "#6", "#1", "rejected"],
                &["#6", "#6", "#1", "Rejected "],
                &["#7", "#2", "#1", "pending"],
                &["#8", "#4", "#4", "approved"],
                &["#9", "#4", "#2", "pending"],
                &["#10", "#9", "#1", "perhaps"],
                &["#11", "#5", "#8", "approved"],
                &["#12", "#9", "#1", "pending"],
            ],
        ),
        participations: table(
            "id influencer_id campaign_id status",
            &[
                &["#1", "#9", "#1", "Active"],
                &["#2", "#9", "#1", "completed"],
                &["#3", "#6", "#2", "active"],
                &["#4", "#6", "#1", "COMPLETED"],
                &["#5", "#4", "#77", "active"],
                &["#6", "#5", "#8", "maybe"],
            ],
        ),
        messages: table(
            "id sponsor_id influencer_id message timestamp",
            &[
                &["#1", "#2", "#4", "<img src=x onerror=alert(1)> =HYPERLINK(\"http://evil\")", "2024-01-01 10:00:00"],
                &["#2", "#2", "#4", "   ", "NULL"],
                &["#3", "#2", "#4", "NULL", "NULL"],
                &["#4", "#4", "#2", "the other way round", "2999-01-01"],
                &["#5", "#4", "#5", "two influencers", "NULL"],
                &["#6", "#2", "#77", "to nobody", "NULL"],
                &["#7", "#2", "#4", &long, "01/02/2024"],
                &["#8", "#2", "#4", "bell \u{7} and \u{202e}turned", "NULL"],
            ],
        ),
        others: vec!["role".into()],
        ..Source::default()
    };
    source.messages.rows.push(vec![Cell::Integer(9), Cell::Integer(2), Cell::Integer(4), Cell::Bytes(vec![0; 12]), Cell::Null]);
    source
}

fn of<'a>(report: &'a Report, table: &str) -> Vec<(&'a str, Outcome, String)> {
    let table = report.tables.iter().find(|one| one.table == table).unwrap();
    assert_eq!(table.rows, table.brought_over + table.changed + table.refused + table.unchanged);
    assert_eq!(table.rows, table.all.len() as u64);
    table.all.iter().map(|row| (row.id.as_str(), row.outcome, row.why.join("; "))).collect()
}

#[tokio::test]
async fn every_row_of_a_hostile_database_is_accounted_for_and_its_store_is_sound() {
    let stage = Stage::new();
    let source = hostile();
    let plan = bring(&stage, &source).await;
    let mut text = String::new();
    for table in ["user", "campaign", "influencer_request", "influencer_campaign", "message"] {
        for (id, outcome, why) in of(&plan.report, table) {
            text.push_str(&format!("{table} {id}: {outcome:?} {why}\n"));
        }
    }
    text.push_str(&format!(
        "{:?}\n{:?}\n",
        plan.report.tables.iter().map(|table| &table.columns_left).collect::<Vec<_>>(),
        plan.report.notes
    ));
    insta::assert_snapshot!(text);
    assert!(!format!("{:?}", plan.report).contains("hunter2"), "no password stands in a report");
    sound(&stage).await;
    let again = prepare(&stage.platform, &source).await.unwrap();
    assert!(again.is_empty(), "{:#?}", again.report);
}

/// Whatever stands in the cells, planning ends with a report and the store is sound.
#[tokio::test]
async fn no_mixture_of_cells_breaks_anything() {
    let cells = [
        Cell::Null,
        Cell::Integer(1),
        Cell::Integer(i64::MIN),
        Cell::Integer(i64::MAX),
        Cell::Real(f64::NAN),
        Cell::Real(-1.5),
        Cell::Text(String::new()),
        Cell::Text("sponsor".into()),
        Cell::Text("influencer".into()),
        Cell::Text("2024-01-01".into()),
        Cell::Text("\u{0}\u{202e}'; DROP TABLE user; --".into()),
        Cell::Text("😀".repeat(5000)),
        Cell::Bytes(vec![7, 0, 7]),
        Cell::Bytes("sponsor".into()),
        Cell::Bytes(vec![b'\xe9', b't', b'\xe9']),
    ];
    let mut dice = 7_u64;
    let mut roll = |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap() % sides
    };
    for round in 0..12 {
        let stage = Stage::new();
        let mut source = hostile();
        for table in
            [&mut source.users, &mut source.campaigns, &mut source.requests, &mut source.participations, &mut source.messages]
        {
            for row in &mut table.rows {
                for cell in row.iter_mut() {
                    if roll(4) == 0 {
                        *cell = cells[roll(cells.len())].clone();
                    }
                }
            }
        }
        let plan = bring(&stage, &source).await;
        assert!(plan.report.rows() > 0, "round {round}");
        sound(&stage).await;
        assert!(prepare(&stage.platform, &source).await.unwrap().is_empty());
    }
}
