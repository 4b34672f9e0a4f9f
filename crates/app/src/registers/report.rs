//! Faults put together by rule, and the file given back with what is wrong in each row.

use super::Fault;
use super::columns::unreadable;
use crate::i18n::Texts;
use crate::problem::Problem;
use crate::spreadsheets::{self, Limits, NotWritten, Row, Value, Writer};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// All faults of one column and rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FaultGroup {
    /// The column in words.
    pub column: String,
    /// The rule's code.
    pub rule: String,
    /// What is wrong, in words, of the first row.
    pub text: String,
    /// How many rows.
    pub count: usize,
    /// The first rows, at most 20.
    pub rows: Vec<u32>,
}

/// What is wrong with one cell, in words.
fn words(texts: &Texts, fault: &Fault) -> String {
    texts.args(&format!("rule-{}", fault.rule), &[("found", fault.found.clone()), ("wanted", fault.wanted.clone())])
}

/// Groups of faults, the most frequent first.
pub fn grouped(texts: &Texts, faults: &[Fault]) -> Vec<FaultGroup> {
    let mut groups: BTreeMap<(&str, &str), Vec<&Fault>> = BTreeMap::new();
    for fault in faults {
        groups.entry((&fault.column, &fault.rule)).or_default().push(fault);
    }
    let group = |((column, rule), list): ((&str, &str), Vec<&Fault>)| FaultGroup {
        column: texts.s(&format!("field-{column}")),
        rule: rule.to_owned(),
        text: words(texts, list[0]),
        count: list.len(),
        rows: list.iter().map(|f| f.row).take(20).collect(),
    };
    let mut groups: Vec<_> = groups.into_iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

/// Writes the first sheet of the file at `from` to `to`, with a first column that says what is wrong in each row. Blocks.
///
/// # Errors
///
/// `sheet-…` when the file can't be read any more.
pub fn write_workbook(texts: &Texts, from: &Path, faults: &[Fault], to: &Path) -> Result<(), Problem> {
    let mut by_row: HashMap<u32, Vec<String>> = HashMap::new();
    for fault in faults {
        let column = texts.s(&format!("field-{}", fault.column));
        by_row.entry(fault.row).or_default().push(format!("{column}: {}", words(texts, fault)));
    }
    let mut writer = Writer::new(&texts.s("import-sheet")).map_err(Problem::internal)?;
    let whole = by_row.remove(&0).unwrap_or_else(|| vec![texts.s("import-errors")]);
    let (mut first, mut failed) = (true, None);
    let mut copy = |row: Row| -> Result<(), NotWritten> {
        let said = by_row.remove(&row.number).or_else(|| first.then(|| whole.clone())).unwrap_or_default().join("; ");
        first = false;
        writer.row(std::iter::once(Value::Text(said)).chain(row.cells.iter().map(|cell| Value::from(cell.text()))))
    };
    let read = spreadsheets::read_rows(from, &Limits::STREAMED, &mut |row| {
        if failed.is_none() {
            failed = copy(row).err();
        }
    });
    read.map_err(|why| unreadable(&why))?;
    failed.map_or(Ok(()), Err).and_then(|()| writer.save(to)).map_err(Problem::internal)
}
