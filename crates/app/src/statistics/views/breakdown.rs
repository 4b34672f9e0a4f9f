//! Held sessions by what they were: one list for each kind of trait.

use super::super::choice::Choice;
use super::super::overview::Overview;
use crate::deltas::{Metric, Traits};
use crate::i18n::Texts;

/// Sessions with one trait.
#[derive(Debug)]
pub struct Share {
    /// Narrows the page to it, or back.
    pub href: String,
    /// Its word.
    pub label: String,
    /// How many.
    pub number: String,
    /// The same for a bar.
    pub amount: i64,
    /// The page is narrowed to it.
    pub current: bool,
}

/// All codes of one kind.
#[derive(Debug)]
pub struct Breakdown {
    /// What kind.
    pub title: String,
    /// The largest number.
    pub most: i64,
    /// The most frequent first.
    pub shares: Vec<Share>,
}

/// The word of the vocabulary pack for `code` of `kind`.
pub fn trait_words(kind: &str, code: &str, words: &Texts) -> String {
    words.s(&format!("{}-{code}", if kind == "lecturer" { "lecturer-kind" } else { kind }))
}

/// The same for `kind:code`.
pub fn kept_words(kept: &str, words: &Texts) -> String {
    let (kind, code) = kept.split_once(':').unwrap_or_default();
    trait_words(kind, code, words)
}

/// Every kind of trait of which there is something to tell.
pub fn breakdowns(overview: &Overview, words: &Texts) -> Vec<Breakdown> {
    let choice = &overview.choice;
    let of_kind = |kind: &str| {
        let of = |kept: &str| kept.split_once(':').is_some_and(|(its, _)| its == kind);
        let mut found: Vec<_> = overview.total.of(Metric::Sessions).filter(|(kept, n)| of(kept) && *n > 0).collect();
        found.sort_by_key(|(_, n)| -n);
        let share = |(kept, n): &(&str, i64)| {
            let current = choice.only == *kept;
            let only = if current { String::new() } else { (*kept).to_owned() };
            let href = Choice { only, ..choice.clone() }.href("/statistics");
            Share { href, label: kept_words(kept, words), number: words.number(*n), amount: *n, current }
        };
        let shares: Vec<_> = found.iter().map(share).collect();
        Breakdown { title: words.s(&format!("statistics-by-{kind}")), most: shares.first().map_or(0, |share| share.amount), shares }
    };
    Traits::KINDS.into_iter().map(of_kind).filter(|kind| !kind.shares.is_empty()).collect()
}

/// The word of the trait that the page is narrowed to, and the address without it.
pub fn chosen(choice: &Choice, words: &Texts) -> (String, String) {
    if choice.only.is_empty() {
        return (String::new(), String::new());
    }
    (kept_words(&choice.only, words), Choice { only: String::new(), ..choice.clone() }.href("/statistics"))
}
