//! Two years of a clock that runs faster, in several zones, with restarts, days of downtime and two workers: each period once.

use super::*;
use crate::queue::DeadLetter;
use jiff::{SignedDuration, ToSpan, civil::date};
use std::collections::BTreeSet;

fn is_left_out(day: Date, zone: &TimeZone) -> bool {
    day.to_datetime(time(12, 0, 0, 0)).to_zoned(zone.clone()).unwrap().date() != day
}

/// One worker's view of one regular thing.
struct Looker {
    regular: Regular,
    known: Option<Date>,
}

impl Looker {
    fn new(rhythm: Rhythm) -> Self {
        Self { regular: Regular { name: "regular", rhythm, job: |day| Job::Check { day } }, known: None }
    }

    async fn look(&mut self, queue: &Queue, now: Timestamp, zone: &TimeZone) -> Vec<Date> {
        self.regular.begin(queue, &mut self.known, now, zone).await.unwrap()
    }
}

/// Everything that was begun, with when, by two workers that look now and then, are restarted now and then, and are both down
/// for three days every seven weeks.
async fn run(rhythm: Rhythm, zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<(Date, Timestamp)> {
    let queue = Queue::in_memory().await.unwrap();
    let mut lookers = [Looker::new(rhythm), Looker::new(rhythm)];
    let (mut now, mut begun, mut chance) = (from, Vec::new(), 7_u64);
    let mut down_at = from + SignedDuration::from_hours(7 * 7 * 24);
    while now < to {
        let first = usize::from(chance.is_multiple_of(2));
        let [one, other] = &mut lookers;
        let (ones, others) = if first == 0 {
            tokio::join!(one.look(&queue, now, zone), other.look(&queue, now, zone))
        } else {
            tokio::join!(other.look(&queue, now, zone), one.look(&queue, now, zone))
        };
        begun.extend(ones.into_iter().chain(others).map(|period| (period, now)));
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if chance % 97 == 3 {
            lookers[first] = Looker::new(rhythm);
        }
        now += SignedDuration::from_mins(1 + i64::try_from((chance >> 33) % 58).unwrap());
        if now >= down_at {
            lookers = [Looker::new(rhythm), Looker::new(rhythm)];
            now += SignedDuration::from_hours(72);
            down_at = now + SignedDuration::from_hours(7 * 7 * 24);
        }
    }
    assert_eq!(queue.stock().await.unwrap().waiting, begun.len() as u64, "what was begun was pushed, and nothing else");
    assert_eq!(queue.dead_letters(1).await.unwrap(), Vec::<DeadLetter>::new());
    begun
}

/// R-12, T-clock.
#[tokio::test]
async fn each_day_is_begun_once_in_two_years_of_restarts_and_downtime_in_every_zone() {
    for (name, year) in [
        ("Europe/Berlin", 2023),
        ("America/New_York", 2026),
        ("America/Santiago", 2026),
        ("Pacific/Apia", 2011),
        ("Asia/Kolkata", 2027),
        ("Africa/Casablanca", 2025),
        ("Australia/Lord_Howe", 2026),
    ] {
        let zone = TimeZone::get(name).unwrap();
        for rhythm in [time(18, 0, 0, 0), time(2, 30, 0, 0), time(0, 0, 0, 0)].map(Rhythm::Daily) {
            let start = date(year, 1, 1).to_zoned(zone.clone()).unwrap().timestamp();
            let end = date(year + 2, 1, 1).to_zoned(zone.clone()).unwrap().timestamp();
            let begun = run(rhythm, &zone, start, end).await;
            let days: BTreeSet<Date> = begun.iter().map(|(day, _)| *day).collect();
            assert_eq!(days.len(), begun.len(), "{name} {rhythm:?}: some day was begun twice");
            // Three days of silence every 52 cost two or three turns, and no more: the last of them is made up for.
            let mut missed = 0;
            let mut day = days.first().copied().unwrap();
            while day < *days.last().unwrap() {
                if !is_left_out(day, &zone) {
                    missed += usize::from(!days.contains(&day));
                }
                assert!(!is_left_out(day, &zone) || !days.contains(&day), "{name}: there was no {day}");
                day = day.tomorrow().unwrap();
            }
            assert!((2 * 13..=3 * 14).contains(&missed), "{name} {rhythm:?}: {missed} were missed");
            for (day, at) in &begun {
                let late = at.duration_since(rhythm.moment(*day, &zone).unwrap());
                assert!(late >= SignedDuration::ZERO && late <= SignedDuration::from_hours(25), "{name} {day}: {late:?}");
            }
        }
    }
}

#[tokio::test]
async fn each_month_is_begun_once_and_none_is_left_out() {
    for name in ["Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata", "Africa/Casablanca"] {
        let zone = TimeZone::get(name).unwrap();
        let start = date(2026, 12, 5).to_zoned(zone.clone()).unwrap().timestamp();
        let end = date(2028, 12, 5).to_zoned(zone.clone()).unwrap().timestamp();
        let begun = run(Rhythm::Monthly(time(0, 30, 0, 0)), &zone, start, end).await;
        let months: Vec<Date> = begun.into_iter().map(|(month, _)| month).collect();
        let expected: Vec<Date> = (0..24).map(|number| date(2026, 12, 1) + number.months()).collect();
        assert_eq!(months, expected, "{name}");
    }
}

#[tokio::test]
async fn a_new_installation_owes_nothing_and_a_clock_that_goes_back_and_forth_begins_nothing_twice() {
    let queue = Queue::in_memory().await.unwrap();
    let mut looker = Looker::new(Rhythm::Daily(time(18, 0, 0, 0)));
    let mut begun = Vec::new();
    for moment in ["02T19:00", "03T17:59", "03T18:00", "03T17:00", "03T18:30", "02T18:30", "04T18:00", "04T17:00", "05T18:00"] {
        let now = format!("2026-03-{moment}:00Z").parse().unwrap();
        begun.extend(looker.look(&queue, now, &TimeZone::UTC).await);
        begun.extend(Looker::new(Rhythm::Daily(time(18, 0, 0, 0))).look(&queue, now, &TimeZone::UTC).await);
    }
    assert_eq!(begun, [date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]);
}

#[test]
fn a_minute_is_named_by_its_beginning() {
    for (now, minute) in [
        ("2026-03-01T12:00:59.999Z", "2026-03-01T12:00:00Z"),
        ("2026-03-01T12:01:00Z", "2026-03-01T12:01:00Z"),
        ("1969-12-31T23:59:30Z", "1969-12-31T23:59:00Z"),
    ] {
        assert_eq!(minute_of(now.parse().unwrap()).to_string(), minute);
    }
}
