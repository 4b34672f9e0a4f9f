//! The records behind a figure, in finished strings.

use super::breakdown::trait_words;
use super::{day_name, period_words};
use crate::deltas::Metric;
use crate::held_sessions::Has;
use crate::i18n::Texts;
use crate::statistics::choice::Choice;
use crate::statistics::export::Value;
use crate::statistics::records::{Record, Records, Shown, Stated};
use crate::web::{Page, percent_encode};
use askama::Template;

/// One record.
#[derive(Debug)]
pub struct Line {
    /// The lesson's title; words in its place when it may not be seen.
    pub title: String,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// Who speaks.
    pub lecturer: String,
    /// Whose.
    pub organisation: String,
    /// The day for which it counts; empty for views.
    pub day: String,
    /// Look of the badge of a state or a level, and its words.
    pub state: Option<(&'static str, String)>,
    /// What it counts; empty when every record counts one.
    pub amount: String,
}

/// `GET /statistics/records`
#[derive(Debug, Template)]
#[template(path = "statistics/views/records.html")]
pub struct RecordsPage {
    /// The frame.
    pub p: Page,
    /// Whose figure.
    pub name: String,
    /// The statistics that it came from.
    pub back: String,
    /// The period in words.
    pub period: String,
    /// What is counted, and how much.
    pub lead: String,
    /// What the first column holds.
    pub first_head: String,
    /// Views or time: each record counts its own.
    pub counted: bool,
    /// Each has a state or a level.
    pub stated: bool,
    /// What that column holds.
    pub state_head: String,
    /// The records of this page.
    pub lines: Vec<Line>,
    /// Workbook and text file.
    pub exports: [String; 2],
    /// The first page; empty when this is it.
    pub first: String,
    /// The next page; empty on the last.
    pub next: String,
}

fn is_counted(metric: Metric) -> bool {
    matches!(metric, Metric::Views | Metric::WatchSeconds | Metric::Attendances)
}

/// The address of the records of a line at `path`.
pub(super) fn href(choice: &Choice, path: &str, part: &str, state: &str) -> String {
    let more = [("part", part), ("state", state)].into_iter().filter(|(_, value)| !value.is_empty());
    more.fold(choice.href(path), |href, (name, value)| format!("{href}&{name}={value}"))
}

impl RecordsPage {
    /// Puts a page of records in words.
    pub fn new(p: Page, found: &Records, later: bool) -> Self {
        let (part, state) = (found.part.code(), found.state.map_or("", |state| state.code()));
        let cross = found.cross.as_ref().map(|cross| format!("&cross={}", cross.code())).unwrap_or_default();
        let address = |path: &str| href(&found.choice, path, &part, state) + &cross;
        let metric = found.metric;
        Self {
            name: found.name.clone(),
            back: found.choice.href("/statistics"),
            period: period_words(found.choice.period, &p),
            lead: lead(found, &p),
            first_head: p.s(first_key(metric)),
            counted: is_counted(metric),
            stated: Stated::is_of(metric),
            state_head: p.s(state_key(metric)),
            lines: found.page.items.iter().map(|record| line(record, metric, &p)).collect(),
            exports: ["xlsx", "csv"].map(|kind| address(&format!("/statistics/records.{kind}"))),
            first: if later { address("/statistics/records") } else { String::new() },
            next: found
                .page
                .next
                .as_ref()
                .map(|after| format!("{}&after={}", address("/statistics/records"), percent_encode(after)))
                .unwrap_or_default(),
            p,
        }
    }
}

/// 3 submissions, in review
fn lead(found: &Records, words: &Texts) -> String {
    let metric = found.metric;
    let figure = amount(found.figure, metric, words);
    let label = words.s(&format!("metric-{}-short", metric.code()));
    if let Some(cross) = &found.cross {
        let said = |(kind, code): &Has| if code.is_empty() { words.s("crossing-unsaid") } else { trait_words(kind.code(), code, words) };
        let [a, b] = cross.both();
        let both = [said(&a), said(&b)].join(" · ");
        return words.args("records-lead-state", &[("metric", label), ("figure", figure), ("state", both)]);
    }
    match found.state {
        Some(state) => words.args("records-lead-state", &[("metric", label), ("figure", figure), ("state", words.s(&state.key()))]),
        None => words.args("records-lead", &[("metric", label), ("figure", figure)]),
    }
}

fn state_key(metric: Metric) -> &'static str {
    if metric == Metric::Awards { "award-level" } else { "field-state" }
}

/// A count, or hours, minutes and seconds.
fn amount(n: i64, metric: Metric, words: &Texts) -> String {
    if metric == Metric::WatchSeconds { words.duration(n * 1000) } else { words.number(n) }
}

fn line(record: &Record, metric: Metric, words: &Texts) -> Line {
    let amount = if is_counted(metric) { amount(record.amount, metric, words) } else { String::new() };
    let Some(shown) = &record.shown else {
        let (title, nothing) = (words.s("records-withheld"), String::new);
        return Line { title, href: nothing(), lecturer: nothing(), organisation: nothing(), day: nothing(), state: None, amount };
    };
    Line {
        title: shown.title.clone(),
        href: leads_to(shown),
        lecturer: shown.lecturer.clone(),
        organisation: shown.organisation_name.clone(),
        day: shown.day.map(|day| day_name(day, words)).unwrap_or_default(),
        state: shown.state.map(|state| (state.look(), words.s(&state.key()))),
        amount,
    }
}

/// The page of the record itself.
fn leads_to(shown: &Shown) -> String {
    match (&shown.held_session, shown.submission, shown.lesson) {
        (Some(held), ..) => format!("/held-sessions/{held}"),
        (_, Some(submission), _) => format!("/submissions/{submission}"),
        (_, _, Some(lesson)) if shown.public && shown.question.is_some() => format!("/lessons/{lesson}#questions"),
        (_, _, Some(lesson)) if shown.public => format!("/lessons/{lesson}"),
        _ if shown.question.is_some() => String::new(),
        _ => format!("/desk/lessons?organisation={}", shown.organisation),
    }
}

/// The records as a sheet: its head and its rows. Watch time in seconds.
pub fn sheet(found: &Records, words: &Texts) -> (Vec<String>, Vec<Vec<Value>>) {
    let metric = found.metric;
    let (counted, stated) = (is_counted(metric), Stated::is_of(metric));
    let keys = [first_key(metric), "records-lecturer", "statistics-organisation"];
    let more = [(!counted).then_some("records-day"), stated.then_some(state_key(metric)), counted.then(|| amount_key(metric))];
    let head = keys.into_iter().chain(more.into_iter().flatten()).map(|key| words.s(key)).collect();
    let row = |record: &Record| {
        let line = line(record, metric, words);
        let mut row: Vec<Value> = [line.title, line.lecturer, line.organisation].map(Value::Text).into();
        row.extend((!counted).then_some(Value::Text(line.day)));
        row.extend(stated.then(|| Value::Text(line.state.map(|(_, state)| state).unwrap_or_default())));
        row.extend(counted.then_some(Value::Number(record.amount)));
        row
    };
    (head, found.page.items.iter().map(row).collect())
}

/// What the first column holds.
fn first_key(metric: Metric) -> &'static str {
    match metric {
        Metric::Sessions | Metric::Attendances => "records-session",
        Metric::Questions => "records-question",
        _ => "records-lesson",
    }
}

fn amount_key(metric: Metric) -> &'static str {
    match metric {
        Metric::Views => "metric-views",
        Metric::Attendances => "metric-attendances",
        _ => "records-seconds",
    }
}
