//! What follows for installations of all sizes.

use super::{costs::Cost, head::Head};

/// Size 1: as many accounts as one machine serves at ease.
const ACCOUNTS: f64 = 100_000.0;
/// The busiest hour has so many times the requests of the average one.
const PEAK: f64 = 3.0;
const DAY: f64 = 86_400.0;
/// What the search indexes of a node take for each account, in bytes, and how long reading one takes at a start, in seconds: by
/// `cargo bench -p benches --bench start`, 310 MiB less the 94 MiB of an empty server, and 2 s, for 100,000.
const INDEX: f64 = 2_260.0;
const START: f64 = 2e-5;
/// What a row takes in the database besides key and value: the row's head, its place in the primary key's index, free space.
const ROW: f64 = 90.0;

/// A node should hold its index in this, in gigabytes, and start within this, in seconds.
const MEMORY: f64 = 16.0;
const PATIENCE: f64 = 120.0;
/// Round trips a second that a server of eight cores answers, as measured by `postgres` for two cores, times four.
const TRIPS: f64 = 60_000.0;
/// How full a head should be at the busiest hour.
const FULL: f64 = 0.6;

/// What operations cost, and commits.
pub struct Model {
    pub costs: Vec<Cost>,
    pub head: Head,
}

/// What an installation does in its busiest hour.
pub struct Load {
    pub accounts: f64,
    pub pages: f64,
    pub trips: f64,
    pub commits: f64,
    /// Written; what replaces something else adds nothing to what is kept.
    pub gigabytes_a_year: f64,
    pub index_gigabytes: f64,
    pub start_seconds: f64,
}

impl Model {
    /// So many times the first size.
    pub fn load(&self, size: f64) -> Load {
        let accounts = size * ACCOUNTS;
        let a_day = |what: fn(&Cost) -> f64| accounts * self.costs.iter().map(|cost| cost.a_day * what(cost)).sum::<f64>();
        let peak = |a_day: f64| PEAK * a_day / DAY;
        let written = a_day(|cost| cost.bytes as f64 + ROW * cost.rows as f64);
        Load {
            accounts,
            pages: peak(a_day(|_| 1.0)),
            trips: peak(a_day(|cost| cost.trips as f64)),
            commits: peak(a_day(|cost| cost.commits as f64)),
            gigabytes_a_year: 365.0 * written / 1e9,
            index_gigabytes: accounts * INDEX / 1e9,
            start_seconds: accounts * START,
        }
    }

    /// How many heads its commits need.
    pub fn heads_for(&self, load: &Load) -> usize {
        let heads = (load.commits / (FULL * self.head.most())).ceil().max(1.0);
        // A few; a float holds them exactly.
        (1_usize..1 << 16).find(|number| *number as f64 >= heads).unwrap_or(1 << 16)
    }
}

impl Load {
    /// What gives way first.
    pub fn first_limit(&self, model: &Model) -> &'static str {
        let strains = [
            (self.commits / (FULL * model.head.most()), "the queue of commits"),
            (self.trips / TRIPS, "the database's reads"),
            (self.index_gigabytes / MEMORY, "the memory of the search indexes"),
            (self.start_seconds / PATIENCE, "the start of a node"),
        ];
        let most = strains.into_iter().max_by(|one, other| one.0.total_cmp(&other.0));
        most.filter(|(strain, _)| *strain > 1.0).map_or("nothing yet", |(_, what)| what)
    }
}
