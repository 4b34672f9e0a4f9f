//! A table of two traits, in finished strings.

use super::records::href;
use super::{Cell, Line, Link, RECORDS, period_words, printed};
use crate::deltas::Metric;
use crate::held_sessions::TraitKind;
use crate::i18n::Texts;
use crate::statistics::choice::Choice;
use crate::statistics::crossing::{Cross, Crossing};
use crate::statistics::export::Value;
use crate::statistics::indicator::Indicator;
use crate::statistics::views::breakdown::trait_words;
use crate::web::Page;
use askama::Template;
use kernel::Timestamp;

/// `GET /statistics/crossing`
#[derive(Debug, Template)]
#[template(path = "statistics/views/crossing.html")]
pub struct CrossingPage {
    /// The frame.
    pub p: Page,
    /// The statistics that it came from.
    pub back: String,
    /// Whose sessions.
    pub name: String,
    /// The period in words.
    pub period: String,
    /// Through which tree and when, on paper.
    pub printed: String,
    /// What is crossed.
    pub lead: String,
    /// Sessions, or people in them.
    pub metrics: Vec<Link>,
    /// What may stand down the side.
    pub sides: Vec<Link>,
    /// What may stand along the top.
    pub tops: Vec<Link>,
    /// Words of the corner and of each column.
    pub head: Vec<String>,
    /// One for each code down the side, the sums last.
    pub lines: Vec<Line>,
    /// Workbook and text file.
    pub exports: [String; 2],
}

/// The address of a table.
fn address(path: &str, choice: &Choice, (rows, columns): (TraitKind, TraitKind)) -> String {
    format!("{}&rows={}&columns={}", choice.href(path), rows.code(), columns.code())
}

fn kind_words(kind: TraitKind, words: &Texts) -> String {
    words.s(&format!("statistics-by-{}", kind.code()))
}

impl CrossingPage {
    /// Puts a table in words.
    pub fn new(p: Page, found: &Crossing, now: Timestamp) -> Self {
        const HERE: &str = "/statistics/crossing";
        let (choice, (rows, columns)) = (&found.choice, found.kinds);
        let metric = |metric: Metric| Link {
            href: address(HERE, &Choice { metric: Indicator::Of(metric), ..choice.clone() }, found.kinds),
            label: p.s(&format!("metric-{}-short", metric.code())),
            current: metric == found.metric,
        };
        let link =
            |kind: TraitKind, kinds, current: bool| Link { href: address(HERE, choice, kinds), label: kind_words(kind, &p), current };
        let side = |kind: TraitKind| link(kind, (kind, if kind == columns { rows } else { columns }), kind == rows);
        let top = |kind: TraitKind| link(kind, (if kind == rows { columns } else { rows }, kind), kind == columns);
        let table = Table::of(found, &p);
        Self {
            back: choice.href("/statistics"),
            name: found.name.clone(),
            period: period_words(choice.period, &p),
            printed: printed(choice, now, &p),
            lead: lead(found, &p),
            metrics: [Metric::Sessions, Metric::Attendances].map(metric).into(),
            sides: TraitKind::all().map(side).collect(),
            tops: TraitKind::all().map(top).collect(),
            lines: table.rows.iter().map(|row| line(row, found, &table.head, &p)).collect(),
            head: table.head,
            exports: ["xlsx", "csv"].map(|kind| address(&format!("{HERE}.{kind}"), choice, found.kinds)),
            p,
        }
    }
}

/// Held sessions, who spoke by form
fn lead(found: &Crossing, words: &Texts) -> String {
    let (rows, columns) = found.kinds;
    let metric = words.s(&format!("metric-{}", found.metric.code()));
    words.args("crossing-lead", &[("metric", metric), ("rows", kind_words(rows, words)), ("columns", kind_words(columns, words))])
}

/// A number, and the codes of its cell; none for a sum.
type Numbered = (i64, Option<(String, String)>);

/// A row: its name, its numbers (the sum last) and, for each, the codes of its cell.
struct Row {
    name: String,
    is_total: bool,
    numbers: Vec<Numbered>,
}

/// The table of the screen and of the files.
struct Table {
    head: Vec<String>,
    rows: Vec<Row>,
}

impl Table {
    fn of(found: &Crossing, words: &Texts) -> Self {
        let ((a, b), rows, columns) = (found.kinds, found.rows(), found.columns());
        let total = words.s("statistics-total");
        let name =
            |kind: TraitKind, code: &str| if code.is_empty() { words.s("crossing-unsaid") } else { trait_words(kind.code(), code, words) };
        let codes = columns.iter().map(|(column, _)| name(b, column));
        let head = std::iter::once(kind_words(a, words)).chain(codes).chain([total.clone()]).collect();
        let row = |(code, sum): &(String, i64)| Row {
            name: name(a, code),
            is_total: false,
            numbers: columns
                .iter()
                .map(|(column, _)| (found.number(code, column), Some((code.clone(), column.clone()))))
                .chain([(*sum, None)])
                .collect(),
        };
        let sums = columns.iter().map(|(_, sum)| (*sum, None)).chain([(found.total(), None)]).collect();
        let last = Row { name: total, is_total: true, numbers: sums };
        Self { head, rows: rows.iter().map(row).chain([last]).collect() }
    }
}

fn line(row: &Row, found: &Crossing, head: &[String], words: &Texts) -> Line {
    let cell = |((number, codes), label): (&Numbered, &String)| Cell {
        label: label.clone(),
        number: words.number(*number),
        href: codes.as_ref().filter(|_| *number != 0).map(|(a, b)| records(found, (a, b))).unwrap_or_default(),
    };
    Line {
        name: row.name.clone(),
        href: String::new(),
        is_total: row.is_total,
        cells: row.numbers.iter().zip(&head[1..]).map(cell).collect(),
    }
}

fn records(found: &Crossing, codes: (&str, &str)) -> String {
    format!("{}&cross={}", href(&found.choice, RECORDS, "", ""), Cross::of(found.kinds, codes).code())
}

/// What the screen shows as a sheet: its head and its rows.
pub fn sheet(found: &Crossing, words: &Texts) -> (Vec<String>, Vec<Vec<Value>>) {
    let table = Table::of(found, words);
    let row = |row: Row| [vec![Value::Text(row.name)], row.numbers.into_iter().map(|(n, _)| Value::Number(n)).collect()].concat();
    (table.head, table.rows.into_iter().map(row).collect())
}
