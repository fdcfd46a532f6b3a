//! The monthly reports of a thousand sponsors, made and set as HTML and as PDF into a folder, as reports a second, beside a loop that
//! only sets them.
//!
//! `cargo bench -p benches --bench reports` (`-- 50` for so many). Two things at once, as on two cores.

use benches::{PASSWORD, account, admin, campaign_input, many};
use futures_util::{StreamExt, TryStreamExt, stream};
use iescp_core::{
    Actor, ManualClock, Platform, Settings,
    campaign::{DraftCampaign, PublishCampaign},
    collaboration::{ApproveWork, ReportResults, ResultsInput, SubmitWork, SubmittedWorkInput},
    id::{AccountId, CampaignId},
    report::{MakeMonthlyReport, MonthlyReport, ReportMonth},
    request::{AcceptOffer, Apply, DeliverableInput, OfferInput},
    settings::{Funding, Passwords},
    store::MemoryStore,
};
use iescp_worker::{report_as_html, report_as_pdf};
use jiff::SignedDuration;
use std::{error::Error, fs, path::Path, sync::Arc, time::Instant};
use tempfile::TempDir;

/// How many sponsors there are, if the command line does not say.
const SPONSORS: usize = 1000;
const INFLUENCERS: usize = 20;
/// Campaigns, and pieces of work, of each sponsor.
const CAMPAIGNS: usize = 3;
const AT_ONCE: usize = 2;

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let clock = ManualClock::at("2030-01-05T12:00:00Z".parse()?);
    let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
    let mut settings = Settings { funding: Funding::Planned, passwords, ..Settings::default() };
    settings.caps.requests = u32::MAX;
    let platform = Platform::over(Arc::new(MemoryStore::new())).clock(clock.clone()).settings(settings).open()?;
    let sponsors = market(&platform).await?;
    clock.advance(SignedDuration::from_hours(31 * 24));
    let month = ReportMonth::parse("2030-01").ok_or("no month")?;
    let folder = TempDir::new()?;

    let begun = Instant::now();
    let made: Vec<MonthlyReport> = stream::iter(sponsors)
        .map(|account| {
            let (platform, folder) = (platform.clone(), folder.path().to_owned());
            async move {
                let report = platform.run(&Actor::system("bench"), MakeMonthlyReport { account, month }).await?;
                let Some(report) = report else { return Ok(None) };
                let (set, settings) = (report.clone(), platform.settings().clone());
                tokio::task::spawn_blocking(move || put(&set, &settings, &folder)).await.map_err(std::io::Error::other)?;
                Ok::<_, Box<dyn Error>>(Some(report))
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_filter_map(|report| async move { Ok(report) })
        .try_collect()
        .await?;
    let whole = begun.elapsed();
    let files = fs::read_dir(folder.path())?.count();
    let bytes: u64 = fs::read_dir(folder.path())?.filter_map(|file| Some(file.ok()?.metadata().ok()?.len())).sum();

    let begun = Instant::now();
    let settings = platform.settings();
    let mut set = 0;
    for report in &made {
        set += report_as_html(report, settings).len() + report_as_pdf(report, settings)?.len();
    }
    let alone = begun.elapsed();
    let rate = |time: std::time::Duration| made.len() as f64 / time.as_secs_f64();
    println!(
        "reports: {} made and set as {files} files of {bytes} bytes in {whole:.2?}: {:.0}/s; only set, one after another: {:.0}/s ({set} bytes)",
        made.len(),
        rate(whole),
        rate(alone)
    );
    Ok(())
}

/// Sets a report into the folder.
fn put(report: &MonthlyReport, settings: &Settings, folder: &Path) {
    let name = report.account.to_string();
    let written = fs::write(folder.join(format!("{name}.html")), report_as_html(report, settings)).and_then(|()| {
        let pdf = report_as_pdf(report, settings).map_err(std::io::Error::other)?;
        fs::write(folder.join(format!("{name}.pdf")), pdf)
    });
    if let Err(why) = written {
        eprintln!("a report was not written: {why}");
    }
}

/// Sponsors with campaigns and work that is done and reported of.
async fn market(platform: &Platform) -> Result<Vec<AccountId>, Box<dyn Error>> {
    assert!(PASSWORD.len() > 15, "accounts have one password");
    let admin = admin(platform).await?;
    let mut influencers = Vec::new();
    for number in 0..INFLUENCERS {
        influencers.push(account(platform, admin, "influencer", &format!("maker{number}")).await?);
    }
    let influencers = &influencers;
    let sponsors = stream::iter(0..many(SPONSORS)).map(|number| async move {
        let sponsor = account(platform, admin, "sponsor", &format!("house{number}")).await?;
        for at in 0..CAMPAIGNS {
            let input = campaign_input(&format!("House {number}, campaign {at}"));
            let campaign = platform.run(&Actor::account(sponsor), DraftCampaign { input }).await?.campaign.id;
            platform.run(&Actor::account(sponsor), PublishCampaign { campaign }).await?;
            if let Some(influencer) = influencers.get((number + at) % INFLUENCERS) {
                work(platform, sponsor, *influencer, campaign).await?;
            }
        }
        Ok::<_, Box<dyn Error>>(sponsor)
    });
    sponsors.buffer_unordered(16).try_collect().await
}

async fn work(
    platform: &Platform,
    sponsor: AccountId,
    influencer: AccountId,
    campaign: CampaignId,
) -> Result<(), Box<dyn Error>> {
    let (payer, maker) = (Actor::account(sponsor), Actor::account(influencer));
    let deliverables = vec![DeliverableInput { format: "reel".into(), platform: "instagram".into(), count: 2, due: None }];
    let offer = OfferInput { amount: 250_000, deliverables, due: "2030-01-20".into(), ..OfferInput::default() };
    let request = platform.run(&maker, Apply { campaign, offer }).await?.request.id;
    let accepted = platform.run(&payer, AcceptOffer { request, offer: 1, signed: "Sam House".into() }).await?;
    let collaboration = accepted.collaboration.ok_or("nothing was agreed")?;
    let works = vec![SubmittedWorkInput { deliverable: 0, url: "https://example.com/reel".into() }];
    let submit = SubmitWork { collaboration, works, note: String::new(), label_shown: true, proofs: Vec::new() };
    platform.run(&maker, submit).await?;
    platform.run(&payer, ApproveWork { collaboration }).await?;
    let input = ResultsInput { views: Some(12_345), clicks: Some(321), source: "the platform".into(), ..ResultsInput::default() };
    platform.run(&maker, ReportResults { collaboration, input }).await?;
    Ok(())
}
