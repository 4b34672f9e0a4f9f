//! Blank workbooks, in finished strings.

use crate::deltas::Metric;
use crate::i18n::Texts;
use crate::spreadsheets::given::{Look, Square, column, place};
use crate::statistics::indicator::Indicator;
use crate::statistics::workbooks::marks::TEXTS;
use crate::statistics::workbooks::{Mark, Workbook};
use crate::web::{Page, percent_encode};
use askama::Template;
use std::collections::BTreeMap;

/// Kinds of trait with their codes.
pub type Traits<'a> = [(&'a str, &'a [&'a str])];

/// What can be chosen for a cell: a group and its options, each with its code and words.
pub type Group = (String, Vec<(String, String)>);

/// `GET /statistics/workbooks`
#[derive(Debug, Template)]
#[template(path = "statistics/views/workbooks.html")]
pub struct WorkbooksPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// Address, title, whose.
    pub lines: Vec<(String, String, String)>,
    /// Ids and names of organisations for which the reader uploads.
    pub organisations: Vec<(String, String)>,
}

/// One cell of the drawn sheet.
#[derive(Debug)]
pub struct Drawn {
    /// As it is.
    pub square: Square,
    /// Chooses it.
    pub href: String,
    /// What goes there, in words; empty for nothing.
    pub mark: String,
    /// It is chosen.
    pub chosen: bool,
}

/// A column that a table may fill.
#[derive(Debug)]
pub struct TableColumn {
    /// Its letters.
    pub letters: String,
    /// What stands there in the first row, or above it.
    pub hint: String,
    /// Code of what goes there now.
    pub what: String,
}

/// `GET /statistics/workbooks/{id}`
#[derive(Debug, Template)]
#[template(path = "statistics/views/workbook.html")]
pub struct WorkbookPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// Its address.
    pub here: String,
    /// What it is called.
    pub title: String,
    /// Whose figures.
    pub whose: String,
    /// The reader says what goes where.
    pub may_mark: bool,
    /// Names of sheets, their addresses, and whether they are looked at.
    pub sheets: Vec<(String, String, bool)>,
    /// The sheet that is looked at.
    pub sheet: String,
    /// Letters of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<(u32, Vec<Drawn>)>,
    /// There is more than is drawn.
    pub more: bool,
    /// The chosen cell; empty for none.
    pub cell: String,
    /// It holds a formula.
    pub formula: bool,
    /// Code of what goes there now.
    pub what: String,
    /// Code of the organisation that is meant.
    pub organisation: String,
    /// The row of the chosen cell.
    pub row: u32,
    /// For how many rows the table there has room.
    pub room: u32,
    /// What may go into a cell, and into the columns of a table.
    pub options: [Vec<Group>; 2],
    /// Title of the form for the table that begins there.
    pub table_title: String,
    /// Its columns.
    pub table: Vec<TableColumn>,
    /// Something is marked.
    pub marked: bool,
    /// Marks: sheet, cell, in words.
    pub marks: Vec<(String, String, String)>,
    /// Today.
    pub today: String,
}

/// The word of `kind:code`.
fn trait_word(words: &Texts, kept: &str) -> String {
    let (kind, code) = kept.split_once(':').unwrap_or_default();
    words.coded(if kind == "lecturer" { "lecturer-kind" } else { kind }, code)
}

/// What a mark says, in words.
fn what_words(words: &Texts, what: &str) -> String {
    let (metric, only) = what.split_once('@').unwrap_or((what, ""));
    if TEXTS.iter().any(|(code, _)| *code == what) {
        return words.coded("workbook-what", what);
    }
    let metric = words.coded("metric", metric);
    if only.is_empty() { metric } else { format!("{metric} · {}", trait_word(words, only)) }
}

/// What may go into a cell, or into the column of a table.
fn options(words: &Texts, traits: &Traits<'_>, table: bool) -> Vec<Group> {
    let of_one = |code: &&str| if table { !code.contains("day") && *code != "period" } else { *code != "number" };
    let option = |code: &str| (code.to_owned(), what_words(words, code));
    let texts = TEXTS.iter().map(|(code, _)| *code).filter(of_one).map(option).collect();
    let metrics = Indicator::ALL.iter().map(|indicator| option(indicator.code())).collect();
    let mut groups = vec![(words.s("workbook-texts"), texts), (words.s("workbook-figures"), metrics)];
    for metric in Metric::ALL.into_iter().filter(|metric| metric.has_traits()) {
        let all = traits.iter().flat_map(|(kind, codes)| codes.iter().map(move |code| format!("{}@{kind}:{code}", metric.code())));
        groups.push((words.coded("metric", metric.code()), all.map(|code| option(&code)).collect()));
    }
    groups
}

/// Where it stands and what it is, in words.
fn mark_line(words: &Texts, mark: &Mark) -> (String, String, String) {
    match mark {
        Mark::Cell { sheet, cell, what, organisation } => {
            let of = if organisation.is_empty() { String::new() } else { format!(" · {organisation}") };
            (sheet.clone(), cell.clone(), format!("{}{of}", what_words(words, what)))
        }
        Mark::Table { sheet, row, rows, columns } => {
            let first = columns.keys().next().map(|letters| format!("{letters}{row}")).unwrap_or_default();
            let each =
                columns.iter().map(|(letters, what)| format!("{letters}: {}", what_words(words, what))).collect::<Vec<_>>().join(", ");
            let size = words.args("workbook-table-of", &[("row", row.to_string()), ("rows", rows.to_string())]);
            (sheet.clone(), first, format!("{size} ({each})"))
        }
    }
}

/// What goes into each cell of the sheet, in words.
fn marked(words: &Texts, of: &Workbook, sheet: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for mark in of.marks.iter().filter(|mark| mark.sheet() == sheet) {
        match mark {
            Mark::Cell { cell, what, .. } => drop(found.insert(cell.clone(), what_words(words, what))),
            Mark::Table { row, columns, .. } => {
                found.extend(columns.iter().map(|(letters, what)| (format!("{letters}{row}"), format!("{} ↓", what_words(words, what)))));
            }
        }
    }
    found
}

/// The columns of the table that begins in `row`, with what stands in it or above it.
fn table_columns(look: &Look, of: &Workbook, row: u32) -> Vec<TableColumn> {
    let there = of.marks.iter().find_map(|mark| match mark {
        Mark::Table { sheet, row: first, columns, .. } if *sheet == look.sheet && *first == row => Some(columns),
        _ => None,
    });
    let above = |letters: &String| {
        let at = column(letters);
        let cells = look.rows.iter().filter(|(number, _)| *number <= row).flat_map(|(_, cells)| cells);
        let mut texts = cells.filter(|square| place(&square.reference).map(|(_, column)| column) == at && !square.text.is_empty());
        texts.next_back().map(|square| square.text.clone()).unwrap_or_default()
    };
    let one = |letters: &String| TableColumn {
        hint: above(letters),
        what: there.and_then(|columns| columns.get(letters)).cloned().unwrap_or_default(),
        letters: letters.clone(),
    };
    look.columns.iter().map(one).collect()
}

impl WorkbookPage {
    /// Draws a sheet of it; `cell` is the one that is chosen.
    pub fn new(p: Page, of: &Workbook, look: Look, cell: &str, traits: &Traits<'_>) -> Self {
        let here = format!("/statistics/workbooks/{}", of.id);
        let address = |sheet: &str| format!("{here}?sheet={}", percent_encode(sheet));
        let (words, chosen) = (&*p, place(cell));
        let cells = marked(words, of, &look.sheet);
        let row = chosen.map_or(0, |(row, _)| row);
        let table = table_columns(&look, of, row);
        let formula = look.rows.iter().flat_map(|(_, cells)| cells).any(|square| square.reference == cell && square.formula);
        let drawn = |square: Square| Drawn {
            href: format!("{}&cell={}#chosen", address(&look.sheet), square.reference),
            mark: cells.get(&square.reference).cloned().unwrap_or_default(),
            chosen: square.reference == cell,
            square,
        };
        let now = of.marks.iter().find_map(|mark| match mark {
            Mark::Cell { sheet, cell: at, what, organisation } if *sheet == look.sheet && at == cell => {
                Some((what.clone(), organisation.clone()))
            }
            _ => None,
        });
        let room = of.marks.iter().find_map(|mark| match mark {
            Mark::Table { sheet, row: first, rows, .. } if *sheet == look.sheet && *first == row => Some(*rows),
            _ => None,
        });
        let (what, organisation) = now.unwrap_or_default();
        Self {
            notice: String::new(),
            title: of.title.clone(),
            whose: String::new(),
            may_mark: false,
            sheets: look.sheets.iter().map(|name| (name.clone(), address(name), *name == look.sheet)).collect(),
            columns: look.columns.clone(),
            more: look.more,
            cell: if chosen.is_some() { cell.to_owned() } else { String::new() },
            formula,
            what,
            organisation,
            row,
            table_title: words.with("workbook-table", "row", row),
            room: room.unwrap_or(500),
            options: [options(words, traits, false), options(words, traits, true)],
            table,
            marked: !of.marks.is_empty(),
            marks: of.marks.iter().map(|mark| mark_line(words, mark)).collect(),
            today: String::new(),
            rows: look.rows.into_iter().map(|(number, cells)| (number, cells.into_iter().map(drawn).collect())).collect(),
            sheet: look.sheet,
            here,
            p,
        }
    }
}
