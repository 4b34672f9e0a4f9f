//! How sure a number is that was counted from a sample.
//!
//! Each viewer is drawn on his own with the chance 1/w and then counts w (Horvitz and Thompson 1952). The sum is right on average; of n
//! viewers with 1/N its variance is n(N−1), and Σ w(w−1)y² over those who were drawn is right on average for it.

use ledger::Weight;
use serde::Serialize;

/// What one who was drawn adds to the variance of a count.
pub fn spread(weight: Weight, amount: i64) -> i64 {
    let weight = i64::from(weight.get());
    (weight * (weight - 1)).saturating_mul(amount.saturating_mul(amount))
}

/// What step `n`, from 0, of one who was drawn adds to the variance of watch time, before it is weighted: in steps², so that all of his
/// steps together add the square of their number.
pub fn step_spread(n: i64) -> u32 {
    u32::try_from(n.saturating_mul(2).saturating_add(1)).unwrap_or(u32::MAX)
}

/// A number with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct Estimate {
    /// The number.
    pub count: i64,
    /// Its standard error; 0 when everybody was counted.
    pub error: i64,
}

impl Estimate {
    /// A sum of weights whose variance is `spread`.
    pub fn of(count: i64, spread: i64) -> Self {
        Self { count, error: (spread.max(0) as f64).sqrt().ceil() as i64 }
    }

    /// Nobody was left out.
    pub const fn is_exact(self) -> bool {
        self.error == 0
    }

    /// The standard error in percent of the number, rounded up to a tenth: `1.6`.
    pub fn percent(self) -> String {
        let count = self.count.max(1);
        let tenths = self.error.saturating_mul(1_000).saturating_add(count - 1) / count;
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_count_is_exact_and_a_sample_says_how_sure_it_is() {
        assert_eq!(spread(Weight::ONE, 1), 0);
        assert_eq!(Estimate::of(7, 0), Estimate { count: 7, error: 0 });
        let weight = Weight::of(100).unwrap();
        let forty = 40 * spread(weight, 1);
        let estimate = Estimate::of(4_000, forty);
        assert_eq!(estimate.error, 630, "√(4000 × 99)");
        assert_eq!((estimate.percent(), estimate.is_exact()), ("15.8".to_owned(), false));
        assert_eq!(Estimate::of(1_000_000, 1).percent(), "0.1");
        assert_eq!((0..6).map(|n| i64::from(step_spread(n))).sum::<i64>(), 36);
    }
}
