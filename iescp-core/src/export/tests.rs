//! What the rules say about exports, without the worker.

use super::*;
use crate::{
    Actor, Error, PageRequest,
    due::run_due,
    fixture::{Market, code},
    notification::{ListNotifications, Notice},
    outbox::{Letter, ListOutbox},
};
use jiff::SignedDuration;

fn wanted(kind: &str) -> RequestExport {
    RequestExport { kind: kind.to_owned(), format: None }
}

fn worker() -> Actor {
    Actor::system("exports")
}

fn finish(export: &Export, attempt: u32) -> FinishExport {
    let (as_of, sha256) = (export.asked_at, "00".repeat(32));
    FinishExport { export: export.id, attempt, rows: 3, as_of, bytes: 100, sha256 }
}

#[tokio::test]
async fn an_export_goes_from_asked_for_to_gone() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let export = market.run(&sponsor, wanted("ledger")).await.unwrap();
    assert_eq!(export.state, ExportState::Queued);
    let outbox = market.platform.run(&worker(), ListOutbox { limit: 10, after: None }).await.unwrap();
    assert_eq!(outbox.letters[0].letter, Letter::MakeExport { export: export.id });

    let begun = market.platform.run(&worker(), BeginExport { export: export.id }).await.unwrap().unwrap();
    assert_eq!((begun.export.state, begun.export.attempt), (ExportState::Running, 1));
    let ready = market.platform.run(&worker(), finish(&export, 1)).await.unwrap();
    assert_eq!(ready.file.as_ref().unwrap().name, "iescp-ledger-2026-03-01.csv");
    let told = market.run(&sponsor, ListNotifications { unread: true, page: PageRequest::default() }).await.unwrap();
    assert_eq!(told.notifications.items[0].notice, Notice::ExportReady);

    market.clock.advance(SignedDuration::from_hours(7 * 24));
    let seen = market.run(&sponsor, ViewExport { export: export.id }).await.unwrap();
    assert_eq!(seen.state_at(market.platform.clock().now()), ExportState::Expired, "also before a job has written it");
    run_due(&market.platform, 100).await.unwrap();
    let seen = market.run(&sponsor, ViewExport { export: export.id }).await.unwrap();
    assert_eq!((seen.state, seen.file), (ExportState::Expired, None));
    market.clock.advance(SignedDuration::from_hours(30 * 24));
    run_due(&market.platform, 100).await.unwrap();
    assert_eq!(code(market.run(&sponsor, ViewExport { export: export.id }).await), "not_found");
    market.sound().await;
}

#[tokio::test]
async fn s_27_nobody_else_sees_an_export_and_no_admin_either() {
    let market = Market::open();
    let (sponsor, other, admin) = (market.sponsor().await, market.sponsor().await, market.admin().await);
    let export = market.run(&sponsor, wanted("campaigns")).await.unwrap().id;
    for stranger in [&other, &admin] {
        assert_eq!(code(market.run(stranger, ViewExport { export }).await), "not_found");
        assert!(market.run(stranger, ListExports::default()).await.unwrap().items.is_empty());
    }
}

#[tokio::test]
async fn people_export_what_their_role_has() {
    let market = Market::open();
    for account in [market.sponsor().await, market.influencer().await, market.admin().await] {
        for kind in ExportKind::ALL {
            let may = ExportKind::of_role(account.role).contains(kind);
            let market = &market;
            let asked = market.run(&account, wanted(kind.word())).await;
            assert_eq!(asked.is_ok(), may, "{kind:?}");
            if let Ok(export) = asked {
                market.platform.run(&worker(), BeginExport { export: export.id }).await.unwrap();
                let failed = FailExport { export: export.id, attempt: 1, why: "Not today.".into() };
                market.platform.run(&worker(), failed).await.unwrap();
            }
        }
    }
    let sponsor = market.sponsor().await;
    let pdf = RequestExport { kind: "ledger".into(), format: Some("pdf".into()) };
    assert_eq!(code(market.run(&sponsor, pdf).await), "unknown");
}

#[tokio::test]
async fn only_so_many_are_made_at_a_time_and_in_a_day() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    for asked in 0..MOST_A_DAY {
        let export = market.run(&sponsor, wanted("requests")).await.unwrap();
        if asked >= 2 {
            market.platform.run(&worker(), BeginExport { export: export.id }).await.unwrap();
            market.platform.run(&worker(), finish(&export, 1)).await.unwrap();
        }
    }
    assert_eq!(code(market.run(&sponsor, wanted("requests")).await), "too_often");
    market.clock.advance(SignedDuration::from_hours(13));
    market.run(&sponsor, wanted("requests")).await.unwrap();
    assert_eq!(code(market.run(&sponsor, wanted("requests")).await), "too_many");
}

#[tokio::test]
async fn only_the_last_beginning_counts_and_five_are_enough() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let export = market.run(&sponsor, wanted("ledger")).await.unwrap();
    for _ in 0..MOST_ATTEMPTS {
        assert!(market.platform.run(&worker(), BeginExport { export: export.id }).await.unwrap().is_some());
    }
    assert_eq!(code(market.platform.run(&worker(), finish(&export, 1)).await), "overtaken");
    assert!(market.platform.run(&worker(), BeginExport { export: export.id }).await.unwrap().is_none());
    let failed = market.run(&sponsor, ViewExport { export: export.id }).await.unwrap();
    assert_eq!(failed.state, ExportState::Failed);
    assert_eq!(code(market.platform.run(&worker(), finish(&export, MOST_ATTEMPTS)).await), "overtaken");
}

#[tokio::test]
async fn what_nobody_makes_fails_after_a_day() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let export = market.run(&sponsor, wanted("ledger")).await.unwrap().id;
    market.clock.advance(SignedDuration::from_hours(24));
    run_due(&market.platform, 100).await.unwrap();
    let failed = market.run(&sponsor, ViewExport { export }).await.unwrap();
    assert!(failed.why.unwrap().contains("within a day"));
}

#[tokio::test]
async fn rows_are_those_of_their_owner_and_of_no_other() {
    let market = Market::open();
    let (sponsor, other) = (market.sponsor().await, market.sponsor().await);
    let mine = market.draft(&sponsor, 1000).await;
    market.draft(&other, 1000).await;
    let span = Span::Since("2026-03-01T11:59:00Z".parse().unwrap());
    let ids = ListExportIds { owner: sponsor.id, kind: ExportKind::Campaigns, span };
    assert_eq!(market.platform.run(&worker(), ids).await.unwrap(), [mine.0]);
    let at = market.platform.clock().now();
    let rows = ViewExportRows { owner: sponsor.id, kind: ExportKind::Campaigns, ids: vec![mine.0], at };
    assert!(matches!(market.run(&sponsor, rows.clone()).await, Err(Error::Forbidden(_))), "the worker alone reads like this");
    let rows = market.platform.run(&worker(), rows).await.unwrap();
    assert_eq!(rows[0].len(), ExportKind::Campaigns.columns().len());
    assert_eq!(rows[0][1], Cell::Text("Spring".into()));
}

#[tokio::test]
async fn every_kind_has_as_many_cells_as_columns() {
    let market = Market::open();
    let (sponsor, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let campaign = market.campaign(&sponsor, 10_000).await;
    market.agree(&sponsor, &influencer, campaign, 500).await;
    let at = market.platform.clock().now();
    for owner in [&sponsor, &influencer, &admin] {
        // What is held about somebody is no list of rows.
        for kind in ExportKind::of_role(owner.role).iter().filter(|kind| !kind.columns().is_empty()) {
            let span = Span::Before { end: at.saturating_add(SignedDuration::from_secs(1)).unwrap(), after: None };
            let ids = ListExportIds { owner: owner.id, kind: *kind, span };
            let ids = market.platform.run(&worker(), ids).await.unwrap();
            assert!(!ids.is_empty() && ids.is_sorted(), "{kind:?}");
            let rows = ViewExportRows { owner: owner.id, kind: *kind, ids, at };
            for row in market.platform.run(&worker(), rows).await.unwrap() {
                assert_eq!(row.len(), kind.columns().len(), "{kind:?}");
            }
        }
    }
}
