//! The wall display: a few numbers that can be read across a hall.

use super::period_words;
use crate::deltas::Metric;
use crate::i18n::Texts;
use crate::statistics::choice::Choice;
use crate::statistics::indicator::{Indicator, Unit};
use crate::statistics::overview::Overview;
use crate::statistics::records::Records;
use crate::web::Page;
use askama::Template;

/// One large number.
#[derive(Debug)]
pub struct Big {
    /// What it counts.
    pub label: String,
    /// The number.
    pub number: String,
    /// `%` and the like; empty for counts.
    pub unit: String,
    /// How it compares.
    pub trend: String,
    /// `up`, `down` or `level`.
    pub direction: &'static str,
    /// Its course as points of a line in a field of 100 by 24.
    pub points: String,
}

/// One organisation below, in the order of the tree: no league table.
#[derive(Debug)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Sessions held.
    pub sessions: String,
    /// The coverage rate.
    pub percent: i64,
}

/// A session that was held lately.
#[derive(Debug)]
pub struct Recent {
    /// What it was called.
    pub title: String,
    /// Who spoke, and where from.
    pub from: String,
    /// The day.
    pub day: String,
}

/// What is renewed.
#[derive(Debug, Template)]
#[template(path = "statistics/views/wall_body.html")]
pub struct WallBody {
    /// Words.
    pub p: Page,
    /// Whose figures.
    pub name: String,
    /// The period in words.
    pub period: String,
    /// The large numbers.
    pub numbers: Vec<Big>,
    /// The children.
    pub parts: Vec<Part>,
    /// The latest sessions.
    pub recent: Vec<Recent>,
    /// When it was made, for whoever loses the connection: ISO.
    pub at: String,
}

/// `GET /statistics/wall`
#[derive(Debug, Template)]
#[template(path = "statistics/views/wall.html")]
pub struct WallPage {
    /// The frame.
    pub p: Page,
    /// The body's own address.
    pub refresh: String,
    /// Back to the desk.
    pub back: String,
    /// What is renewed.
    pub body: WallBody,
}

/// The large numbers: what is held, whom it reached, what is watched.
const SHOWN: [Indicator; 6] = [
    Indicator::Of(Metric::Sessions),
    Indicator::Of(Metric::Attendances),
    Indicator::Organisations,
    Indicator::Coverage,
    Indicator::Of(Metric::Published),
    Indicator::Of(Metric::Views),
];

/// Children that fit on a wall.
const PARTS: usize = 16;
/// Sessions that fit beside them.
const RECENT: usize = 8;

impl WallBody {
    /// Puts an overview and the latest sessions in words.
    pub fn new(p: Page, overview: &Overview, latest: &Records, at: String) -> Self {
        let part = |line: &crate::statistics::overview::Line| Part {
            name: line.name.clone(),
            sessions: p.number(Indicator::Of(Metric::Sessions).number(&line.figures, "")),
            percent: line.figures.reach.percent(),
        };
        let shown = latest.page.items.iter().filter_map(|record| record.shown.as_ref());
        let recent = shown.take(RECENT).map(|one| Recent {
            title: one.title.clone(),
            from: [one.organisation_name.as_str(), one.lecturer.as_str()].join(" · "),
            day: one.day.map(|day| super::day_name(day, &p)).unwrap_or_default(),
        });
        Self {
            name: overview.name.clone(),
            period: period_words(overview.choice.period, &p),
            numbers: SHOWN.into_iter().map(|indicator| number(overview, indicator, &p)).collect(),
            parts: overview.lines.iter().filter(|line| line.child.is_some()).take(PARTS).map(part).collect(),
            recent: recent.collect(),
            at,
            p,
        }
    }
}

fn number(overview: &Overview, indicator: Indicator, words: &Texts) -> Big {
    let tile = super::tile(overview, indicator, words);
    let unit = if indicator.unit() == Unit::Count { String::new() } else { tile.unit };
    Big { label: tile.link.label, number: tile.number, unit, trend: tile.trend, direction: tile.direction, points: tile.points }
}

/// The address of the wall for this choice.
pub fn href(choice: &Choice) -> String {
    choice.href("/statistics/wall")
}
