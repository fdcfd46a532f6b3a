//! The queues of commits, event by event: arrivals at random, of sponsors of very different sizes, and groups that land one after
//! the other at each head.

use super::head::Head;
use std::collections::BinaryHeap;

/// How many commits are looked at.
const COMMITS: usize = 300_000;
const SPONSORS: u32 = 5_000;
/// A group takes no more.
const GROUP: usize = 1024;

/// What was seen.
pub struct Seen {
    /// From arrival to landing, in seconds.
    pub mean: f64,
    pub p99: f64,
    /// Whether the queue grew without end.
    pub grows: bool,
    /// How much of its time the fullest head worked.
    pub fullest: f64,
    /// How many commits touched two heads.
    pub across: f64,
}

/// So many commits a second, at so many heads.
pub fn run(head: Head, commits: f64, heads: usize) -> Seen {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let sizes = Sizes::new();
    let (mut now, mut across) = (0.0, 0_usize);
    let mut queues: Vec<Vec<(f64, bool)>> = vec![Vec::new(); heads];
    for _ in 0..COMMITS {
        now += -(1.0 - chance.unit()).ln() / commits;
        // Sponsors' campaigns, requests and money at one head, the influencer's lists and notices at another.
        let (sponsor, influencer) = (sizes.draw(&mut chance), chance.next());
        let (home, other) = (place(sponsor.into(), heads), place(influencer, heads));
        across += usize::from(home != other);
        for (at, counts) in [(home, true), (other, false)] {
            if let Some(queue) = queues.get_mut(at).filter(|_| counts || home != other) {
                queue.push((now, counts));
            }
        }
    }
    let (mut waits, mut fullest) = (BinaryHeap::new(), 0.0_f64);
    let mut halves = [(0.0, 0.0); 2];
    for queue in &queues {
        fullest = fullest.max(serve(head, queue, now, &mut |arrived, waited| {
            let half = halves.get_mut(usize::from(arrived > now / 2.0));
            if let Some(half) = half {
                *half = (half.0 + waited, half.1 + 1.0);
            }
            // Nanoseconds, so that they have an order.
            waits.push((waited * 1e9) as u64);
        }));
    }
    let [early, late] = halves.map(|(sum, number)| sum / f64::max(number, 1.0));
    let waits = waits.into_sorted_vec();
    let total: f64 = waits.iter().map(|waited| *waited as f64 / 1e9).sum();
    Seen {
        mean: total / waits.len().max(1) as f64,
        p99: waits.get(waits.len() * 99 / 100).map_or(0.0, |waited| *waited as f64 / 1e9),
        grows: late > 2.0 * early && late > 10.0 * head.first,
        fullest,
        across: across as f64 / COMMITS as f64,
    }
}

/// Lands all that comes to a head; how much of the time it works.
fn serve(head: Head, queue: &[(f64, bool)], end: f64, landed: &mut impl FnMut(f64, f64)) -> f64 {
    let (mut free, mut worked, mut next) = (0.0_f64, 0.0, 0);
    while let Some((first, _)) = queue.get(next) {
        let begins = free.max(*first);
        let group = queue.iter().skip(next).take(GROUP).take_while(|(arrived, _)| *arrived <= begins).count();
        let takes = head.group(group as f64);
        free = begins + takes;
        worked += takes;
        for (arrived, _) in queue.iter().skip(next).take(group).filter(|(_, counts)| *counts) {
            landed(*arrived, free - arrived);
        }
        next += group;
    }
    worked / end.max(free)
}

/// Sponsors of whom the nth does an nth of what the first does.
struct Sizes(Vec<f64>);

impl Sizes {
    fn new() -> Self {
        let mut sum = 0.0;
        let sums = (1..=SPONSORS).map(|rank| {
            sum += 1.0 / f64::from(rank);
            sum
        });
        Self(sums.collect())
    }

    fn draw(&self, chance: &mut Chance) -> u32 {
        let wanted = chance.unit() * self.0.last().copied().unwrap_or(1.0);
        u32::try_from(self.0.partition_point(|sum| *sum < wanted)).unwrap_or(0)
    }
}

fn place(key: u64, heads: usize) -> usize {
    let spread = key.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    usize::try_from(spread).unwrap_or(0) % heads.max(1)
}

/// Numbers by chance, the same in each run: xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators").
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
