//! What the statistics page shows, in finished strings.

pub mod bands;
mod breakdown;
pub mod burden;
pub mod crossing;
pub mod records;
pub mod reports;
pub mod silent;
mod sure;
pub mod wall;
mod ways;
pub mod workbooks;

pub use self::breakdown::chosen;
use self::breakdown::{Breakdown, breakdowns};
use self::records::href;
pub use self::ways::printed;
use self::ways::{leads, lens_link, lenses, span_link};
use super::choice::{Choice, Order, Span, iso};
use super::indicator::{Indicator, Unit};
use super::overview::Overview;
use super::period::Period;
use super::records::{Part, Stated};
use super::table::{self, About, Row};
use crate::deltas::{Day, Metric};
use crate::i18n::{Language, Texts};
use crate::organisations::Tree;
use crate::web::Page;
use askama::Template;
use kernel::Timestamp;

/// A link that may be the present choice.
#[derive(Debug)]
pub struct Link {
    /// Where it leads; empty when the reader may not go there.
    pub href: String,
    /// Its words.
    pub label: String,
    /// The reader is there.
    pub current: bool,
}

/// One indicator.
#[derive(Debug)]
pub struct Tile {
    /// Shows it in the charts.
    pub link: Link,
    /// The figure with its unit in small type.
    pub number: String,
    /// Empty for pure counts.
    pub unit: String,
    /// How sure it is; empty where everybody was counted.
    pub sure: String,
    /// How it compares; empty for "all".
    pub trend: String,
    /// `up`, `down` or `level`.
    pub direction: &'static str,
    /// The course of the period as points of a line in a field of 100 by 24; empty for a single step.
    pub points: String,
}

/// A column that sorts.
#[derive(Debug)]
pub struct Column {
    /// Sorts by it, the other way when it is sorted already.
    pub link: Link,
    /// `ascending`, `descending` or `none`.
    pub sort: &'static str,
}

/// A figure and its records.
#[derive(Debug)]
pub struct Cell {
    /// Words of its column.
    pub label: String,
    /// The figure.
    pub number: String,
    /// Its records; empty when there are none.
    pub href: String,
}

/// A row of a table.
#[derive(Debug)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Where the name leads; empty for nowhere.
    pub href: String,
    /// The sum of the others.
    pub is_total: bool,
    /// Its figures.
    pub cells: Vec<Cell>,
}

/// `GET /statistics`
#[derive(Debug, Template)]
#[template(path = "statistics/views/statistics.html")]
pub struct StatisticsPage {
    /// The frame.
    pub p: Page,
    /// From the root down.
    pub trail: Vec<Link>,
    /// The picker, without the form for a period of one's own.
    pub spans: Vec<Link>,
    /// The period before and after of the same span; addresses are empty where there is none.
    pub steps: [String; 2],
    /// The two lenses.
    pub lenses: Vec<Link>,
    /// Held sessions by each kind of trait.
    pub breakdowns: Vec<Breakdown>,
    /// Other ways to look at the same figures.
    pub leads: Vec<Link>,
    /// Through which tree and when, on paper.
    pub printed: String,
    /// The trait that is chosen, in words, and the address without it; empty without.
    pub only: (String, String),
    /// The organisation's name.
    pub name: String,
    /// The period in words.
    pub period: String,
    /// First day, for the form.
    pub from: String,
    /// Last day, for the form.
    pub to: String,
    /// Id of the organisation, for the form.
    pub organisation: String,
    /// Code of the metric of the charts.
    pub metric: &'static str,
    /// Words of that metric.
    pub metric_words: String,
    /// Its column in both tables.
    pub column: usize,
    /// One for each metric.
    pub tiles: Vec<Tile>,
    /// Every indicator is zero: there is nothing to draw.
    pub nothing: bool,
    /// Submissions by state.
    pub states: Vec<Cell>,
    /// Awards by their levels.
    pub awards: Vec<Cell>,
    /// Heads of the table of children.
    pub columns: Vec<Column>,
    /// The children.
    pub lines: Vec<Line>,
    /// Back to the order of the tree; empty when it is shown.
    pub unsorted: String,
    /// Heads of the course.
    pub course_head: Vec<String>,
    /// The course.
    pub course: Vec<Line>,
    /// Workbook and text file.
    pub exports: [String; 2],
    /// The report on paper, and by mail.
    pub report: reports::Offer,
    /// Metrics with their definitions.
    pub definitions: Vec<(String, String)>,
}

impl StatisticsPage {
    /// Puts an overview in words. `open` tells whose statistics the reader may open.
    pub fn new(p: Page, tree: &Tree, overview: &Overview, now: Timestamp, open: impl Fn(kernel::OrganisationId) -> bool) -> Self {
        let choice = &overview.choice;
        let children = table::of_children(overview, &p);
        let course = table::of_course(overview, &p);
        let words = |indicator: Indicator| p.s(&format!("metric-{}", indicator.code()));
        let trail = tree.breadcrumb(choice.organisation).into_iter().map(|node| Link {
            href: if open(node.id) { Choice { organisation: node.id, ..choice.clone() }.href("/statistics") } else { String::new() },
            label: if node.id == choice.organisation { overview.name.clone() } else { node.name.clone() },
            current: node.id == choice.organisation,
        });
        Self {
            trail: trail.collect(),
            spans: Span::ALL[..5].iter().map(|span| span_link(choice, *span, &p)).collect(),
            steps: [-1, 1].map(|by| choice.stepped(by, overview.today).map(|beside| beside.href("/statistics")).unwrap_or_default()),
            lenses: lenses(overview).map(|lens| lens_link(choice, lens, &p)).collect(),
            breakdowns: breakdowns(overview, &p),
            only: chosen(choice, &p),
            leads: leads(choice, &p),
            printed: printed(choice, now, &p),
            name: overview.name.clone(),
            period: period_words(choice.period, &p),
            from: iso(choice.period.first),
            to: iso(choice.period.last),
            organisation: choice.organisation.to_string(),
            metric: choice.metric.code(),
            metric_words: words(choice.metric),
            column: Indicator::ALL.iter().position(|m| *m == choice.metric).map_or(1, |at| at + 1),
            tiles: Indicator::ALL.into_iter().map(|indicator| tile(overview, indicator, &p)).collect(),
            nothing: Indicator::ALL.into_iter().all(|indicator| indicator.number(&overview.total, &choice.only) == 0),
            states: states(overview, Metric::Submissions, &p),
            awards: states(overview, Metric::Awards, &p),
            columns: Indicator::ALL.into_iter().map(|indicator| column(choice, indicator, words(indicator))).collect(),
            lines: children.rows.iter().map(|row| line(row, choice, &children.head, &p)).collect(),
            unsorted: choice.order.map(|_| Choice { order: None, ..choice.clone() }.href("/statistics")).unwrap_or_default(),
            course: overview
                .course
                .iter()
                .zip(&course.rows)
                .map(|(step, row)| line(row, &of_step(choice, step.0), &course.head, &p))
                .collect(),
            course_head: course.head,
            report: reports::Offer::of(choice),
            exports: ["xlsx", "csv"].map(|kind| choice.href(&format!("/statistics/export.{kind}"))),
            definitions: Indicator::ALL.into_iter().map(|m| (words(m), p.s(&format!("metric-{}-what", m.code())))).collect(),
            p,
        }
    }
}

fn tile(overview: &Overview, indicator: Indicator, words: &Texts) -> Tile {
    let choice = &overview.choice;
    let now = indicator.number(&overview.total, &choice.only);
    let before = overview.before.as_ref().map(|(_, before)| indicator.number(before, &choice.only));
    let (trend, direction) = before.map_or((String::new(), "level"), |before| trend(now, before, words));
    // What still runs would let every line end in a fall.
    let over = overview.course.iter().filter(|(period, _)| period.last < overview.today);
    Tile {
        link: Link {
            href: Choice { metric: indicator, ..choice.clone() }.href("/statistics"),
            label: words.s(&format!("metric-{}-short", indicator.code())),
            current: choice.metric == indicator,
        },
        number: words.number(now),
        unit: unit_words(indicator, words),
        sure: sure::words(overview, indicator, words),
        trend,
        direction,
        points: points(&over.map(|(_, figures)| indicator.number(figures, &choice.only)).collect::<Vec<_>>()),
    }
}

/// What follows a figure of this indicator; nothing for pure counts.
pub fn unit_words(indicator: Indicator, words: &Texts) -> String {
    match indicator.unit() {
        Unit::Count => String::new(),
        Unit::Minutes => words.s("statistics-minutes"),
        Unit::Percent => "%".to_owned(),
    }
}

/// A line through the numbers, in a field of 100 by 24 whose top is the largest of them.
fn points(numbers: &[i64]) -> String {
    let (steps, top) = (numbers.len().saturating_sub(1), numbers.iter().copied().max().unwrap_or(0));
    if steps == 0 || top <= 0 {
        return String::new();
    }
    let point = |(at, n): (usize, &i64)| format!("{},{}", at * 100 / steps, 23 - n.max(&0) * 22 / top);
    numbers.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

/// More, fewer, or as many as before.
fn trend(now: i64, before: i64, words: &Texts) -> (String, &'static str) {
    let change = now - before;
    match change.signum() {
        1 => (words.with("statistics-more", "n", words.number(change)), "up"),
        -1 => (words.with("statistics-fewer", "n", words.number(-change)), "down"),
        _ => (words.s("statistics-level"), "level"),
    }
}

/// The figures of a metric by the states or levels of its records, in their natural order.
fn states(overview: &Overview, metric: Metric, words: &Texts) -> Vec<Cell> {
    let choice = Choice { metric: Indicator::Of(metric), ..overview.choice.clone() };
    let cell = |(state, n): (Stated, i64)| Cell {
        label: words.s(&state.key()),
        number: words.number(n),
        href: href(&choice, RECORDS, "", state.code()),
    };
    let mut found: Vec<_> = overview.total.of(metric).filter_map(|(code, n)| Some((Stated::from_code(metric, code)?, n))).collect();
    found.sort();
    found.into_iter().map(cell).collect()
}

fn column(choice: &Choice, by: Indicator, label: String) -> Column {
    let sorted = choice.order.filter(|order| order.by == by);
    let order = Some(Order { by, up: sorted.is_some_and(|order| !order.up) });
    let href = Choice { order, ..choice.clone() }.href("/statistics");
    let sort = sorted.map_or("none", |order| if order.up { "ascending" } else { "descending" });
    Column { link: Link { href, label, current: sorted.is_some() }, sort }
}

fn line(row: &Row, choice: &Choice, head: &[String], words: &Texts) -> Line {
    let figures = Indicator::ALL.into_iter().zip(&row.figures).zip(&head[1..]);
    let cell = |((indicator, figure), label): ((Indicator, &i64), &String)| Cell {
        label: label.clone(),
        number: words.number(*figure),
        href: indicator.metric().filter(|_| *figure != 0).map(|_| records(row, choice, indicator)).unwrap_or_default(),
    };
    Line { name: row.name.clone(), href: row.href.clone(), is_total: row.about == About::Total, cells: figures.map(cell).collect() }
}

/// The choice narrowed to one step of its course.
fn of_step(choice: &Choice, step: Period) -> Choice {
    Choice { span: Span::Custom, period: step, order: None, ..choice.clone() }
}

/// Where the records of figures are listed.
const RECORDS: &str = "/statistics/records";

fn records(row: &Row, choice: &Choice, metric: Indicator) -> String {
    let part = match row.about {
        About::Child(child) => Part::Through(child),
        About::Itself => Part::Itself,
        About::Total => Part::Whole,
    };
    href(&Choice { metric, ..choice.clone() }, RECORDS, &part.code(), "")
}

/// 2026年11月1日 – 2026年11月23日
pub fn period_words(period: Period, words: &Texts) -> String {
    let day = |day: Day| day_name(day, words);
    if period.first == period.last { day(period.first) } else { format!("{} – {}", day(period.first), day(period.last)) }
}

/// A day in words, or the month when the step is one.
pub fn step_name(step: Period, words: &Texts) -> String {
    let format = if words.language == Language::Chinese { "%Y年%-m月" } else { "%b %Y" };
    match step.first.date() {
        Some(date) if step.first.month() == step.last.month() && step.first != step.last => date.strftime(format).to_string(),
        _ => period_words(step, words),
    }
}

fn day_name(day: Day, words: &Texts) -> String {
    let format = if words.language == Language::Chinese { "%Y年%-m月%-d日" } else { "%-d %b %Y" };
    day.date().map(|date| date.strftime(format).to_string()).unwrap_or_default()
}
