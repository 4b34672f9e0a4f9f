//! Faults put together by rule, and the file given back with what is wrong in each row.

use super::{Column, Fault};
use crate::i18n::Texts;
use crate::spreadsheets::{NotWritten, Sheet, Value, Writer};
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
    let mut groups: BTreeMap<(Column, &str), Vec<&Fault>> = BTreeMap::new();
    for fault in faults {
        groups.entry((fault.column, &fault.rule)).or_default().push(fault);
    }
    let group = |((column, rule), list): ((Column, &str), Vec<&Fault>)| FaultGroup {
        column: texts.s(&format!("field-{}", column.code())),
        rule: rule.to_owned(),
        text: words(texts, list[0]),
        count: list.len(),
        rows: list.iter().map(|f| f.row).take(20).collect(),
    };
    let mut groups: Vec<_> = groups.into_iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

/// Writes the sheet with a first column that says what is wrong in each row. Blocks.
pub fn write_workbook(texts: &Texts, sheet: &Sheet, faults: &[Fault], path: &Path) -> Result<(), NotWritten> {
    let mut by_row: HashMap<u32, Vec<String>> = HashMap::new();
    for fault in faults {
        let column = texts.s(&format!("field-{}", fault.column.code()));
        by_row.entry(fault.row).or_default().push(format!("{column}: {}", words(texts, fault)));
    }
    let mut writer = Writer::new(&texts.s("import-sheet"))?;
    let whole = by_row.remove(&0).unwrap_or_default().join("; ");
    for (at, row) in sheet.rows.iter().enumerate() {
        let mut said = by_row.remove(&row.number).unwrap_or_default().join("; ");
        if at == 0 && said.is_empty() {
            said = if whole.is_empty() { texts.s("import-errors") } else { whole.clone() };
        }
        writer.row(std::iter::once(Value::Text(said)).chain(row.cells.iter().map(|cell| Value::from(cell.text()))))?;
    }
    writer.save(path)
}
