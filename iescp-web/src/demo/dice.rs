//! Chance that is the same each time: SplitMix64, one stream for each thing that is made up, so that adding a throw for one
//! changes nothing for the others.

/// A stream of throws.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The stream for one thing: what kind, and which of them.
    pub(super) fn of(seed: u64, kind: &str, number: usize) -> Self {
        let start =
            kind.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut dice = Self(start ^ (number as u64).wrapping_mul(0xd6e8_feb8_6659_fd93));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included; `least` if there is none between.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = u64::try_from(most.saturating_sub(least)).unwrap_or(0).saturating_add(1);
        least.saturating_add(i64::try_from(self.next() % span).unwrap_or(0))
    }

    /// Whether it happens, so many times in a hundred.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of them.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(from.len()).ok()?.checked_sub(1)?;
        from.get(usize::try_from(self.between(0, last)).ok()?)
    }

    /// One of some words; nothing if there are none.
    pub(super) fn word(&mut self, from: &[&'static str]) -> &'static str {
        self.pick(from).copied().unwrap_or_default()
    }

    /// Some of them, each once, in an order of their own.
    pub(super) fn some<'a, T>(&mut self, from: &'a [T], number: i64) -> Vec<&'a T> {
        let mut left: Vec<&T> = from.iter().collect();
        let mut taken = Vec::new();
        for _ in 0..number.clamp(0, i64::try_from(left.len()).unwrap_or(0)) {
            let last = i64::try_from(left.len()).unwrap_or(1) - 1;
            taken.push(left.swap_remove(usize::try_from(self.between(0, last)).unwrap_or(0)));
        }
        taken
    }

    /// One of several, each as often as its weight says.
    pub(super) fn weighed<T: Copy>(&mut self, from: &[(i64, T)]) -> Option<T> {
        let mut left = self.between(1, from.iter().map(|(weight, _)| weight).sum());
        from.iter().find_map(|(weight, one)| {
            left -= weight;
            (left <= 0).then_some(*one)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_something_else() {
        let throw = |seed, kind, number| {
            let mut dice = Dice::of(seed, kind, number);
            (0..8).map(|_| dice.between(0, 999)).collect::<Vec<_>>()
        };
        assert_eq!(throw(1, "person", 3), throw(1, "person", 3));
        assert_ne!(throw(1, "person", 3), throw(2, "person", 3));
        assert_ne!(throw(1, "person", 3), throw(1, "person", 4));
        assert_ne!(throw(1, "person", 3), throw(1, "company", 3));
    }

    #[test]
    fn throws_stay_within_their_bounds() {
        let mut dice = Dice::of(1, "bounds", 0);
        assert!((0..2000).all(|_| (3..=5).contains(&dice.between(3, 5))));
        assert_eq!((dice.between(4, 4), dice.between(4, 1)), (4, 4));
        assert_eq!(dice.pick::<u8>(&[]), None);
        assert_eq!(dice.some(&[1, 2, 3], 9).len(), 3);
        assert_eq!(dice.weighed(&[(0, 'a'), (5, 'b')]), Some('b'));
    }
}
