//! Links to other ways of looking at the same figures, and what paper says in their place.

use super::{Link, breakdown, wall};
use crate::i18n::Texts;
use crate::statistics::choice::{Choice, Lens, Span};
use crate::statistics::overview::Overview;
use kernel::Timestamp;

/// To the same figures over another span.
pub(super) fn span_link(choice: &Choice, span: Span, words: &Texts) -> Link {
    let label = words.s(&format!("statistics-{}", span.code()));
    // The span around the last day shown, so that looking from a month at its year stays where one is.
    let around = choice.period.last.date().and_then(|day| span.around(day)).unwrap_or(choice.period);
    Link { href: Choice { span, period: around, ..choice.clone() }.href("/statistics"), label, current: choice.span == span }
}

/// Bands, crossings, the burden, those who held nothing, workbooks to fill, and the wall display.
pub(super) fn leads(choice: &Choice, words: &Texts) -> Vec<Link> {
    let to = |page: &str| choice.href(&format!("/statistics/{page}"));
    let pages = [
        ("bands-title", to("bands")),
        ("crossing-title", to("crossing")),
        ("burden-title", to("burden")),
        ("silent-title", to("silent")),
        ("workbooks-title", "/statistics/workbooks".to_owned()),
        ("wall-title", wall::href(choice)),
    ];
    pages.map(|(key, href)| Link { href, label: words.s(key), current: false }).into()
}

/// The lenses that show something of their own.
pub(super) fn lenses(overview: &Overview) -> impl Iterator<Item = Lens> {
    Lens::ALL.into_iter().filter(|lens| *lens != Lens::Line || overview.has_line)
}

/// To the same figures through another lens.
pub(super) fn lens_link(choice: &Choice, lens: Lens, words: &Texts) -> Link {
    let label = words.s(&format!("statistics-tree-{}", lens.code()));
    Link { href: Choice { lens, ..choice.clone() }.href("/statistics"), label, current: choice.lens == lens }
}

/// What paper says that the screen shows otherwise: through which tree, of which trait, and when.
pub fn printed(choice: &Choice, now: Timestamp, words: &Texts) -> String {
    let tree = words.s(&format!("statistics-tree-{}", choice.lens.code()));
    let only = breakdown::chosen(choice, words).0;
    let only = if only.is_empty() { String::new() } else { words.with("statistics-only", "what", only) };
    let pairs = [("tree", tree), ("when", words.time(now))];
    [words.args("statistics-printed", &pairs), only].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}
