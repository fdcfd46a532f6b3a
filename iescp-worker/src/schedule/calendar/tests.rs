use super::*;
use jiff::civil::{date, time};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

fn daily(hour: i8, minute: i8) -> Rhythm {
    Rhythm::Daily(time(hour, minute, 0, 0))
}

#[test]
fn a_day_s_turn_comes_at_its_time_on_the_wall_in_that_zone() {
    for (name, day, moment) in [
        ("UTC", date(2026, 3, 1), "2026-03-01T18:00:00Z"),
        ("Europe/Berlin", date(2026, 1, 15), "2026-01-15T17:00:00Z"),
        ("Europe/Berlin", date(2026, 7, 15), "2026-07-15T16:00:00Z"),
        ("America/New_York", date(2026, 7, 15), "2026-07-15T22:00:00Z"),
        ("Asia/Kolkata", date(2024, 2, 29), "2024-02-29T12:30:00Z"),
        ("Pacific/Apia", date(2026, 1, 1), "2026-01-01T05:00:00Z"),
    ] {
        assert_eq!(daily(18, 0).moment(day, &zone(name)), Some(at(moment)), "{name}");
    }
}

#[test]
fn a_time_that_summer_time_leaves_out_comes_as_much_later_and_one_that_comes_twice_comes_once() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(daily(2, 30).moment(date(2026, 3, 29), &berlin), Some(at("2026-03-29T01:30:00Z")));
    assert_eq!(daily(2, 30).moment(date(2026, 10, 25), &berlin), Some(at("2026-10-25T00:30:00Z")));
    // The clocks of Santiago skip midnight itself.
    assert_eq!(daily(0, 0).moment(date(2026, 9, 6), &zone("America/Santiago")), Some(at("2026-09-06T04:00:00Z")));
}

#[test]
fn a_day_that_a_zone_left_out_has_no_turn() {
    let apia = zone("Pacific/Apia");
    let rhythm = daily(18, 0);
    // Samoa went from the 29th to the 31st of December 2011.
    let before = rhythm.moment(date(2011, 12, 31), &apia).unwrap() - 1.second();
    assert_eq!(rhythm.latest(before, &apia), Some(date(2011, 12, 29)));
    assert_eq!(rhythm.next(before, &apia).unwrap().0, date(2011, 12, 30), "whose moment is that of the 31st");
    assert_eq!(rhythm.owed(date(2011, 12, 29), before + 1.second(), &apia), [date(2011, 12, 31)]);
}

#[test]
fn a_month_s_turn_comes_on_the_first_of_the_next() {
    let monthly = Rhythm::Monthly(time(6, 0, 0, 0));
    let berlin = zone("Europe/Berlin");
    assert_eq!(monthly.moment(date(2025, 12, 1), &berlin), Some(at("2026-01-01T05:00:00Z")));
    assert_eq!(monthly.latest(at("2026-01-01T04:59:59Z"), &berlin), Some(date(2025, 11, 1)));
    assert_eq!(monthly.latest(at("2026-01-01T05:00:00Z"), &berlin), Some(date(2025, 12, 1)));
    assert_eq!(monthly.next(at("2026-01-31T12:00:00Z"), &berlin), Some((date(2026, 1, 1), at("2026-02-01T05:00:00Z"))));
    assert_eq!(monthly.called(date(2025, 12, 1)), "2025-12");
    assert_eq!(daily(6, 0).called(date(2024, 2, 29)), "2024-02-29");
}

#[test]
fn after_a_silence_the_last_day_is_owed_and_every_month() {
    let now = at("2026-03-04T09:00:00Z");
    let utc = TimeZone::UTC;
    assert_eq!(daily(18, 0).owed(date(2026, 2, 27), now, &utc), [date(2026, 3, 3)]);
    assert_eq!(daily(18, 0).owed(date(2026, 3, 3), now, &utc), []);
    let monthly = Rhythm::Monthly(time(6, 0, 0, 0));
    assert_eq!(monthly.owed(date(2025, 11, 1), now, &utc), [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]);
    assert_eq!(monthly.owed(date(2026, 2, 1), now, &utc), []);
    assert_eq!(monthly.owed(date(1900, 1, 1), now, &utc).len(), MOST_OWED);
    // A clock that went back owes nothing.
    assert_eq!(daily(18, 0).owed(date(2026, 3, 9), now, &utc), []);
}
