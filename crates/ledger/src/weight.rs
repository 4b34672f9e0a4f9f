//! How much one event stands for when only some were asked to report.

/// One event stands for so many of its sort: 1, 2, 5, 10, 20, 50, … 10,000, as weights of a pair of scales are.
///
/// The steps fit one byte of a record, and a coarser sample is always within a finer one when both are drawn by a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Weight(u8);

impl Weight {
    /// An event that stands for itself alone.
    pub const ONE: Self = Self(0);
    /// The most that one event stands for: 10,000.
    pub const MOST: Self = Self(12);

    /// All of them, the lightest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=Self::MOST.0).map(Self)
    }

    /// For how many.
    pub const fn get(self) -> u32 {
        let digit = [1, 2, 5][self.0 as usize % 3];
        digit * 10_u32.pow(self.0 as u32 / 3)
    }

    /// The weight that is just `count`.
    pub fn of(count: u32) -> Option<Self> {
        Self::all().find(|weight| weight.get() == count)
    }

    /// The lightest that is not below `count`, or the heaviest.
    pub fn at_least(count: u64) -> Self {
        Self::all().find(|weight| u64::from(weight.get()) >= count).unwrap_or(Self::MOST)
    }

    /// The next lighter one; of one there is none.
    #[must_use]
    pub const fn lighter(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The next heavier one; of the heaviest there is none.
    #[must_use]
    pub const fn heavier(self) -> Self {
        if self.0 < Self::MOST.0 { Self(self.0 + 1) } else { self }
    }

    /// As it is kept.
    pub(crate) const fn code(self) -> u8 {
        self.0
    }

    /// Reads [`Self::code`].
    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        if code <= Self::MOST.0 { Some(Self(code)) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_a_pair_of_scales() {
        let all: Vec<u32> = Weight::all().map(Weight::get).collect();
        assert_eq!(all, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]);
        for weight in Weight::all() {
            assert_eq!(Weight::of(weight.get()), Some(weight));
            assert_eq!(Weight::from_code(weight.code()), Some(weight));
            assert_eq!(Weight::at_least(weight.get().into()), weight);
        }
        assert_eq!((Weight::of(0), Weight::of(3), Weight::from_code(13)), (None, None, None));
        assert_eq!((Weight::at_least(0), Weight::at_least(51), Weight::at_least(u64::MAX)), (Weight::ONE, Weight(6), Weight::MOST));
        assert_eq!((Weight::ONE.lighter(), Weight(1).lighter(), Weight(5).heavier()), (Weight::ONE, Weight::ONE, Weight(6)));
        assert_eq!(Weight::MOST.heavier(), Weight::MOST);
    }
}
