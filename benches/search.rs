//! Search: what any single filter and any pair of filters cost, in every order, at 100,000 documents beside 1,000.
//!
//! `cargo bench -p benches --bench search`, with `-- --million` for a third size. The documents are made up, always the same, and no two
//! filters go together: that is the harder case for pairs.

use iescp_core::search::{AnyOf, Document, Facet, Index, MISSING, Query, Range, Sort};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};
use uuid::Uuid;

const FIELDS: [(u8, usize); 4] = [(0, 20), (1, 8), (2, 12), (3, 60)];
const COLUMNS: [&str; 5] = ["followers", "rating", "rate", "newest", "engagement"];

fn main() {
    let mut sizes = vec![1_000, 100_000];
    if std::env::args().any(|argument| argument == "--million") {
        sizes.push(1_000_000);
    }
    let mut base = None;
    for size in sizes {
        let mut random = Random(42);
        let documents: Vec<_> = (0..size).map(|number| document(number, size, &mut random)).collect();
        let (start, before) = (Instant::now(), resident());
        let index = Index::build(COLUMNS.len(), 0, documents);
        println!("{size} documents: built in {:?}, {} MiB resident, {before} MiB before", start.elapsed(), resident());
        let mut costs = measure(&index);
        costs.sort_by_key(|(cost, _)| *cost);
        let at = |share: f64| costs.get(((costs.len() - 1) as f64 * share) as usize).map_or(Duration::ZERO, |(cost, _)| *cost);
        let median = at(0.5);
        println!("  {} queries: median {median:?}, 90 of 100 within {:?}, 99 within {:?}", costs.len(), at(0.9), at(0.99));
        println!(
            "  median beside that at 1,000 documents: {:.2}",
            median.as_secs_f64() / base.get_or_insert(median).as_secs_f64()
        );
        for (cost, query) in costs.iter().rev().take(3) {
            println!("  among the worst: {cost:?} for {query:?}");
        }
        for (name, kind) in [("facets alone", Kind::Facets), ("ranges", Kind::Ranges), ("text", Kind::Text)] {
            let some: Vec<_> = costs.iter().filter(|(_, query)| kind == Kind::of(query)).map(|(cost, _)| *cost).collect();
            println!("  with {name}: {} queries, median {:?}", some.len(), some.get(some.len() / 2).copied().unwrap_or_default());
        }
        println!("  putting in, or taking out, one more: {:?}", change(index, size));
    }
}

/// What the dearest filter of a query is.
#[derive(PartialEq)]
enum Kind {
    Facets,
    Ranges,
    Text,
}

impl Kind {
    fn of(query: &Query) -> Self {
        match query {
            Query { text: Some(_), .. } => Self::Text,
            Query { ranges, .. } if !ranges.is_empty() => Self::Ranges,
            _ => Self::Facets,
        }
    }
}

/// The cost of each query: the least of some rounds, which is what it costs when nothing interferes.
fn measure(index: &Index) -> Vec<(Duration, Query)> {
    let mut costs = Vec::new();
    for query in queries() {
        let cost = (0..9).map(|_| {
            let start = Instant::now();
            for _ in 0..8 {
                black_box(index.find(black_box(&query)));
            }
            start.elapsed() / 8
        });
        costs.push((cost.min().unwrap_or_default(), query));
    }
    costs
}

/// Every filter alone, and with every filter of another kind, by every order.
fn queries() -> Vec<Query> {
    let filters = filters();
    let mut sorts = vec![Sort::Relevance];
    for column in 0..COLUMNS.len() {
        sorts.extend([true, false].map(|descending| Sort::Column { column, descending }));
    }
    let mut queries = Vec::new();
    for (kind, one) in &filters {
        let pairs = filters.iter().filter(|(other, _)| other > kind).map(|(_, other)| Query {
            facets: [one.facets.clone(), other.facets.clone()].concat(),
            ranges: [one.ranges.clone(), other.ranges.clone()].concat(),
            text: one.text.clone().or(other.text.clone()),
            ..Query::default()
        });
        for query in pairs.chain([one.clone()]) {
            queries.extend(sorts.iter().map(|sort| Query { sort: *sort, limit: 20, ..query.clone() }));
        }
    }
    queries
}

/// The filters people have, each of a kind, from common to rare.
fn filters() -> Vec<(usize, Query)> {
    let mut filters = Vec::new();
    for (field, values) in FIELDS {
        let groups = [vec![0], vec![values / 3], vec![values - 1], vec![1, values / 2]];
        let group = |values: Vec<usize>| AnyOf(values.into_iter().map(|value| facet(field, value)).collect());
        filters.extend(groups.map(|values| (usize::from(field), Query { facets: vec![group(values)], ..Query::default() })));
    }
    let ranges = [
        (0, Some(10_000), None),
        (0, Some(100_000), None),
        (0, Some(500_000), None),
        (0, Some(1_000), Some(1_500)),
        (1, Some(40), None),
        (1, Some(48), None),
        (2, None, Some(500)),
        (2, Some(1_000), Some(5_000)),
    ];
    for (column, min, max) in ranges {
        filters.push((FIELDS.len() + column, Query { ranges: vec![Range { column, min, max }], ..Query::default() }));
    }
    // A common word, one letter, two words of which the last is being typed, a word with a slip.
    let typed: String = word(5_000).chars().take(3).collect();
    for text in [word(7), "b".into(), format!("{} {typed}", word(123)), word(1_234).replace('f', "x")] {
        filters.push((FIELDS.len() + COLUMNS.len(), Query { text: Some(text), ..Query::default() }));
    }
    filters
}

fn document(number: usize, size: usize, random: &mut Random) -> Document {
    let followers = 100.0 * 10_f64.powf(random.share() * 4.0);
    let facets = FIELDS.map(|(field, values)| facet(field, random.skewed(values)));
    let numbers = vec![
        followers as i64,
        if random.below(10) < 3 { MISSING } else { 10 + random.below(41) as i64 },
        if random.below(10) < 2 { MISSING } else { followers as i64 / 10 * (50 + random.below(100) as i64) / 100 },
        1_700_000_000_000 + number as i64 * 977,
        random.below(10_000) as i64,
    ];
    let words: Vec<_> = (0..10).map(|_| word(random.skewed(20_000))).collect();
    let name = format!("{} {}{}", word(random.below(3_000)), word(random.below(size)), word(random.below(50)));
    let text = vec![(4, name), (1, words.join(" "))];
    Document { id: Uuid::from_u128(random.wide()), facets: facets.into(), numbers, text }
}

/// A word that can be spoken, of three syllables or more.
fn word(mut number: usize) -> String {
    let mut word = String::new();
    for length in 1.. {
        word.extend("bdfgklmnprstvz".chars().nth(number % 14));
        word.extend("aeiou".chars().nth(number / 14 % 5));
        number /= 70;
        if length >= 3 && number == 0 {
            break;
        }
    }
    word
}

fn facet(field: u8, value: usize) -> Facet {
    Facet::new(field, format!("value{value}"))
}

/// The median time of a change in a built index.
fn change(mut index: Index, size: usize) -> Duration {
    let mut random = Random(7);
    let mut costs: Vec<_> = (0..1_000)
        .map(|number| {
            let document = document(number, size, &mut random);
            let id = document.id;
            let start = Instant::now();
            index.insert(document);
            if number % 2 == 0 {
                index.remove(id);
            }
            start.elapsed()
        })
        .collect();
    costs.sort();
    costs.get(costs.len() / 2).copied().unwrap_or_default()
}

/// The process's memory, in MiB; zero where the system does not say.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(0) / 1024
}

/// Numbers that look random and are always the same (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.share() * end as f64) as usize
    }

    /// The first ones more often than the last.
    fn skewed(&mut self, end: usize) -> usize {
        (self.share() * self.share() * end as f64) as usize
    }
}
