//! Bands in the place of a league table (F11): who stands in which, and where one ends.
//!
//! Rates are counted in hundredths. `n` limits make `n + 1` bands; a rate that equals a limit belongs to the band above it.

use crate::problem::FieldError;

/// Of fewer organisations nothing is said: one of them more or less would lead from one end to the other.
pub const FEWEST: i64 = 5;
/// Bands without limits of one's own.
const EVEN: usize = 4;
/// Most limits of one's own.
pub const MOST_LIMITS: usize = 6;
/// Largest limit, in hundredths.
pub const LARGEST: i64 = 100_000_000;

/// What a number is compared with, so that large and small organisations stand in one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// A share, in percent.
    Hundred,
    /// For each organisation without subordinates.
    Organisation,
    /// For each thousand members.
    ThousandMembers,
}

impl Per {
    /// Its code in the API and in the keys of its words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hundred => "percent",
            Self::Organisation => "organisation",
            Self::ThousandMembers => "thousand-members",
        }
    }

    const fn factor(self) -> i128 {
        match self {
            Self::Hundred => 100,
            Self::Organisation => 1,
            Self::ThousandMembers => 1_000,
        }
    }

    /// `amount` of `of`, in hundredths, rounded down; none when there is nothing to compare with.
    pub fn rate(self, amount: i64, of: i64) -> Option<i64> {
        let hundredths = i128::from(amount.max(0)) * self.factor() * 100;
        (of > 0).then(|| i64::try_from(hundredths / i128::from(of)).unwrap_or(i64::MAX))
    }
}

/// What becomes of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has a rate that says something.
    Rated(i64),
    /// Fewer than [`FEWEST`] organisations.
    Small,
    /// There is nothing to compare with: no members are recorded.
    Bare,
}

impl Standing {
    /// Of a child with `organisations` organisations without subordinates.
    pub fn of(organisations: i64, rate: Option<i64>) -> Self {
        match rate {
            _ if organisations < FEWEST => Self::Small,
            Some(rate) => Self::Rated(rate),
            None => Self::Bare,
        }
    }

    /// The rate, if it says something.
    pub const fn rate(self) -> Option<i64> {
        if let Self::Rated(rate) = self { Some(rate) } else { None }
    }
}

/// Where bands begin and end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bands {
    /// Each larger than the one before.
    limits: Vec<i64>,
}

impl Bands {
    /// With limits that somebody chose.
    ///
    /// # Errors
    ///
    /// There are none or more than [`MOST_LIMITS`], they do not grow, or one is not above zero and at most [`LARGEST`].
    pub fn chosen(limits: Vec<i64>) -> Result<Self, FieldError> {
        let said = || limits.iter().map(|limit| decimal(*limit)).collect::<Vec<_>>().join(" ");
        let fault = |rule, wanted: String| FieldError::new("limits", rule, said(), wanted);
        if limits.is_empty() || limits.len() > MOST_LIMITS {
            return Err(fault("limits-count", format!("1–{MOST_LIMITS}")));
        }
        if !limits.iter().all(|limit| (1..=LARGEST).contains(limit)) {
            return Err(fault("limits-range", format!("0.01–{}", decimal(LARGEST))));
        }
        if !limits.is_sorted_by(|a, b| a < b) {
            return Err(fault("limits-grow", String::new()));
        }
        Ok(Self { limits })
    }

    /// With about as many of `rates` in each: at most four, at least two in each as far as equal rates allow. Limits lie midway between
    /// neighbours, so that none tells the rate of somebody.
    pub fn even(mut rates: Vec<i64>) -> Self {
        rates.sort_unstable();
        let bands = EVEN.min(rates.len() / 2).max(1);
        let mut limits: Vec<i64> = Vec::new();
        for n in 1..bands {
            let wanted = n * rates.len() / bands;
            // Equal rates stay together: the next place where they differ.
            let Some(at) = (wanted.max(1)..rates.len()).find(|at| rates[at - 1] < rates[*at]) else { continue };
            let limit = rates[at - 1] + (rates[at] - rates[at - 1] + 1) / 2;
            if limits.last().is_none_or(|last| *last < limit) {
                limits.push(limit);
            }
        }
        Self { limits }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.limits.len() + 1
    }

    /// The band of a rate; 0 is the lowest.
    pub fn of(&self, rate: i64) -> usize {
        self.limits.iter().filter(|limit| **limit <= rate).count()
    }

    /// Where a band begins, and where the next one does.
    pub fn edges(&self, band: usize) -> (Option<i64>, Option<i64>) {
        let below = band.checked_sub(1).and_then(|at| self.limits.get(at));
        (below.copied(), self.limits.get(band).copied())
    }

    /// The limits, from the lowest up.
    pub fn limits(&self) -> &[i64] {
        &self.limits
    }

    /// Children in their bands, the lowest band first, and those that stand in none; all as they were ordered before.
    pub fn arrange<T>(&self, children: impl IntoIterator<Item = (T, Standing)>) -> (Vec<Vec<T>>, Vec<(T, Standing)>) {
        let (mut bands, mut others): (Vec<Vec<T>>, _) = ((0..self.count()).map(|_| Vec::new()).collect(), Vec::new());
        for (child, standing) in children {
            match standing.rate() {
                Some(rate) => bands[self.of(rate)].push(child),
                None => others.push((child, standing)),
            }
        }
        (bands, others)
    }
}

/// Hundredths as people write them: `2.5`.
pub fn decimal(hundredths: i64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match (part / 10, part % 10) {
        (0, 0) => whole.to_string(),
        (tenths, 0) => format!("{whole}.{tenths}"),
        (tenths, rest) => format!("{whole}.{tenths}{rest}"),
    }
}

/// Reads [`decimal`]; at most two digits behind the point.
pub fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole, 12) || !digits(part, 2) || text.ends_with('.') {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?)
}

/// The limits that somebody typed, with spaces or any commas between them.
///
/// # Errors
///
/// A word that is no such number, or as [`Bands::chosen`].
pub fn typed(text: &str) -> Result<Bands, FieldError> {
    let words = text.split(|c: char| c.is_whitespace() || [',', '，', '、', ';', '；'].contains(&c)).filter(|word| !word.is_empty());
    let limit = |word: &str| hundredths(word).ok_or_else(|| FieldError::new("limits", "limits-number", word, "12.5"));
    Bands::chosen(words.take(MOST_LIMITS + 1).map(limit).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn f11_even_bands_follow_the_table() {
        let table: [(&[i64], &[i64]); 10] = [
            (&[], &[]),
            (&[500], &[]),
            (&[1, 9, 5], &[]),
            (&[10, 20, 30, 40], &[25]),
            (&[10, 20, 30, 40, 50, 60], &[25, 45]),
            (&[80, 70, 60, 50, 40, 30, 20, 10], &[25, 45, 65]),
            (&[7, 7, 7, 7, 7, 7, 7, 7], &[]),
            (&[0, 0, 0, 0, 0, 0, 0, 9], &[5]),
            (&[1, 5, 5, 5, 9, 9, 9, 9], &[7]),
            (&[1, 2, 2, 2, 2, 2, 2, 3], &[3]),
        ];
        for (rates, limits) in table {
            assert_eq!(Bands::even(rates.to_vec()).limits(), limits, "{rates:?}");
        }
    }

    #[test]
    fn f11_rates_and_small_numbers_follow_the_table() {
        assert_eq!(Per::Hundred.rate(2, 3), Some(6_666));
        assert_eq!(Per::Organisation.rate(5, 2), Some(250));
        assert_eq!(Per::ThousandMembers.rate(3, 2_000), Some(150));
        assert_eq!((Per::Organisation.rate(5, 0), Per::Organisation.rate(-5, 2)), (None, Some(0)));
        assert_eq!(Per::ThousandMembers.rate(i64::MAX, 1), Some(i64::MAX), "no more than there are numbers");
        assert_eq!(Standing::of(4, Some(100)), Standing::Small);
        assert_eq!(Standing::of(5, Some(100)), Standing::Rated(100));
        assert_eq!(Standing::of(5, None), Standing::Bare);
    }

    #[test]
    fn f11_limits_are_read_as_they_are_typed() {
        for text in ["25 50 75.5", "25, 50, 75.5", " 25，50、75.50 ", "25;50；75.5"] {
            assert_eq!(typed(text).unwrap().limits(), [2_500, 5_000, 7_550], "{text}");
        }
        let table = [
            ("", "limits-count"),
            ("1 2 3 4 5 6 7", "limits-count"),
            ("1 2 3 4 5 6 7 x", "limits-count"),
            ("x", "limits-number"),
            ("-1", "limits-number"),
            ("1.234", "limits-number"),
            ("1.", "limits-number"),
            (".5", "limits-number"),
            ("1e9", "limits-number"),
            ("٣", "limits-number"),
            ("99999999999999999999", "limits-number"),
            ("0 5", "limits-range"),
            ("1000001", "limits-range"),
            ("5 5", "limits-grow"),
            ("9 5", "limits-grow"),
        ];
        for (text, rule) in table {
            assert_eq!(typed(text).unwrap_err().rule, rule, "{text}");
        }
    }

    #[test]
    fn f11_edges_touch() {
        let bands = Bands::chosen(vec![250, 500]).unwrap();
        assert_eq!((0..3).map(|band| bands.edges(band)).collect::<Vec<_>>(), [(None, Some(250)), (Some(250), Some(500)), (Some(500), None)]);
        assert_eq!([0, 249, 250, 499, 500, 9_999].map(|rate| bands.of(rate)), [0, 0, 1, 1, 2, 2]);
    }

    fn rates() -> impl Strategy<Value = Vec<i64>> {
        prop_oneof![prop::collection::vec(0i64..10_000, 0..60), prop::collection::vec(0i64..6, 0..60)]
    }

    fn standings() -> impl Strategy<Value = Vec<Standing>> {
        let one = (0i64..12, prop::option::weighted(0.9, 0i64..500)).prop_map(|(of, rate)| Standing::of(of, rate));
        prop::collection::vec(one, 0..60)
    }

    proptest! {
        /// Every child stands in exactly one place, in the order in which it came, and its rate is within the edges.
        #[test]
        fn f11_every_child_is_in_one_band_in_the_order_of_the_tree(children in standings(), own in prop::option::of(prop::collection::btree_set(1i64..600, 1..6))) {
            let bands = match own {
                Some(limits) => Bands::chosen(limits.into_iter().collect()).unwrap(),
                None => Bands::even(children.iter().filter_map(|one| one.rate()).collect()),
            };
            let (arranged, others) = bands.arrange(children.iter().copied().enumerate());
            prop_assert_eq!(arranged.len(), bands.count());
            let mut all: Vec<usize> = arranged.iter().flatten().copied().chain(others.iter().map(|(n, _)| *n)).collect();
            for band in &arranged {
                prop_assert!(band.is_sorted(), "the order of the tree");
            }
            prop_assert!(others.is_sorted_by_key(|(n, _)| *n));
            all.sort_unstable();
            prop_assert_eq!(all, (0..children.len()).collect::<Vec<_>>());
            for (band, members) in arranged.iter().enumerate() {
                let (from, below) = bands.edges(band);
                for n in members {
                    let rate = children[*n].rate().unwrap();
                    prop_assert!(from.is_none_or(|from| from <= rate) && below.is_none_or(|below| rate < below));
                }
            }
            prop_assert!(others.iter().all(|(_, standing)| standing.rate().is_none()));
        }

        /// Even bands: at most four, limits that grow, nobody alone at the bottom of an empty ladder, equals together.
        #[test]
        fn f11_even_bands_are_even(rates in rates()) {
            let bands = Bands::even(rates.clone());
            prop_assert!(bands.count() <= 4 && bands.limits().is_sorted_by(|a, b| a < b));
            prop_assert!(rates.len() >= 4 || bands.count() == 1);
            for band in 0..bands.count() {
                prop_assert!(rates.is_empty() || rates.iter().any(|rate| bands.of(*rate) == band), "band {} of {:?} is empty", band, bands);
            }
            let mut sorted = rates;
            sorted.sort_unstable();
            prop_assert!(sorted.iter().map(|rate| bands.of(*rate)).is_sorted(), "more is never a lower band");
        }

        /// Whatever is typed is refused or read, and what was read is written the same.
        #[test]
        fn f11_no_text_breaks_the_reader(text in "\\PC{0,40}", numbers in prop::collection::btree_set(1i64..=LARGEST, 1..=MOST_LIMITS)) {
            let _ = typed(&text);
            let limits: Vec<_> = numbers.into_iter().collect();
            let written = limits.iter().map(|limit| decimal(*limit)).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(typed(&written).unwrap().limits(), &limits[..]);
        }
    }
}
