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
#[path = "bands_tests.rs"]
mod tests;
