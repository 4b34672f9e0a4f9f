//! Which column is which, and one entry per row.

use super::Fault;
use crate::organisations::rules;
use crate::spreadsheets::{Cell, Merged, Row, Sheet};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the register tells of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Column {
    /// Unique code.
    Code,
    /// Name.
    Name,
    /// Code of the superior; empty for the root.
    Parent,
    /// Word of the vocabulary pack.
    Kind,
    /// Members it has itself.
    Members,
}

impl Column {
    /// All of them; the first three must be there.
    pub const ALL: [Self; 5] = [Self::Code, Self::Name, Self::Parent, Self::Kind, Self::Members];

    /// The code in reports and in the keys of its words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Name => "name",
            Self::Parent => "parent",
            Self::Kind => "kind",
            Self::Members => "members",
        }
    }
}

/// The words by which a file may call columns and kinds, of all languages and of the vocabulary pack.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Header in its plain form → column.
    pub columns: HashMap<String, Column>,
    /// Kind in words or as code, in its plain form → code.
    pub kinds: HashMap<String, String>,
}

impl Words {
    /// Lower case, without blanks and punctuation, so that “Parent code” and “parent_code” are the same.
    pub fn plain(text: &str) -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    }
}

/// What one row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Row as the spreadsheet program numbers it.
    pub row: u32,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the superior; empty for the root.
    pub parent: String,
    /// Code of the kind; none to keep what is known.
    pub kind: Option<String>,
    /// Members; none to keep what is known.
    pub members: Option<i64>,
}

/// The header may follow a few lines of title.
const HEADER_WITHIN: usize = 10;

/// Reads the entries of a sheet. Rows with faults have no entry.
///
/// # Errors
///
/// One fault per missing column, when the first ten rows hold no header.
pub fn entries(sheet: &Sheet, words: &Words) -> Result<(Vec<Entry>, Vec<Fault>), Vec<Fault>> {
    let (at, places) = header(sheet, words)?;
    let mut faults = merged_faults(&sheet.merged, sheet.rows[at].number, &places);
    let mut found = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows[at + 1..] {
        found.extend(entry(row, &places, words, &mut faults));
    }
    Ok((found, faults))
}

type Places = [Option<usize>; 5];

fn header(sheet: &Sheet, words: &Words) -> Result<(usize, Places), Vec<Fault>> {
    let mut best: Places = [None; 5];
    for (at, row) in sheet.rows.iter().take(HEADER_WITHIN).enumerate() {
        let mut places: Places = [None; 5];
        for (i, cell) in row.cells.iter().enumerate() {
            if let Some(column) = words.columns.get(&Words::plain(cell.text())) {
                places[*column as usize].get_or_insert(i);
            }
        }
        if places[..3].iter().all(Option::is_some) {
            return Ok((at, places));
        }
        if places.iter().flatten().count() > best.iter().flatten().count() {
            best = places;
        }
    }
    let missing = Column::ALL[..3].iter().filter(|c| best[**c as usize].is_none());
    Err(missing.map(|c| Fault::new(0, *c, "", "missing-column", &c.code())).collect())
}

/// A joined cell leaves the rows it covers without a value of their own.
fn merged_faults(merged: &[Merged], header: u32, places: &Places) -> Vec<Fault> {
    let column = |at: u32| Column::ALL.into_iter().find(|c| places[*c as usize] == Some(at as usize));
    let below = merged.iter().filter(|m| m.last_row > header);
    below.filter_map(|m| Some(Fault::new(m.first_row.max(header), column(m.column)?, "", "merged-cells", &m.last_row))).collect()
}

fn entry(row: &Row, places: &Places, words: &Words, faults: &mut Vec<Fault>) -> Option<Entry> {
    let before = faults.len();
    let mut text = |column: Column| match places[column as usize].and_then(|at| row.cells.get(at)) {
        None | Some(Cell::Empty) => String::new(),
        Some(Cell::Text(text)) => text.clone(),
        Some(Cell::Formula(formula)) => {
            faults.push(Fault::new(row.number, column, formula, "formula", &""));
            String::new()
        }
    };
    let [code, name, parent, kind, members] = Column::ALL.map(&mut text);
    if faults.len() > before {
        return None;
    }
    let fault = |column, fault: crate::problem::FieldError| Fault::new(row.number, column, &fault.found, fault.rule, &fault.wanted);
    faults.extend(rules::code_fault(&code).map(|f| fault(Column::Code, f)));
    faults.extend(rules::name_fault(&name).map(|f| fault(Column::Name, f)));
    let kind = (!kind.is_empty()).then_some(kind);
    let known = kind.as_ref().and_then(|kind| words.kinds.get(&Words::plain(kind)).cloned());
    if let (Some(kind), None) = (&kind, &known) {
        faults.push(Fault::new(row.number, Column::Kind, kind, "kind", &""));
    }
    let count = (!members.is_empty()).then(|| members.replace(',', "").parse::<i64>());
    match &count {
        Some(Err(_)) => faults.push(Fault::new(row.number, Column::Members, &members, "number", &"")),
        Some(Ok(n)) => faults.extend(rules::members_fault(*n).map(|f| fault(Column::Members, f))),
        None => {}
    }
    let members = count.and_then(Result::ok);
    (faults.len() == before).then_some(Entry { row: row.number, code, name, parent, kind: known, members })
}
