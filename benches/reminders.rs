//! The daily reminder of 10,000 influencers, each with an invitation to answer: from the moment of its turn until all of it is in a
//! local sink and kept, beside a loop that only writes the same mails.
//!
//! `cargo bench -p benches --bench reminders` (`-- 500` for so many). The store is sled's and the queue is SQLite's, both on the disk. The sinks are one
//! that takes each mail's bytes and drops them, and a folder of files, each of which is synced.

use benches::{account, admin, campaign, many};
use futures_util::{StreamExt, TryStreamExt, stream};
use iescp_core::{
    Actor, Clock, ManualClock, Platform, Settings,
    account::{Purpose, Role, VerifyEmail},
    moderation::audit::SealAudit,
    outbox::{Letter, ListOutbox, OutboxItem, RemoveFromOutbox},
    report::{FindReminders, Reminder},
    request::{DeliverableInput, Invite, OfferInput},
    run_due,
    settings::{Funding, Passwords},
    store::{SledOptions, SledStore},
};
use iescp_worker::{Figures, Files, FolderMailer, Mail, Mailer, Queue, Sender, Sending, Settings as How, Worker};
use jiff::{SignedDuration, civil::date};
use std::{
    error::Error,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// How many influencers there are, if the command line does not say.
const PEOPLE: usize = 10_000;
const AT_ONCE: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let (directory, people) = (tempfile::tempdir()?, many(PEOPLE));
    let clock = ManualClock::at("2030-01-07T12:00:00Z".parse()?);
    let platform = platform(directory.path(), clock.clone())?;
    let begun = Instant::now();
    fill(&platform, people).await?;
    println!("{people} influencers were made and invited in {:.0?}", begun.elapsed());

    let only = rendered(&platform, directory.path(), people).await?;
    println!("only writing: {people} mails in {only:.2?}, {:.0}/s", rate(people, only));
    let sink = Arc::new(Sink::default());
    reminded("into memory", people, &platform, &clock, directory.path(), Arc::clone(&sink) as Arc<dyn Mailer>, only).await?;
    println!("  {} bytes of mail", sink.0.load(Ordering::Relaxed));
    let folder = directory.path().join("mail");
    reminded("into a folder", people, &platform, &clock, directory.path(), Arc::new(FolderMailer::open(&folder)?), only).await?;
    println!("  {} files", std::fs::read_dir(&folder)?.count());
    Ok(())
}

fn rate(people: usize, took: Duration) -> f64 {
    people as f64 / took.as_secs_f64()
}

fn platform(directory: &Path, clock: ManualClock) -> Result<Platform, Box<dyn Error>> {
    let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
    let mut settings = Settings { funding: Funding::Planned, passwords, ..Settings::default() };
    settings.caps.requests = u32::MAX;
    settings.caps.registrations_from = u32::MAX;
    let store = Arc::new(SledStore::open(directory.join("store"), SledOptions::default())?);
    Ok(Platform::over(store).clock(clock).settings(settings).open()?)
}

/// Influencers whose addresses are proven, each invited to the same campaign.
async fn fill(platform: &Platform, people: usize) -> Result<(), Box<dyn Error>> {
    let admin = admin(platform).await?;
    let sponsor = account(platform, admin, "sponsor", "sponsor").await?;
    let campaign = campaign(platform, sponsor, "Quiet shoes").await?;
    let one = |number: usize| {
        let platform = platform.clone();
        let making = async move {
            let influencer = account(&platform, admin, "influencer", &format!("influencer-{number}")).await?;
            let work = DeliverableInput { format: "reel".into(), platform: "instagram".into(), count: 1, due: None };
            let offer =
                OfferInput { amount: 40_000, deliverables: vec![work], due: "2030-02-01".into(), ..OfferInput::default() };
            platform.run(&Actor::account(sponsor), Invite { campaign, influencer, offer }).await.map(drop)
        };
        async move { tokio::spawn(making).await?.map_err(Box::<dyn Error>::from) }
    };
    stream::iter((0..people).map(one)).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    prove(platform).await?;
    // What the making left to do is not the reminder's.
    while platform.run(&Actor::system("bench"), SealAudit {}).await?.more {}
    Ok(())
}

/// Follows the link in each letter that waits, and takes all of them out.
async fn prove(platform: &Platform) -> Result<(), Box<dyn Error>> {
    let worker = Actor::system("bench");
    loop {
        let waiting = platform.run(&worker, ListOutbox { limit: usize::MAX, after: None }).await?.letters;
        if waiting.is_empty() {
            return Ok(());
        }
        for item in &waiting {
            if let Letter::VerifyEmail { link, .. } = &item.letter {
                let token = Purpose::VerifyEmail.token(platform.secret(), *link);
                platform.run(&Actor::visitor(), VerifyEmail { token }).await?;
            }
        }
        platform.run(&worker, RemoveFromOutbox { letters: waiting.iter().map(OutboxItem::place).collect() }).await?;
    }
}

/// How long it takes to write the mails, when they are found already.
async fn rendered(platform: &Platform, directory: &Path, people: usize) -> Result<Duration, Box<dyn Error>> {
    let day = date(2030, 1, 7);
    let (mut all, mut after): (Vec<Reminder>, _) = (Vec::new(), None);
    loop {
        let find = FindReminders { day, role: Role::Influencer, after, limit: 200 };
        let found = platform.run(&Actor::system("bench"), find).await?;
        all.extend(found.due);
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    if all.len() != people {
        return Err(format!("{} are to be reminded, not {people}", all.len()).into());
    }
    let worker = worker(platform, directory, Arc::new(Sink::default())).await?;
    let begun = Instant::now();
    let mut bytes = 0;
    for reminder in &all {
        bytes += worker.write_reminder(day, reminder)?.message().formatted().len();
    }
    let took = begun.elapsed();
    println!("a mail has {} bytes", bytes / people.max(1));
    Ok(took)
}

async fn worker(platform: &Platform, directory: &Path, mailer: Arc<dyn Mailer>) -> Result<Worker, Box<dyn Error>> {
    let queue = Queue::open(directory.join("queue.sqlite")).await?;
    let how = How { tick: Duration::from_millis(20), ..How::new(Sender::parse("no-reply@iescp.example")?, Files::passing()?) };
    Ok(Worker::new(platform.clone(), queue, mailer, "https://iescp.example", how))
}

/// Lets a day pass until the reminder's turn, and waits until everybody was reminded.
async fn reminded(
    called: &str,
    people: usize,
    platform: &Platform,
    clock: &ManualClock,
    directory: &Path,
    mailer: Arc<dyn Mailer>,
    only: Duration,
) -> Result<(), Box<dyn Error>> {
    let worker = worker(platform, directory, mailer).await?;
    let (figures, desk): (Arc<Figures>, _) = (worker.figures(), worker.desk());
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(worker.run(async { drop(stopped.await) }));
    // A first look notes what is not owed any more; then everything else that waits is done.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let now = clock.now();
    let next = desk.regular(now).await?.into_iter().filter(|turn| turn.name == "daily-reminder").find_map(|turn| turn.next);
    let at = next.ok_or("no reminder is to come")?.1;
    // What else is due by then was done minute by minute.
    clock.advance(at.duration_since(now) - SignedDuration::from_mins(1));
    while run_due(platform, 500).await?.more {}
    clock.advance(SignedDuration::from_secs(61));
    let begun = Instant::now();
    while figures.counts().reminded < people as u64 || desk.stock().await?.running > 0 {
        if begun.elapsed() > Duration::from_secs(600) {
            return Err(format!("only {} were reminded", figures.counts().reminded).into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = begun.elapsed();
    drop(stop);
    running.await?;
    println!(
        "{called}: {people} reminded in {took:.2?}, {:.0}/s; {:.1} times as long as only writing",
        rate(people, took),
        took.as_secs_f64() / only.as_secs_f64()
    );
    Ok(())
}

/// Takes a mail's bytes and drops them.
#[derive(Default)]
struct Sink(AtomicUsize);

impl Mailer for Sink {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(async move {
            self.0.fetch_add(mail.message().formatted().len(), Ordering::Relaxed);
            Ok(())
        })
    }
}
