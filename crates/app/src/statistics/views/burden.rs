//! The burden meter, in finished strings.

use super::{period_words, printed};
use crate::campaigns::rules::burden::Cost;
use crate::i18n::Texts;
use crate::statistics::burden::{Burden, Due, Line};
use crate::statistics::export::Value;
use crate::statistics::rules::bands::decimal;
use crate::web::Page;
use askama::Template;
use kernel::Timestamp;

/// A row: its name, where that leads, and its numbers.
#[derive(Debug)]
pub struct Row {
    /// What was asked for.
    pub name: String,
    /// The campaign; empty for nowhere.
    pub href: String,
    /// How many times.
    pub requests: String,
    /// Fields in all.
    pub fields: String,
    /// Hours in all.
    pub hours: String,
    /// How the time is known.
    pub basis: String,
}

/// `GET /statistics/burden`
#[derive(Debug, Template)]
#[template(path = "statistics/views/burden.html")]
pub struct BurdenPage {
    /// The frame.
    pub p: Page,
    /// The statistics that it came from.
    pub back: String,
    /// Whose burden.
    pub name: String,
    /// The period in words.
    pub period: String,
    /// Through which tree and when, on paper.
    pub printed: String,
    /// For each grassroots organisation and month; empty without organisations.
    pub lead: String,
    /// What was filled in, kind by kind.
    pub rows: Vec<Row>,
    /// All of them.
    pub total: Row,
    /// Campaigns that end.
    pub due: Vec<Row>,
    /// Workbook and text file.
    pub exports: [String; 2],
}

impl BurdenPage {
    /// Puts it in words.
    pub fn new(p: Page, found: &Burden, now: Timestamp) -> Self {
        let choice = &found.choice;
        let rows: Vec<_> = found.lines.iter().map(|line| row(line, &p)).collect();
        let all = found.lines.iter().map(|line| line.requests).sum();
        Self {
            back: choice.href("/statistics"),
            name: found.name.clone(),
            period: period_words(choice.period, &p),
            printed: printed(choice, now, &p),
            lead: lead(found, &p),
            total: numbers(p.s("statistics-total"), all, found.total(), String::new(), &p),
            due: found.due.iter().map(|due| due_row(due, &p)).collect(),
            exports: ["xlsx", "csv"].map(|kind| choice.href(&format!("/statistics/burden.{kind}"))),
            rows,
            p,
        }
    }
}

/// 4.5 fields and 3.2 minutes for each of 1,703 organisations and month
fn lead(found: &Burden, words: &Texts) -> String {
    let Some((fields, minutes)) = found.each_month() else { return String::new() };
    let pairs = [("fields", decimal(fields)), ("minutes", decimal(minutes)), ("organisations", words.number(found.organisations))];
    words.args("burden-lead", &pairs)
}

fn numbers(name: String, requests: i64, cost: Cost, basis: String, words: &Texts) -> Row {
    Row {
        name,
        href: String::new(),
        requests: words.number(requests),
        fields: words.number(cost.fields),
        hours: words.number(cost.hours()),
        basis,
    }
}

fn basis(measured: bool, words: &Texts) -> String {
    words.s(if measured { "burden-measured" } else { "burden-estimated" })
}

fn row(line: &Line, words: &Texts) -> Row {
    let name = words.s(&format!("burden-{}", line.kind.code()));
    numbers(name, line.requests, line.cost, basis(line.measured, words), words)
}

fn due_row(due: &Due, words: &Texts) -> Row {
    let row = numbers(due.title.clone(), due.asks.organisations, due.asks.all, basis(false, words), words);
    Row { href: format!("/campaigns/{}", due.campaign), ..row }
}

/// What the screen shows as a sheet: its head and its rows. Campaigns that end stand below the sum.
pub fn sheet(found: &Burden, words: &Texts) -> (Vec<String>, Vec<Vec<Value>>) {
    let head = ["burden-what", "burden-requests", "burden-fields", "burden-hours", "burden-basis"].map(|key| words.s(key)).to_vec();
    let row = |name: String, requests: i64, cost: Cost, basis: String| {
        vec![Value::Text(name), Value::Number(requests), Value::Number(cost.fields), Value::Number(cost.hours()), Value::Text(basis)]
    };
    let line = |line: &Line| row(words.s(&format!("burden-{}", line.kind.code())), line.requests, line.cost, basis(line.measured, words));
    let all = found.lines.iter().map(|line| line.requests).sum();
    let total = row(words.s("statistics-total"), all, found.total(), String::new());
    let due = |due: &Due| {
        row(words.with("burden-due-one", "title", due.title.as_str()), due.asks.organisations, due.asks.all, basis(false, words))
    };
    (head, found.lines.iter().map(line).chain([total]).chain(found.due.iter().map(due)).collect())
}
