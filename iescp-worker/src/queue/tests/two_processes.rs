//! Two workers, each a process of its own, on one queue of either kind: killed and frozen at random while they do a thousand jobs, one of which
//! takes down whoever runs it. Each job's effect is a file that can be made once.
//!
//! The order of what befalls them follows from a seed, which is printed; `IESCP_SEED` sets it.

use super::{dying::Process, *};
use std::{
    fs::OpenOptions,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Instant, SystemTime},
};

const JOBS: usize = 1000;

/// How often something befalls a worker.
const BLOWS: usize = 24;

/// the job of a worker that died runs again within this.
const ORPHANED_FOR: Duration = Duration::from_secs(30);

fn hardy() -> QueueSettings {
    QueueSettings { attempts: 6, backoff: Duration::from_millis(50), ..quick() }
}

/// Does jobs whose effects are files in a folder.
struct Sink(PathBuf);

impl Work for Sink {
    async fn perform(&self, body: Value) -> Result<(), Failure> {
        let name = body["name"].as_str().unwrap();
        if body["do"] == "take the process down" {
            std::process::abort();
        }
        if body["do"] == "meet" {
            return self.meet().await;
        }
        let half = Duration::from_millis(body["millis"].as_u64().unwrap() / 2);
        tokio::time::sleep(half).await;
        let mut runs = OpenOptions::new().append(true).create(true).open(self.0.join("runs")).unwrap();
        writeln!(runs, "{name}").unwrap();
        // An effect that is there already was recorded by an earlier run, whose end the queue did not hear of.
        let _there = OpenOptions::new().write(true).create_new(true).open(self.0.join("effects").join(name));
        tokio::time::sleep(half).await;
        Ok(())
    }

    fn ended(&self, _: &Value, _: Outcome) {}

    fn restarted(&self) {}
}

impl Sink {
    /// Ends when both processes have come here.
    async fn meet(&self) -> Result<(), Failure> {
        let met = self.0.join("met");
        std::fs::create_dir_all(&met).unwrap();
        std::fs::write(met.join(std::process::id().to_string()), "").unwrap();
        while std::fs::read_dir(&met).unwrap().count() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

/// One of the two processes: works until it is killed.
#[tokio::test]
async fn a_worker_alone() {
    let Ok(folder) = std::env::var("IESCP_TEST_SINK") else { return };
    let folder = PathBuf::from(folder);
    let queue = place::open(&std::env::var("IESCP_TEST_QUEUE").unwrap()).await;
    queue.work(Arc::new(Sink(folder)), hardy(), &Stop::new()).await;
}

/// Chances that follow from a seed (SplitMix64).
struct Chances(u64);

impl Chances {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Starts the workers again when they go down, as whatever keeps services up does.
struct Keeper<'a> {
    place: &'a Place,
    queue: &'a Queue,
    workers: [Process; 2],
    thaw_at: [Option<Instant>; 2],
    /// Rows that a worker held when it went down: by whom, and since when.
    orphans: BTreeMap<String, (String, Instant)>,
    longest: Duration,
    downs: usize,
}

impl<'a> Keeper<'a> {
    fn new(place: &'a Place, queue: &'a Queue) -> Self {
        let workers = [spawn(place), spawn(place)];
        Self { place, queue, workers, thaw_at: [None; 2], orphans: BTreeMap::new(), longest: Duration::ZERO, downs: 0 }
    }

    async fn kill(&mut self, which: usize) {
        self.workers[which].0.kill().unwrap();
        self.workers[which].0.wait().unwrap();
        self.revive(which).await;
    }

    fn freeze(&mut self, which: usize, time: Duration) {
        if self.thaw_at[which].is_none() {
            self.signal(which, "-STOP");
            self.thaw_at[which] = Some(Instant::now() + time);
        }
    }

    fn thaw(&mut self, all: bool) {
        for which in 0..2 {
            if self.thaw_at[which].is_some_and(|at| all || at <= Instant::now()) {
                self.signal(which, "-CONT");
                self.thaw_at[which] = None;
            }
        }
    }

    fn signal(&self, which: usize, signal: &str) {
        let process = self.workers[which].0.id().to_string();
        assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
    }

    /// Notes which jobs a worker leaves behind, and starts another in its place.
    async fn revive(&mut self, which: usize) {
        let process = format!("-{}-", self.workers[which].0.id());
        for (row, held_by) in self.held().await {
            if held_by.contains(&process) {
                self.orphans.insert(row, (held_by, Instant::now()));
            }
        }
        self.downs += 1;
        self.thaw_at[which] = None;
        self.workers[which] = spawn(self.place);
    }

    async fn held(&self) -> BTreeMap<String, String> {
        let held = self.queue.sql(
            "SELECT id || ' ' || lock_by FROM Jobs WHERE status IN ('Queued', 'Running')",
            "SELECT id || ' ' || lock_by FROM apalis.jobs WHERE status IN ('Queued', 'Running')",
        );
        let two = |held: String| held.split_once(' ').map(|(row, by)| (row.to_owned(), by.to_owned()));
        held.await.into_iter().filter_map(two).collect()
    }

    /// Looks around: who is down by themselves, which orphans have been taken.
    async fn look(&mut self) {
        for which in 0..2 {
            if self.workers[which].0.try_wait().unwrap().is_some() {
                self.revive(which).await;
            }
        }
        self.thaw(false);
        let held = self.held().await;
        let longest = &mut self.longest;
        self.orphans.retain(|row, (by, since)| {
            let waits = held.get(row) == Some(by);
            *longest = (*longest).max(since.elapsed());
            waits
        });
    }
}

fn spawn(place: &Place) -> Process {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "queue::tests::two_processes::a_worker_alone"]);
    command.env("IESCP_TEST_SINK", place.folder()).env("IESCP_TEST_QUEUE", place.name());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Process(command.spawn().unwrap())
}

fn jobs(chances: &mut Chances) -> Vec<NewJob> {
    let mut jobs: Vec<NewJob> = (0..JOBS)
        .map(|number| {
            let name = format!("job-{number:04}");
            let millis = if number % 200 == 7 { 600 } else { chances.below(60) };
            NewJob { body: json!({ "do": "effect", "name": name, "millis": millis }), key: name, tries: None }
        })
        .collect();
    jobs.insert(100, job("poison", "take the process down"));
    jobs
}

on_both! { two_workers_that_are_killed_and_frozen_lose_nothing_and_double_nothing }

async fn two_workers_that_are_killed_and_frozen_lose_nothing_and_double_nothing(place: Place) {
    let seed = std::env::var("IESCP_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs());
    println!("IESCP_SEED={seed}");
    let mut chances = Chances(seed);
    let queue = place.open().await;
    std::fs::create_dir(place.at("effects")).unwrap();
    queue.push(jobs(&mut chances)).await.unwrap();

    let (began, mut blows) = (Instant::now(), 0);
    let mut next = began + Duration::from_millis(500);
    let mut keeper = Keeper::new(&place, &queue);
    loop {
        keeper.look().await;
        let stock = queue.stock().await.unwrap();
        if stock.waiting + stock.running == 0 && keeper.orphans.is_empty() {
            break;
        }
        if blows < BLOWS && Instant::now() >= next {
            next = Instant::now() + Duration::from_millis(200 + chances.below(600));
            blows += 1;
            let which = usize::try_from(chances.below(2)).unwrap();
            match chances.below(5) {
                0..=2 => keeper.kill(which).await,
                _ => keeper.freeze(which, Duration::from_millis(200 + chances.below(3500))),
            }
        }
        assert!(began.elapsed() < 4 * PATIENCE, "it does not end: {stock:?}, {:?}", keeper.orphans);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    keeper.thaw(true);
    let runs = std::fs::read_to_string(place.at("runs")).unwrap().lines().count();
    println!(
        "{JOBS} jobs in {:.1?}: {runs} runs, {blows} blows, {} downs, the longest orphan waited {:.1?}",
        began.elapsed(),
        keeper.downs,
        keeper.longest
    );

    // Nothing is lost, and each effect is there once.
    let mut effects: Vec<String> = std::fs::read_dir(place.at("effects"))
        .unwrap()
        .map(|effect| effect.unwrap().file_name().into_string().unwrap())
        .collect();
    effects.sort();
    assert_eq!(effects, (0..JOBS).map(|number| format!("job-{number:04}")).collect::<Vec<_>>());
    // The one that takes workers down is given up, and no other.
    let dead = queue.dead_letters(10).await.unwrap();
    let told: Vec<_> = dead.iter().map(|dead| (dead.key.as_str(), dead.reason.as_str())).collect();
    assert_eq!(told, [("poison", "it took down the worker that ran it, every time")]);
    // What a dead worker held was taken up in time.
    assert!(keeper.longest <= ORPHANED_FOR, "{:?}", keeper.longest);
    // Both are alive: none of them can do all of these without the other.
    queue.push((0..=hardy().at_once).map(|number| job(&format!("meet-{number}"), "meet")).collect()).await.unwrap();
    let (downs, met) = (keeper.downs, Instant::now());
    loop {
        keeper.look().await;
        let stock = queue.stock().await.unwrap();
        if stock.waiting + stock.running == 0 {
            break;
        }
        assert!(met.elapsed() < PATIENCE, "they do not meet: {stock:?}, {:?}", keeper.held().await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(keeper.downs, downs, "a worker went down by itself");
}
