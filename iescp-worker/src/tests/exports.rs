//! Exports by a whole worker.

use super::*;
use iescp_core::{
    account::{AdminInput, CreateAdmin},
    campaign::{CampaignChanges, CampaignInput, DraftCampaign, EditCampaign},
    export::{BeginExport, Export, ExportState, RequestExport, ViewExport},
    id::CampaignId,
    picture::{self, Image, MediaType, PutOwnPicture},
};
use std::{collections::BTreeMap, fs};

impl Stage {
    async fn draft(&self, sponsor: &Actor, title: &str) -> CampaignId {
        let input = CampaignInput { title: title.into(), ..CampaignInput::default() };
        self.platform.run(sponsor, DraftCampaign { input }).await.unwrap().campaign.id
    }

    async fn export(&self, by: &Actor, kind: &str) -> Export {
        self.platform.run(by, RequestExport { kind: kind.into(), format: None }).await.unwrap()
    }

    async fn ended(&self, by: &Actor, export: &Export) -> Export {
        let seen = || async { self.platform.run(by, ViewExport { export: export.id }).await.unwrap() };
        until("the export has ended", async || !seen().await.state.is_open()).await;
        seen().await
    }

    fn text(&self, export: &Export) -> String {
        fs::read_to_string(self.folder.path().join("exports").join(export.stored_as())).unwrap()
    }

    fn files(&self) -> usize {
        fs::read_dir(self.folder.path().join("exports")).unwrap().count()
    }
}

/// The titles of campaigns in a file, by their ids.
fn titles(text: &str) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

#[tokio::test]
async fn an_export_becomes_a_file_of_ones_own_rows_and_goes_when_its_time_is_over() {
    let stage = Stage::new();
    let (sponsor, other) = (stage.register_sponsor("ours").await, stage.register_sponsor("theirs").await);
    stage.draft(&sponsor, "=SUM(A1:A9)").await;
    stage.draft(&other, "Not ours").await;
    let running = Running::start(stage.worker().await);
    let export = stage.export(&sponsor, "campaigns").await;
    let ready = stage.ended(&sponsor, &export).await;
    assert_eq!((ready.state, ready.rows), (ExportState::Ready, 1), "{:?}", ready.why);
    let text = stage.text(&ready);
    assert!(text.starts_with("campaign_id,title,state,") && text.contains(",'=SUM(A1:A9),draft,"), "{text}");
    assert!(!text.contains("Not ours"));
    let file = ready.file.unwrap();
    assert_eq!(file.bytes, text.len() as u64);
    assert_eq!(running.counts().exports.done, 1);

    stage.clock.advance(SignedDuration::from_hours(7 * 24));
    until("the file is gone", async || stage.files() == 0).await;
    running.stop().await;
}

#[tokio::test]
async fn a_file_is_true_of_one_moment_while_others_write() {
    let stage = Stage::new();
    let sponsor = stage.register_sponsor("busy").await;
    let mut campaigns = Vec::new();
    for number in 0..120 {
        campaigns.push(stage.draft(&sponsor, &format!("Campaign {number}, round 0")).await);
    }
    stage.clock.advance(SignedDuration::from_mins(5));
    let running = Running::start(stage.worker().await);
    let export = stage.export(&sponsor, "campaigns").await;
    // A writer goes round and round: at every moment the rounds of two campaigns differ by one at most, and never rise.
    let writer = async {
        let mut round = 0;
        while stage.platform.run(&sponsor, ViewExport { export: export.id }).await.unwrap().state.is_open() && round < 20 {
            round += 1;
            for (number, campaign) in campaigns.iter().enumerate() {
                let changes =
                    CampaignChanges { title: Some(format!("Campaign {number}, round {round}")), ..CampaignChanges::default() };
                let edit = EditCampaign { campaign: *campaign, changes, version: None };
                stage.platform.run(&sponsor, edit).await.unwrap();
                tokio::task::yield_now().await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (ended, ()) = tokio::join!(stage.ended(&sponsor, &export), writer);
    running.stop().await;
    if ended.state == ExportState::Failed {
        assert!(ended.why.unwrap().contains("So much is changing"), "it says so rather than mix two moments");
        return;
    }
    let titles = titles(&stage.text(&ended));
    assert_eq!(titles.len(), campaigns.len());
    let rounds: Vec<u32> =
        campaigns.iter().map(|id| titles[&id.to_string()].rsplit(' ').next().unwrap().parse().unwrap()).collect();
    let (first, last) = (rounds[0], *rounds.last().unwrap());
    assert!(first - last <= 1 && rounds.is_sorted_by(|one, next| one >= next), "two moments were mixed: {rounds:?}");
}

#[tokio::test]
async fn what_a_killed_worker_left_is_made_anew_and_cleared() {
    let stage = Stage::new();
    let sponsor = stage.register_sponsor("patient").await;
    stage.draft(&sponsor, "One").await;
    let export = stage.export(&sponsor, "campaigns").await;
    // The first worker died in the midst of it.
    stage.platform.run(&Actor::system("test"), BeginExport { export: export.id }).await.unwrap();
    let folder = stage.folder.path().join("exports");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!(".{}-1.csv", export.id)), "half of").unwrap();
    let running = Running::start(stage.worker().await);
    let ready = stage.ended(&sponsor, &export).await;
    assert_eq!((ready.state, ready.attempt, ready.rows), (ExportState::Ready, 2, 1));
    stage.clock.advance(SignedDuration::from_mins(1));
    until("what was left is gone", async || stage.files() == 1).await;
    running.stop().await;
}

#[tokio::test]
async fn an_influencer_s_statement_is_also_a_document() {
    let stage = Stage::new();
    let ada = stage.register("ada").await;
    let running = Running::start(stage.worker().await);
    let wanted = RequestExport { kind: "statement".into(), format: Some("pdf".into()) };
    let export = stage.platform.run(&ada, wanted).await.unwrap();
    let ready = stage.ended(&ada, &export).await;
    running.stop().await;
    assert_eq!(ready.state, ExportState::Ready, "{:?}", ready.why);
    assert!(ready.file.as_ref().unwrap().name.ends_with(".pdf"));
    let bytes = fs::read(stage.folder.path().join("exports").join(ready.stored_as())).unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() as u64 == ready.file.unwrap().bytes);
}

#[tokio::test]
async fn an_admin_exports_everybodys_accounts_and_the_audit_trail() {
    let stage = Stage::new();
    stage.register_sponsor("somebody").await;
    let input = AdminInput { username: "warden".into(), email: "warden@example.com".into(), password: PASSWORD.into() };
    let warden = Actor::account(stage.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap().account);
    let running = Running::start(stage.worker().await);
    for (kind, holds) in [("accounts", "somebody@example.com"), ("audit", "CreateAdmin")] {
        let ready = stage.ended(&warden, &stage.export(&warden, kind).await).await;
        assert!(stage.text(&ready).contains(holds), "{kind}");
    }
    running.stop().await;
}

/// What is held about somebody, as they may take it with them: each part twice, and nothing that is a formula.
#[tokio::test]
async fn everything_that_is_held_about_somebody_comes_as_one_archive() {
    use std::io::Read;
    let stage = Stage::new();
    let acme = stage.register_sponsor("acme").await;
    for title in ["=1+1", "Tea, \"green\" and black"] {
        stage.draft(&acme, title).await;
    }
    let logo = Image { media_type: MediaType::Png, small: vec![1; 10], large: vec![2; 20] };
    let placed = picture::place(&stage.platform, &acme, None, logo, |draft| PutOwnPicture { draft }).await;
    let logo = placed.unwrap().output.picture;
    let running = Running::start(stage.worker().await);
    let ready = stage.ended(&acme, &stage.export(&acme, "everything").await).await;
    running.stop().await;
    assert_eq!(ready.state, ExportState::Ready, "{:?}", ready.why);
    assert!(ready.file.as_ref().unwrap().name.ends_with(".zip") && ready.rows >= 4);
    assert_eq!(stage.files(), 1, "what was written down on the way is gone");
    let file = fs::File::open(stage.folder.path().join("exports").join(ready.stored_as())).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(&format!("pictures/{logo}.png")).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, [2; 20]);
    let mut read = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let campaigns: serde_json::Value = serde_json::from_str(&read("campaigns.json")).unwrap();
    assert_eq!(campaigns.as_array().unwrap().len(), 2);
    assert_eq!(campaigns[0]["title"], "=1+1");
    let sheet = read("campaigns.csv");
    let mut lines = csv::Reader::from_reader(sheet.as_bytes());
    let at = lines.headers().unwrap().iter().position(|name| name == "title").unwrap();
    let titles: Vec<String> = lines.records().map(|record| record.unwrap()[at].to_owned()).collect();
    assert!(titles.contains(&"'=1+1".to_owned()) && titles.len() == 2, "{titles:?}");
    assert!(read("account.json").contains("acme@example.com") && read("audit.csv").contains("DraftCampaign"));
    assert_eq!((read("messages.json"), read("messages.csv")), ("[\n]\n".to_owned(), String::new()));
    assert!(read("README.txt").contains("as of 2026-03-02T09:00:30Z"));
}
